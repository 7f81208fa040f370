"""Dial: ring other phones from a call, let the one that answers be screened, and connect them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from telephony.emulator.debugger import Pairs
from telephony.emulator.detection import detect_for_noun
from telephony.emulator.fetching import Goto
from telephony.emulator.leg import RINGING, Leg
from telephony.emulator.line import End, Line, Next
from telephony.emulator.numbering import is_e164, is_fictional, is_magic
from telephony.emulator.script import Interrupted, Key, Script, Signal, TimeUp, wait_for
from telephony.emulator.store import CallbackPlan, CallRecord
from telephony.emulator.twiml import Document, Verb

# The carrier rings about this much longer than it is told to.
_RING_GRACE = 5
_MOST_TARGETS = 10
_NO_ANSWERS = ("failed", "busy", "canceled", "no-answer")

Stage = Literal["answered", "ready", "left", "ended"]


@dataclass(frozen=True)
class News(Signal):
    """Something happened to a dialled leg.

    It was answered, passed its whisper, left for another document by REST, or ended.
    """

    leg: Leg
    stage: Stage


@dataclass(frozen=True)
class Target:
    """One number to ring, with the attributes of its Number."""

    number: str
    noun: Verb


@dataclass
class Outcome:
    """How the Dial went, as its action is told."""

    status: str
    child: Leg | None = None
    bridged: bool = False

    def params(self) -> Pairs:
        """Return the parameters that the action gets; those of a leg only if one was dialled."""
        if self.child is None:
            return (("DialCallStatus", self.status),)
        found: Pairs = (("DialCallStatus", self.status), ("DialCallSid", self.child.sid))
        if self.child.record.answered is not None:
            found += (("DialCallDuration", str(self.child.record.seconds)),)
        return (*found, ("DialBridged", "true" if self.bridged else "false"))


def dial(line: Line, verb: Verb, document: Document) -> Script[Next]:
    """Run a Dial.

    With an action the call goes on with what that answers, whatever happened; without one it
    falls to the next verb, after a good conversation too.
    """
    if line.whisper:
        line.hub.debugger.error(13201, "<Dial> is not allowed on a dialled leg.", line.leg.sid)
        return End.HANG_UP
    if not verb.flag("answerOnBridge"):
        line.answer()
    if verb.get("record", "do-not-record") not in ("do-not-record", "false"):
        line.hub.debugger.warning(
            12200, "Recording a <Dial> is not supported by this emulator.", line.leg.sid
        )
    attempt = Attempt(line, verb, document)
    try:
        yield from attempt.run()
    except Interrupted:
        attempt.abandon()
        raise
    attempt.drop_all("completed")
    if not verb.get("action"):
        return None
    extra = attempt.outcome.params()
    return line.transfer(document, verb.get("action"), verb.method(), extra)


class Attempt:
    """One Dial from its first ring to its end."""

    def __init__(self, line: Line, verb: Verb, document: Document) -> None:
        self.line = line
        self.hub = line.hub
        self.verb = verb
        self.document = document
        self.children: list[Leg] = []
        self.outcome = Outcome("failed")

    def run(self) -> Script[None]:
        """Ring, screen and connect; the outcome holds what came of it."""
        caller = self._caller_id()
        targets = self._targets() if caller else []
        groups = [[each] for each in targets] if self.verb.flag("sequential") else [targets]
        for group in groups:
            if not group or caller is None:
                continue
            winner = yield from self._ring(group, caller)
            if winner is not None:
                yield from self._connect(winner, group)
                return

    def abandon(self) -> None:
        """The caller is gone, or the application took the call elsewhere: drop everybody."""
        gone = self.line.leg.over
        talking = self.outcome.bridged
        self.drop_all("completed")
        options = self.hub.options
        told = (
            options.action_if_caller_leaves_talk
            if talking
            else options.action_if_caller_leaves_ringing
        )
        if gone and told and self.verb.get("action") and self.outcome.child is not None:
            self.outcome.status = self.outcome.child.record.status
            self._tell_action()

    def drop_all(self, status: str) -> None:
        """End every leg that is left: those that were answered with `status`, others cancelled."""
        for child in self.children:
            child.end(status if child.record.answered is not None else "canceled")

    # -- before the ring ------------------------------------------------------------------------

    def _caller_id(self) -> str | None:
        """Return the caller ID to show: by default the caller's own number. None if not allowed."""
        record, store = self.line.leg.record, self.hub.store
        wanted = self.verb.get("callerId") or record.caller
        allowed = {record.caller, record.called} | store.verified_callers
        if wanted in allowed or store.number_named(wanted) is not None:
            return wanted
        self.hub.debugger.warning(
            13214, "The callerId of <Dial> is not a number of this call or account.", self._sid
        )
        return None

    def _targets(self) -> list[Target]:
        nouns = [child for child in self.verb.children if child.name == "Number"]
        if not nouns and self.verb.text and not self.verb.children:
            nouns = [Verb("Number", {}, self.verb.text)]
        if not nouns:
            self.hub.debugger.warning(12200, "<Dial> names nobody to ring.", self._sid)
        if len(nouns) > _MOST_TARGETS:
            self.hub.debugger.warning(12200, "<Dial> rings ten numbers at most.", self._sid)
        targets = [Target(_tidy(noun.text), noun) for noun in nouns[:_MOST_TARGETS]]
        return [target for target in targets if self._may_dial(target.number)]

    def _may_dial(self, number: str) -> bool:
        if not is_e164(number):
            self.hub.debugger.warning(13223, "<Dial> was given no valid number.", self._sid)
            return False
        fictional = is_fictional(number) or is_magic(number)
        if self.hub.fictional_only and not fictional:
            self.hub.debugger.warning(
                13227, "<Dial> may only reach fictional numbers here.", self._sid
            )
            return False
        return True

    # -- ringing ----------------------------------------------------------------------------

    def _ring(self, group: Sequence[Target], caller: str) -> Script[Leg | None]:
        """Ring all of a group at once; return the first leg that is answered."""
        started = [self._start(target, caller) for target in group]
        waiting = set(started)
        self.outcome = Outcome("no-answer", started[0])
        self.line.leg.say(RINGING)
        until = self.verb.whole("timeout", 30) + _RING_GRACE
        deadline = self.hub.engine.now().timestamp() + until
        while waiting:
            left = deadline - self.hub.engine.now().timestamp()
            signal = yield from wait_for(left, News, *self._star())
            if isinstance(signal, News) and signal.leg in waiting:
                waiting.discard(signal.leg)
                if signal.stage == "answered":
                    for other in waiting:
                        other.end("canceled")
                    return signal.leg
            elif isinstance(signal, TimeUp) or _is_star(signal):
                for leg in waiting:
                    leg.end("no-answer" if isinstance(signal, TimeUp) else "canceled")
                break
        worst = max(started, key=lambda leg: _NO_ANSWERS.index(leg.record.status))
        self.outcome = Outcome(worst.record.status, worst)
        return None

    def _start(self, target: Target, caller: str) -> Leg:
        record = CallRecord(
            sid=self.hub.store.new_sid("CA"),
            caller=caller,
            called=target.number,
            direction="outbound-dial",
            created=self.hub.engine.now(),
            parent_sid=self._sid,
        )
        self.hub.store.calls[record.sid] = record
        leg = Leg(self.hub, record, self.hub.party_for(target.number))
        noun = target.noun
        leg.plan = CallbackPlan(
            self.line.callback_url(self.document, noun.get("statusCallback")),
            noun.method("statusCallbackMethod"),
            frozenset(noun.get("statusCallbackEvent", "completed").split()),
        )
        leg.on_pick_up = lambda: self._tell(leg, "answered")
        leg.on_leave = lambda: self._tell(leg, "left")
        leg.on_end = lambda: self._tell(leg, "ended")
        self.children.append(leg)
        leg.begin()
        return leg

    def _tell(self, leg: Leg, stage: Stage) -> None:
        process = self.line.leg.process
        if process is not None:
            self.hub.engine.soon(lambda: process.deliver(News(leg, stage)))

    # -- answered -----------------------------------------------------------------------------

    def _connect(self, child: Leg, group: Sequence[Target]) -> Script[None]:
        """Run the whisper if there is one, then bridge until somebody leaves."""
        self.outcome = Outcome("completed", child)
        limit = self.verb.whole("timeLimit", 14400)
        until = self.hub.engine.now().timestamp() + limit
        noun = next(each.noun for each in group if each.number == child.record.called)
        detect_for_noun(self.line, self.document, noun, child)
        if digits := noun.get("sendDigits"):
            child.say(f"[tones {digits}]")
        if noun.get("url"):
            ready = yield from self._whisper(child, noun, until)
            if not ready:
                return
        if child.over:
            return
        self.outcome.bridged = True
        self.line.answer()
        self.line.leg.bridge(child)
        yield from self._until_ended(child, until)

    def _whisper(self, child: Leg, noun: Verb, until: float) -> Script[bool]:
        """Screen the answered leg; return whether its document ended without hanging up."""
        line = Line(
            child,
            self.line.verbs,
            whisper=True,
            on_ready=lambda: self._tell(child, "ready"),
        )
        line.start(self.line.transfer(self.document, noun.get("url"), noun.method()))
        return (yield from self._until_ended(child, until))

    def _until_ended(self, child: Leg, until: float) -> Script[bool]:
        """Wait until the child is through its whisper (True) or gone (False)."""
        while not child.over:
            left = until - self.hub.engine.now().timestamp()
            signal = yield from wait_for(left, News, *self._star())
            if isinstance(signal, TimeUp) or _is_star(signal):
                child.end("completed")
            elif isinstance(signal, News) and signal.leg is child and signal.stage == "ready":
                return True
            elif isinstance(signal, News) and signal.leg is child and signal.stage == "left":
                self.children.remove(child)
                return False
        return False

    # -- small things -------------------------------------------------------------------------

    @property
    def _sid(self) -> str:
        return self.line.leg.sid

    def _star(self) -> tuple[type[Signal], ...]:
        return (Key,) if self.verb.flag("hangupOnStar") else ()

    def _tell_action(self) -> None:
        extra = self.outcome.params()
        goto: Goto = self.line.transfer(
            self.document, self.verb.get("action"), self.verb.method(), extra
        )
        self.line.post(goto.url, goto.method, self.line.leg.params() + extra)


def _is_star(signal: Signal) -> bool:
    return isinstance(signal, Key) and signal.digit == "*"


def _tidy(number: str) -> str:
    return "".join(char for char in number if char not in " -().")

"""Telephones: what people hear, press, say, read and write."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, Protocol

from telephony.emulator import behaviour
from telephony.emulator.behaviour import WhenRung, WhenTexted
from telephony.emulator.clock import PushableClock
from telephony.emulator.leg import RINGING, Hub, Leg, Voice
from telephony.emulator.numbering import WITHHELD
from telephony.emulator.screen import Caption, PhoneCall, PhoneError, Text
from telephony.emulator.script import Words
from telephony.emulator.speaking import speaking_seconds
from telephony.emulator.store import NumberRecord

Step = tuple[str] | tuple[str, str] | tuple[str, float]

# A voicemail box hangs up when its message is full.
_VOICEMAIL_SECONDS = 120.0


class Network(Protocol):
    """What a phone needs of the carrier."""

    def place_call(
        self, phone: "Phone", caller: str, number: NumberRecord, *, withheld: bool
    ) -> Leg: ...

    def send_text(
        self,
        sender: str,
        number: NumberRecord,
        body: str,
        media: Sequence[tuple[bytes, str]],
    ) -> None: ...


class Phone:
    """One telephone and whoever holds it.

    What its person does happens at the present moment, with all that follows at once. On a
    clock that can be pushed `say` also lets the time pass that speaking takes, until the line has
    heard it.
    """

    def __init__(self, hub: Hub, network: Network, number: str) -> None:
        self._hub = hub
        self._network = network
        self.number = number
        self.label = number
        self.kind = "person"
        self.landline = False
        # A text to a landline is refused at once, or accepted and undelivered later.
        self.landline_texts: Literal["refused", "undelivered"] = "refused"
        self.withheld = False
        self.line_type = "mobile"
        self.when_rung: WhenRung = behaviour.RING_BY_NUMBER.get(number, behaviour.manual())
        self.when_texted: WhenTexted = behaviour.TEXT_BY_NUMBER.get(number, behaviour.delivered())
        self.script: list[Step] = []
        self.calls: list[PhoneCall] = []
        self.texts: list[Text] = []
        # Whether the line has said what it has to say and now waits for this phone.
        self._quiet = False

    # -- reading --------------------------------------------------------------------------------

    @property
    def call(self) -> PhoneCall | None:
        """The call that this phone is in or that rings it now."""
        if self.calls and not self.calls[-1].leg.over:
            return self.calls[-1]
        return None

    @property
    def ringing(self) -> str | None:
        """The caller ID on the screen while the phone rings, else None."""
        call = self.call
        return call.shown if call is not None and call.state == "ringing-in" else None

    @property
    def is_waited_for(self) -> bool:
        """Whether the line has said what it has to say and waits for this phone."""
        return self.call is not None and self._quiet

    @property
    def heard(self) -> list[Caption]:
        """All that was heard, in this call and earlier ones."""
        return [each for call in self.calls for each in call.captions if each.who != "me"]

    @property
    def inbox(self) -> list[Text]:
        return [text for text in self.texts if text.direction == "in"]

    @property
    def outbox(self) -> list[Text]:
        return [text for text in self.texts if text.direction == "out"]

    @property
    def machine(self) -> bool:
        return self.when_rung.kind == "voicemail"

    # -- what its person does -----------------------------------------------------------------

    def dial(
        self, to: str, *, withheld: bool | None = None, from_override: str | None = None
    ) -> PhoneCall:
        """Call a number of the account. Raises PhoneError when that is not possible."""
        number = self._account_number(to)
        if self.call is not None:
            raise PhoneError(f"{self.label} is already in a call.")
        hidden = self.withheld if withheld is None else withheld
        caller = from_override if from_override is not None else self.number
        if hidden and from_override is None:
            caller = WITHHELD

        def place() -> None:
            leg = self._network.place_call(self, caller, number, withheld=hidden)
            self.calls.append(PhoneCall(leg, "out", to))

        self._hub.engine.do(place)
        return self.calls[-1]

    def press(self, keys: str) -> None:
        """Press keys one after the other. Raises PhoneError outside a call or for other keys."""
        leg = self._live_leg()
        if not keys or set(keys) - set("0123456789*#"):
            raise PhoneError("A telephone has only the keys 0 to 9, star and pound.")
        self._hub.engine.do(lambda: self._press(leg, keys))

    def say(self, words: str, confidence: float | None = 0.95, *, wait: bool = True) -> None:
        """Speak to the line or the other person; `confidence` is the recogniser's.

        On a clock that can be pushed the time of speaking passes, and that of the recogniser's
        pause after it, unless `wait` is False.
        """
        leg = self._live_leg()
        seconds = speaking_seconds(words)
        self._hub.engine.do(lambda: self._speak(leg, Words(_sendable(words), seconds, confidence)))
        if wait and isinstance(self._hub.engine.clock, PushableClock):
            self._hub.engine.advance(seconds + leg.recogniser_pause)

    def talk(self, words: str) -> None:
        """Speak to the other person, who hears it at once."""
        leg = self._live_leg()
        self._hub.engine.do(
            lambda: self._speak(leg, Words(_sendable(words), speaking_seconds(words)))
        )

    def answer(self) -> None:
        """Take the call that is ringing."""
        call = self._ringing_call()
        self._hub.engine.do(call.leg.pick_up)

    def reject(self) -> None:
        """Refuse the call that is ringing."""
        call = self._ringing_call()
        self._hub.engine.do(call.leg.hang_up)

    def hang_up(self) -> None:
        """Put the receiver down, or refuse the call that is ringing."""
        if self.ringing is not None:
            self.reject()
            return
        self._hub.engine.do(self._live_leg().hang_up)

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self._hub.engine.advance(seconds)

    def listen(self, limit_seconds: float = 300.0) -> list[str]:
        """Let virtual time pass until the line waits for this phone, rings on, or is dead.

        Returns what was heard in the meantime.
        """
        before, engine = len(self.heard), self._hub.engine
        engine.run_due()
        end = engine.now() + timedelta(seconds=limit_seconds)
        while self.call is not None and not self._quiet:
            due = engine.next_due()
            if due is None or due > end:
                break
            engine.advance(max(0.0, (due - engine.now()).total_seconds()))
        return [caption.text for caption in self.heard[before:]]

    def text(self, to: str, body: str, media: Sequence[tuple[bytes, str]] = ()) -> None:
        """Send a text to a number of the account; media are pairs of bytes and content type."""
        number = self._account_number(to)
        if self.landline:
            raise PhoneError("A landline cannot send texts.")

        def send() -> None:
            self.show_text("out", to, _sendable(body), "sent")
            self._network.send_text(self.number, number, _sendable(body), media)

        self._hub.engine.do(send)

    # -- what the network does (Party) ---------------------------------------------------------

    def ring(self, leg: Leg) -> None:
        """Ring as the phone is set to; a phone that is in a call is busy."""
        rule, engine = self.when_rung, self._hub.engine
        if self.call is not None or rule.kind == "busy":
            leg.end("busy")
            return
        if rule.kind == "out_of_reach":
            leg.end("failed")
            return
        self.calls.append(PhoneCall(leg, "in", leg.record.caller))
        leg.rings()
        if rule.kind in ("answers", "voicemail"):
            engine.after(rule.after, lambda: self._answer_by_itself(leg))
        elif rule.kind == "rejects":
            engine.after(rule.after, lambda: self._refuse(leg))

    def hear(self, leg: Leg, voice: Voice, text: str, language: str = "") -> None:
        self._quiet = text == RINGING
        self._caption(leg, voice, text, language)

    def hear_key(self, leg: Leg, digit: str) -> None:
        self._caption(leg, "other", f"[key {digit}]")

    def listening(self, leg: Leg) -> None:
        self._quiet = True
        if self.script:
            self._hub.engine.soon(lambda: self._play_script(leg))

    def ended(self, leg: Leg) -> None:
        self._caption(leg, "line", "[call ended]")

    def show_text(
        self,
        direction: Literal["in", "out"],
        peer: str,
        body: str,
        status: str,
        *,
        carrier: bool = False,
    ) -> Text:
        """Put a text on the screen."""
        text = Text(
            next(self._hub.ids), direction, peer, body, self._hub.engine.now(), status, carrier
        )
        self.texts.append(text)
        return text

    # -- inside -------------------------------------------------------------------------------

    def _press(self, leg: Leg, keys: str) -> None:
        self._quiet = False
        for key in keys:
            leg.press(key)

    def _speak(self, leg: Leg, words: Words) -> None:
        self._quiet = leg.peer is not None
        self._caption(leg, "me", words.text)
        leg.speak(words)

    def _answer_by_itself(self, leg: Leg) -> None:
        if leg.over:
            return
        leg.pick_up()
        if self.when_rung.kind == "voicemail":
            engine, greeting = self._hub.engine, self.when_rung.greeting
            seconds = speaking_seconds(greeting)
            engine.soon(lambda: self._speak(leg, Words(greeting, seconds, 0.9)))
            engine.after(seconds + _VOICEMAIL_SECONDS, leg.hang_up)

    def _refuse(self, leg: Leg) -> None:
        if leg.record.answered is None:
            leg.hang_up()

    def _play_script(self, leg: Leg) -> None:
        """Do the steps of the script up to the next thing said or pressed on this prompt."""
        while self.script and not leg.over:
            step = self.script.pop(0)
            if step[0] == "wait" and len(step) == 2:
                self._hub.engine.after(float(step[1]), lambda: self._play_script(leg))
                return
            if step[0] == "hang_up":
                leg.hang_up()
            elif step[0] == "press" and len(step) == 2:
                self._press(leg, str(step[1]))
            elif step[0] in ("say", "talk") and len(step) == 2:
                text = str(step[1])
                self._speak(leg, Words(text, speaking_seconds(text), 0.95))
            else:
                raise PhoneError(f"A phone's script has no step {step!r}.")
            return

    def _caption(
        self, leg: Leg, who: Literal["line", "other", "me"], text: str, language: str = ""
    ) -> None:
        for call in reversed(self.calls):
            if call.leg is leg:
                now = self._hub.engine.now()
                caption = Caption(next(self._hub.ids), who, text, now, leg.sid, language)
                call.captions.append(caption)
                return

    def _account_number(self, number: str) -> NumberRecord:
        record = self._hub.store.number_named(number)
        if record is None:
            raise PhoneError(f"{number} is not one of the numbers of this line.")
        return record

    def _live_leg(self) -> Leg:
        call = self.call
        if call is None or call.state == "ringing-in":
            raise PhoneError(f"{self.label} is not in a call.")
        return call.leg

    def _ringing_call(self) -> PhoneCall:
        call = self.call
        if call is None or call.state != "ringing-in":
            raise PhoneError(f"{self.label} is not ringing.")
        return call


def _sendable(text: str) -> str:
    """Return a text with half characters replaced: they cannot travel in UTF-8."""
    return text.encode("utf-8", "replace").decode()

"""Running documents on a leg: verb after verb, from transfer to transfer, until it ends."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Literal

from telephony.emulator.debugger import Pairs
from telephony.emulator.fetching import Asker, Fallback, Goto
from telephony.emulator.leg import Leg
from telephony.emulator.script import HungUp, Interrupted, Process, Script, wait_for
from telephony.emulator.transport import Hook
from telephony.emulator.twiml import Document, Problem, UrlError, Verb, parse, resolve

_MOST_HOPS = 100
_NOT_IN_WHISPERS = frozenset({"Record", "Reject"})
APOLOGY = "We are sorry, an application error has occurred. Goodbye."


class End(Enum):
    """How a document can end."""

    HANG_UP = "hang up"
    OF_DOCUMENT = "end of document"


class Redirected(Interrupted):
    """The application gave the call another document by REST."""

    def __init__(self, goto: Goto, fallback: Fallback) -> None:
        super().__init__()
        self.goto = goto
        self.fallback = fallback


Next = Goto | End | None
RunVerb = Callable[["Line", Verb, Document], Script[Next]]


class Line:
    """The carrier's side of one leg while the application has its say.

    A `whisper` runs on a dialled leg before the bridge: there the end of the document means
    `on_ready`, elsewhere it means hanging up.
    """

    def __init__(
        self,
        leg: Leg,
        verbs: dict[str, RunVerb],
        *,
        fallback: Fallback = Fallback(),  # noqa: B008 - a frozen value
        whisper: bool = False,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.leg = leg
        self.hub = leg.hub
        self.whisper = whisper
        self.verbs = verbs
        self._fallback = fallback
        self._on_ready = on_ready
        self._moment: datetime | None = None
        self._hops = 0
        self.asker = Asker(
            self.hub.hooks,
            self.hub.debugger,
            "voice",
            leg.sid,
            leg.record.parent_sid or leg.sid,
        )

    def start(self, goto: Goto, *, delay: float = 0.0) -> None:
        """Begin with that document, as the leg's process, after so many seconds of silence."""
        self.leg.process = Process(self.hub.engine, self._run(goto, delay))
        self.leg.process.start()

    def answer(self) -> None:
        """Connect an inbound call before the first thing that needs a connection."""
        if self.leg.record.direction == "inbound":
            self.leg.mark_answered()

    def transfer(
        self, document: Document, url: str, method: str = "POST", extra: Pairs = ()
    ) -> Goto:
        """Return the transfer to a URL of a document; an empty one means the document itself.

        A URL that cannot be resolved is passed on as it is: fetching it will fail with the code
        for that, and the party hears the apology.
        """
        try:
            target = resolve(document.base, url) if url else document.base
        except UrlError:
            target = url
        return Goto(target, method, extra)

    def callback_url(self, document: Document, url: str) -> str:
        """Return a callback URL of a document as an absolute one, or nothing (and an error)."""
        if not url:
            return ""
        try:
            return resolve(document.base, url)
        except UrlError as problem:
            self.hub.debugger.error(15004, str(problem), self.leg.sid)
            return ""

    def post(self, url: str, method: str, params: Pairs) -> None:
        """Tell the application something whose answer does not matter."""
        self.hub.hooks.send(
            Hook(
                url=url,
                params=params,
                medium="voice",
                sid=self.leg.sid,
                method=method,
                awaited=False,
                conversation=self.asker.conversation,
            )
        )

    def _run(self, goto: Goto, delay: float) -> Script[None]:
        following: Next = goto
        while isinstance(following, Goto):
            try:
                if delay:
                    yield from wait_for(delay)
                    delay = 0.0
                following = yield from self._run_one(following)
            except Redirected as redirected:
                following, delay = redirected.goto, 0.0
                self._fallback = redirected.fallback if redirected.fallback.url else self._fallback
        if following is End.OF_DOCUMENT and self.whisper:
            self._on_ready()
            return
        self.answer()
        self.finish("completed")

    def finish(self, status: Literal["completed", "busy", "no-answer"]) -> None:
        """End the leg from within its own script, which must not be interrupted by that."""
        self.leg.process = None
        self.leg.end(status)

    def _run_one(self, goto: Goto) -> Script[Next]:
        document = None
        if not self._runs_in_circles():
            document = yield from self._fetch(goto)
        if document is None:
            yield from self._apologise()
            return End.HANG_UP
        for verb in document.verbs:
            runner = self.verbs.get(verb.name)
            if runner is None or (self.whisper and self._is_out_of_place(verb)):
                continue
            following = yield from runner(self, verb, document)
            if self.leg.over:
                raise HungUp
            if following is not None:
                return following
        return End.OF_DOCUMENT

    def _is_out_of_place(self, verb: Verb) -> bool:
        """Notice a verb that the carrier does not run on a dialled leg before the bridge."""
        if verb.name not in _NOT_IN_WHISPERS:
            return False
        self.hub.debugger.warning(
            12200, f"<{verb.name}> is not allowed before the bridge.", self.leg.sid
        )
        return True

    def _runs_in_circles(self) -> bool:
        """Notice documents that send the call from one to the next and never let time pass."""
        now = self.hub.engine.now()
        self._hops = self._hops + 1 if now == self._moment else 0
        self._moment = now
        if self._hops < _MOST_HOPS:
            return False
        self.hub.debugger.error(
            12400, f"{_MOST_HOPS} documents in a row without a moment passing.", self.leg.sid
        )
        return True

    def _fetch(self, goto: Goto) -> Script[Document | None]:
        if goto.inline is None:
            return (yield from self.asker.document(goto, self.leg.params(), self._fallback))
        found = parse(goto.inline, "", "voice")
        if isinstance(found, Problem):
            self.hub.debugger.error(found.code, found.message, self.leg.sid)
            return None
        self.asker.warn(found)
        return found

    def _apologise(self) -> Script[None]:
        self.answer()
        say = self.verbs["Say"]
        yield from say(self, Verb("Say", {}, APOLOGY), Document((), ""))

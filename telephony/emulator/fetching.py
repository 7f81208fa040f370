"""Fetching a document from the application: parse it, and ask the fallback when that fails."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from telephony.emulator.debugger import Debugger, Pairs
from telephony.emulator.script import Script, Signal, Wait
from telephony.emulator.transport import Hook, Medium, Reply
from telephony.emulator.twiml import Document, Problem, UrlError, read_reply, resolve
from telephony.emulator.webhooks import Webhooks


@dataclass(frozen=True)
class Goto:
    """A transfer of control: fetch this document next, with these parameters more.

    `inline` holds a document given by REST, which has no address.
    """

    url: str = ""
    method: str = "POST"
    extra: Pairs = ()
    inline: str | None = None


@dataclass(frozen=True)
class Fallback:
    """The address to ask when a document cannot be had; empty means there is none."""

    url: str = ""
    method: str = "POST"


@dataclass(frozen=True)
class Fetched(Signal):
    """The answer to a hook that a script sent."""

    hook: Hook
    reply: Reply


@dataclass(frozen=True)
class Asker:
    """Who fetches: the conversation and SID that its requests and complaints are filed under."""

    hooks: Webhooks
    debugger: Debugger
    medium: Medium
    sid: str
    conversation: str = ""

    def ask(self, hook: Hook) -> Script[Reply]:
        """Send a hook and wait for what comes back.

        The answer to an earlier hook that a redirect has made worthless is passed over.
        """

        def begin(deliver: Callable[[Signal], None]) -> None:
            self.hooks.send(hook, lambda reply: deliver(Fetched(hook, reply)))

        signal = yield Wait(None, (Fetched,), begin)
        while not isinstance(signal, Fetched) or signal.hook is not hook:
            signal = yield Wait(None, (Fetched,))
        return signal.reply

    def document(self, goto: Goto, params: Pairs, fallback: Fallback) -> Script[Document | None]:
        """Fetch and read a document; None when neither the address nor its fallback gave one."""
        url = goto.url
        try:
            url = resolve("", goto.url)
        except UrlError as problem:
            self.debugger.error(11100, str(problem), self.sid)
            return None
        hook = Hook(
            url=url,
            params=params + goto.extra,
            medium=self.medium,
            sid=self.sid,
            method=goto.method,
            conversation=self.conversation,
        )
        found = yield from self._read(hook)
        if isinstance(found, Problem) and fallback.url:
            because = (("ErrorCode", str(found.code)), ("ErrorUrl", url))
            second = replace(
                hook, url=fallback.url, method=fallback.method, params=hook.params + because
            )
            found = yield from self._read(second)
        return None if isinstance(found, Problem) else found

    def _read(self, hook: Hook) -> Script[Document | Problem]:
        reply = yield from self.ask(hook)
        if reply.error is not None:
            found: Document | Problem = Problem(*reply.error)
        elif reply.status == 204 and self.medium == "messaging":
            found = Document((), reply.url)
        else:
            found = read_reply(reply.body, reply.content_type, reply.url, self.medium)
        if isinstance(found, Problem):
            self.debugger.error(found.code, f"{found.message} {hook.url}", self.sid)
        else:
            self.warn(found)
        return found

    def warn(self, document: Document) -> None:
        """Put what the carrier finds odd about a document into the debugger."""
        for warning in document.warnings:
            self.debugger.warning(warning.code, warning.message, self.sid)

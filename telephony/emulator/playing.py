"""Fetching the sounds of a Play: unsigned, over plain HTTP, with a cap on their size."""

from telephony.emulator.line import Line
from telephony.emulator.script import Script
from telephony.emulator.transport import Hook
from telephony.emulator.twiml import Document, UrlError, Verb, resolve


def fetch_sound(line: Line, verb: Verb, document: Document) -> Script[bytes | None]:
    """Return the bytes behind a Play's URL, or None (the debugger says why; the call goes on)."""
    debugger = line.hub.debugger
    try:
        url = resolve(document.base, verb.text)
    except UrlError as problem:
        debugger.error(11100, str(problem), line.leg.sid)
        return None
    hook = Hook(
        url=url,
        params=(),
        medium="voice",
        sid=line.leg.sid,
        method="GET",
        conversation=line.leg.sid,
        file=True,
    )
    reply = yield from line.asker.ask(hook)
    if reply.error is not None:
        debugger.error(reply.error[0], f"{reply.error[1]} {url}", line.leg.sid)
        return None
    kind = reply.content_type.partition(";")[0].strip().lower()
    if not kind.startswith("audio/"):
        debugger.error(12300, f"A Play was answered with {kind or '(none)'!r}: {url}", line.leg.sid)
        return None
    return reply.body

"""The verbs that need no waiting of their own: Redirect, Reject, Hangup, and spoken ones."""

from telephony.emulator.line import End, Line, Next
from telephony.emulator.script import HungUp, Script
from telephony.emulator.speaking import speak
from telephony.emulator.twiml import Document, Verb

# Every verb is a script; one that has nothing to wait for yields nothing.
_AT_ONCE = ()


def spoken(line: Line, verb: Verb, document: Document) -> Script[Next]:
    """Run a Say, Play or Pause that nothing interrupts."""
    yield from speak(line, verb, document)
    return None


def redirect(line: Line, verb: Verb, document: Document) -> Script[Next]:
    """Go on with another document; without a URL with this one again."""
    yield from _AT_ONCE
    return line.transfer(document, verb.text, verb.method())


def reject(line: Line, verb: Verb, _document: Document) -> Script[Next]:
    """Refuse an inbound call that has not been answered; any later it merely ends the call."""
    yield from _AT_ONCE
    if line.leg.record.answered is not None:
        return End.HANG_UP
    if verb.get("reason") == "busy":
        line.leg.say("[busy tone]")
        line.finish("busy")
    else:
        line.leg.say("The number you have dialed is not in service.")
        line.finish("no-answer")
    raise HungUp


def hang_up(_line: Line, _verb: Verb, _document: Document) -> Script[Next]:
    """End the call. As the first verb it answers the call before."""
    yield from _AT_ONCE
    return End.HANG_UP

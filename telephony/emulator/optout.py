"""The carrier's own opt-out: it answers some words itself and then refuses to send."""

from dataclasses import dataclass

from telephony.emulator.numbering import is_toll_free
from telephony.emulator.store import Store

_STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
_START = frozenset({"START", "YES", "UNSTOP"})
_HELP = frozenset({"HELP", "INFO"})

_STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe."
)
_STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
_HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
_TOLL_FREE_STOPPED = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)
_TOLL_FREE_STARTED = (
    'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this '
    "number."
)


@dataclass(frozen=True)
class Words:
    """Which words do what on a kind of number, and what the carrier then writes."""

    stop: frozenset[str]
    start: frozenset[str]
    help: frozenset[str]
    stopped: str
    started: str


_LONG_CODE = Words(_STOP, _START, _HELP, _STOPPED, _STARTED)
_TOLL_FREE = Words(
    frozenset({"STOP"}),
    frozenset({"START", "UNSTOP"}),
    frozenset(),
    _TOLL_FREE_STOPPED,
    _TOLL_FREE_STARTED,
)


def react(store: Store, number: str, person: str, body: str) -> str | None:
    """Block or unblock the pair (our number, person) if the text is one of the words.

    Only a text that is nothing but the word counts, in any case. Returns what the carrier
    writes to the person, or None. The text reaches the application either way.
    """
    words = _TOLL_FREE if is_toll_free(number) else _LONG_CODE
    word = body.strip().upper()
    pair = (number, person)
    if word in words.stop and pair not in store.opted_out:
        store.opted_out.add(pair)
        return words.stopped
    if word in words.start and pair in store.opted_out:
        store.opted_out.discard(pair)
        return words.started
    if word in words.help:
        return _HELPED
    return None

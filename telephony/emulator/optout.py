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


def told(store: Store, number: str, body: str) -> str | None:
    """Return what the application is told that a text means to the carrier: STOP, START or HELP.

    Only a service with words of its own tells that.
    """
    service = store.service_of(number)
    return _meaning(store, number, body) if service is not None and service.own_words else None


def react(store: Store, number: str, person: str, body: str) -> str | None:
    """Block or unblock the pair (our number, person) if the text is one of the words.

    Only a text that is nothing but the word counts, in any case. Returns what the carrier
    writes to the person, or None. The text reaches the application either way. In a service with
    words of its own one word is for all its numbers.
    """
    words = _words_of(number)
    service = store.service_of(number)
    numbers = service.numbers if service is not None and service.own_words else (number,)
    pairs = {(each, person) for each in numbers}
    meaning = _meaning(store, number, body)
    if meaning == "STOP" and not pairs <= store.opted_out:
        store.opted_out |= pairs
        return words.stopped
    if meaning == "START" and pairs & store.opted_out:
        store.opted_out -= pairs
        return words.started
    return _HELPED if meaning == "HELP" else None


def _words_of(number: str) -> Words:
    return _TOLL_FREE if is_toll_free(number) else _LONG_CODE


def _meaning(store: Store, number: str, body: str) -> str | None:
    words, word = _words_of(number), body.strip().upper()
    service = store.service_of(number)
    if service is not None and word in service.own_words:
        return service.own_words[word]
    known = {"STOP": words.stop, "START": words.start, "HELP": words.help}
    return next((meaning for meaning, those in known.items() if word in those), None)

"""Texts, calls and messages of which we could not be told: the carrier has them, so it is asked.

The carrier asks our address once and the fallback once, and then never again.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from mentoring.clock import Clock
from mentoring.db import Database
from mentoring.lost_calls import (
    LeftMessage,
    LostCall,
    keep_left_message,
    log_lost_call,
    never_kept,
    never_logged,
)
from mentoring.marks import MarkName, mark_of, set_mark
from mentoring.receipts import unclaimed
from sms.inbox import receive_text
from sms.letters import read_letter, receipt_of
from telephony.carrier import (
    Carrier,
    CarrierError,
    MadeRecording,
    ReceivedCall,
    ReceivedText,
)
from telephony.requests import classify

Listed = TypeVar("Listed")

log = logging.getLogger("bridgeline.collect")

_EVERY = timedelta(minutes=10)
# Each time a little of what was looked through before is looked through again.
_OVERLAP = timedelta(hours=1)
# After a long outage: what is older would only bewilder its writer.
_AT_MOST = timedelta(days=3)
# The webhook of a text that has just arrived is on its way.
_IN_FLIGHT = timedelta(minutes=1)
# What is said of a recording takes longer: its end, and then its file, are told apart.
_RECORDING_IN_FLIGHT = timedelta(minutes=5)


def collect(db: Database, carrier: Carrier, clock: Clock) -> int:
    """Take in what the carrier received and could not tell us; returns how much there was.

    Looks back to the last time that all of this worked, and an hour further. A list that is refused
    keeps nothing from being taken in from the others.
    """
    now = clock.now()
    with db.transaction() as session:
        last = mark_of(session, MarkName.TEXTS_COLLECTED)
    if last is not None and now - last < _EVERY:
        return 0
    since = max((last or now) - _OVERLAP, now - _AT_MOST)
    texts = _listed(carrier.texts_received_since, since)
    calls = _listed(carrier.calls_received_since, since)
    # Without the list of calls it is not known who left a recording.
    made = _listed(carrier.recordings_made_since, since) if calls is not None else None
    is_whole = texts is not None and made is not None
    texts, calls, made = texts or (), calls or (), made or ()
    settled = now - _IN_FLIGHT
    lost = _never_told(db, [text for text in texts if text.received_at <= settled])
    for text in lost:
        _take_in(db, clock, text)
    unanswered = _never_logged(db, [call for call in calls if call.received_at <= settled])
    for call in unanswered:
        _write_down(db, clock, call)
    settled = now - _RECORDING_IN_FLIGHT
    unheard = _never_kept(db, [one for one in made if one.made_at <= settled])
    kept = [recording for recording in unheard if _keep(db, clock, recording, calls)]
    if is_whole:
        with db.transaction() as session:
            set_mark(session, MarkName.TEXTS_COLLECTED, now)
    return len(lost) + len(unanswered) + len(kept)


def _listed(
    ask: Callable[[datetime], Sequence[Listed]], since: datetime
) -> Sequence[Listed] | None:
    """Return one list of the carrier, or None if it is refused."""
    try:
        return ask(since)
    except CarrierError as error:
        log.warning("What was received could not be listed: %s.", error.detail)
        return None


def _never_told(db: Database, texts: Sequence[ReceivedText]) -> list[ReceivedText]:
    with db.transaction() as session:
        fresh = unclaimed(session, [receipt_of(text.sid) for text in texts])
    return [text for text in texts if receipt_of(text.sid) in fresh]


def _take_in(db: Database, clock: Clock, text: ReceivedText) -> None:
    """Handle one text as its webhook would have. One that cannot be handled stops no other."""
    form = {
        "MessageSid": text.sid,
        "From": text.sender,
        "To": text.line,
        "Body": text.body,
        "NumMedia": str(text.media),
    }
    try:
        letter = read_letter(form, now=clock.now(), written_at=text.received_at)
        db.run(lambda session: receive_text(session, letter))
    except Exception as fault:
        # Its message could quote the row.
        log.error("A text from the carrier's list failed: %s.", type(fault).__name__)


def _never_logged(db: Database, calls: Sequence[ReceivedCall]) -> list[ReceivedCall]:
    with db.transaction() as session:
        fresh = never_logged(session, [call.sid for call in calls])
    return [call for call in calls if call.sid in fresh]


def _write_down(db: Database, clock: Clock, call: ReceivedCall) -> None:
    """Write one call into the log. One that cannot be written stops no other."""
    lost = _lost(call)
    try:
        db.run(lambda session: log_lost_call(session, lost, now=clock.now()))
    except Exception as fault:
        # Its message could quote the row.
        log.error("A call from the carrier's list failed: %s.", type(fault).__name__)


def _lost(call: ReceivedCall) -> LostCall:
    return LostCall(call.sid, classify(call.caller).e164, call.line, call.received_at)


def _never_kept(db: Database, made: Sequence[MadeRecording]) -> list[MadeRecording]:
    with db.transaction() as session:
        fresh = never_kept(session, [one.sid for one in made])
    return [one for one in made if one.sid in fresh]


def _keep(db: Database, clock: Clock, made: MadeRecording, calls: Sequence[ReceivedCall]) -> bool:
    """Keep one message that a caller left. One that cannot be kept stops no other."""
    message = LeftMessage(made.sid, made.call_sid, made.seconds, made.made_at)
    call = next((_lost(call) for call in calls if call.sid == made.call_sid), None)
    try:
        return db.run(lambda session: keep_left_message(session, message, call, now=clock.now()))
    except Exception as fault:
        # Its message could quote the row.
        log.error("A recording from the carrier's list failed: %s.", type(fault).__name__)
        return False

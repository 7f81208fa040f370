"""Drains the outbox through a carrier. No transaction is open during a carrier call.

Claim and commit; call the carrier; settle in a new transaction. A crash between the last two leaves
`sending`, which the sweep turns into `uncertain`; such a text is looked up at the carrier before
anything is sent again, because the carrier's create takes no idempotency key.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentoring import claims, notes, outbox
from mentoring.announcements import announce_notes
from mentoring.claims import Outgoing
from mentoring.clock import Clock
from mentoring.db import Database, Session
from mentoring.models import Delivery, RecordingState
from mentoring.outbox import Setback
from mentoring.setbacks import learn_from_failure, tell_about_stop
from telephony.addresses import Addresses
from telephony.carrier import Carrier, CarrierError, SentText, TextRequest
from telephony.reactions import Reaction, ReactionName, reaction_for

log = logging.getLogger("bridgeline.dispatch")

_SETBACKS = {
    ReactionName.OPTED_OUT: Setback.OPTED_OUT,
    ReactionName.LANDLINE: Setback.LANDLINE,
    ReactionName.NUMBER_INVALID: Setback.NUMBER_BAD,
}
# These words of the carrier mean that a text will not arrive.
LOST = ("undelivered", "failed")
# The carrier keeps whole seconds on a clock of its own, so we look a little further back.
_CLOCKS_DIFFER = timedelta(minutes=2)
_A_MOMENT = timedelta(seconds=1)
# Well below the life of a claim, with room for one more request that times out.
_BATCH_LASTS = claims.CLAIM_LASTS / 2


@dataclass(frozen=True)
class Drained:
    """What one pass did."""

    texts: int = 0
    recordings: int = 0

    @property
    def total(self) -> int:
        """How many things were done."""
        return self.texts + self.recordings


class Dispatcher:
    """Sends what is due. Several may run at once, in threads or processes."""

    def __init__(self, db: Database, carrier: Carrier, clock: Clock, addresses: Addresses) -> None:
        self._db = db
        self._carrier = carrier
        self._clock = clock
        self._addresses = addresses

    def drain(self, *, limit: int = 50) -> Drained:
        """Do everything that is due now, a batch at a time, until nothing is left."""
        texts = recordings = 0
        while True:
            sent = self.send_batch(limit=limit)
            fetched = self.fetch_recordings()
            texts, recordings = texts + sent, recordings + fetched
            if not sent and not fetched:
                return Drained(texts, recordings)

    def send_batch(self, *, limit: int = 50) -> int:
        """Claim, send and settle one batch of texts; returns how many were claimed."""
        now = self._clock.now()
        with self._db.transaction() as session:
            claimed = claims.claim_due(session, now=now, limit=limit)
            for stopped, reason in claimed.stopped:
                log.info("Text %d was stopped by the gate: %s.", stopped.id, reason)
                tell_about_stop(session, stopped, reason, now=now)
        troubled: set[tuple[str, str]] = set()
        for text in claimed.texts:
            thread = (text.from_line, text.to)
            # A slow carrier must not let a claim run out: another worker would take the text.
            is_late = self._clock.now() - now > _BATCH_LASTS
            if thread in troubled or is_late:
                self._put_back(text, wait=_A_MOMENT if thread in troubled else timedelta())
            elif not self._send(text):
                troubled.add(thread)
        return claimed.seen

    def _put_back(self, text: Outgoing, *, wait: timedelta) -> None:
        with self._db.transaction() as session:
            until = self._clock.now() + wait
            outbox.put_back(session, text.delivery_id, until=until)

    def _send(self, text: Outgoing) -> bool:
        """Hand one text to the carrier; False when it did not take it."""
        request = TextRequest(
            to=text.to,
            from_line=text.from_line,
            body=text.body,
            status_callback=self._addresses.text_status(text.key, text.tries),
        )
        try:
            sent = self._carrier.send_text(request)
        except CarrierError as error:
            self._settle_error(text, error)
            return False
        self._settle_sent(text, sent)
        return True

    def _settle_sent(self, text: Outgoing, sent: SentText) -> None:
        with self._db.transaction() as session:
            outbox.settle_accepted(
                session, text.delivery_id, sid=sent.sid, status=sent.status, now=self._clock.now()
            )

    def _settle_error(self, text: Outgoing, error: CarrierError) -> None:
        now = self._clock.now()
        setback, retry_at = _judge(error.reaction, text.tries, error.processed, now)
        log.warning("A text was not taken by the carrier: %s (%s).", error.detail, setback)
        with self._db.transaction() as session:
            failed = outbox.settle_setback(
                session,
                text.delivery_id,
                setback,
                code=error.code,
                retry_at=retry_at,
                now=now,
            )
            if failed is not None:
                learn_from_failure(
                    session, failed, setback, words=error.reaction.staff_words, now=now
                )

    def sweep(self) -> int:
        """Look up at the carrier every text whose sending was cut short; returns how many."""
        with self._db.transaction() as session:
            claims.abandoned(session, now=self._clock.now())
            waiting = claims.uncertain(session, now=self._clock.now())
        for text in waiting:
            self._look_up(text)
        return len(waiting)

    def _look_up(self, text: Outgoing) -> None:
        with self._db.transaction() as session:
            known = outbox.known_sids(session, text.delivery_id)
        try:
            found = self._carrier.find_message(
                to=text.to,
                from_line=text.from_line,
                body=text.body,
                since=text.tried_at - _CLOCKS_DIFFER,
                known=known,
            )
            facts = self._carrier.message_status(found.sid) if found is not None else None
        except CarrierError as error:
            log.warning("A text could not be looked up at the carrier: %s.", error.detail)
            return
        now = self._clock.now()
        with self._db.transaction() as session:
            if found is None:
                outbox.settle_not_found(session, text.delivery_id, now=now)
                return
            status = facts.status if facts is not None else found.status
            outbox.settle_accepted(session, text.delivery_id, sid=found.sid, status=status, now=now)
            if facts is not None and facts.status in LOST:
                delivery = session.get_one(Delivery, text.delivery_id)
                follow_loss(session, delivery, facts.error_code, now=now)

    def fetch_recordings(self) -> int:
        """Fetch finished recordings, seal them, erase the carrier's copies, announce the notes."""
        with self._db.transaction() as session:
            due = notes.due_recordings(session, now=self._clock.now())
            announced = announce_notes(session, now=self._clock.now())
        for recording_id, sid, state in due:
            self._move_recording(recording_id, sid, state)
        return len(due) + announced

    def _move_recording(self, recording_id: int, sid: str, state: RecordingState) -> None:
        now = self._clock.now()
        try:
            if state is RecordingState.STORED:
                self._carrier.delete_recording(sid)
                with self._db.transaction() as session:
                    notes.erased_at_carrier(session, recording_id)
                return
            audio = self._carrier.fetch_recording(sid)
        except CarrierError as error:
            log.warning("A recording could not be moved: %s.", error.detail)
            with self._db.transaction() as session:
                notes.try_later(session, recording_id, now=now)
            return
        with self._db.transaction() as session:
            notes.store_audio(session, recording_id, audio, now=now)


def follow_loss(session: Session, delivery: Delivery, code: int | None, *, now: datetime) -> None:
    """A text was taken and lost: learn from it, tell its sender, try again where that helps."""
    reaction = reaction_for(code)
    learn_from_failure(session, delivery, setback_of(reaction), words=reaction.staff_words, now=now)
    wait = reaction.wait_before(delivery.attempts)
    if wait is not None:
        outbox.send_again(session, delivery, retry_at=now + wait)


def setback_of(reaction: Reaction) -> Setback:
    """Return what a text that is lost for good tells us about the phone it went to."""
    return _SETBACKS.get(reaction.name, Setback.GIVE_UP)


def _judge(
    reaction: Reaction, tries: int, processed: str, now: datetime
) -> tuple[Setback, datetime | None]:
    """Return what an error calls for, and when to try again if it does."""
    if processed == "maybe":
        return Setback.UNCERTAIN, None
    wait = reaction.wait_before(tries)
    if wait is not None:
        return Setback.RETRY, now + wait
    return setback_of(reaction), None

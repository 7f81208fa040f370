"""Drains the outbox through a carrier. No transaction is open during a carrier call.

Claim and commit; call the carrier; settle in a new transaction. A crash between the last two leaves
`sending`, which the sweep turns into `uncertain`; such a text is looked up at the carrier before
anything is sent again, because the carrier's create takes no idempotency key.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from mentoring import claims, notes, outbox, unreported
from mentoring.announcements import announce_notes
from mentoring.claims import Claimed, Outgoing
from mentoring.clock import Clock
from mentoring.db import Database, Session
from mentoring.models import Delivery, DeliveryStatus, RecordingState
from mentoring.setbacks import tell_about_stop
from mentoring.trouble import pause_sending, tell_about_account
from mentoring.waiting import Waiting
from telephony.addresses import Addresses
from telephony.call_dispatch import CallPlacer
from telephony.carrier import Carrier, CarrierError, SentText, TextRequest
from telephony.reactions import reaction_for
from telephony.reports import (
    FAULT,
    LOST,
    conclude,
    follow_loss,
    judge,
    learn,
    retry_of_lost,
    take_report,
)

log = logging.getLogger("bridgeline.dispatch")

# The carrier keeps whole seconds on a clock of its own, so we look a little further back.
_CLOCKS_DIFFER = timedelta(minutes=2)
_A_MOMENT = timedelta(seconds=1)
# Well below the life of a claim, with room for one more request that times out.
_BATCH_LASTS = claims.CLAIM_LASTS / 2


@dataclass(frozen=True)
class Drained:
    """What one pass did."""

    texts: int = 0
    calls: int = 0
    recordings: int = 0
    line_checks: int = 0

    @property
    def total(self) -> int:
        """How many things were done."""
        return self.texts + self.calls + self.recordings + self.line_checks

    def plus(self, other: "Drained") -> "Drained":
        """Return what two passes did together."""
        return Drained(
            self.texts + other.texts,
            self.calls + other.calls,
            self.recordings + other.recordings,
            self.line_checks + other.line_checks,
        )


class Dispatcher:
    """Sends what is due, and has `calls` rung. Several may run at once, in threads or processes."""

    def __init__(self, db: Database, carrier: Carrier, clock: Clock, addresses: Addresses) -> None:
        self._db = db
        self._carrier = carrier
        self._clock = clock
        self._addresses = addresses
        self.calls = CallPlacer(db, carrier, clock, addresses, self._pause)

    def drain(self, *, limit: int = 50) -> Drained:
        """Do everything that is due now, a batch at a time, until nothing is left."""
        done = Drained()
        while (now_done := self.drain_once(Waiting(), limit=limit)).total:
            done = done.plus(now_done)
        return done

    def drain_once(self, waiting: Waiting, *, limit: int = 50) -> Drained:
        """Do one batch of everything that waits."""
        return Drained(
            self.send_batch(limit=limit) if waiting.texts else 0,
            self.calls.place_batch() if waiting.calls else 0,
            self.fetch_recordings() if waiting.recordings else 0,
            self.check_lines() if waiting.line_checks else 0,
        )

    def send_batch(self, *, limit: int = 50) -> int:
        """Claim, send and settle one batch of texts; returns how many were claimed."""
        now = self._clock.now()
        with self._db.transaction() as session:
            claimed = claims.claim_due(session, now=now, limit=limit)
            _tell_about_stops(session, claimed, now=now)
        troubled: set[tuple[str, str]] = set()
        refused = False
        for text in claimed.texts:
            thread = (text.from_line, text.to)
            # A slow carrier must not let a claim run out: another worker would take the text.
            if refused or self._clock.now() - now > _BATCH_LASTS:
                self._put_back(text)
            elif thread in troubled:
                self._put_back(text, until=self._clock.now() + _A_MOMENT)
            elif (error := self._send(text)) is not None:
                troubled.add(thread)
                refused = error.reaction.whole_account
        return claimed.seen

    def _put_back(self, text: Outgoing, *, until: datetime | None = None) -> None:
        with self._db.transaction() as session:
            outbox.put_back(session, text.delivery_id, until=until)

    def _send(self, text: Outgoing) -> CarrierError | None:
        """Hand one text to the carrier; returns why it did not take it, if so."""
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
            return error
        self._settle_sent(text, sent)
        return None

    def _settle_sent(self, text: Outgoing, sent: SentText) -> None:
        with self._db.transaction() as session:
            outbox.settle_accepted(
                session, text.delivery_id, sid=sent.sid, status=sent.status, now=self._clock.now()
            )

    def _settle_error(self, text: Outgoing, error: CarrierError) -> None:
        now = self._clock.now()
        if error.reaction.whole_account:
            log.error("Nothing can be sent: %s", error.detail)
            self._put_back(text)
            self._pause(error)
            return
        setback, retry_at = judge(error, text.tries, text.delivery_id, now)
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
                learn(session, failed, error.reaction, now=now)

    def _pause(self, error: CarrierError) -> datetime:
        """The carrier refuses the whole account: stop for a while and let staff know."""
        now, words = self._clock.now(), error.reaction.staff_words
        with self._db.transaction() as session:
            return pause_sending(session, code=error.code, words=words, now=now)

    def sweep(self) -> int:
        """Ask the carrier about texts whose sending was cut short, or of which no report came.

        Returns how many there were.
        """
        with self._db.transaction() as session:
            claims.abandoned(session, now=self._clock.now())
            in_doubt = claims.uncertain(session, now=self._clock.now())
            _tell_about_stops(session, in_doubt, now=self._clock.now())
            silent = unreported.unreported(session, now=self._clock.now())
        for text in in_doubt.texts:
            self._look_up(text)
        for text_in_doubt in silent:
            if not self._ask_about(text_in_doubt):
                break
        return len(in_doubt.texts) + len(silent) + self.calls.sweep()

    def _ask_about(self, text: unreported.Unreported) -> bool:
        """Ask what became of one text; False when the carrier is in no state to be asked more."""
        try:
            facts = self._carrier.message_status(text.sid)
        except CarrierError as error:
            log.warning("A text could not be asked about at the carrier: %s.", error.detail)
            with self._db.transaction() as session:
                unreported.ask_again_later(session, text.delivery_id, now=self._clock.now())
            return False
        now = self._clock.now()
        with self._db.transaction() as session:
            tell = partial(take_report, session, text.key, sid=text.sid, tries=text.tries, now=now)
            unreported.ask_again_later(session, text.delivery_id, now=now)
            if facts is not None:
                tell(status=facts.status, code=facts.error_code)
            silent_at = unreported.end_of_silence(session, text.delivery_id, now=now)
            if silent_at is DeliveryStatus.ACCEPTED and facts is None:
                # It never left the carrier, and the carrier has forgotten it.
                tell(status="failed", code=None)
        return True

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
                again = retry_of_lost(text.tries, text.delivery_id, now)
                failed = outbox.settle_not_found(session, text.delivery_id, retry_at=again, now=now)
                if failed is not None:
                    learn(session, failed, FAULT, now=now)
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
                if error.reaction.whole_account:
                    # That tells nothing about this recording, so it is no try.
                    words = error.reaction.staff_words
                    tell_about_account(session, code=error.code, words=words, now=now)
                    notes.put_off(session, recording_id, now=now)
                else:
                    notes.try_later(session, recording_id, now=now)
            return
        with self._db.transaction() as session:
            notes.store_audio(session, recording_id, audio, now=now)

    def check_lines(self) -> int:
        """Ask what kind of line refused a text: only a landline is marked as one."""
        with self._db.transaction() as session:
            due = unreported.due_line_checks(session, now=self._clock.now())
        for delivery_id, number in due:
            self._check_line(delivery_id, number)
        return len(due)

    def _check_line(self, delivery_id: int, number: str) -> None:
        kind: str | None = None
        now = self._clock.now()
        try:
            kind = self._carrier.line_type(number)
        except CarrierError as error:
            log.warning("A number could not be looked up at the carrier: %s.", error.detail)
            if not error.permanent or error.reaction.whole_account:
                with self._db.transaction() as session:
                    unreported.ask_again_later(session, delivery_id, now=now)
                return
        with self._db.transaction() as session:
            row = unreported.take_line_check(session, delivery_id, kind)
            if row is not None:
                conclude(session, row, reaction_for(row.error_code), now=now)


def _tell_about_stops(session: Session, claimed: Claimed, *, now: datetime) -> None:
    for row, reason in claimed.stopped:
        log.info("Text %d was stopped: %s.", row.id, reason)
        tell_about_stop(session, row, reason, now=now)

"""Places automated calls through a carrier, and looks up those whose placing was cut short.

As with texts no transaction is open during a request: claim and commit, ask the carrier, settle in
a new transaction. A call that may have been placed is looked up, and never placed again blindly.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from mentoring import outbox
from mentoring.call_end import finish_call
from mentoring.claims import CLAIM_LASTS
from mentoring.clock import Clock
from mentoring.db import Database
from mentoring.service_calls import calls as service_calls
from mentoring.service_calls import claims as service_claims
from mentoring.service_calls.claims import OutgoingCall
from mentoring.statuses import is_final
from telephony.addresses import Addresses
from telephony.carrier import CallRequest, Carrier, CarrierError, PlacedCall
from telephony.reports import judge

log = logging.getLogger("bridgeline.dispatch")

# The carrier keeps whole seconds on a clock of its own, so we look a little further back.
_CLOCKS_DIFFER = timedelta(minutes=2)

# Well below the life of a claim, with room for one more request that times out.
_BATCH_LASTS = CLAIM_LASTS / 2

# Stops all sending for a while because the carrier refuses the whole account.
Pause = Callable[[CarrierError], object]


class CallPlacer:
    """Rings whom the service itself has to ring. Several may run at once."""

    def __init__(
        self, db: Database, carrier: Carrier, clock: Clock, addresses: Addresses, pause: Pause
    ) -> None:
        self._db = db
        self._carrier = carrier
        self._clock = clock
        self._addresses = addresses
        self._pause = pause

    def place_batch(self, *, limit: int = 10) -> int:
        """Claim, place and settle one batch of calls; returns how many rows were seen."""
        now = self._clock.now()
        with self._db.transaction() as session:
            claimed = service_claims.claim_calls(session, now=now, limit=limit)
        refused = False
        for call in claimed.calls:
            # A slow carrier must not let a claim run out: the call would count as uncertain.
            if refused or self._clock.now() - now > _BATCH_LASTS:
                self._put_back(call)
                continue
            error = self._place(call)
            refused = error is not None and error.reaction.whole_account
        return claimed.seen

    def _place(self, call: OutgoingCall) -> CarrierError | None:
        """Hand one call to the carrier; returns why it did not take it, if so."""
        try:
            placed = self._carrier.place_call(self._request(call))
        except CarrierError as error:
            self._settle_error(call, error)
            return error
        with self._db.transaction() as session:
            service_calls.settle_placed(
                session,
                call.delivery_id,
                sid=placed.sid,
                status=placed.status,
                now=self._clock.now(),
            )
        return None

    def _request(self, call: OutgoingCall) -> CallRequest:
        programme = self._db.programme
        return CallRequest(
            to=call.to,
            from_line=call.from_line,
            url=self._addresses.answered(call.key),
            status_callback=self._addresses.service_leg(call.key, call.tries),
            fallback_url=self._addresses.fallback_voice(),
            ring_seconds=programme.ring_seconds,
            time_limit_seconds=programme.call_limit_minutes * 60,
            # Where no message may be left we hang up before the tone, else we speak after it.
            detection="end of greeting" if call.may_leave_message else "machine",
        )

    def _put_back(self, call: OutgoingCall) -> None:
        with self._db.transaction() as session:
            outbox.put_back(session, call.delivery_id)

    def _settle_error(self, call: OutgoingCall, error: CarrierError) -> None:
        if error.reaction.whole_account:
            log.error("No call can be placed: %s", error.detail)
            self._put_back(call)
            self._pause(error)
            return
        now = self._clock.now()
        setback, retry_at = judge(error, call.tries, call.delivery_id, now)
        log.warning("A call was not taken by the carrier: %s (%s).", error.detail, setback)
        with self._db.transaction() as session:
            service_calls.settle_refused(
                session,
                call.delivery_id,
                setback,
                code=error.code,
                words=error.reaction.staff_words,
                retry_at=retry_at,
                now=now,
            )

    def sweep(self) -> int:
        """Look up calls of unknown fate at the carrier; returns how many there were."""
        with self._db.transaction() as session:
            waiting = service_claims.uncertain_calls(session, now=self._clock.now())
        for call in waiting:
            self._look_up(call)
        return len(waiting)

    def _look_up(self, call: OutgoingCall) -> None:
        try:
            found = self._carrier.find_call(
                to=call.to, from_line=call.from_line, since=call.tried_at - _CLOCKS_DIFFER
            )
            facts = self._carrier.call_status(found.sid) if found is not None else None
        except CarrierError as error:
            log.warning("A call could not be looked up at the carrier: %s.", error.detail)
            return
        with self._db.transaction() as session:
            if found is None:
                service_calls.settle_not_placed(session, call.delivery_id, now=self._clock.now())
                return
        self._settle_found(call, found, facts.seconds if facts is not None else None)

    def _settle_found(self, call: OutgoingCall, found: PlacedCall, seconds: int | None) -> None:
        now = self._clock.now()
        with self._db.transaction() as session:
            service_calls.settle_placed(
                session, call.delivery_id, sid=found.sid, status=found.status, now=now
            )
            if is_final(found.status):
                finish_call(session, found.sid, status=found.status, seconds=seconds, now=now)

"""One tick: everything that is due now. Beat calls it in production, a loop in the demo."""

import logging
from dataclasses import dataclass

from mentoring.call_end import calls_to_ask_about, finish_call
from mentoring.clock import Clock
from mentoring.db import Database
from mentoring.holds import talks_that_must_end
from mentoring.oversight import oversee
from mentoring.retention import blank_old_content
from mentoring.statuses import is_final
from scheduling.collect import collect_texts
from telephony.carrier import Carrier, CarrierError
from telephony.dispatch import Dispatcher

log = logging.getLogger("bridgeline.due")


@dataclass(frozen=True)
class Ticker:
    """Does what is due. A missed tick is caught up by the next; a doubled one changes nothing."""

    db: Database
    carrier: Carrier
    clock: Clock
    dispatcher: Dispatcher

    def drain(self) -> int:
        """Send what is due; returns how many things were done."""
        return self.dispatcher.drain().total

    def sweep(self) -> int:
        """Look after what was cut short or never told: texts of both directions, ends of calls.

        Talks in a match that was held or closed meanwhile are ended first: that is to take no
        longer than a minute (S20).
        """
        parted = self._end_parted_talks()
        collected = collect_texts(self.db, self.carrier, self.clock)
        return parted + self.dispatcher.sweep() + self._end_lost_calls() + collected

    def blank(self) -> int:
        """Blank what people wrote and said long enough ago, in short transactions, to the last row.

        Asked for once a day; asked more often it finds nothing to do.
        """
        blanked = 0
        while True:
            with self.db.transaction() as session:
                batch = blank_old_content(session, now=self.clock.now())
            blanked += batch
            if not batch:
                return blanked

    def oversee(self) -> int:
        """Open an alert for every pair and person who newly needs a look; returns how many."""
        return self.db.run(lambda session: oversee(session, now=self.clock.now()))

    def _end_parted_talks(self) -> int:
        with self.db.transaction() as session:
            sids = talks_that_must_end(session)
        for sid in sids:
            try:
                # What follows for the two is told when the carrier reports that the leg has ended.
                self.carrier.hang_up(sid)
            except CarrierError as error:
                log.warning("A talk that must end could not be ended yet: %s.", error.detail)
        return len(sids)

    def _end_lost_calls(self) -> int:
        now = self.clock.now()
        with self.db.transaction() as session:
            sids = calls_to_ask_about(session, now=now)
        for sid in sids:
            try:
                facts = self.carrier.call_status(sid)
            except CarrierError as error:
                log.warning("A call could not be looked up at the carrier: %s.", error.detail)
                continue
            if facts is None or is_final(facts.status):
                status = facts.status if facts is not None else "completed"
                seconds = facts.seconds if facts is not None else 0
                with self.db.transaction() as session:
                    finish_call(session, sid, status=status, seconds=seconds, now=now)
        return len(sids)

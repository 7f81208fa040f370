"""One tick: everything that is due now. Beat calls it in production, a loop in the demo."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from traceback import format_tb

from sqlalchemy.exc import OperationalError

from mentoring.applications.orientation import invite_the_forgotten
from mentoring.applications.waiting_list import plan_updates
from mentoring.calendar.deeds import BATCH, do_due, do_one
from mentoring.calendar.dues import claim, note_fault
from mentoring.call_end import calls_to_ask_about, finish_call
from mentoring.clock import Clock
from mentoring.db import Database
from mentoring.goals import ask_about_goals
from mentoring.holds import talks_that_must_end
from mentoring.marks import MarkName, set_mark
from mentoring.matching.planning import plan_daily
from mentoring.oversight.sweep import oversee
from mentoring.oversight.unanswered import follow_up_unanswered
from mentoring.proposals.lapsing import end_broken_proposals
from mentoring.retention import blank_old_content
from mentoring.statuses import is_final
from mentoring.waiting import Waiting, what_waits
from scheduling.collect import collect
from telephony.carrier import Carrier, CarrierError
from telephony.dispatch import Dispatcher

log = logging.getLogger("bridgeline.due")


def told(fault: Exception) -> str:
    """Return what a fault was and where, without its message, which could quote a row."""
    return f"{type(fault).__name__}\n{''.join(format_tb(fault.__traceback__))}"


@dataclass(frozen=True)
class Ticker:
    """Does what is due. A missed tick is caught up by the next; a doubled one changes nothing."""

    db: Database
    carrier: Carrier
    clock: Clock
    dispatcher: Dispatcher

    def drain(self) -> int:
        """Do what is due and send what waits; returns how many things were done.

        Most ticks find nothing, and find it out by one question.
        """
        done = 0
        while any(waiting := self._what_waits()):
            batch = self._act_batch() if waiting.dues else 0
            batch += self.dispatcher.drain_once(waiting).total
            done += batch
            if not batch:
                break
        return done

    def _what_waits(self) -> Waiting:
        with self.db.transaction() as session:
            return what_waits(session, now=self.clock.now())

    def act(self) -> int:
        """Do everything that waited for this moment, a batch at a time, until nothing is left."""
        done = 0
        while batch := self._act_batch():
            done += batch
        return done

    def _act_batch(self) -> int:
        """Do one batch of what is due; one that fails is done row by row."""
        now = self.clock.now()
        try:
            return self.db.run(partial(do_due, now=now))
        except OperationalError:
            # The database itself is away; the next tick finds every row as it was.
            raise
        except Exception as fault:
            log.error("A batch of what was due failed, so each is tried alone: %s", told(fault))
            return self._act_one_by_one(now)

    def _act_one_by_one(self, now: datetime) -> int:
        """Do what is due one by one, so that what fails stops nothing else."""
        with self.db.transaction() as session:
            ids = [due.id for due in claim(session, now=now, limit=BATCH)]
        for due_id in ids:
            try:
                self.db.run(partial(do_one, due_id=due_id, now=now))
            except OperationalError:
                raise
            except Exception as fault:
                log.error("Due %d failed: %s", due_id, told(fault))
                self.db.run(partial(note_fault, due_id=due_id, now=now))
        return len(ids)

    def sweep(self) -> int:
        """Look after what was cut short or never told: texts of both directions, ends of calls.

        Talks in a match that was held or closed meanwhile are ended first: that is to take no
        longer than a minute (S20).
        """
        with self.db.transaction() as session:
            set_mark(session, MarkName.SWEPT, self.clock.now())
        parted = self._end_parted_talks()
        collected = collect(self.db, self.carrier, self.clock)
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
        """Open an alert for every pair and person who newly needs a look; returns how many.

        Whoever is on the way to a match hears from us as well, however they came to where they are;
        and where a text has waited too long for its answer, what its writer chose is done.
        """
        now = self.clock.now()
        self.db.run(lambda session: invite_the_forgotten(session, now=now))
        end_broken_proposals(self.db, now=now)
        self.db.run(lambda session: plan_updates(session, now=now))
        self.db.run(lambda session: plan_daily(session, now=now))
        self.db.run(lambda session: follow_up_unanswered(session, now=now))
        self.db.run(lambda session: ask_about_goals(session, now=now))
        return self.db.run(lambda session: oversee(session, now=now))

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

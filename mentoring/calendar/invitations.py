"""Inviting people to a set of questions, along a ladder of tries, until they answer (3.10).

An invitation is a row; each of its tries is a due row. The question itself is a conversation like
any other: it can be answered by text, by a call of ours, by calling back, or half by each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from mentoring.calendar.asking_hours import asking_hours, is_past, rests_with_match
from mentoring.calendar.days import CHECK_INS
from mentoring.calendar.dues import due_row, finish, put_off
from mentoring.calendar.invitees import Batch, Invitee, load_batch
from mentoring.calendar.ladders import LADDERS, Ladder, Rung, Way, way_for
from mentoring.calendar.lookups import HAS_ENDED
from mentoring.calendar.questions import ask_by_text, ask_for_call, prepare_question
from mentoring.calendar.room import free_soon, is_free_for, steps_aside
from mentoring.calendar.settling import OPEN, task_when_lapsed
from mentoring.clock import spoken_day, zone_named
from mentoring.db import Session
from mentoring.flows.state import Turn
from mentoring.gate import ZONE_WAIT
from mentoring.hours import (
    Hours,
    next_opening,
    part_of_day,
    without_part,
)
from mentoring.models import (
    OUT,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    MatchState,
    Person,
)
from mentoring.oversight.left_to_staff import BY_STAFF
from mentoring.people import reads_alone
from mentoring.rows import insert_row, insert_rows
from mentoring.tasks import ask_for_zone, open_task

_TOMORROW = timedelta(days=1)
_A_WHILE = timedelta(hours=3)
# A try that fell on a Sunday moves the next by a day at most. One that waited for a whole weekend
# moves all that come after it by as much.
_LONG_OVERDUE = timedelta(days=1)


def open_invitation(
    session: Session,
    flow: str,
    *,
    match_id: int | None = None,
    person: Person,
    number: int,
    at: datetime,
    now: datetime,
) -> int | None:
    """Invite a person to a set of questions from that moment on; None when it was done before.

    `number` tells one of its kind from the next, such as the day of the match it stands for.
    Without a match the questions are about the person alone.
    """
    row = {
        "flow": flow,
        "match_id": match_id,
        "person_id": person.id,
        "number": number,
        "state": InvitationState.WAITING,
        "due_at": at,
    }
    made: int | None = insert_row(session, Invitation, row)
    if made is not None:
        first = _round(made, match_id, person.id, round_=1, at=at, now=now)
        insert_rows(session, Due, [first])
    return made


def open_invitations(
    session: Session, flow: str, *, people: Sequence[Person], at: datetime, now: datetime
) -> None:
    """Invite many people at once to questions about themselves; who was invited before is not."""
    if not people:
        return
    row = {"flow": flow, "number": 1, "state": InvitationState.WAITING, "due_at": at}
    ids = [person.id for person in people]
    insert_rows(session, Invitation, [row | {"match_id": None, "person_id": each} for each in ids])
    of_them = Invitation.flow == flow, Invitation.number == 1, Invitation.person_id.in_(ids)
    made = session.execute(select(Invitation.id, Invitation.person_id).where(*of_them)).all()
    # A try that is there already, by its key, is not planned twice.
    tries = [_round(each, None, person, round_=1, at=at, now=now) for each, person in made]
    insert_rows(session, Due, tries)


def why_ended(invitation: Invitation, person: Person, match_state: MatchState | None) -> str:
    """Say why a set of questions is asked no more; empty when it is still to be asked.

    `match_state` is None where the questions are about no match.
    """
    if invitation.state not in OPEN:
        return "answered or called off before"
    if person.state in OUT:
        return "no longer with us"
    if is_past(invitation.flow, person):
        return "is further on"
    if match_state is MatchState.CLOSED and not LADDERS[invitation.flow].after_closing:
        return HAS_ENDED
    return ""


def invite(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Do a batch of tries that are due: the deed of DueKind.INVITE."""
    batch = load_batch(session, dues, now=now)
    for due in dues:
        _Try(session, batch, due, now).make()
    batch.write(session)


_OPEN_TRY = select(Due).where(
    Due.invitation_id == bindparam("invitation_id"), Due.done_at.is_(None)
)


def open_question_of(session: Session, invitation: Invitation, *, now: datetime) -> bool:
    """Open a question for a text that asks it in words of its own; False where it is asked apart.

    That is where they take no texts, others may read one, or another question is open.
    """
    due = session.scalars(_OPEN_TRY, {"invitation_id": invitation.id}).one()
    batch = load_batch(session, [due], now=now)
    opened = _Try(session, batch, due, now).open_by_text()
    batch.write(session)
    return opened


@dataclass(frozen=True)
class _Try:
    """One try of one invitation."""

    session: Session
    batch: Batch
    due: Due
    now: datetime

    def make(self) -> None:
        """Try it now, put it off, or end it: whatever this moment allows."""
        one = self.batch.invitee(self.due)
        ladder = LADDERS[one.invitation.flow]
        rung = ladder.rung(self.due.round)
        ended = why_ended(one.invitation, one.person, one.match.state if one.match else None)
        if ended or rung is None:
            self._cancel(one, ended or "no more tries")
        elif self._rests(one) or self._is_left_to_staff(one):
            put_off(self.due, self.now + _TOMORROW)
        elif one.invitation.flow in CHECK_INS and one.person.id in self.batch.asked_by_staff:
            self._leave_to_staff(one, ladder)
        elif one.invitation.id in self.batch.not_before:
            put_off(self.due, self.batch.not_before[one.invitation.id])
        elif rung.way in (Way.STAFF, Way.GIVE_UP):
            self._lapse(one, ladder, to_staff=rung.way is Way.STAFF)
        else:
            self._reach(one, ladder, rung)

    def open_by_text(self) -> bool:
        """Open the question as if it had been texted, where it may be texted in full.

        Whoever likes to talk is called about it all the same, until they have answered.
        """
        one = self.batch.invitee(self.due)
        ladder = LADDERS[one.invitation.flow]
        rung = ladder.rung(self.due.round)
        may_be_texted = one.reach.texts and reads_alone(one.person, one.person.phone)
        if rung is None or not may_be_texted or not is_free_for(self.batch, one):
            return False
        self._note_that_it_is_asked(one)
        prepare_question(self.batch, one, by_text=True)
        if way_for(rung, one.reach) is Way.TEXT:
            finish(self.due, "asked in another text", now=self.now)
            self._plan_next(one, ladder)
        return True

    def _is_left_to_staff(self, one: Invitee) -> bool:
        is_ours = one.invitation.flow not in BY_STAFF
        return is_ours and one.person.id in self.batch.left_to_staff

    def _rests(self, one: Invitee) -> bool:
        match_state = one.match.state if one.match is not None else None
        return rests_with_match(one.invitation.flow, match_state, one_is_out=one.one_is_out)

    def _cancel(self, one: Invitee, why: str) -> None:
        finish(self.due, why, now=self.now)
        if one.invitation.state in OPEN:
            one.invitation.state = InvitationState.CANCELLED
            one.invitation.settled_at = self.now

    def _leave_to_staff(self, one: Invitee, ladder: Ladder) -> None:
        """Staff call about check-ins (O9): once they have, nobody wants an old one any more."""
        why = "left to staff"
        if one.invitation.state is InvitationState.WAITING:
            self._cancel(one, why)
        else:
            self._lapse(one, ladder, to_staff=False, why=why)

    def _reach(self, one: Invitee, ladder: Ladder, rung: Rung) -> None:
        """Ask by the way of this rung, when it is a good moment there and nothing else is open."""
        zone = zone_named(one.person.zone)
        if zone is None:
            ask_for_zone(self.session, one.person, now=self.now)
            put_off(self.due, self.now + ZONE_WAIT)
            return
        opening = next_opening(self.now, zone, self._hours(one, rung, zone))
        if opening is None or opening > self.now:
            put_off(self.due, opening or self.now + _TOMORROW)
            return
        if ladder.is_stale(one.invitation.due_at, self.now):
            self._lapse(one, ladder, to_staff=False)
        elif is_free_for(self.batch, one) or steps_aside(self.batch, one, ladder):
            self._ask(one, ladder, rung)
        elif soon := free_soon(self.batch, one):
            put_off(self.due, soon)
        elif ladder.when_busy and one.reach.texts and reads_alone(one.person, one.person.phone):
            self._only_tell(one, ladder.when_busy)
        else:
            put_off(self.due, self.now + (_A_WHILE if ladder.any_day else _TOMORROW))

    def _only_tell(self, one: Invitee, prompt: str) -> None:
        """Another question is open, and this one cannot wait for it: tell without asking."""
        one.invitation.state = InvitationState.ASKED
        one.invitation.asked_at = self.now
        self.batch.add_prompt(prompt, one, self.due)
        finish(self.due, "told, not asked", now=self.now)

    def _hours(self, one: Invitee, rung: Rung, zone: ZoneInfo) -> Hours:
        """Return the person's hours; a call after the first try comes at another part of day."""
        hours = asking_hours(one.invitation.flow, one.person, self.session.programme)
        if rung.way is not Way.CALL or one.invitation.asked_at is None:
            return hours
        return without_part(hours, part_of_day(one.invitation.asked_at.astimezone(zone)))

    def _ask(self, one: Invitee, ladder: Ladder, rung: Rung) -> None:
        way = way_for(rung, one.reach)
        self._note_that_it_is_asked(one)
        first: Turn | None = None
        if self.batch.question_on(one) is not None or self.batch.bring_back(one):
            # However old it is by now: whoever answers what was asked just now has a month for it.
            self.batch.questions[one.person.phone_id].touched_at = self.now
        else:
            # It can be answered from now on, by whoever calls or texts, whether or not any of our
            # tries gets through.
            first = prepare_question(self.batch, one, by_text=way is Way.TEXT)
        outcome = "no way to reach them"
        if way is Way.TEXT:
            ask_by_text(self.batch, one, self.due, ladder, first=first)
            outcome = "texted"
        elif way is Way.ANNOUNCE:
            self.batch.add_prompt("T-CKW", one, self.due, day=self._day_of_call(one, ladder))
            outcome = "told that we will call"
        elif way is Way.CALL:
            ask_for_call(self.session, one, self.due, now=self.now)
            outcome = "to be called"
        elif ladder.else_staff and not (one.reach.texts or one.reach.calls):
            self._lapse(one, ladder, to_staff=True, why=outcome)
            return
        finish(self.due, outcome, now=self.now)
        self._plan_next(one, ladder)

    def _note_that_it_is_asked(self, one: Invitee) -> None:
        if one.invitation.state is InvitationState.WAITING:
            one.invitation.state = InvitationState.ASKED
            one.invitation.asked_at = self.now

    def _day_of_call(self, one: Invitee, ladder: Ladder) -> str:
        """Return the day of the call that is announced, at the person's place."""
        zone = zone_named(one.person.zone) or self.session.programme.office
        rung = ladder.rung(self.due.round + 1)
        if rung is None:
            raise ValueError(f"No call follows round {self.due.round} of {ladder.name}.")
        call_at = self._moment_of(one, ladder, rung)
        opening = next_opening(call_at, zone, self._hours(one, rung, zone))
        return spoken_day(opening or call_at, zone)

    def _plan_next(self, one: Invitee, ladder: Ladder) -> None:
        following = ladder.rung(self.due.round + 1)
        if following is None:
            return
        self.batch.rounds.append(
            _round(
                one.invitation.id,
                one.invitation.match_id,
                one.invitation.person_id,
                round_=self.due.round + 1,
                at=self._moment_of(one, ladder, following),
                now=self.now,
            )
        )

    def _moment_of(self, one: Invitee, ladder: Ladder, following: Rung) -> datetime:
        """Return when the next try comes: counted from the first one.

        Where this try had to wait, the next one would follow it at once: then it comes a day after
        this one, or as long after it as the ladder wants them apart if this one waited for long.
        """
        asked_at = one.invitation.asked_at or self.now
        planned_at = asked_at + following.after
        present = ladder.rung(self.due.round)
        if present is None:
            return planned_at
        apart = following.after - present.after
        if self.now - (asked_at + present.after) > _LONG_OVERDUE:
            return self.now + apart
        if way_for(present, one.reach) is None:
            return planned_at
        return max(planned_at, self.now + min(apart, _TOMORROW))

    def _lapse(
        self, one: Invitee, ladder: Ladder, *, to_staff: bool, why: str = "no answer"
    ) -> None:
        """It is asked no more. The question stays open for a late answer until another comes."""
        one.invitation.state = InvitationState.LAPSED
        one.invitation.settled_at = self.now
        if to_staff:
            open_task(
                self.session,
                rule="check-in",
                words=f"{one.person.code} has not answered {ladder.name}. Please call or text.",
                key=task_when_lapsed(one.invitation.id),
                person=one.person,
                match_id=one.invitation.match_id,
                working_days=ladder.staff_days,
                now=self.now,
            )
        finish(self.due, why, now=self.now)


def _round(
    invitation_id: int,
    match_id: int | None,
    person_id: int,
    *,
    round_: int,
    at: datetime,
    now: datetime,
) -> dict[str, Any]:
    """Return the row of one try of an invitation."""
    return due_row(
        DueKind.INVITE,
        at=at,
        key=f"invite:{invitation_id}:{round_}",
        match_id=match_id,
        person_id=person_id,
        invitation_id=invitation_id,
        round_=round_,
        now=now,
    )

"""After a match: surveys, thanks, a rest, and how the business goes half a year later (3.11).

Nobody is asked who has left, was taken out, or wants to hear nothing; every other side of a match
that was closed is asked, or tried.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select

from mentoring.calendar.dues import finish, put_off
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.lookups import hours_given
from mentoring.calendar.pairs import match_with_sides
from mentoring.calendar.settling import OPEN
from mentoring.calendar.telling import tell
from mentoring.db import Session
from mentoring.models import (
    OUT,
    ClosureReason,
    Due,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Phone,
    Role,
)
from mentoring.people import move_person
from mentoring.tasks import open_task

# What a worker that was away for longer would ask comes too late to be asked at all.
_TOO_LATE = timedelta(days=14)
# After these ends "well done" would sound wrong.
_NO_THANKS = (
    ClosureReason.SAFETY,
    ClosureReason.NO_CONTACT,
    ClosureReason.POOR_FIT_TOPIC,
    ClosureReason.POOR_FIT_STYLE,
    ClosureReason.POOR_FIT_TIME,
)
_NOT_YET = (PersonState.PAUSED, PersonState.SUSPENDED)
_TOMORROW = timedelta(days=1)
_A_YEAR = timedelta(days=365)
_TRIED = (InvitationState.ANSWERED, InvitationState.LAPSED)
_GUIDE_AFTER_MATCHES = 2


def may_be_asked(person: Person) -> bool:
    """Tell whether somebody may still be asked how it was: not after they left or opted out."""
    return person.state not in OUT and not _has_opted_out(person.phone)


def _has_opted_out(phone: Phone) -> bool:
    """Tell whether the way that is left to us is one that they have refused."""
    no_calls = phone.calls_refused_at is not None
    return phone.texts_refused_at is not None or (no_calls and not phone.takes_texts)


def survey(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask both sides of a closed match how it was: the deed of DueKind.SURVEY, in two parts."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        if now - due.due_at > _TOO_LATE:
            finish(due, "too long ago", now=now)
        elif match.closure_reason is ClosureReason.SAFETY:
            _ask_staff_for_debrief(session, match, now=now)
            finish(due, "staff call both", now=now)
        else:
            asked = [_survey_side(session, side, due.round, now) for side in match.sides]
            finish(due, f"{sum(asked)} of 2 asked", now=now)


def _survey_side(session: Session, side: MatchSide, part: int, now: datetime) -> bool:
    if not may_be_asked(side.person):
        return False
    open_invitation(
        session,
        f"survey_{side.role}_{part}",
        match_id=side.match_id,
        person=side.person,
        number=0,
        at=now,
        now=now,
    )
    if part == 1 and side.match.closure_reason not in _NO_THANKS:
        tell(
            session,
            side,
            "T-T4",
            key=f"well-done:{side.id}",
            by_phone=f"well done with {side.match.code}! Pass their thanks on, if they wish.",
            now=now,
        )
    return True


def _ask_staff_for_debrief(session: Session, match: Match, *, now: datetime) -> None:
    """After a worry nobody is asked by a machine: staff call each side."""
    for side in match.sides:
        open_task(
            session,
            rule="debrief",
            words=f"{match.code} was closed for safety. Call {side.person.code}: how are they?",
            key=f"debrief:{side.id}",
            person=side.person,
            match_id=match.id,
            now=now,
        )


def rest_is_over(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Let a protege who wants a new mentor wait for one: the deed of DueKind.REST.

    Whoever is on a pause or suspended has not lost the wish: it is looked at again each day.
    """
    for due in dues:
        person = session.get_one(Person, due.person_id)
        if person.state in _NOT_YET:
            put_off(due, now + _TOMORROW)
            continue
        if person.state is PersonState.ALUM:
            reason = "rested, and wants a new mentor"
            move_person(
                session, person, PersonState.WAITING, actor="system", reason=reason, now=now
            )
        finish(due, person.state.value, now=now)


def appreciate(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Thank a mentor, and ask those who know it well to help: the deed of DueKind.APPRECIATE."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        late = now - due.due_at > _TOO_LATE
        side = next(side for side in match.sides if side.role is Role.MENTOR)
        if late or match.closure_reason in _NO_THANKS or not may_be_asked(side.person):
            finish(due, "not asked", now=now)
            continue
        hours, people = hours_given(session, side.person_id, now=now)
        # Two who only text have no hours, and have helped each other all the same.
        if people and not _was_asked(session, side, "thanks_name", now=now):
            _invite(session, side, "thanks_name", now=now)
        knows_it_well = _matches_ended(session, side.person_id) >= _GUIDE_AFTER_MATCHES
        if knows_it_well and not _was_asked(session, side, "peer_guide", now=now):
            _invite(session, side, "peer_guide", now=now)
        finish(due, f"{hours} hours, {people} people", now=now)


def _invite(session: Session, side: MatchSide, flow: str, *, now: datetime) -> None:
    open_invitation(
        session,
        flow,
        match_id=side.match_id,
        person=side.person,
        number=0,
        at=now,
        now=now,
    )


# They are about the mentor and no match: two matches that end close together ask them once. A year
# later others may be thanked by name, but who has said whether they would help was heard.
_ANSWERED_FOR_GOOD = ("peer_guide",)
_ASKED = (
    select(Invitation.id)
    .where(
        Invitation.person_id == bindparam("person_id"),
        Invitation.flow == bindparam("flow"),
        or_(
            Invitation.state.in_(OPEN),
            and_(Invitation.state.in_(_TRIED), Invitation.settled_at > bindparam("since")),
            and_(
                Invitation.state == InvitationState.ANSWERED,
                Invitation.flow.in_(_ANSWERED_FOR_GOOD),
            ),
        ),
    )
    .limit(1)
)


def _was_asked(session: Session, side: MatchSide, flow: str, *, now: datetime) -> bool:
    """Tell whether a mentor is being asked these questions, or was asked not long ago."""
    wanted = {"person_id": side.person_id, "flow": flow, "since": now - _A_YEAR}
    return session.columns(_ASKED, wanted).first() is not None


_MATCHES_ENDED = (
    select(func.count(Match.id))
    .join(MatchSide)
    .where(MatchSide.person_id == bindparam("person_id"), Match.state == MatchState.CLOSED)
)


def _matches_ended(session: Session, person_id: int) -> int:
    return session.columns(_MATCHES_ENDED, {"person_id": person_id}).scalar() or 0


_ENDS_LATER = or_(
    Match.closed_at.is_(None),
    Match.closed_at > bindparam("closed_at"),
    # Two that were closed in one tick.
    and_(Match.closed_at == bindparam("closed_at"), Match.id > bindparam("match_id")),
)
_LATER_MATCH = (
    select(Match.id)
    .join(MatchSide)
    .where(
        MatchSide.person_id == bindparam("person_id"),
        Match.id != bindparam("match_id"),
        _ENDS_LATER,
    )
    .limit(1)
)


def _has_later_match(session: Session, side: MatchSide, match: Match) -> bool:
    """Tell whether a match of theirs goes on, or ended after this one: the months count from it."""
    wanted = {"person_id": side.person_id, "match_id": match.id, "closed_at": match.closed_at}
    return session.columns(_LATER_MATCH, wanted).first() is not None


def follow_up(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ask a former protege how the business goes: the deed of DueKind.FOLLOW_UP."""
    for due in dues:
        match = match_with_sides(session, due.match_id)
        side = next(side for side in match.sides if side.role is Role.PROTEGE)
        if now - due.due_at > _TOO_LATE:
            finish(due, "too long ago", now=now)
        elif _has_later_match(session, side, match):
            finish(due, "matched again", now=now)
        elif match.closure_reason is ClosureReason.SAFETY or not may_be_asked(side.person):
            finish(due, "not asked", now=now)
        else:
            _invite(session, side, f"follow_up_{due.round}", now=now)
            finish(due, "asked", now=now)

"""Opening and closing matches. Only staff do either; each change of state is one logged row."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from mentoring.calendar.covers import end_cover
from mentoring.calendar.days import FIRST_DAYS, PLAN_AFTER
from mentoring.calendar.dues import plan
from mentoring.calendar.ladders import UNTIL_CLOSED
from mentoring.calendar.lookups import HAS_ENDED
from mentoring.calendar.settling import settle
from mentoring.calendar.talks import cancel_talks, plan_next_talk
from mentoring.codes import next_code
from mentoring.db import Memo, Session
from mentoring.errors import ProgrammeError
from mentoring.lines import draw_line
from mentoring.models import (
    OUT,
    RESTING,
    ClosureReason,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Role,
    Transition,
)
from mentoring.people import move_person
from mentoring.spoken_notices import take_back_all

_MATCHED = {Role.PROTEGE: PersonState.MATCHED, Role.MENTOR: PersonState.ACTIVE}
# After the last match. A protege waits for another one only when they have asked for it.
_DONE = {Role.PROTEGE: PersonState.ALUM, Role.MENTOR: PersonState.AVAILABLE}
# What follows the end of a match, in which part, and after how many days.
_AFTERMATH = (
    (DueKind.SURVEY, 1, 0),
    (DueKind.SURVEY, 2, 1),
    (DueKind.APPRECIATE, 1, 7),
    (DueKind.FOLLOW_UP, 6, 182),
    (DueKind.FOLLOW_UP, 12, 365),
)


def open_match(
    session: Session, *, protege: Person, mentor: Person, actor: str, now: datetime
) -> Match:
    """Open a match in INTRO on a fresh pair line; raises ProgrammeError with a sentence."""
    refuse_unfit_pair(session, protege, mentor)
    line = draw_line(session, protege, mentor, now=now)
    match = Match(
        code=next_code(session, "K"),
        state=MatchState.INTRO,
        line_id=line.id,
        opened_at=now,
        line=line,
    )
    match.sides = [
        MatchSide(role=p.role, person=p, phone_id=p.phone_id, phone=p.phone, line_id=line.id)
        for p in (protege, mentor)
    ]
    session.add(match)
    try:
        session.flush()
    except IntegrityError as error:
        raise ProgrammeError(
            "Somebody else opened a match for one of them just now. Try again."
        ) from error
    _log(session, match, None, actor=actor, reason="match opened", now=now)
    _plan_first_dues(session, match, now=now)
    for person in (protege, mentor):
        move_person(session, person, _MATCHED[person.role], actor=actor, reason=match.code, now=now)
    return match


def _plan_first_dues(session: Session, match: Match, *, now: datetime) -> None:
    """Let the calendar begin."""
    plan_day(session, match, FIRST_DAYS[0], now=now)
    plan_term(session, match, 1, now=now)


def plan_day(session: Session, match: Match, day: int, *, now: datetime) -> None:
    """Let a day of a match come: mentoring/calendar/pages.py opens what it brings."""
    plan(
        session,
        DueKind.CALENDAR,
        at=match.opened_at + timedelta(days=day),
        key=f"calendar:{match.id}:{day}",
        match_id=match.id,
        round_=day,
        now=now,
    )


def plan_term(session: Session, match: Match, count: int, *, now: datetime) -> None:
    """Let the end of a term come near: mentoring/calendar/terms.py asks both what they want."""
    days = session.programme.term_days * count - session.programme.closing_days
    plan(
        session,
        DueKind.TERM,
        at=match.opened_at + timedelta(days=days),
        key=f"term:{match.id}:{count}",
        match_id=match.id,
        round_=count,
        now=now,
    )


def plan_aftermath(session: Session, match: Match, *, closed_at: datetime, now: datetime) -> None:
    """Let both be asked how it was, be thanked, and later how the business goes."""
    for kind, part, days in _AFTERMATH:
        plan(
            session,
            kind,
            at=closed_at + timedelta(days=days),
            key=f"{kind}:{match.id}:{part}",
            match_id=match.id,
            round_=part,
            now=now,
        )


def refuse_unfit_pair(session: Session, protege: Person, mentor: Person) -> None:
    """Raise ProgrammeError, with a sentence, where no match of the two can be opened."""
    if protege.role is not Role.PROTEGE or mentor.role is not Role.MENTOR:
        raise ProgrammeError("A match needs a protege first and a mentor second: P.. then M..")
    for person in (protege, mentor):
        if person.state in OUT:
            raise ProgrammeError(f"{person.code} is {person.state} and cannot be matched.")
    if protege.phone_id == mentor.phone_id:
        raise ProgrammeError(
            f"{protege.code} and {mentor.code} share one phone, so a call could never pass between"
            " them. Ask one of them for another number first."
        )
    if _open_match_of(session, protege, mentor) is not None:
        raise ProgrammeError(f"{protege.code} and {mentor.code} have an open match already.")


def _open_match_of(session: Session, protege: Person, mentor: Person) -> Match | None:
    mine, theirs = MatchSide.__table__.alias(), MatchSide.__table__.alias()
    return session.scalar(
        select(Match)
        .join(mine, mine.c.match_id == Match.id)
        .join(theirs, theirs.c.match_id == Match.id)
        .where(
            mine.c.person_id == protege.id,
            theirs.c.person_id == mentor.id,
            Match.state != MatchState.CLOSED,
        )
    )


def close_match(
    session: Session, match: Match, *, reason: ClosureReason, actor: str, now: datetime
) -> None:
    """Close a match. Its line stays held until the quarantine is over, then serves others."""
    if match.state is MatchState.CLOSED:
        raise ProgrammeError(f"{match.code} was closed on {match.closed_at:%Y-%m-%d} already.")
    before = match.state
    match.state = MatchState.CLOSED
    match.closed_at = now
    match.closure_reason = reason
    match.line_free_at = now + session.programme.quarantine
    cancel_talks(session, match.id, now=now)
    _end_questions(session, match.id, now=now)
    take_back_all(session, match.id, now=now)
    if before in RESTING:
        end_cover(session, match, now=now)
    _log(session, match, before, actor=actor, reason=reason.value, now=now)
    plan_aftermath(session, match, closed_at=now, now=now)
    for side in match.sides:
        # Whoever is on a break, suspended or gone stays so: only the matched are done with it.
        still_matched = side.person.state is _MATCHED[side.role]
        if still_matched and not has_other_match(session, side):
            move_person(
                session, side.person, _DONE[side.role], actor=actor, reason=match.code, now=now
            )


def _end_questions(session: Session, match_id: int, *, now: datetime) -> None:
    """Nobody is asked any more how a match goes that has ended: how it was is asked instead."""
    chosen = Invitation.match_id == match_id, Invitation.flow.in_(UNTIL_CLOSED)
    settle(session, *chosen, state=InvitationState.CANCELLED, outcome=HAS_ENDED, now=now)


_OTHER_MATCH = (
    select(Match.id)
    .join(MatchSide)
    .where(
        MatchSide.person_id == bindparam("person_id"),
        Match.id != bindparam("match_id"),
        Match.state != MatchState.CLOSED,
    )
    .limit(1)
)


def has_other_match(session: Session, side: MatchSide) -> bool:
    """Tell whether a person has another match that is not closed."""
    wanted = {"person_id": side.person_id, "match_id": side.match_id}
    return session.columns(_OTHER_MATCH, wanted).first() is not None


def move_match(
    session: Session, match: Match, to: MatchState, *, actor: str, reason: str, now: datetime
) -> None:
    """Change the state of an open match and log it. No change writes no row."""
    if match.state is to:
        return
    before = match.state
    match.state = to
    _log(session, match, before, actor=actor, reason=reason, now=now)
    if to in RESTING:
        cancel_talks(session, match.id, keep_known=True, now=now)
    elif before in RESTING:
        plan_next_talk(session, match, now=now)
        end_cover(session, match, now=now)


def begin_early(session: Session, match: Match, *, now: datetime) -> None:
    """The two have met: INTRO becomes EARLY, and half a day later both are asked for their plan.

    Staff may have put it on hold since it was read, and that stays.
    """
    still_intro = (Match.id == match.id, Match.state == MatchState.INTRO)
    moved = session.execute(
        update(Match).where(*still_intro).values(state=MatchState.EARLY).returning(Match.id)
    )
    if moved.first() is None:
        return
    _log(session, match, MatchState.INTRO, actor="system", reason="first two-way contact", now=now)
    key, at = f"plan:{match.id}", now + PLAN_AFTER
    plan(session, DueKind.PLAN, at=at, key=key, match_id=match.id, now=now)


def _log(
    session: Session,
    match: Match,
    before: MatchState | None,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    # Who can reach whom, and hear what, may have changed.
    for known in (Memo.PARTNERS, Memo.NOTES, Memo.TALKS):
        session.memo.pop(known, None)
    session.add(
        Transition(
            entity="match",
            entity_id=match.id,
            from_state=before.value if before else None,
            to_state=match.state.value,
            actor=actor,
            reason=reason,
            at=now,
        )
    )


def match_with_code(session: Session, code: str) -> Match:
    """Return the match with that code, such as K03; raises ProgrammeError with a sentence."""
    match = session.scalar(
        select(Match).where(Match.code == code.strip().upper()).options(selectinload(Match.sides))
    )
    if match is None:
        raise ProgrammeError(
            f"There is no match with the code {code}. `bridgeline match list` shows all."
        )
    return match

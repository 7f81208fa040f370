"""Two whose match ends would like to keep in touch: once both say so, staff see to it (2.3).

We pass nothing on by ourselves. Staff call both, and what they give each other then is outside the
programme. After an end for safety, or where one of the two is out, staff hear of each wish alone.
Each of these is asked of staff once in an end, however often it is said.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from mentoring.calendar.lookups import closings
from mentoring.calendar.pairs import match_with_sides, other_side
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    OUT,
    ClosureReason,
    Match,
    MatchSide,
    MatchState,
    Person,
    Transition,
)
from mentoring.routing import take_match
from mentoring.tasks import end_task_for_now, open_task

RULE = "keep in touch"
# The wish of one side is kept beside the changes of state of their match.
_WISH, _WISHED = "keep in touch", "wished"


class Heard(StrEnum):
    """What came of a wish."""

    NOTED = "noted"
    BY_BOTH = "said by both"
    BY_STAFF = "left to staff"
    SEEN_TO = "seen to by staff"


# What staff hear who note the wish of somebody they talk with.
FOR_STAFF = {
    Heard.NOTED: "Noted. Once the other one says so too, there is a task to call both.",
    Heard.BY_BOTH: "Both have said so: there is a task to call both.",
    Heard.BY_STAFF: "Staff stand between the two: there is a task to talk with this one alone.",
    Heard.SEEN_TO: "Noted. The task about it is done already.",
}


def note_for(session: Session, side: MatchSide, *, actor: str, now: datetime) -> Heard:
    """Note for somebody what they told staff; raises ProgrammeError while their match goes on."""
    match = side.match
    if match.state not in (MatchState.CLOSING, MatchState.CLOSED):
        raise ProgrammeError(f"{match.code} is {match.state.value}, and not ending.")
    return note_wish(session, side, actor=actor, now=now)


def note_wish(session: Session, side: MatchSide, *, actor: str, now: datetime) -> Heard:
    """Note that one of the two would like to keep in touch; the second one brings it to staff.

    Of two who say so in the same moment the second waits for the first.
    """
    take_match(session, side.match_id)
    match = match_with_sides(session, side.match_id)
    other = other_side(match, side.person_id)
    if match.closure_reason is ClosureReason.SAFETY:
        return _ask_staff_alone(session, match, side.person, "It ended for safety", now=now)
    wishing = _wishing(session, match)
    if side.id not in wishing:
        _keep(session, side, actor=actor, now=now)
    who_is_out = _who_is_out(match, other.person)
    if who_is_out:
        return _ask_staff_alone(session, match, side.person, who_is_out, now=now)
    if other.id not in wishing:
        return Heard.NOTED
    return _ask_staff_for_both(session, match, now=now)


def _ask_staff_for_both(session: Session, match: Match, *, now: datetime) -> Heard:
    """Ask staff to call both; what they were asked about one alone is part of that."""
    end = _name_of_end(session, match)
    for each in match.sides:
        key = _key_alone(end, each.person)
        end_task_for_now(session, key, outcome="both would like to", now=now)
    both = " and ".join(f"{each.person.shown_name} ({each.person.code})" for each in match.sides)
    task = open_task(
        session,
        rule=RULE,
        words=f"{both} would both like to keep in touch after {match.code}. Call both. Pass on one"
        " contact detail each way with their consent, and note that it is outside the programme"
        " now.",
        key=end,
        match_id=match.id,
        now=now,
    )
    return Heard.BY_BOTH if task.done_at is None else Heard.SEEN_TO


def _who_is_out(match: Match, other: Person) -> str:
    """Say who is not with us, so that nobody may learn the other's wish; empty where both are."""
    out = [side.person for side in match.sides if side.person.state in OUT]
    if not out:
        return ""
    return f"{(other if other in out else out[0]).code} is not with us now"


def _ask_staff_alone(
    session: Session, match: Match, person: Person, why: str, *, now: datetime
) -> Heard:
    task = open_task(
        session,
        rule=RULE,
        words=f"{person.code} would like to keep in touch after {match.code}. {why}: talk with"
        f" {person.code} alone, pass nothing on, and tell nobody what the other one wishes.",
        key=_key_alone(_name_of_end(session, match), person),
        person=person,
        match_id=match.id,
        now=now,
    )
    return Heard.BY_STAFF if task.done_at is None else Heard.SEEN_TO


def _name_of_end(session: Session, match: Match) -> str:
    """Return what names this end of a match: an earlier one may have been taken back."""
    return f"{RULE}:{match.code}:{closings(session, match.id)}"


def _key_alone(end: str, person: Person) -> str:
    return f"{end}:{person.code}"


def end_wishes(session: Session, match: Match, *, outcome: str, now: datetime) -> None:
    """Staff took the end of a match back: what they were asked about keeping in touch is past."""
    end = _name_of_end(session, match)
    for key in (end, *(_key_alone(end, side.person) for side in match.sides)):
        end_task_for_now(session, key, outcome=outcome, now=now)


def _keep(session: Session, side: MatchSide, *, actor: str, now: datetime) -> None:
    wish = Transition(
        entity=_WISH,
        entity_id=side.id,
        from_state=None,
        to_state=_WISHED,
        actor=actor,
        reason="would like to keep in touch",
        at=now,
    )
    session.add(wish)


_Back = aliased(Transition)
_STAYS = (MatchState.CLOSED.value, MatchState.SAFETY_HOLD.value)
_WISHING = select(Transition.entity_id).where(
    Transition.entity == _WISH,
    Transition.entity_id.in_(bindparam("side_ids", expanding=True)),
    # What was said in an end that staff have taken back since is past.
    ~exists(
        select(_Back.id).where(
            _Back.entity == "match",
            _Back.entity_id == bindparam("match_id"),
            _Back.from_state == MatchState.CLOSING.value,
            _Back.to_state.not_in(_STAYS),
            _Back.at >= Transition.at,
        )
    ),
)


def _wishing(session: Session, match: Match) -> set[int]:
    """Return the sides of a match that would like to keep in touch after this end of it."""
    wanted = {"side_ids": [side.id for side in match.sides], "match_id": match.id}
    return set(session.columns(_WISHING, wanted).scalars())


# The end of a match, as long as its line is theirs.
_IS_ENDING = or_(
    Match.state == MatchState.CLOSING,
    and_(Match.state == MatchState.CLOSED, MatchSide.released_at.is_(None)),
)
_ENDING = select(MatchSide).join(Match, Match.id == MatchSide.match_id).where(_IS_ENDING)
_OF_PEOPLE = MatchSide.person_id.in_(bindparam("person_ids", expanding=True))
_ENDING_OF_PEOPLE = _ENDING.where(_OF_PEOPLE).order_by(MatchSide.id)
_ENDING_ON_LINE = _ENDING.where(
    MatchSide.phone_id == bindparam("phone_id"),
    MatchSide.line_id == bindparam("line_id"),
    MatchSide.released_at.is_(None),
)


def ending_sides(session: Session, people: Collection[Person]) -> Sequence[MatchSide]:
    """Return the sides of some people in matches that are closing, or whose line is at rest."""
    return session.scalars(_ENDING_OF_PEOPLE, {"person_ids": [each.id for each in people]}).all()


_HELD_OF_PEOPLE = (
    select(MatchSide)
    .join(Match, Match.id == MatchSide.match_id)
    .where(_OF_PEOPLE, Match.state == MatchState.SAFETY_HOLD)
    .order_by(MatchSide.id)
)


def held_sides(session: Session, people: Collection[Person]) -> Sequence[MatchSide]:
    """Return the sides of some people in matches on hold, whether these were ending or not."""
    return session.scalars(_HELD_OF_PEOPLE, {"person_ids": [each.id for each in people]}).all()


def ending_sides_on_line(session: Session, *, phone_id: int, line_id: int) -> Sequence[MatchSide]:
    """Return the one side behind a phone and a line, if its match is ending or its line at rest."""
    wanted = {"phone_id": phone_id, "line_id": line_id}
    return session.scalars(_ENDING_ON_LINE, wanted).all()

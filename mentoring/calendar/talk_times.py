"""At which moments a pair talks: by the rhythm of their plan, and within the hours of both."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from mentoring.calendar.absences import one_is_away
from mentoring.calendar.pairs import other_side
from mentoring.calendar.slot_times import next_moment
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.hours import hard_hours, is_open, next_opening
from mentoring.models import OPEN_TALKS, Match, MatchSide, Person, Plan, Talk, TalkState
from mentoring.programme import Programme

# From one talk to the next, always on the same weekday: "each month" is every fourth week.
WEEKS = {"week": 1, "two_weeks": 2, "month": 4}
# The other one must still have the time to learn of a new one, and staff to tell it.
_SOONEST, _TELL_BEFORE = timedelta(minutes=15), timedelta(hours=1)
# So far apart are the talks of somebody who has several partners.
_HOUR = timedelta(hours=1)
# So soon after agreeing nobody is to be surprised by a talk.
_LEAD = timedelta(hours=2)
# So many talks of the rhythm are looked at: half a year of the rarest holds both clock changes.
_LOOK_AHEAD = 8


def talks_of_plan(plan: Plan, zone: ZoneInfo, *, after: datetime) -> Iterator[datetime]:
    """Yield the next moments (UTC) of a plan, each at the same hour on the clocks of a zone.

    They are counted from the first one after both agreed, so a talk that was moved or a pause
    shifts none of them.
    """
    agreed_at = max(plan.protege_agreed_at or after, plan.mentor_agreed_at or after)
    first = next_moment(plan.slot, zone=zone, after=agreed_at + _LEAD).astimezone(zone)
    step = timedelta(weeks=WEEKS.get(plan.rhythm, 1))
    gone = max(0, (after.astimezone(zone).date() - first.date()) // step)
    found = 0
    while found < _LOOK_AHEAD:
        day = first.date() + gone * step
        # Built on its calendar day, so it keeps its hour where the clocks change in between.
        moment = datetime.combine(day, first.time(), tzinfo=zone).astimezone(UTC)
        gone += 1
        if moment > after:
            found += 1
            yield moment


def suits_both(moment: datetime, people: Iterable[Person], programme: Programme) -> bool:
    """Tell whether everybody may be rung at a moment, by the clocks of their own place (S4)."""
    hours = hard_hours(programme)
    return all(
        is_open(moment, zone_named(person.zone) or programme.office, hours) for person in people
    )


_TAKEN = select(Talk.at).where(
    Talk.match_id.in_(
        select(MatchSide.match_id).where(
            MatchSide.person_id.in_(bindparam("person_ids", expanding=True))
        )
    ),
    Talk.match_id != bindparam("match_id"),
    Talk.state.in_((*OPEN_TALKS, TalkState.PROPOSED)),
)


def times_taken(session: Session, match: Match) -> Sequence[datetime]:
    """Return when one of the two talks with others, or has been asked to."""
    wanted = {"match_id": match.id, "person_ids": [side.person_id for side in match.sides]}
    return session.columns(_TAKEN, wanted).scalars().all()


def is_taken(moment: datetime, taken: Iterable[datetime]) -> bool:
    """Tell whether a talk at a moment would be within an hour of one of those."""
    return any(abs(moment - each) < _HOUR for each in taken)


def why_not_at(session: Session, at: datetime, match: Match, *, by: Person, now: datetime) -> str:
    """Return what is said of a time that somebody names for a talk; empty when it can be."""
    programme = session.programme
    other = other_side(match, by.id).person
    # At night the other one is told nothing, so they learn of it when their day begins.
    learns_at = next_opening(now, zone_named(other.zone) or programme.office, hard_hours(programme))
    if at < (learns_at or now) + _SOONEST:
        return "T-CLPAST"
    people = [side.person for side in match.sides]
    if not suits_both(at, people, programme):
        return "T-CLNIGHT"
    if one_is_away(session, people, at) or is_taken(at, times_taken(session, match)):
        return "T-CLTAKEN"
    return ""


def told_by(at: datetime) -> datetime:
    """Return by when staff tell somebody of a talk at a moment."""
    return at - _TELL_BEFORE

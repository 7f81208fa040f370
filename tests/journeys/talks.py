"""What journeys about planned talks have in common. The clock stands at Tuesday, 11 in Chicago."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentoring.calendar.talks import plan_next_talk
from mentoring.models import Due, DueKind, Match, Person, Plan, Role, Talk
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

CHICAGO = ZoneInfo("America/Chicago")
# The slot of `planned`: two days after the beginning, and before anything else is asked.
THURSDAY = datetime(2026, 3, 5, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
# The database of time zones has dropped it.
DROPPED = "US/Pacific-New"
ASKED = (
    "Your talk with Luis is Thu, Mar 5 at 4 pm your time. Call this number then, or let us ring"
    " you. Reply 1 ring me, 2 new time."
)


MISSED = (
    "You and Luis had planned a talk at 4 pm. It did not come about this time. That happens."
    " Call or text here to set a new time."
)


def planned(
    town: Town,
    slot: str = "thu 16:00",
    rhythm: str = "week",
    *,
    rosa: dict[str, object] | None = None,
    luis: dict[str, object] | None = None,
) -> Match:
    """Match Rosa with Luis, who have agreed to talk at that slot of hers."""
    protege: Person = town.person(Role.PROTEGE, "Rosa", ROSA, **(rosa or {}))  # type: ignore[arg-type]
    mentor: Person = town.person(Role.MENTOR, "Luis", LUIS, **(luis or {}))  # type: ignore[arg-type]
    match = town.match(protege, mentor)
    agree(town, match, slot, rhythm)
    return match


def agree(town: Town, match: Match, slot: str, rhythm: str = "week") -> None:
    """Let the two of a match have agreed to talk at a slot of the protege's."""
    now = town.clock.now()
    protege = next(side.person for side in match.sides if side.role is Role.PROTEGE)
    with town.db.transaction() as session:
        agreed = Plan(
            match_id=match.id,
            version=1,
            rhythm=rhythm,
            slot=slot,
            zone=protege.zone or "",
            reply="day",
            proposed_at=now,
            protege_agreed_at=now,
            mentor_agreed_at=now,
        )
        session.add(agreed)
        session.flush()
        plan_next_talk(session, session.get_one(Match, match.id), now=now)


def talks(town: Town) -> list[Talk]:
    """Return all talks that were ever planned, in the order in which they were."""
    with town.db.transaction() as session:
        return list(session.scalars(select(Talk).order_by(Talk.id)))


def states(town: Town) -> list[tuple[str, str]]:
    """Return each talk with its time in Chicago and its state."""
    return [(local(talk.at), talk.state.value) for talk in talks(town)]


def local(moment: datetime) -> str:
    """Return a moment as the clocks in Chicago show it."""
    return f"{moment.astimezone(CHICAGO):%a %b %d %H:%M}"


def got(town: Town, number: str, after: int = 0) -> list[str]:
    """Return the texts that somebody got."""
    return [text.body for text in town.phone(number).inbox[after:]]


def until(town: Town, moment: datetime) -> None:
    """Let time pass until a moment, with everything that is due on the way."""
    town.days_pass((moment - town.clock.now()) / timedelta(days=1))


def talk_for(town: Town, first: Caller, second: Caller, seconds: float = 300) -> None:
    """Let two who are connected talk, and the second hang up."""
    town.emulator.advance(seconds)
    second.hangs_up()
    first.hears("[call ended]")
    town.settle()


def outcomes(town: Town, kind: DueKind) -> list[str | None]:
    """Return what came of the dues of a kind."""
    with town.db.transaction() as session:
        chosen = select(Due.outcome).where(Due.kind == kind).order_by(Due.due_at, Due.id)
        return list(session.scalars(chosen))


def rosa_wants_to_be_rung(town: Town) -> None:
    """Let the day before come, and Rosa reply 1."""
    until(town, THURSDAY - 23 * HOUR)
    assert town.texts(ROSA, MAIN, "1") == ["Good. We will ring you at 4 pm."]


def is_rung(town: Town, number: str) -> Caller:
    """Take the call that comes from the line of the pair."""
    caller = town.caller(number)
    assert caller.handset.ringing == PAIRS[0]
    caller.answers()
    return caller


def drop_the_zone(town: Town, number: str = ROSA) -> None:
    """Let the zone of somebody be one that the database of zones holds no more."""
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        session.get_one(Person, person_id).zone = DROPPED

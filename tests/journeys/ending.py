"""What the journeys about milestones, pauses and the end of a match have in common."""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentoring.calendar.closing import begin_closing
from mentoring.calendar.milestones import open_milestone
from mentoring.matches import close_match
from mentoring.models import (
    Answer,
    ClosureReason,
    Due,
    DueKind,
    Invitation,
    Match,
    Mode,
    Person,
    Plan,
    Role,
    Transition,
)
from mentoring.people import find_phone
from tests.journeys.cast import LUIS, ROSA
from tests.town import Town

CHICAGO = ZoneInfo("America/Chicago")


def text_pair(town: Town, **rosa_is: object) -> Match:
    """Rosa and Luis, who both like to text; further facts are hers."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT, **rosa_is)  # type: ignore[arg-type]
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    return town.match(rosa, luis)


def agree_on_tuesdays(town: Town, match: Match) -> None:
    """Let the two have a plan: every other week, Tuesdays at six in Chicago."""
    now = town.clock.now()
    with town.db.transaction() as session:
        agreed = Plan(
            match_id=match.id,
            version=1,
            rhythm="two_weeks",
            slot="tue 18:00",
            zone="America/Chicago",
            reply="day",
            proposed_at=now,
            protege_agreed_at=now,
            mentor_agreed_at=now,
        )
        session.add(agreed)


def got(town: Town, number: str, after: int = 0) -> list[str]:
    """Return the texts that somebody got."""
    return [text.body for text in town.phone(number).inbox[after:]]


def now_is(town: Town, match: Match) -> Match:
    """Return a match as it is now."""
    with town.db.transaction() as session:
        return session.get_one(Match, match.id)


def state_at(town: Town, number: str) -> str:
    """Return the state of the one person behind a number."""
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        return phone.people[0].state.value


def moves_of(town: Town, match: Match) -> list[tuple[str | None, str, str]]:
    """Return from where to where a match has moved, and by whom."""
    return _moves(town, "match", match.id)


def moves_of_person(town: Town, number: str) -> list[tuple[str | None, str, str]]:
    """Return from where to where somebody has moved, and by whom."""
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        person: Person = phone.people[0]
    return _moves(town, "person", person.id)


def _moves(town: Town, entity: str, entity_id: int) -> list[tuple[str | None, str, str]]:
    with town.db.transaction() as session:
        rows = session.scalars(
            select(Transition)
            .where(Transition.entity == entity, Transition.entity_id == entity_id)
            .order_by(Transition.id)
        )
        return [(row.from_state, row.to_state, row.actor) for row in rows]


def invitations(town: Town, flow: str) -> list[Invitation]:
    """Return the invitations to one set of questions."""
    with town.db.transaction() as session:
        chosen = select(Invitation).where(Invitation.flow == flow).order_by(Invitation.id)
        return list(session.scalars(chosen))


def outcome_of(town: Town, key: str) -> str | None:
    """Return what came of something that was planned under a key."""
    with town.db.transaction() as session:
        return session.scalars(select(Due).where(Due.dedupe_key == key)).one().outcome


def rules(town: Town) -> list[str]:
    """Return the rules of all tasks for staff."""
    return [task.rule for task in town.tasks()]


def close(town: Town, match: Match, reason: ClosureReason = ClosureReason.GOAL_MET) -> None:
    """Let staff close a match at once."""
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        close_match(session, row, reason=reason, actor="staff", now=town.clock.now())
    town.settle()


def answers(town: Town) -> dict[str, str | None]:
    """Return every answer by its question."""
    with town.db.transaction() as session:
        return {row.question: row.value for row in session.scalars(select(Answer))}


def ask_after_90_days(town: Town, match: Match) -> None:
    """Ask the two what they would like now, as on day 90, and nothing else of the calendar."""
    with town.db.transaction() as session:
        for due in session.scalars(select(Due).where(Due.kind == DueKind.CALENDAR)):
            due.done_at, due.outcome = town.clock.now(), "left out"
        open_milestone(session, session.get_one(Match, match.id), 90, now=town.clock.now())


def let_end(town: Town, match: Match, why: str) -> None:
    """Let a match end well, as staff would."""
    with town.db.transaction() as session:
        begin_closing(
            session,
            session.get_one(Match, match.id),
            reason=ClosureReason.OTHER,
            actor="staff",
            why=why,
            now=town.clock.now(),
        )
    town.settle()

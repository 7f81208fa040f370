"""What journeys of people who apply have in common: how staff screen them, and the lessons."""

from sqlalchemy import select

from mentoring.applications.checklist import ORIENTATION_TALK, SCREENING_TALK
from mentoring.applications.orientation import lesson_results
from mentoring.applications.screening import add_reference, decide, reference_answered, tick
from mentoring.db import Session
from mentoring.models import (
    Consent,
    DecisionOutcome,
    DecisionReason,
    How,
    Person,
    PersonState,
    Role,
    Verdict,
)
from mentoring.people import person_with_code
from tests.town import Town

STAFF = "staff:Charlotte"
# The right keys, lesson by lesson.
RIGHT = {Role.PROTEGE: "1211", Role.MENTOR: "22112"}


def applicant(town: Town, role: Role, name: str, number: str, **facts: object) -> Person:
    """Add somebody who has answered all questions of the intake."""
    return town.person(role, name, number, state=PersonState.SCREENING, **facts)  # type: ignore[arg-type]


def tick_talk(town: Town, session: Session, person: Person, item: str = SCREENING_TALK) -> None:
    """Write down that staff have talked with somebody today."""
    now = town.clock.now()
    today = now.astimezone(session.programme.office).date()
    tick(session, person, item, held_on=today, how=How.CALL, words="", actor=STAFF, now=now)


def hold_orientation_talk(town: Town, person: Person) -> None:
    """Let staff hold the live talk about the orientation with a mentor."""
    with town.db.transaction() as session:
        tick_talk(town, session, person_with_code(session, person.code), ORIENTATION_TALK)


def hear_references(town: Town, session: Session, person: Person, count: int = 2) -> None:
    """Let so many people who know a mentor tell staff about them."""
    now = town.clock.now()
    for place in range(count):
        reference = add_reference(
            session,
            person,
            name=f"Friend {place}",
            number=f"515 555 018{place}",
            agreed="told the mentor so",
            actor=STAFF,
            now=now,
        )
        reference_answered(
            session,
            person,
            reference.id,
            verdict=Verdict.GOOD,
            words="Kind.",
            actor=STAFF,
            now=now,
        )


def find_eligible(town: Town, person: Person) -> None:
    """Let staff talk with somebody, hear the references of a mentor, and take them on."""
    with town.db.transaction() as session:
        found = person_with_code(session, person.code)
        tick_talk(town, session, found)
        if found.role is Role.MENTOR:
            hear_references(town, session, found)
        decide(
            session,
            found,
            outcome=DecisionOutcome.ELIGIBLE,
            reason=DecisionReason.FITS,
            words="",
            actor=STAFF,
            now=town.clock.now(),
        )


def results(town: Town, person: Person) -> list[tuple[str, str | None, bool, int]]:
    """Return of each lesson what was answered last, whether that is right, and at which try."""
    with town.db.transaction() as session:
        return [
            (each.lesson.key, each.answer.value if each.answer else None, each.is_right, each.tries)
            for each in lesson_results(session, person_with_code(session, person.code))
        ]


def promises(town: Town, person: Person) -> list[tuple[str, bool, str, str]]:
    """Return the promises of somebody: part, yes or no, version of the wording, channel."""
    with town.db.transaction() as session:
        given = select(Consent).where(
            Consent.person_id == person.id, Consent.part.in_(("AP", "AM"))
        )
        return [
            (each.part, each.agreed, each.text_version, each.channel.value)
            for each in session.scalars(given.order_by(Consent.id))
        ]

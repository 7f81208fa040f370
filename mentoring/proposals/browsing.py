"""Mentors whom somebody who waits may hear of, and the wish to meet one of them (V-BROWSE).

Only mentors who fit, by the kept plan, and who have said in their screening talk that they may be
described. A wish is a task for staff, and counts for nothing in the plan.
"""

from collections.abc import Sequence

from sqlalchemy import select

from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.flows.browsing import MOST
from mentoring.languages import staff_named
from mentoring.matching.reading import candidate_of
from mentoring.models import Person, PersonState, PlannedMatch, Role
from mentoring.proposals.words import blurb_of
from mentoring.tasks import open_task

DESCRIBED = "described"
_SERVING = (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE)


def may_browse(person: Person) -> bool:
    """Tell whether somebody waits for a mentor, so that the menu offers to hear of some."""
    return person.role is Role.PROTEGE and person.state is PersonState.WAITING


def described_to(session: Session, person: Person) -> Sequence[Person]:
    """Return the mentors whom a protege may hear of, the one who fits best first."""
    planned = session.get(PlannedMatch, person.id)
    codes = [str(code) for code, _ in planned.top] if planned is not None else []
    if not codes:
        return ()
    found = session.scalars(
        select(Person).where(Person.code.in_(codes), Person.state.in_(_SERVING))
    )
    agreed = [each for each in found if each.profile.get(DESCRIBED) == "yes"]
    return sorted(agreed, key=lambda each: codes.index(each.code))[:MOST]


def blurb(session: Session, protege: Person, place: int) -> str:
    """Return what is said of the mentor in that place, counted from 1."""
    found = described_to(session, protege)
    if not 1 <= place <= len(found):
        return staff_named(session.programme.staff_name)
    return blurb_of(candidate_of(found[place - 1]))


def after_browsing(ended: Ended) -> Sequel:
    """They would like to meet one of those they heard of, or not."""
    session, person = ended.session, ended.person
    if ended.outcome == "nobody":
        return Sequel(("T-BRWNONE",), effect=Goodbye())
    chosen = ended.outcome.removeprefix("meet ")
    found = described_to(session, person)
    if not chosen.isdecimal() or int(chosen) > len(found):
        return Sequel(("T-BRWEND",), effect=Goodbye())
    mentor = found[int(chosen) - 1]
    open_task(
        session,
        rule="wish",
        words=f"{person.code} would like to meet {mentor.shown_name} ({mentor.code}), of whom they"
        " heard by phone or text.",
        subject=f"{person.code}:{mentor.code}",
        person=person,
        now=ended.now,
    )
    return Sequel(("T-BRWOK",), effect=Goodbye(), known={"mentor": mentor.shown_name})

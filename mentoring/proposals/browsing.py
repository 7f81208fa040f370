"""Mentors whom somebody who waits may hear of, and the wish to meet one of them (V-BROWSE).

Only mentors who fit, by the kept plan, and who have said that they may be described. Whom somebody
began to hear of is kept with them: the plan of the night puts nobody else in that place. A wish is
a task for staff, and counts for nothing in the plan.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.flows.browsing import BROWSE, MOST
from mentoring.matching.reading import candidate_of
from mentoring.models import Person, PersonState, PlannedMatch, Role
from mentoring.proposals.words import GONE, blurb_of
from mentoring.tasks import open_task

DESCRIBED = "described"
# What the profile of a protege holds of the mentors whom they began to hear of, in that order.
HEARD_OF = "heard_of"
_SERVING = (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE)


def may_browse(person: Person) -> bool:
    """Tell whether somebody waits for a mentor, so that the menu offers to hear of some."""
    return person.role is Role.PROTEGE and person.state is PersonState.WAITING


def begin_browsing(ended: Ended) -> Sequel:
    """Somebody would like to hear of mentors: of these, until they ask for it anew."""
    person = ended.person
    codes = ",".join(each.code for each in _who_fit(ended.session, person))
    person.profile = {**person.profile, HEARD_OF: codes}
    return Sequel(flow=BROWSE.name)


def heard_of(person: Person) -> Sequence[str]:
    """Return the codes of the mentors whom a protege hears of, in their order."""
    return [code for code in str(person.profile.get(HEARD_OF, "")).split(",") if code]


_BY_CODES = select(Person).where(Person.code.in_(bindparam("codes", expanding=True)))


def _who_fit(session: Session, person: Person) -> Sequence[Person]:
    """Return the mentors whom a protege may hear of now, the one who fits best first."""
    planned = session.get(PlannedMatch, person.id)
    codes = [str(code) for code, _ in planned.top] if planned is not None else []
    if not codes:
        return ()
    found = session.scalars(_BY_CODES, {"codes": codes})
    agreed = [each for each in found if _may_be_told_of(each)]
    return sorted(agreed, key=lambda each: codes.index(each.code))[:MOST]


def _may_be_told_of(mentor: Person) -> bool:
    return mentor.state in _SERVING and mentor.profile.get(DESCRIBED) == "yes"


_BY_CODE = select(Person).where(Person.code == bindparam("code"))


def _in_place(session: Session, protege: Person, place: int) -> Person | None:
    """Return the mentor in that place, counted from 1; None when they may not be told of now."""
    codes = heard_of(protege)
    if not 1 <= place <= len(codes):
        return None
    found = session.scalar(_BY_CODE, {"code": codes[place - 1]})
    return found if found is not None and _may_be_told_of(found) else None


def blurb(session: Session, protege: Person, place: int) -> str:
    """Return what is said of the mentor in that place, counted from 1."""
    found = _in_place(session, protege, place)
    return GONE if found is None else blurb_of(candidate_of(found))


def after_browsing(ended: Ended) -> Sequel:
    """They would like to meet one of those they heard of, or not; or have heard enough tips."""
    session, person = ended.session, ended.person
    if ended.outcome == "nobody":
        return Sequel(("T-BRWNONE",), effect=Goodbye())
    chosen = ended.outcome.removeprefix("meet ")
    mentor = _in_place(session, person, int(chosen)) if chosen.isdecimal() else None
    if mentor is None:
        return Sequel(("T-BRWEND",), effect=Goodbye())
    open_task(
        session,
        rule="wish",
        # By code alone: not everybody who sees the one sees the other.
        words=f"{person.code} would like to meet {mentor.code}, of whom they heard by phone or"
        " text.",
        subject=f"{person.code}:{mentor.code}",
        person=person,
        now=ended.now,
    )
    return Sequel(("T-BRWOK",), effect=Goodbye(), known={"mentor": mentor.shown_name})

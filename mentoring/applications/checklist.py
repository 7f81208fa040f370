"""What must be on file before somebody goes on, and what of it is missing (S19).

It looks things up and changes nothing, so that the one place where states change can ask it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mentoring.consents import PROMISES
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    AuditEntry,
    Consent,
    Decision,
    DecisionOutcome,
    Person,
    PersonState,
    Reference,
    Role,
    ScreeningCheck,
    Transition,
)

SCREENING_TALK = "screening_talk"
ORIENTATION_TALK = "orientation_talk"
REFERENCES_NEEDED = 2
# What an override is called in the audit log, and how many admins it takes.
OVERRIDE = "overrode checks"
ADMINS_FOR_OVERRIDE = 2

_APPLYING = (
    PersonState.LEAD,
    PersonState.CONSENTING,
    PersonState.INTAKE,
    PersonState.SCREENING,
    PersonState.ORIENTATION,
)
_SERVING = (PersonState.AVAILABLE, PersonState.OFFERED, PersonState.ACTIVE)
_PROMISE_OF = {Role.PROTEGE: PROMISES["AG1"][0], Role.MENTOR: PROMISES["AG2"][0]}


@dataclass(frozen=True)
class File:
    """Everything on file about one application. `overrides` are the admins who let it pass."""

    person: Person
    checks: Mapping[str, ScreeningCheck]
    references: Sequence[Reference]
    decision: Decision | None
    promised: bool
    overrides: frozenset[str]
    # What the organisation asks of mentors besides.
    further: tuple[str, ...]

    @property
    def is_overridden(self) -> bool:
        """Whether enough admins have said that the checks may be passed over."""
        return len(self.overrides) >= ADMINS_FOR_OVERRIDE

    @property
    def is_eligible(self) -> bool:
        """Whether the newest decision lets them go on."""
        return self.decision is not None and self.decision.outcome is DecisionOutcome.ELIGIBLE

    @property
    def items(self) -> tuple[str, ...]:
        """What is to be ticked for this role, in order."""
        if self.person.role is Role.PROTEGE:
            return (SCREENING_TALK,)
        return (SCREENING_TALK, *self.further, ORIENTATION_TALK)

    def missing_to_decide(self) -> list[str]:
        """Return what must be on file before they can be found eligible."""
        return [] if self.is_overridden else self._missing_checks(before_decision=True)

    def missing_to_serve(self) -> list[str]:
        """Return what must be on file before a mentor is available; nobody promises for them."""
        missing = [] if self.is_eligible else ["the decision"]
        if not self.is_overridden:
            missing += self._missing_checks(before_decision=False)
        return missing if self.promised else [*missing, "the lessons and the promise"]

    def _missing_checks(self, *, before_decision: bool) -> list[str]:
        wanted = [
            item
            for item in self.items
            if not (before_decision and item == ORIENTATION_TALK) and item not in self.checks
        ]
        missing = [f"the {item.replace('_', ' ')}" for item in wanted]
        answered = sum(reference.answered_at is not None for reference in self.references)
        left = REFERENCES_NEEDED - answered
        if self.person.role is Role.MENTOR and left > 0:
            missing.append(f"{left} {'answer' if left == 1 else 'answers'} from references")
        return missing


def file_of(session: Session, person: Person) -> File:
    """Look up everything on file about somebody's application."""
    checks = session.scalars(select(ScreeningCheck).where(ScreeningCheck.person_id == person.id))
    references = session.scalars(
        select(Reference).where(Reference.person_id == person.id).order_by(Reference.id)
    )
    decision = newest_decision(session, person)
    return File(
        person,
        {check.item: check for check in checks},
        references.all(),
        decision,
        has_promised(session, person, decision),
        _overrides(session, person),
        session.programme.screening_checks,
    )


def newest_decision(session: Session, person: Person) -> Decision | None:
    """Return the decision that counts, if there is one."""
    return session.scalar(
        select(Decision)
        .where(Decision.person_id == person.id)
        .order_by(Decision.id.desc())
        .limit(1)
    )


def has_promised(session: Session, person: Person, decision: Decision | None) -> bool:
    """Tell whether somebody gave the promise of their role, since they were found eligible."""
    newest = session.scalar(
        select(Consent)
        .where(Consent.person_id == person.id, Consent.part == _PROMISE_OF[person.role])
        .order_by(Consent.id.desc())
        .limit(1)
    )
    if newest is None or not newest.agreed:
        return False
    return decision is None or newest.at >= decision.at


def _overrides(session: Session, person: Person) -> frozenset[str]:
    """Return the admins who let this application pass, not an earlier one."""
    began = session.scalar(
        select(Transition.at)
        .where(
            Transition.entity == "person",
            Transition.entity_id == person.id,
            Transition.to_state == PersonState.SCREENING.value,
        )
        .order_by(Transition.id.desc())
        .limit(1)
    )
    said = select(AuditEntry.actor).where(
        AuditEntry.action == OVERRIDE,
        AuditEntry.entity == "person",
        AuditEntry.entity_id == person.code,
    )
    return frozenset(session.scalars(said.where(AuditEntry.at >= began) if began else said))


def refuse_unready(session: Session, person: Person, to: PersonState) -> None:
    """Raise ProgrammeError when a mentor would begin to serve with something missing (S19)."""
    begins = person.state in _APPLYING and to in _SERVING
    if person.role is not Role.MENTOR or not begins:
        return
    missing = file_of(session, person).missing_to_serve()
    if missing:
        raise ProgrammeError(
            f"{person.code} cannot be {to} yet. Missing: {', '.join(missing)}. See Applications on"
            " the coordinators' page."
        )

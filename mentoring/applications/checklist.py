"""What must be on file before somebody goes on, and what of it is missing (S19).

It looks things up and changes nothing, so that the one place where states change can ask it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select

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
    return files_of(session, [person])[person.id]


_PERSON_IDS = bindparam("person_ids", expanding=True, type_=Integer())
_CHECKS = select(ScreeningCheck).where(ScreeningCheck.person_id.in_(_PERSON_IDS))
_REFERENCES = select(Reference).where(Reference.person_id.in_(_PERSON_IDS)).order_by(Reference.id)


def files_of(session: Session, people: Sequence[Person]) -> Mapping[int, File]:
    """Look up everything on file about these applications, by the person's id."""
    ids = [person.id for person in people]
    checks: dict[int, dict[str, ScreeningCheck]] = {each: {} for each in ids}
    for check in session.scalars(_CHECKS, {"person_ids": ids}):
        checks[check.person_id][check.item] = check
    references: dict[int, list[Reference]] = {each: [] for each in ids}
    for reference in session.scalars(_REFERENCES, {"person_ids": ids}):
        references[reference.person_id].append(reference)
    decisions = _decisions(session, ids)
    promises = _promises(session, ids, list(_PROMISE_OF.values()))
    overrides = _overrides(session, people)
    return {
        person.id: File(
            person,
            checks[person.id],
            references[person.id],
            decisions.get(person.id),
            _counts(promises.get(person.id), decisions.get(person.id)),
            overrides[person.id],
            session.programme.screening_checks,
        )
        for person in people
    }


Row = TypeVar("Row", Decision, Consent)


def _newest(kind: type[Row], *about: ColumnElement[bool]) -> Select[Row]:
    """Choose the newest row about each of some people."""
    newest = (select(func.max(kind.id)).where(kind.person_id.in_(_PERSON_IDS), *about)).group_by(
        kind.person_id
    )
    return select(kind).where(kind.id.in_(newest))


_DECISIONS = _newest(Decision)
_PROMISES = _newest(Consent, Consent.part.in_(bindparam("parts", expanding=True)))


def _decisions(session: Session, person_ids: Sequence[int]) -> dict[int, Decision]:
    """Return the newest decision about each of these people."""
    rows = session.scalars(_DECISIONS, {"person_ids": person_ids})
    return {row.person_id: row for row in rows}


def _promises(
    session: Session, person_ids: Sequence[int], parts: Sequence[str]
) -> dict[int, Consent]:
    """Return the newest answer of each of these people to one of these promises."""
    rows = session.scalars(_PROMISES, {"person_ids": person_ids, "parts": parts})
    return {row.person_id: row for row in rows if row.person_id is not None}


def has_promised(session: Session, person: Person) -> bool:
    """Tell whether somebody gave the promise of their role, since they were found eligible."""
    promise = _promises(session, [person.id], [_PROMISE_OF[person.role]]).get(person.id)
    return _counts(promise, _decisions(session, [person.id]).get(person.id))


def _counts(promise: Consent | None, decision: Decision | None) -> bool:
    """Tell whether a promise counts for the application that was decided."""
    if promise is None or not promise.agreed:
        return False
    return decision is None or promise.at >= decision.at


_BEGUN = (
    select(Transition.entity_id, func.max(Transition.at))
    .where(
        Transition.entity == "person",
        Transition.entity_id.in_(_PERSON_IDS),
        Transition.to_state == PersonState.SCREENING.value,
    )
    .group_by(Transition.entity_id)
)
_OVERRIDES = select(AuditEntry.entity_id, AuditEntry.actor, AuditEntry.at).where(
    AuditEntry.action == OVERRIDE,
    AuditEntry.entity == "person",
    AuditEntry.entity_id.in_(bindparam("codes", expanding=True)),
)


def _overrides(session: Session, people: Sequence[Person]) -> Mapping[int, frozenset[str]]:
    """Return the admins who let each of these applications pass, not an earlier one."""
    moves = session.columns(_BEGUN, {"person_ids": [person.id for person in people]})
    began = dict(moves.all())
    said = session.columns(_OVERRIDES, {"codes": [person.code for person in people]}).all()
    return {
        person.id: frozenset(
            each.actor
            for each in said
            if each.entity_id == person.code and each.at >= began.get(person.id, each.at)
        )
        for person in people
    }


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

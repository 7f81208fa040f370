"""What staff write down about an application, and what they decide. Each change is kept (S26).

No machine decides about anybody (S21): it only says what is missing.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import bindparam, select

from mentoring.applications.checklist import (
    ADMINS_FOR_OVERRIDE,
    ORIENTATION_TALK,
    OVERRIDE,
    SCREENING_TALK,
    file_of,
)
from mentoring.applications.orientation import go_on, invite_to_lessons
from mentoring.applications.own_line import OWN_LINE, checked_own_line
from mentoring.applications.talk import TALK_ANSWERS
from mentoring.audit import write_about
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    Decision,
    DecisionOutcome,
    DecisionReason,
    How,
    Person,
    PersonState,
    Reference,
    Role,
    ScreeningCheck,
    StaffTask,
    Verdict,
)
from mentoring.people import move_person, read_number
from mentoring.rows import insert_row
from mentoring.tasks import end_task, open_task

APPLYING = (PersonState.SCREENING, PersonState.ORIENTATION)
_REASONS = {
    DecisionOutcome.ELIGIBLE: (DecisionReason.FITS,),
    DecisionOutcome.REFERRED: (
        DecisionReason.OTHER_SERVICE,
        DecisionReason.NOT_YET,
        DecisionReason.OUTSIDE,
        DecisionReason.OTHER,
    ),
    DecisionOutcome.DECLINED: (
        DecisionReason.REFERENCES,
        DecisionReason.CHECKS,
        DecisionReason.CONDUCT,
        DecisionReason.OTHER,
    ),
}
_TELL_DAYS = 2
# What a check is good for at most. A day before that was mistyped.
_OLDEST = timedelta(days=10 * 365)
_NAME_LIMIT = 40


def tick(
    session: Session,
    person: Person,
    item: str,
    *,
    held_on: date | None,
    how: How,
    minutes: int | None = None,
    words: str,
    actor: str,
    now: datetime,
) -> None:
    """Write down that something on the checklist is done; the last one lets a mentor go on."""
    _refuse_settled(person)
    if item not in file_of(session, person).items:
        raise ProgrammeError(f"There is no {item.replace('_', ' ')} on the list of {person.code}.")
    held_on = checked_day(session, held_on, now=now)
    check = ScreeningCheck(key=uuid4())
    made = insert_row(
        session,
        ScreeningCheck,
        {
            "key": check.key,
            "person_id": person.id,
            "item": item,
            "held_on": held_on,
            "how": how,
            "minutes": minutes,
            "actor": actor,
            "words_sealed": _sealed(session, check, "words_sealed", words),
            "at": now,
        },
        "person_id",
        "item",
    )
    if made is None:
        raise ProgrammeError(f"The {item.replace('_', ' ')} is ticked already.")
    told = f"{how}, {held_on.isoformat()}" + (f", {minutes} minutes" if minutes else "")
    write_about(
        session, person, f"ticked {item.replace('_', ' ')}", actor=actor, reason=told, now=now
    )
    if item == SCREENING_TALK:
        _close_tasks(session, f"screening:{person.id}", "screening talk held", now=now)
    if item == ORIENTATION_TALK:
        _go_on(session, person, actor=actor, now=now)


def checked_day(session: Session, day: date | None, *, now: datetime) -> date:
    """Return the day on which something was done; raises ProgrammeError when it cannot be one."""
    if day is None:
        raise ProgrammeError("Enter the day on which it was done.")
    today = now.astimezone(session.programme.office).date()
    if day > today:
        raise ProgrammeError("That day is still to come. Enter the day on which it was done.")
    if day < today - _OLDEST:
        raise ProgrammeError(
            "That day is more than ten years ago. Enter the day on which it was done."
        )
    return day


def untick(
    session: Session, person: Person, item: str, *, reason: str, actor: str, now: datetime
) -> None:
    """Take back what was ticked by a slip."""
    _refuse_settled(person)
    check = file_of(session, person).checks.get(item)
    if check is None:
        raise ProgrammeError(f"The {item.replace('_', ' ')} is not ticked.")
    session.delete(check)
    write_about(
        session, person, f"unticked {item.replace('_', ' ')}", actor=actor, reason=reason, now=now
    )


def note_talk(
    session: Session, person: Person, answers: dict[str, str], *, actor: str, now: datetime
) -> None:
    """Keep what somebody told in the talk: what draws them, how they like to work, their line."""
    if OWN_LINE in answers:
        answers = {**answers, OWN_LINE: checked_own_line(answers[OWN_LINE])}
    for key, value in answers.items():
        if key != OWN_LINE and value not in TALK_ANSWERS[key]:
            raise ProgrammeError(f"Choose one of the answers offered for {key}.")
    changed = {key: value for key, value in answers.items() if person.profile.get(key) != value}
    if changed:
        person.profile = {**person.profile, **changed}
        told = ", ".join(f"{key}: {value}" for key, value in sorted(changed.items()))
        write_about(session, person, "wrote down the talk", actor=actor, reason=told, now=now)


def add_reference(
    session: Session,
    person: Person,
    *,
    name: str,
    number: str,
    agreed: str,
    actor: str,
    now: datetime,
) -> Reference:
    """Write down who knows a mentor. Only with their own yes to being asked (S1)."""
    _refuse_settled(person)
    if person.role is not Role.MENTOR:
        raise ProgrammeError("Only mentors are asked for references.")
    name = name.strip()
    if not name or len(name) > _NAME_LIMIT or not name.isprintable():
        raise ProgrammeError(f"A first name has 1 to {_NAME_LIMIT} letters on one line.")
    if not agreed.strip():
        raise ProgrammeError("Say how they agreed to be asked. Without their yes nobody is asked.")
    typed = read_number(number)
    for other in file_of(session, person).references:
        sealed = other.number_sealed
        if sealed and session.vault.open(sealed, place=other.place("number_sealed")) == typed:
            raise ProgrammeError(f"Whoever has that number is reference {other.id} already.")
    reference = Reference(
        key=uuid4(), person_id=person.id, agreed=agreed.strip(), added_by=actor, added_at=now
    )
    reference.name_sealed = _sealed(session, reference, "name_sealed", name)
    reference.number_sealed = _sealed(session, reference, "number_sealed", typed)
    session.add(reference)
    session.flush()
    write_about(
        session, person, "added reference", actor=actor, reason=f"reference {reference.id}", now=now
    )
    return reference


_OF_THEIRS = (
    select(Reference)
    .where(Reference.id == bindparam("reference_id"), Reference.person_id == bindparam("person_id"))
    .with_for_update()
)


def reference_of(session: Session, person: Person, reference_id: int) -> Reference:
    """Return a reference of a person; raises ProgrammeError when it is none of theirs."""
    found = session.scalar(_OF_THEIRS, {"reference_id": reference_id, "person_id": person.id})
    if found is None:
        raise ProgrammeError(f"{person.code} has no reference {reference_id}.")
    return found


def reference_asked(
    session: Session, person: Person, reference_id: int, *, actor: str, now: datetime
) -> None:
    """Write down that a reference was called or written to; an answer may come later."""
    reference = reference_of(session, person, reference_id)
    if reference.asked_at is None:
        reference.asked_at = now
        write_about(
            session,
            person,
            "asked reference",
            actor=actor,
            reason=f"reference {reference.id}",
            now=now,
        )


def reference_answered(
    session: Session,
    person: Person,
    reference_id: int,
    *,
    verdict: Verdict,
    words: str,
    actor: str,
    now: datetime,
) -> None:
    """Write down what a reference told. The first answer counts."""
    _refuse_settled(person)
    reference = reference_of(session, person, reference_id)
    if reference.answered_at is not None:
        raise ProgrammeError("That reference has answered already.")
    reference.asked_at = reference.asked_at or now
    reference.answered_at, reference.answered_by = now, actor
    reference.verdict = verdict
    reference.words_sealed = _sealed(session, reference, "words_sealed", words)
    session.flush()
    write_about(
        session,
        person,
        "reference answered",
        actor=actor,
        reason=f"reference {reference.id}: {verdict}",
        now=now,
    )
    _go_on(session, person, actor=actor, now=now)


def refuse_decision(
    session: Session,
    person: Person,
    *,
    outcome: DecisionOutcome,
    reason: DecisionReason,
    words: str,
) -> None:
    """Raise ProgrammeError with a sentence when this cannot be decided so, or not yet."""
    if person.state is not PersonState.SCREENING:
        raise ProgrammeError(f"{person.code} is {person.state}, so there is nothing to decide.")
    if reason not in _REASONS[outcome]:
        raise ProgrammeError("Choose a reason that goes with the decision.")
    if outcome is DecisionOutcome.DECLINED and person.role is Role.PROTEGE:
        raise ProgrammeError(
            "Nobody who asks for help is declined. Refer them to what fits better."
        )
    if outcome is not DecisionOutcome.ELIGIBLE and not words.strip():
        raise ProgrammeError("Say in your own words why, and where they may find help.")
    if outcome is DecisionOutcome.ELIGIBLE:
        _refuse_incomplete(session, person)


def decide(
    session: Session,
    person: Person,
    *,
    outcome: DecisionOutcome,
    reason: DecisionReason,
    words: str,
    actor: str,
    now: datetime,
) -> None:
    """Decide about an application. Whoever is not taken on is told by a person, and where to go."""
    session.refresh(person, ["state"], with_for_update=True)
    refuse_decision(session, person, outcome=outcome, reason=reason, words=words)
    decision = Decision(
        key=uuid4(), person_id=person.id, outcome=outcome, reason=reason, actor=actor, at=now
    )
    decision.words_sealed = _sealed(session, decision, "words_sealed", words)
    session.add(decision)
    session.flush()
    _close_tasks(session, f"screening:{person.id}", outcome.value, now=now)
    write_about(session, person, f"decided {outcome}", actor=actor, reason=reason.value, now=now)
    if outcome is DecisionOutcome.ELIGIBLE:
        to = PersonState.ORIENTATION
        move_person(session, person, to, actor=actor, reason=outcome.value, now=now)
        invite_to_lessons(session, person, now=now)
        return
    to = PersonState.EXITED
    move_person(session, person, to, actor=actor, reason=outcome.value, now=now)
    open_task(
        session,
        rule="decision",
        words=f"{person.code} was {outcome}. Tell them in person, kindly, and where to find help.",
        key=f"decision:{decision.id}",
        person=person,
        working_days=_TELL_DAYS,
        now=now,
    )


def _refuse_incomplete(session: Session, person: Person) -> None:
    missing = file_of(session, person).missing_to_decide()
    if missing:
        raise ProgrammeError(f"Not yet. Missing: {', '.join(missing)}.")


def override_checks(
    session: Session, person: Person, *, reason: str, actor: str, now: datetime
) -> int:
    """Let an application pass without every check: it takes two admins; returns how many are left.

    Decision, lessons and promise cannot be passed over.
    """
    _refuse_settled(person)
    if person.role is not Role.MENTOR:
        raise ProgrammeError("Only the checks of mentors can be passed over.")
    said = file_of(session, person).overrides
    if actor in said:
        raise ProgrammeError("You have said so already. It takes another admin as well.")
    write_about(session, person, OVERRIDE, actor=actor, reason=reason, now=now)
    session.flush()
    _go_on(session, person, actor=actor, now=now)
    return max(0, ADMINS_FOR_OVERRIDE - len(said) - 1)


def _go_on(session: Session, person: Person, *, actor: str, now: datetime) -> None:
    session.flush()
    if go_on(session, person, actor=actor, now=now):
        key = f"orientation:{person.id}:"
        _close_tasks(session, key, "nothing is missing any more", begins=True, now=now)


def _refuse_settled(person: Person) -> None:
    if person.state not in APPLYING:
        raise ProgrammeError(f"{person.code} is {person.state}: the application is over.")


def _close_tasks(
    session: Session, key: str, outcome: str, *, begins: bool = False, now: datetime
) -> None:
    """Close what asked for this, if it is open still."""
    named = StaffTask.dedupe_key.startswith(key) if begins else StaffTask.dedupe_key == key
    for task in session.scalars(select(StaffTask).where(named, StaffTask.done_at.is_(None))):
        end_task(task, outcome=outcome, now=now)


def _sealed(
    session: Session,
    row: ScreeningCheck | Reference | Decision,
    column: str,
    words: str,
) -> bytes | None:
    if not words.strip():
        return None
    return session.vault.seal(words.strip(), place=row.place(column))

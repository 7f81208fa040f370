"""The lessons and the promise: who is invited, and what follows when somebody has promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from mentoring.applications.checklist import file_of, has_promised
from mentoring.applications.inviting import invite
from mentoring.applications.waiting_list import weeks_of_waiting
from mentoring.calendar.answered import after_questions
from mentoring.calendar.dues import call_off
from mentoring.calendar.settling import OPEN
from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel, ToPerson
from mentoring.flows.orientation import MENTOR_LESSONS, PROTEGE_LESSONS, Lesson
from mentoring.models import (
    Answer,
    Invitation,
    InvitationState,
    Person,
    PersonState,
    Role,
    StaffTask,
)
from mentoring.people import move_person
from mentoring.tasks import open_task

FLOW_OF = {Role.PROTEGE: "orientation_protege", Role.MENTOR: "orientation_mentor"}
LESSONS_OF = {Role.PROTEGE: PROTEGE_LESSONS, Role.MENTOR: MENTOR_LESSONS}
_PROMISE_QUESTION = {Role.PROTEGE: "AG1", Role.MENTOR: "AG2"}
_TALK_DAYS = 5


def invite_to_lessons(session: Session, person: Person, *, now: datetime) -> None:
    """Invite somebody to the lessons of their role, from now on in their own hours."""
    invite(session, FLOW_OF[person.role], person, now=now)


_ASKED = (
    select(Invitation.id)
    .where(
        Invitation.person_id == Person.id,
        Invitation.flow.in_(FLOW_OF.values()),
        Invitation.due_at >= Person.state_since,
    )
    .exists()
)
_FORGOTTEN = select(Person).where(Person.state == PersonState.ORIENTATION, ~_ASKED)


def invite_the_forgotten(session: Session, *, now: datetime) -> None:
    """Invite those to the lessons whom nobody asks: after a hold their invitation is gone."""
    for person in session.scalars(_FORGOTTEN):
        if has_lessons_left(session, person):
            invite_to_lessons(session, person, now=now)


def has_lessons_left(session: Session, person: Person) -> bool:
    """Tell whether the lessons and the promise are still open to somebody in orientation."""
    return not has_promised(session, person)


def after_orientation(ended: Ended) -> Sequel:
    """The lessons were put off, or the promise was given or not. Nobody meets a dead end."""
    if ended.outcome == "later":
        return after_questions(ended)
    if ended.outcome == "unsure":
        question = _PROMISE_QUESTION[ended.person.role]
        # The promise itself is asked again when they come back.
        return Sequel(
            effect=ToPerson("would like to talk about the promise"),
            resume_at=question,
            as_if={question: ""},
        )
    _settle_invitations(ended.session, ended.person, now=ended.now)
    if ended.person.state is not PersonState.ORIENTATION:
        return Sequel(effect=Goodbye())
    return _after_promise(ended)


_OPEN_LESSONS = select(Invitation.id).where(
    Invitation.person_id == bindparam("person_id"),
    Invitation.flow.in_(FLOW_OF.values()),
    Invitation.state.in_(OPEN),
)


def _settle_invitations(session: Session, person: Person, *, now: datetime) -> None:
    """End every invitation to the lessons, also when they were done without being asked."""
    of_lessons = (
        Invitation.person_id == person.id,
        Invitation.flow.in_(FLOW_OF.values()),
        Invitation.state.in_(OPEN),
    )
    for invitation_id in session.columns(_OPEN_LESSONS, {"person_id": person.id}).scalars().all():
        call_off(session, invitation_id=invitation_id, outcome="answered", now=now)
    done = update(Invitation).where(*of_lessons)
    session.execute(done.values(state=InvitationState.ANSWERED, settled_at=now))


def _after_promise(ended: Ended) -> Sequel:
    session, person, now = ended.session, ended.person, ended.now
    if not go_on(session, person, actor=ended.actor, now=now):
        task = _ask_for_rest(session, person, now=now)
        by_day = spoken_day(task.due_at, session.programme.office)
        return Sequel(("T-AGWAIT",), effect=Goodbye(), known={"date": by_day})
    if person.role is Role.MENTOR:
        return Sequel(("T-AGOK",), effect=Goodbye())
    weeks = weeks_of_waiting(session, now=now)
    if weeks is None:
        return Sequel(("T-W0N",), effect=Goodbye())
    return Sequel(("T-W0",), effect=Goodbye(), known={"weeks": str(weeks)})


def go_on(session: Session, person: Person, *, actor: str, now: datetime) -> bool:
    """Let somebody wait, or serve, when nothing is missing; returns whether they went on."""
    if person.state is not PersonState.ORIENTATION or has_lessons_left(session, person):
        return False
    if person.role is Role.MENTOR and file_of(session, person).missing_to_serve():
        return False
    to = PersonState.WAITING if person.role is Role.PROTEGE else PersonState.AVAILABLE
    move_person(session, person, to, actor=actor, reason="lessons done, promise given", now=now)
    return True


def _ask_for_rest(session: Session, person: Person, *, now: datetime) -> StaffTask:
    missing = ", ".join(file_of(session, person).missing_to_serve())
    return open_task(
        session,
        rule="orientation",
        words=f"{person.code} has done the lessons and promised. Missing: {missing}."[:200],
        key=f"orientation:{person.id}:{person.state_since.isoformat()}",
        person=person,
        working_days=_TALK_DAYS,
        now=now,
    )


@dataclass(frozen=True)
class LessonResult:
    """What came of one lesson: the newest answer, whether it was right, and at which try."""

    lesson: Lesson
    answer: Answer | None
    tries: int

    @property
    def is_right(self) -> bool:
        """Whether the newest answer was the right one."""
        return self.answer is not None and self.answer.value == self.lesson.right


def lesson_results(session: Session, person: Person) -> Sequence[LessonResult]:
    """Return the lessons of somebody's role in order, with what they answered last."""
    lessons = LESSONS_OF[person.role]
    keys = [key for lesson in lessons for key in (lesson.key, lesson.second_key)]
    found = session.scalars(
        select(Answer)
        .where(Answer.person_id == person.id, Answer.question.in_(keys))
        .order_by(Answer.id)
    )
    newest = {answer.question: answer for answer in found}
    results = []
    for lesson in lessons:
        first, second = newest.get(lesson.key), newest.get(lesson.second_key)
        results.append(LessonResult(lesson, second or first, 2 if second else int(bool(first))))
    return results

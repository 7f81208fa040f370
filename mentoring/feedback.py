"""What we were asked to change: written down with an action, and done with what has changed.

Each action is a task of staff with a day, so it is on Today and is counted when it is overdue. The
task ends with the sentence that people outside read, and in no other way.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update

from mentoring.audit import write_look
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.flows.steps import SKIP
from mentoring.models import Answer, Conversation, Feedback, HeardIn, Person, Staff, StaffTask
from mentoring.publishing import for_outsiders, names_near, without_number
from mentoring.rows import insert_or_find
from mentoring.tasks import CHANGE, end_open_task, end_task, open_task

# Own words to the question of the closing survey, of both roles.
QUESTION = "CS9"
_TOLD = "feedback:"
_DUE = time(17)
_MOST_WAITING = 50


def waiting_answers(session: Session, people: ColumnElement[bool]) -> Sequence[Answer]:
    """Return what those people answered to CS9 while its task is open, the oldest first."""
    keys = session.scalars(
        select(StaffTask.dedupe_key)
        .join(Person, Person.id == StaffTask.person_id)
        .where(StaffTask.rule == "feedback", StaffTask.done_at.is_(None), people)
    )
    told = {int(key.removeprefix(_TOLD)) for key in keys if key.removeprefix(_TOLD).isdecimal()}
    return session.scalars(
        select(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .outerjoin(Feedback, Feedback.answer_id == Answer.id)
        .where(
            Conversation.invitation_id.in_(told),
            Answer.question == QUESTION,
            Answer.value.is_distinct_from(SKIP),
            Feedback.id.is_(None),
        )
        .order_by(Answer.at, Answer.id)
        .limit(_MOST_WAITING)
    ).all()


def write_feedback(
    session: Session,
    *,
    action: str,
    due_on: date,
    owner: Staff | None,
    actor: str,
    now: datetime,
    words: str = "",
    heard_in: HeardIn = HeardIn.OTHER,
    person: Person | None = None,
    answer: Answer | None = None,
) -> Feedback:
    """Write down what we were asked to change, as an `answer` or in typed `words`, and the action.

    Raises ProgrammeError with a sentence when it is written down already.
    """
    action = without_number(session, action)
    feedback = Feedback(
        key=uuid4(),
        person_id=person.id if person else None,
        answer_id=answer.id if answer else None,
        heard_in=HeardIn.SURVEY if answer else heard_in,
        action=action,
        written_by=actor,
        written_at=now,
    )
    if answer is None:
        words = words.strip()
        whose = person.code if person else ""
        feedback.words_index = session.vault.index(f"feedback:{whose}:{' '.join(words.split())}")
        feedback.words_sealed = session.vault.seal(words, place=feedback.place("words_sealed"))
    unique = "words_index" if answer is None else "answer_id"
    # Asked first, so that a task is opened for what is new alone; of two at once the database
    # decides below.
    same = getattr(Feedback, unique) == getattr(feedback, unique)
    _refuse_known(session.scalar(select(Feedback).where(same)))
    task = open_task(
        session,
        rule=CHANGE,
        words=action,
        key=f"{CHANGE}:{feedback.key.hex}",
        person=person,
        now=now,
    )
    feedback.task_id = task.id
    kept = insert_or_find(session, feedback, unique)
    _refuse_known(kept if kept is not feedback else None)
    task.due_at, task.owner_id = _moment(session, due_on), owner.id if owner else None
    _end_question(session, feedback, answer, now)
    _note(session, feedback, "wrote down", action, actor=actor, now=now)
    session.flush()
    return feedback


def _refuse_known(known: Feedback | None) -> None:
    if known is not None:
        raise ProgrammeError(f"That is written down already, as feedback {known.id}.")


def _end_question(
    session: Session, feedback: Feedback, answer: Answer | None, now: datetime
) -> None:
    """End the task to read an answer: it has been read, and something is done about it."""
    if answer is None:
        return
    asked = session.get_one(Conversation, answer.conversation_id)
    outcome = f"written down as feedback {feedback.id}"
    end_open_task(session, f"{_TOLD}{asked.invitation_id}", outcome=outcome, now=now)


def change_action(
    session: Session,
    feedback: Feedback,
    *,
    action: str,
    due_on: date,
    owner: Staff | None,
    actor: str,
    now: datetime,
) -> None:
    """Change what is done about it, by when, and whose it is; raises ProgrammeError once done."""
    if feedback.done_at is not None:
        raise ProgrammeError(f"Feedback {feedback.id} is done already. Correct its sentence there.")
    action, task = without_number(session, action), feedback.task
    feedback.action = task.words = action
    task.due_at, task.owner_id = _moment(session, due_on), owner.id if owner else None
    _note(session, feedback, "changed", f"{action}, until {due_on}", actor=actor, now=now)
    session.flush()


def finish_feedback(
    session: Session, feedback: Feedback, changed: str, *, actor: str, now: datetime
) -> None:
    """Write down what has changed, for people outside; of what is done, correct the sentence."""
    names = names_near(session, feedback.person)
    feedback.changed = for_outsiders(session, changed, names=names)
    if feedback.done_at is None:
        feedback.done_at = now
        end_task(feedback.task, outcome=feedback.changed, now=now)
    feedback.task.outcome = feedback.changed
    _note(session, feedback, "wrote what came of", feedback.changed, actor=actor, now=now)
    session.flush()


def words_of(session: Session, feedback: Feedback) -> str | None:
    """Open what was typed of it; None where an answer holds the words, or they were blanked."""
    if feedback.words_sealed is None:
        return None
    return session.vault.open(feedback.words_sealed, place=feedback.place("words_sealed"))


def due_on(session: Session, feedback: Feedback) -> date:
    """Return the day until which it is to be done, at the office."""
    return feedback.task.due_at.astimezone(session.programme.office).date()


def blank_feedback(session: Session, now: datetime, limit: int) -> int:
    """Blank what was typed of feedback when it was done as long ago as a text is kept (S13)."""
    old = now - timedelta(days=session.programme.text_days)
    due = (
        select(Feedback.id)
        .where(Feedback.words_sealed.is_not(None), Feedback.done_at < old)
        .limit(limit)
    )
    blanked = (
        update(Feedback)
        .where(Feedback.id.in_(due))
        .values(words_sealed=None, words_index=None)
        .returning(Feedback.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(blanked).all())


def _moment(session: Session, day: date) -> datetime:
    """Return when a day is over for staff, on the clock of the office."""
    return datetime.combine(day, _DUE, tzinfo=session.programme.office)


def _note(
    session: Session, feedback: Feedback, did: str, reason: str, *, actor: str, now: datetime
) -> None:
    person = session.get(Person, feedback.person_id) if feedback.person_id else None
    write_look(
        session,
        person,
        f"{did} feedback {feedback.id}" if person else f"{did} feedback",
        otherwise=("feedback", str(feedback.id)),
        actor=actor,
        reason=reason,
        now=now,
    )

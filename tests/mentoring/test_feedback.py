"""Feedback: written down once, a task with a day, done with a sentence that tells about nobody."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, true

from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.feedback import (
    blank_feedback,
    change_action,
    due_on,
    finish_feedback,
    waiting_answers,
    words_of,
    write_feedback,
)
from mentoring.models import (
    Answer,
    AuditEntry,
    Conversation,
    Feedback,
    HeardIn,
    Invitation,
    InvitationState,
    Person,
    PersonState,
    Role,
    StaffTask,
)
from mentoring.tasks import close_task, open_task
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_answer,
    make_conversation,
    make_lines,
    make_match,
    make_person,
)

DAY = date(2026, 3, 31)


def written(session: Session, person: Person | None, words: str = "Call me earlier.") -> Feedback:
    """Write down what somebody asked for in a debrief."""
    return write_feedback(
        session,
        words=words,
        heard_in=HeardIn.DEBRIEF,
        person=person,
        action="Call two days before a talk.",
        due_on=DAY,
        owner=None,
        actor="staff:Olga",
        now=NOW,
    )


def test_the_words_are_sealed_and_the_action_is_a_task_with_a_day(session: Session) -> None:
    person = make_person(session)
    feedback = written(session, person)

    assert feedback.words_sealed is not None
    assert b"Call me" not in feedback.words_sealed
    assert words_of(session, feedback) == "Call me earlier."
    assert (feedback.task.words, feedback.task.person_id) == (feedback.action, person.id)
    assert due_on(session, feedback) == DAY
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.entity_id, entry.action) == (person.code, f"wrote down feedback {feedback.id}")


@pytest.mark.parametrize("is_known", [True, False])
def test_the_same_words_are_written_down_once(session: Session, is_known: bool) -> None:
    person = make_person(session) if is_known else None
    written(session, person)
    with pytest.raises(ProgrammeError, match="written down already"), session.begin_nested():
        written(session, person, "Call  me earlier. ")

    assert len(session.scalars(select(Feedback)).all()) == 1
    assert len(session.scalars(select(StaffTask)).all()) == 1


def test_its_task_closes_with_what_has_changed_and_in_no_other_way(session: Session) -> None:
    feedback = written(session, None)
    with pytest.raises(ProgrammeError, match="the page Feedback"):
        close_task(session, feedback.task_id, outcome="done", now=NOW)
    finish_feedback(session, feedback, "We call earlier now.", actor="staff:Olga", now=NOW)

    assert (feedback.done_at, feedback.task.done_at) == (NOW, NOW)
    assert feedback.task.outcome == "We call earlier now."
    later = NOW + timedelta(days=1)
    finish_feedback(session, feedback, "We call two days before.", actor="staff:Olga", now=later)
    assert (feedback.done_at, feedback.changed) == (NOW, "We call two days before.")
    with pytest.raises(ProgrammeError, match="done already"):
        change_action(
            session, feedback, action="x", due_on=DAY, owner=None, actor="staff", now=later
        )


def test_an_action_changes_with_its_task(session: Session) -> None:
    feedback = written(session, None)
    until = date(2026, 4, 30)
    change_action(
        session, feedback, action="Text first.", due_on=until, owner=None, actor="staff", now=NOW
    )

    assert (feedback.task.words, due_on(session, feedback)) == ("Text first.", until)


@pytest.mark.parametrize(
    "sentence",
    [
        "Call 515 555 0188 now.",
        "Write to us at ann@example.org.",
        "From abroad +44 20 7946 0018.",
        "We call P01 earlier.",
        "We call Luis earlier.",
        "Rosa is called earlier.",
    ],
)
def test_what_outsiders_read_tells_about_nobody(session: Session, sentence: str) -> None:
    rosa = make_person(session, name="Rosa")
    luis = make_person(session, Role.MENTOR, "Luis", state=PersonState.AVAILABLE)
    make_lines(session)
    make_match(session, rosa, luis)
    feedback = written(session, rosa)
    with pytest.raises(ProgrammeError):
        finish_feedback(session, feedback, sentence, actor="staff", now=NOW)

    assert feedback.done_at is None
    finish_feedback(session, feedback, "From 2026 on we call 3 days before.", actor="s", now=NOW)
    assert feedback.changed == "From 2026 on we call 3 days before."


def told(session: Session, person: Person, question: str, now: datetime) -> Answer:
    """Let somebody answer in their own words, and the task to read it be open."""
    invitation = Invitation(
        person_id=person.id,
        flow="survey_protege_2",
        number=now.day if question == "CS9" else 0,
        state=InvitationState.ANSWERED,
        due_at=now,
    )
    session.add(invitation)
    session.flush()
    held = make_conversation(
        session, person, "survey_protege_2", now=now, invitation_id=invitation.id
    )
    answer = make_answer(session, held, question, now=now)
    open_task(
        session,
        rule="feedback",
        words="Read what they told us.",
        key=f"feedback:{invitation.id}",
        person=person,
        now=now,
    )
    session.flush()
    return answer


def test_an_answer_waits_until_it_is_written_down_or_its_task_is_closed(session: Session) -> None:
    person = make_person(session)
    first, second = (told(session, person, "CS9", NOW + timedelta(days=each)) for each in (0, 1))
    told(session, person, "MS3", NOW)
    assert waiting_answers(session, true()) == [first, second]
    assert waiting_answers(session, Person.code == "P99") == []
    feedback = write_feedback(
        session,
        answer=first,
        person=person,
        action="Ask for free evenings.",
        due_on=DAY,
        owner=None,
        actor="staff",
        now=NOW,
    )
    assert (feedback.heard_in, feedback.words_sealed) == (HeardIn.SURVEY, None)
    assert waiting_answers(session, true()) == [second]
    tasks = {each.dedupe_key: each for each in session.scalars(select(StaffTask))}
    held = session.get_one(Conversation, first.conversation_id)
    outcome = f"written down as feedback {feedback.id}"
    assert tasks[f"feedback:{held.invitation_id}"].outcome == outcome
    other = session.get_one(Conversation, second.conversation_id)
    close_task(
        session, tasks[f"feedback:{other.invitation_id}"].id, outcome="Nothing to do.", now=NOW
    )

    assert waiting_answers(session, true()) == []


def test_its_words_go_when_those_of_a_text_do_and_the_sentence_stays(session: Session) -> None:
    open_one, done = written(session, None), written(session, None, "Use shorter words.")
    finish_feedback(session, done, "Our texts are shorter.", actor="staff", now=NOW)
    days = session.programme.text_days
    assert blank_feedback(session, NOW + timedelta(days=days), 10) == 0
    assert blank_feedback(session, NOW + timedelta(days=days, seconds=1), 10) == 1
    session.expire_all()

    assert (words_of(session, done), done.changed) == (None, "Our texts are shorter.")
    assert words_of(session, open_one) == "Call me earlier."


def test_of_two_who_write_the_same_down_at_once_one_is_told(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_person(session)

    def write() -> int:
        with another_process(real_db) as process, process.transaction() as session:
            person = session.scalars(select(Person)).one()
            return written(session, person).id

    made = all_at_once(*[write] * 4)
    assert len([each for each in made if isinstance(each, int)]) == 1
    assert {type(each) for each in made} == {int, ProgrammeError}
    with real_db.transaction() as session:
        assert len(session.scalars(select(Feedback)).all()) == 1
        assert len(session.scalars(select(StaffTask)).all()) == 1

"""Somebody who knows a mentor is asked by text, if they agreed to it, and by nothing else."""

from datetime import timedelta

import pytest

from mentoring.applications.checklist import file_of
from mentoring.applications.reference_texts import text_reference
from mentoring.applications.screening import add_reference
from mentoring.errors import ProgrammeError
from mentoring.models import Person, Phone, Reference, Role, StaffTask, Verdict
from mentoring.people import find_or_add_phone, find_phone, person_with_code
from mentoring.retention import blank_old_content
from tests import leaks
from tests.journeys.applying import STAFF, applicant
from tests.journeys.cast import LUIS
from tests.town import MAIN, Town

FRIEND = "+15155550181"
TOLD = "Luis, by phone on Monday"
HELLO = (
    "BridgeLine: Luis wants to mentor and named you. We have one question."
    " Msg & data rates may apply. HELP for help, STOP to stop."
)
QUESTION = (
    "Would you trust Luis as a mentor? Reply 1 for yes, 2 for yes with doubts, 3 for no,"
    " or use your own words. Only our staff read it."
)
THANKS = "Thank you. That helps us. We have no more questions. To talk to us, text PERSON."


def name_friend(town: Town, *, zone: str = "America/Chicago", text: bool = True) -> Person:
    """Let Luis apply and name a friend, who is asked by text unless that was not agreed to."""
    leaks.participant(FRIEND)
    luis = applicant(town, Role.MENTOR, "Luis", LUIS)
    with town.db.transaction() as session:
        mentor = person_with_code(session, luis.code)
        now = town.clock.now()
        reference = add_reference(
            session,
            mentor,
            name="Ana",
            number=FRIEND,
            agreed="told Luis so",
            actor=STAFF,
            now=now,
        )
        if text:
            text_reference(
                session, mentor, reference.id, told=TOLD, zone=zone, actor=STAFF, now=now
            )
    town.settle()
    return luis


def on_file(town: Town, luis: Person) -> tuple[Verdict | None, str, bool]:
    """Return what stands on the checklist: verdict, own words, and whether it is answered."""
    with town.db.transaction() as session:
        (found,) = file_of(session, person_with_code(session, luis.code)).references
        sealed, place = found.words_sealed, found.place("words_sealed")
        words = session.vault.open(sealed, place=place) if sealed else ""
        return found.verdict, words, found.answered_at is not None


def inbox(town: Town) -> list[str]:
    return [text.body for text in town.phone(FRIEND).inbox]


def open_tasks(town: Town) -> list[StaffTask]:
    return [task for task in town.tasks() if task.rule == "reference" and task.done_at is None]


def test_without_an_agreement_to_texts_nothing_is_sent(town: Town) -> None:
    name_friend(town, text=False)

    assert inbox(town) == []


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [("1", Verdict.GOOD), ("Yes!", Verdict.GOOD), ("2.", Verdict.DOUBTS), ("no", Verdict.NO)],
)
def test_a_friend_answers_and_it_stands_on_the_checklist(
    town: Town, answer: str, verdict: Verdict
) -> None:
    luis = name_friend(town)
    assert inbox(town) == [HELLO, QUESTION]

    assert town.texts(FRIEND, MAIN, answer) == [THANKS]

    assert on_file(town, luis) == (verdict, "", True)
    assert open_tasks(town) == []


def test_own_words_are_kept_for_staff_and_may_be_summed_up(town: Town) -> None:
    luis = name_friend(town)
    (said,) = town.texts(FRIEND, MAIN, "He is kind. My card is 4111 1111 1111 1111.")
    assert said.startswith("Thank you. Our staff will read your words.")
    verdict, words, answered = on_file(town, luis)
    assert (verdict, answered) == (None, False)
    assert words.startswith("He is kind.")
    assert "4111" not in words
    (task,) = open_tasks(town)
    assert task.person_id == luis.id

    assert town.texts(FRIEND, MAIN, "3") == [THANKS]

    assert on_file(town, luis) == (Verdict.NO, words, True)
    assert open_tasks(town) == []


def test_again_repeats_person_reaches_staff_and_stop_ends_it(town: Town) -> None:
    luis = name_friend(town)
    assert town.texts(FRIEND, MAIN, "AGAIN") == [QUESTION]
    (said,) = town.texts(FRIEND, MAIN, "PERSON")
    assert said.startswith("OK. ")
    town.texts(FRIEND, MAIN, "please stop texting me")
    with town.db.transaction() as session:
        phone = find_phone(session, FRIEND)
        assert phone is not None
        assert phone.texts_refused_at is not None
    assert on_file(town, luis) == (None, "", False)


def test_a_friend_in_the_night_is_asked_in_the_morning(town: Town) -> None:
    name_friend(town, zone="Pacific/Auckland")
    asked_at_once = inbox(town)
    town.pass_time(timedelta(hours=14).total_seconds())

    assert asked_at_once == []
    assert inbox(town) == [HELLO, QUESTION]


def test_after_an_answer_and_after_two_weeks_they_are_strangers_again(town: Town) -> None:
    luis = name_friend(town)
    town.days_pass(15)
    (greeting, *_) = town.texts(FRIEND, MAIN, "1")
    assert greeting != THANKS

    assert on_file(town, luis) == (None, "", False)


def test_who_belongs_to_the_programme_or_was_asked_is_not_texted(town: Town) -> None:
    luis = name_friend(town)
    town.person(Role.PROTEGE, "Ana", "+15155550182")
    now = town.clock.now()
    with town.db.transaction() as session:
        mentor = person_with_code(session, luis.code)
        (first,) = file_of(session, mentor).references
        ana = add_reference(
            session,
            mentor,
            name="Ana",
            number="+15155550182",
            agreed="said so",
            actor=STAFF,
            now=now,
        )
        for number, zone, told, said in (
            (first.id, "America/Chicago", TOLD, "was asked by text"),
            (ana.id, "America/Chicago", TOLD, "belongs to somebody of the programme"),
            (ana.id, "Chicago", TOLD, "There is no time zone called Chicago."),
            (ana.id, "America/Chicago", " ", "Say who told you"),
        ):
            with pytest.raises(ProgrammeError, match=said):
                text_reference(session, mentor, number, told=told, zone=zone, actor=STAFF, now=now)


def test_the_number_behind_the_texts_is_forgotten_with_the_reference(town: Town) -> None:
    name_friend(town)
    town.texts(FRIEND, MAIN, "1")
    with town.db.transaction() as session:
        phone = find_phone(session, FRIEND)
        assert phone is not None
        for reference in session.query(Reference):
            reference.name_sealed = reference.number_sealed = None
        session.flush()
        blank_old_content(session, now=town.clock.now())
        session.flush()
        assert find_phone(session, FRIEND) is None
        assert session.get_one(Phone, phone.id).number_sealed == b""
        assert find_or_add_phone(session, FRIEND, now=town.clock.now()).id != phone.id

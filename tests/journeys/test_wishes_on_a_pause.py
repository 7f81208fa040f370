"""What somebody wishes next is kept, whatever else they are just then: away, or matched (3.11)."""

from datetime import timedelta

import pytest

from mentoring.models import Mode, Person, PersonState, Role
from mentoring.people import move_person
from mentoring.suspensions import release_person, suspend_person
from tests.journeys.cast import ELLEN, LUIS, ROSA, person_at
from tests.journeys.ending import close, got, moves_of_person, rules, state_at, text_pair
from tests.town import MAIN, Town

# What Rosa and Luis answer on the first day, and what they answer on the second.
ROSA_FIRST = ("5", "4", "5", "4", "3", "D")
LUIS_FIRST = ("5", "4", "5", "4", "3", "4")
A_NEW_MENTOR = ("4", "9", "0", "2", "1")


def wishes(town: Town) -> list[str]:
    """Return what staff are told about a next match."""
    return [task.words for task in town.tasks() if task.rule == "next match"]


def rosa_wants_a_new_mentor(town: Town) -> None:
    """Rosa answers both parts of the survey, the second one a day later."""
    town.texts(ROSA, MAIN, *ROSA_FIRST)
    town.days_pass(1.1)
    said = town.texts(ROSA, MAIN, *A_NEW_MENTOR)
    assert said[-1] == "Thank you, Rosa. That helps us and those who come next."


def luis_answers(town: Town, next_match: str) -> None:
    """Luis answers both parts of the survey; the second one begins with the next match."""
    town.texts(LUIS, MAIN, *LUIS_FIRST)
    town.days_pass(1.1)
    town.texts(LUIS, MAIN, next_match, "9", "0", "2")


def test_a_protege_who_finishes_on_a_pause_waits_for_a_new_mentor_after_it(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE", "FINISH", "1")
    town.texts(ROSA, MAIN, "2")
    town.days_pass(2.1)
    rosa_wants_a_new_mentor(town)

    town.days_pass(20)
    assert state_at(town, ROSA) == "paused"
    town.days_pass(9)

    assert moves_of_person(town, ROSA)[-2:] == [
        ("paused", "alum", "system"),
        ("alum", "waiting", "system"),
    ]
    assert rules(town).count("next match") == 0


def test_a_protege_who_is_back_before_the_rest_is_over_rests_to_its_end(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    close(town, match)
    rosa_wants_a_new_mentor(town)
    town.texts(ROSA, MAIN, "MENU", "1")
    town.days_pass(12.5)
    assert state_at(town, ROSA) == "alum"

    town.days_pass(1)

    assert state_at(town, ROSA) == "waiting"


def test_a_suspension_that_is_lifted_has_not_lost_the_wish(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    rosa_wants_a_new_mentor(town)
    change(town, ROSA, suspended=True)
    town.days_pass(20)
    assert state_at(town, ROSA) == "suspended"

    change(town, ROSA, suspended=False)
    assert state_at(town, ROSA) == "alum"
    town.days_pass(1.1)

    assert state_at(town, ROSA) == "waiting"


def change(town: Town, number: str, *, suspended: bool) -> None:
    """Staff suspend somebody, or let them go on."""
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, number).id)
        turn = suspend_person if suspended else release_person
        turn(session, person, actor="staff", reason="a worry", now=town.clock.now())


def test_a_protege_who_has_another_mentor_is_called_about_one_more(town: Town) -> None:
    match = text_pair(town)
    town.match(person_at(town, ROSA), town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT))
    close(town, match)
    rosa_wants_a_new_mentor(town)

    assert wishes(town) == ["P01 would like a new mentor. Others go on."]
    assert state_at(town, ROSA) == "matched"


def test_a_mentor_on_a_break_who_wants_no_new_match_is_offered_none_after_it(town: Town) -> None:
    match = text_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    close(town, match)
    luis_answers(town, "3")

    assert state_at(town, LUIS) == "alum"
    assert "on a pause" not in town.texts(LUIS, MAIN, "MENU")[0]
    before = len(got(town, LUIS))
    town.days_pass(40)

    assert state_at(town, LUIS) == "alum"
    # Nobody asks whether the day suits on which a break ends that is over.
    assert not [text for text in got(town, LUIS, before) if "pause" in text]


def test_a_mentor_on_a_break_who_wants_a_new_match_now_is_told_to_staff(town: Town) -> None:
    match = text_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    close(town, match)
    luis_answers(town, "1")

    assert wishes(town) == ["M01 would like a new match now, and is on break."]
    assert state_at(town, LUIS) == "on_break"


def test_a_break_before_a_new_match_goes_on_as_it_was_told(town: Town) -> None:
    match = text_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    close(town, match)
    luis_answers(town, "2")

    town.days_pass(30)

    assert state_at(town, LUIS) == "available"
    assert wishes(town) == []


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("1", "M01 would like a new match now, and is alum."),
        ("2", "M01 wants a break before a new match, and is alum."),
    ],
)
def test_a_wish_that_no_state_can_hold_is_told_to_staff(town: Town, key: str, words: str) -> None:
    match = text_pair(town)
    close(town, match)
    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        now = town.clock.now()
        move_person(session, luis, PersonState.ALUM, actor="staff", reason="moves away", now=now)
    town.emulator.advance(timedelta(hours=1).total_seconds())
    luis_answers(town, key)

    assert wishes(town) == [words]

"""A number that somebody else has by now: nothing of ours goes there, and nobody's name is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.models import (
    Answer,
    Match,
    OptOutKind,
    Person,
    Role,
    StaffTask,
)
from mentoring.optouts import refuse
from mentoring.people import find_phone, person_with_code
from mentoring.right_numbers import change_number, confirm_number
from tests.journeys.cast import DAN, LUIS, ROSA, dialled, learn_nothing, pair
from tests.journeys.service_calls import is_over, queue, rings, rosa_and_luis
from tests.town import MAIN, PAIRS, Town

SORRY = (
    "BridgeLine: Sorry. We will not call or text this number again."
    " If it is yours after all, text START."
)
LOST = "Your text did not reach Rosa. Their phone may be off."


def alerts(town: Town) -> list[StaffTask]:
    """Return the open alerts that somebody is not reached."""
    return [task for task in town.tasks() if task.rule == "O6" and task.done_at is None]


def says_wrong_number(town: Town, line: str = PAIRS[0]) -> Match:
    """Whoever has Rosa's phone now says so by text, and nothing else reaches them."""
    match = pair(town)
    assert town.texts(ROSA, line, "Wrong number") == [SORRY]
    return match


def staff(town: Town, work: Callable[..., None], *given: str) -> None:
    """Let staff do something about Rosa."""
    with town.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        work(session, rosa, *given, actor="staff", reason="She told me.", now=town.clock.now())


@pytest.mark.parametrize(
    "words",
    [
        *("Wrong number", "You have the wrong person.", "wrong number, stop texting me"),
        *("Número equivocado", "vous avez le mauvais numéro"),
    ],
)
@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_they_hear_once_that_it_ends_and_the_partner_learns_nothing(
    town: Town, words: str, line: str
) -> None:
    pair(town)
    assert town.texts(ROSA, line, words) == [SORRY]
    learn_nothing(SORRY)
    assert town.texts(ROSA, line, words, "Who is this?", "MENU") == []
    assert town.phone(LUIS).inbox == []
    (alert,) = alerts(town)
    assert "P01: whoever has their phone said by text: wrong number." in alert.words
    assert [task.rule for task in town.tasks()] == ["O6"]


def test_nothing_of_the_partner_reaches_them_and_it_sounds_like_a_phone_that_is_off(
    town: Town,
) -> None:
    says_wrong_number(town)
    before = len(town.phone(ROSA).inbox)
    (told,) = town.texts(LUIS, PAIRS[0], "Are you there, Rosa?")
    assert told.startswith(LOST)
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hears("Rosa can't take calls right now", "voice note")
    luis.records("Please call me")
    luis.presses("2")
    luis.hangs_up()
    town.pass_time(3 * 24 * 3600)
    assert dialled(town) == []
    assert len(town.phone(ROSA).inbox) == before
    assert [task.rule for task in town.tasks()].count("number") == 0


def test_nothing_of_ours_reaches_them_not_even_what_waited_already(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match, not_before=town.clock.now() + timedelta(hours=1))
    town.phone(ROSA).text(MAIN, "wrong number")
    town.settle()
    town.days_pass(20)
    assert [text.body for text in town.phone(ROSA).inbox] == [SORRY]
    assert town.phone(ROSA).calls == []


def test_what_they_text_to_the_pair_line_is_refused_and_logged(town: Town) -> None:
    says_wrong_number(town)
    town.texts(ROSA, PAIRS[0], "Who is Luis?")
    assert town.phone(LUIS).inbox == []
    (entry,) = [contact for contact in town.log() if contact.reason]
    assert entry.reason == "said that it is a wrong number"


def test_what_they_text_answers_no_question_that_was_put_to_our_person(town: Town) -> None:
    pair(town)
    town.days_pass(3.1)
    assert "Have you and Luis talked" in town.phone(ROSA).inbox[-1].body
    town.texts(ROSA, MAIN, "Wrong number", "3")
    with town.db.transaction() as session:
        assert session.scalars(select(Answer)).all() == []


def test_a_cry_for_help_is_answered_and_a_call_for_staff_is_heard(town: Town) -> None:
    says_wrong_number(town)
    (answer,) = town.texts(ROSA, MAIN, "I want to die")
    assert "988" in answer
    assert town.texts(ROSA, MAIN, "PERSON", "WORRY") == []
    assert {"O8", "O10", "O11"} <= {task.rule for task in town.tasks()}


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_start_brings_back_whoever_wrote_it_by_mistake(town: Town, line: str) -> None:
    says_wrong_number(town)
    (back,) = town.texts(ROSA, line, "START")
    assert back.startswith("BridgeLine: Texts are back on.")
    town.texts(LUIS, PAIRS[0], "Hello")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Hello"
    town.caller(LUIS).calls(PAIRS[0])
    assert town.phone(ROSA).ringing is not None
    (alert,) = alerts(town)
    assert "Make sure that it is they who have it." in alert.words


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_a_call_brings_them_back_and_tells_no_name_before(town: Town, line: str) -> None:
    says_wrong_number(town)
    rosa = town.caller(ROSA)
    rosa.calls(line)
    rosa.hears("this is a wrong number", "If it is yours press 1", "If it is not yours press 2")
    learn_nothing(rosa.heard)
    assert dialled(town) == []
    rosa.presses("1")
    rosa.hears("To call Luis press 1")
    rosa.hangs_up()
    town.texts(LUIS, PAIRS[0], "Hello")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Hello"


def test_whoever_calls_to_ask_what_it_was_about_learns_nothing(town: Town) -> None:
    says_wrong_number(town)
    stranger = town.caller(ROSA)
    stranger.calls(PAIRS[0])
    learn_nothing(stranger.heard)
    stranger.says("no, not mine")
    learn_nothing(stranger.heard)
    is_over(town, stranger)
    assert town.texts(LUIS, PAIRS[0], "Hello")[0].startswith(LOST)


@pytest.mark.parametrize("said", ["key", "words"])
def test_who_is_rung_and_says_wrong_number_is_rung_no_more(town: Town, said: str) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.hears("For a wrong number press 3")
    if said == "key":
        caller.presses("3")
    else:
        caller.says("no, you have the wrong number")
        caller.presses("1")
    caller.hears("I am sorry that I rang you.")
    is_over(town, caller)
    assert [task.rule for task in town.tasks()] == ["O6"]
    queue(town, rosa, match=match, key="another")
    town.days_pass(2)
    assert town.phone(ROSA).ringing is None
    assert town.texts(LUIS, PAIRS[0], "Hello")[0].startswith(LOST)
    assert town.phone(ROSA).inbox == []


def test_once_staff_say_that_it_is_right_all_goes_on(town: Town) -> None:
    says_wrong_number(town)
    staff(town, confirm_number)
    assert alerts(town) == []
    town.texts(LUIS, PAIRS[0], "Hello")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Hello"
    assert town.texts(ROSA, PAIRS[0], "Hello Luis") == []
    assert town.phone(LUIS).inbox[-1].body == "Rosa: Hello Luis"


def test_at_the_right_number_all_goes_on_and_the_old_one_is_a_strangers(town: Town) -> None:
    says_wrong_number(town)
    town.phone(DAN, label="Rosa, new")
    staff(town, change_number, DAN)
    assert alerts(town) == []
    town.texts(LUIS, PAIRS[0], "Hello")
    assert town.phone(DAN).inbox[-1].body == "Luis: Hello"
    town.texts(DAN, PAIRS[0], "At last")
    assert town.phone(LUIS).inbox[-1].body == "Rosa: At last"
    town.caller(LUIS).calls(PAIRS[0])
    assert town.phone(DAN).ringing is not None
    (welcome,) = town.texts(ROSA, MAIN, "Hi")
    learn_nothing(welcome.replace("mentor line", ""))
    town.texts(ROSA, PAIRS[0], "Hi")
    assert town.phone(LUIS).inbox[-1].body == "Rosa: At last"


def test_a_question_and_a_wish_go_along_to_the_new_number(town: Town) -> None:
    pair(town)
    town.days_pass(3.1)
    assert "Have you and Luis talked" in town.phone(ROSA).inbox[-1].body
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=town.clock.now())
    staff(town, change_number, DAN)
    (thanks,) = town.texts(DAN, MAIN, "3")
    assert thanks.startswith("Thank you, Rosa.")
    with town.db.transaction() as session:
        phone = find_phone(session, DAN)
        assert phone is not None
        assert phone.calls_refused_at is not None


def test_a_text_of_the_night_arrives_at_the_number_that_staff_write_down_meanwhile(
    town: Town,
) -> None:
    rosa: Person = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    town.clock.advance(11 * 3600)
    (promise,) = town.texts(LUIS, PAIRS[0], "Good night, Rosa")
    assert "I will send your text after 8 am" in promise
    town.phone(DAN, label="Rosa, new")

    staff(town, change_number, DAN)
    town.pass_time(12 * 3600)

    assert town.phone(ROSA).inbox == []
    assert [text.body for text in town.phone(DAN).inbox] == ["Luis: Good night, Rosa"]
    assert town.phone(LUIS).inbox[-1].body == promise

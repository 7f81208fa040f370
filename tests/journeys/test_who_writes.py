"""Several people text from one number: who has told their name has told it for that talk (S9)."""

from dataclasses import replace

import pytest

from mentoring.models import MatchState, PersonState, Role
from mentoring.people import find_phone
from tests.journeys.cast import LUIS, goes_through
from tests.journeys.safety import state_of
from tests.journeys.test_shared_phones import HOME, household
from tests.town import MAIN, PAIRS, Town

WHO = "Who is this? Reply 1 Ana, 2 Bea, 3 somebody else."
A_TALK = 30 * 60


def ana_alone(town: Town) -> None:
    """Ana, who has a match with Luis, is the only one on her phone whom we know."""
    ana = town.person(Role.PROTEGE, "Ana", HOME, shared=True)
    town.match(ana, town.person(Role.MENTOR, "Luis", LUIS))


def a_housemate_begins(town: Town) -> str:
    """Somebody else on Ana's phone wants to be a mentor, and agrees to texts."""
    return town.texts(HOME, MAIN, "hi", "2", "2", "1")[-1]


def consents_of_the_housemate(town: Town) -> list[str]:
    with town.db.transaction() as session:
        phone = find_phone(session, HOME)
        assert phone is not None
        return [each.state.value for each in phone.people if each.code != "P01"]


def test_a_name_counts_for_one_talk_and_not_for_who_writes_days_later(town: Town) -> None:
    ana, _ = household(town)
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "hi", "1")[-1]
    town.pass_time(5 * 86400)
    before = len(town.phone(HOME).inbox)
    assert town.texts(HOME, MAIN, "3") == [WHO]
    town.texts(HOME, MAIN, "2")
    assert "You are all set for now." in town.phone(HOME).inbox[-1].body
    town.texts(HOME, MAIN, "1")
    heard = [text.body for text in town.phone(HOME).inbox[before:]]
    assert not [body for body in heard if "Luis" in body]
    with town.db.transaction() as session:
        assert session.merge(ana).state is not PersonState.PAUSED


def test_within_a_talk_short_answers_go_on(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1")
    town.pass_time(A_TALK - 60)
    assert "What is it about" in town.texts(HOME, MAIN, "WORRY", "2")[-1]
    town.pass_time(A_TALK - 60)
    town.texts(HOME, MAIN, "1")
    assert town.phone(HOME).inbox[-1].body != WHO


def test_the_menu_asks_who_writes_and_so_does_the_name_of_another_one(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1")
    assert town.texts(HOME, MAIN, "MENU") == [WHO]
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "1")[-1]
    (menu,) = town.texts(HOME, MAIN, "this is Bea")
    assert menu.startswith("You are all set for now.")
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "Ana")[-1]


def test_again_is_the_same_question_for_the_same_one(town: Town) -> None:
    household(town)
    (menu,) = town.texts(HOME, MAIN, "hi", "1")[-1:]
    assert town.texts(HOME, MAIN, "AGAIN") == [menu]


def test_what_a_housemate_has_begun_is_not_asked_of_ana_nor_answered_by_her(town: Town) -> None:
    ana_alone(town)
    asked = a_housemate_begins(town)
    assert "computer voice" in asked
    town.pass_time(3 * 3600)
    assert town.texts(HOME, MAIN, "1") == ["Who is this? Reply 1 Ana, 2 somebody else."]
    assert "Reply 1 to call Luis" in town.texts(HOME, MAIN, "1")[-1]
    assert consents_of_the_housemate(town) == ["consenting"]
    # Nothing that was begun is lost, by text or by phone.
    town.texts(HOME, MAIN, "MENU")
    assert asked in town.texts(HOME, MAIN, "2")[-1]
    town.texts(HOME, MAIN, "Ana")
    home = town.caller(HOME)
    home.calls(MAIN)
    home.presses("2")
    home.hears("Your answers are saved")


def test_what_ana_was_asked_waits_for_her_while_a_housemate_joins(town: Town) -> None:
    ana_alone(town)
    town.days_pass(3.1)
    assert town.phone(HOME).inbox[-1].body.startswith("A question is waiting for you.")
    assert town.texts(HOME, MAIN, "hello") == ["Who is this? Reply 1 Ana, 2 somebody else."]
    town.texts(HOME, MAIN, "2", "2")
    assert "8 texts a month" in town.texts(HOME, MAIN, "AGAIN")[-1]
    assert "Have you and Luis talked" in town.texts(HOME, MAIN, "Ana")[-1]


def test_the_question_of_one_is_kept_when_another_one_calls_and_begins_to_join(
    town: Town,
) -> None:
    ana_alone(town)
    town.days_pass(3.1)
    home = town.caller(HOME)
    home.calls(MAIN)
    goes_through(
        home, ("2", "To be a mentor"), ("2", "Can this phone get texts"), ("1", "8 texts a month")
    )
    home.hangs_up()
    home.calls(MAIN)
    home.presses("1")
    home.hears("Have you and Luis talked")


@pytest.mark.parametrize("body", ["hello", "MENU", "1"])
def test_what_was_put_by_phone_is_put_to_nobody_by_text_before_the_name(
    town: Town, body: str
) -> None:
    household(town)
    town.days_pass(3.1)
    assert town.texts(HOME, MAIN, body) == [WHO]
    assert "You are all set for now." in town.texts(HOME, MAIN, "2")[-1]
    assert "Have you and Luis talked" in town.texts(HOME, MAIN, "Ana")[-1]


def test_a_worry_half_told_is_gone_on_with_by_nobody_else(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1", "3", "1", "2")
    town.pass_time(2 * 3600)
    assert "Is someone in danger now" in town.texts(HOME, MAIN, "WORRY")[-1]
    town.texts(HOME, MAIN, "MENU", "1")
    assert "What is it about" in town.phone(HOME).inbox[-1].body


def test_the_end_of_a_match_is_asked_for_on_its_line_and_costs_a_housemate_nothing(
    town: Town,
) -> None:
    ana_alone(town)
    asked = a_housemate_begins(town)
    town.texts(HOME, PAIRS[0], "FINISH")
    town.texts(HOME, MAIN, "MENU", "2")
    assert asked in town.phone(HOME).inbox[-1].body


def test_a_reminder_that_was_promised_comes_though_another_one_has_written_meanwhile(
    town: Town,
) -> None:
    ana_alone(town)
    a_housemate_begins(town)
    town.texts(HOME, MAIN, "1", "1", "1", "1", "1", "Dan", "3", "1", "1")
    town.texts(HOME, MAIN, "LATER")
    town.texts(HOME, MAIN, "MENU", "1")
    town.days_pass(2.1)
    told = [text.body for text in town.phone(HOME).inbox]
    assert [body for body in told if body.startswith("A question is waiting")]


def test_a_cry_for_help_is_no_answer_to_what_another_one_was_asked(town: Town) -> None:
    ana_alone(town)
    asked = a_housemate_begins(town)
    town.pass_time(3600)
    town.texts(HOME, MAIN, "No. I want to die")
    town.texts(HOME, MAIN, "MENU", "2")
    assert asked in town.phone(HOME).inbox[-1].body


def test_a_language_is_chosen_for_whoever_writes_and_not_for_who_wrote_before(
    town: Town,
) -> None:
    ana, _ = household(town)
    town.texts(HOME, MAIN, "hi", "1")
    town.pass_time(3600)
    assert town.texts(HOME, MAIN, "ESPANOL") == [WHO]
    with town.db.transaction() as session:
        assert session.merge(ana).language == "en"


def test_what_one_says_pauses_no_match_of_another(town: Town) -> None:
    ana = town.person(Role.PROTEGE, "Ana", HOME, shared=True)
    town.person(Role.PROTEGE, "Bea", HOME, shared=True)
    match = town.match(ana, town.person(Role.MENTOR, "Luis", LUIS))
    town.texts(HOME, MAIN, "hi", "1")
    town.pass_time(86400)
    town.texts(HOME, MAIN, "3", "3", "1")
    assert state_of(town, match) is not MatchState.PAUSED


def filed(town: Town, rule: str) -> list[tuple[str, bool, bool]]:
    """Return the tasks of a rule: their words, and whether a person and a match stand with them."""
    return [
        (task.words, task.person_id is not None, task.match_id is not None)
        for task in town.tasks()
        if task.rule == rule
    ]


def test_what_somebody_tells_staff_after_their_name_is_filed_as_theirs(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1", "PERSON", "WORRY")
    assert filed(town, "O8") == [("P01 asked for a person by text.", True, False)]
    assert filed(town, "O10") == [("P01 has a worry to tell us. Nobody else was told.", True, True)]


def test_a_cry_for_help_after_the_name_is_theirs_and_so_is_the_next_one(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1", "3", "1", "I want to die", "I want to die")
    words = "P01 wrote words that may be a cry for help."
    assert [(told, known) for told, known, _ in filed(town, "O11")] == [(words, True)]


def test_a_cry_for_help_without_a_name_says_who_it_may_be(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1")
    town.pass_time(A_TALK + 60)
    town.texts(HOME, MAIN, "I want to die", "WORRY", "PERSON")
    told = [words for rule in ("O11", "O10", "O8") for words, _, _ in filed(town, rule)]
    assert len(told) == 3
    assert all(words.startswith("P01 or P02 ") for words in told)


def test_on_a_phone_with_one_whom_we_know_it_may_be_somebody_else(town: Town) -> None:
    ana_alone(town)
    town.texts(HOME, MAIN, "PERSON", "PLAN")
    assert [words for words, _, _ in filed(town, "O8")] == [
        "P01 or somebody else on that phone asked for a person by text.",
        "P01 or somebody else on that phone texted plan. Please arrange it with them.",
    ]


def test_once_named_somebody_rests_by_one_word_and_the_log_knows_who_wrote(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi", "1")
    (rest,) = town.texts(HOME, MAIN, "PAUSE")
    assert "on pause" in rest
    writers = [entry.from_person_id for entry in town.log()]
    assert writers[0] is None
    assert len(set(writers[1:])) == 1
    assert writers[1] is not None


def test_who_has_told_no_name_is_answered_in_the_language_of_all_who_use_the_phone(
    town: Town,
) -> None:
    town.db.programme = replace(town.db.programme, languages=("en", "es", "fr"))
    household(town)
    with town.db.transaction() as session:
        phone = find_phone(session, HOME)
        assert phone is not None
        for each in phone.people:
            each.language = "es"
    (answer,) = town.texts(HOME, MAIN, "PERSON")
    assert answer.startswith("De acuerdo.")

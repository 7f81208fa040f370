"""Opt-out and return: one word on any line counts for all of them (S2, S3, G10)."""

import pytest
from sqlalchemy import select

from mentoring.models import Delivery, DeliveryStatus, OptOutEvent, OptOutKind, Outcome
from mentoring.optouts import lines_blocked_by_carrier
from mentoring.people import find_phone
from mentoring.phone import written
from tests.journeys.cast import ELLEN, KIM, LUIS, ROSA, contacts, goes_through, pair
from tests.town import MAIN, PAIRS, Town

CARRIER_STOP = "You have successfully been unsubscribed."


def is_out(town: Town, number: str = ROSA) -> bool:
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        return phone.texts_refused_at is not None


@pytest.mark.parametrize("word", ["STOP", " Stop ", "CANCEL"])
def test_a_word_on_a_pair_line_blocks_all_lines_and_only_the_carrier_answers(
    town: Town, word: str
) -> None:
    pair(town)
    (answer,) = town.texts(ROSA, PAIRS[0], word)
    assert answer.startswith(CARRIER_STOP)
    assert is_out(town)
    before = len(town.emulator.requests)
    town.texts(ROSA, MAIN, "Hello")
    town.texts(LUIS, PAIRS[0], "Are you there?")
    town.pass_time(3600)
    sent = [dict(r.form) for r in town.emulator.requests[before:] if r.method == "POST"]
    assert {form["To"] for form in sent} == {LUIS}
    assert town.phone(LUIS).inbox[-1].body.startswith("Your text did not reach Rosa. Their")


def test_the_word_itself_is_not_relayed(town: Town) -> None:
    pair(town)
    for word in ("STOP", "START", "HELP", "info", "AYUDA", "ALTO"):
        town.texts(ROSA, PAIRS[0], word)
    town.pass_time(3600)
    assert town.phone(LUIS).inbox == []


def test_start_on_the_same_line_restores_all_lines(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    (answer,) = town.texts(ROSA, PAIRS[0], "START")
    assert answer.startswith("You have successfully been re-subscribed")
    assert not is_out(town)
    town.texts(LUIS, PAIRS[0], "Welcome back")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Welcome back"
    assert len(town.texts(ROSA, MAIN, "Hello")) == 1


def test_each_opt_out_and_each_return_is_kept_as_proof(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP", "STOP", "START")
    with town.db.transaction() as session:
        events = session.scalars(select(OptOutEvent).order_by(OptOutEvent.id)).all()
        assert [event.refused for event in events] == [True, False]


@pytest.mark.parametrize("words", ["ALTO", "arrêter", "detener", "Please stop texting me"])
def test_words_that_the_carrier_does_not_know_are_confirmed_once_by_us(
    town: Town, words: str
) -> None:
    pair(town)
    (answer,) = town.texts(ROSA, PAIRS[0], words)
    assert answer.startswith("BridgeLine: You will get no more texts from any of our lines.")
    assert is_out(town)
    town.pass_time(3600)
    assert town.texts(ROSA, PAIRS[0], words) == []
    assert town.phone(LUIS).inbox == []


def test_a_sentence_that_may_mean_it_blocks_first_and_has_staff_ask(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Maybe you should stop texting me")
    assert is_out(town)
    assert town.texts(ROSA, PAIRS[0], "Maybe you should stop texting me") == []
    assert [task.rule for task in town.tasks()].count("S2") == 1


def test_what_may_have_been_meant_for_the_partner_still_reaches_the_partner(town: Town) -> None:
    pair(town)
    (answer,) = town.texts(ROSA, PAIRS[0], "My husband says stop texting me")
    assert answer.startswith("BridgeLine: You will get no more texts from any of our lines.")
    assert is_out(town)
    assert [t.body for t in town.phone(LUIS).inbox] == ["Rosa: My husband says stop texting me"]
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


def test_after_words_that_may_be_an_opt_out_by_night_nothing_follows_the_one_confirmation(
    town: Town,
) -> None:
    pair(town)
    town.clock.advance(11 * 3600)
    (answer,) = town.texts(ROSA, PAIRS[0], "Maybe you should stop texting me")
    assert answer.startswith("BridgeLine: You will get no more texts")
    town.pass_time(10 * 3600)
    assert len(town.phone(ROSA).inbox) == 1
    assert town.phone(LUIS).inbox[-1].body == "Rosa: Maybe you should stop texting me"


def test_words_that_only_look_like_it_are_relayed(town: Town) -> None:
    pair(town)
    for words in ("Stop by my stall on Saturday", "I can't stop thinking", "END OF MONTH works"):
        assert town.texts(ROSA, PAIRS[0], words) == []
        assert town.phone(LUIS).inbox[-1].body.removeprefix("Rosa: ") == words
    assert not is_out(town)


def test_a_yes_answers_the_question_that_is_open_and_restores_nobody(town: Town) -> None:
    town.texts(ROSA, MAIN, "Hi", "1")
    (second,) = town.texts(ROSA, MAIN, "YES")
    assert "computer voice" in second


def test_a_yes_on_a_pair_line_is_a_text_like_any_other(town: Town) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], "Yes") == []
    assert town.phone(LUIS).inbox[-1].body == "Rosa: Yes"


def test_help_is_answered_by_the_carrier_alone_and_in_other_languages_by_us(town: Town) -> None:
    pair(town)
    (answer,) = town.texts(ROSA, PAIRS[0], "HELP")
    assert answer.startswith("Reply STOP to unsubscribe")
    (answer,) = town.texts(ROSA, PAIRS[0], "Ayuda")
    assert "For a person, text PERSON or call 515 555 0100" in answer


def test_an_opt_out_that_only_the_carrier_knows_is_learned_from_its_refusal(town: Town) -> None:
    pair(town)
    town.emulator.faults.drop("/sms/inbound")
    town.phone(ROSA).text(PAIRS[0], "STOP")
    town.emulator.advance(20)
    town.emulator.debugger.clear()
    assert not is_out(town)
    (told,) = town.texts(LUIS, PAIRS[0], "Hello Rosa")
    assert told.startswith("Your text did not reach Rosa.")
    assert is_out(town)
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.UNDELIVERED
    with town.db.transaction() as session:
        (refused,) = session.scalars(
            select(Delivery).where(Delivery.status == DeliveryStatus.FAILED)
        )
        assert refused.error_code == 21610


def test_whoever_opted_out_of_texts_can_still_be_called(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    assert town.phone(ROSA).ringing == PAIRS[0]


def test_the_other_side_is_not_told_that_it_was_an_opt_out(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    (told,) = town.texts(LUIS, PAIRS[0], "Hello")
    for word in ("stop", "opt", "unsubscribe", "refuse", "block"):
        assert word not in told.lower()


def test_an_opt_out_in_mid_intake_ends_all_texts_and_keeps_the_answers(town: Town) -> None:
    town.texts(ELLEN, MAIN, "Hi", "1", "1")
    assert town.texts(ELLEN, MAIN, "STOP") == [town.phone(ELLEN).inbox[-1].body]
    assert town.phone(ELLEN).inbox[-1].carrier
    town.pass_time(7 * 24 * 3600)
    assert town.phone(ELLEN).inbox[-1].carrier
    ellen = town.caller(ELLEN)
    ellen.calls(MAIN)
    ellen.hears("We go on from where you were")


def test_an_opt_out_while_matched_is_told_to_staff(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    (task,) = town.tasks()
    assert task.rule == "O16"
    assert task.match_id is not None


def test_after_our_own_word_start_is_confirmed_by_us(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "please stop texting me")
    (answer,) = town.texts(ROSA, PAIRS[0], "START")
    assert answer.startswith("BridgeLine: Texts are back on.")
    town.texts(LUIS, PAIRS[0], "Welcome back")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Welcome back"


def test_start_on_another_line_says_which_line_the_carrier_still_blocks(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    back, still = town.texts(ROSA, MAIN, "START")
    assert back.startswith("BridgeLine: Texts are back on.")
    assert still == "To get texts on 515 555 0101 too, please text START to that number."
    town.texts(ROSA, PAIRS[0], "START")
    assert not is_out(town)
    town.texts(LUIS, PAIRS[0], "Are you there?")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Are you there?"


def test_a_block_of_the_carrier_on_one_line_does_not_undo_a_return(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    town.texts(ROSA, MAIN, "START")
    (told,) = town.texts(LUIS, PAIRS[0], "Are you there?")
    assert told.startswith("Your text did not reach Rosa.")
    assert town.texts(ROSA, MAIN, "Hello") != []


def test_every_line_that_the_carrier_blocks_is_named_after_start(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    town.texts(ROSA, MAIN, "STOP")
    town.texts(ROSA, PAIRS[0], "START")
    town.texts(LUIS, PAIRS[0], "Are you there?")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Are you there?"
    assert any("text START to that number" in text.body for text in town.phone(ROSA).inbox)


def test_an_opt_out_on_the_main_line_while_matched_is_told_to_staff(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "STOP")
    assert [task.rule for task in town.tasks()] == ["O16"]


def refused_calls(town: Town, number: str) -> list[tuple[OptOutKind, str]]:
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        assert phone.calls_refused_at is not None
        events = session.scalars(select(OptOutEvent).where(OptOutEvent.phone_id == phone.id))
        return [(event.kind, event.source) for event in events]


@pytest.mark.parametrize("words", ["Stop calling me", "please don't call me again"])
def test_stop_calling_me_turns_automated_calls_off_and_the_call_goes_on(
    town: Town, words: str
) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.says(words)
    rosa.hears("You will get no more automated calls from us.", "To call Luis press 1")
    rosa.says(words)
    rosa.hears("You will get no more automated calls from us.", "To call Luis press 1")
    assert refused_calls(town, ROSA) == [(OptOutKind.CALLS, "voice")]
    assert not is_out(town)


def test_stop_calling_me_in_a_masked_call_ends_it_and_staff_ask_what_was_meant(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.says("Stop calling me!")
    luis.hears("You will get no more automated calls from us.", "[call ended]")
    rosa.hears("Luis can't talk right now")
    assert refused_calls(town, LUIS) == [(OptOutKind.CALLS, "voice")]
    (task,) = town.tasks()
    assert task.rule == "O16"
    assert "M01" in task.words


OWN_WORDS = {"NOMORE": "STOP", "ALTO": "STOP", "BACKAGAIN": "START", "WHO IS THIS": "HELP"}


def pair_in_a_service(town: Town) -> None:
    """The carrier's list of words is longer than ours, and it tells us what it has read."""
    pair(town)
    town.emulator.add_service(MAIN, *PAIRS, asks_numbers=True, own_words=OWN_WORDS)


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
@pytest.mark.parametrize("word", ["NOMORE", "nomore", "ALTO", "STOP"])
def test_a_word_that_operators_gave_the_carrier_blocks_all_lines_and_only_it_answers(
    town: Town, line: str, word: str
) -> None:
    pair_in_a_service(town)
    (answer,) = town.texts(ROSA, line, word)
    assert answer.startswith(CARRIER_STOP)
    assert is_out(town)
    assert town.phone(LUIS).inbox == []
    assert [task.rule for task in town.tasks()] == ["O16"]


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_a_word_for_coming_back_that_operators_gave_the_carrier_is_answered_by_it_alone(
    town: Town, line: str
) -> None:
    pair_in_a_service(town)
    town.texts(ROSA, line, "NOMORE")
    (answer,) = town.texts(ROSA, line, "BACKAGAIN")
    assert answer.startswith("You have successfully been re-subscribed")
    assert not is_out(town)
    town.texts(LUIS, PAIRS[0], "Welcome back")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Welcome back"


def test_start_on_one_line_of_such_a_service_opens_all_of_its_lines(town: Town) -> None:
    pair_in_a_service(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    town.texts(ROSA, MAIN, "STOP")

    (answer,) = town.texts(ROSA, MAIN, "START")

    assert answer.startswith("You have successfully been re-subscribed")
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        assert lines_blocked_by_carrier(session, phone) == []
    town.texts(LUIS, PAIRS[0], "Welcome back")
    assert town.phone(ROSA).inbox[-1].body == "Luis: Welcome back"


def test_after_a_sentence_of_theirs_a_return_is_confirmed_by_us(town: Town) -> None:
    pair_in_a_service(town)
    town.texts(ROSA, PAIRS[0], "Please stop texting me")
    (answer,) = town.texts(ROSA, PAIRS[0], "BACKAGAIN")
    assert answer.startswith("BridgeLine: Texts are back on.")


def test_a_word_for_help_that_operators_gave_the_carrier_is_not_relayed(town: Town) -> None:
    pair_in_a_service(town)
    (answer,) = town.texts(ROSA, PAIRS[0], "Who is this")
    assert answer.startswith("Reply STOP to unsubscribe.")
    assert town.phone(LUIS).inbox == []


def test_a_yes_stays_an_answer_whatever_the_carrier_calls_it(town: Town) -> None:
    pair_in_a_service(town)
    town.texts(ROSA, PAIRS[0], "Yes")
    assert town.phone(LUIS).inbox[-1].body == "Rosa: Yes"


IS_OFF = f"Texts to this phone are off. To get them, text START to {written(MAIN)}."


@pytest.mark.parametrize("words", ["STOP", "Please stop texting me"])
def test_who_stopped_and_then_agrees_to_texts_by_phone_is_told_what_brings_them_back(
    town: Town, words: str
) -> None:
    town.texts(KIM, MAIN, "Hi", "1", words)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Can this phone get texts")
    goes_through(kim, ("1", "about 8 texts a month"), ("1", IS_OFF))
    kim.hears("May we also call you with a computer voice")
    # The yes to texts lifts nothing by itself.
    assert is_out(town, KIM)
    kim.hangs_up()
    town.settle()
    town.texts(KIM, MAIN, "START")
    assert not is_out(town, KIM)


def test_who_stopped_after_agreeing_and_then_likes_texts_best_is_told_as_well(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "1", "1", "1", "1", "1", "1", "Kim", "STOP")
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("How do you like to talk")
    kim.presses("2")
    kim.hears(IS_OFF, "I think it is")
    assert is_out(town, KIM)

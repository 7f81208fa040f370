"""Gather: keys, speech, time-outs and fall-through, as the contract's section 2.1 has them."""

import pytest

from tests.telephony.emulator.world import LINE, Seen, World

AFTER = "<Say>Nothing came.</Say>"


def gather(
    attributes: str = "", inside: str = "<Say>Please choose.</Say>", after: str = AFTER
) -> str:
    return f"<Response><Gather action='/next' {attributes}>{inside}</Gather>{after}</Response>"


def at_prompt(world: World, document: str) -> None:
    """Dial, and listen until the line waits."""
    world.answer("/voice", document)
    world.answer("/next", "<Response><Say>Next.</Say></Response>")
    world.phone().dial(LINE)
    world.phone().listen()


def result(world: World) -> Seen:
    (seen,) = world.app.at("/next")
    return seen


def test_digits_go_to_the_action_as_soon_as_there_are_enough(world: World) -> None:
    at_prompt(world, gather("numDigits='3'"))
    world.phone().press("01")
    assert world.app.at("/next") == []
    world.phone().press("*9")
    assert result(world)["Digits"] == "01*"
    assert result(world)["CallStatus"] == "in-progress"
    assert "SpeechResult" not in result(world).params
    world.emulator.settle()
    assert world.texts(world.phone())[1:2] == ["Next."]


def test_the_finish_key_ends_the_input_and_is_not_part_of_it(world: World) -> None:
    at_prompt(world, gather())
    world.phone().press("12#")
    assert result(world)["Digits"] == "12"
    assert result(world)["FinishedOnKey"] == "#"


def test_another_finish_key_makes_pound_a_digit(world: World) -> None:
    at_prompt(world, gather("finishOnKey='*'"))
    world.phone().press("1#2*")
    assert result(world)["Digits"] == "1#2"


def test_an_empty_finish_key_lets_every_key_through(world: World) -> None:
    at_prompt(world, gather("finishOnKey='' timeout='2'"))
    world.phone().press("#*0")
    world.emulator.advance(2)
    assert result(world)["Digits"] == "#*0"


def test_the_timeout_submits_what_there_is_and_starts_anew_with_each_key(world: World) -> None:
    at_prompt(world, gather("timeout='4' numDigits='5'"))
    world.phone().press("1")
    world.emulator.advance(3.9)
    world.phone().press("2")
    world.emulator.advance(3.9)
    assert world.app.at("/next") == []
    world.emulator.advance(0.2)
    assert result(world)["Digits"] == "12"


def test_silence_falls_through_without_a_request_after_the_timeout(world: World) -> None:
    at_prompt(world, gather("timeout='4'"))
    world.emulator.advance(3.9)
    assert world.texts(world.phone()) == ["Please choose."]
    world.emulator.advance(0.2)
    assert world.texts(world.phone()) == ["Please choose.", "Nothing came."]
    assert world.app.at("/next") == []


def test_the_default_timeout_is_five_seconds(world: World) -> None:
    at_prompt(world, gather())
    world.emulator.advance(4.9)
    assert world.texts(world.phone()) == ["Please choose."]
    world.emulator.advance(0.2)
    assert world.texts(world.phone())[-1] == "Nothing came."


def test_the_finish_key_alone_counts_as_silence(world: World) -> None:
    at_prompt(world, gather())
    world.phone().press("#")
    assert world.app.at("/next") == []
    assert world.texts(world.phone())[-1] == "Nothing came."


def test_nothing_after_a_silent_gather_hangs_up(world: World) -> None:
    at_prompt(world, gather(after=""))
    world.emulator.advance(6)
    assert world.phone().call is None
    assert world.app.at("/next") == []


def test_an_empty_result_can_be_asked_for(world: World) -> None:
    at_prompt(world, gather("actionOnEmptyResult='true'"))
    world.emulator.advance(5)
    assert result(world)["Digits"] == ""


def test_a_key_interrupts_the_prompt_and_the_rest_of_it_is_not_said(world: World) -> None:
    world.answer("/next", "<Response/>")
    world.answer(
        "/voice",
        gather("numDigits='1'", "<Say>A long first part of it.</Say><Pause/><Say>Second.</Say>"),
    )
    world.phone().dial(LINE)
    world.emulator.advance(1)
    world.phone().press("7")
    assert result(world)["Digits"] == "7"
    world.emulator.settle()
    assert "Second." not in world.texts(world.phone())


def test_keys_pressed_after_the_gather_is_complete_are_lost(world: World) -> None:
    world.answer("/next", gather("numDigits='1'", "<Say>Again.</Say>"))
    at_prompt_document = gather("numDigits='1'")
    world.answer("/voice", at_prompt_document)
    world.phone().dial(LINE)
    world.phone().press("123")
    assert [seen["Digits"] for seen in world.app.at("/next")] == ["1"]


def test_keys_outside_a_gather_are_ignored(world: World) -> None:
    world.answer("/voice", "<Response><Say>Only words here.</Say></Response>")
    world.phone().dial(LINE)
    world.phone().press("1")
    assert world.texts(world.phone()) == ["Only words here."]
    assert world.phone().call is not None


def test_without_an_action_the_same_document_is_asked_again(world: World) -> None:
    world.answer("/voice", "<Response><Gather numDigits='1'><Say>Choose.</Say></Gather></Response>")
    world.phone().dial(LINE)
    world.phone().press("4")
    assert [seen.params.get("Digits") for seen in world.app.at("/voice")] == [None, "4"]


def test_the_action_may_be_asked_with_get(world: World) -> None:
    at_prompt(world, gather("numDigits='1' method='GET'"))
    world.phone().press("4")
    assert (result(world).method, result(world)["Digits"]) == ("GET", "4")


def test_a_method_that_does_not_exist_is_taken_for_post(world: World) -> None:
    at_prompt(world, gather("numDigits='1' method='PUT'"))
    world.phone().press("4")
    assert result(world).method == "POST"
    assert [warning.code for warning in world.emulator.warnings] == [12200]


def test_speech_is_complete_after_a_pause(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='3'"))
    world.phone().say("yes I do", wait=False)
    world.emulator.advance(4.1)
    assert world.app.at("/next") == []
    world.emulator.advance(0.2)
    assert result(world)["SpeechResult"] == "yes I do"
    assert result(world)["Confidence"] == "0.95"
    assert "Digits" not in result(world).params


def test_speech_goes_on_when_more_is_said_within_the_pause(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='3'"))
    world.phone().say("on Monday", 0.9, wait=False)
    world.emulator.advance(3)
    world.phone().say("at four", 0.6)
    assert result(world)["SpeechResult"] == "on Monday at four"
    assert result(world)["Confidence"] == "0.6"


def test_automatic_speech_timeout_ends_at_the_first_pause(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='auto'"))
    world.phone().say("hello", wait=False)
    world.emulator.advance(1.5)
    assert result(world)["SpeechResult"] == "hello"


def test_speech_may_come_without_confidence(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='1'"))
    world.phone().say("hello", None)
    assert "Confidence" not in result(world).params


def test_the_saying_lasts_until_the_line_has_understood(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='2'"))
    world.phone().say("hello")
    assert result(world)["SpeechResult"] == "hello"


def test_speech_is_cut_at_a_minute(world: World) -> None:
    at_prompt(world, gather("input='speech' speechTimeout='9'"))
    for _ in range(8):
        assert world.app.at("/next") == []
        world.phone().say(" ".join(["word"] * 20), wait=False)
        world.emulator.advance(8)
    assert len(result(world)["SpeechResult"].split()) == 8 * 20


def test_the_first_kind_of_input_wins(world: World) -> None:
    at_prompt(world, gather("input='dtmf speech' speechTimeout='2' numDigits='2'"))
    world.phone().press("1")
    world.phone().say("no wait", wait=False)
    world.phone().press("2")
    assert result(world)["Digits"] == "12"
    assert "SpeechResult" not in result(world).params


def test_keys_do_not_end_speech_that_has_begun(world: World) -> None:
    at_prompt(world, gather("input='dtmf speech' speechTimeout='2'"))
    world.phone().say("yes please", wait=False)
    world.phone().press("#")
    world.emulator.advance(4)
    assert result(world)["SpeechResult"] == "yes please"


def test_speech_is_not_heard_where_only_keys_are_wanted(world: World) -> None:
    at_prompt(world, gather("timeout='4'"))
    world.phone().say("one")
    world.emulator.advance(4)
    assert world.app.at("/next") == []
    assert world.texts(world.phone())[-1] == "Nothing came."


def test_partial_results_are_told_while_speech_goes_on(world: World) -> None:
    world.answer("/partial", ("", 204))
    at_prompt(world, gather("input='speech' speechTimeout='2' partialResultCallback='/partial'"))
    world.phone().say("on Monday", wait=False)
    world.phone().say("at four")
    first, second = world.app.at("/partial")
    assert (first["UnstableSpeechResult"], first["SequenceNumber"]) == ("on Monday", "0")
    assert (second["StableSpeechResult"], second["SequenceNumber"]) == ("on Monday", "1")


def test_hanging_up_in_a_gather_only_brings_the_status_callback(world: World) -> None:
    at_prompt(world, gather("numDigits='4'"))
    world.phone().press("12")
    world.phone().hang_up()
    world.emulator.settle()
    assert world.app.paths() == ["/voice", "/ended"]


@pytest.mark.parametrize("key", ["0", "*", "9"])
def test_a_scripted_phone_answers_each_prompt_in_turn(world: World, key: str) -> None:
    world.answer("/voice", gather("numDigits='1'"))
    world.answer("/next", gather("numDigits='1'", "<Say>And now?</Say>"))
    world.phone().script = [("press", key), ("wait", 2.0), ("hang_up",)]
    world.phone().dial(LINE)
    world.emulator.advance(30)
    assert [seen["Digits"] for seen in world.app.at("/next")] == [key]
    assert world.phone().call is None
    assert world.phone().script == []


def test_without_barge_in_words_do_not_count_before_the_prompt_is_over(world: World) -> None:
    world.answer("/voice", gather("input='dtmf speech' bargeIn='false' speechTimeout='2'"))
    world.answer("/next", gather("input='speech' bargeIn='false'"))
    world.phone().dial(LINE)
    world.phone().say("I speak into it", wait=False)
    world.phone().listen()
    assert world.app.at("/next") == []
    world.phone().say("and now")
    assert result(world)["SpeechResult"] == "and now"


def test_without_barge_in_words_that_are_still_being_said_are_not_taken_along(world: World) -> None:
    world.answer("/voice", gather("input='speech' speechTimeout='1'"))
    world.answer("/next", gather("input='dtmf speech' bargeIn='false'", "<Say>And?</Say>"))
    world.phone().dial(LINE)
    world.phone().listen()
    world.phone().say("one")
    world.phone().say("these words take much longer than the prompt that they meet", wait=False)
    world.phone().listen()
    assert len(world.app.at("/next")) == 1


def test_without_barge_in_a_key_still_interrupts(world: World) -> None:
    world.answer("/voice", gather("input='dtmf speech' bargeIn='false' numDigits='1'"))
    world.answer("/next", "<Response/>")
    world.phone().dial(LINE)
    world.phone().press("1")
    assert result(world)["Digits"] == "1"

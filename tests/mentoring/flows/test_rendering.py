"""Events become words: what is spoken with its waits, and what is texted."""

from dataclasses import replace

import pytest

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog, Wording
from mentoring.flows.engine import Turn, start
from mentoring.flows.events import Said
from mentoring.flows.render import Listen, fill, say, spoken, write, written
from mentoring.flows.steps import Ask
from tests.mentoring.flows.caller import CATALOG, FACTS, PARAMS, Caller

HEAR_AGAIN = "At any time, for a person [p] press 0. To hear it again [p] press star."


def test_a_question_is_spoken_with_each_option_before_its_key() -> None:
    assert Caller("intake_protege").press("1", "1").hears.pieces == (
        "How do you like to talk?",
        "For phone calls [p] press 1. [p]",
        "For texts [p] press 2. [p]",
        "For both [p] press 3. [p]",
    )


def test_the_first_question_of_a_call_tells_the_two_reserved_keys() -> None:
    caller = Caller("welcome")
    first = spoken(
        caller.flow, caller.turn, catalog=CATALOG, params=PARAMS, facts=FACTS, first=True
    )
    assert first.pieces[-1] == HEAR_AGAIN
    assert HEAR_AGAIN not in caller.hears.pieces


def test_nothing_is_told_about_keys_where_no_answer_is_awaited() -> None:
    caller = Caller("welcome").press("1")
    ended = spoken(
        caller.flow, caller.turn, catalog=CATALOG, params=PARAMS, facts=FACTS, first=True
    )
    assert (ended.pieces, ended.listen) == ((), None)


def test_one_key_or_words_are_awaited_for_ten_seconds_and_three_after_speech() -> None:
    listen = Caller("welcome").hears.listen
    assert listen is not None
    assert replace(listen, hints=()) == Listen("choice", 1, 10, 3, True, (), 0)
    assert {"get a mentor", "person", "again"} <= set(listen.hints)


def test_who_wants_it_slow_has_twenty_seconds_and_five_after_speech() -> None:
    listen = Caller("welcome", slow=True).hears.listen
    assert listen is not None
    assert (listen.timeout, listen.speech_timeout) == (20, 5)


def test_the_second_silence_slows_this_very_call() -> None:
    listen = Caller("welcome").silent().silent().hears.listen
    assert listen is not None
    assert listen.timeout == 20


def test_more_time_waits_half_a_minute_and_says_only_the_short_question() -> None:
    caller = Caller("consent").press("1").silent().press("5")
    assert caller.hears.pieces[0] == "We will send you about 8 texts a month. Do you agree?"
    assert caller.hears.listen is not None
    assert caller.hears.listen.timeout == 30


def test_silence_and_misses_are_answered_in_the_words_of_the_frame() -> None:
    assert Caller("welcome").silent().heard.startswith("I did not hear you. Take your time. To get")
    assert "or press 0 for a person. To get" in Caller("welcome").silent().silent().heard
    assert Caller("welcome").say("fish").heard.startswith("Sorry, I missed that. To get a mentor")
    keys = Caller("welcome").say("fish").say("fish").heard
    assert keys.startswith("Let us use the keys. To get a mentor [p] press 1.")


def test_errors_never_lead_to_a_longer_prompt_than_the_first_one_and_its_lead() -> None:
    for name, flow in FLOWS.items():
        first = Caller(flow)
        full = len(first.hears.pieces)
        assert len(Caller(flow).silent().silent().hears.pieces) <= full + 1, name
        assert len(Caller(flow).press("9", "9").hears.pieces) <= full + 1, name


def test_a_read_back_names_the_value_in_words() -> None:
    caller = Caller("intake_protege").press("1").say("rosa")
    assert caller.hears.pieces == (
        "I heard Rosa.",
        "If that is right [p] press 1. [p]",
        "To try again [p] press 2. [p]",
    )
    assert caller.press("1").say("both", 0.1).heard.startswith("I heard both. If")
    assert caller.press("1").say("ten past four").heard.startswith("I heard 4:10 pm. If")


def test_a_list_of_eight_is_spoken_in_pages_of_three() -> None:
    caller = Caller("intake_protege")
    caller.press("1", "1", "1", "1", "1", "1", "1", "1")
    assert caller.hears.pieces == (
        "What help do you want? You can pick up to 3, one at a time.",
        "For money [p] press 1. [p]",
        "For customers [p] press 2. [p]",
        "For rules [p] press 3. [p]",
        "More choices [p] press 4. [p]",
    )
    assert caller.press("4", "4").hears.pieces == (
        "For benefits [p] press 1. [p]",
        "For feeling sure [p] press 2. [p]",
        "To hear them again [p] press 4. [p]",
    )


def test_picks_so_far_are_named_with_the_offer_of_another() -> None:
    caller = Caller("intake_protege")
    caller.press("1", "1", "1", "1", "1", "1", "1", "1").press("1", "1", "3")
    assert caller.hears.pieces == (
        "You chose money and rules.",
        "To add another [p] press 1. [p]",
        "That is all [p] press 2. [p]",
    )


def test_a_name_is_listened_to_and_an_hour_is_keyed_until_pound() -> None:
    name = Caller("intake_protege").press("1").hears.listen
    assert name is not None
    assert (name.mode, name.num_digits, name.speech) == ("open", 1, True)
    hour = Caller("intake_protege").press("1", "1", "1", "2").hears.listen
    assert hour is not None
    assert (hour.mode, hour.num_digits, hour.speech) == ("digits", None, True)


def test_an_open_question_records_two_minutes_and_ends_after_ten_silent_seconds() -> None:
    caller = Caller("waiting_menu").press("1")
    listen = caller.hears.listen
    assert listen is not None
    assert replace(listen, hints=()) == Listen("record", 1, 10, 3, True, (), 120)
    assert {"person", "again", "ask me", "speak"} <= set(listen.hints)
    offered = caller.silent().silent()
    assert "To let our staff ask you [p] press 1." in caller.heard
    assert "To speak after the tone [p] press 2." in offered.heard
    assert offered.hears.listen is not None
    assert offered.hears.listen.mode == "choice"


def test_the_warning_is_spoken_alone_and_waits_for_any_key() -> None:
    caller = Caller("consent").silent()
    assert caller.hears.pieces == (
        'Do you need more time? [p] For more time, press any key or say "more".',
    )
    assert caller.hears.listen is not None
    assert caller.hears.listen.mode == "choice"


def test_a_sound_is_a_piece_of_its_own() -> None:
    assert Caller("leave_note").record().press("1").hears.pieces[0] == "AUDIO:note"
    assert Caller("play_notes", facts={}).hears.pieces[:3] == (
        "From Ellen, Mon, Mar 2.",
        "AUDIO:note",
        "To hear it again [p] press star.",
    )


def test_names_of_matches_become_options() -> None:
    caller = Caller("main_menu").press("1")
    assert caller.hears.pieces[1:3] == ("For Ellen [p] press 1. [p]", "For Luis [p] press 2. [p]")
    listen = caller.hears.listen
    assert listen is not None
    assert "Grace" in listen.hints
    texted = Caller("main_menu", channel="text").text("1")
    assert texted.texts == ("Who do you want to call? Reply 1 Ellen, 2 Luis, 3 Grace.",)


def test_coming_back_begins_with_a_recap() -> None:
    caller = Caller("intake_protege").press("1").come_back("text")
    assert caller.texts == (
        "Hello again from BridgeLine. Your answers are saved. We go on from where you were.",
        "What first name should we use?",
    )
    assert caller.come_back("voice").hears.pieces[0].startswith("Your answers are saved.")


def test_a_miss_in_a_text_quotes_the_question_shortly() -> None:
    assert Caller("intake_protege", channel="text").text("fish").texts == (
        "Sorry, I did not get that. Are you 18 or older? Reply 1 for yes, 2 for no. "
        "Or text PERSON and we will help.",
    )


def test_sentences_and_questions_are_texts_of_their_own() -> None:
    assert len(Caller("welcome", channel="text").text("3").texts) == 2


def test_a_sound_is_never_texted() -> None:
    turn = replace(Caller("leave_note").turn, events=(Said("AUDIO:note"), Said("V-BYE")))
    flow = FLOWS["leave_note"]
    assert written(flow, turn, catalog=CATALOG, params=PARAMS, facts={}) == ()


def test_the_name_that_was_just_told_is_used_and_an_unknown_one_leaves_no_gap() -> None:
    told = Caller("intake_protege", channel="text")
    for body in ("1", "Marcus", "2", "1", "1"):
        told.text(body)
    assert told.texts[0].startswith("Thanks, Marcus. Part 1")
    left = fill("Thanks, {name}. Part 1 is done.", {"name": ""})
    assert left == "Thanks. Part 1 is done."
    assert fill("All done, {name}!", {"name": ""}) == "All done!"


def test_a_missing_value_is_an_error_and_only_values_that_are_named_are_looked_up() -> None:
    with pytest.raises(KeyError):
        write("T-HELP", catalog=CATALOG, params={"org": "BridgeLine"})
    assert write("T-SLOW", catalog=CATALOG, params={}).startswith("OK.")


def test_a_value_can_bring_in_neither_a_placeholder_nor_a_pause() -> None:
    assert fill("{mentor} wrote.", {"mentor": "{num}[p]"}) == "{num} wrote."


def test_single_prompts_are_spoken_and_written_outside_a_flow() -> None:
    assert say("V-WHO", catalog=CATALOG, params=PARAMS) == (
        "Is this Denise?",
        "Yes [p] press 1. [p]",
        "No [p] press 2. [p]",
    )
    whisper = say("V-WHISP", catalog=CATALOG, params=PARAMS)
    assert len(whisper) == 1
    assert "To talk now [p] press 1 or say yes." in whisper[0]


def test_a_language_without_wording_falls_back_to_english() -> None:
    assert say("V-BYE", catalog=CATALOG, language="de", params=PARAMS) == say(
        "V-BYE", catalog=CATALOG, params=PARAMS
    )


def test_another_language_is_spoken_where_it_has_wording() -> None:
    spanish = {"V-BYE": Wording("V-BYE", 1, voice="Gracias por llamar a {org}. Adiós.")}
    both = Catalog({"en": CATALOG.by_language["en"], "es": spanish})
    assert say("V-BYE", catalog=both, language="es", params=PARAMS) == (
        "Gracias por llamar a BridgeLine. Adiós.",
    )
    assert both.languages == ("en", "es")
    assert both.wording("V-HOLDY", "es").voice == "I am still here."


def test_every_turn_of_a_flow_can_be_said_again_from_its_state_alone() -> None:
    flow = FLOWS["welcome"]
    turn = start(flow, channel="voice", facts={})
    assert isinstance(turn, Turn)
    again = Caller("welcome").ask_again()
    assert again.hears.pieces == Caller("welcome").hears.pieces


def test_every_hint_is_one_that_the_carrier_takes() -> None:
    for flow in FLOWS.values():
        for step in flow.steps:
            if isinstance(step, Ask):
                for option in CATALOG.wording(step.prompt).options:
                    assert all(len(word) <= 100 and "," not in word for word in option.words)

"""The frame around every question: silence, nonsense, read-back, more time, coming back."""

from dataclasses import replace

import pytest

from mentoring.flows import FLOWS
from mentoring.flows.engine import State, again, answer, no_input, resume, start
from mentoring.flows.events import (
    Answered,
    Finished,
    GaveUp,
    Prompted,
    Rejected,
    Said,
    WantsPerson,
    WantsSlow,
)
from mentoring.flows.inputs import Keys, Recorded, Text
from mentoring.flows.steps import Ask, Branch, Finish, Flow, Kind, Option, Say
from tests.mentoring.flows.caller import CATALOG, FACTS, Caller


def test_a_caller_chooses_a_mentor_with_one_key() -> None:
    caller = Caller("welcome")
    assert caller.events == (Prompted("WEL", "T-WEL", "full"),)
    caller.press("1")
    assert caller.events == (
        Answered("WEL", "T-WEL", 1, "protege", None, "keys"),
        Finished("protege"),
    )


def test_who_asks_what_we_do_hears_it_and_is_asked_again() -> None:
    caller = Caller("welcome").press("3")
    assert caller.events[1:] == (Said("T-ABOUT"), Prompted("WEL", "T-WEL", "full"))
    assert caller.press("2").outcome == "mentor"


def test_the_turn_rises_with_every_new_prompt_and_not_with_a_repeat() -> None:
    caller = Caller("intake_protege")
    first = caller.state.turn
    assert caller.press("*").state.turn == first
    assert caller.press("1").state.turn == first + 1
    assert caller.silent().state.turn == first + 2
    assert caller.press("9").state.turn == first + 3


def test_first_silence_says_take_your_time_and_asks_again() -> None:
    caller = Caller("intake_protege").silent()
    assert caller.events == (Prompted("PA1", "T-PA1", "silence1", ("V-NI1",)),)


def test_second_silence_asks_shortly_and_makes_the_number_slow() -> None:
    caller = Caller("intake_protege").silent().silent()
    assert caller.events == (WantsSlow(), Prompted("PA1", "T-PA1", "silence2", ("V-NI2",)))
    assert caller.state.slow


def test_third_silence_gives_up_and_keeps_the_place() -> None:
    caller = Caller("intake_protege").silent().silent()
    turn = caller.state.turn
    caller.silent()
    assert caller.events == (GaveUp("PA1"),)
    assert (caller.state.step, caller.state.turn) == ("PA1", turn)
    assert caller.silent().gave_up


def test_misses_lead_to_the_keys_and_then_to_a_person() -> None:
    caller = Caller("intake_protege").say("purple")
    assert caller.events == (
        Rejected("PA1", "no option named"),
        Prompted("PA1", "T-PA1", "unclear1", ("V-NM1",)),
    )
    caller.say("purple")
    assert caller.asked == Prompted("PA1", "T-PA1", "keys", ("V-NM2",))
    caller.say("purple")
    assert caller.events == (Rejected("PA1", "no option named"), GaveUp("PA1"))


def test_counters_start_anew_with_every_question() -> None:
    caller = Caller("intake_protege").silent().silent().press("9").press("9").press("1")
    assert (caller.state.misses, caller.state.silences) == (0, 0)
    assert caller.silent().asked.form == "silence1"


def test_in_texts_two_misses_quote_the_question_and_the_third_gives_up() -> None:
    caller = Caller("intake_protege", channel="text").text("purple")
    assert caller.asked == Prompted("PA1", "T-PA1", "unclear1", ("T-ERR1",))
    assert caller.text("green").asked.lead == ("T-ERR1",)
    assert caller.text("blue").gave_up


def test_a_text_that_does_not_come_changes_nothing() -> None:
    caller = Caller("intake_protege", channel="text")
    before = caller.state
    assert caller.silent().state == before
    assert caller.events == ()


def test_unsure_speech_is_read_back_and_kept_after_a_yes() -> None:
    caller = Caller("intake_protege").press("1", "1").say("texts", 0.3)
    assert caller.asked.form == "confirm"
    assert caller.press("1").stored[-1] == Answered("PA3", "T-PA3", 1, "text", None, "speech")


def test_a_no_to_the_read_back_asks_the_question_again() -> None:
    caller = Caller("intake_protege").press("1").say("Rosa").say("no")
    assert caller.asked == Prompted("PA2", "T-PA2", "unclear1", ("V-NM1",))
    caller.say("Rosa").say("yes")
    assert caller.state.answers["PA2"] == "Rosa"


def test_three_wrong_read_backs_end_with_a_person() -> None:
    caller = Caller("intake_protege").press("1")
    caller.say("Posa").press("2").say("Lhosa").press("2").say("Roma").press("2")
    assert caller.gave_up


def test_silence_at_a_read_back_repeats_the_read_back() -> None:
    caller = Caller("intake_protege").press("1").say("Rosa").silent()
    assert caller.asked == Prompted("PA2", "T-PA2", "confirm", ("V-NI1",))
    assert caller.press("1").state.step == "PA3"


def test_consent_by_voice_is_read_back_and_by_key_it_is_not() -> None:
    spoken = Caller("consent").press("1").say("yes", 1.0)
    assert spoken.asked.form == "confirm"
    keyed = Caller("consent").press("1", "1")
    assert keyed.state.step == "C2"


def test_the_first_silence_at_a_consent_offers_more_time_as_often_as_wanted() -> None:
    caller = Caller("consent")
    for _ in range(5):
        assert caller.silent().asked.form == "warn"
        assert caller.press("7").asked.form == "more"
        assert caller.state.phase == "extended"
    assert caller.silent().say("more").asked.form == "more"
    assert caller.press("2").state.answers == {"C0": "no"}


def test_silence_after_the_offer_of_time_goes_on_as_anywhere() -> None:
    caller = Caller("consent").silent().silent()
    assert caller.asked.lead == ("V-NI1",)
    assert caller.silent().asked.lead == ("V-NI2",)
    assert caller.silent().gave_up


def test_no_to_more_time_asks_the_question_again() -> None:
    caller = Caller("consent").silent().say("no")
    assert (caller.asked.form, caller.state.phase) == ("again", "asking")
    assert caller.state.answers == {}


def test_zero_at_the_offer_of_time_reaches_a_person() -> None:
    assert Caller("consent").silent().press("0").wants_person
    assert Caller("consent").silent().say("a person please").wants_person


def test_somebody_who_asks_for_more_time_at_any_question_gets_it() -> None:
    caller = Caller("intake_protege").say("more time please")
    assert (caller.asked.form, caller.state.phase) == ("more", "extended")


def test_slow_changes_the_profile_and_repeats() -> None:
    caller = Caller("intake_protege").say("slow down please")
    assert caller.events == (WantsSlow(), Prompted("PA1", "T-PA1", "again"))
    assert caller.state.slow


def test_a_person_keeps_the_place_and_the_answers() -> None:
    caller = Caller("intake_protege").press("1", "1", "0")
    assert caller.events == (WantsPerson("PA3"),)
    assert caller.come_back("voice").asked == Prompted("PA3", "T-PA3", "resume", ("V-RECAP",))


def test_a_voice_only_person_skips_the_consent_to_texts() -> None:
    caller = Caller("consent").press("2")
    assert caller.state.step == "C2"
    caller.press("1", "1", "1", "1")
    assert caller.outcome == "agreed"
    assert caller.state.answers == {"C0": "no", "C2": "yes", "C3": "yes", "C4": "yes", "C5": "yes"}


def test_by_text_the_first_part_of_the_consent_is_asked_at_once() -> None:
    caller = Caller("consent", channel="text")
    for _ in range(5):
        caller.text("1")
    assert caller.outcome == "agreed"


def test_a_no_to_automated_calls_is_no_refusal() -> None:
    caller = Caller("consent", channel="text").text("1").text("2")
    assert (caller.state.step, caller.state.answers["C2"]) == ("C3", "no")


@pytest.mark.parametrize("yes_before", [0, 2, 3, 4])
def test_a_no_to_any_other_part_offers_a_person_and_then_ends(yes_before: int) -> None:
    caller = Caller("consent", channel="text")
    for _ in range(yes_before):
        caller.text("yes")
    caller.text("no")
    assert caller.asked.prompt == "T-CNO"
    assert caller.text("1").wants_person
    assert caller.text("2").outcome == "refused"


def test_picks_by_phone_are_collected_one_by_one_and_stored_in_order() -> None:
    caller = Caller(INTAKE, facts={}).press("4", "3")
    assert caller.asked.form == "picked"
    assert caller.state.picks == ("F",)
    caller.press("1").press("1")
    assert caller.state.picks == ("A", "F")
    assert caller.press("2").stored[-1].value == "A,F"


INTAKE = Flow(
    "picks",
    1,
    (
        Ask(
            "PB3",
            "T-PB3",
            Kind.PICKS,
            tuple(Option(letter) for letter in "ABCDEFGH"),
            "END",
            max_picks=3,
        ),
        Finish("END", "end"),
    ),
    "PB3",
)


def test_the_last_pick_ends_the_question_without_another_offer() -> None:
    caller = Caller(INTAKE).press("1", "1", "2", "1", "3")
    assert caller.outcome == "end"
    assert caller.stored[-1].value == "A,B,C"


def test_several_picks_in_one_sentence_are_all_taken() -> None:
    caller = Caller(INTAKE).say("money and rules")
    assert caller.state.picks == ("A", "C")
    assert caller.say("hiring").outcome == "end"


def test_one_more_pick_than_allowed_is_asked_again_and_loses_nothing() -> None:
    caller = Caller(INTAKE).say("money and rules").say("hiring and planning")
    assert caller.asked.form == "picked"
    assert caller.state.picks == ("A", "C")


def test_an_unsure_pick_is_read_back_and_then_joins_the_others() -> None:
    caller = Caller(INTAKE).press("1", "1").say("customers", 0.2)
    assert caller.asked.form == "confirm"
    assert caller.say("yes").state.picks == ("A", "B")


def test_four_turns_the_page_and_the_last_page_leads_back_to_the_first() -> None:
    caller = Caller(INTAKE)
    assert [caller.press("4").asked.page for _ in range(3)] == [1, 2, 0]


def test_a_key_that_is_not_on_the_page_is_a_miss() -> None:
    caller = Caller(INTAKE).press("4", "4", "3")
    assert isinstance(caller.events[0], Rejected)
    assert (caller.asked.page, caller.press("2").state.picks) == (2, ("H",))


@pytest.mark.parametrize("keys", ["7", "8", "12", "5#"])
def test_a_number_beyond_the_page_never_chooses_unheard(keys: str) -> None:
    assert Caller(INTAKE).press(keys).state.picks == ()


def test_numbers_that_are_spoken_mean_the_page_too() -> None:
    assert Caller(INTAKE).say("more choices").say("two").state.picks == ("E",)
    assert Caller(INTAKE).press("4").say("number one please").state.picks == ("D",)
    assert Caller(INTAKE).press("4").say("one and three").state.picks == ()


def test_texted_picks_come_all_at_once() -> None:
    caller = Caller(INTAKE, channel="text").text("a, c and f")
    assert caller.stored[-1] == Answered("PB3", "T-PB3", 1, "A,C,F", None, "text")


def test_an_answer_in_own_words_is_a_recording_by_phone() -> None:
    caller = Caller("waiting_menu").press("1").record(seconds=12, ref="RE9")
    assert caller.stored[-1] == Answered("MESSAGE", "T-MSG", 1, "", "RE9", "recording")
    assert caller.outcome == "message"


def test_key_one_during_the_prompt_leaves_an_open_question_to_staff() -> None:
    caller = Caller("waiting_menu").press("1", "1")
    assert (caller.stored[-1].value, caller.stored[-1].recording) == ("", None)


def test_silence_at_the_tone_offers_time_and_then_keys() -> None:
    caller = Caller("waiting_menu").press("1").record(seconds=0)
    assert caller.asked.form == "warn"
    caller.silent()
    assert (caller.asked.lead, caller.state.phase) == (("V-NI1",), "offered")
    assert caller.press("1").state.phase == "extended"
    assert caller.record().outcome == "message"


def test_two_at_the_offer_leaves_the_question_to_staff() -> None:
    caller = Caller("waiting_menu").press("1").silent().silent().press("2")
    assert caller.outcome == "message"


def test_keys_inside_a_recording_reach_a_person_or_repeat() -> None:
    assert Caller("waiting_menu").press("1").record(key="0").wants_person
    assert Caller("waiting_menu").press("1").record(key="*").asked.form == "again"
    assert Caller("waiting_menu").press("1").record(key="5").outcome == "message"


def test_a_wrong_guess_of_the_time_is_settled_by_keys() -> None:
    caller = Caller("intake_protege").press("1", "1", "1", "2", "4", "2")
    assert caller.state.step == "PA5"
    assert caller.state.answers["PA4"] == "16:00"
    assert [event.key for event in caller.stored] == [
        *("PA1", "PA2", "PA3", "PA4", "PA4H", "PA4M", "PA4")
    ]


def test_a_time_that_is_told_whole_needs_no_second_question() -> None:
    caller = Caller("intake_protege").press("1", "1", "1", "2").say("4:10 pm").press("1")
    assert (caller.state.step, caller.state.answers["PA4"]) == ("PA5", "16:10")


def test_a_texted_time_is_the_answer_itself() -> None:
    caller = Caller("intake_protege", channel="text")
    caller.text("yes").text("Marcus").text("2").text("it is 4:10 pm")
    assert (caller.state.step, caller.state.answers["PA4"]) == ("PA5", "16:10")


def test_a_minor_is_told_and_sent_no_further() -> None:
    caller = Caller("intake_protege").press("2")
    assert caller.events[1:] == (Said("T-MINOR"), Finished("minor"))


def test_part_two_may_wait_till_tomorrow() -> None:
    caller = Caller("intake_protege", channel="text")
    for body in ("1", "Jo", "2", "1", "1", "2"):
        caller.text(body)
    assert caller.outcome == "later"


def test_with_several_matches_the_caller_says_whom() -> None:
    caller = Caller("main_menu").press("1")
    assert caller.asked.prompt == "T-WHOM"
    assert caller.say("Luis").stored[-1].value == "m2"
    assert caller.outcome == "call"


def test_with_one_match_the_first_key_calls() -> None:
    caller = Caller("main_menu", facts={"matches": [["m1", "Ellen"]]}).press("1")
    assert caller.outcome == "call"


def test_many_matches_come_in_pages() -> None:
    matches = [[f"m{n}", f"Name{letter}"] for n, letter in enumerate("abcdef")]
    caller = Caller("main_menu", facts={"matches": matches}).press("1", "4", "2")
    assert caller.stored[-1].value == "m4"


def test_matches_that_are_gone_meanwhile_end_with_a_person() -> None:
    caller = Caller("main_menu").press("1")
    caller.facts = {}
    assert caller.press("1", "1", "1").gave_up


def test_a_voice_note_is_heard_tried_again_and_sent() -> None:
    caller = Caller("leave_note").record()
    assert caller.press("1").events[1] == Said("AUDIO:note")
    assert caller.press("3").state.step == "NOTE"
    assert caller.record(ref="RE2").press("2").outcome == "sent"
    assert [event.recording for event in caller.stored if event.key == "NOTE"] == ["RE1", "RE2"]


def test_who_leaves_no_voice_note_is_let_go() -> None:
    assert Caller("leave_note").press("1").outcome == "none"


@pytest.mark.parametrize(("new", "said"), [(3, "V-NOTES"), (1, "V-NOTES-1")])
def test_new_notes_are_counted_before_the_first(new: int, said: str) -> None:
    assert Caller("play_notes", facts={"new": new}).events[0] == Said(said)


def test_later_notes_are_not_counted_again() -> None:
    caller = Caller("play_notes", facts={})
    assert caller.events == (Prompted("PLAY", "V-PLAY", "full"),)
    assert caller.press("3").outcome == "delete"


def test_a_dropped_call_goes_on_by_text_at_the_same_question() -> None:
    caller = Caller("intake_protege").press("1", "1", "3").silent()
    caller.come_back("text")
    assert caller.asked == Prompted("PA4", "T-PA4", "resume", ("T-RECAP",))
    assert (caller.state.channel, caller.state.silences) == ("text", 0)


def test_a_question_of_the_phone_alone_is_not_taken_into_texts() -> None:
    caller = Caller("consent").come_back("text")
    assert caller.asked.prompt == "T-C1"


def test_picks_survive_a_dropped_call() -> None:
    caller = Caller(INTAKE).press("1").come_back("voice").press("2").press("2")
    assert caller.stored[-1].value == "A,B"


def test_an_answer_in_the_other_channel_lands_on_its_question() -> None:
    caller = Caller("intake_protege").press("1").say("Rosa").text("Rosalia")
    assert caller.state.answers["PA2"] == "Rosalia"
    assert caller.state.channel == "text"


def test_a_newer_flow_goes_on_at_the_first_question_without_an_answer() -> None:
    caller = Caller("intake_protege").press("1", "1", "1")
    old = replace(caller.state, version=0, step="GONE")
    turn = resume(FLOWS["intake_protege"], old, channel="voice", facts={})
    assert turn.state.step == "PA4"
    assert turn.state.version == FLOWS["intake_protege"].version


def test_an_answer_to_a_step_that_is_gone_asks_the_open_question() -> None:
    caller = Caller("intake_protege").press("1")
    old = replace(caller.state, step="GONE")
    flow = FLOWS["intake_protege"]
    for turn in (
        answer(flow, old, Keys("1"), facts={}, catalog=CATALOG),
        no_input(flow, old, facts={}),
        again(flow, old, facts={}),
    ):
        assert turn.events == (
            Prompted("PA1", "T-PA1", "resume", ("V-RECAP",))
            if "PA1" not in old.answers
            else Prompted("PA2", "T-PA2", "resume", ("V-RECAP",)),
        )


def test_a_state_of_another_flow_starts_this_one_afresh() -> None:
    state = Caller("welcome").state
    turn = resume(FLOWS["consent"], state, channel="text", facts={})
    assert (turn.state.step, turn.state.flow, dict(turn.state.answers)) == ("C1", "consent", {})


def test_a_finished_conversation_stays_finished() -> None:
    caller = Caller("welcome").press("1")
    assert caller.press("2").events == (Finished("protege"),)
    assert caller.come_back("text").events == (Finished("protege"),)
    assert caller.ask_again().events == (Finished("protege"),)


def test_a_repeated_request_finds_the_prompt_as_it_stands() -> None:
    caller = Caller("consent").silent()
    before = caller.state
    assert caller.ask_again().asked.form == "warn"
    assert caller.state == before
    asked = Caller("waiting_menu").press("1").silent().silent().ask_again().asked
    assert asked.form == "keys"


def test_a_stored_state_with_unknown_and_missing_fields_is_read() -> None:
    stored = {**Caller(INTAKE).press("1").state.to_json(), "colour": "blue"}
    del stored["slow"]
    state = State.from_json(stored)
    assert (state.picks, state.slow) == (("A",), False)
    odd = replace(state, phase="unheard of")
    assert answer(INTAKE, odd, Keys("2"), facts={}, catalog=CATALOG).state.picks == ("A", "B")


def test_a_fork_counts_lists_and_reads_truth_values_and_answers() -> None:
    flow = Flow(
        "forks",
        1,
        (
            Branch("F1", "ready", {"yes": "F2"}, otherwise="NO"),
            Branch("F2", "matches", {"2": "Q"}, otherwise="NO"),
            Ask("Q", "T-PA1", Kind.CHOICE, (Option("yes"), Option("no")), "F3"),
            Branch("F3", "answer:Q", {"no": "NO"}, otherwise="YES"),
            Finish("YES", "yes"),
            Finish("NO", "no"),
        ),
        "F1",
    )
    ready = {"ready": True, "matches": [["a", "A"], ["b", "B"]]}
    assert Caller(flow, facts=ready).press("1").outcome == "yes"
    assert Caller(flow, facts=ready).press("2").outcome == "no"
    assert Caller(flow, facts={**ready, "ready": False}).outcome == "no"
    assert Caller(flow, facts={}).outcome == "no"


def test_a_flow_that_goes_round_without_asking_is_refused() -> None:
    flow = Flow("round", 1, (Say("A", "V-BYE", "B"), Say("B", "V-BYE", "A")), "A")
    with pytest.raises(RuntimeError, match="goes round"):
        start(flow, channel="voice", facts=FACTS)


def test_a_recording_of_nothing_is_silence_at_any_question() -> None:
    turn = answer(
        FLOWS["intake_protege"],
        Caller("intake_protege").state,
        Recorded("RE1", 0),
        facts={},
        catalog=CATALOG,
    )
    assert turn.events == (Prompted("PA1", "T-PA1", "silence1", ("V-NI1",)),)


def test_again_in_a_text_sends_the_question_again() -> None:
    caller = Caller("intake_protege", channel="text")
    before = caller.state
    assert caller.give(Text("AGAIN")).events == (Prompted("PA1", "T-PA1", "again"),)
    assert caller.state == before

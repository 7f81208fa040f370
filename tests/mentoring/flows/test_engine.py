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
from tests.mentoring.flows.caller import CATALOG, FACTS, PICKS, Caller


def test_a_caller_chooses_a_mentor_with_one_key() -> None:
    caller = Caller("welcome")
    assert caller.events == (Prompted("WEL", "T-WEL", "full"),)
    assert caller.press("1").events == (
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
    third = caller.say("purple").events
    assert third == (Rejected("PA1", "no option named"), GaveUp("PA1"))


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


def test_a_dropped_call_goes_on_by_text_at_the_same_question() -> None:
    caller = Caller("intake_protege").press("1", "1", "3").silent()
    caller.come_back("text")
    assert caller.asked == Prompted("PA4", "T-PA4", "resume", ("T-RECAP",))
    assert (caller.state.channel, caller.state.silences) == ("text", 0)


def test_a_question_of_the_phone_alone_is_not_taken_into_texts() -> None:
    caller = Caller("consent").come_back("text")
    assert caller.asked.prompt == "T-C1"


def test_a_text_that_meets_a_question_of_the_phone_alone_is_not_taken_for_its_answer() -> None:
    caller = Caller("consent").text("1")
    assert caller.events == (Prompted("C1", "T-C1", "resume", ("T-RECAP",)),)
    assert caller.state.answers == {}


def test_picks_survive_a_dropped_call() -> None:
    caller = Caller(PICKS).press("1").come_back("voice").press("2").press("2")
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
    stored = {**Caller(PICKS).press("1").state.to_json(), "colour": "blue"}
    del stored["slow"]
    state = State.from_json(stored)
    assert (state.picks, state.slow) == (("A",), False)
    odd = replace(state, phase="unheard of")
    assert answer(PICKS, odd, Keys("2"), facts={}, catalog=CATALOG).state.picks == ("A", "B")


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

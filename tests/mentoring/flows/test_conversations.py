"""The conversations themselves: consent, picks, own words, time, menus, voice notes."""

import pytest

from mentoring.flows.events import Answered, Finished, Prompted, Rejected, Said
from tests.mentoring.flows.caller import PICKS, Caller


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
    caller = Caller(PICKS, facts={}).press("4", "3")
    assert caller.asked.form == "picked"
    assert caller.state.picks == ("F",)
    assert caller.press("1", "1").state.picks == ("A", "F")
    assert caller.press("2").stored[-1].value == "A,F"


def test_the_last_pick_ends_the_question_without_another_offer() -> None:
    caller = Caller(PICKS).press("1", "1", "2", "1", "3")
    assert caller.outcome == "end"
    assert caller.stored[-1].value == "A,B,C"


def test_several_picks_in_one_sentence_are_all_taken() -> None:
    caller = Caller(PICKS).say("money and rules")
    assert caller.state.picks == ("A", "C")
    assert caller.say("hiring").outcome == "end"


def test_one_more_pick_than_allowed_is_asked_again_and_loses_nothing() -> None:
    caller = Caller(PICKS).say("money and rules").say("hiring and planning")
    assert caller.asked.form == "picked"
    assert caller.state.picks == ("A", "C")


def test_an_unsure_pick_is_read_back_and_then_joins_the_others() -> None:
    caller = Caller(PICKS).press("1", "1").say("customers", 0.2)
    assert caller.asked.form == "confirm"
    assert caller.say("yes").state.picks == ("A", "B")


def test_four_turns_the_page_and_the_last_page_leads_back_to_the_first() -> None:
    caller = Caller(PICKS)
    assert [caller.press("4").asked.page for _ in range(3)] == [1, 2, 0]


def test_a_key_that_is_not_on_the_page_is_a_miss() -> None:
    caller = Caller(PICKS).press("4", "4", "3")
    assert isinstance(caller.events[0], Rejected)
    assert (caller.asked.page, caller.press("2").state.picks) == (2, ("H",))


@pytest.mark.parametrize("keys", ["7", "8", "12", "5#"])
def test_a_number_beyond_the_page_never_chooses_unheard(keys: str) -> None:
    assert Caller(PICKS).press(keys).state.picks == ()


def test_numbers_that_are_spoken_mean_the_page_too() -> None:
    assert Caller(PICKS).say("more choices").say("two").state.picks == ("E",)
    assert Caller(PICKS).press("4").say("number one please").state.picks == ("D",)
    assert Caller(PICKS).press("4").say("one and three").state.picks == ()


def test_texted_picks_come_all_at_once() -> None:
    caller = Caller(PICKS, channel="text").text("a, c and f")
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

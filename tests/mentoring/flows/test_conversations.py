"""The conversations themselves: consent, picks, own words, time, menus, voice notes."""

import pytest

from mentoring.flows.events import Answered, Finished, Prompted, RefusesCalls, Rejected, Said
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
    caller = Caller("waiting_menu").press("1").record(seconds=12, key="#", ref="RE9")
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
    assert caller.press("2").state.phase == "extended"
    assert caller.record().outcome == "message"


def test_one_leaves_the_question_to_staff_at_the_offer_as_it_does_during_the_prompt() -> None:
    caller = Caller("waiting_menu").press("1").silent().silent().press("1")
    assert (caller.stored[-1].value, caller.outcome) == ("", "message")
    assert Caller("leave_note").silent().silent().press("1").outcome == "none"


def test_a_recording_that_ends_by_itself_is_kept_and_may_go_on() -> None:
    caller = Caller("waiting_menu").press("1").record(key="")
    assert caller.stored[-1].recording == "RE1"
    assert caller.heard.startswith("I have that. To go on [p] press 1.")
    listen = caller.press("2").hears.listen
    assert listen is not None
    assert (listen.mode, listen.timeout, caller.asked.form) == ("record", 30, "more")
    assert caller.record(key="", ref="RE2").asked.form == "told"
    assert caller.say("that is all").outcome == "message"
    assert [event.recording for event in caller.stored if event.recording] == ["RE1"]


def test_pound_ends_what_is_added_and_silence_leads_on() -> None:
    def told() -> Caller:
        return Caller("waiting_menu").press("1").record(key="")

    assert told().press("2").record().outcome == "message"
    assert told().press("2").record(seconds=0, key="").outcome == "message"
    assert told().press("2").silent().outcome == "message"
    assert told().silent().outcome == "message"
    assert told().press("1").outcome == "message"


def test_a_person_and_a_repeat_are_near_when_a_recording_has_ended_by_itself() -> None:
    told = Caller("waiting_menu").press("1").record(key="")
    assert told.say("person").wants_person
    assert told.press("*").asked.form == "told"
    assert told.say("purple elephants").asked.lead == ("V-NM1",)
    assert told.press("2").say("again").asked.form == "more"
    assert told.record(key="*").asked.form == "more"
    assert told.record(key="0").wants_person
    assert told.press("7").asked.form == "more"
    assert told.press("1").outcome == "message"


def test_who_comes_back_after_a_recording_is_not_asked_the_same_again() -> None:
    caller = Caller("intake_protege").press("1", "1", "1", "1", "1", "1", "1").record(key="")
    assert caller.state.phase == "told"
    assert caller.come_back("voice").state.step == "PB3"


def test_words_before_the_tone_are_a_wish_a_choice_or_an_early_answer() -> None:
    def asked() -> Caller:
        return Caller("waiting_menu").press("1")

    assert asked().say("can I talk to a person please").wants_person
    assert asked().say("again").asked.form == "again"
    assert asked().say("let our staff ask me").outcome == "message"
    assert asked().say("speak").state.phase == "extended"
    early = asked().say("My mentor talks to me like a friend")
    assert early.stored[-1].value == "My mentor talks to me like a friend"
    assert early.state.phase == "told"
    assert early.press("2").say("And that is what I like about it").state.phase == "told"
    assert early.stored[-1].value == "And that is what I like about it"
    assert early.silent().outcome == "message"


def test_words_that_were_hardly_heard_are_asked_for_after_the_tone() -> None:
    caller = Caller("waiting_menu").press("1").say("mumble", 0.3)
    assert (caller.asked.lead, caller.state.phase) == (("V-EARLY",), "extended")
    assert caller.say("mumble", None).asked.lead == ("V-EARLY",)
    assert caller.say("mumble", 0.3).gave_up


def test_a_voice_note_is_never_made_of_words_that_came_too_early() -> None:
    caller = Caller("leave_note").say("Hi Luis, this is Rosa")
    assert "Please wait for the tone." in caller.heard
    assert caller.stored == []
    assert caller.record().state.step == "CHECK"


@pytest.mark.parametrize(
    "flow", ["welcome", "consent", "intake_protege", "main_menu", "waiting_menu", "play_notes"]
)
def test_stop_calling_me_is_understood_and_confirmed_at_any_question(flow: str) -> None:
    caller = Caller(flow)
    step = caller.state.step
    for words in ("stop calling me", "Please stop calling me!", "don't call me again"):
        caller.say(words)
        assert caller.events[:2] == (RefusesCalls(), Said("V-NOCALLS"))
        assert (caller.asked.step, caller.asked.form) == (step, "again")


def test_stop_calling_me_is_understood_when_more_time_is_offered() -> None:
    caller = Caller("consent").silent().say("stop calling me")
    assert caller.events[0] == RefusesCalls()
    assert caller.state.phase == "warned"


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

"""Check-ins, milestones, surveys and follow-ups: by text, by keys alone, by speech alone."""

from collections.abc import Mapping

import pytest

from mentoring.flows.events import Answered, Rejected, Said
from tests.mentoring.flows.caller import Caller

MENTOR = {"role": "mentor"}
PROTEGE = {"role": "protege"}


# Each conversation with what is pressed, what is said, what is texted, and what is kept.
Lines = tuple[str, ...]
WHOLE: Mapping[str, tuple[Lines, Lines, Lines, Mapping[str, str]]] = {
    "checkin_first": (("3",), ("we tried",), ("3",), {"CKA": "tried"}),
    "checkin": (
        ("1", "4", "2", "1", "2"),
        ("to start", "four", "about right", "closer", "no"),
        ("1", "4/5", "about right", "yes", "2"),
        {"CK0": "start", "CK1": "4", "CK2": "right", "CK3": "yes", "CK4": "no"},
    ),
    "survey_protege_1": (
        ("5", "4", "5", "4", "3", "1", "1", "3", "2"),
        ("great", "all of it", "always", "four", "open", "a sale", "hired help", "that is all"),
        ("5/5", "4", "always", "4", "open", "AC"),
        {"CS1": "5", "CS2": "all", "CS3": "5", "CS4": "4", "CS5": "open", "CS6": "A,C"},
    ),
    "survey_protege_2": (
        ("4", "9#", "1", "3", "2"),
        ("four", "nine", "skip", "by text", "group calls"),
        ("4", "9/10", "0", "3", "2"),
        {"CS7": "4", "CS8": "9", "CS9": "skip", "DEB": "text", "NX1": "group"},
    ),
    "survey_mentor_1": (
        ("4", "4", "2", "5", "4", "3", "4"),
        ("four", "not sure", "five", "four", "three", "four"),
        ("4", "5", "yes, fully", "4", "3", "4 out of 5"),
        {"CS1": "4", "CM2": "not_sure", "CM3": "5", "CM4": "4", "CM5": "3", "CM6": "4"},
    ),
    "survey_mentor_2": (
        ("2", "10", "1", "1"),
        ("after a break", "ten", "skip", "yes"),
        ("later", "10", "skip", "1"),
        {"CM7": "later", "CS8": "10", "CS9": "skip", "DEB": "yes"},
    ),
    "milestone": (
        ("1", "4", "1", "4", "1", "1"),
        ("to start", "nearly there", "four", "skip this", "keep going"),
        ("1", "4", "four", "0", "keep going"),
        {"MS0": "start", "MS1": "nearly", "MS2": "4", "MS3": "skip", "MS4": "keep"},
    ),
    "follow_up_6": (("3",), ("it closed",), ("3",), {"FU6": "closed"}),
    "follow_up_12": (("2",), ("not yet",), ("2",), {"FU12": "not_yet"}),
    "quiet_pair": (("2",), ("pause",), ("2",), {"QP": "pause"}),
    "cover": (("1",), ("find someone",), ("yes",), {"PAU2": "yes"}),
    "thanks_name": (("2",), ("no",), ("2",), {"T3": "no"}),
    "peer_guide": (("1",), ("I could",), ("sure",), {"T5": "yes"}),
}


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_answered_by_keys_alone(name: str) -> None:
    keys, _, _, kept = WHOLE[name]
    caller = Caller(name, facts=PROTEGE).press(*keys)
    assert (caller.outcome, dict(caller.state.answers)) == ("answered", kept)


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_answered_by_speech_alone(name: str) -> None:
    _, words, _, kept = WHOLE[name]
    caller = Caller(name, facts=PROTEGE)
    for each in words:
        caller.say(each)
    assert (caller.outcome, dict(caller.state.answers)) == ("answered", kept)


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_answered_by_text_alone(name: str) -> None:
    _, _, bodies, kept = WHOLE[name]
    caller = Caller(name, channel="text", facts=PROTEGE)
    for each in bodies:
        assert len(caller.texts) == 1
        caller.text(each)
    assert (caller.outcome, dict(caller.state.answers)) == ("answered", kept)


@pytest.mark.parametrize("name", ["checkin", "milestone"])
def test_who_has_no_time_now_is_asked_later(name: str) -> None:
    assert Caller(name, channel="text").text("2").outcome == "later"
    assert Caller(name).press("2").outcome == "later"
    assert Caller(name).say("not now").outcome == "later"


def test_a_check_in_is_thanked_for() -> None:
    caller = Caller("checkin_first", channel="text").text("yes")
    assert caller.events[1] == Said("T-CKT")
    assert caller.texts[0].startswith("Thank you, Denise. That helps.")


def test_the_first_part_of_a_survey_says_that_the_rest_comes_tomorrow() -> None:
    caller = Caller("survey_mentor_1", channel="text")
    for each in WHOLE["survey_mentor_1"][2]:
        caller.text(each)
    assert caller.texts == ("Thank you, Denise. That was part 1. The rest comes another day.",)


def test_a_mentor_is_asked_about_the_goal_of_the_other() -> None:
    caller = Caller("checkin", channel="text", facts=MENTOR).text("1").text("5").text("2")
    assert caller.texts[0].startswith("Is Ellen closer to the goal than last month?")
    assert (
        caller.text("purple")
        .texts[0]
        .startswith("Sorry, I did not get that. Is Ellen closer to the goal?")
    )
    assert caller.text("AGAIN").texts[0].startswith("Is Ellen closer to the goal than last month?")
    caller.text("2")
    assert caller.stored[-1] == Answered("CK3", "T-CK3M", 1, "same", None, "text")
    milestone = Caller("milestone", facts=MENTOR).press("1")
    assert milestone.heard.startswith("How far is Ellen on the goal?")


def test_a_mentor_who_comes_back_by_phone_hears_the_same_wording() -> None:
    caller = Caller("checkin", channel="text", facts=MENTOR).text("1").text("5").text("2")
    assert "Is Ellen closer to the goal" in caller.come_back("voice").heard


def test_a_rating_is_asked_with_what_its_ends_mean() -> None:
    caller = Caller("survey_protege_1")
    assert caller.heard == (
        "All in all, how was it with Ellen? Press a number from 1 to 5. One is bad. Five is great."
    )
    listen = caller.hears.listen
    assert listen is not None
    assert (listen.mode, listen.num_digits, listen.timeout, listen.waits) == ("choice", 1, 10, 1)
    assert {"1", "5", "great", "person"} <= set(listen.hints)


@pytest.mark.parametrize("said", ["0", "6", "11", "4 or 5", "4 5", "5/10", "cuatro o cinco"])
def test_a_rating_that_is_unclear_is_asked_again_and_never_guessed(said: str) -> None:
    caller = Caller("survey_protege_1", channel="text").text(said)
    assert isinstance(caller.events[0], Rejected)
    assert caller.texts == (
        "Sorry, I did not get that. Reply with one number from 1 (bad) to 5 (great)."
        " Or text PERSON and we will help.",
    )
    spoken = Caller("survey_protege_1").say(said)
    assert spoken.heard.startswith("Sorry, I missed that. All in all, how was it with Ellen?")


@pytest.mark.parametrize("key", ["6", "7", "9"])
def test_a_key_beyond_the_scale_is_asked_again_and_zero_reaches_a_person(key: str) -> None:
    caller = Caller("survey_protege_1").press(key)
    assert isinstance(caller.events[0], Rejected)
    assert caller.press(key).heard.startswith("Let us use the keys. Press a number from 1 to 5.")
    assert caller.press("0").wants_person
    assert caller.press("5").state.step == "CS2"


def test_an_unsure_rating_is_read_back() -> None:
    caller = Caller("survey_protege_1").say("four", 0.3)
    assert caller.heard.startswith("I heard 4. If that is right")
    assert caller.press("1").stored[-1].value == "4"


def asked_to_ten() -> Caller:
    return Caller("survey_mentor_2").press("1")


def test_zero_to_ten_says_how_to_give_a_zero_and_ends_after_a_pause() -> None:
    caller = asked_to_ten()
    assert "For zero [p] press 0, then pound." in caller.heard
    listen = caller.hears.listen
    assert listen is not None
    assert (listen.mode, listen.num_digits, listen.timeout, listen.waits) == ("digits", 2, 4, 3)
    slow = Caller("survey_mentor_2", slow=True).press("1").hears.listen
    assert slow is not None
    assert slow.timeout * slow.waits == 20


@pytest.mark.parametrize(
    ("keys", "value"), [("0#", "0"), ("1", "1"), ("1#", "1"), ("8#", "8"), ("10", "10")]
)
def test_zero_to_ten_is_pressed(keys: str, value: str) -> None:
    assert asked_to_ten().press(keys).stored[-1].value == value


@pytest.mark.parametrize("keys", ["11", "00", "08", "#", "99", "8*"])
def test_keys_that_are_no_number_to_ten_are_asked_again(keys: str) -> None:
    assert isinstance(asked_to_ten().press(keys).events[0], Rejected)


def test_zero_alone_still_reaches_a_person_and_the_word_zero_is_the_rating() -> None:
    assert asked_to_ten().press("0").wants_person
    assert asked_to_ten().press("*").asked.form == "again"
    assert asked_to_ten().say("zero").stored[-1].value == "0"
    assert asked_to_ten().say("person").wants_person
    by_text = Caller("survey_mentor_2", channel="text").text("1").text("0")
    assert by_text.stored[-1].value == "0"


def stepping(channel: str = "voice") -> Caller:
    caller = Caller("milestone", channel=channel)
    return (
        caller.press("1", "1", "3") if channel == "voice" else caller.text("1").text("1").text("3")
    )


def test_own_words_may_be_left_out_by_key_by_word_and_by_zero_in_a_text() -> None:
    assert "To skip this [p] press 1." in stepping().heard
    for caller in (
        stepping().press("1"),
        stepping().say("skip"),
        stepping().silent().silent().press("1"),
        stepping().silent().silent().say("skip this"),
        stepping("text").text("0"),
        stepping("text").text("Skip it"),
    ):
        assert (caller.stored[-1].value, caller.state.step) == ("skip", "MS4")
    assert stepping().press("0").wants_person


def test_own_words_are_kept_where_they_are_not_left_out() -> None:
    assert stepping("text").text("I made 0 calls").stored[-1].value == "I made 0 calls"
    recorded = stepping().record()
    assert (recorded.stored[-1].recording, recorded.state.step) == ("RE1", "MS4")
    offered = stepping().silent().silent().press("2")
    assert offered.record().state.step == "MS4"


def test_none_of_these_stands_alone() -> None:
    def picking() -> Caller:
        return Caller("survey_protege_1").press("5", "4", "5", "4", "3")

    assert picking().press("4").stored[-1] == Answered("CS6", "T-CS6", 1, "D", None, "keys")
    both = picking().press("1", "1", "4")
    assert isinstance(both.events[0], Rejected)
    assert both.press("2").stored[-1].value == "A"
    by_text = Caller("survey_protege_1", channel="text")
    for each in ("5", "4", "5", "4", "3", "AD"):
        by_text.text(each)
    assert isinstance(by_text.events[0], Rejected)
    assert by_text.text("none").outcome == "answered"

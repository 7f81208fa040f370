"""The plan, the reminder of a talk, and the last talk: by text, by keys alone, by speech alone."""

import pytest

from mentoring.flows.events import Answered, Prompted, Rejected
from tests.mentoring.flows.caller import Caller

PROTEGE = {"role": "protege"}
MENTOR = {"role": "mentor"}


def planning(channel: str = "text") -> Caller:
    """Return a mentor who has come as far as the day and time of the plan."""
    caller = Caller("plan", channel=channel, facts=MENTOR)
    if channel == "text":
        return caller.text("A first sale").text("2").text("1").text("2")
    return caller.record().press("2", "1", "2")


def answers(caller: Caller) -> dict[str, str]:
    return dict(caller.state.answers)


def test_a_protege_makes_a_plan_by_text() -> None:
    caller = Caller("plan", channel="text", facts=PROTEGE)
    assert caller.texts == (
        "Right now, how sure are you that you can run this business?"
        " Reply 1 (not sure) to 5 (very sure).",
    )
    assert (
        caller.text("3").texts[0].startswith("What is one thing you want to get done with Ellen?")
    )
    caller.text("Find 5 customers").text("in 3 months")
    assert caller.texts[0].startswith("Part 1 is done. Part 2 has 4 short questions.")
    caller.text("1").text("every 2 weeks").text("Tue 6 pm").text("in 2 days").text("3")
    assert caller.outcome == "answered"
    assert answers(caller) == {
        **{"GP0": "3", "GP1": "Find 5 customers", "GP2": "3m", "GPN": "now", "GP3": "two_weeks"},
        **{"GP4": "tue 18:00", "GP5": "two_days", "GP6": "staff"},
    }


def test_a_mentor_is_not_asked_how_sure_they_are() -> None:
    assert Caller("plan", channel="text", facts=MENTOR).state.step == "GP1"


def test_part_two_of_the_plan_may_wait_till_tomorrow() -> None:
    caller = Caller("plan", channel="text", facts=MENTOR).text("A shop").text("1").text("tomorrow")
    assert caller.outcome == "later"


def test_a_plan_is_made_by_keys_alone() -> None:
    caller = Caller("plan", facts=PROTEGE).press("4", "1", "1", "1", "2")
    assert caller.hears.pieces == (
        "What day and time is best? Say it like Tuesday at 6 pm. You can change it any time.",
        "To use the keys [p] press 1. [p]",
    )
    caller.press("1", "4", "2")
    assert caller.heard.startswith("At what time? Enter the hour, 1 to 12, then press pound.")
    caller.press("6")
    assert caller.heard.startswith("Is that in the morning, or later in the day?")
    caller.press("2", "1", "1")
    assert caller.outcome == "answered"
    assert answers(caller)["GP4"] == "fri 18:00"
    assert [each.value for each in caller.stored if each.key == "GP4"] == ["keys", "fri 18:00"]


def test_sunday_is_on_the_third_page_and_18_needs_no_second_question() -> None:
    caller = planning("voice").press("1", "4", "4", "1", "18")
    assert (caller.state.step, answers(caller)["GP4"]) == ("GP5", "sun 18:00")


def test_a_plan_is_made_by_speech_alone_and_the_time_is_read_back() -> None:
    caller = Caller("plan", facts=PROTEGE).say("four out of five")
    caller.record(key="").say("that is all").say("in three months").say("go on now").say("weekly")
    caller.say("Tuesday at 6:00 p.m.")
    assert caller.heard.startswith("I heard Tuesday at 6 pm. If that is right")
    caller.say("yes").say("the same day").say("just wait")
    assert caller.outcome == "answered"
    assert answers(caller)["GP0"] == "4"
    assert answers(caller)["GP4"] == "tue 18:00"


def test_a_spoken_time_that_was_heard_wrong_is_said_again() -> None:
    caller = planning("voice").say("Tuesday 6 pm").say("no")
    assert caller.events[0] == Rejected("GP4", "not what was meant")
    assert caller.say("Thursday 6 pm").say("yes").state.step == "GP5"
    assert answers(caller)["GP4"] == "thu 18:00"


def test_morning_or_evening_is_asked_where_it_is_open() -> None:
    caller = planning().text("tuesday at 6")
    assert caller.texts[0].startswith("Is that in the morning?")
    assert caller.text("later").state.step == "GP5"
    assert caller.stored[-1] == Answered("GP4", "T-GP4", 1, "tue 18:00", None, "text")
    spoken = planning("voice").say("tuesday at seven").say("yes").say("in the morning")
    assert spoken.heard.startswith("I heard morning.")
    assert answers(spoken.say("yes"))["GP4"] == "tue 07:00"


def test_who_tells_only_the_day_is_asked_for_the_time_and_loses_nothing() -> None:
    caller = planning().text("Tuesdays please")
    assert caller.texts == ("At what time? Text it like 6 pm.",)
    assert answers(caller.text("6 pm"))["GP4"] == "tue 18:00"
    assert answers(planning().text("tue").text("6").text("1"))["GP4"] == "tue 06:00"
    spoken = planning("voice").say("Tuesday")
    assert spoken.heard.startswith("I heard Tuesday.")
    assert answers(spoken.say("yes").say("6 pm").say("yes"))["GP4"] == "tue 18:00"


def test_who_tells_only_the_time_is_asked_for_the_day() -> None:
    caller = planning().text("6 pm")
    assert caller.texts[0].startswith("Which day? Reply 1 Mon, 2 Tue,")
    assert caller.text("2").state.step == "GP5"
    assert answers(caller)["GP4"] == "tue 18:00"
    assert answers(planning().text("at 6").text("friday").text("2"))["GP4"] == "fri 18:00"


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("every day at 6 pm", "I need just one day and one time. Text a day and a time,"),
        ("tue 6 pm or thu 6 pm", "I need just one day and one time. Text a day and a time,"),
        ("march 14 at 5 pm", "I need the day of the week. Text a day and a time,"),
        ("tomorrow at 5", "I need the day of the week. Text a day and a time,"),
        ("tue 25:00", "At what time? Text a day and a time,"),
        ("7", "Which day is it? Text a day and a time,"),
        ("purple", "Sorry, I did not get that. Text a day and a time,"),
    ],
)
def test_an_unclear_time_is_asked_again_with_what_is_wrong(said: str, start: str) -> None:
    caller = planning().text(said)
    assert caller.texts[0].startswith(start)
    assert caller.texts[0].endswith("Or text PERSON and we will help.")
    assert caller.state.step == "GP4"


def test_what_is_missing_is_said_aloud_too_and_then_the_keys_are_offered() -> None:
    caller = planning("voice").say("every day")
    assert caller.heard.startswith("I need just one day and one time. What day and time is best?")
    caller.say("any time")
    assert caller.heard.startswith("Let us use the keys. Say a day and a time, like")
    assert caller.heard.endswith("To use the keys [p] press 1. [p]")
    assert caller.say("purple").gave_up


def test_a_time_begun_by_keys_goes_on_by_text() -> None:
    caller = planning("voice").press("1", "2").come_back("text")
    assert caller.asked == Prompted("GP4T", "T-HOUR", "resume", ("T-RECAP",))
    assert answers(caller.text("6 pm"))["GP4"] == "tue 18:00"
    half = planning("voice").say("tuesday at 6").say("yes").come_back("text")
    assert half.state.step == "GP4M"


@pytest.mark.parametrize(("given", "outcome"), [("1", "agreed"), ("2", "change")])
def test_a_plan_is_agreed_or_changed(given: str, outcome: str) -> None:
    assert Caller("plan_confirm", channel="text").text(given).outcome == outcome
    assert Caller("plan_confirm").press(given).outcome == outcome


def test_a_plan_is_heard_before_it_is_agreed() -> None:
    caller = Caller("plan_confirm")
    assert caller.heard.startswith("Your plan is to talk every 2 weeks, Mon, Mar 2 at 4 pm.")
    assert caller.say("that is right").say("yes").outcome == "agreed"
    assert Caller("plan_confirm").say("change it").say("yes").outcome == "change"


def test_a_reminder_of_a_talk_offers_a_ring_or_a_new_time() -> None:
    assert Caller("talk_reminder", channel="text").text("1").outcome == "ring"
    assert Caller("talk_reminder").press("1").outcome == "ring"
    assert Caller("talk_reminder").say("ring me").outcome == "ring"


def test_a_talk_is_moved_by_text() -> None:
    caller = Caller("talk_reminder", channel="text").text("new time")
    assert caller.texts == (
        "What day and time would suit you? Text it like Tue 6 pm. We will tell Ellen.",
    )
    assert caller.text("tomorrow at 5 pm").outcome == "moved"
    assert answers(caller) == {"CL1": "move", "CL1N": "tomorrow 17:00"}


def test_a_talk_is_moved_by_keys_alone_and_by_speech_alone() -> None:
    caller = Caller("talk_reminder").press("2", "1", "3", "10", "1")
    assert (caller.outcome, answers(caller)["CL1N"]) == ("moved", "wed 10:00")
    spoken = Caller("talk_reminder").say("a new time").say("tomorrow at 5").say("yes")
    spoken.say("later in the day").say("yes")
    assert (spoken.outcome, answers(spoken)["CL1N"]) == ("moved", "tomorrow 17:00")


@pytest.mark.parametrize(
    ("key", "words", "value"), [("1", "yes", "yes"), ("2", "so-so", "so_so"), ("3", "no", "no")]
)
def test_after_a_talk_one_question_is_asked(key: str, words: str, value: str) -> None:
    by_text = Caller("talk_check", channel="text").text(words)
    for caller in (by_text, Caller("talk_check").press(key), Caller("talk_check").say(words)):
        assert (caller.outcome, answers(caller)) == ("answered", {"CL4": value})


def test_a_last_talk_is_set_or_left_out_by_text() -> None:
    caller = Caller("last_talk", channel="text").text("Tue 6 pm")
    assert (caller.outcome, answers(caller)) == ("talk", {"Z1": "tue 18:00"})
    for words in ("2", "no last talk", "No thanks", "none"):
        assert Caller("last_talk", channel="text").text(words).outcome == "none"
    unclear = Caller("last_talk", channel="text").text("not tuesday")
    assert unclear.texts[0] == (
        "Sorry, I did not get that. Text a time like Tue 6 pm, or 2 for no last talk."
        " Or text PERSON and we will help."
    )


def test_a_last_talk_is_set_or_left_out_by_keys_alone_and_by_speech_alone() -> None:
    caller = Caller("last_talk")
    assert caller.hears.pieces[1:] == (
        "To set a time [p] press 1. [p]",
        "For no last talk [p] press 2. [p]",
    )
    assert caller.press("1", "1", "6", "2").outcome == "talk"
    assert answers(caller)["Z1"] == "mon 18:00"
    assert Caller("last_talk").press("2").outcome == "none"
    assert Caller("last_talk").say("Monday at noon").say("yes").outcome == "talk"
    assert Caller("last_talk").say("no last talk").say("yes").outcome == "none"


BY_DAY = {**MENTOR, "calling_hours": ["08:00", "21:00"]}


def planning_by_day(channel: str) -> Caller:
    """Return a mentor at the day and time of the plan, where nobody is rung at night."""
    caller = planning(channel)
    caller.facts = BY_DAY
    return caller


def test_a_time_at_night_is_no_time_for_a_plan_and_is_asked_for_again() -> None:
    caller = planning_by_day("text").text("Tue 3 am")
    assert caller.state.step == "GP4"
    assert "early or late for one of you" in " ".join(caller.texts)
    assert caller.text("Tue 9 pm").state.step == "GP4"
    assert answers(caller.text("Tue 8 am"))["GP4"] == "tue 08:00"
    assert caller.state.step == "GP5"


def test_a_time_at_night_in_pieces_is_told_anew_from_the_day_on() -> None:
    caller = planning_by_day("text").text("tue").text("3").text("1")
    assert caller.state.step == "GP4"
    caller.text("1")
    assert caller.state.step == "GP4D"
    caller.text("4").text("6").text("2")
    assert (caller.state.step, answers(caller)["GP4"]) == ("GP5", "thu 18:00")

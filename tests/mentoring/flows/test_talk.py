"""Any conversation can be walked in a terminal."""

from collections.abc import Callable, Iterable

import pytest

from app.talk import talk
from mentoring.flows import FLOWS


def reader(lines: Iterable[str]) -> Callable[[], str]:
    """Return a function that gives one line after the other, and then the end of the input."""
    waiting = iter(lines)

    def read() -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return read


def play(name: str, channel: str, *lines: str, **params: str) -> list[str]:
    shown: list[str] = []
    talk(name, channel=channel, read=reader(lines), write=shown.append, params=params)
    return shown


def test_a_call_is_played_with_keys_words_and_silence() -> None:
    shown = play("welcome", "voice", "", "*", "say get a mentor")
    assert "I did not hear you. Take your time." in shown
    assert shown.count("To get a mentor ... press 1. ...") == 3
    assert shown[-2:] == ["--- finished: protege", "    WEL      protege  by speech"]


def test_a_recording_is_any_line_where_one_is_made() -> None:
    shown = play("waiting_menu", "voice", "1", "I am glad about you", "1")
    assert "I have that." in shown
    assert "--- finished: message" in shown
    assert shown[-1].startswith("    MESSAGE  recording")


def test_a_text_thread_is_played_with_lines() -> None:
    shown = play("welcome", "text", "fish", "1", org="Three Rivers")
    assert shown[0].startswith("Hi, this is Three Rivers,")
    assert shown[1].startswith("Sorry, I did not get that.")
    assert shown[-1] == "    WEL      protege  by text"


def test_the_terminal_says_when_a_person_takes_over_and_when_speech_slows() -> None:
    assert play("welcome", "voice", "0")[-1] == "--- a person is wanted"
    silent = play("welcome", "voice", "", "", "")
    assert "--- slower from now on" in silent
    assert silent[-1] == "--- given up: a person takes over"


def test_a_call_of_the_service_is_played_from_its_first_question() -> None:
    shown = play("outbound", "voice", "1")
    assert shown[0].startswith("Hello, this is BridgeLine. Is this Denise?")
    assert "To stop these calls ... press 9." in shown[0]
    assert shown[-2:] == ["--- finished: yes", "    OUT      yes  by keys"]
    assert "--- finished: stop" in play("outbound", "voice", "9")
    assert "--- finished: wrong" in play("outbound", "voice", "say wrong number", "1")
    silent = play("outbound", "voice", "", "", "")
    assert silent[-1] == "--- finished: nobody"
    assert "--- slower from now on" not in silent


def test_the_end_of_the_input_leaves_the_conversation() -> None:
    assert play("intake_protege", "voice", "1", "1")[-3:] == [
        "--- left",
        "    PA1      yes  by keys",
        "    PA2      (staff will ask)  by keys",
    ]


def test_an_empty_line_in_a_text_thread_sends_nothing() -> None:
    assert len(play("welcome", "text", "", "")) == 2


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_conversation_opens_in_every_channel_it_has(name: str) -> None:
    for channel in FLOWS[name].channels:
        assert play(name, channel)[-1].startswith("--- left")


def test_an_unknown_conversation_is_an_error() -> None:
    with pytest.raises(KeyError):
        play("nonsense", "voice")


ASKED = sorted(
    {
        "plan",
        "plan_rhythm",
        "plan_confirm",
        "checkin_first",
        "checkin",
        "milestone",
        "talk_reminder",
        "talk_check",
    }
    | {"last_talk", "survey_protege_1", "survey_protege_2", "survey_mentor_1", "survey_mentor_2"}
    | {"follow_up_6", "follow_up_12", "quiet_pair", "cover", "thanks_name", "peer_guide"}
)


@pytest.mark.parametrize("name", ASKED)
def test_what_the_calendar_of_a_match_asks_can_be_walked_to_its_end(name: str) -> None:
    assert any(
        line.startswith("--- finished") for line in play(name, "voice", *["1"] * 6, *["2"] * 8)
    )
    lines = ["2" if name == "last_talk" else "1", *["1"] * 13]
    assert any(line.startswith("--- finished") for line in play(name, "text", *lines))


def test_a_walk_may_be_a_mentor_s_and_a_call_of_ours_may_leave_the_name_unsaid() -> None:
    assert "Is Ellen closer to the goal" in play("checkin", "text", "1", "1", "1", role="mentor")[3]
    assert "Denise" not in " ".join(play("outbound", "voice", says_name="no"))


def test_the_wait_for_a_number_of_two_digits_is_shown_whole() -> None:
    assert "    (digits, waits 12 s)" in play("survey_mentor_2", "voice", "1")

"""Help, patience and last words cost a caller no more waiting than an answer does."""

from copy import copy

from app.bench_senders import CALL, Step
from tests.house.line import IN_A_STEP, KIM, LUIS, PAIR, PUBLIC, ROSA, Call, Line


def test_no_step_of_a_message_to_staff_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, ROSA)
    call.presses("0")
    call.goes_to("/voice/person-ended", DialCallStatus="no-answer")
    call.presses("*5")
    call.goes_on(Step("silence"), Step("recording", "0"), Step("keys", "5"))
    call.goes_on(Step("recording", "7"))
    assert "is saved" in call.heard
    call.presses("*")
    call.presses("0")
    call.goes_to("/voice/person-ended", DialCallStatus="no-answer")
    call.goes_on(
        Step("pause", "7"), Step("keys", "2"), Step("pause", "7"), Step("speech", "person")
    )
    assert "<Dial" in call.heard

    line.keeps_to(IN_A_STEP)


def test_no_step_after_a_talk_with_staff_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, ROSA)
    call.presses("0")
    copy(call).goes_to("/voice/person-whisper")
    staff = copy(call)
    staff.goes_to("/voice/person-whisper")
    staff.goes_to("/voice/person-accept", Digits="1")
    call.goes_to("/voice/person-ended", DialCallStatus="completed")
    call.presses("*")
    line.keeps_to(IN_A_STEP)
    # An error of ours, in the last words of that talk.
    in_trouble = copy(call)
    in_trouble.heard = f'"{PUBLIC}/voice/person"'
    assert "<Dial" in in_trouble.goes_to("/voice/person")
    call.presses("0")
    assert "<Dial" in call.heard

    line.keeps_to(IN_A_STEP)


def test_no_key_in_the_last_words_of_a_call_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, KIM)
    call.goes_on(*CALL)
    call.presses("*0")
    assert "<Dial" in call.heard

    line.keeps_to(IN_A_STEP)


def test_no_key_before_a_ring_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, ROSA)
    call.presses("1*")
    assert "<Dial" in call.heard
    call.presses("0")
    assert "/voice/person-ended" in call.heard

    line.keeps_to(IN_A_STEP)


def test_a_talk_that_its_time_limit_cuts_asks_no_more(line: Line) -> None:
    call = Call(line, ROSA, PAIR)
    call.is_picked_up().presses("1")
    ended = {"DialCallStatus": "completed", "DialCallDuration": "3600", "DialBridged": "true"}
    assert "is up" in call.goes_to("/voice/dial-ended", **ended)
    call.presses("*0")
    assert "<Dial" in call.heard

    line.keeps_to(IN_A_STEP)


def test_no_step_of_an_answer_in_own_words_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, ROSA)
    call.presses("31")
    call.goes_on(Step("speech", "My mentor is rude"), Step("keys", "2"), Step("pause", "9"))
    call.goes_on(Step("keys", "2"), Step("silence"))
    call.presses("22")
    assert "<Hangup" in call.heard

    line.keeps_to(IN_A_STEP)


def test_no_wish_for_fewer_calls_asks_the_database_too_often(line: Line) -> None:
    leg = Call(line, LUIS, PAIR).is_picked_up()
    call = Call(line, ROSA)
    for told in (leg, call):
        told.goes_on(Step("speech", "stop calling me"))
        assert "no more automated calls" in told.heard

    line.keeps_to(IN_A_STEP)


def test_no_step_of_somebody_under_18_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, KIM)
    call.presses("11111112*")
    assert "<Dial" in call.goes_on(Step("silence"))
    held = Call(line, KIM)
    assert "talk with you first" in held.heard
    held.presses("2")
    assert "<Hangup" in held.heard

    line.keeps_to(IN_A_STEP)

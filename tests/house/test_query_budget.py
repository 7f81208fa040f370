"""A caller waits in silence while we ask the database, so each step may ask only so often."""

from collections.abc import Sequence
from copy import copy

import pytest
from sqlalchemy import select

from app.bench_senders import CALL, Step
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import PersonState, Recording, Role
from mentoring.notes import store_audio
from mentoring.people import add_person, find_or_add_phone
from mentoring.spoken_notices import keep_for_next_call
from tests.house.line import IN_A_RELAY, IN_A_STEP, KIM, LUIS, MAIN, PAIR, ROSA, Call, Line

# An answer by text keeps everything that a step of a call keeps, and has a receipt, a check for
# machines and the texts of its reply besides. Nobody waits on the line for it.
IN_A_TEXT = 12
# What a text between two people says of money is kept for staff. In a crisis its writer is
# answered, its reader is told what it is, and whoever is on call is paged, at night as well.
IN_A_FLAGGED_RELAY, IN_A_CRISIS = 11, 18

MENTOR = (
    *(Step("keys", key) for key in "21111111"),  # a mentor; all parts of the consent; adult
    *(Step("speech", "Ellen"), Step("keys", "1")),
    *(Step("keys", key) for key in "3112"),  # both; the time; our name; years in business
    *(Step("recording", "7"), *(Step("keys", key) for key in "12")),  # the trade; one topic
    *(Step("keys", key) for key in "12"),  # how many; how much time
    *(Step("keys", key) for key in "22"),  # afternoons; that is all
    *(Step("keys", key) for key in "11"),  # a disability may be told; staff ask for references
)


def test_no_step_of_a_proteges_whole_intake_asks_the_database_too_often(line: Line) -> None:
    heard = Call(line, KIM).goes_on(*CALL)

    assert "<Hangup" in heard
    assert len(line.asked) == 1 + len(CALL)
    line.keeps_to(IN_A_STEP)


def test_no_step_of_a_mentors_whole_intake_asks_the_database_too_often(line: Line) -> None:
    heard = Call(line, KIM).goes_on(*MENTOR)

    assert "<Hangup" in heard
    line.keeps_to(IN_A_STEP)


def test_a_nonsense_key_silence_and_a_wish_cost_no_more_than_an_answer(line: Line) -> None:
    call = Call(line, KIM)
    call.goes_on(Step("silence"), Step("keys", "9"), Step("keys", "*"), Step("speech", "slower"))

    line.keeps_to(IN_A_STEP)


def test_a_call_that_goes_on_with_an_intake_asks_no_more_than_the_first_one(line: Line) -> None:
    Call(line, KIM).presses("11111")
    Call(line, KIM).presses("1")

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("keys", ["2", "31", "32", "3232"])
def test_no_step_of_the_main_menu_asks_the_database_too_often(line: Line, keys: str) -> None:
    heard = Call(line, ROSA).presses(keys)

    assert "<Gather" in heard
    line.keeps_to(IN_A_STEP)


def test_no_step_of_the_menu_before_a_match_asks_the_database_too_often(line: Line) -> None:
    Call(line, KIM).goes_on(*CALL)
    line.asked.clear()
    call = Call(line, KIM)
    call.presses("21")
    call.goes_on(Step("recording", "4"))

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("to", [PAIR, MAIN])
def test_no_step_of_a_masked_call_asks_the_database_too_often(line: Line, to: str) -> None:
    call = Call(line, ROSA, to)
    if to == MAIN:
        call.presses("1")
    leg = call.is_picked_up()
    leg.presses("9")
    leg.presses("1")
    ended = {"DialCallStatus": "completed", "DialCallDuration": "200", "DialBridged": "true"}
    assert "<Hangup" in call.goes_to("/voice/dial-ended", **ended)

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("to", [PAIR, MAIN])
@pytest.mark.parametrize("answer", ["2", "0", ""])
def test_no_step_from_a_missed_call_to_a_sent_note_asks_too_often(
    line: Line, to: str, answer: str
) -> None:
    call = Call(line, ROSA, to)
    if to == MAIN:
        call.presses("1")
    leg = call.is_picked_up()
    if answer:
        leg.presses(answer)
    call.goes_to("/voice/dial-ended", DialCallStatus="completed", DialBridged="false")
    call.goes_on(Step("recording", "5"), Step("keys", "3"), Step("recording", "6"))
    assert "<Hangup" in call.presses("2")

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_call_that_nobody_answers_asks_no_more(line: Line, status: str) -> None:
    Call(line, ROSA, PAIR).goes_to("/voice/dial-ended", DialCallStatus=status)

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("to", [PAIR, MAIN])
def test_a_call_that_may_not_ring_asks_no_more(line: Line, clock: ManualClock, to: str) -> None:
    clock.advance(12 * 3600)
    call = Call(line, ROSA, to)
    if to == MAIN:
        call.presses("1")

    assert "It is late" in call.heard
    line.keeps_to(IN_A_STEP)


def test_both_calling_at_once_asks_no_more(line: Line) -> None:
    first, second = Call(line, ROSA, PAIR), Call(line, LUIS, PAIR)
    assert "<Hangup" in second.heard
    first.goes_to("/voice/dial-ended", DialCallStatus="busy")
    first.goes_to("/voice/once-more")

    line.keeps_to(IN_A_STEP)


@pytest.mark.parametrize("to", [PAIR, MAIN])
def test_to_wait_for_somebody_in_our_menu_asks_no_more(line: Line, to: str) -> None:
    other = Call(line, LUIS)
    call = Call(line, ROSA, to)
    if to == MAIN:
        call.presses("1")
    wants_a_person = copy(call)
    call.presses("*")
    call.goes_to("/voice/once-more")
    call.goes_to("/voice/once-more")
    assert "<Record" in call.heard
    other.presses("1")
    assert "try again in a moment" in other.heard
    assert "<Dial" in wants_a_person.presses("0")

    line.keeps_to(IN_A_STEP)


def test_no_step_of_hearing_notes_asks_the_database_too_often(
    line: Line, db: Database, clock: ManualClock
) -> None:
    for _ in range(3):
        call = Call(line, ROSA, PAIR)
        call.goes_to("/voice/dial-ended", DialCallStatus="no-answer")
        call.goes_on(Step("recording", "5"))
        call.presses("2")
    with db.transaction() as session:
        for note in session.scalars(select(Recording)):
            store_audio(session, note.id, b"sound", now=clock.now())
    line.asked.clear()
    call = Call(line, LUIS)
    call.presses("2")
    call.presses("3")  # delete
    call.presses("2")  # next
    call.presses("1")  # answer
    call.goes_on(Step("recording", "5"))
    assert "<Hangup" in call.presses("2")

    line.keeps_to(IN_A_STEP)


def test_no_step_on_the_way_to_a_person_asks_the_database_too_often(line: Line) -> None:
    call = Call(line, ROSA)
    call.presses("0")
    staff = copy(call)
    staff.goes_to("/voice/person-whisper")
    staff.goes_to("/voice/person-accept", Digits="5")
    call.goes_to("/voice/person-ended", DialCallStatus="no-answer")
    call.goes_to("/voice/message", RecordingSid="RE" + "0" * 32, RecordingDuration="7")

    line.keeps_to(IN_A_STEP)


def test_three_silences_ask_no_more_than_an_answer(line: Line) -> None:
    Call(line, KIM).goes_on(*[Step("silence")] * 3)

    line.keeps_to(IN_A_STEP)


def test_a_shared_phone_asks_no_more(line: Line, db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        phone = find_or_add_phone(session, ROSA, now=clock.now())
        add_person(
            session,
            role=Role.PROTEGE,
            phone=phone,
            first_name="Ana",
            state=PersonState.WAITING,
            actor="staff",
            reason="test",
            now=clock.now(),
        )
    Call(line, ROSA).presses("1")
    line.keeps_to(IN_A_STEP)
    Call(line, ROSA).presses("3")
    line.keeps_to(IN_A_STEP)


def test_what_waits_to_be_said_costs_no_more(line: Line, db: Database, clock: ManualClock) -> None:
    """Alone on a phone and on a shared one: the notice, the menu after it, and the next call."""
    with db.transaction() as session:
        phone = find_or_add_phone(session, ROSA, now=clock.now())
        for number in (1, 2):
            keep_for_next_call(
                *(session, "T-T2"),
                person=phone.people[0],
                match_id=None,
                dedupe_key=f"thanks:{number}",
                known={"mentor": "Luis"},
                now=clock.now(),
            )
    call = Call(line, ROSA)
    assert call.heard.count("that makes 5 talks with Luis") == 1
    assert "To call Luis" in call.presses("1")
    Call(line, ROSA)
    line.keeps_to(IN_A_STEP)


def test_a_request_that_comes_twice_asks_no_more(line: Line) -> None:
    call = Call(line, KIM)
    before = copy(call)
    call.presses("1")
    assert before.presses("1") == call.heard

    line.keeps_to(IN_A_STEP)


def test_a_text_that_shares_a_number_asks_no_more_than_any_other_but_for_its_tip(
    line: Line,
) -> None:
    line.text(ROSA, "My own number is 515 555 0188", to=PAIR)
    line.text(LUIS, "Mine is luis@example.org", to=PAIR)

    line.keeps_to(IN_A_RELAY)


def test_a_text_between_two_people_asks_the_database_rarely(line: Line) -> None:
    line.text(ROSA, "Hello Luis", to=PAIR)
    line.text(LUIS, "Hello Rosa", to=PAIR)
    line.text(ROSA, "See you on Monday. " * 120, to=PAIR)

    line.keeps_to(IN_A_RELAY)


@pytest.mark.parametrize(
    ("body", "budget"),
    [
        ("He wants me to send him money first", IN_A_FLAGGED_RELAY),
        ("Lend me $200, my own number is 515 555 0188", IN_A_FLAGGED_RELAY),
        ("I want to die", IN_A_CRISIS),
        ("I want to die. My own number is 515 555 0188, lend me money", IN_A_CRISIS),
    ],
)
@pytest.mark.parametrize("hours_later", [0, 12])
def test_a_text_that_staff_must_see_asks_no_more_than_its_rows_need(
    line: Line, clock: ManualClock, body: str, budget: int, hours_later: int
) -> None:
    clock.advance(hours_later * 3600)
    line.text(ROSA, body, to=PAIR)

    line.keeps_to(budget)


@pytest.mark.parametrize(
    "bodies",
    [
        ("Hi", "1", "yes", "yes", "yes", "yes", "yes", "yes", "Kim", "2", "yes", "1", "yes"),
        ("Hi", "2", "yes", "yes", "no"),
        ("Hi", "3", "what?", "again", "help me", "person"),
        ("STOP", "START", "HELP", "please stop texting me"),
    ],
)
def test_no_text_of_somebody_new_asks_the_database_too_often(
    line: Line, bodies: Sequence[str]
) -> None:
    for body in bodies:
        line.text(KIM, body)

    line.keeps_to(IN_A_TEXT)


@pytest.mark.parametrize(
    "body", ["MENU", "WORRY", "PLAN", "LATER", "SLOW", "TERMS", "Hello", "STOP"]
)
def test_no_text_of_a_matched_person_asks_the_database_too_often(line: Line, body: str) -> None:
    line.text(ROSA, body)
    line.text(ROSA, "1")

    line.keeps_to(IN_A_TEXT)


def test_a_stranger_on_a_pair_line_costs_no_more_than_a_friend(line: Line) -> None:
    line.text(KIM, "Hello", to=PAIR)
    line.keeps_to(IN_A_TEXT)

    Call(line, KIM, to=PAIR)
    line.keeps_to(IN_A_STEP)

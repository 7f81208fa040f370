"""Callbacks that are lost, late, early or overtaken: every row survives all of it."""

import pytest

from mentoring.introductions import introduce
from mentoring.models import Match, Outcome, RecordingState
from mentoring.people import find_phone
from telephony.emulator import undelivered
from telephony.emulator.faults import Matcher
from tests.journeys.cast import (
    LUIS,
    ROSA,
    contacts,
    leave_nobody_on_duty,
    pair,
    recordings,
    words_of,
)
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town


def leg(status: str) -> Matcher:
    return lambda url, params: "/voice/leg" in url and params["CallStatus"] == status


def talk(town: Town, *, whisper: float, seconds: float) -> None:
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    town.emulator.advance(whisper)
    luis.presses("1")
    town.emulator.advance(seconds)
    luis.hangs_up()
    rosa.hears("[call ended]")
    town.settle()


def reaches_the_note(town: Town) -> Caller:
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    return rosa


@pytest.mark.parametrize("status", ["initiated", "in-progress", "completed"])
def test_a_talk_is_counted_though_one_of_its_callbacks_is_lost(town: Town, status: str) -> None:
    pair(town)
    town.emulator.faults.drop(leg(status))
    talk(town, whisper=5, seconds=180)
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, True)


@pytest.mark.parametrize("status", ["initiated", "in-progress"])
def test_a_talk_is_counted_though_its_callbacks_overtake_each_other(
    town: Town, status: str
) -> None:
    pair(town)
    town.emulator.faults.reorder(leg(status))
    talk(town, whisper=5, seconds=180)
    town.pass_time(120)
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, True)


@pytest.mark.parametrize("how", ["drop", "reorder"])
def test_the_time_of_the_whisper_never_counts_as_talk(town: Town, how: str) -> None:
    pair(town)
    getattr(town.emulator.faults, how)(leg("in-progress"))
    talk(town, whisper=15, seconds=110)
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.TALKED, False)


def test_a_talk_whose_every_callback_is_lost_is_closed_by_the_sweep(town: Town) -> None:
    pair(town)
    for url in ("/voice/leg", "/voice/ended", "/voice/dial-ended"):
        town.emulator.faults.drop(url, times=9)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("1")
    town.emulator.advance(300)
    rosa.hangs_up()
    town.emulator.advance(30)
    (contact,) = contacts(town)
    assert contact.ended_at is None
    town.pass_time(5 * 3600)
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.TALKED


def lose_texts(town: Town, times: int) -> None:
    town.emulator.faults.drop("/sms/inbound", times=times)
    town.emulator.faults.drop("/fallback/text", times=times)


def forgive(town: Town) -> None:
    """A webhook that nobody answers is an error in the carrier's debugger: here it is wanted."""
    lost = [entry for entry in town.emulator.errors if entry.code == 11200]
    town.emulator.debugger[:] = [entry for entry in town.emulator.debugger if entry not in lost]


def test_a_text_that_never_reached_us_is_taken_in_and_passed_on_once(town: Town) -> None:
    pair(town)
    town.pass_time(60)
    lose_texts(town, 2)
    town.texts(ROSA, PAIRS[0], "First", "Second")
    town.texts(ROSA, PAIRS[0], "Third")
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Third"]
    for _ in range(4):
        town.pass_time(700)
    bodies = [text.body for text in town.phone(LUIS).inbox]
    assert bodies == ["Rosa: Third", "First", "Second"]
    assert len(contacts(town)) == 3
    forgive(town)


def test_a_stop_that_never_reached_us_holds_as_soon_as_it_is_found(town: Town) -> None:
    pair(town)
    town.pass_time(60)
    lose_texts(town, 1)
    town.phone(LUIS).text(PAIRS[0], "STOP")
    town.settle()
    town.pass_time(700)
    with town.db.transaction() as session:
        phone = find_phone(session, LUIS)
        assert phone is not None
        assert phone.texts_refused_at is not None
    forgive(town)


def test_what_came_during_a_long_outage_is_taken_in_after_it(town: Town) -> None:
    pair(town)
    town.pass_time(60)
    lose_texts(town, 1)
    town.phone(ROSA).text(PAIRS[0], "Hello")
    # The machine is down: nothing sweeps.
    town.emulator.advance(5 * 3600)
    assert town.phone(LUIS).inbox == []
    town.pass_time(60)
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello"]
    forgive(town)


def test_the_carrier_is_asked_for_lost_texts_now_and_then_only(town: Town) -> None:
    pair(town)
    for _ in range(20):
        town.pass_time(60)
    lists = [r for r in town.emulator.requests if "DateSent" in r.url and r.method == "GET"]
    assert len(lists) == 2


def test_a_text_whose_every_callback_is_lost_is_still_known_to_have_arrived(town: Town) -> None:
    pair(town)
    town.emulator.faults.drop("/sms/status", times=9)
    assert town.texts(ROSA, PAIRS[0], "Hello") == []
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.QUEUED
    town.pass_time(900)
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


def test_a_text_whose_loss_was_never_told_is_told_to_its_writer(town: Town) -> None:
    pair(town)
    town.emulator.faults.drop("/sms/status", times=9)
    town.phone(LUIS).when_texted = undelivered(30007)
    town.texts(ROSA, PAIRS[0], "Hello")
    town.pass_time(900)
    (told,) = town.phone(ROSA).inbox
    assert "look into it" in told.body


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]], ids=["menu", "pair line"])
def test_a_lost_last_callback_does_not_keep_a_phone_busy(town: Town, line: str) -> None:
    pair(town)
    luis = town.caller(LUIS)
    luis.calls(line)
    town.emulator.faults.drop("/voice/ended")
    luis.hangs_up()
    town.settle()
    town.pass_time(1800)
    town.caller(ROSA).calls(PAIRS[0])
    assert luis.handset.ringing == PAIRS[0]


def test_a_hang_up_that_is_told_before_the_recording_still_sends_the_note(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records("Call me tomorrow", end="")
    town.emulator.faults.reorder("recorded=1")
    rosa.hangs_up()
    town.settle()
    (news,) = town.phone(LUIS).inbox
    assert "left you a voice note" in news.body


def test_a_note_is_sent_though_the_end_of_its_recording_is_never_told(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records("Call me tomorrow", end="")
    town.emulator.faults.drop("recorded=1")
    rosa.hangs_up()
    town.settle()
    assert any("left you a voice note" in text.body for text in town.phone(LUIS).inbox)


AFRAID = "Luis asked me for money and I am afraid of him"


def tells_staff(town: Town, rosa: Caller, fault: str) -> None:
    """Rosa speaks to staff and hangs up; that her message has ended is told late, or never."""
    rosa.hears("No one is free right now")
    if fault == "late":
        town.emulator.faults.delay(30, "/voice/message")
    else:
        town.emulator.faults.drop("/voice/message")
    rosa.records(AFRAID, end="")
    town.emulator.advance(5)
    rosa.hangs_up()
    town.pass_time(60)


def has_heard_of_no_note(town: Town) -> bool:
    """Tell whether Luis knows of a call alone, and nothing was sent to him."""
    told = [text.body for text in town.phone(LUIS).inbox]
    is_unsent = all(made.sent_at is None for made in recordings(town))
    return is_unsent and all("Rosa tried to call you" in words for words in told)


@pytest.mark.parametrize("fault", ["late", "never"])
@pytest.mark.parametrize("said", ["", "Call me tomorrow"], ids=["no note", "a note"])
def test_what_is_said_to_staff_instead_of_a_note_never_goes_to_the_partner(
    town: Town, fault: str, said: str
) -> None:
    pair(town)
    leave_nobody_on_duty(town)
    rosa = reaches_the_note(town)
    if said:
        rosa.records(said)
        rosa.presses("3")
        rosa.hears("leave a voice note after the tone")
    rosa.presses("0")
    tells_staff(town, rosa, fault)
    assert has_heard_of_no_note(town)
    (task,) = town.tasks()
    assert (task.rule, words_of(town, task)) == ("O8", AFRAID)
    assert {made.from_person_id for made in recordings(town)} == {task.person_id}


def test_what_is_said_to_staff_who_were_reached_before_is_kept_with_the_second_wish(
    town: Town,
) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.presses("0")
    staff = town.caller(STAFF)
    staff.answers()
    staff.presses("1")
    staff.hangs_up()
    rosa.hears("You can hang up now if you like")
    leave_nobody_on_duty(town)
    rosa.presses("0")
    tells_staff(town, rosa, "never")
    assert has_heard_of_no_note(town)
    first, second = town.tasks()
    assert (first.outcome, first.recording_id) == ("answered_at_once", None)
    assert (second.done_at, words_of(town, second)) == (None, AFRAID)


def test_a_note_that_an_error_of_ours_cut_short_is_not_taken_for_the_message_after_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    leave_nobody_on_duty(town)
    rosa = reaches_the_note(town)
    with monkeypatch.context() as broken:
        broken.setattr("telephony.voice.keep_answer_recording", None)
        rosa.records("Call me tomorrow", end="0")
    tells_staff(town, rosa, "never")
    assert has_heard_of_no_note(town)
    (task,) = town.tasks()
    assert words_of(town, task) == AFRAID
    assert [made.from_person_id for made in recordings(town)] == [task.person_id] * 2


def test_a_late_file_takes_no_place_of_the_message_that_staff_were_told_of(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    leave_nobody_on_duty(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(40, "/voice/recording")
    with monkeypatch.context() as broken:
        broken.setattr("telephony.voice.keep_answer_recording", None)
        rosa.records("Call me tomorrow", end="0")
    rosa.records(AFRAID)
    rosa.hangs_up()
    town.pass_time(60)
    (task,) = town.tasks()
    assert words_of(town, task) == AFRAID


def test_a_recording_is_fetched_though_its_file_is_never_told_about(town: Town) -> None:
    pair(town)
    town.emulator.faults.drop("/voice/recording")
    rosa = reaches_the_note(town)
    rosa.records("Call me tomorrow")
    rosa.presses("2")
    town.settle()
    assert [note.state for note in recordings(town)] == [RecordingState.SPOKEN]
    town.pass_time(150)
    assert [note.state for note in recordings(town)] == [RecordingState.ERASED]


def test_the_file_may_be_told_about_before_the_end_of_its_recording(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(8, "recorded=1")
    rosa.records("Call me tomorrow")
    rosa.hears("To send it press 2")
    rosa.presses("2")
    rosa.hears("Your voice note is sent")
    town.settle()
    assert [note.state for note in recordings(town)] == [RecordingState.ERASED]


@pytest.mark.parametrize(("how", "status"), [("drop", "delivered"), ("reorder", "sent")])
def test_a_text_is_known_to_have_left_whatever_becomes_of_its_callbacks(
    town: Town, status: str, how: str
) -> None:
    pair(town)
    getattr(town.emulator.faults, how)(
        lambda url, params: "/sms/status" in url and params["MessageStatus"] == status
    )
    town.texts(ROSA, PAIRS[0], "Hello")
    town.pass_time(120)
    (contact,) = contacts(town)
    lost_the_last = how == "drop" and status == "delivered"
    assert contact.outcome is (Outcome.SENT if lost_the_last else Outcome.DELIVERED)
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello"]


def test_a_callback_may_come_before_the_answer_to_our_request(town: Town) -> None:
    pair(town)
    town.emulator.faults.early_callback()
    town.texts(ROSA, PAIRS[0], "Hello")
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello"]


def test_a_connection_that_fails_once_is_tried_again_by_the_carrier(town: Town) -> None:
    pair(town)
    town.emulator.faults.refuse_first_try("/sms/inbound")
    town.emulator.faults.refuse_first_try("/voice/inbound")
    town.texts(ROSA, PAIRS[0], "Hello")
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello"]
    town.caller(ROSA).calls(PAIRS[0])
    assert town.phone(LUIS).ringing == PAIRS[0]


@pytest.mark.parametrize("seed", range(3))
def test_in_the_worst_weather_everything_still_arrives_and_nothing_twice(
    town: Town, seed: int
) -> None:
    match = pair(town)
    town.emulator.faults.chaos(seed, 0.5)
    with town.db.transaction() as session:
        introduce(session, session.get_one(Match, match.id), now=town.clock.now())
    town.settle()
    for number in range(6):
        town.texts(ROSA, PAIRS[0], f"Rosa says {number}")
        town.texts(LUIS, PAIRS[0], f"Luis says {number}")
    town.emulator.faults.calm()
    for _ in range(4):
        town.pass_time(400)

    for reader, writer in ((LUIS, "Rosa"), (ROSA, "Luis")):
        read = [text.body.removeprefix(f"{writer}: ") for text in town.phone(reader).inbox]
        said = [words for words in read if words.startswith(f"{writer} says")]
        assert sorted(said) == [f"{writer} says {number}" for number in range(6)]
        introductions = [words for words in read if words not in said]
        assert len(introductions) == 1, "everybody is introduced, and nobody twice"

"""0 reaches a person from everywhere: by transfer, else a message, else a call-back task (A1)."""

import pytest

from mentoring.models import Purpose, RecordingState
from mentoring.operators import add_staff
from telephony import persons
from telephony.emulator import busy, manual, no_answer, out_of_reach, rejects, voicemail
from telephony.emulator.behaviour import WhenRung
from tests.journeys.cast import (
    AFTER_THE_OPEN_QUESTION,
    CONSENT_BY_KEYS,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    ROSA,
    asks_for_a_person,
    dialled,
    goes_through,
    leave_nobody_on_duty,
    pair,
    recordings,
)
from tests.town import MAIN, PAIRS, STAFF, Town

SECOND = "+15155550191"


def put_five_more_on_duty(town: Town, *, when_rung: WhenRung) -> None:
    """Six members of staff are on duty, and the phones of all of them do the same."""
    with town.db.transaction() as session:
        for place in range(1, 6):
            number, name = f"+1515555019{place}", f"Staff {place}"
            add_staff(session, name=name, number=number, ring_order=place, now=town.clock.now())
            town.phone(number).when_rung = when_rung
    town.phone(STAFF).when_rung = when_rung


def test_staff_take_the_call_and_the_task_is_closed(town: Town) -> None:
    kim, staff = asks_for_a_person(town), town.caller(STAFF)
    (task,) = town.tasks()
    assert task.done_at is None
    assert staff.handset.ringing == MAIN
    staff.answers()
    staff.hears("BridgeLine. Someone on our line asks for a person", "press 1")
    staff.presses("1")
    kim.talks("I need help")
    staff.hears("I need help")
    staff.hangs_up()
    kim.hears("Your answers are saved", "Goodbye", "[call ended]")
    (task,) = town.tasks()
    assert (task.rule, task.outcome) == ("O8", "answered_at_once")


def test_another_key_of_staff_asks_again(town: Town) -> None:
    kim, staff = asks_for_a_person(town), town.caller(STAFF)
    staff.answers()
    staff.presses("5")
    staff.hears("To take the call press 1")
    staff.presses("1")
    kim.talks("Hello")
    staff.hears("Hello")


@pytest.mark.parametrize(
    "rung",
    [voicemail(after=5), voicemail(after=5, greeting="Yes, one moment please."), no_answer()],
    ids=["voicemail", "chatty voicemail", "no answer"],
)
def test_the_voicemail_of_staff_never_takes_a_call(town: Town, rung: WhenRung) -> None:
    town.phone(STAFF).when_rung = rung
    kim = asks_for_a_person(town)
    town.emulator.advance(100)
    kim.hears("No one is free right now", "tell us how we can help, after the tone")
    (task,) = town.tasks()
    assert task.done_at is None


def test_the_next_member_of_staff_is_rung_when_the_first_is_busy(town: Town) -> None:
    with town.db.transaction() as session:
        add_staff(session, name="Ben", number=SECOND, ring_order=2, now=town.clock.now())
    town.phone(STAFF).when_rung = busy()
    kim = asks_for_a_person(town)
    kim.hears("I am still here")
    second = town.caller(SECOND)
    second.answers()
    second.presses("1")
    kim.talks("Hello")
    second.hears("Hello")
    assert dialled(town) == [STAFF, SECOND]


@pytest.mark.parametrize("first", [busy(), rejects(), out_of_reach(), no_answer(), voicemail(5)])
@pytest.mark.parametrize("second", [busy(), rejects(), out_of_reach(), no_answer(), voicemail(5)])
def test_however_the_rings_of_staff_end_the_message_comes_once_and_in_time(
    town: Town, first: WhenRung, second: WhenRung
) -> None:
    with town.db.transaction() as session:
        add_staff(session, name="Ben", number=SECOND, ring_order=2, now=town.clock.now())
    town.phone(STAFF).when_rung, town.phone(SECOND).when_rung = first, second
    kim = asks_for_a_person(town)
    # Two rings of half a minute, with what the carrier adds, and the words between them.
    town.emulator.advance(100)
    assert kim.heard.count("No one is free right now") == 1
    assert dialled(town) == [STAFF, SECOND]
    (task,) = town.tasks()
    assert task.done_at is None


def test_a_caller_waits_for_staff_a_little_more_than_a_minute_however_many_there_are(
    town: Town,
) -> None:
    put_five_more_on_duty(town, when_rung=no_answer())
    kim = asks_for_a_person(town)
    town.emulator.advance(100)
    kim.hears("No one is free right now", "after the tone")
    assert kim.heard.count("I am still here") == 1
    assert len(dialled(town)) == 2


def test_staff_who_are_busy_take_no_time_from_those_who_are_free(town: Town) -> None:
    put_five_more_on_duty(town, when_rung=busy())
    free = town.caller("+15155550193", when_rung=manual())
    kim = asks_for_a_person(town)
    town.emulator.advance(30)
    free.answers()
    free.presses("1")
    kim.talks("Hello")
    free.hears("Hello")


def test_with_nobody_free_a_message_goes_with_the_task(town: Town) -> None:
    leave_nobody_on_duty(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.hears("No one is free right now", "We will call back by Wed, Mar 4")
    kim.records("My mentor does not call back")
    kim.hears("Your message is saved", "[call ended]")
    town.settle()
    (task,) = town.tasks()
    (message,) = recordings(town)
    assert (task.rule, task.done_at, task.recording_id) == ("O8", None, message.id)
    assert message.purpose is Purpose.MESSAGE
    assert message.state is RecordingState.ERASED
    assert message.audio_sealed is not None


def test_whoever_hangs_up_while_staff_ring_is_called_back(town: Town) -> None:
    kim = asks_for_a_person(town)
    kim.hangs_up()
    town.settle()
    assert town.phone(STAFF).ringing is None
    (task,) = town.tasks()
    assert task.done_at is None
    assert task.phone_id is not None


def test_staff_who_take_the_call_of_somebody_who_hung_up_hear_so_and_call_back(
    town: Town,
) -> None:
    kim, staff = asks_for_a_person(town), town.caller(STAFF)
    staff.answers()
    asked = next(hook for hook in town.emulator.webhooks if "/voice/person-whisper?" in hook.url)
    kim.hangs_up()
    town.settle()
    (task,) = town.tasks()
    # The key was pressed just before the leg was cut, and comes after the end of the call.
    answer = town.post(
        "/voice/person-accept", [*asked.params, ("Digits", "1")], query=f"?k={task.id}"
    )
    assert "They have just hung up. Please call them back." in answer.text
    assert "<Hangup" in answer.text
    (task,) = town.tasks()
    assert task.done_at is None


def test_whoever_hangs_up_in_the_message_is_called_back_with_it(town: Town) -> None:
    leave_nobody_on_duty(town)
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.records("Please help", end="")
    kim.hangs_up()
    town.settle()
    (task,) = town.tasks()
    (message,) = recordings(town)
    assert task.recording_id == message.id


def test_a_word_does_the_same_as_0(town: Town) -> None:
    kim = town.caller(KIM)
    for word in ("person", "help", "operator", "can I talk to a person please"):
        kim.calls(MAIN)
        kim.says(word)
        kim.hears("I am calling our staff now")
        kim.hangs_up()


def test_every_prompt_of_the_intake_leads_to_a_person_and_keeps_the_place(town: Town) -> None:
    """One long call story: 0 at each question, then a new call that goes on from there."""
    kim, staff = town.caller(KIM), town.phone(STAFF)
    staff.when_rung = busy()
    kim.calls(MAIN)
    for given, next_heard in (*CONSENT_BY_KEYS, *INTAKE_BY_KEYS):
        if not given.strip("0123456789"):
            kim.presses(given)
        else:
            kim.says(given)
        kim.hears(next_heard)
        kim.presses("0")
        kim.hears("I am calling our staff now")
        kim.hangs_up()
        town.settle()
        kim.calls(MAIN)
        if next_heard.startswith("I heard"):
            kim.says(given)
    assert len(town.tasks()) == len(CONSENT_BY_KEYS) + len(INTAKE_BY_KEYS)


def test_0_reaches_a_person_from_a_list_a_pick_and_a_recording(town: Town) -> None:
    kim, staff = town.caller(KIM), town.phone(STAFF)
    kim.calls(MAIN)
    goes_through(kim, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    kim.records("I alter clothes", end="0")
    kim.hears("I am calling our staff now")
    kim.hangs_up()
    kim.calls(MAIN)
    kim.records("I alter clothes")
    for given, next_heard in AFTER_THE_OPEN_QUESTION[:4]:
        kim.presses(given)
        kim.hears(next_heard)
    kim.presses("0")
    kim.hears("I am calling our staff now")
    assert staff.ringing == MAIN


def test_0_reaches_a_person_from_notes_and_menus(town: Town) -> None:
    pair(town)
    town.texts(LUIS, PAIRS[0], "Hello")
    rosa, staff = town.caller(ROSA), town.phone(STAFF)
    for keys in ("", "2", "3", "31"):
        rosa.calls(MAIN)
        for key in keys:
            rosa.presses(key)
        rosa.presses("0")
        rosa.hears("I am calling our staff now")
        assert staff.ringing == MAIN
        rosa.hangs_up()
        town.settle()


def test_an_error_of_ours_leads_to_a_person(town: Town) -> None:
    answer = town.post("/voice/person", [("CallSid", "CA" + "3" * 32), ("From", KIM), ("To", MAIN)])
    assert answer.status_code == 200
    assert "<Dial" in answer.text
    assert [task.words for task in town.tasks()] == ["Call back: A caller met an error of ours."]


def test_an_error_of_ours_after_a_talk_with_staff_leads_to_staff_or_a_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, staff = asks_for_a_person(town), town.caller(STAFF)
    staff.answers()
    staff.presses("1")
    staff.hangs_up()
    kim.hears("You can hang up now if you like")
    with monkeypatch.context() as broken:
        broken.setattr(persons, "after_last_words", _fails)
        kim.presses("*")
    kim.hears("something went wrong on our side", "I am calling our staff now")
    staff.handset.reject()
    kim.hears("No one is free right now", "tell us how we can help")
    kim.records("Please call me back")
    kim.hangs_up()
    town.settle()
    answered, open_still = town.tasks()
    assert (answered.outcome, open_still.done_at) == ("answered_at_once", None)
    assert open_still.recording_id is not None
    assert "met an error of ours" in open_still.words


def _fails(*_: object, **__: object) -> str:
    raise RuntimeError("a fault of ours")

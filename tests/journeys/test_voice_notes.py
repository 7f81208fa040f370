"""Voice notes: made, heard by oneself, sent, fetched, heard by the other, answered, deleted."""

import pytest

from mentoring.errors import ProgrammeError
from mentoring.models import ContactKind, Mode, Outcome, RecordingState, Role
from mentoring.people import person_with_code
from mentoring.tasks import close_task
from mentoring.typing_notes import type_out
from telephony.emulator.behaviour import undelivered
from tests.journeys.cast import LUIS, ROSA, contacts, hold, pair, reaches_the_note, recordings
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

WORDS = "Please call me on Monday"


def leaves_a_note(town: Town, words: str = WORDS) -> None:
    """Rosa leaves a note and sends it, and it arrives."""
    rosa = reaches_the_note(town)
    rosa.records(words)
    rosa.presses("2")
    rosa.hears("Your voice note is sent", "[call ended]")
    town.settle()


def opens_the_notes(town: Town) -> Caller:
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("For voice notes and texts press 2")
    luis.presses("2")
    return luis


def test_a_note_is_fetched_sealed_and_erased_at_the_carrier(town: Town) -> None:
    pair(town)
    leaves_a_note(town)
    (note,) = recordings(town)
    assert note.state is RecordingState.ERASED
    assert note.audio_sealed is not None
    assert b"Monday" not in note.audio_sealed
    assert [copy.deleted for copy in town.emulator.store.recordings.values()] == [True]
    deleted = [r for r in town.emulator.requests if r.method == "DELETE"]
    assert len(deleted) == 1


def test_the_file_is_fetched_only_after_the_carrier_says_that_it_is_there(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(30, "/voice/recording")
    rosa.records(WORDS)
    rosa.presses("2")
    town.settle()
    assert not [r for r in town.emulator.requests if "/Recordings/" in r.url]
    town.pass_time(30)
    asked = [r.method for r in town.emulator.requests if "/Recordings/" in r.url]
    assert (asked[0], asked[-1]) == ("GET", "DELETE")


def test_the_speaker_hears_the_note_tries_again_and_sends_the_second_one(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records("Um, what did I want to say")
    town.emulator.advance(4)
    rosa.presses("1")
    rosa.hears("[Um, what did I want to say]", "To send it press 2")
    rosa.presses("3")
    rosa.hears("leave a voice note after the tone")
    rosa.records(WORDS)
    rosa.presses("2")
    rosa.hears("Your voice note is sent")
    town.settle()
    luis = opens_the_notes(town)
    luis.hears("You have 1 new note", f"[{WORDS}]")


def test_hanging_up_while_it_records_sends_the_note(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records(WORDS, end="")
    rosa.hangs_up()
    town.settle()
    assert "Rosa left you a voice note" in town.phone(LUIS).inbox[-1].body
    opens_the_notes(town).hears(f"[{WORDS}]")


def test_hanging_up_after_the_recording_sends_the_note(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records(WORDS)
    rosa.hangs_up()
    town.settle()
    opens_the_notes(town).hears("You have 1 new note", f"[{WORDS}]")


def test_a_caller_may_leave_no_note(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.presses("1")
    rosa.hears("No voice note was left", "[call ended]")
    town.pass_time(15)
    assert recordings(town) == []
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body


def test_a_caller_who_says_nothing_after_the_tone_is_offered_more_time(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.waits_for_the_beep()
    rosa.waits()
    rosa.hears("Do you need more time?")
    rosa.presses("5")
    rosa.hears("Leave a voice note after the tone")
    rosa.records(WORDS)
    rosa.hears("To send it press 2")


def test_the_other_side_hears_the_note_answers_it_and_deletes_it(town: Town) -> None:
    pair(town)
    leaves_a_note(town)
    luis = opens_the_notes(town)
    luis.hears("You have 1 new note", "From Rosa", f"[{WORDS}]", "To answer press 1")
    luis.presses("*")
    luis.hears(f"[{WORDS}]")
    luis.presses("1")
    luis.hears("leave a voice note after the tone")
    luis.records("Monday is fine")
    luis.presses("2")
    luis.hears("Your voice note is sent")
    town.settle()
    (asked, answered) = [c for c in contacts(town) if c.kind is ContactKind.NOTE]
    assert (asked.two_way, answered.two_way) == (False, True)

    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("2")
    rosa.hears("From Luis", "[Monday is fine]", "To delete it press 3")
    rosa.presses("3")
    rosa.hears("You have no new notes")
    first, second = recordings(town)
    assert second.deleted_at is not None
    assert second.audio_sealed is None
    assert first.heard_at is not None


def test_several_notes_are_played_one_after_the_other_oldest_first(town: Town) -> None:
    pair(town)
    leaves_a_note(town, "The first")
    leaves_a_note(town, "The second")
    luis = opens_the_notes(town)
    luis.hears("You have 2 new notes", "[The first]", "For the next note press 2")
    luis.presses("2")
    luis.hears("[The second]")
    luis.hears_none_of("[The first]")
    luis.presses("2")
    luis.hears("You have no new notes")


def test_a_heard_note_is_no_longer_new(town: Town) -> None:
    pair(town)
    leaves_a_note(town)
    luis = opens_the_notes(town)
    luis.presses("2")
    luis.hangs_up()
    town.settle()
    opens_the_notes(town).hears("You have no new notes")


def test_a_note_for_somebody_who_reads_is_typed_by_staff(town: Town) -> None:
    pair(town, mode=Mode.TEXT)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("Luis likes texts", "Our staff will type it")
    rosa.records(WORDS)
    rosa.presses("2")
    town.settle()
    (task,) = [task for task in town.tasks() if task.rule == "type"]
    assert "M01" in task.words
    assert task.recording_id is not None


def test_a_bare_1_after_the_news_of_a_note_asks_for_it_in_writing(town: Town) -> None:
    pair(town)
    leaves_a_note(town)
    assert "To get it as text, reply 1" in town.phone(LUIS).inbox[-1].body
    (answer,) = town.texts(LUIS, PAIRS[0], "1")
    assert "Our staff will type the voice note" in answer
    assert [task.rule for task in town.tasks()] == ["type"]
    assert town.phone(ROSA).inbox == []


def test_without_a_note_a_bare_1_is_a_text_like_any_other(town: Town) -> None:
    pair(town)
    assert town.texts(LUIS, PAIRS[0], "1") == []
    assert town.phone(ROSA).inbox[-1].body == "Luis: 1"


def test_a_text_to_somebody_without_texts_is_read_aloud(town: Town) -> None:
    pair(town, mode=Mode.VOICE)
    (told,) = town.texts(ROSA, PAIRS[0], "See you on Monday")
    assert "We will read your text to them" in told
    luis = opens_the_notes(town)
    luis.hears("You have 1 new note", "From Rosa", "See you on Monday")
    (text,) = contacts(town)
    assert (text.kind, text.outcome) == (ContactKind.TEXT, Outcome.NOTE_LEFT)


def test_two_texts_that_are_held_overnight_are_announced_by_one_text_in_the_morning(
    town: Town,
) -> None:
    pair(town, mode=Mode.VOICE)
    town.pass_time(12 * 3600)
    town.texts(ROSA, PAIRS[0], "I could not sleep", "Are you awake?")
    assert town.phone(LUIS).inbox == []

    town.days_pass(0.5)

    (news,) = town.phone(LUIS).inbox
    assert news.body.startswith("Rosa sent you a text. To hear it read to you, call")
    town.texts(ROSA, PAIRS[0], "Good morning")
    assert len(town.phone(LUIS).inbox) == 2
    luis = opens_the_notes(town)
    luis.hears("I could not sleep")


def test_who_writes_again_when_the_night_is_over_does_not_have_the_phone_ring_twice(
    town: Town,
) -> None:
    pair(town, mode=Mode.VOICE)
    town.pass_time(12 * 3600)
    town.texts(ROSA, PAIRS[0], "I could not sleep")
    town.pass_time(9 * 3600 + 30)
    assert len(town.phone(LUIS).inbox) == 1

    town.texts(ROSA, PAIRS[0], "Are you up?")
    assert len(town.phone(LUIS).inbox) == 1

    luis = opens_the_notes(town)
    luis.hears("You have 2 new notes", "I could not sleep")
    luis.presses("2")
    luis.hears("Are you up?")
    luis.presses("2")
    luis.hangs_up()
    town.texts(ROSA, PAIRS[0], "Then I will call you")
    assert len(town.phone(LUIS).inbox) == 2


def test_nobody_else_hears_a_note(town: Town) -> None:
    pair(town)
    ellen = town.person(Role.PROTEGE, "Ellen", "+15155550111")
    with town.db.transaction() as session:
        luis_person = person_with_code(session, "M01")
    town.match(ellen, luis_person)
    leaves_a_note(town)
    other = town.caller("+15155550111")
    other.calls(MAIN)
    other.presses("2")
    other.hears("You have no new notes")


def test_the_audio_is_served_to_nobody_without_its_address(town: Town) -> None:
    pair(town)
    leaves_a_note(town)
    opens_the_notes(town).hears(f"[{WORDS}]")
    (played,) = {hook.url for hook in town.emulator.webhooks if hook.kind == "file"}
    token = played.rpartition("/")[2]
    assert town.ask("GET", f"/audio/{token}").status_code == 200
    assert town.ask("GET", f"/audio/{token[:-1]}x").status_code == 404
    assert town.ask("GET", "/audio/1").status_code == 404
    town.emulator.advance(3700)
    assert town.ask("GET", f"/audio/{token}").status_code == 404


def test_trouble_at_the_carrier_delays_a_recording_and_loses_none(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records(WORDS)
    town.emulator.faults.rest_error(500, match="Recordings", times=3)
    rosa.presses("2")
    town.settle()
    for _ in range(4):
        town.pass_time(700)
    (note,) = recordings(town)
    assert note.state is RecordingState.ERASED
    opens_the_notes(town).hears(f"[{WORDS}]")


def test_the_own_note_is_heard_as_soon_as_it_is_there(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    town.emulator.faults.delay(9, "/voice/recording")
    rosa.records(WORDS)
    rosa.presses("1")
    rosa.hears("I am saving your voice note", f"[{WORDS}]", "To send it press 2")


def test_whoever_takes_a_note_back_and_hangs_up_has_sent_none(town: Town) -> None:
    pair(town)
    rosa = reaches_the_note(town)
    rosa.records("I did not mean that")
    rosa.presses("3")
    rosa.hangs_up()
    town.settle()
    assert not any("voice note" in text.body for text in town.phone(LUIS).inbox)
    opens_the_notes(town).hears("You have no new notes")


def a_note_to_type(town: Town) -> int:
    """Rosa leaves Luis, who reads texts, a note that staff are to type."""
    pair(town, mode=Mode.TEXT)
    return another_note_to_type(town)


def another_note_to_type(town: Town) -> int:
    """She leaves a note once more; returns the newest that is to be typed."""
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.records(WORDS)
    rosa.presses("2")
    rosa.hangs_up()
    town.settle()
    newest = [task.recording_id for task in town.tasks() if task.rule == "type"][-1]
    assert newest is not None
    return newest


def staff_type(town: Town, note: int) -> None:
    with town.db.transaction() as session:
        type_out(session, note, "Call me on Monday.", now=town.clock.now())


def test_a_typed_note_survives_a_carrier_that_does_not_answer(town: Town) -> None:
    note = a_note_to_type(town)
    town.emulator.faults.rest_silence(match="/Messages", processed=False)
    staff_type(town, note)
    town.settle()
    town.pass_time(600)
    assert "Call me on Monday." in town.phone(LUIS).inbox[-1].body


def test_a_typed_note_that_was_lost_is_read_out_by_staff(town: Town) -> None:
    note = a_note_to_type(town)
    town.phone(LUIS).when_texted = undelivered(30007)
    staff_type(town, note)
    town.settle()
    town.pass_time(600)
    assert [task.rule for task in town.tasks()][-1] == "lost text"


def test_a_note_is_not_typed_for_somebody_who_has_stopped_texts(town: Town) -> None:
    note = a_note_to_type(town)
    town.texts(LUIS, MAIN, "STOP")
    with pytest.raises(ProgrammeError, match="M01 takes no texts now"):
        staff_type(town, note)


def test_each_typed_note_that_was_lost_is_a_task_of_its_own(town: Town) -> None:
    note = a_note_to_type(town)
    town.phone(LUIS).when_texted = undelivered(30007)
    staff_type(town, note)
    town.pass_time(600)
    (task,) = [task for task in town.tasks() if task.rule == "lost text"]
    with town.db.transaction() as session:
        close_task(session, task.id, outcome="read out", now=town.clock.now())
    staff_type(town, another_note_to_type(town))
    town.pass_time(600)
    assert [task.rule for task in town.tasks()].count("lost text") == 2


def test_a_typed_note_does_not_leave_after_a_hold(town: Town) -> None:
    note = a_note_to_type(town)
    town.pass_time(11 * 3600)
    staff_type(town, note)
    hold(town)
    town.days_pass(1)
    assert not [text for text in town.phone(LUIS).inbox if "Monday" in text.body]

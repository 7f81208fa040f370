"""The carrier refuses the whole account, or one line: staff know of it, and nothing is lost."""

import pytest
from sqlalchemy import select

from mentoring.models import Delivery, DeliveryStatus, Outcome, RecordingState, StaffTask
from telephony.emulator import delivered, fails, undelivered
from tests.journeys.cast import LUIS, ROSA, contacts, pair, recordings
from tests.town import MAIN, PAIRS, Town

REFUSALS = [(401, 20003), (403, 403), (400, 30002), (404, 20404), (404, 404)]


def inbox(town: Town, number: str) -> list[str]:
    return [text.body for text in town.phone(number).inbox]


def tries(town: Town) -> int:
    return len([request for request in town.emulator.requests if request.method == "POST"])


def alerts(town: Town) -> list[StaffTask]:
    return [task for task in town.tasks() if task.rule == "config"]


def refuse_everything(town: Town, status: int = 401, code: int = 20003) -> None:
    town.emulator.faults.rest_error(status, code=code, match="Messages", times=99)


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_texts_wait_until_the_account_is_mended_and_leave_in_order(
    town: Town, status: int, code: int
) -> None:
    pair(town)
    refuse_everything(town, status, code)
    long = " ".join(f"word{number}" for number in range(400))
    town.texts(ROSA, PAIRS[0], "First", long, "Last")
    town.texts(LUIS, PAIRS[0], "Hello")
    for _ in range(3):
        town.pass_time(400)
    assert inbox(town, LUIS) == inbox(town, ROSA) == []
    town.emulator.faults.calm()
    for _ in range(4):
        town.pass_time(400)
    assert "".join(inbox(town, LUIS)) == f"Rosa: First{long}Last"
    assert inbox(town, ROSA) == ["Luis: Hello"]
    assert {contact.outcome for contact in contacts(town)} == {Outcome.DELIVERED}


def test_one_refusal_stops_all_sending_for_some_minutes(town: Town) -> None:
    pair(town)
    refuse_everything(town)
    town.texts(ROSA, PAIRS[0], "First", "Second")
    town.texts(LUIS, PAIRS[0], "Hello")
    town.texts("+15155550177", MAIN, "Hi")
    assert tries(town) == 1
    town.pass_time(200)
    assert tries(town) == 1
    town.pass_time(200)
    assert tries(town) == 2


def test_a_refusal_is_no_try_of_the_text(town: Town) -> None:
    pair(town)
    refuse_everything(town)
    town.texts(ROSA, PAIRS[0], "First")
    for _ in range(4):
        town.pass_time(400)
    with town.db.transaction() as session:
        row = session.scalars(select(Delivery)).one()
        assert (row.status, row.attempts) == (DeliveryStatus.QUEUED, 0)


def test_staff_are_told_once_what_to_check_and_again_when_it_comes_back(town: Town) -> None:
    pair(town)
    refuse_everything(town)
    town.texts(ROSA, PAIRS[0], "First", "Second")
    for _ in range(2):
        town.pass_time(12 * 3600)
    (task,) = alerts(town)
    assert "TWILIO_AUTH_TOKEN" in task.words
    assert (task.due_at - task.opened_at).total_seconds() == 3600
    with town.db.transaction() as session:
        session.get_one(StaffTask, task.id).done_at = town.clock.now()
    town.pass_time(400)
    assert len(alerts(town)) == 2


def test_what_waited_too_long_is_told_to_its_writer_once_texts_leave_again(town: Town) -> None:
    pair(town)
    refuse_everything(town)
    town.texts(ROSA, PAIRS[0], "First")
    town.pass_time(3 * 86_400)
    town.emulator.faults.calm()
    town.pass_time(400)
    # By now the first check-in has come as well.
    assert not any("First" in text for text in inbox(town, LUIS))
    assert [text for text in inbox(town, ROSA) if "look into it" in text] != []


def test_a_text_that_a_closed_account_failed_later_is_sent_again(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = fails(30002)
    town.texts(ROSA, PAIRS[0], "First")
    town.texts(LUIS, PAIRS[0], "Hello")
    assert inbox(town, LUIS) == inbox(town, ROSA) == []
    assert len(alerts(town)) == 1
    town.phone(LUIS).when_texted = delivered()
    town.pass_time(400)
    assert inbox(town, LUIS) == ["Rosa: First"]
    assert inbox(town, ROSA) == ["Luis: Hello"]


@pytest.mark.parametrize("code", [30007, 30034])
def test_a_line_that_networks_refuse_is_one_task_for_all_its_texts(town: Town, code: int) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(code)
    town.texts(ROSA, PAIRS[0], "First", "Second")
    (task,) = alerts(town)
    assert task.words.startswith("Line 515 555 0101: ")


@pytest.mark.parametrize("code", [21606, 21608])
def test_a_line_that_cannot_send_is_one_task(town: Town, code: int) -> None:
    pair(town)
    town.emulator.faults.rest_error(400, code=code, match="Messages", times=2)
    town.texts(ROSA, PAIRS[0], "First", "Second")
    assert len(alerts(town)) == 1


def test_a_text_that_did_not_arrive_is_looked_into_once_a_day(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30008)
    told = town.texts(ROSA, PAIRS[0], "First", "Second")
    assert "look into it" in told[0]
    (task,) = town.tasks()
    assert task.rule == "lost text"
    assert "did not get a text" in task.words
    town.pass_time(86_400)
    town.texts(ROSA, PAIRS[0], "Third")
    assert [task.rule for task in town.tasks()] == ["lost text", "lost text"]


def test_an_opt_out_that_only_the_carrier_knows_is_told_to_staff_of_a_match(town: Town) -> None:
    pair(town)
    town.emulator.store.opted_out.add((PAIRS[0], LUIS))
    town.texts(ROSA, PAIRS[0], "First", "Second")
    (task,) = town.tasks()
    assert task.rule == "O16"
    assert "opted out of texts while matched" in task.words


def test_a_voice_note_is_fetched_once_the_account_is_mended(town: Town) -> None:
    pair(town)
    town.emulator.faults.rest_error(401, match="Recordings", times=999)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    rosa.records("Call me tomorrow", end="#")
    rosa.presses("1")
    rosa.hangs_up()
    for _ in range(12):
        town.pass_time(2 * 3600)
    assert len(alerts(town)) == 1
    town.emulator.faults.calm()
    town.pass_time(2 * 3600)
    assert [recording.state for recording in recordings(town)] == [RecordingState.ERASED]

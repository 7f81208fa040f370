"""`bridgeline numbers` and `bridgeline doctor`: do the lines ring here, and is all in order?"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from app.commands.desk import Desk
from mentoring.calendar.dues import plan
from mentoring.clock import ManualClock
from mentoring.crypto import Vault
from mentoring.db import Database
from mentoring.lines import main_line
from mentoring.marks import MarkName, set_mark
from mentoring.models import DeliveryKind, DueKind, Goal, Line, Phone, Staff, StaffTask
from mentoring.people import forget_number, person_with_code
from mentoring.programme_editions import count_as_live
from mentoring.queueing import queue_text
from mentoring.trouble import pause_sending, tell_about_line
from telephony.carrier import CarrierError, NumberHooks
from tests.app.conftest import OURS, PUBLIC, AtDesk, Bridgeline, live_settings
from tests.recording_carrier import RecordingCarrier


@pytest.fixture
def live(desk: Desk, at_desk: AtDesk, tmp_path: Path) -> Bridgeline:
    """Runs one command with carrier credentials in the settings."""
    return at_desk(replace(desk, settings=live_settings(tmp_path)))


def _hooks(carrier: RecordingCarrier) -> dict[str, NumberHooks]:
    return {number.number: number.hooks for number in carrier.numbers()}


def _findings(answer: Any) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in answer.data:
        found.setdefault(row["check"], []).append((row["state"], row["finding"]))
    return found


def test_syncing_points_every_line_here_and_remembers_its_id(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str], seeded: Database
) -> None:
    answer = live("numbers", "sync", "--json")
    assert answer.code == 0
    assert {row["number"]: row["addresses"] for row in answer.data} == dict.fromkeys(OURS, "set")
    for hooks in _hooks(carrier).values():
        assert hooks.voice_url.startswith(f"{PUBLIC}/voice/")
        assert hooks.sms_url.startswith(f"{PUBLIC}/sms/")
        assert hooks.voice_fallback_url.startswith(PUBLIC)
        assert hooks.sms_fallback_url.startswith(PUBLIC)
    with seeded.transaction() as session:
        lines = session.scalars(select(Line)).all()
        assert all(line.checked_at and not line.fault for line in lines)
        assert {line.number: line.carrier_sid for line in lines} == sids


def test_syncing_again_finds_everything_right(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str]
) -> None:
    live("numbers", "sync")
    again = live("numbers", "sync", "--json").data
    assert {row["addresses"] for row in again} == {"right already"}


def test_a_dry_run_changes_nothing_at_the_carrier_nor_here(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str], seeded: Database
) -> None:
    answer = live("numbers", "sync", "--dry-run", "--json")
    assert {row["addresses"] for row in answer.data} == {"would be set"}
    assert set(_hooks(carrier).values()) == {NumberHooks()}
    with seeded.transaction() as session:
        assert {line.carrier_sid for line in session.scalars(select(Line))} == {None}


def test_a_line_that_the_account_lacks_or_that_cannot_text_is_a_fault(
    live: Bridgeline, carrier: RecordingCarrier
) -> None:
    carrier.own_number(OURS[0], sms=False)
    for number in OURS[1:4]:
        carrier.own_number(number)
    answer = live("numbers", "sync", "--json")
    assert answer.code == 1
    faults = {row["number"]: row["fault"] for row in answer.data if row["fault"]}
    assert faults == {
        OURS[0]: "This number cannot do texts.",
        OURS[4]: "The carrier's account has no such number.",
    }


def test_a_retired_line_is_left_alone(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str]
) -> None:
    live("lines", "retire", "515 555 0100")
    assert OURS[0] not in {row["number"] for row in live("numbers", "sync", "--json").data}
    assert _hooks(carrier)[OURS[0]] == NumberHooks()


def test_every_number_of_the_account_is_listed(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str]
) -> None:
    carrier.own_number("+15155550170")
    rows = {row["number"]: row for row in live("numbers", "--json").data}
    assert rows[OURS[0]]["our_line"] == "main"
    assert rows[OURS[0]]["points_here"] is False
    assert rows["+15155550170"]["our_line"] is None
    live("numbers", "sync")
    assert {r["points_here"] for r in live("numbers", "--json").data if r["our_line"]} == {True}


@pytest.mark.parametrize("address", ["http://line.example.org", "https://127.0.0.1:8000"])
@pytest.mark.usefixtures("sids")
def test_an_address_that_the_carrier_cannot_reach_is_never_set(
    desk: Desk, at_desk: AtDesk, carrier: RecordingCarrier, tmp_path: Path, address: str
) -> None:
    own = at_desk(replace(desk, settings=live_settings(tmp_path, PUBLIC_BASE_URL=address)))
    answer = own("numbers", "sync")
    assert answer.code == 1
    assert f"PUBLIC_BASE_URL is {address}, which the carrier cannot reach" in answer.err
    assert set(_hooks(carrier).values()) == {NumberHooks()}


def test_an_emulator_may_be_pointed_to_this_machine(
    desk: Desk, at_desk: AtDesk, carrier: RecordingCarrier, sids: dict[str, str], tmp_path: Path
) -> None:
    settings = live_settings(
        tmp_path,
        PUBLIC_BASE_URL="http://127.0.0.1:8000",
        TWILIO_API_BASE="http://127.0.0.1:9000",
    )
    assert at_desk(replace(desk, settings=settings))("numbers", "sync").code == 0


def test_a_refusal_of_the_carrier_is_a_sentence(
    live: Bridgeline, carrier: RecordingCarrier, sids: dict[str, str]
) -> None:
    carrier.fail("numbers", CarrierError("The carrier did not answer in time."))
    answer = live("numbers", "sync")
    assert (answer.code, answer.err) == (1, "The carrier did not answer in time.\n")


def test_who_is_not_live_yet_is_led_to_the_setup(bridgeline: Bridgeline) -> None:
    found = _findings(bridgeline("doctor", "--json"))

    assert found["live"][0][0] == "watch"
    assert found["live"][0][1].endswith("/desk/setup")


def test_a_healthy_demo_has_nothing_bad(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        count_as_live(session, actor="demo", now=clock.now())
    answer = bridgeline("doctor", "--json")
    assert answer.code == 0
    states = {row["check"]: row["state"] for row in answer.data}
    assert states == {
        "settings": "good",
        "database": "good",
        "keys": "good",
        "live": "good",
        "main line": "good",
        "pair lines": "good",
        "staff": "good",
        "outbox": "good",
        "dues": "good",
        "sending": "good",
        "carrier": "watch",
        "redis": "good",
    }


def test_a_live_line_needs_redis_and_hooks_that_point_here(
    live: Bridgeline, sids: dict[str, str]
) -> None:
    before = live("doctor", "--json")
    assert before.code == 1
    found = _findings(before)
    assert len(found["carrier"]) == 5
    assert all("does not point here" in words for _, words in found["carrier"])
    assert found["redis"][0][0] == "bad"
    live("numbers", "sync")
    after = _findings(live("doctor", "--json"))
    assert after["carrier"] == [("good", "It answers, and 5 lines point here.")]


@pytest.fixture
def with_redis(desk: Desk, at_desk: AtDesk, tmp_path: Path, redis_url: str) -> Bridgeline:
    """Runs one command on a live line with a broker that answers."""
    return at_desk(replace(desk, settings=live_settings(tmp_path, REDIS_URL=redis_url)))


def test_redis_that_answers_is_good(with_redis: Bridgeline, sids: dict[str, str]) -> None:
    assert _findings(with_redis("doctor", "--json"))["redis"] == [("good", "It answers.")]


@pytest.mark.parametrize(
    "case",
    [
        (timedelta(minutes=1), False, "good", "Both are at work."),
        (timedelta(minutes=5), False, "bad", "The worker is dead"),
        (timedelta(minutes=5), True, "bad", "beat is dead"),
        (None, False, "bad", "The worker is dead"),
        (None, True, "bad", "beat is dead"),
    ],
)
def test_a_worker_or_beat_that_is_dead_is_named(
    with_redis: Bridgeline,
    seeded: Database,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[timedelta | None, bool, str, str],
) -> None:
    swept_ago, answers, state, words = case
    monkeypatch.setattr("app.commands.doctor.worker_answers", lambda _url: answers)
    if swept_ago is not None:
        with seeded.transaction() as session:
            set_mark(session, MarkName.SWEPT, clock.now() - swept_ago)
    ((told, finding),) = _findings(with_redis("doctor", "--json"))["worker, beat"]
    assert (told, words in finding) == (state, True)


def test_what_was_planned_and_is_late_is_bad(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        at = clock.now() - timedelta(days=1)
        plan(session, DueKind.PLAN, at=at, key="late", now=clock.now())
    ((state, finding),) = _findings(bridgeline("doctor", "--json"))["dues"]
    assert (state, "late by 1440 minutes" in finding) == ("bad", True)


def test_a_carrier_that_does_not_answer_is_bad_and_the_rest_is_still_checked(
    live: Bridgeline, carrier: RecordingCarrier
) -> None:
    carrier.fail("numbers", CarrierError("The carrier did not answer in time."))
    found = _findings(live("doctor", "--json"))
    assert found["carrier"] == [("bad", "The carrier did not answer in time.")]
    assert found["main line"][0][0] == "good"


def test_a_stuck_outbox_is_bad(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        queue_text(
            session,
            "Hello.",
            to=person_with_code(session, "P02").phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key="t",
            now=clock.now(),
            not_before=clock.now() + timedelta(minutes=5),
        )
    states = []
    for minutes in (0, 5, 4, 10):
        clock.advance(minutes * 60)
        states.append(_findings(bridgeline("doctor", "--json"))["outbox"][0])
    assert [state for state, _ in states] == ["good", "good", "watch", "bad"]
    assert "due since 14 minutes" in states[-1][1]


def test_a_refusal_that_nobody_has_mended_is_bad(
    bridgeline: Bridgeline, seeded: Database, clock: ManualClock
) -> None:
    with seeded.transaction() as session:
        words = "Check TWILIO_AUTH_TOKEN."
        pause_sending(session, code=20003, words=words, now=clock.now())
        line = main_line(session)
        tell_about_line(session, line, code=30034, words="Finish it.", now=clock.now())
    ((state, found),) = _findings(bridgeline("doctor", "--json"))["sending"]
    assert state == "bad"
    assert found.startswith("No text leaves. Check TWILIO_AUTH_TOKEN. (task ")
    assert found.endswith(
        " Sending pauses and is tried again within 5 minutes. 1 more: bridgeline tasks."
    )


def test_missing_lines_and_staff_are_found(bridgeline: Bridgeline, seeded: Database) -> None:
    with seeded.transaction() as session:
        session.execute(update(Line).values(retired_at=main_line(session).created_at))
        session.execute(update(StaffTask).values(owner_id=None))
        session.execute(update(Goal).values(owner_id=None))
        session.execute(delete(Staff))
    found = _findings(bridgeline("doctor", "--json"))
    assert found["main line"][0] == (
        "bad",
        "There is none. Run: bridgeline lines add NUMBER --main",
    )
    assert found["pair lines"][0][0] == "bad"
    assert found["staff"][0][0] == "watch"


def test_keys_that_belong_to_another_database_are_bad(
    desk: Desk, at_desk: AtDesk, seeded: Database
) -> None:
    other = Database(
        seeded.bind, vault=Vault({2: b"x" * 32}, b"x" * 32), programme=seeded.programme
    )
    answer = at_desk(replace(desk, connect=lambda: other))("doctor", "--json")
    assert answer.code == 1
    state, words = _findings(answer)["keys"][0]
    assert state == "bad"
    assert words.endswith("Restore the keys that belong to this database.")


def test_a_number_that_was_forgotten_is_sealed_by_no_key_and_no_fault(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        forgotten = session.scalars(select(Phone).order_by(Phone.id.desc()).limit(1)).one()
        forget_number(forgotten)
    state, words = _findings(bridgeline("doctor", "--json"))["keys"][0]
    assert (state, words) == ("good", "They open a sealed number. Key 2 seals.")


def test_rows_under_an_older_key_are_counted(desk: Desk, at_desk: AtDesk, seeded: Database) -> None:
    ring = {number: bytes([48 + number]) * 32 for number in (1, 2, 3)}
    newer = Database(seeded.bind, vault=Vault(ring, b"i" * 32), programme=seeded.programme)
    found = _findings(at_desk(replace(desk, connect=lambda: newer))("doctor", "--json"))
    assert found["keys"][0][0] == "watch"
    assert "110 rows are sealed by an older key" in found["keys"][0][1]


def test_an_older_schema_is_bad_and_stays_as_it_is(
    bridgeline: Bridgeline, seeded: Database
) -> None:
    with seeded.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = bridgeline("doctor", "--json")
    assert answer.code == 1
    state, words = _findings(answer)["database"][0]
    assert state == "bad"
    assert words.startswith("Its schema is 0000, but this programme needs ")
    with seeded.transaction() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "0000"


def test_a_live_line_for_fictional_numbers_only_is_pointed_out(
    desk: Desk, at_desk: AtDesk, tmp_path: Path
) -> None:
    settings = live_settings(tmp_path, FICTIONAL_NUMBERS_ONLY=True)
    found = _findings(at_desk(replace(desk, settings=settings))("doctor", "--json"))
    assert ("watch" in {state for state, _ in found["settings"]}) is True


def test_the_carriers_secret_is_never_printed(live: Bridgeline) -> None:
    answer = live("doctor")
    assert "secret" not in answer.out + answer.err

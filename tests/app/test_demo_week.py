"""A week passes in the demo when its clock is pushed, with everything at its moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from app.commands.desk import desk_for
from app.demo import Demo, run
from app.demo_place import keep_pushed, running_clock, running_settings, start_of_demo
from tests.contract.openapi import what_the_carrier_minds
from tests.journeys.cast import goes_through
from tests.make import MAIN
from tests.phone import Caller

WEEK = 7 * 24 * 3600


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with Demo(port=0, folder=tmp_path) as running:
        yield running


@pytest.mark.parametrize("later", range(4))
def test_a_week_brings_check_ins_and_stops_where_a_phone_rings_whenever_it_begins(
    tmp_path: Path, later: int
) -> None:
    now = datetime.now(UTC)
    begins = start_of_demo(now)
    for _ in range(later):
        begins = start_of_demo(begins + timedelta(hours=1))
    keep_pushed(tmp_path, begins - now)

    with Demo(port=0, folder=tmp_path, keep=True) as demo:
        assert demo.clock.now().weekday() == begins.weekday()
        brings_check_ins_and_stops_where_a_phone_rings(demo)


def brings_check_ins_and_stops_where_a_phone_rings(demo: Demo) -> None:
    start = demo.clock.now()

    for _ in range(20):
        demo.let_pass((start + timedelta(seconds=WEEK) - demo.clock.now()).total_seconds())
        ringing = [phone for phone in demo.emulator.phones.values() if phone.ringing]
        if not ringing:
            break
        for phone in ringing:
            phone.reject()

    assert demo.clock.now() - start >= timedelta(seconds=WEEK)
    phones = demo.emulator.phones.values()
    asked = [text.body for phone in phones for text in phone.inbox]
    assert [body for body in asked if "check-in: 4 short questions" in body] != []
    assert [phone for phone in phones if phone.calls] != [], "somebody who likes to talk is called"
    assert what_the_carrier_minds(demo.emulator) == []


def test_a_demo_begins_at_eleven_on_the_next_of_four_days() -> None:
    first = datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    hours = [first + timedelta(hours=n) for n in range(370 * 24)]
    starts = [start_of_demo(now).astimezone(ZoneInfo("America/Chicago")) for now in hours]

    assert {start.strftime("%a %H:%M") for start in starts} == {
        "Tue 11:00",
        "Wed 11:00",
        "Thu 11:00",
        "Fri 11:00",
    }
    waits = [start - now for start, now in zip(starts, hours, strict=True)]
    assert min(waits) > timedelta(0)
    # From a Friday to a Tuesday, on the weekend on which the clocks are put back.
    assert max(waits) < timedelta(days=4, hours=1)


def test_whoever_pushes_on_passes_all_the_phones_that_ring_at_once(demo: Demo) -> None:
    phones = demo.emulator.phones.values()
    for _ in range(20):
        if len([phone for phone in phones if phone.ringing]) > 1:
            break
        demo.let_pass(WEEK)
    start = demo.clock.now()

    demo.let_pass(WEEK)

    assert demo.clock.now() - start > timedelta(minutes=10)


def test_a_push_of_a_minute_is_a_minute(demo: Demo) -> None:
    start = demo.clock.now()
    demo.let_pass(60)
    assert timedelta(seconds=60) <= demo.clock.now() - start < timedelta(seconds=75)


def test_the_command_line_reaches_a_demo_at_whatever_port(demo: Demo, tmp_path: Path) -> None:
    with desk_for(running_settings(tmp_path), running_clock(tmp_path)) as desk:
        assert MAIN in [each.number for each in desk.carrier().numbers()]
    assert not demo.url.endswith(":8000")


def test_a_second_demo_is_told_so_and_leaves_the_first_one_alone(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = demo.url.rpartition(":")[2]
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run(["--port", port]) == 1
    assert f"Port {port} is in use. Choose another one" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_offer_of_the_story_is_answered_on_two_phones_and_makes_a_match(demo: Demo) -> None:
    """Tomas has an offer when the demo begins; his yes lets the phone of Carmen ring.

    Both speak Spanish, and so does the line to them.
    """
    tomas, carmen = (demo.emulator.phone(f"+1787555{last}") for last in ("0136", "0118"))
    for answer in ("3", "1"):
        tomas.text(MAIN, answer)
        demo.let_pass(20)
    # The clock of the demo stops where a phone rings.
    assert carmen.ringing is not None
    caller = Caller(demo.emulator, carmen)
    caller.answers()
    goes_through(caller, ("1", "Tenemos una idea para usted. Es Tomas"))
    # Nobody has asked her anything before.
    caller.hears_none_of("Sus respuestas están guardadas")
    caller.presses("1")
    caller.hears("Usted es ahora mentor de Tomas.")
    caller.hangs_up()

    def told() -> str:
        demo.let_pass(20)
        return " ".join(text.body for text in tomas.inbox)

    assert "Ahora preguntamos a Carmen" in told()
    # The threads of the demo send as well, so a text may be on its way just now.
    patience = monotonic() + 20
    while "¡Buena noticia! Carmen dijo que sí." not in told():
        assert monotonic() < patience

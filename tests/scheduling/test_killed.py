"""Killed in the middle by -9: the worker, beat, the database. Nothing is lost or sent twice."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import OperationalError

from app.postgres import embedded
from app.settings import read_settings
from app.wiring import open_database
from mentoring.db import Database
from mentoring.models import Delivery, DeliveryStatus, Due, DueKind, Invitation, Match, Role
from scheduling.celery_app import SWEEP, make_celery
from telephony.emulator import LocalServer
from tests.contract.openapi import faults_of_sent
from tests.make import make_lines, make_match, make_person
from tests.scheduling.processes import (
    Carrier,
    beat,
    environment,
    queue,
    worker,
)
from tests.waiting import is_held_up, within_patience

TEXTS = [f"Text {number:02}" for number in range(40)]
# By then a claim of a dead process is looked up at the carrier.
LATER = timedelta(minutes=3)
PAIRS = 20

# Processes start slowly on a machine that is busy.
pytestmark = pytest.mark.timeout(180)


@dataclass
class Line:
    """A whole service of its own: server, database, carrier, and the settings of its processes."""

    data: Path
    db: Database
    carrier: Carrier
    settings: dict[str, str]

    def all_settled(self) -> bool:
        """Wait until nothing waits any more: no text without a fate, and nothing that is due."""
        waiting = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)
        texts = select(func.count(Delivery.id)).where(Delivery.status.in_(waiting))
        dues = select(func.count(Due.id)).where(
            Due.done_at.is_(None), Due.due_at <= datetime.now(UTC)
        )
        return within_patience(lambda: self.count(texts) == self.count(dues) == 0)

    def count(self, question: Select[int]) -> int:
        """Return a count, or -1 while the database is away."""
        try:
            with self.db.transaction() as session:
                return session.scalar(question) or 0
        except OperationalError:
            return -1

    def let_time_pass(self) -> None:
        """Make every claim older, as if minutes had passed, and ask for the sweep as beat does."""
        with self.db.transaction() as session:
            session.execute(
                update(Delivery)
                .where(Delivery.status == DeliveryStatus.SENDING)
                .values(claimed_at=datetime.now(UTC) - LATER)
            )
        make_celery(self.settings["REDIS_URL"]).send_task(SWEEP)


@contextmanager
def a_line(redis_url: str) -> Iterator[Line]:
    carrier = Carrier()
    # What was committed must outlive the server.
    with embedded(synchronous_commit="on") as url, LocalServer(carrier.emulator.wsgi_app) as api:
        settings = environment(url, redis_url, api.url)
        names = ("DATABASE_URL", "ENCRYPTION_KEYS", "INDEX_KEY")
        db = open_database(read_settings(**{name: settings[name] for name in names}))
        yield Line(Path(url.partition("host=")[2]), db, carrier, settings)
        db.bind.engine.dispose()
    assert faults_of_sent(carrier.emulator.requests) == []


@pytest.fixture
def line(redis_url: str) -> Iterator[Line]:
    with a_line(redis_url) as made:
        yield made


def match_many(line: Line) -> None:
    """Open matches three days ago, so that a worker has something to do for each of them."""
    then = datetime.now(UTC) - timedelta(days=3, minutes=1)
    with line.db.transaction() as session:
        make_lines(session, now=then)
        for place in range(PAIRS):
            ben = make_person(session, which=2 * place, now=then)
            ada = make_person(session, Role.MENTOR, "Ada", which=2 * place + 1, now=then)
            make_match(session, ben, ada, now=then)


def everything_was_done_once(line: Line) -> None:
    """Check that each text was handed over once, and that each match was looked after once."""
    assert [body for body in line.carrier.bodies() if body in TEXTS] == TEXTS
    with line.db.transaction() as session:
        turned = select(func.count(Due.id)).where(
            Due.kind == DueKind.CALENDAR, Due.outcome == "checkin_first"
        )
        assert session.scalar(turned) == PAIRS
        assert session.scalar(select(func.count(Invitation.id))) == 2 * PAIRS


def test_a_worker_that_is_killed_loses_no_text_and_sends_none_twice(
    line: Line, tmp_path: Path
) -> None:
    match_many(line)
    queue(line.db, *TEXTS)
    with beat(line.settings, tmp_path):
        with worker(line.settings) as kill:
            assert line.carrier.wait_for_texts(7)
            kill()
        line.let_time_pass()
        with worker(line.settings):
            assert line.all_settled()
    everything_was_done_once(line)


def test_a_worker_that_is_killed_within_a_batch_of_what_is_due_leaves_it_as_it_was(
    line: Line, tmp_path: Path
) -> None:
    match_many(line)
    turned = select(func.count(Due.id)).where(
        Due.kind == DueKind.CALENDAR, Due.done_at.is_not(None)
    )
    with beat(line.settings, tmp_path):
        with line.db.transaction() as session, worker(line.settings) as kill:
            # Nobody can be invited about the last match while this is held, so a batch stops here.
            newest = select(Match.id).order_by(Match.id.desc()).limit(1).with_for_update()
            assert session.scalar(newest) is not None
            assert within_patience(lambda: is_held_up(line.db))
            kill()
        assert line.count(turned) == 0
        queue(line.db, *TEXTS)
        with worker(line.settings):
            assert line.all_settled()
    everything_was_done_once(line)


def test_a_beat_that_is_killed_goes_on_where_it_was(line: Line, tmp_path: Path) -> None:
    match_many(line)
    with worker(line.settings):
        queue(line.db, *TEXTS[:3])
        with beat(line.settings, tmp_path) as kill:
            assert line.carrier.wait_for_texts(3)
            kill()
        queue(line.db, *TEXTS[3:])
        with beat(line.settings, tmp_path):
            assert line.all_settled()
    everything_was_done_once(line)


def test_two_beats_and_two_workers_send_everything_once(line: Line, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    match_many(line)
    queue(line.db, *TEXTS)
    with (
        worker(line.settings),
        worker(line.settings),
        beat(line.settings, tmp_path),
        beat(line.settings, tmp_path / "other"),
    ):
        assert line.all_settled()
    everything_was_done_once(line)


def test_a_database_that_is_killed_comes_back_and_everything_is_sent_once(
    line: Line, tmp_path: Path
) -> None:
    match_many(line)
    queue(line.db, *TEXTS)
    with beat(line.settings, tmp_path), worker(line.settings):
        assert line.carrier.wait_for_texts(7)
        kill_and_start_again(line.data)
        assert within_patience(lambda: line.count(select(func.count(Delivery.id))) == len(TEXTS))
        line.let_time_pass()
        assert line.all_settled()
    everything_was_done_once(line)


def kill_and_start_again(data: Path) -> None:
    """Kill the server by -9, wait until its processes are gone, and start it again."""
    server = int((data / "postmaster.pid").read_text().split()[0])
    programs = Path(os.readlink(f"/proc/{server}/exe")).parent
    account = os.stat(f"/proc/{server}")
    options = Path(f"/proc/{server}/cmdline").read_bytes().split(b"\0")
    started_with = " ".join(word.decode() for word in options[3:] if word)
    os.kill(server, signal.SIGKILL)
    assert within_patience(lambda: not is_used(data))
    # Where nobody buries dead processes, the server would take them for living ones.
    for lock in (data / "postmaster.pid", *data.glob(".s.PGSQL*.lock")):
        lock.unlink(missing_ok=True)
    (data / "postmaster.pid").unlink(missing_ok=True)
    control = [str(programs / "pg_ctl"), "-D", str(data), "-s", "-w", "-l", str(data / "log")]
    subprocess.run(
        [*control, "-o", started_with, "start"],
        check=True,
        cwd="/",
        user=account.st_uid,
        group=account.st_gid,
        extra_groups=[],
    )


def is_used(data: Path) -> bool:
    """Tell whether a process of a server that has gone still works in its folder."""
    places = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            places.append(os.readlink(process / "cwd"))
        except OSError:
            continue
    return str(data) in places

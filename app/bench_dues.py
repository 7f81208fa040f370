"""The engine of time on PostgreSQL: how fast what is due is done, and what an idle tick costs.

Due invitations become conversations and texts in the outbox, by two workers at once. An idle tick
is measured over a hundred thousand waiting rows and over ten million: it should cost the same.
"""

import gc
import resource
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine, event, func, select, text

from app.bench_places import Place, postgres
from app.memory import keep_what_is_loaded
from app.settings import read_settings
from app.wiring import assemble, open_database
from mentoring.calendar.deeds import do_due
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import Delivery
from scheduling.due import Ticker

LEAST_PER_SECOND, MOST_GROWTH, MOST_MILLISECONDS, MOST_MEGABYTES = 2000, 1.3, 2.0, 5.0
_BEAT_SECONDS = 5
_FEW, _WORKERS, _TICKS = 100_000, 2, 300
# A Tuesday at 11 in the morning in Chicago, when people may be asked things.
_NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)

# Every pair was matched three days ago, and both sides are due to be asked if they have talked.
_PEOPLE = """
INSERT INTO lines (number, kind, created_at) VALUES
    ('+15155550100', 'main', :now), ('+15155550101', 'pair', :now);

INSERT INTO phones (id, key, number_sealed, number_index, line_type, shared, slow, disowned,
  created_at)
SELECT p, gen_random_uuid(), '', sha256(p::text::bytea), 'mobile', false, false, false, :now
FROM generate_series(1, 2 * :pairs) p;

INSERT INTO people (id, code, role, first_name, phone_id, state, state_since, language, mode, zone,
                    safe_contact, profile, created_at)
SELECT p, CASE WHEN p % 2 = 1 THEN 'P' ELSE 'M' END || p,
       CASE WHEN p % 2 = 1 THEN 'protege' ELSE 'mentor' END, 'Sam', p,
       CASE WHEN p % 2 = 1 THEN 'matched' ELSE 'active' END, :now, 'en', 'text', 'America/Chicago',
       1, '{}', :now
FROM generate_series(1, 2 * :pairs) p;

INSERT INTO consents (phone_id, person_id, part, agreed, text_version, language, channel, proof,
                      known_by, at)
SELECT p, p, 'C1', true, 'C-2025.1', 'en', 'text', 'bench', 'bench', :now
FROM generate_series(1, 2 * :pairs) p;

INSERT INTO matches (id, code, state, line_id, opened_at)
SELECT m, 'K' || m, 'intro', 2, CAST(:now AS timestamptz) - interval '3 days'
FROM generate_series(1, :pairs) m;

INSERT INTO match_sides (match_id, role, person_id, phone_id, line_id)
SELECT (p + 1) / 2, CASE WHEN p % 2 = 1 THEN 'protege' ELSE 'mentor' END, p, p, 2
FROM generate_series(1, 2 * :pairs) p;

INSERT INTO invitations (id, flow, match_id, person_id, number, state, due_at)
SELECT p, 'checkin_first', (p + 1) / 2, p, 3, 'waiting', :now
FROM generate_series(1, 2 * :pairs) p;

INSERT INTO dues (kind, match_id, person_id, invitation_id, round, due_at, faults, dedupe_key,
                  created_at)
SELECT 'invite', (p + 1) / 2, p, p, 1, :now, 0, 'invite:' || p || '-1', :now
FROM generate_series(1, 2 * :pairs) p;
"""
_ONE_BY_ONE = "UPDATE dues SET due_at = due_at + make_interval(secs => :seconds * id)"
# What waits for the next years.
_WAITING = """
INSERT INTO dues (kind, round, due_at, faults, dedupe_key, created_at)
SELECT 'plan', 1, CAST(:now AS timestamptz) + make_interval(secs => 60 + w % 60000000), 0,
       'waits:' || w, :now
FROM generate_series(:first, :last) w;
"""


def run_dues(folder: Path, *, dues: int, waiting: int) -> None:
    """Measure all three and print what was reached."""
    with postgres(folder) as place:
        _measure_claiming(place, dues)
    with postgres(folder) as place:
        _measure_idle_ticks(place, waiting)
    with postgres(folder) as place:
        _measure_memory(place)


def _verdict(met: bool) -> str:
    return "met" if met else "not met"


def _measure_claiming(place: Place, dues: int) -> None:
    database = open_database(place.settings())
    _fill(database, _PEOPLE, pairs=dues // 2)
    with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as pool:
        # Both are warm, and begin together.
        begin = time.time() + 4
        jobs = [pool.submit(_work, dict(place.given), begin) for _ in range(_WORKERS)]
        done = [job.result() for job in jobs]
    with database.transaction() as session:
        texts = session.scalar(select(func.count(Delivery.id)))
    database.bind.engine.dispose()
    seconds = max(ended for _, ended in done) - begin
    shares = " and ".join(f"{count:,}" for count, _ in done)
    per_second = sum(count for count, _ in done) / seconds
    print(
        f"{place.name}: {shares} due rows by {_WORKERS} workers in {seconds:.2f} s made {texts:,}"
        f" texts: {per_second:,.0f} a second"
        f" (at least {LEAST_PER_SECOND:,}: {_verdict(per_second >= LEAST_PER_SECOND)})",
        flush=True,
    )


def _work(given: Mapping[str, str], begin: float) -> tuple[int, float]:
    """Be one worker: do what is due until nothing is left; returns how much, and when it ended."""
    database = open_database(read_settings(**given))
    with database.transaction() as session:
        do_due(session, now=_NOW.replace(year=2025))
    keep_what_is_loaded()
    time.sleep(max(0.0, begin - time.time()))
    count = 0
    while True:
        done = database.run(lambda session: do_due(session, now=_NOW))
        count += done
        if not done:
            return count, time.time()


@dataclass(frozen=True)
class _Tick:
    """Milliseconds of an idle tick: in the database, and altogether."""

    database: float
    whole: float


def _measure_idle_ticks(place: Place, waiting: int) -> None:
    """Measure ticks over few and over many waiting rows, turn and turn about in one run."""
    database = open_database(place.settings())
    clock = ManualClock(_NOW)
    ticker = _ticker(place, database, clock)
    _fill(database, _WAITING, first=1, last=_FEW)
    few = _idle_tick(ticker)
    started = time.perf_counter()
    _fill(database, _WAITING, first=_FEW + 1, last=waiting)
    filled = time.perf_counter() - started
    many = _idle_tick(ticker)
    database.bind.engine.dispose()
    growth = many.database / few.database
    print(
        f"{place.name}: an idle tick takes {few.database:.2f} ms of database time over {_FEW:,}"
        f" waiting rows, {many.database:.2f} ms over {waiting:,} (made in {filled:.0f} s):"
        f" {growth:.2f} times (at most {MOST_GROWTH}: {_verdict(growth <= MOST_GROWTH)}),"
        f" under {MOST_MILLISECONDS:g} ms: {_verdict(many.database < MOST_MILLISECONDS)};"
        f" {many.whole:.2f} ms altogether",
        flush=True,
    )


def _measure_memory(place: Place) -> None:
    """Let an hour of ticks pass after a warm one, with something to do in each of them."""
    database = open_database(place.settings())
    clock = ManualClock(_NOW)
    ticker = _ticker(place, database, clock)
    hour = 3600 // _BEAT_SECONDS
    _fill(database, _PEOPLE, pairs=hour)
    _fill(database, _ONE_BY_ONE, seconds=_BEAT_SECONDS)
    sizes = []
    for _ in range(2):
        for _ in range(hour):
            clock.advance(_BEAT_SECONDS)
            ticker.act()
        sizes.append(_resident())
    database.bind.engine.dispose()
    grown = sizes[1] - sizes[0]
    print(
        f"{place.name}: an hour of {hour} ticks made a warm worker of {sizes[0]:.0f} MB grow by"
        f" {grown:.1f} MB (at most {MOST_MEGABYTES:g}: {_verdict(grown <= MOST_MEGABYTES)})\n",
        flush=True,
    )


def _ticker(place: Place, database: Database, clock: ManualClock) -> Ticker:
    parts = assemble(place.settings(), db=database, clock=clock)
    return Ticker(parts.db, parts.carrier, clock, parts.dispatcher)


def _resident() -> float:
    """Return the megabytes that this process has in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1_000_000


def _idle_tick(ticker: Ticker) -> _Tick:
    engine: Any = ticker.db.bind
    inside, whole = [], []
    with _stopwatch(engine) as spent:
        for _ in range(_TICKS):
            spent.clear()
            started = time.perf_counter()
            ticker.drain()
            whole.append(time.perf_counter() - started)
            inside.append(sum(spent))
    return _Tick(1000 * median(inside), 1000 * median(whole))


@contextmanager
def _stopwatch(engine: Engine) -> Iterator[list[float]]:
    """Collect the seconds that each statement takes, the way to the server and back included."""
    spent: list[float] = []
    began: list[float] = []

    def before(*_: object) -> None:
        began.append(time.perf_counter())

    def after(*_: object) -> None:
        spent.append(time.perf_counter() - began.pop())

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def _fill(database: Database, script: str, **known: int) -> None:
    """Make rows by the database itself, and let it look at them, as it does after a while."""
    given = {**known, "now": _NOW}
    with database.transaction() as session:
        for statement in script.split(";"):
            if statement.strip():
                used = {name: given[name] for name in given if f":{name}" in statement}
                session.execute(text(statement), used)
    with database.bind.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))

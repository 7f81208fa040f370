"""The oversight sweep on a programme of any size, on PostgreSQL: how long, and is it linear?

Ten times the matches and ten times the log should take about ten times as long. Both are measured
in one run on the same machine, for only the ratio between them means something anywhere else.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from sqlalchemy import func, select, text

from app.bench_places import Place, postgres
from app.wiring import open_database
from mentoring.clock import SystemClock
from mentoring.db import Database
from mentoring.models import Contact, Match
from mentoring.oversight.sweep import oversee
from mentoring.oversight.unanswered import follow_up_unanswered

ENTRIES_PER_MATCH = 100
MOST_SECONDS, MOST_RATIO = 10.0, 13.0
_TIMES = 10

# One pair line is enough here, for a phone is in one match. A tenth of the pairs has gone quiet,
# each for another number of days; the others were in contact within the last five. One person in
# twenty-five is unhappy, one in thirty lets check-ins go by, one pair in twenty has no plan.
_FILL = """
INSERT INTO lines (number, kind, created_at) VALUES ('+15155550101', 'pair', :now);

INSERT INTO staff (key, name, number_sealed, number_index, languages, ring_order, on_duty,
                   created_at)
VALUES (gen_random_uuid(), 'Charlotte', '', '', 'en', 1, true, :now);

INSERT INTO phones (id, key, number_sealed, number_index, line_type, shared, slow, disowned,
  created_at)
SELECT p, gen_random_uuid(), '', sha256(p::text::bytea), 'mobile', false, false, false, :now
FROM generate_series(1, 2 * :matches + :matches / 10) p;

INSERT INTO people (id, code, role, first_name, phone_id, state, state_since, language, mode, zone,
                    safe_contact, profile, created_at)
SELECT p,
       CASE WHEN p % 2 = 1 OR p > 2 * :matches THEN 'P' ELSE 'M' END || lpad(p::text, 6, '0'),
       CASE WHEN p % 2 = 1 OR p > 2 * :matches THEN 'protege' ELSE 'mentor' END,
       'Sam', p,
       CASE WHEN p > 2 * :matches THEN 'waiting' WHEN p % 2 = 1 THEN 'matched' ELSE 'active' END,
       CAST(:now AS timestamptz) - make_interval(days => p % 50), 'en', 'both', 'America/Chicago',
       1, '{}', :now
FROM generate_series(1, 2 * :matches + :matches / 10) p;

INSERT INTO matches (id, code, state, line_id, opened_at)
SELECT m, 'K' || lpad(m::text, 6, '0'), 'active', (SELECT min(id) FROM lines),
       CAST(:now AS timestamptz) - interval '200 days'
FROM generate_series(1, :matches) m;

INSERT INTO match_sides (match_id, role, person_id, phone_id, line_id)
SELECT (p + 1) / 2, CASE WHEN p % 2 = 1 THEN 'protege' ELSE 'mentor' END, p, p,
       (SELECT min(id) FROM lines)
FROM generate_series(1, 2 * :matches) p;

INSERT INTO plans (match_id, version, rhythm, slot, zone, reply, proposed_at, protege_agreed_at,
                   mentor_agreed_at)
SELECT m, 1, (ARRAY['week', 'two_weeks', 'month'])[m % 3 + 1], 'tue 18:00', 'America/Chicago',
       'two_days', :now, :now, :now
FROM generate_series(1, :matches) m WHERE m % 20 <> 0;

INSERT INTO contacts (kind, match_id, line_id, from_person_id, to_person_id, outcome, two_way,
                      seconds, source_sid, attempt, started_at, accepted_at, ended_at)
SELECT CASE WHEN c % 3 = 0 THEN 'call' ELSE 'text' END, m, 1,
       2 * m - (c + 1) % 2, 2 * m - c % 2,
       CASE WHEN c % 9 = 6 THEN 'no answer' WHEN c % 3 = 0 THEN 'talked'
            WHEN c % 50 = 49 THEN 'undelivered' ELSE 'delivered' END,
       c % 9 <> 6 AND c % 50 <> 49,
       CASE WHEN c % 3 = 0 AND c % 9 <> 6 THEN 600 END,
       'SM' || m || '-' || c, 1, at, CASE WHEN c % 3 = 0 AND c % 9 <> 6 THEN at END, at
FROM (SELECT m, c, CAST(:now AS timestamptz)
             - make_interval(days => CASE WHEN m % 10 = 0 THEN m % 60 ELSE m % 5 END)
             - make_interval(hours => 30 * c) AS at
      FROM generate_series(1, :matches) m, generate_series(0, :entries - 1) c) AS entries;

INSERT INTO conversations (id, key, phone_id, person_id, flow, state_sealed, lasting, status,
                           channel, match_id, turn, heard, misheard, revision, started_at,
                           touched_at)
SELECT 3 * p + n, gen_random_uuid(), p, p, 'checkin', '', false, 'finished', 'text', (p + 1) / 2,
       3, 0, 0, 1, at, at
FROM (SELECT p, n, CAST(:now AS timestamptz) - make_interval(days => 30 * n + 1) AS at
      FROM generate_series(1, 2 * :matches) p, generate_series(0, 2) n) AS asked;

INSERT INTO answers (key, conversation_id, person_id, question, prompt_version, turn, value,
                     channel, at)
SELECT gen_random_uuid(), c.id, c.person_id, 'CK' || q, 1, q,
       CASE WHEN q = 2 THEN 'right' WHEN c.person_id % 25 = 0 THEN '2' ELSE '4' END, 'text',
       c.started_at
FROM conversations c, generate_series(1, 2) q;

INSERT INTO invitations (flow, match_id, person_id, number, state, due_at, asked_at, settled_at)
SELECT 'checkin', c.match_id, c.person_id, c.id % 3,
       CASE WHEN c.person_id % 30 = 0 THEN 'lapsed' ELSE 'answered' END,
       c.started_at, c.started_at, c.started_at
FROM conversations c;
"""


def run_oversight(folder: Path, *, matches: int) -> None:
    """Measure the sweep on a tenth of the matches and on all of them, and print both."""
    with postgres(folder) as place:
        few = _measure(place, matches // _TIMES)
    with postgres(folder) as place:
        many = _measure(place, matches)
    slow, ratio = many.first, many.later / few.later
    print(
        f"oversight: {slow:.1f} s (at most {MOST_SECONDS:g}: {_verdict(slow <= MOST_SECONDS)}),"
        f" {ratio:.1f} times as long for {_TIMES} times as much"
        f" (at most {MOST_RATIO:g}: {_verdict(ratio <= MOST_RATIO)})\n",
        flush=True,
    )


def _verdict(met: bool) -> str:
    return "met" if met else "not met"


@dataclass(frozen=True)
class _Took:
    """Seconds of the sweep that opens all the alerts, and of a later one: the median of three."""

    first: float
    later: float


def _measure(place: Place, matches: int) -> _Took:
    """Fill a database, sweep it, and print what came of it."""
    database = open_database(place.settings())
    now = SystemClock().now()
    started = time.perf_counter()
    fill(database, matches, now)
    filled = time.perf_counter() - started
    first, opened = _sweep(database, now)
    later = [_sweep(database, now) for _ in range(3)]
    again, more = median(took for took, _ in later), sum(opened for _, opened in later)
    with database.transaction() as session:
        entries = session.scalar(select(func.count(Contact.id)))
        pairs = session.scalar(select(func.count(Match.id)))
    print(
        f"{place.name}: {pairs:,} matches, {entries:,} entries (made in {filled:.0f} s):"
        f" first sweep {first:.2f} s, {opened} alerts; later ones {again:.2f} s, {more} alerts",
        flush=True,
    )
    database.bind.engine.dispose()
    return _Took(first, again)


def _sweep(database: Database, now: datetime) -> tuple[float, int]:
    started = time.perf_counter()
    opened = database.run(lambda session: oversee(session, now=now))
    database.run(lambda session: follow_up_unanswered(session, now=now))
    return time.perf_counter() - started, opened


def fill(database: Database, matches: int, now: datetime) -> None:
    """Make so many matches, each with its log, plan and check-ins, by the database itself."""
    known = {"matches": matches, "entries": ENTRIES_PER_MATCH, "now": now}
    with database.transaction() as session:
        for statement in _FILL.split(";"):
            if statement.strip():
                used = {name: known[name] for name in known if f":{name}" in statement}
                session.execute(text(statement), used)
    with database.bind.engine.connect() as connection:
        # As the server does by itself a minute after so much was written.
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))

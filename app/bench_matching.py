"""The plan for a whole programme: how long it takes, in how much memory, and is it always the same?

The people are made up, by fixed dice, in a database of their own. Each run is a process of its own
that reads them and plans, so its peak of memory is its own, and so is the seed of its hashes.
"""

import hashlib
import json
import random
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from app.settings import ROOT
from mentoring.clock import SystemClock
from mentoring.crypto import Vault
from mentoring.db import Database, make_engine
from mentoring.matching.board import read_board
from mentoring.matching.sectors import SECTORS
from mentoring.migrations import upgrade
from mentoring.models import (
    Channel,
    Consent,
    LineType,
    Mode,
    Person,
    PersonState,
    Phone,
    Role,
    Transition,
)
from mentoring.programme import Programme

MOST_SECONDS, MOST_MEGABYTES = 10.0, 1024
_ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix")
_LANGUAGES, _SHARES = ("en", "es", "fr"), (80, 15, 5)
_READY = {Role.PROTEGE: PersonState.WAITING, Role.MENTOR: PersonState.AVAILABLE}


def run_matching(folder: Path, *, people: int) -> None:
    """Make so many proteges and as many mentors, plan for them twice, and print both runs."""
    url = f"sqlite:///{folder / 'matching.db'}"
    now = SystemClock().now()
    database = _open(url)
    upgrade(database.bind.engine)
    fill(database, people, now)
    database.bind.engine.dispose()
    runs = [_run(url, now) for _ in range(2)]
    print(f"matching: {people:,} proteges by {people:,} mentors")
    for number, run in enumerate(runs, 1):
        print(
            f"run {number}: {run['seconds']:.1f} s ({run['cpu']:.1f} s of one core),"
            f" {run['megabytes']:.0f} MB at most, {run['pairs']} pairs, {run['without']} in gaps"
        )
    seconds = max(run["seconds"] for run in runs)
    megabytes = max(run["megabytes"] for run in runs)
    same = runs[0]["digest"] == runs[1]["digest"]
    print(
        f"{seconds:.1f} s (at most {MOST_SECONDS:g}: {_verdict(seconds <= MOST_SECONDS)}),"
        f" {megabytes:.0f} MB (at most {MOST_MEGABYTES}: {_verdict(megabytes <= MOST_MEGABYTES)}),"
        f" both runs equal: {_verdict(same)}\n",
        flush=True,
    )


def _verdict(met: bool) -> str:
    return "met" if met else "not met"


def _open(url: str) -> Database:
    return Database(make_engine(url), vault=Vault({1: b"b" * 32}, b"i" * 32), programme=Programme())


def _run(url: str, now: datetime) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "app.bench_matching", url, now.isoformat()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def fill(database: Database, people: int, now: datetime) -> None:
    """Add so many proteges and as many mentors who are ready for each other."""
    dice = random.Random(2026)  # noqa: S311 - made-up people, not secrets.
    rows = [_somebody(dice, role, place, now) for role in Role for place in range(1, people + 1)]
    ids = range(1, len(rows) + 1)
    phones = [
        {
            "id": number,
            "number_sealed": b"",
            "number_index": hashlib.sha256(b"%d" % number).digest(),
            "line_type": LineType.MOBILE,
            "created_at": now,
        }
        for number in ids
    ]
    with database.transaction() as session:
        session.execute(insert(Phone), phones)
        session.execute(
            insert(Person),
            [row | {"id": n, "phone_id": n} for n, row in zip(ids, rows, strict=True)],
        )
        session.execute(
            insert(Transition), [_reached(n, row) for n, row in zip(ids, rows, strict=True)]
        )
        session.execute(insert(Consent), [_agreed(number, now) for number in ids])


def _somebody(dice: random.Random, role: Role, place: int, now: datetime) -> dict[str, object]:
    topics = dice.sample("ABCDEFGH", dice.randint(1, 3) if role is Role.PROTEGE else 4)
    profile = {
        "topics": ",".join(topics),
        "hours": ",".join(sorted(dice.sample("1234", dice.randint(1, 2)))),
        "stage": str(dice.randint(1, 4)),
        "years": str(dice.randint(1, 4)),
        "capacity": str(dice.randint(1, 3)),
        "sectors": dice.choice(list(SECTORS)),
        "prefers_lived_experience": dice.choice(("yes", "either", "skip")),
        "may_share_disability": dice.choice(("yes", "no")),
    }
    since = now - timedelta(days=dice.randint(0, 120))
    return {
        "code": f"{'P' if role is Role.PROTEGE else 'M'}{place:05d}",
        "role": role,
        "first_name": "Sam",
        "state": _READY[role],
        "state_since": since,
        "language": dice.choices(_LANGUAGES, _SHARES)[0],
        "mode": dice.choice(list(Mode)),
        "zone": dice.choice(_ZONES),
        "profile": profile,
        "community": dice.choice(("North", "River", "Est")),
        "created_at": since,
    }


def _reached(number: int, row: dict[str, object]) -> dict[str, object]:
    return {
        "entity": "person",
        "entity_id": number,
        "to_state": _READY[Role(str(row["role"]))].value,
        "actor": "bench",
        "reason": "",
        "at": row["state_since"],
    }


def _agreed(number: int, now: datetime) -> dict[str, object]:
    return {
        "phone_id": number,
        "person_id": number,
        "part": "C5",
        "agreed": True,
        "text_version": "",
        "language": "en",
        "channel": Channel.STAFF,
        "proof": "",
        "known_by": "",
        "at": now,
    }


def measure(url: str, now: datetime) -> dict[str, float | str]:
    """Read everybody and plan, as the page does; return what it took and a digest of the plan."""
    database = _open(url)
    began, cpu = time.perf_counter(), time.process_time()
    with database.transaction() as session:
        plan = read_board(session, now=now).plan
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    without = [each.code for each in plan.without]
    told = json.dumps([sorted(plan.picks.items()), sorted(plan.top.items()), without])
    return {
        "seconds": took,
        "cpu": cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "pairs": len(plan.picks),
        "without": len(without),
        "digest": hashlib.sha256(told.encode()).hexdigest(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], datetime.fromisoformat(sys.argv[2]))))

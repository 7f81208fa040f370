"""`run.py bench`: our hot webhooks beside the smallest honest app, then what is done over many.

Only the ratios mean something, and only within one run: the rounds alternate, so that whatever else
the machine does falls on all three alike. docs/speed.md says how to read the table.
"""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

from app.bench_desk import run_desk
from app.bench_dues import run_dues
from app.bench_load import Job, Measured
from app.bench_matching import run_matching
from app.bench_oversight import run_oversight
from app.bench_places import ACCOUNT, PUBLIC, Place, Server, postgres, sqlite
from app.bench_site import daytime, furnish
from app.bench_smallest import add_senders
from app.postgres import PostgresError
from app.settings import ROOT
from app.wiring import open_database
from mentoring.phone import parse_number

LEAST_REQUESTS, MOST_P99 = 0.5, 2.5
SMALLEST, TEXTS, STEPS = "smallest app", "our inbound text", "our IVR step"
WEBHOOKS, OVERSIGHT, DUES, DESK, MATCHING = "webhooks", "oversight", "dues", "desk", "matching"
_MAIN, _STAFF = "+15155550100", "+15155550190"
_PAIR_LINES = ("+15155550101", "+15155550102", "+15155550103")
_OUR_AREA = "515"

Round = Mapping[str, Measured]


class BenchError(RuntimeError):
    """A round could not be measured; the message holds the reason."""


@dataclass(frozen=True)
class Town:
    """Who writes and who calls: every side of a match with its pair line, and new callers."""

    sides: tuple[tuple[str, str], ...]
    callers: tuple[str, ...]


def run(words: Sequence[str]) -> int:
    """Measure and print. Returns the exit code, which tells whether we could, not how fast."""
    args = _arguments(words)
    places: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
        "postgresql": postgres,
        "sqlite": sqlite,
    }
    for name, opened in places.items():
        if args.part in (OVERSIGHT, DUES, DESK, MATCHING) or args.only not in (None, name):
            continue
        try:
            with (
                tempfile.TemporaryDirectory(prefix="bl-bench-") as folder,
                opened(Path(folder)) as place,
            ):
                measure(place, args)
        except PostgresError as error:
            print(f"PostgreSQL is left out: {error} Name a server by DATABASE_URL.\n")
        except BenchError as error:
            print(error, file=sys.stderr)
            return 1
    on_postgres: dict[str, Callable[[Path], None]] = {
        DUES: partial(run_dues, dues=args.dues, waiting=args.waiting),
        OVERSIGHT: partial(run_oversight, matches=args.matches),
        DESK: partial(run_desk, matches=args.matches),
    }
    for part, measured in on_postgres.items():
        if args.part in (None, part) and args.only != "sqlite":
            _run_on_postgres(part, measured)
    if args.part in (None, MATCHING) and args.only != "postgresql":
        with tempfile.TemporaryDirectory(prefix="bl-bench-") as folder:
            run_matching(Path(folder), people=args.people)
    return 0


def _run_on_postgres(part: str, measured: Callable[[Path], None]) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="bl-bench-") as folder:
            measured(Path(folder))
    except PostgresError as error:
        print(f"The part {part} is left out: {error} Name a server by DATABASE_URL.\n")


def _arguments(words: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="run.py bench", allow_abbrev=False, description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each takes its turn (15)")
    parser.add_argument("--seconds", type=float, default=1.5, help="measured in each turn (1.5)")
    parser.add_argument("--warm-up", type=float, default=0.5, help="seconds before that (0.5)")
    parser.add_argument("--connections", type=int, default=16, help="open at once (16)")
    parser.add_argument("--threads", type=int, default=16, help="of each of two workers (16)")
    parser.add_argument("--pairs", type=int, default=400, help="matched pairs who write (400)")
    parts = (WEBHOOKS, OVERSIGHT, DUES, DESK, MATCHING)
    parser.add_argument("--part", choices=parts, help="one part alone")
    parser.add_argument("--dues", type=int, default=20_000, help="due at once (20000)")
    parser.add_argument("--waiting", type=int, default=10_000_000, help="for later (10000000)")
    parser.add_argument(
        "--matches", type=int, default=10_000, help="for the sweep and the page (10000)"
    )
    parser.add_argument("--people", type=int, default=2_000, help="of each role, to match (2000)")
    parser.add_argument("--only", choices=("postgresql", "sqlite"), help="on one database alone")
    return parser.parse_args(words)


def measure(place: Place, args: Namespace) -> None:
    """Fill one database, start both servers on it, let them take turns, and print the table."""
    town = _build(place, args.pairs)
    print(
        f"{place.name}: gunicorn gthread, 2 workers x {args.threads} threads,"
        f" {args.connections} connections, {args.seconds:g} s in each turn"
    )
    print(f"{'':8}{'':18}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'requests':>11}{'p99':>8}")
    with (
        place.server("app.bench_smallest", args.threads) as smallest,
        place.server("app.bench_site", args.threads) as ours,
    ):
        turns = ((SMALLEST, smallest, "texts"), (TEXTS, ours, "texts"), (STEPS, ours, "calls"))
        shares = [town.callers[start :: args.rounds] for start in range(args.rounds)]
        rounds = []
        for number, callers in enumerate(shares, 1):
            share = Town(town.sides, callers)
            rounds.append(
                {name: _turn(place, server, kind, share, args) for name, server, kind in turns}
            )
            _print_round(number, rounds[-1])
    _print_medians(rounds)


def _build(place: Place, pairs: int) -> Town:
    """Make the tables and the people of both apps."""
    numbers = fictional_numbers()
    wanted = zip(numbers[0 : 2 * pairs : 2], numbers[1 : 2 * pairs : 2], strict=True)
    database = open_database(place.settings())
    sides = furnish(
        database,
        main=_MAIN,
        staff=_STAFF,
        pair_lines=_PAIR_LINES,
        pairs=tuple(wanted),
        now=daytime().now(),
    )
    add_senders(database.bind.engine, [number for number, _ in sides])
    database.bind.engine.dispose()
    return Town(tuple(sides), tuple(numbers[2 * pairs :]))


def fictional_numbers() -> list[str]:
    """Return the numbers that belong to nobody, outside the area of our own lines."""
    areas = (str(area) for area in range(201, 990))
    real = [area for area in areas if area != _OUR_AREA and parse_number(f"+1{area}5550100")]
    return [f"+1{area}55501{last:02d}" for last in range(100) for area in real]


def _turn(place: Place, server: Server, what: str, town: Town, args: Namespace) -> Measured:
    """Let the load generator work on one server; raises BenchError with what went wrong."""
    job = Job(
        what=what,
        port=server.port,
        base_url=PUBLIC,
        token=place.token,
        account=ACCOUNT,
        warm_up=args.warm_up,
        seconds=args.seconds,
        connections=args.connections,
        sides=town.sides,
        callers=town.callers if what == "calls" else (),
        main=_MAIN,
    )
    done = subprocess.run(
        [sys.executable, "-m", "app.bench_load"],
        cwd=ROOT,
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchError(f"A round could not be measured. {done.stderr}{server.faults}")
    return Measured(**json.loads(done.stdout))


def _print_round(number: int, measured: Round) -> None:
    for name, one in measured.items():
        head = f"round {number}" if name == SMALLEST else ""
        ratios = "" if name == SMALLEST else f"{_requests(measured, name):11.2f}"
        ratios += "" if name == SMALLEST else f"{_p99(measured, name):8.2f}"
        figures = f"{one.per_second:12.0f}{one.p50:9.1f}{one.p99:9.1f}"
        print(f"{head:8}{name:18}{figures}{ratios}", flush=True)


def _print_medians(rounds: Sequence[Round]) -> None:
    for name in (TEXTS, STEPS):
        requests = median(_requests(one, name) for one in rounds)
        p99 = median(_p99(one, name) for one in rounds)
        print(
            f"{name}: {requests:.2f} of the smallest app's requests"
            f" (at least {LEAST_REQUESTS}: {_verdict(requests >= LEAST_REQUESTS)}),"
            f" {p99:.2f} times its p99 (at most {MOST_P99}: {_verdict(p99 <= MOST_P99)})"
        )
    own = median(one.own_cpu for each in rounds for one in each.values())
    print(f"The load generator itself took {own:.0%} of one core.\n", flush=True)


def _verdict(met: bool) -> str:
    return "met" if met else "not met"


def _requests(measured: Round, name: str) -> float:
    return measured[name].per_second / measured[SMALLEST].per_second


def _p99(measured: Round, name: str) -> float:
    return measured[name].p99 / measured[SMALLEST].p99

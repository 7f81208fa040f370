"""The coordinators' page over a large programme, on PostgreSQL: how long does each page take?

Every page is asked for again and again by somebody who is signed in, in one process and without a
network between: what is measured is our own work and the database's.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select

from admin.accounts import invite
from admin.pages import COOKIE
from admin.sessions import open_session
from app.bench_oversight import fill
from app.bench_places import postgres
from app.site import create_app
from app.wiring import assemble, open_database
from mentoring.calendar.deeds import do_due
from mentoring.clock import SystemClock
from mentoring.db import Database
from mentoring.models import Person, SessionStage, StaffRole, StaffTask
from mentoring.oversight.sweep import oversee
from mentoring.reports.periods import Period
from mentoring.reports.runs import ask_for_report

MOST_MS, MOST_QUERIES, MOST_KB = 300.0, 15, 150
_ASKED = 40
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
_PARTS_OF_PAGE = re.compile(r'(?:href|src)="(/desk/static/[^"]+\.(?:css|js))"')
_IMPORTED = re.compile(r'from "\./([a-z]+\.js)"')


@dataclass(frozen=True)
class _Took:
    """What one page took: the 95th percentile in milliseconds, and its statements."""

    address: str
    p95: float
    statements: int


def run_desk(folder: Path, *, matches: int) -> None:
    """Fill a programme, ask for every kind of page, and print what each took."""
    with postgres(folder) as place:
        database = open_database(place.settings())
        clock = SystemClock()
        fill(database, matches, clock.now())
        alert = _prepare(database)
        _report(database)
        app = create_app(assemble(place.settings(), db=database, clock=clock))
        client = app.test_client()
        _sign_in(client, database)
        took = [_measure(client, database, address) for address in _addresses(alert)]
        weight = _first_load(client)
        database.bind.engine.dispose()
    for page in took:
        print(f"{page.address:44}{page.p95:9.1f} ms p95{page.statements:5} statements")
    slowest, most = max(p.p95 for p in took), max(p.statements for p in took)
    print(
        f"desk: the slowest page takes {slowest:.0f} ms (at most {MOST_MS:g}:"
        f" {_verdict(slowest <= MOST_MS)}), the most statements are {most}"
        f" (at most {MOST_QUERIES}: {_verdict(most <= MOST_QUERIES)}), the first load is"
        f" {weight:.0f} kB (at most {MOST_KB}: {_verdict(weight <= MOST_KB)})\n",
        flush=True,
    )


def _verdict(met: bool) -> str:
    return "met" if met else "not met"


def _addresses(alert: int) -> Sequence[str]:
    return (
        "/desk/",
        "/desk/news",
        "/desk/people",
        "/desk/people?q=sam&sort=name",
        "/desk/people?q=P000777",
        "/desk/people?state=waiting&sort=-since",
        "/desk/people?page=200",
        "/desk/people/P000001",
        "/desk/matches",
        "/desk/matches?risk=yes",
        "/desk/matches?q=sam&sort=protege",
        "/desk/matches/K000007",
        "/desk/contacts",
        "/desk/contacts?page=200",
        "/desk/contacts?person=P000001",
        "/desk/contacts?outcome=undelivered",
        "/desk/contacts?kind=voice+note",
        "/desk/contacts?until=2026-01-31&outcome=busy",
        "/desk/alerts",
        "/desk/alerts?rule=O2&sort=-due",
        f"/desk/alerts/{alert}",
        "/desk/tasks",
        "/desk/reports",
        "/desk/reports/1",
        "/desk/reports/1/board",
        "/desk/reports/1/all",
        "/desk/reports/1/all.csv",
        "/desk/reports/1/indicators/E13?by=mode",
        "/desk/reports/1/charts/E2.days/month.svg",
        "/desk/lines",
        "/desk/staff",
        "/desk/audit",
        "/desk/account",
    )


def _prepare(database: Database) -> int:
    """Let the sweep find what it finds, and give one person a number that can be opened."""
    now = SystemClock().now()
    database.run(lambda session: oversee(session, now=now))
    with database.transaction() as session:
        person = session.scalars(select(Person).where(Person.code == "P000001")).one()
        phone = person.phone
        phone.number_sealed = session.vault.seal("+12125550100", place=phone.place("number_sealed"))
        alert = session.scalars(select(StaffTask.id).limit(1)).one()
    return alert


def _report(database: Database) -> None:
    """Work a report about a year out, as the next tick would, and print how long it took."""
    now = SystemClock().now()
    year = Period(now.date() - timedelta(days=365), now.date())
    with database.transaction() as session:
        ask_for_report(session, period=year, community="", actor="bench", now=now)
    started = time.perf_counter()
    database.run(lambda session: do_due(session, now=now))
    print(f"a report about a year was worked out in {time.perf_counter() - started:.1f} s")


def _sign_in(client: FlaskClient, database: Database) -> None:
    now = SystemClock().now()
    with database.transaction() as session:
        account, _ = invite(
            session,
            email="charlotte@example.org",
            name="Charlotte",
            role=StaffRole.ADMIN,
            actor="bench",
            now=now,
        )
        token = open_session(session, account, SessionStage.SIGNED_IN, now=now).token
    client.set_cookie(COOKIE, token, path="/desk")


def _measure(client: FlaskClient, database: Database, address: str) -> _Took:
    """Ask for a page again and again; the first time is left out, for it fills caches."""
    statements: list[str] = []

    def noted(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(_FRAME):
            statements.append(statement)

    _ask(client, address)
    event.listen(database.bind.engine, "before_cursor_execute", noted)
    _ask(client, address)
    event.remove(database.bind.engine, "before_cursor_execute", noted)
    took = [_ask(client, address) for _ in range(_ASKED)]
    return _Took(address, quantiles(took, n=20)[-1], len(statements))


def _ask(client: FlaskClient, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    took = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return took


def _first_load(client: FlaskClient) -> float:
    """Return how many kB the first page weighs with its sheets and scripts, as sent."""
    page = client.get("/desk/")
    parts = set(_PARTS_OF_PAGE.findall(page.text))
    sizes = [len(page.data)]
    for address in sorted(parts):
        sheet = client.get(address)
        sizes.append(len(sheet.data))
        scripts = _IMPORTED.findall(sheet.text)
        sizes += [len(client.get(f"/desk/static/{name}").data) for name in scripts]
    return sum(sizes) / 1000

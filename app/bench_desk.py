"""The coordinators' page over a large programme, on PostgreSQL: how long does each page take?

Every page is asked for again and again by somebody who is signed in, in one process and without a
network between: what is measured is our own work and the database's.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select

from admin.accounts import invite
from admin.pages import COOKIE
from admin.sessions import open_session
from admin.views.people_search import sealed
from app.bench_oversight import fill
from app.bench_places import postgres
from app.bench_programme import EDITED, fill_programme
from app.memory import keep_what_is_loaded
from app.site import create_app
from app.wiring import assemble, open_database
from mentoring.calendar.deeds import do_due
from mentoring.clock import SystemClock
from mentoring.db import Database
from mentoring.going_live import Part
from mentoring.models import (
    Person,
    PersonState,
    PlannedMatch,
    Proposal,
    SessionStage,
    StaffRole,
    StaffTask,
)
from mentoring.oversight.sweep import oversee
from mentoring.reports.periods import Period, next_month
from mentoring.reports.runs import ask_for_report

MOST_MS, MOST_QUERIES, MOST_KB = 300.0, 15, 150
_ASKED = 40
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
_PARTS_OF_PAGE = re.compile(r'(?:href|src)="(/desk/static/[^"]+\.(?:css|js))"')
_IMPORTED = re.compile(r'from "\./([a-z]+\.js)"')


@dataclass(frozen=True)
class _Took:
    """What one page took: 95th percentiles in milliseconds, of the clock and of our own processor
    time (the database's is not in it), and its statements.
    """

    address: str
    p95: float
    own: float
    statements: int


def run_desk(folder: Path, *, matches: int) -> None:
    """Fill a programme, ask for every kind of page, and print what each took."""
    with postgres(folder) as place:
        database = open_database(place.settings())
        clock = SystemClock()
        fill(database, matches, clock.now())
        fill_programme(database, matches, clock.now())
        known = _prepare(database)
        _report(database)
        app = create_app(assemble(place.settings(), db=database, clock=clock))
        keep_what_is_loaded()
        client = app.test_client()
        _sign_in(client, database)
        took = [_measure(client, database, address) for address in _addresses(known)]
        weight = _first_load(client)
        database.bind.engine.dispose()
    for page in took:
        print(
            f"{page.address:44}{page.p95:9.1f} ms p95{page.own:9.1f} ms of our own"
            f"{page.statements:5} statements"
        )
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


@dataclass(frozen=True)
class _Known:
    """Whom and what some of the pages are about."""

    alert: int
    task: int
    proposal: int
    waits: str
    picked: str
    applies: str
    ending: str


def _addresses(known: _Known) -> Sequence[str]:
    """Return every kind of page. The CSV files of lists are left out: they have 20,000 rows."""
    alert, waits = known.alert, known.waits
    return (
        "/desk/",
        "/desk/news",
        "/desk/people",
        "/desk/people?q=sam&sort=name",
        "/desk/people?q=nobody",
        "/desk/people?q=P000777",
        f"/desk/people?number={known.ending}",
        "/desk/people?state=waiting&sort=-since",
        "/desk/people?page=200",
        "/desk/people/P000001",
        "/desk/people/P000001/edit",
        "/desk/people/P000001/suspend",
        "/desk/people/M000010",
        "/desk/people/M000010/training",
        "/desk/people/M000010/quote",
        "/desk/applications",
        "/desk/applications?state=screening&sort=-since",
        f"/desk/applications/{known.applies}",
        "/desk/matches",
        "/desk/matches?risk=yes",
        "/desk/matches?q=sam&sort=protege",
        "/desk/matches/K000007",
        "/desk/matches/K000007/pause",
        "/desk/matching",
        "/desk/matching/waiting",
        "/desk/matching/waiting?pick=nobody&q=sam",
        f"/desk/matching/{waits}",
        f"/desk/matching/{waits}/{known.picked}",
        f"/desk/matching/{waits}/{known.picked}/apart",
        "/desk/proposals",
        "/desk/proposals?state=open&q=sam&sort=-picked",
        f"/desk/proposals/{known.proposal}",
        f"/desk/proposals/{known.proposal}/withdraw",
        "/desk/needs",
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
        f"/desk/tasks/{known.task}",
        "/desk/feedback",
        "/desk/feedback/1",
        "/desk/feedback/new",
        "/desk/goals",
        "/desk/goals/1",
        "/desk/goals/new",
        "/desk/unsent",
        "/desk/reports",
        "/desk/reports/kept",
        "/desk/reports/1",
        "/desk/reports/1/board",
        "/desk/reports/1/funder",
        "/desk/reports/1/annual",
        "/desk/reports/1/message",
        "/desk/reports/1/all",
        "/desk/reports/1/all.csv",
        "/desk/reports/1/indicators/E13?by=mode",
        "/desk/reports/1/charts/E2.days/month.svg",
        "/desk/reports/1/counselling",
        "/desk/wording",
        "/desk/wording?q=mentor&language=es",
        f"/desk/wording/{EDITED}",
        f"/desk/wording/{EDITED}/en/edit",
        "/desk/lines",
        "/desk/lines/news",
        "/desk/settings",
        "/desk/setup",
        *(f"/desk/setup/{part}" for part in Part),
        "/desk/rehearsal",
        "/desk/staff",
        "/desk/audit",
        "/desk/account",
        "/desk/account/passkeys",
        "/desk/account/authenticator",
        "/desk/help",
    )


def _prepare(database: Database) -> _Known:
    """Let the sweep find what it finds, and choose whom and what some of the pages are about."""
    now = SystemClock().now()
    database.run(lambda session: oversee(session, now=now))
    with database.transaction() as session:
        is_alert = StaffTask.severity.is_not(None)
        planned = select(PlannedMatch).where(PlannedMatch.mentor_id.is_not(None)).limit(1)
        first = session.scalars(planned).one()
        codes = select(Person.code)
        return _Known(
            alert=session.scalars(select(StaffTask.id).where(is_alert).limit(1)).one(),
            task=session.scalars(select(StaffTask.id).where(~is_alert).limit(1)).one(),
            proposal=session.scalars(
                select(Proposal.id).where(Proposal.settled_at.is_(None)).limit(1)
            ).one(),
            waits=session.scalars(codes.where(Person.id == first.protege_id)).one(),
            picked=session.scalars(codes.where(Person.id == first.mentor_id)).one(),
            applies=session.scalars(
                codes.where(Person.state == PersonState.SCREENING).limit(1)
            ).one(),
            ending=sealed(session.vault, "0100"),
        )


def _report(database: Database) -> None:
    """Work a report about a year out, as the next tick would, and print how long it took."""
    now = SystemClock().now()
    year = Period(now.date().replace(year=now.year - 1, day=1), next_month(now.date()))
    with database.transaction() as session:
        ask_for_report(session, period=year, community="", actor="bench", now=now)
    took = 0.0
    # Whatever else is due goes first, so this is the last thing that is done.
    while True:
        started = time.perf_counter()
        if not database.run(lambda session: do_due(session, now=now)):
            break
        took = time.perf_counter() - started
    print(f"a report about a year was worked out in {took:.1f} s")


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
    p95, own = (quantiles(each, n=20)[-1] for each in zip(*took, strict=True))
    return _Took(address, p95, own, len(statements))


def _ask(client: FlaskClient, address: str) -> tuple[float, float]:
    """Ask for a page; return the milliseconds of the clock and of this process."""
    started, worked = time.perf_counter(), time.process_time()
    answer = client.get(address)
    took = (time.perf_counter() - started) * 1000
    own = (time.process_time() - worked) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return took, own


def _first_load(client: FlaskClient) -> float:
    """Return how many kB the first page weighs with its sheets and scripts, as sent."""
    page = client.get("/desk/")
    parts = set(_PARTS_OF_PAGE.findall(page.text))
    sizes = [len(page.data)]
    for address in sorted(parts):
        sheet = client.get(address)
        sizes.append(len(sheet.data))
        scripts = _IMPORTED.findall(sheet.text)
        beside = address.rpartition("/")[0]
        sizes += [len(client.get(f"{beside}/{name}").data) for name in scripts]
    return sum(sizes) / 1000

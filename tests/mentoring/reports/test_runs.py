"""Reports are asked for once, worked out in the background, and kept until there are new ones."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.dues import plan
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.models import AuditEntry, Due, DueKind, ReportRun
from mentoring.reports.counselling import export_clients
from mentoring.reports.periods import Period, month_of
from mentoring.reports.runs import ask_for_report
from tests.make import NOW

YEAR = Period(date(2025, 3, 1), date(2026, 4, 1))
FEBRUARY = month_of(date(2026, 2, 1))


@pytest.fixture
def session(seeded: Database) -> Iterator[Session]:
    with seeded.transaction() as opened:
        yield opened


def ask(session: Session, period: Period = YEAR, *, after: int = 0) -> ReportRun:
    now = NOW + timedelta(seconds=after)
    return ask_for_report(session, period=period, community="", actor="staff:cleo", now=now)


def test_asked_for_twice_it_is_worked_out_once(session: Session) -> None:
    run, again = ask(session), ask(session, after=3)

    assert again.id == run.id
    assert run.is_waiting
    assert session.wakes_dispatcher
    assert session.scalar(select(func.count(Due.id)).where(Due.kind == "report")) == 1
    do_due(session, now=NOW + timedelta(seconds=5))
    assert not run.is_waiting
    assert run.done_at == NOW + timedelta(seconds=5)


def test_asked_for_again_it_keeps_its_figures_until_the_new_ones_are_there(
    session: Session,
) -> None:
    run = ask(session)
    do_due(session, now=NOW)
    first = run.figures
    again = ask(session, after=60)
    assert again.is_waiting
    assert again.figures == first
    do_due(session, now=NOW + timedelta(seconds=61))

    assert again.done_at == NOW + timedelta(seconds=61)
    assert not again.is_waiting
    assert session.scalar(select(func.count(ReportRun.id))) == 1


def test_not_more_than_ten_wait(session: Session) -> None:
    for month in range(10):
        ask(session, month_of(date(2025, 3 + month, 1)))
    with pytest.raises(ProgrammeError, match="10 reports wait"):
        ask(session, FEBRUARY)


def test_the_clients_are_exported_by_code_and_it_is_written_down(session: Session) -> None:
    clients = export_clients(
        session,
        period=FEBRUARY,
        community="",
        actor="staff:cleo",
        reason="for the state",
        now=NOW,
    )
    rows = {client.code: client.row() for client in clients}

    # Chloé is open for business since before; she reads texts, so there are no hours of talk.
    assert rows["P15"] == ("P15", "Y", "2025-11-13", "", "", "0.00", "text")
    assert rows["P13"][1] == "N"
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.entity_id, entry.reason) == (
        "exported counselling report",
        "2026-02-01 to 2026-02-28",
        "for the state",
    )


def test_clients_of_another_community_are_not_in_the_file(session: Session) -> None:
    known = {"period": YEAR, "actor": "staff:cleo", "reason": "x", "now": NOW}
    all_of_them = {each.code for each in export_clients(session, community="", **known)}  # type: ignore[arg-type]
    of_est = {each.code for each in export_clients(session, community="Est", **known)}  # type: ignore[arg-type]

    assert of_est < all_of_them
    assert of_est == {"P15", "P17"}


def test_a_report_waits_until_all_else_that_is_due_is_done(session: Session) -> None:
    run = ask(session)
    plan(session, DueKind.REST, at=NOW, key="rest:x", person_id=1, now=NOW)

    assert do_due(session, now=NOW) == 1
    assert run.is_waiting
    assert do_due(session, now=NOW) == 1
    assert not run.is_waiting


def test_days_that_cut_a_month_are_worked_out_no_more(session: Session) -> None:
    with pytest.raises(ProgrammeError, match="whole months"):
        ask(session, Period(date(2025, 3, 4), date(2026, 3, 4)))

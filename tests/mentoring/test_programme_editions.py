"""What staff set: the newest row counts, in every process, and nobody overwrites anybody."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.going_live import Part, what_is_missing
from mentoring.models import AuditEntry
from mentoring.programme_editions import (
    begin_with_newest,
    change_programme,
    count_as_live,
    newest_edition,
)
from mentoring.safety.numbers import CrisisNumbers
from mentoring.waiting import what_waits
from tests.databases import StatementCounter
from tests.make import make_lines


def sets(session: Session, clock: ManualClock, *, follows: int = 0, **facts: Any) -> bool:
    return change_programme(
        session, facts, follows=follows, what="a test", actor="staff:Ben", now=clock.now()
    )


def another_process(db: Database) -> Database:
    return Database(db.bind, vault=db.vault, programme=db.default)


def test_without_any_row_nothing_is_live_and_the_settings_count(db: Database) -> None:
    begin_with_newest(db)

    assert db.programme == replace(db.default, is_live=False)


def test_a_tick_takes_up_what_another_process_has_set(db: Database, clock: ManualClock) -> None:
    with another_process(db).transaction() as session:
        sets(session, clock, org_name="Rivers", calling_from="08:30", languages=["en"])
    with db.transaction() as session:
        what_waits(session, now=clock.now())
        assert session.programme.org_name == "Rivers"

    assert db.programme.calling_from == time(8, 30)
    assert db.programme.languages == ("en",)
    assert db.programme.staff_name == db.default.staff_name


def test_only_a_newer_edition_is_looked_up_and_only_once(
    db: Database, clock: ManualClock, queries: StatementCounter
) -> None:
    counts = []
    for step in range(3):
        if step == 1:
            with another_process(db).transaction() as session:
                sets(session, clock, org_name="Rivers")
        with queries() as statements, db.transaction() as session:
            what_waits(session, now=clock.now())
        counts.append(len(statements))

    assert counts == [1, 2, 1]


def test_who_has_seen_an_older_edition_changes_nothing(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        sets(session, clock, org_name="Rivers")
    with db.transaction() as session, pytest.raises(ProgrammeError, match="Ben has changed the"):
        sets(session, clock, org_name="Lakes")
    with db.transaction() as session:
        # The same again changes nothing, and is no quarrel either.
        assert not sets(session, clock, org_name="Rivers")
        newest = newest_edition(session)
        assert newest is not None
        assert newest.facts == {"org_name": "Rivers"}
        assert len(session.scalars(select(AuditEntry)).all()) == 1


def test_numbers_of_one_country_leave_those_of_the_others(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        sets(session, clock, crisis_numbers={"GB": ["999", "116 123"]})
    begin_with_newest(db)

    assert db.programme.crisis_numbers["GB"] == CrisisNumbers("999", "116 123")
    assert db.programme.crisis_numbers["US"] == CrisisNumbers("911", "988")


def test_counting_as_live_leaves_what_is_there(db: Database, clock: ManualClock) -> None:
    with db.transaction() as session:
        sets(session, clock, org_name="Rivers")
        count_as_live(session, actor="seed", now=clock.now())
    begin_with_newest(db)

    assert (db.programme.org_name, db.programme.is_live) == ("Rivers", False)


def test_a_line_that_does_not_work_keeps_the_programme_from_going_live(
    session: Session, clock: ManualClock
) -> None:
    main_and_pair = [*make_lines(session, pairs=1)]
    main_and_pair[0].checked_at = clock.now()
    main_and_pair[0].fault = "This number cannot do texts."
    said = [lack.words for lack in what_is_missing(session) if lack.part is Part.LINES]

    assert said == [
        "515 555 0100 was never pointed here. Run: bridgeline numbers sync",
        "515 555 0101: This number cannot do texts.",
    ]

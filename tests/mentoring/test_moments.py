"""Moments are kept in UTC to the microsecond, and never without a zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from mentoring.db import Session
from mentoring.models import (
    Receipt,
)
from tests.make import (
    NOW,
)


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_given_in(session: Session) -> None:
    session.add(Receipt(key="one", at=NOW.astimezone(timezone(timedelta(hours=9)))))
    session.flush()
    session.expire_all()
    found = session.scalars(select(Receipt.at)).one()
    assert (found, found.utcoffset()) == (NOW, timedelta())


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        session.execute(insert(Receipt).values(key="one", at=NOW.replace(tzinfo=None)))


def test_a_microsecond_is_kept(session: Session) -> None:
    exact = datetime(2026, 11, 1, 6, 30, 0, 123_456, tzinfo=UTC)
    session.add(Receipt(key="one", at=exact))
    session.flush()
    assert session.scalars(select(Receipt.at)).one() == exact

"""A page that was planned while somebody accepted rings nobody, and a doubled tick rings once."""

import pytest
from sqlalchemy import func, select

from mentoring.calendar.deeds import do_due
from mentoring.calendar.dues import plan
from mentoring.db import Session
from mentoring.models import Delivery, DueKind, StaffTask
from mentoring.operators import add_staff
from mentoring.safety.crisis import page_key, raise_crisis
from mentoring.safety.paging import accept_alert
from tests.make import NOW, make_lines, make_person


@pytest.fixture
def alert(session: Session) -> StaffTask:
    make_lines(session, 1)
    add_staff(session, name="Charlotte", number="+15155550190", now=NOW)
    ben = make_person(session)
    return raise_crisis(session, words="wrote.", person=ben, phone=ben.phone, now=NOW)


def calls(session: Session) -> int:
    return session.scalar(select(func.count(Delivery.id)).where(Delivery.flow == "page")) or 0


def test_a_tick_that_comes_twice_rings_once(session: Session, alert: StaffTask) -> None:
    assert [do_due(session, now=NOW), do_due(session, now=NOW)] == [1, 0]
    assert calls(session) == 1


def test_the_same_page_planned_twice_rings_once(session: Session, alert: StaffTask) -> None:
    key = page_key(alert.id, 1)
    again = plan(session, DueKind.PAGE, at=NOW, key=key, task_id=alert.id, now=NOW)
    do_due(session, now=NOW)
    assert (again, calls(session)) == (None, 1)


def test_a_page_planned_as_somebody_accepted_rings_nobody(
    session: Session, alert: StaffTask
) -> None:
    accept_alert(session, alert.id, None, actor="staff:ben", now=NOW)
    plan(session, DueKind.PAGE, at=NOW, key="page:late", task_id=alert.id, round_=2, now=NOW)
    assert do_due(session, now=NOW) == 1
    assert calls(session) == 0

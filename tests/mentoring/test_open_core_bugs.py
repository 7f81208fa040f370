"""Promises that the programme does not keep yet; each test says what should happen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from mentoring.calling import Accepted, accept_whisper, end_call, plan_call
from mentoring.db import Database, Session
from mentoring.models import Outcome
from tests.make import NOW, another_process, make_lines, make_match, way_of


def test_36_hanging_up_while_the_other_side_accepts_sees_that_they_did(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        way = way_of(session, make_match(session))
        ring = plan_call(session, way, call_sid="CA1", attempt=1, now=NOW)

    def hang_up(session: Session) -> list[Outcome]:
        later = NOW + timedelta(minutes=1)
        return [contact.outcome for contact in end_call(session, "CA1", now=later)]

    with another_process(real_db) as other, ThreadPoolExecutor(1) as pool:
        with real_db.transaction() as session:
            assert accept_whisper(session, ring.contact_id, now=NOW) is Accepted.JOINED
            session.flush()
            ended = pool.submit(other.run, hang_up)
            # It has to wait for this transaction, wherever it waits.
            with pytest.raises(TimeoutError):
                ended.result(timeout=0.2)
        assert ended.result(timeout=10) == [Outcome.TALKED]

"""Promises that the programme does not keep yet; each test says what should happen."""

from datetime import timedelta

from mentoring.calling import (
    Held,
    Ring,
    accept_whisper,
    end_call,
    plan_call,
)
from mentoring.db import Database, Session
from mentoring.models import (
    Contact,
    Match,
    Outcome,
)
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_match,
    way_of,
)

MINUTE = timedelta(minutes=1)


def plan(
    session: Session,
    match: Match,
    *,
    call: str = "CA1",
    back: bool = False,
    after: timedelta = timedelta(),
) -> Ring | Held:
    made = plan_call(
        session, way_of(session, match, back=back), call_sid=call, attempt=1, now=NOW + after
    )
    session.flush()
    return made


def entry(session: Session, planned: Ring | Held) -> Contact:
    session.flush()
    return session.get_one(Contact, planned.contact_id)


def test_36_of_hanging_up_and_accepting_at_the_same_moment_one_wins(real_db: Database) -> None:
    with real_db.transaction() as session:
        make_lines(session, 1)
        ring = plan(session, make_match(session))

    def accept(session: Session) -> str:
        return accept_whisper(session, ring.contact_id, now=NOW).value

    def hang_up(session: Session) -> str:
        return ",".join(contact.outcome for contact in end_call(session, "CA1", now=NOW + MINUTE))

    with another_process(real_db) as other:
        accepted, ended = all_at_once(lambda: real_db.run(accept), lambda: other.run(hang_up))

    with real_db.transaction() as session:
        outcome = entry(session, ring).outcome
    assert (accepted, ended, outcome) in [
        ("joined", "talked", Outcome.TALKED),
        ("too late", "caller hung up", Outcome.GAVE_UP),
    ]

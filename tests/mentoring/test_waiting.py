"""One question tells whether a tick has anything to do, and it overlooks nothing."""

from datetime import timedelta

from mentoring.calendar.dues import plan
from mentoring.db import Session
from mentoring.models import DeliveryStatus, DueKind, Purpose, Recording, RecordingState
from mentoring.waiting import Waiting, what_waits
from tests.make import NOW, make_lines, make_phone, make_text

LATER = NOW + timedelta(minutes=1)


def only(part: str) -> Waiting:
    return Waiting(*(name == part for name in Waiting._fields))


def test_where_nothing_was_planned_nothing_waits(session: Session) -> None:
    assert not any(what_waits(session, now=NOW))


def test_what_is_planned_waits_from_its_moment_on(session: Session) -> None:
    plan(session, DueKind.PLAN, at=LATER, key="one", now=NOW)
    assert not any(what_waits(session, now=NOW))
    assert what_waits(session, now=LATER) == only("dues")


def test_a_text_waits_from_the_moment_at_which_it_may_leave(session: Session) -> None:
    (line, *_) = make_lines(session)
    text = make_text(session, to=make_phone(session), line=line, not_before=LATER)
    assert not any(what_waits(session, now=NOW))
    assert what_waits(session, now=LATER) == only("texts")
    text.status = DeliveryStatus.DELIVERED
    session.flush()
    assert not any(what_waits(session, now=LATER))
    text.ask_at = LATER
    session.flush()
    assert what_waits(session, now=LATER) == only("line_checks")


def test_a_recording_waits_until_it_is_stored_here_and_told_of(session: Session) -> None:
    note = Recording(
        purpose=Purpose.NOTE,
        state=RecordingState.SPOKEN,
        recording_sid="RE1",
        not_before=NOW,
        made_at=NOW,
    )
    session.add(note)
    session.flush()
    assert what_waits(session, now=NOW) == only("recordings")
    note.state, note.sent_at = RecordingState.ERASED, NOW
    session.flush()
    assert what_waits(session, now=NOW) == only("recordings")
    note.announced_at = NOW
    session.flush()
    assert not any(what_waits(session, now=NOW))

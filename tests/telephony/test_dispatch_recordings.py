"""Recordings are fetched, sealed, and erased at the carrier, however slow it is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.call_end import finish_call
from mentoring.clock import ManualClock
from mentoring.contacts import begin_leg
from mentoring.db import Database
from mentoring.models import (
    Purpose,
    Recording,
    RecordingState,
    StaffTask,
)
from mentoring.notes import audio_of, file_is_ready, keep_spoken
from mentoring.spoken_answers import keep_message
from mentoring.tasks import open_task
from tests.post import Post, post_on, timed_out


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


def spoken(post: Post, sid: str, *, ready: bool = True) -> int:
    """Let a caller record something, and let the carrier say that its file is there."""
    now = post.clock.now()
    with post.db.transaction() as session:
        made = keep_spoken(
            session,
            purpose=Purpose.MESSAGE,
            recording_sid=sid,
            call_sid="CA1",
            seconds=4,
            now=now,
        )
        if ready:
            file_is_ready(
                session,
                recording_sid=sid,
                call_sid="CA1",
                status="completed",
                seconds=4,
                now=now,
            )
        return made.id


def recording(post: Post, recording_id: int) -> tuple[RecordingState, bytes | None]:
    with post.db.transaction() as session:
        row = session.get_one(Recording, recording_id)
        return row.state, audio_of(session, row)


def test_a_finished_recording_is_fetched_sealed_and_erased_at_the_carrier(post: Post) -> None:
    post.carrier.recordings["RE1"] = b"RIFF of a voice"
    made = spoken(post, "RE1")
    assert post.dispatcher.drain().recordings == 2
    assert recording(post, made) == (RecordingState.ERASED, b"RIFF of a voice")
    assert post.carrier.deleted == ["RE1"]
    with post.db.transaction() as session:
        assert b"RIFF" not in (session.get_one(Recording, made).audio_sealed or b"")


def test_a_recording_that_is_not_stored_yet_is_asked_for_ever_more_rarely(post: Post) -> None:
    post.carrier.recordings["RE1"] = None
    made = spoken(post, "RE1")
    post.dispatcher.drain()
    post.wait(timedelta(seconds=9))
    post.carrier.recordings["RE1"] = b"RIFF"
    post.dispatcher.drain()
    assert recording(post, made)[0] is RecordingState.READY
    post.wait(timedelta(seconds=1))
    assert recording(post, made) == (RecordingState.ERASED, b"RIFF")


def test_a_recording_whose_callback_was_lost_is_fetched_all_the_same(post: Post) -> None:
    post.carrier.recordings["RE1"] = b"RIFF"
    made = spoken(post, "RE1", ready=False)
    post.dispatcher.drain()
    assert recording(post, made)[0] is RecordingState.SPOKEN
    post.wait(timedelta(minutes=2))
    assert recording(post, made) == (RecordingState.ERASED, b"RIFF")


def test_a_carrier_that_keeps_its_copy_is_asked_to_erase_it_until_it_has(post: Post) -> None:
    post.carrier.recordings["RE1"] = b"RIFF"
    made = spoken(post, "RE1")
    post.carrier.fail("delete_recording", *(timed_out() for _ in range(3)))
    for _ in range(3):
        post.dispatcher.drain()
        assert recording(post, made) == (RecordingState.STORED, b"RIFF")
        post.clock.advance(3600)
    post.dispatcher.drain()
    assert recording(post, made)[0] is RecordingState.ERASED
    assert post.carrier.deleted == ["RE1"]


def test_a_recording_that_the_carrier_never_hands_over_becomes_one_task_for_staff(
    post: Post,
) -> None:
    post.carrier.recordings["RE1"] = None
    made = spoken(post, "RE1")
    for _ in range(6):
        post.dispatcher.drain()
        post.clock.advance(6 * 3600)
    assert recording(post, made)[0] is RecordingState.READY
    assert tasks(post) == []
    for _ in range(6):
        post.dispatcher.drain()
        post.clock.advance(6 * 3600)
    assert recording(post, made)[0] is RecordingState.LOST
    assert tasks(post) == [
        "A caller: what they recorded was lost at the carrier. Ask them to say it again."
    ]


def tasks(post: Post) -> list[str]:
    with post.db.transaction() as session:
        return list(session.scalars(select(StaffTask.words)))


@pytest.mark.parametrize(("seconds", "told"), [(4, 1), (0, 0)])
def test_news_of_a_loss_that_comes_before_the_recording_itself_is_told_with_it(
    post: Post, seconds: int, told: int
) -> None:
    now = post.clock.now()
    with post.db.transaction() as session:
        file_is_ready(
            session,
            recording_sid="RE1",
            call_sid="CA1",
            status="absent",
            seconds=None,
            now=now,
        )
    assert tasks(post) == []
    with post.db.transaction() as session:
        task = open_task(session, rule="O8", words="Call back.", key="person:CA1", now=now)
        keep_message(
            *(session, task, None),
            recording_sid="RE1",
            call_sid="CA1",
            seconds=seconds,
            now=now,
        )
    (words,) = tasks(post)
    assert words.count("was lost at the carrier") == told


def test_a_message_of_a_second_visit_to_staff_joins_the_task_of_that_visit(post: Post) -> None:
    """Only its file tells of it, for the webhook after the tone was lost."""
    now = post.clock.now()
    with post.db.transaction() as session:
        begin_leg(session, call_sid="CA1", phone_id=None, now=now)
        for key in ("person:CA1", "person:CA1:1"):
            open_task(session, rule="O8", words="Call back.", key=key, now=now)
        made = file_is_ready(
            session,
            recording_sid="RE1",
            call_sid="CA1",
            status="completed",
            seconds=4,
            now=now,
        )
        finish_call(session, "CA1", status="completed", seconds=60, now=now)
        held = session.scalars(select(StaffTask.recording_id).order_by(StaffTask.id)).all()
        assert held == [None, made.id]

"""What the carrier received and could not tell us is taken in: once, in order, and now and then."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import Contact, ContactKind, Recording, StaffTask
from mentoring.people import find_phone
from scheduling.collect import collect as collect_all
from telephony.carrier import MadeRecording, ReceivedCall, ReceivedText
from tests.post import ADA, BEN, Post, code, post_on

LINE = "+15155550101"


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    post = post_on(db, clock)
    post.relay("Hello Ada")
    post.dispatcher.drain()
    return post


def receive(post: Post, which: int, body: str, *, sid: str = "", sender: str = BEN) -> None:
    known = sid or f"SM{which:032x}"
    text = ReceivedText(known, sender, LINE, body, 0, post.clock.now())
    post.carrier.received.append(text)


def collect(post: Post, minutes: float = 10) -> int:
    post.clock.advance(minutes * 60)
    found = collect_all(post.db, post.carrier, post.clock)
    post.dispatcher.drain()
    return found


def test_lost_texts_are_taken_in_once_and_in_order(post: Post) -> None:
    receive(post, 1, "one")
    receive(post, 2, "two")
    assert [collect(post) for _ in range(4)] == [2, 0, 0, 0]
    assert [body.removeprefix("Ben: ") for body in post.sent(ADA)[1:]] == ["one", "two"]


def test_a_text_that_has_just_arrived_is_left_to_its_webhook(post: Post) -> None:
    assert collect(post) == 0
    post.clock.advance(590)
    receive(post, 1, "one")
    assert collect(post, 0.2) == 0
    assert collect(post) == 1


def test_a_list_that_cannot_be_had_is_asked_for_again_soon(post: Post) -> None:
    receive(post, 1, "one")
    post.carrier.fail("texts_received_since", code(20429))
    assert collect(post) == 0
    assert collect(post, 1) == 1


def test_after_an_outage_all_that_was_missed_is_taken_in_but_nothing_older_than_days(
    post: Post,
) -> None:
    assert collect(post) == 0
    post.clock.advance(60)
    receive(post, 1, "too old")
    post.clock.advance(timedelta(days=2).total_seconds())
    receive(post, 2, "yesterday")
    post.clock.advance(timedelta(days=1).total_seconds())
    assert collect(post) == 1


def test_a_text_that_cannot_be_handled_stops_no_other(post: Post) -> None:
    receive(post, 1, "one", sid="no id")
    receive(post, 2, "two", sender="anonymous")
    receive(post, 3, "three")
    collect(post)
    assert len(post.sent(ADA)) == 2


def test_a_text_is_read_as_its_webhook_would_read_it(post: Post) -> None:
    receive(post, 1, "Hel\0lo")
    collect(post)
    assert "\0" not in post.sent(ADA)[-1]


def test_by_night_a_late_answer_waits_for_the_morning(post: Post) -> None:
    post.clock.advance(9 * 3600)  # 8 in the evening in Chicago
    assert collect(post, 0) == 0
    receive(post, 1, "PERSON")
    collect(post, 120)
    assert post.sent(BEN) == []
    post.clock.advance(11 * 3600)
    post.dispatcher.drain()
    assert len(post.sent(BEN)) == 1


@pytest.mark.parametrize("written_before", [True, False])
def test_a_late_text_tells_nothing_of_a_phone_that_went_out_of_use_after_it(
    post: Post, written_before: bool
) -> None:
    out_of_use_at = post.clock.now() + timedelta(minutes=1 if written_before else -1)
    receive(post, 1, "Hello")
    with post.db.transaction() as session:
        phone = find_phone(session, BEN)
        assert phone is not None
        phone.unusable_at = out_of_use_at

    collect(post)

    with post.db.transaction() as session:
        phone = find_phone(session, BEN)
        assert phone is not None
        assert phone.unusable_at == (out_of_use_at if written_before else None)


def be_called(post: Post, which: int, *, caller: str = BEN, line: str = LINE) -> None:
    post.carrier.rung.append(ReceivedCall(f"CA{which:032x}", caller, line, post.clock.now()))


def reasons(post: Post) -> list[str | None]:
    """Return why the calls of the log came to nothing, oldest first."""
    with post.db.transaction() as session:
        calls = select(Contact.reason).where(Contact.kind == ContactKind.CALL)
        return list(session.scalars(calls.order_by(Contact.id)))


def test_a_call_of_which_we_were_never_told_is_written_down_once(post: Post) -> None:
    be_called(post, 1)
    assert [collect(post) for _ in range(3)] == [1, 0, 0]
    assert reasons(post) == ["a fault of ours"]
    assert [task.rule for task in tasks(post)] == ["lost call"]


def test_nobody_can_be_asked_to_call_a_withheld_number_or_a_line_that_is_not_ours(
    post: Post,
) -> None:
    be_called(post, 1, caller="anonymous")
    be_called(post, 2, line="+15155550199")
    assert collect(post) == 2
    assert reasons(post) == ["withheld number"]
    assert tasks(post) == []


def test_calls_that_cannot_be_listed_are_asked_for_again_soon(post: Post) -> None:
    be_called(post, 1)
    post.carrier.fail("calls_received_since", code(20429))
    assert collect(post) == 0
    assert collect(post, 1) == 1


def leave_message(post: Post, which: int) -> None:
    sid, call = f"RE{which:032x}", f"CA{which:032x}"
    post.carrier.made.append(MadeRecording(sid, call, 5, post.clock.now()))


def test_a_recording_of_a_call_that_is_none_of_ours_is_left_alone(post: Post) -> None:
    be_called(post, 1)
    leave_message(post, 1)
    leave_message(post, 2)
    assert [collect(post) for _ in range(3)] == [2, 0, 0]
    (task,) = tasks(post)
    with post.db.transaction() as session:
        (kept,) = session.scalars(select(Recording))
    assert (kept.id, kept.recording_sid) == (task.recording_id, f"RE{1:032x}")


def test_a_message_that_has_just_been_left_is_first_told_by_its_call(post: Post) -> None:
    be_called(post, 1)
    post.clock.advance(420)
    leave_message(post, 1)
    assert [collect(post, 3), collect(post)] == [1, 1]


def test_recordings_that_cannot_be_listed_are_asked_for_again_soon(post: Post) -> None:
    be_called(post, 1)
    leave_message(post, 1)
    post.carrier.fail("recordings_made_since", code(20429))
    assert [collect(post), collect(post, 1), collect(post)] == [1, 1, 0]


@pytest.mark.parametrize(("refused", "taken_in"), [("texts", 2), ("calls", 1), ("recordings", 2)])
def test_a_list_that_is_refused_lets_no_other_wait(post: Post, refused: str, taken_in: int) -> None:
    """Of calls, recordings wait too: nobody could say whose they are."""
    receive(post, 1, "one")
    be_called(post, 1)
    leave_message(post, 1)
    what = "made" if refused == "recordings" else "received"
    post.carrier.fail(f"{refused}_{what}_since", code(20429))
    assert [collect(post), collect(post, 1), collect(post)] == [taken_in, 3 - taken_in, 0]


def tasks(post: Post) -> list[StaffTask]:
    with post.db.transaction() as session:
        return list(session.scalars(select(StaffTask)))

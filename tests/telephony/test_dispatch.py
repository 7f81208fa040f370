"""The dispatcher: each due text is sent once, tried again by the table, and told of when lost."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    LineType,
    OptOutEvent,
    Outcome,
    Purpose,
    Recording,
    RecordingState,
)
from telephony.addresses import Addresses
from telephony.carrier import LineType as CarrierLineType
from telephony.carrier import TextRequest
from telephony.dispatch import Dispatcher
from tests.make import (
    NOW,
    all_at_once,
    another_process,
    make_lines,
    make_person,
    make_text,
)
from tests.post import ADA, BEN, LISTED, SITE, Post, code, post_on, timed_out
from tests.recording_carrier import RecordingCarrier

HOUR = timedelta(hours=1)


@pytest.fixture
def post(db: Database, clock: ManualClock) -> Post:
    return post_on(db, clock)


def test_a_due_text_goes_to_the_carrier_once_and_is_accepted(post: Post) -> None:
    text = post.notice("Hello Ben")
    assert post.dispatcher.drain().texts == 1
    assert post.dispatcher.drain().texts == 0

    row = post.row(text)
    assert post.carrier.texts == [
        TextRequest(
            to=BEN,
            from_line="+15155550101",
            body="Hello Ben",
            status_callback=f"{SITE}/sms/status?d={row.key.hex}&n=1",
        )
    ]
    assert (row.status, row.settled_at) == (DeliveryStatus.ACCEPTED, None)
    assert row.carrier_sid is not None


def test_no_transaction_is_open_while_the_carrier_is_asked(
    real_db: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = post_on(real_db, clock)
    text = post.notice()
    seen: list[DeliveryStatus] = []
    send = post.carrier.send_text
    with another_process(real_db) as other:

        def look_from_outside(request: TextRequest) -> object:
            with other.transaction() as session:
                seen.append(session.get_one(Delivery, text).status)
            return send(request)

        monkeypatch.setattr(post.carrier, "send_text", look_from_outside)
        post.dispatcher.drain()

    # The claim is committed, and nothing is locked: another process can read and write.
    assert seen == [DeliveryStatus.SENDING]
    assert post.row(text).status is DeliveryStatus.ACCEPTED


def test_two_dispatchers_at_once_send_every_text_once(
    real_db: Database, clock: ManualClock
) -> None:
    post = post_on(real_db, clock)
    with real_db.transaction() as session:
        line = make_lines(session, 1)[0]
        for which in range(20):
            person = make_person(session, which=which)
            make_text(session, str(which), to=person.phone, person=person, line=line)
    with another_process(real_db) as other:
        beside = Dispatcher(other, post.carrier, clock, Addresses(SITE))
        both = (post.dispatcher, beside)
        outcomes = all_at_once(*(lambda each=each: each.drain(limit=3) for each in both * 2))

    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert sorted((text.body for text in post.carrier.texts), key=int) == [
        str(which) for which in range(20)
    ]


def test_the_parts_of_a_long_text_arrive_in_order(post: Post) -> None:
    post.relay("one", "two", "three")
    post.dispatcher.drain()
    assert post.sent(ADA) == ["one", "two", "three"]


def test_many_texts_that_waited_are_all_sent_for_each_says_something_else(post: Post) -> None:
    for which in range(25):
        post.relay(f"Point {which}")
    post.dispatcher.drain()
    assert [text.body for text in post.carrier.texts] == [f"Point {which}" for which in range(25)]


def test_a_first_part_that_must_wait_holds_the_second_back(post: Post) -> None:
    post.relay("one", "two")
    post.carrier.fail("send_text", code(20429))
    post.dispatcher.drain()
    assert post.sent(ADA) == []
    post.wait(timedelta(seconds=19))
    assert post.sent(ADA) == ["one", "two"]


def test_one_text_that_the_carrier_refuses_stops_no_other(post: Post) -> None:
    first = post.notice("first")
    post.carrier.fail("send_text", code(21617))
    post.dispatcher.drain()
    post.notice("second")
    post.dispatcher.drain()
    assert post.row(first).status is DeliveryStatus.FAILED
    assert post.sent(BEN) == ["second"]


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (20429, [15, 30, 60, 120, 240, 480, 960]),
        (503, [15, 30, 60, 120, 240, 480, 960]),
        (500, [60, 120, 240, 480, 960]),
        (21611, [600, 1200, 2400, 4800, 9600]),
        (30008, [900]),
        (30022, [14_400, 28_800, 57_600]),
    ],
)
def test_a_passing_error_is_tried_again_by_the_table_and_then_given_up(
    post: Post, error: int, waits: list[int]
) -> None:
    # The hours are not the point here.
    post.db.programme = replace(post.db.programme, calling_from=time(0), calling_until=time.max)
    text = post.notice(kind=DeliveryKind.RELAY)
    for attempt, wait in enumerate(waits, 1):
        post.carrier.fail("send_text", code(error))
        post.dispatcher.drain()
        row = post.row(text)
        assert (row.status, row.attempts) == (DeliveryStatus.QUEUED, attempt)
        waited = (row.not_before - post.clock.now()).total_seconds()
        assert wait <= waited < wait * 1.25
        post.clock.advance(waited)
    post.carrier.fail("send_text", code(error))
    post.dispatcher.drain()
    assert (post.row(text).status, post.row(text).error_code) == (DeliveryStatus.FAILED, error)
    assert post.carrier.texts == []


@pytest.mark.parametrize("final", [21211, 21610, 21614, 21408, 30007, 21606, 21617, 99_999])
def test_a_final_error_is_never_tried_again(post: Post, final: int) -> None:
    text = post.notice()
    post.carrier.fail("send_text", code(final))
    post.dispatcher.drain()
    for _ in range(3):
        post.wait(HOUR)
    assert (post.row(text).status, post.row(text).error_code) == (DeliveryStatus.FAILED, final)
    assert post.carrier.texts == []


def test_a_refusal_of_the_whole_account_stops_the_batch_and_every_text_keeps_its_place(
    post: Post,
) -> None:
    post.relay("one", "two")
    post.relay("three")
    post.notice("Hello Ben")
    post.carrier.fail("send_text", code(20003))
    post.dispatcher.drain()
    assert post.carrier.texts == []
    assert post.tasks() == ["config"]
    post.relay("four")
    post.dispatcher.drain(limit=1)
    assert post.carrier.texts == []
    post.clock.advance(300)
    post.dispatcher.drain(limit=1)
    assert post.sent(ADA) == ["one", "two", "three", "four"]
    assert post.sent(BEN) == ["Hello Ben"]
    with post.db.transaction() as session:
        assert set(session.scalars(select(Delivery.attempts))) == {1}


def test_an_opt_out_known_to_the_carrier_only_is_taken_over_for_all_our_lines(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.opt_out(person=ADA, line="+15155550101")
    post.dispatcher.drain()

    assert post.phone(ADA).texts_refused_at == NOW
    with post.db.transaction() as session:
        event = session.scalars(select(OptOutEvent)).one()
        assert (event.source, event.refused, event.at) == ("carrier", True, NOW)
    assert post.contact(text).outcome is Outcome.UNDELIVERED
    assert post.prompts() == ["T-NOR"]


def test_a_landline_is_remembered_and_the_words_are_kept_to_be_read_aloud(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    post.carrier.line_types[ADA] = "landline"
    post.dispatcher.drain()

    assert post.phone(ADA).line_type is LineType.LANDLINE
    assert post.tasks() == ["landline"]
    assert post.prompts() == ["T-LAND"]
    with post.db.transaction() as session:
        note = session.scalars(select(Recording)).one()
        assert (note.state, note.purpose) == (RecordingState.WRITTEN, Purpose.NOTE)
        assert session.vault.open(note.words_sealed or b"", place=note.place("words_sealed")) == (
            "Hello Ada"
        )
    assert post.row(text).status is DeliveryStatus.FAILED


@pytest.mark.parametrize(("kind", "told"), [("landline", "T-LAND"), ("voip", "T-NOR")])
@pytest.mark.parametrize("how", ["refused", "undelivered"])
def test_a_phone_that_may_be_a_landline_is_looked_up_before_it_is_marked(
    post: Post, kind: CarrierLineType, told: str, how: str
) -> None:
    (text,) = post.relay("Hello Ada")
    if how == "refused":
        post.carrier.fail("send_text", code(21635))
    else:
        post.dispatcher.drain()
        post.report(text, "undelivered", error=30006)
        assert post.prompts() == []
    post.carrier.line_types[ADA] = kind
    post.dispatcher.drain()
    assert post.prompts() == [told]
    known = LineType.LANDLINE if kind == "landline" else LineType.UNKNOWN
    assert post.phone(ADA).line_type is known
    assert post.tasks() == ["landline" if kind == "landline" else "lost text"]


def test_a_mobile_phone_is_looked_up_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ("one", "two"):
        post.relay(words)
        post.carrier.fail("send_text", code(21635))
        post.dispatcher.drain()
        # The second time nobody is asked: the answer was paid for and kept.
        monkeypatch.delattr(RecordingCarrier, "line_type", raising=False)
    assert post.phone(ADA).line_type is LineType.MOBILE
    assert post.prompts() == ["T-NOR", "T-NOR"]


def test_a_look_up_that_fails_for_now_is_made_again(post: Post) -> None:
    post.relay("Hello Ada")
    post.carrier.fail("send_text", code(21635))
    post.carrier.fail("line_type", code(20429), timed_out())
    post.carrier.line_types[ADA] = "mobile"
    post.dispatcher.drain()
    assert post.prompts() == []
    for _ in range(2):
        post.wait(HOUR)
    assert post.prompts() == ["T-NOR"]


def test_no_transaction_is_open_while_a_line_is_looked_up(
    real_db: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = post_on(real_db, clock)
    (text,) = post.relay("Hello Ada")
    post.carrier.fail("send_text", code(21635))
    with another_process(real_db) as other:

        def look_from_outside(number: str) -> str:
            with other.transaction() as session:
                session.get_one(Delivery, text).error_code = 21635
            return "mobile"

        monkeypatch.setattr(post.carrier, "line_type", look_from_outside)
        post.dispatcher.drain()
    assert post.prompts() == ["T-NOR"]


def test_a_number_out_of_use_is_marked_and_asked_about_once(post: Post) -> None:
    post.carrier.line_types[ADA] = "invalid"
    for words in ("one", "two"):
        post.relay(words)
        post.dispatcher.drain()
    assert post.phone(ADA).unusable_at == NOW
    assert post.tasks() == ["number"]


def test_the_sender_of_a_lost_text_is_told_in_words_once(post: Post) -> None:
    post.relay("Hello Ada")
    post.carrier.fail("send_text", code(30007))
    post.dispatcher.drain()
    post.dispatcher.drain()
    assert post.prompts() == ["T-NOR"]
    (told,) = post.sent(BEN)
    assert "Ada" in told


def test_a_text_stopped_by_the_gate_is_told_to_its_sender(post: Post) -> None:
    (text,) = post.relay("Hello Ada")
    with post.db.transaction() as session:
        session.get_one(Delivery, text).to_phone.texts_refused_at = NOW
    post.dispatcher.drain()
    assert post.prompts() == ["T-NOR"]
    assert post.contact(text).outcome is Outcome.BLOCKED
    assert post.sent(ADA) == []


def test_a_text_held_by_night_leaves_in_the_morning_by_itself(post: Post) -> None:
    text = post.notice("Good morning")
    with post.db.transaction() as session:
        session.get_one(Delivery, text).not_before = NOW + 11 * HOUR
    post.wait(11 * HOUR)
    assert post.carrier.texts == []
    post.wait(10 * HOUR)
    assert post.sent(BEN) == ["Good morning"]


def test_no_log_line_of_a_pass_holds_a_number_or_words(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bridgeline")
    post.relay("a secret of ours")
    post.carrier.fail("send_text", timed_out())
    post.carrier.fail("find_message", code(20429))
    post.dispatcher.drain()
    post.wait(LISTED)
    assert "not taken" in caplog.text
    assert "could not be looked up" in caplog.text
    for secret in ("a secret", ADA, BEN, ADA[-7:]):
        assert secret not in caplog.text


def test_one_text_that_cannot_be_opened_does_not_stop_all_others(post: Post) -> None:
    bad, good = post.notice("bad"), post.relay("good")[0]
    with post.db.transaction() as session:
        session.execute(
            update(Delivery).where(Delivery.id == bad).values(body_sealed=b"\x02spoilt")
        )
    post.dispatcher.drain()
    assert post.row(good).status is DeliveryStatus.ACCEPTED


def test_texts_that_are_due_together_keep_their_order_when_the_first_must_wait(
    post: Post,
) -> None:
    post.relay("first")
    post.relay("second")
    post.carrier.fail("send_text", code(20429))
    post.dispatcher.drain()
    post.wait(timedelta(seconds=19))
    assert post.sent(ADA) == ["first", "second"]

"""Mishaps on demand: each one happens to what was named, and only as often as asked."""

from contextlib import suppress

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.telephony.emulator.world import CALLER, LINE, Seen, World

SAY = "<Response><Say>Fine.</Say></Response>"


def send(world: World, body: str = "Hello") -> str:
    status = world.hook("/status")
    sent = world.client.messages.create(to=CALLER, from_=LINE, body=body, status_callback=status)
    return str(sent.sid)


def statuses(world: World) -> list[str]:
    return [seen["MessageStatus"] for seen in world.app.at("/status")]


def test_a_doubled_text_arrives_twice_with_one_token(world: World) -> None:
    world.answer("/sms", "<Response><Message>Got it.</Message></Response>")
    world.emulator.faults.duplicate("/sms")
    world.phone().text(LINE, "hello")
    world.phone().text(LINE, "again")
    world.emulator.settle()
    first, second, third = world.app.at("/sms")
    assert first.params == second.params
    token = "I-Twilio-Idempotency-Token"
    assert first.headers[token] == second.headers[token] != third.headers[token]
    assert len(world.phone().inbox) == 2


def test_a_doubled_step_of_a_call_goes_on_with_the_second_answer(world: World) -> None:
    answers = iter(["<Response><Say>First.</Say></Response>", SAY])
    world.answer("/voice", lambda _: next(answers))
    world.emulator.faults.duplicate("/voice")
    world.phone().dial(LINE)
    assert world.texts(world.phone()) == ["Fine."]


def test_a_lost_callback_never_comes(world: World) -> None:
    world.emulator.faults.drop(lambda _, params: params.get("MessageStatus") == "sent")
    send(world)
    world.emulator.settle()
    assert statuses(world) == ["delivered"]


def test_a_lost_document_ends_like_a_time_out(world: World) -> None:
    world.answer("/voice", SAY)
    world.emulator.faults.drop("/voice")
    world.phone().dial(LINE)
    world.emulator.settle(limit_seconds=20)
    assert world.app.at("/voice") == []
    assert world.codes() == [11200]


def test_an_overtaken_callback_arrives_after_the_next_one(world: World) -> None:
    world.emulator.faults.reorder("/status")
    send(world)
    world.emulator.settle()
    assert statuses(world) == ["delivered", "sent"]


def test_an_overtaken_callback_that_nothing_follows_arrives_at_last(world: World) -> None:
    world.emulator.faults.reorder(lambda _, params: params.get("MessageStatus") == "delivered")
    send(world)
    world.emulator.advance(30)
    assert statuses(world) == ["sent"]
    world.emulator.advance(60)
    assert statuses(world) == ["sent", "delivered"]


def test_a_delayed_callback_arrives_that_much_later(world: World) -> None:
    world.emulator.faults.delay(30, lambda _, params: params.get("MessageStatus") == "sent")
    send(world)
    world.emulator.advance(10)
    assert statuses(world) == ["delivered"]
    world.emulator.advance(20)
    assert statuses(world) == ["delivered", "sent"]


def test_callbacks_can_come_before_the_create_request_is_answered(world: World) -> None:
    order: list[str] = []

    def note(seen: Seen) -> tuple[str, int]:
        order.append(seen["MessageStatus"])
        return "", 204

    world.answer("/status", note)
    world.emulator.faults.early_callback()
    sid = send(world)
    order.append("created")
    world.emulator.settle()
    assert order == ["sent", "delivered", "created"]
    assert [text.body for text in world.phone().inbox] == ["Hello"]
    assert world.client.messages(sid).fetch().status == "delivered"


def test_an_early_callback_may_use_the_rest_interface_itself(world: World) -> None:
    found: list[str] = []

    def look(seen: Seen) -> tuple[str, int]:
        found.append(world.client.messages(seen["MessageSid"]).fetch().body)
        return "", 204

    world.answer("/status", look)
    world.emulator.faults.early_callback()
    send(world)
    assert found == ["Hello", "Hello"]


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500), (503, 20503)])
def test_a_request_can_be_refused_without_being_carried_out(
    world: World, status: int, code: int
) -> None:
    world.emulator.faults.rest_error(status, match="Messages")
    with pytest.raises(TwilioRestException) as caught:
        send(world)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert world.client.messages.list() == []
    send(world)
    assert len(world.client.messages.list()) == 1


@pytest.mark.parametrize(("status", "code"), [(401, 20003), (403, 30002), (400, 21608)])
def test_a_request_can_be_refused_with_any_code_of_the_carrier(
    world: World, status: int, code: int
) -> None:
    world.emulator.faults.rest_error(status, code=code, match="Messages")
    with pytest.raises(TwilioRestException) as caught:
        send(world)
    assert (caught.value.status, caught.value.code) == (status, code)


def test_a_request_can_be_carried_out_and_still_answered_with_an_error(world: World) -> None:
    world.emulator.faults.rest_error(500, match="Messages", processed=True)
    with pytest.raises(TwilioRestException):
        send(world)
    assert len(world.client.messages.list()) == 1


@pytest.mark.parametrize(("processed", "messages"), [(True, 1), (False, 0)])
def test_a_connection_can_be_closed_without_an_answer(
    world: World, processed: bool, messages: int
) -> None:
    world.emulator.faults.rest_silence(match="Messages", processed=processed)
    with pytest.raises(requests.ConnectionError):
        send(world)
    assert len(world.client.messages.list()) == messages


def test_calm_forgets_what_was_planned(world: World) -> None:
    world.emulator.faults.rest_error(500, times=5)
    world.emulator.faults.drop(times=5)
    world.emulator.faults.early_callback()
    world.emulator.faults.calm()
    send(world)
    assert world.app.seen == []
    world.emulator.settle()
    assert statuses(world) == ["sent", "delivered"]


def disturbed(world: World, seed: int) -> list[tuple[str, str]]:
    world.app.seen.clear()
    world.emulator.faults.chaos(seed, 0.6)
    for index in range(6):
        with suppress(TwilioRestException, requests.ConnectionError):
            send(world, str(index))
    world.emulator.advance(200)
    world.emulator.faults.calm()
    order = {message.sid: message.body for message in world.emulator.store.messages.values()}
    return [(order[seen["MessageSid"]], seen["MessageStatus"]) for seen in world.app.at("/status")]


def test_chaos_is_wild_but_repeatable(world: World) -> None:
    quiet = [(str(index), status) for index in range(6) for status in ("sent", "delivered")]
    first, again, other = disturbed(world, 1), disturbed(world, 1), disturbed(world, 2)
    assert first == again
    assert first != other
    assert sorted(first) != quiet


def fates(world: World, seed: int, times: int) -> list[tuple[str, bool]]:
    """Return for each of many requests how it was answered, and whether it was carried out."""
    world.emulator.faults.chaos(seed, 1.0)
    found = []
    for index in range(times):
        before = len(world.emulator.store.messages)
        try:
            send(world, str(index))
        except TwilioRestException as error:
            answer = str(error.status)
        except requests.ConnectionError:
            answer = "nothing"
        else:
            answer = "created"
        found.append((answer, len(world.emulator.store.messages) > before))
    world.emulator.faults.calm()
    world.emulator.advance(200)
    return found


def test_in_chaos_some_requests_are_refused_and_some_are_carried_out_all_the_same(
    world: World,
) -> None:
    first, again = fates(world, 3, 120), fates(world, 3, 120)
    assert first == again
    assert set(first) == {
        ("created", True),
        ("429", False),
        *((answer, done) for answer in ("500", "nothing") for done in (False, True)),
    }
    assert first.count(("created", True)) > 80


def test_in_chaos_some_texts_arrive_before_the_answer_to_their_creation(world: World) -> None:
    order: list[str] = []

    def note(seen: Seen) -> tuple[str, int]:
        order.append("reported")
        return "", 204

    world.answer("/status", note)
    world.emulator.faults.chaos(5, 0.5)
    for index in range(20):
        with suppress(TwilioRestException, requests.ConnectionError):
            send(world, str(index))
    early = len(order)
    assert 0 < early < 20


def test_chaos_never_loses_a_step_that_a_call_waits_for(world: World) -> None:
    world.answer("/voice", SAY)
    world.emulator.faults.chaos(7, 1.0)
    for _ in range(5):
        world.phone().dial(LINE)
        world.emulator.advance(60)
    assert world.texts(world.phone()).count("Fine.") == 5
    assert world.codes() == []

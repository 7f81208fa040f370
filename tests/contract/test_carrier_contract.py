"""What every carrier must do: Twilio's adapter over real HTTP, and the double that tests use.

Each case runs on both, so that no test of another part can rely on a double that behaves better
or worse than the wire.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mentoring.statuses import CALL_RANK, MESSAGE_RANK, is_final
from telephony.carrier import (
    CallRequest,
    CarrierError,
    Detection,
    NumberHooks,
    ReceivedCall,
    ReceivedText,
    TextRequest,
)
from telephony.emulator import make_wav
from telephony.reactions import ReactionName, reaction_for
from tests import leaks
from tests.contract.carrier_worlds import (
    LANDLINE,
    LINE,
    OTHER_LINE,
    PERSON,
    SITE,
    START,
    Double,
    Served,
    Wire,
    World,
)
from tests.contract.openapi import faults_of_sent

WAV = make_wav("please call me back", 3)
UNKNOWN_CALL, UNKNOWN_TEXT = "CA" + "e" * 32, "SM" + "e" * 32
UNKNOWN_RECORDING = "RE" + "e" * 32
# Sent on purpose as no number is written, to see it refused.
NO_NUMBER = "5155550135"


def _text(body: str = "Hello", *, to: str = PERSON, line: str = LINE) -> TextRequest:
    return TextRequest(to, line, body, f"{SITE}/sms/status?m=1")


def _call(*, to: str = PERSON, line: str = LINE) -> CallRequest:
    return CallRequest(
        to=to,
        from_line=line,
        url=f"{SITE}/voice/answered?d=1",
        status_callback=f"{SITE}/voice/status?d=1",
        fallback_url=f"{SITE}/fallback/voice",
        ring_seconds=25,
        time_limit_seconds=3600,
    )


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    servers = Served()
    yield servers
    servers.close()


@pytest.fixture(params=["double", "wire"])
def world(request: pytest.FixtureRequest, served: Served) -> Iterator[World]:
    leaks.participant(PERSON)
    leaks.participant(LANDLINE)
    if request.param == "double":
        yield Double()
        return
    wire = Wire(served)
    yield wire
    wire.emulator.close()
    assert wire.emulator.warnings == []
    on_purpose = ("To", NO_NUMBER)
    sent = [each for each in wire.emulator.requests if on_purpose not in each.form]
    assert faults_of_sent(sent) == []


def _send(world: World, request: TextRequest | CallRequest) -> None:
    if isinstance(request, TextRequest):
        world.carrier.send_text(request)
    else:
        world.carrier.place_call(request)


def _refused(world: World, request: TextRequest | CallRequest) -> CarrierError:
    with pytest.raises(CarrierError) as raised:
        _send(world, request)
    assert "555" not in f"{raised.value!r}{raised.value}{raised.value.detail}"
    return raised.value


def test_a_text_is_taken_and_its_status_is_one_that_we_know(world: World) -> None:
    sent = world.carrier.send_text(_text())
    assert (sent.sid[:2], len(sent.sid), sent.status, sent.segments) == ("SM", 34, "queued", 1)
    facts = world.carrier.message_status(sent.sid)
    assert facts is not None
    assert not is_final(facts.status)
    assert facts.status in MESSAGE_RANK


def test_a_text_is_delivered_in_the_end(world: World) -> None:
    sent = world.carrier.send_text(_text())
    world.deliver(sent.sid)
    facts = world.carrier.message_status(sent.sid)
    assert facts is not None
    assert (facts.status, facts.error_code) == ("delivered", None)


def test_a_text_that_fails_later_says_why(world: World) -> None:
    sent = world.carrier.send_text(_text())
    world.deliver(sent.sid, error_code=30003)
    facts = world.carrier.message_status(sent.sid)
    assert facts is not None
    assert (facts.status, facts.error_code) == ("undelivered", 30003)
    assert reaction_for(facts.error_code).name == ReactionName.CHECK_HANDSET


def test_ids_that_the_carrier_does_not_know_are_none(world: World) -> None:
    assert world.carrier.message_status(UNKNOWN_TEXT) is None
    assert world.carrier.call_status(UNKNOWN_CALL) is None


@pytest.mark.parametrize(
    ("request_", "code", "name"),
    [
        (_text(line="+15155550109"), 21606, ReactionName.CONFIG_ALERT),
        (_text(to=NO_NUMBER), 21211, ReactionName.NUMBER_INVALID),
        (_text(to=LANDLINE), 21614, ReactionName.LANDLINE),
        (_call(line="+15155550109"), 21210, ReactionName.CONFIG_ALERT),
    ],
    ids=["text from a foreign line", "text to no number", "text to a landline", "foreign caller"],
)
def test_what_can_never_work_is_refused_for_good(
    world: World, request_: TextRequest | CallRequest, code: int, name: ReactionName
) -> None:
    error = _refused(world, request_)
    assert (error.code, error.reaction.name) == (code, name)
    assert (error.permanent, error.processed) == (True, "no")


def test_after_a_stop_that_line_is_refused_and_the_other_line_is_not(world: World) -> None:
    world.carrier.send_text(_text())
    world.stop_texts()
    error = _refused(world, _text())
    assert (error.code, error.reaction.name) == (21610, ReactionName.OPTED_OUT)
    assert world.carrier.send_text(_text(line=OTHER_LINE)).sid


def test_too_many_requests_are_refused_for_now_and_nothing_was_done(world: World) -> None:
    world.be_too_busy("send_text")
    error = _refused(world, _text())
    assert (error.permanent, error.processed) == (False, "no")
    found = world.carrier.find_message(to=PERSON, from_line=LINE, body="Hello", since=START)
    assert found is None
    assert world.carrier.send_text(_text()).sid


def test_a_text_whose_answer_was_lost_is_found_at_the_carrier(world: World) -> None:
    world.lose_next_answer("send_text")
    error = _refused(world, _text())
    assert (error.permanent, error.processed) == (False, "maybe")
    found = world.carrier.find_message(to=PERSON, from_line=LINE, body="Hello", since=START)
    assert found is not None
    assert world.carrier.message_status(found.sid) is not None


def test_a_text_is_found_by_both_numbers_and_its_exact_body(world: World) -> None:
    body = "Adiós \N{GRINNING FACE}\nsee you & <me> + 100%"
    sent = world.carrier.send_text(_text(body))
    world.carrier.send_text(_text("something newer"))
    found = world.carrier.find_message(to=PERSON, from_line=LINE, body=body, since=START)
    assert found is not None
    assert found.sid == sent.sid
    for other in ({"body": body + " "}, {"from_line": OTHER_LINE}, {"to": "+15155550136"}):
        wanted = {"to": PERSON, "from_line": LINE, "body": body} | other
        assert world.carrier.find_message(**wanted, since=START) is None


def test_of_equal_texts_the_newest_is_found_and_none_from_before(world: World) -> None:
    world.carrier.send_text(_text())
    world.clock.advance(60)
    newer = world.carrier.send_text(_text())
    later = world.clock.now()
    found = world.carrier.find_message(to=PERSON, from_line=LINE, body="Hello", since=later)
    assert found is not None
    assert found.sid == newer.sid
    world.clock.advance(60)
    assert not world.carrier.find_message(
        to=PERSON, from_line=LINE, body="Hello", since=world.clock.now()
    )


def test_what_was_received_is_listed_oldest_first_and_what_was_sent_is_not(world: World) -> None:
    world.receive("long ago")
    world.clock.advance(3600)
    since = world.clock.now()
    body = "Adiós \N{GRINNING FACE}\nsee you & <me> + 100%"
    first = world.receive(body)
    world.carrier.send_text(_text())
    world.clock.advance(60)
    second = world.receive("again", line=OTHER_LINE)
    assert world.carrier.texts_received_since(since) == [
        ReceivedText(first, PERSON, LINE, body, 0, since),
        ReceivedText(second, PERSON, OTHER_LINE, "again", 0, world.clock.now()),
    ]
    assert list(world.carrier.texts_received_since(world.clock.now())) != []


def test_calls_that_came_in_are_listed_oldest_first_and_no_others(world: World) -> None:
    first = world.be_called()
    world.clock.advance(120)
    since = world.clock.now()
    world.carrier.place_call(_call())
    second = world.be_called(line=OTHER_LINE)
    world.clock.advance(60)
    third = world.be_called()
    assert world.carrier.calls_received_since(since) == [
        ReceivedCall(second, PERSON, OTHER_LINE, since),
        ReceivedCall(third, PERSON, LINE, world.clock.now()),
    ]
    assert first not in {second, third}


def test_what_callers_left_is_listed_oldest_first_once_it_is_ready_and_till_it_is_deleted(
    world: World,
) -> None:
    world.leave_message()
    world.clock.advance(120)
    since = world.clock.now()
    second = world.leave_message()
    world.clock.advance(60)
    world.leave_message(ready=False)
    third = world.leave_message()
    assert list(world.carrier.recordings_made_since(since)) == [second, third]
    world.carrier.delete_recording(third.sid)
    assert list(world.carrier.recordings_made_since(since)) == [second]


def test_a_list_of_many_pages_is_read_to_its_end(world: World) -> None:
    for which in range(210):
        world.receive(str(which))
    received = world.carrier.texts_received_since(world.clock.now())
    assert sorted(int(text.body) for text in received) == list(range(210))


def test_a_call_is_queued_and_ends_with_its_seconds(world: World) -> None:
    placed = world.carrier.place_call(_call())
    assert (placed.sid[:2], len(placed.sid)) == ("CA", 34)
    assert placed.status in CALL_RANK
    assert not is_final(placed.status)
    world.ring(placed.sid, engaged=True)
    facts = world.carrier.call_status(placed.sid)
    assert facts is not None
    assert (facts.status, facts.seconds) == ("busy", 0)


def test_a_call_can_be_hung_up_once_and_again(world: World) -> None:
    placed = world.carrier.place_call(_call())
    world.ring(placed.sid, engaged=False)
    live = world.carrier.call_status(placed.sid)
    assert live is not None
    assert (live.status, live.seconds) == ("in-progress", None)
    for _ in range(2):
        world.carrier.hang_up(placed.sid)
        world.catch_up()
        ended = world.carrier.call_status(placed.sid)
        assert ended is not None
        assert ended.status == "completed"
        assert ended.seconds is not None


def test_hanging_up_a_call_that_nobody_knows_is_fine(world: World) -> None:
    world.carrier.hang_up(UNKNOWN_CALL)
    assert world.carrier.call_status(UNKNOWN_CALL) is None


def test_a_call_whose_answer_was_lost_may_ring_all_the_same(world: World) -> None:
    world.lose_next_answer("place_call")
    assert _refused(world, _call()).processed == "maybe"


def test_a_call_whose_answer_was_lost_is_found_at_the_carrier(world: World) -> None:
    world.lose_next_answer("place_call")
    _refused(world, _call())
    found = world.carrier.find_call(to=PERSON, from_line=LINE, since=START)
    assert found is not None
    assert world.carrier.call_status(found.sid) is not None


def test_the_newest_call_of_both_numbers_is_found(world: World) -> None:
    assert world.carrier.find_call(to=PERSON, from_line=LINE, since=START) is None
    world.carrier.place_call(_call())
    world.clock.advance(60)
    newest = world.carrier.place_call(_call())
    world.carrier.place_call(_call(line=OTHER_LINE))
    found = world.carrier.find_call(to=PERSON, from_line=LINE, since=START)
    assert found is not None
    assert found.sid == newest.sid
    since = world.clock.now()
    assert world.carrier.find_call(to=PERSON, from_line=LINE, since=since) == found
    world.clock.advance(1)
    since = world.clock.now()
    assert world.carrier.find_call(to=PERSON, from_line=LINE, since=since) is None
    assert world.carrier.find_call(to=LANDLINE, from_line=LINE, since=START) is None


@pytest.mark.parametrize("detection", ["none", "machine", "end of greeting"])
def test_a_call_may_ask_who_answers(world: World, detection: Detection) -> None:
    placed = world.carrier.place_call(replace(_call(), detection=detection))
    world.ring(placed.sid, engaged=False)
    live = world.carrier.call_status(placed.sid)
    assert live is not None
    assert live.status == "in-progress"


def test_a_recording_is_fetched_whole_and_gone_once_deleted(world: World) -> None:
    sid = world.store_recording(WAV)
    assert world.carrier.fetch_recording(sid) == WAV
    world.carrier.delete_recording(sid)
    world.carrier.delete_recording(sid)
    with pytest.raises(CarrierError):
        world.carrier.fetch_recording(sid)


def test_deleting_a_recording_that_nobody_knows_is_fine(world: World) -> None:
    world.carrier.delete_recording(UNKNOWN_RECORDING)


def test_a_recording_that_is_not_stored_yet_is_worth_another_try(world: World) -> None:
    sid = world.store_recording(None)
    with pytest.raises(CarrierError) as raised:
        world.carrier.fetch_recording(sid)
    assert not raised.value.permanent
    assert raised.value.reaction.retry_after is not None


@pytest.mark.parametrize(
    ("number", "kind"), [(PERSON, "mobile"), (LANDLINE, "landline"), ("515 555", "invalid")]
)
def test_the_kind_of_a_line_is_told(world: World, number: str, kind: str) -> None:
    assert world.carrier.line_type(number) == kind


def test_a_number_is_pointed_at_all_our_addresses_and_lists_them(world: World) -> None:
    before = {number.number: number for number in world.carrier.numbers()}
    assert before.keys() == {LINE, OTHER_LINE}
    line = before[LINE]
    assert (line.voice, line.sms, line.problem) == (True, True, None)
    assert line.hooks == NumberHooks()
    hooks = NumberHooks(
        voice_url=f"{SITE}/voice",
        voice_fallback_url=f"{SITE}/fallback/voice",
        status_callback=f"{SITE}/voice/status",
        sms_url=f"{SITE}/sms",
        sms_fallback_url=f"{SITE}/fallback/text",
        voice_fallback_method="GET",
    )
    world.carrier.point_number(line.sid, hooks)
    after = {number.number: number for number in world.carrier.numbers()}
    assert (after[LINE].hooks, after[LINE].problem) == (hooks, None)
    assert after[OTHER_LINE].hooks == NumberHooks()


def test_pointing_a_number_that_is_not_ours_is_an_error(world: World) -> None:
    with pytest.raises(CarrierError) as raised:
        world.carrier.point_number("PN" + "e" * 32, NumberHooks())
    assert raised.value.permanent

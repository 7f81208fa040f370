"""Calls, recordings and numbers by REST, asked by the unmodified official client."""

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest.api.v2010.account.call import CallInstance

from telephony.emulator import answers, read_sound, voicemail
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, PAIR_LINE, World

HELLO = "<Response><Say>Hello there.</Say><Pause length='30'/></Response>"


def place(world: World, **changes: object) -> CallInstance:
    given: dict[str, object] = {"to": CALLER, "from_": LINE, "url": world.hook("/hello")}
    world.app.answers.setdefault("/hello", HELLO)
    given |= changes
    return world.client.calls.create(**{name: value for name, value in given.items() if value})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "911"}, 21211),
        ({"to": "sip:ada@example.org"}, 21211),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"to": "+12125551234"}, 21215),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "anonymous"}, 21212),
        ({"from_": "+15155550178"}, 21210),
        ({"url": "ftp://example.org"}, 21205),
        ({"url": None}, 21205),
        ({"url": None, "twiml": "<Response>" + " " * 4000}, 20001),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback_event": ["hung-up"]}, 21626),
        ({"timeout": 601}, 20001),
        ({"method": "PUT"}, 20001),
        ({"machine_detection": "Maybe"}, 20001),
        ({"send_digits": "abc"}, 20001),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused_with_the_carriers_code(
    world: World, changes: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as caught:
        place(world, **changes)
    assert (caught.value.code, caught.value.status) == (code, 400)
    assert world.client.calls.list() == []


def test_a_verified_number_may_be_shown_as_caller(world: World) -> None:
    world.emulator.verify_caller("+15155550178")
    place(world, from_="+15155550178")
    world.emulator.run_due()
    assert world.phone().ringing == "+15155550178"


def test_calls_start_one_second_apart(world: World) -> None:
    place(world)
    place(world, to=MENTOR)
    world.emulator.run_due()
    assert world.phone().ringing == LINE
    assert world.phone(MENTOR).ringing is None
    world.emulator.advance(1)
    assert world.phone(MENTOR).ringing == LINE


def test_a_document_may_come_with_the_request(world: World) -> None:
    place(world, url=None, twiml="<Response><Say>Inline words.</Say></Response>")
    world.emulator.run_due()
    world.phone().answer()
    assert world.texts(world.phone()) == ["Inline words."]


def test_a_relative_address_in_an_inline_document_cannot_be_used(world: World) -> None:
    place(world, url=None, twiml="<Response><Redirect>/next</Redirect></Response>")
    world.emulator.run_due()
    world.phone().answer()
    world.emulator.settle()
    assert world.codes() == [11100]
    assert "application error" in world.texts(world.phone())[0]


def test_an_unanswered_call_stops_ringing_after_its_timeout_and_five_seconds(world: World) -> None:
    sid = place(world, timeout=10).sid
    world.emulator.advance(14.9)
    assert world.client.calls(sid).fetch().status == "ringing"
    world.emulator.advance(0.2)
    assert world.client.calls(sid).fetch().status == "no-answer"


def test_a_call_ends_at_its_time_limit(world: World) -> None:
    world.phone().when_rung = answers(after=0)
    sid = place(world, time_limit=20).sid
    world.emulator.advance(40)
    assert world.client.calls(sid).fetch().duration == "20"


@pytest.mark.parametrize(("status", "final"), [("canceled", "canceled"), ("completed", "canceled")])
def test_a_ringing_call_can_be_stopped(world: World, status: str, final: str) -> None:
    sid = place(world, status_callback=world.hook("/status")).sid
    world.emulator.run_due()
    world.client.calls(sid).update(status=status)
    world.emulator.run_due()
    assert world.phone().ringing is None
    assert world.app.at("/status")[-1]["CallStatus"] == final


def test_a_queued_call_that_is_cancelled_never_rings(world: World) -> None:
    sid = place(world).sid
    world.client.calls(sid).update(status="canceled")
    world.emulator.advance(5)
    assert world.phone().calls == []
    assert world.client.calls(sid).fetch().status == "canceled"


def test_a_live_call_can_be_completed_and_an_ended_one_not_changed(world: World) -> None:
    world.phone().when_rung = answers(after=0)
    sid = place(world).sid
    world.emulator.advance(2)
    with pytest.raises(TwilioRestException) as caught:
        world.client.calls(sid).update(status="canceled")
    assert caught.value.code == 21220
    world.client.calls(sid).update(status="completed")
    world.emulator.run_due()
    assert world.phone().call is None
    for change in ({"status": "completed"}, {"twiml": "<Response/>"}):
        with pytest.raises(TwilioRestException) as caught:
            world.client.calls(sid).update(**change)
        assert caught.value.code == 21220


def test_a_live_call_can_be_sent_to_another_document(world: World) -> None:
    world.answer("/other", "<Response><Say>Something else.</Say></Response>")
    world.phone().when_rung = answers(after=0)
    sid = place(world).sid
    world.emulator.advance(10)
    world.client.calls(sid).update(url=world.hook("/other"))
    world.emulator.run_due()
    assert world.texts(world.phone())[-1] == "Something else."
    world.emulator.settle()
    assert world.client.calls(sid).fetch().status == "completed"


def test_a_new_document_that_fails_has_a_fallback_of_its_own(world: World) -> None:
    world.answer("/hello", "<Response><Pause length='600'/></Response>")
    world.answer("/rescue", "<Response><Say>Rescued.</Say></Response>")
    world.phone().when_rung = answers(after=0)
    sid = place(world).sid
    world.emulator.advance(10)
    world.client.calls(sid).update(
        url=world.hook("/broken"), fallback_url=world.hook("/rescue"), fallback_method="POST"
    )
    world.emulator.run_due()
    assert world.texts(world.phone())[-1] == "Rescued."
    assert world.app.at("/rescue")[0]["ErrorCode"] == "11200"


def test_a_ringing_call_takes_up_a_new_document_when_answered(world: World) -> None:
    sid = place(world).sid
    world.emulator.run_due()
    world.client.calls(sid).update(twiml="<Response><Say>Changed.</Say></Response>")
    world.phone().answer()
    assert world.texts(world.phone()) == ["Changed."]
    assert world.app.at("/hello") == []


def test_calls_are_listed_by_numbers_parent_and_status(world: World) -> None:
    world.answer("/voice", "<Response><Dial callerId='+15155550100'>+15155550116</Dial></Response>")
    world.phone(MENTOR).when_rung = answers(after=1)
    world.phone().dial(LINE)
    world.emulator.advance(2)
    parent = world.app.at("/voice")[0]["CallSid"]
    (child,) = world.client.calls.list(parent_call_sid=parent)
    assert (child.to, child.direction, child.status) == (MENTOR, "outbound-dial", "in-progress")
    assert len(world.client.calls.list(status="in-progress")) == 2
    assert [call.sid for call in world.client.calls.list(from_=CALLER)] == [parent]
    assert world.client.calls.list(to="+15155550199") == []
    now = world.emulator.engine.now()
    assert len(world.client.calls.list(start_time_after=now.date())) == 2
    assert world.emulator.warnings == []


def test_a_call_record_can_be_deleted_when_it_is_over(world: World) -> None:
    sid = place(world).sid
    with pytest.raises(TwilioRestException) as caught:
        world.client.calls(sid).delete()
    assert caught.value.code == 20009
    world.emulator.advance(100)
    assert world.client.calls(sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        world.client.calls(sid).fetch()
    assert caught.value.code == 20404


def test_detection_delays_the_document_and_tells_a_machine_from_a_person(world: World) -> None:
    world.phone().when_rung = answers(after=1)
    world.phone(MENTOR).when_rung = voicemail(after=1)
    place(world, machine_detection="Enable")
    place(world, to=MENTOR, machine_detection="Enable", status_callback=world.hook("/status"))
    world.emulator.advance(3)
    assert world.app.at("/hello") == []
    world.emulator.advance(10)
    verdicts = {seen["To"]: seen["AnsweredBy"] for seen in world.app.at("/hello")}
    assert verdicts == {CALLER: "human", MENTOR: "machine_start"}
    world.phone(MENTOR).hang_up()
    assert world.app.at("/status")[-1]["AnsweredBy"] == "machine_start"


def test_asynchronous_detection_runs_beside_the_document(world: World) -> None:
    world.answer("/amd", ("", 204))
    world.phone().when_rung = voicemail(after=1)
    place(
        world,
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=world.hook("/amd"),
    )
    world.emulator.advance(2)
    assert "AnsweredBy" not in world.app.at("/hello")[0].params
    world.emulator.advance(20)
    assert world.app.at("/amd")[0]["AnsweredBy"] == "machine_end_beep"
    assert world.app.at("/amd")[0]["MachineDetectionDuration"] == "15000"


def test_digits_are_sent_to_whoever_answers(world: World) -> None:
    world.phone().when_rung = answers(after=1)
    place(world, send_digits="ww12#")
    world.emulator.advance(2)
    assert world.texts(world.phone())[0] == "[tones ww12#]"


def recorded(world: World) -> str:
    world.answer("/voice", "<Response><Record action='/recorded' timeout='2'/></Response>")
    world.answer("/recorded", "<Response/>")
    phone = world.phone()
    phone.dial(LINE)
    phone.listen()
    phone.say("Please call me back")
    world.emulator.advance(2)
    return world.app.at("/recorded")[0]["RecordingSid"]


def test_a_recording_is_a_real_file_with_its_words_inside(world: World) -> None:
    sid = recorded(world)
    base = f"{world.api_url}/2010-04-01/Accounts/{world.emulator.account_sid}/Recordings/{sid}"
    login = (world.emulator.account_sid, world.emulator.auth_token)
    assert requests.get(f"{base}.wav", auth=login, timeout=5).status_code == 404
    assert world.client.recordings(sid).fetch().status == "processing"
    world.emulator.advance(5)
    assert requests.get(f"{base}.wav", timeout=5).status_code == 401
    for address in (f"{base}.wav", base):
        file = requests.get(address, auth=login, timeout=5)
        assert file.headers["Content-Type"] == "audio/x-wav"
        assert read_sound(file.content).words == "Please call me back"
    mp3 = requests.get(f"{base}.mp3", auth=login, timeout=5)
    assert (mp3.headers["Content-Type"], mp3.content[:2]) == ("audio/mpeg", b"\xff\xfb")


def test_recordings_are_listed_and_deleted(world: World) -> None:
    sid = recorded(world)
    world.emulator.advance(5)
    call_sid = world.app.at("/voice")[0]["CallSid"]
    (found,) = world.client.recordings.list(call_sid=call_sid)
    assert (found.sid, found.status, found.source) == (sid, "completed", "RecordVerb")
    assert [each.sid for each in world.client.calls(call_sid).recordings.list()] == [sid]
    assert world.client.recordings(sid).delete()
    assert world.client.recordings.list() == []
    with pytest.raises(TwilioRestException) as caught:
        world.client.recordings(sid).fetch()
    assert caught.value.status == 404
    assert world.emulator.warnings == []


def test_numbers_are_listed_pointed_elsewhere_and_released(world: World) -> None:
    assert [each.phone_number for each in world.client.incoming_phone_numbers.list()] == [
        LINE,
        PAIR_LINE,
    ]
    (number,) = world.client.incoming_phone_numbers.list(phone_number=PAIR_LINE)
    assert number.capabilities == {"fax": False, "mms": True, "sms": True, "voice": True}
    number.update(voice_url=world.hook("/new"), voice_method="GET", friendly_name="Pair line 1")
    again = world.client.incoming_phone_numbers(number.sid).fetch()
    assert (again.voice_url, again.voice_method) == (world.hook("/new"), "GET")
    assert again.friendly_name == "Pair line 1"
    world.answer("/new", "<Response><Say>New.</Say></Response>")
    world.phone().dial(PAIR_LINE)
    assert world.app.at("/new")[0].method == "GET"
    with pytest.raises(TwilioRestException) as caught:
        number.update(sms_url="no url")
    assert caught.value.code == 21402
    for fallback, code in (("voice_fallback_url", 21405), ("sms_fallback_url", 21406)):
        first = fallback.replace("_fallback", "")
        with pytest.raises(TwilioRestException) as caught:
            number.update(**{first: "", fallback: world.hook("/fallback")})
        assert caught.value.code == code
        assert getattr(number.fetch(), first)
        number.update(**{fallback: world.hook("/fallback")})
    assert number.delete()
    assert len(world.client.incoming_phone_numbers.list()) == 1
    assert world.emulator.warnings == []


def test_numbers_for_sale_can_be_searched_and_bought(world: World) -> None:
    offered = world.client.available_phone_numbers("US").local.list(area_code="212", page_size=3)
    assert offered[0].phone_number == "+12125550100"
    bought = world.client.incoming_phone_numbers.create(phone_number="+12125550100")
    assert bought.sid.startswith("PN")
    by_area = world.client.incoming_phone_numbers.create(area_code="212")
    assert by_area.phone_number == "+12125550101"
    for given, code in (
        ({"phone_number": "+12125550100"}, 21422),
        ({"phone_number": "+15005550000"}, 21422),
        ({"phone_number": "+15005550001"}, 21421),
        ({"phone_number": "twelve"}, 21421),
        ({"phone_number": "+12125550150", "sms_fallback_url": "https://a.example/f"}, 21406),
        ({"area_code": "533"}, 21452),
        ({}, 21421),
    ):
        with pytest.raises(TwilioRestException) as caught:
            world.client.incoming_phone_numbers.create(**given)
        assert caught.value.code == code


def test_lookup_knows_line_types_and_calls_an_invalid_number_invalid(world: World) -> None:
    world.phone(MENTOR).landline = True
    world.emulator.add_number("+18005550100")

    def line_type(number: str) -> object:
        found = world.client.lookups.v2.phone_numbers(number).fetch(fields="line_type_intelligence")
        return found.line_type_intelligence["type"] if found.valid else found.validation_errors

    assert line_type(CALLER) == "mobile"
    assert line_type(MENTOR) == "landline"
    assert line_type(LINE) == "nonFixedVoip"
    assert line_type("+18005550100") == "tollFree"
    assert line_type("+1515555") == ["TOO_SHORT"]
    plain = world.client.lookups.v2.phone_numbers("5155550135").fetch()
    assert (plain.phone_number, plain.national_format) == (CALLER, "(515) 555-0135")
    assert plain.line_type_intelligence is None
    assert world.emulator.warnings == []


def test_messaging_services_are_listed_with_their_numbers(world: World) -> None:
    assert world.client.messaging.v1.services.list() == []
    sid = world.emulator.add_service(PAIR_LINE, inbound_url="https://texts.example.org/in")
    (service,) = world.client.messaging.v1.services.list()
    assert (service.sid, service.use_inbound_webhook_on_number) == (sid, False)
    assert service.inbound_request_url == "https://texts.example.org/in"
    (number,) = world.client.messaging.v1.services(sid).phone_numbers.list()
    (own,) = world.client.incoming_phone_numbers.list(phone_number=PAIR_LINE)
    assert (number.sid, number.phone_number) == (own.sid, PAIR_LINE)
    with pytest.raises(TwilioException, match="20404"):
        world.client.messaging.v1.services("MG" + "0" * 32).phone_numbers.list()

"""The checker of outgoing requests finds planted mistakes, and nothing in what is right."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_spec_validator import OpenAPIV30SpecValidator
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from telephony.emulator import Emulator, LocalServer, RestRequest, VirtualClock
from telephony.twilio_http import MappedHttpClient
from tests.contract.openapi import Checker, faults_of_sent, load_checker

BASE = "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001"
CALL = f"{BASE}/Calls/CA{'0' * 32}.json"
PERSON, LINE = "+15155550135", "+15155550100"
Form = dict[str, str | list[str] | None]
TEXT: Form = {"To": PERSON, "From": LINE, "Body": "Hello"}
RING: Form = {"To": PERSON, "From": LINE, "Url": "https://bridge.example.org/voice"}


@dataclass(frozen=True)
class Sent:
    """A request as somebody might have sent it."""

    method: str
    url: str
    form: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "Authorization": "Basic QUM6eA==",
            "Content-Type": "application/x-www-form-urlencoded",
        }
    )


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


def text(**changes: str | list[str] | None) -> Sent:
    return post(f"{BASE}/Messages.json", TEXT | changes)


def ring(**changes: str | list[str] | None) -> Sent:
    return post(f"{BASE}/Calls.json", RING | changes)


def post(url: str, form: Form) -> Sent:
    pairs: list[tuple[str, str]] = []
    for name, value in form.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, each) for each in values if each is not None]
    return Sent("POST", url, pairs)


def test_the_documents_are_sound_themselves(checker: Checker) -> None:
    faults = [
        f"{name}: {fault.message}"
        for name, document in checker.documents()
        for fault in OpenAPIV30SpecValidator(dict(document)).iter_errors()
    ]
    assert not faults


@pytest.mark.parametrize(
    "sent",
    [
        text(),
        text(StatusCallback="https://bridge.example.org/status?m=1", ValidityPeriod="600"),
        text(Body=None, MediaUrl=["https://bridge.example.org/a.png"] * 2),
        text(From=None, MessagingServiceSid=f"MG{'0' * 32}"),
        text(Body="x" * 1600),
        ring(),
        ring(Url=None, Twiml="<Response/>", StatusCallbackEvent=["initiated", "completed"]),
        post(CALL, {"Status": "completed"}),
        post(f"{BASE}/Messages/SM{'0' * 32}.json", {"Body": ""}),
        Sent(
            "GET",
            f"{BASE}/Messages.json?To=%2B15155550135&DateSent%3E=2026-03-03T00%3A00%3A00Z&PageSize=50",
        ),
        Sent("GET", "https://lookups.twilio.com/v2/PhoneNumbers/+15155550135?Fields=line_status"),
        Sent("GET", f"{BASE}/Recordings/RE{'0' * 32}.wav"),
        Sent("DELETE", f"{BASE}/Recordings/RE{'0' * 32}.json"),
    ],
)
def test_what_is_right_passes(checker: Checker, sent: Sent) -> None:
    assert checker.faults(sent) == []


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        (text(To=None), "To is required"),
        (text(To="515 555 0135"), "To is not a number"),
        (text(From="BridgeLine"), "From is not a number"),
        (text(From=None), "one of From, MessagingServiceSid"),
        (text(Body=None), "one of Body, MediaUrl, ContentSid"),
        (text(Body=""), "one of Body, MediaUrl, ContentSid"),
        (text(Body="x" * 1601), "Body is longer"),
        (text(MediaUrl=["https://bridge.example.org/a.png"] * 11), "MediaUrl is given more"),
        (text(MediaUrl="/a.png"), "MediaUrl is not an absolute"),
        (text(StatusCallback="/status"), "StatusCallback is not an absolute"),
        (text(StatusCallBack="https://bridge.example.org/"), "no parameter StatusCallBack"),
        (text(ValidityPeriod="abc"), "ValidityPeriod has a value"),
        (text(ScheduleType="later"), "ScheduleType has a value"),
        (text(MessagingServiceSid="MG1"), "MessagingServiceSid has a value"),
        (text(SmartEncoded="maybe"), "SmartEncoded has a value"),
        (ring(Url=None), "one of Url, Twiml, ApplicationSid"),
        (ring(Method="PUT"), "Method has a value"),
        (ring(Twiml="x" * 4001), "Twiml is longer"),
        (ring(TimeOut="20"), "no parameter TimeOut"),
        (post(CALL, {"Status": "hangup"}), "Status has a value"),
        (post(f"{BASE}/Calls/CA1.json", {"Status": "completed"}), "parameter Sid"),
        (post(f"{BASE}/Messagez.json", {}), "not described"),
        (Sent("GET", f"{BASE}/Messages.json?PageSize=5000"), "parameter PageSize"),
        (Sent("GET", f"{BASE}/Messages.json?Too=x"), "no parameter Too"),
        (Sent("GET", "https://example.org/"), "not a host"),
        (Sent("GET", f"{BASE}/Messages.json", headers={}), "login"),
        (Sent("GET", f"{BASE}/Recordings/RE{'0' * 32}.wav", headers={}), "login"),
    ],
)
def test_a_planted_mistake_is_found_and_named(checker: Checker, sent: Sent, named: str) -> None:
    faults = checker.faults(sent)
    assert any(named in fault for fault in faults), faults
    assert "5550135" not in " ".join(faults)


@pytest.fixture
def emulator() -> Emulator:
    emulator = Emulator(VirtualClock())
    emulator.add_number(LINE)
    return emulator


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Client]:
    with LocalServer(emulator.wsgi_app) as api:
        http = MappedHttpClient(base_url=api.url)
        yield Client(emulator.account_sid, emulator.auth_token, http_client=http)
        http.session.close()


def use_everything(client: Client, emulator: Emulator) -> None:
    """Ask each operation of the emulator once."""
    sent = client.messages.create(to=PERSON, from_=LINE, body="Hello")
    emulator.advance(5)
    client.messages(sent.sid).fetch()
    client.messages.list(to=PERSON, date_sent_after=emulator.engine.now(), page_size=1)
    call = client.calls.create(to=PERSON, from_=LINE, twiml="<Response/>", timeout=20)
    client.calls.list(status="queued")
    client.calls(call.sid).update(status="canceled")
    client.calls(call.sid).fetch()
    client.recordings.list()
    number = client.incoming_phone_numbers.list()[0]
    number.update(voice_url="https://bridge.example.org/voice")
    client.available_phone_numbers("US").local.list(area_code="212", limit=1)
    client.incoming_phone_numbers.create(area_code="212")
    client.lookups.v2.phone_numbers(PERSON).fetch(fields="line_type_intelligence")
    client.messaging.v1.services.list()
    client.messaging.v1.services(emulator.add_service(number.phone_number)).phone_numbers.list()


def test_requests_recorded_by_the_emulator_can_be_checked(
    checker: Checker, emulator: Emulator, client: Client
) -> None:
    use_everything(client, emulator)
    assert len(emulator.requests) >= 14
    assert [fault for each in emulator.requests for fault in checker.faults(each)] == []


@pytest.mark.usefixtures("checker")
def test_a_request_that_was_refused_is_held_against_the_documents_as_well(
    emulator: Emulator, client: Client
) -> None:
    emulator.faults.rest_error(429, match="Messages")
    with pytest.raises(TwilioRestException):
        client.messages.create(to=PERSON, from_=LINE, body="Hello", status_callback="status")
    assert any("StatusCallback" in fault for fault in faults_of_sent(emulator.requests))


def test_the_answers_of_the_emulator_are_those_that_the_documents_describe(
    checker: Checker, emulator: Emulator, client: Client
) -> None:
    checked: list[str] = []

    def check(answer: requests.Response, *_: object, **__: object) -> None:
        sent = answer.request
        host = str(sent.headers["Host"])
        # The look-up's document forbids the nulls that the carrier's own examples show.
        if host == "lookups.twilio.com":
            return
        address = f"https://{host}{sent.path_url}"
        asked = requests.Request(
            sent.method,
            address,
            headers={"Authorization": str(sent.headers["Authorization"])},
        )
        checker.document_for(host).validate_response(
            RequestsOpenAPIRequest(asked), RequestsOpenAPIResponse(answer)
        )
        checked.append(address)

    client.http_client.session.hooks["response"].append(check)
    use_everything(client, emulator)
    assert len(checked) == len(emulator.requests) - 1


def test_a_recorded_request_keeps_what_a_check_needs(emulator: Emulator, client: Client) -> None:
    seen: list[RestRequest] = []
    emulator.on_request = seen.append
    client.messages.create(
        to=PERSON, from_=LINE, body="Hello", media_url=["http://a/", "http://b/"]
    )
    (request,) = seen
    assert request.url.startswith("https://api.twilio.com/2010-04-01/")
    assert [value for name, value in request.form if name == "MediaUrl"] == [
        "http://a/",
        "http://b/",
    ]
    assert request.status == 201

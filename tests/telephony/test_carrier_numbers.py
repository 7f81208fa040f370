"""What the adapter tells about numbers: anybody's by Lookup, and those of the account."""

from collections.abc import Iterator

import pytest

from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.scripted_server import LINE, PERSON, ScriptedServer, json_answer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


@pytest.fixture
def carrier(server: ScriptedServer) -> TwilioCarrier:
    return server.carrier()


@pytest.mark.parametrize(
    "number", ["", "5155550135", "+1515555013?Fields=x", "+1/../x", "+0123456"]
)
def test_a_number_that_is_none_is_invalid_without_asking(
    server: ScriptedServer, carrier: TwilioCarrier, number: str
) -> None:
    assert carrier.line_type(number) == "invalid"
    assert server.asked == []


@pytest.mark.parametrize(
    ("kind", "line_type"),
    [
        ("mobile", "mobile"),
        ("landline", "landline"),
        ("fixedVoip", "voip"),
        ("nonFixedVoip", "voip"),
        ("tollFree", "toll_free"),
        ("premium", "premium"),
        ("sharedCost", "premium"),
        ("pager", "unknown"),
        ("somethingNew", "unknown"),
    ],
)
def test_the_kinds_of_lines_are_told_in_our_words(
    server: ScriptedServer, carrier: TwilioCarrier, kind: str, line_type: str
) -> None:
    facts = f'{{"type": "{kind}", "error_code": null}}'
    server.answers = [json_answer(f'{{"valid": true, "line_type_intelligence": {facts}}}')]
    assert carrier.line_type(PERSON) == line_type
    assert server.asked[0].headers["Host"] == "lookups.twilio.com"


@pytest.mark.parametrize(
    ("body", "line_type"),
    [
        ('{"valid": false, "line_type_intelligence": null}', "invalid"),
        ('{"valid": true, "line_type_intelligence": null}', "unknown"),
        ('{"valid": true, "line_type_intelligence": {"type": null}}', "unknown"),
        ('{"valid": true, "line_type_intelligence": {"error_code": 60600}}', "unknown"),
    ],
)
def test_a_lookup_that_cannot_say_is_unknown_and_an_impossible_number_invalid(
    server: ScriptedServer, carrier: TwilioCarrier, body: str, line_type: str
) -> None:
    server.answers = [json_answer(body)]
    assert carrier.line_type(PERSON) == line_type


@pytest.mark.parametrize(
    ("settings", "is_lost"),
    [
        ('"inbound_request_url": null, "use_inbound_webhook_on_number": false', True),
        ('"inbound_request_url": "https://other.example.org"', True),
        ('"inbound_request_url": "https://line.example.org/sms/inbound"', False),
        ('"inbound_request_url": null, "use_inbound_webhook_on_number": true', False),
    ],
)
def test_a_number_whose_texts_a_service_takes_elsewhere_says_so(
    server: ScriptedServer, carrier: TwilioCarrier, settings: str, is_lost: bool
) -> None:
    own = f'{{"sid": "PN1", "phone_number": "{LINE}", "capabilities": {{"sms": true}}'
    rows = f'{own}, "sms_url": "https://line.example.org/sms/inbound"}}'
    meta = '"meta": {"key": "%s", "next_page_url": null}'
    service = f'{{"sid": "MG1", {settings}}}'
    server.answers = [
        json_answer(f'{{"incoming_phone_numbers": [{rows}], "next_page_uri": null}}'),
        json_answer(f'{{"services": [{service}], {meta % "services"}}}'),
        json_answer(f'{{"phone_numbers": [{{"sid": "PN1"}}], {meta % "phone_numbers"}}}'),
    ]
    (number,) = carrier.numbers()
    assert ("Messaging Service" in (number.problem or "")) is is_lost


@pytest.mark.parametrize(
    ("extra", "problem"),
    [
        ('"trunk_sid": "TK1"', "SIP trunk"),
        ('"voice_application_sid": "AP1"', "its calls go to a twiml application"),
        ('"sms_application_sid": "AP1"', "its texts go to a twiml application"),
        ('"voice_method": "GET"', "by GET"),
        ('"sms_method": "POST"', None),
    ],
)
def test_a_number_whose_addresses_have_no_effect_says_so(
    server: ScriptedServer, carrier: TwilioCarrier, extra: str, problem: str | None
) -> None:
    row = f'{{"sid": "PN1", "phone_number": "{LINE}", "capabilities": {{"sms": true}}, {extra}}}'
    services = '{"services": [], "meta": {"key": "services", "next_page_url": null}}'
    server.answers = [
        json_answer(f'{{"incoming_phone_numbers": [{row}], "next_page_uri": null}}'),
        json_answer(services),
    ]
    (number,) = carrier.numbers()
    assert (number.number, number.sms, number.voice) == (LINE, True, False)
    assert number.hooks.voice_url == ""
    if problem is None:
        assert number.problem is None
    else:
        assert problem.lower() in (number.problem or "").lower()

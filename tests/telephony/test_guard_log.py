"""The exchange log: one line of JSON for each request, from which nobody can be recognised."""

import logging
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask

from mentoring.clock import ManualClock
from telephony.webhooks import Guard
from tests.telephony.guarded_app import BASE_URL, CALL_SID, FORM, TOKEN, GuardedApp, Lines

NUMBER = "15155550177"
SPELLINGS = [
    "+15155550177",
    "15155550177",
    "5155550177",
    "515-555-0177",
    "(515) 555 0177",
    "+1 515 555 01 77",
    "5 1 5 5 5 5 0 1 7 7",
    "%2B15155550177",
    "tel:+1.515.555.0177",
    "５１５５５５０１７７",
]
PARAMETERS = [
    "From",
    "To",
    "Caller",
    "Called",
    "ForwardedFrom",
    "CallerName",
    "Body",
    "SpeechResult",
    "Digits",
    "CallStatus",
    "MessageStatus",
    "Direction",
    "ErrorCode",
    "NumMedia",
    "SequenceNumber",
    "CallDuration",
    "OptOutType",
    "CallSid",
    "MessageSid",
    "ParentCallSid",
    "RecordingUrl",
    "MediaUrl0",
    "FromCity",
    "Unheard",
    "StirVerstat",
]
BODY = "my name is Ada and I cannot go on"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _leaks(line: str) -> bool:
    """Tell whether the number is in a line, whatever stands between its digits."""
    unescaped = line.encode().decode("unicode_escape")
    return any("5155550177" in _digits(quote(part) + part) for part in unescaped.split('"'))


def test_an_exchange_is_one_line_with_the_facts_of_the_contract() -> None:
    app = GuardedApp()
    token = "0f8fad5b-d9cb-469f-a165-70867728950e"
    app.post(headers={"I-Twilio-Idempotency-Token": token})
    assert len(app.log.texts) == 1
    assert "\n" not in app.log.texts[0]
    line = app.log.last
    assert line.pop("ms") >= 0
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line == {
        "route": "/voice",
        "medium": "voice",
        "status": 200,
        "token": token,
        "CallSid": CALL_SID,
        "From": "#12",
        "To": "#12",
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "Digits": 1,
        "names": list(FORM),
    }


def test_the_time_in_the_log_is_that_of_the_given_clock() -> None:
    lines = Lines()
    logger = logging.getLogger("bridgeline.exchange.clock")
    logger.setLevel(logging.INFO)
    logger.handlers = [lines]
    guard = Guard(
        [TOKEN],
        BASE_URL,
        logger,
        apology=lambda _: "<Response/>",
        hash_number=lambda _: "#",
        clock=ManualClock(datetime(2026, 3, 3, 17, tzinfo=UTC)),
    )

    def answer() -> str:
        return "<Response/>"

    app = Flask(__name__)
    app.add_url_rule("/x", "x", guard.voice(answer), methods=["POST"])
    app.test_client().post("/x")
    assert lines.last["time"] == "2026-03-03T17:00:00.000+00:00"


def test_the_words_of_a_person_become_their_length() -> None:
    app = GuardedApp()
    app.post("/text", FORM | {"Body": BODY, "SpeechResult": BODY, "Digits": "0177"})
    line = app.log.last
    assert (line["Body"], line["SpeechResult"], line["Digits"]) == (len(BODY), len(BODY), 4)
    assert "Ada" not in app.log.texts[0]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("target", ["/voice", "/text", "/callback"])
def test_no_number_is_logged_wherever_a_hostile_request_puts_it(target: str, spelling: str) -> None:
    app = GuardedApp()
    form = dict.fromkeys(PARAMETERS, spelling)
    form |= {spelling: "as a name", f"a{spelling}": "", "CallSid": f"CA{spelling}"}
    query = f"?who={quote(spelling)}&{quote(spelling)}=1"
    headers = {"I-Twilio-Idempotency-Token": "15155550177", "User-Agent": "15155550177"}
    app.post(f"{target}{query}", form, headers=headers)
    app.client.post(f"{target}{query}", data=form, headers=headers)
    app.client.post(f"/voice/{quote(spelling)}{query}", data=form, headers=headers)
    assert [line["status"] for line in app.log.lines] == [200, 403, 403]
    assert not [line for line in app.log.texts if _leaks(line)]


def test_the_leak_check_of_these_tests_finds_a_planted_number() -> None:
    for spelling in SPELLINGS[:-1]:
        assert _leaks(f'{{"Body": "call {spelling} now"}}')


def test_a_fault_with_a_number_in_it_is_logged_without_it() -> None:
    def look_up() -> str:
        people: dict[str, str] = {}
        return people["+15155550177"]

    app = GuardedApp(look_up)
    app.post()
    assert not _leaks(app.log.texts[0])


def test_of_an_unsigned_request_only_plain_names_are_logged() -> None:
    app = GuardedApp()
    app.client.post("/voice?conversation=7", data=FORM | {"5155550177": "x", "MediaUrl0": "y"})
    line = app.log.last
    assert line["names"] == ["conversation", *FORM, "MediaUrl0"]
    assert not line.keys() & FORM.keys()


def test_a_thousand_parameters_make_no_long_line() -> None:
    app = GuardedApp()
    app.post(form={f"{'Name' * 9}{n // 100}{chr(97 + n % 26)}": "v" * 40 for n in range(1_000)})
    app.post(form={f"{chr(97 + n % 26) * (1 + n // 26)}": "v" for n in range(1_000)})
    assert all(len(text) < 4_000 for text in app.log.texts)


def test_values_of_an_unexpected_shape_are_left_out() -> None:
    app = GuardedApp()
    app.post(form={"CallSid": "CA1", "CallStatus": "in progress", "ErrorCode": "3000x"})
    assert app.log.last["names"] == ["CallSid", "CallStatus", "ErrorCode"]
    assert not app.log.last.keys() & {"CallSid", "CallStatus", "ErrorCode"}


def test_line_breaks_in_a_request_make_no_second_line() -> None:
    app = GuardedApp()
    app.post(form={"CallStatus": "a\nb", "x\ny": "1", "Body": "\r\n"})
    assert len(app.log.texts[0].splitlines()) == 1


def test_nothing_is_put_together_when_the_log_is_switched_off() -> None:
    app = GuardedApp()
    logging.getLogger("bridgeline.exchange.test").setLevel(logging.ERROR)
    assert app.post().status_code == 200
    assert app.log.texts == []

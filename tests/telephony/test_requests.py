"""Webhook parameters become values, whatever a network or a stranger has put into them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from telephony import requests
from telephony.requests import (
    Caller,
    PlainRefusal,
    UnusableRequest,
    classify,
    parse_call,
    parse_dial_end,
    parse_leg,
    parse_recording,
    parse_status,
    parse_text,
)

CALL = "CA" + "0123456789abcdef" * 2
CHILD = "CA" + "f" * 32
MESSAGE = "SM" + "0" * 32
RECORDING = "RE" + "a" * 32
PERSON = "+15155550135"
LINE = "+15155550100"
INBOUND = {
    "CallSid": CALL,
    "From": PERSON,
    "To": LINE,
    "CallStatus": "ringing",
    "Direction": "inbound",
}
TEXT = {"MessageSid": MESSAGE, "From": PERSON, "To": LINE, "Body": "Hi"}


@pytest.mark.parametrize(
    "written",
    [PERSON, "15155550135", " 15155550135", "5155550135", "(515) 555-0135", "+1 515 555 0135"],
)
def test_a_caller_with_a_number_is_known_by_its_e164(written: str) -> None:
    assert classify(written) == Caller("number", PERSON)


@pytest.mark.parametrize(
    "sentinel",
    [
        None,
        "",
        "  ",
        "\0",
        "anonymous",
        "Anonymous",
        "RESTRICTED",
        "unknown",
        "unavailable",
        "blocked",
        "+266696687",
        "266696687",
        "+7378742833",
        "7378742833",
        "+2562533",
        "2562533",
        "+8656696",
        "+86282452253",
        " 86282452253",
    ],
)
def test_a_withheld_number_is_nobodys_number(sentinel: str | None) -> None:
    assert classify(sentinel) == Caller("withheld")


@pytest.mark.parametrize(
    "address",
    ["sip:ada@example.org", "SIPS:5155550135@example.org", "sip:anonymous@x", "client:ada"],
)
def test_a_sip_caller_is_told_apart_even_with_digits_in_its_name(address: str) -> None:
    assert classify(address) == Caller("sip")


@pytest.mark.parametrize("code", ["911", "988", "12345", "898211", "+933"])
def test_a_short_code_is_no_person(code: str) -> None:
    assert classify(code) == Caller("short_code")


@pytest.mark.parametrize(
    "noise",
    [
        "+15551234567",
        "+1",
        "5550135",
        "+999999999999999",
        "1" * 400,
        "call me at 515 555 0135",
        "+1515555FOUR",
        "whatsapp:+15155550135",
        "MyBank",
        "\N{GRINNING FACE}",
        "٥١٥٥٥٥٠١٣٥",
        "+1515555013" + "\n" * 50,
        "++15155550135",
        "'; DROP TABLE people; --",
        "\u202e0135",
        "+1 515 555 0135 ext. 2",
    ],
)
def test_what_is_no_whole_number_is_unparsable(noise: str) -> None:
    assert classify(noise) == Caller("unparsable")


@given(st.text())
def test_no_address_at_all_can_break_the_reading(address: str) -> None:
    caller = classify(address)
    assert (caller.e164 is not None) == (caller.kind == "number")


def test_an_inbound_call_is_from_the_person_to_our_line() -> None:
    call = parse_call(INBOUND, {})
    assert call.person == Caller("number", PERSON)
    assert call.line == LINE
    assert not call.placed_by_us
    assert (call.call_sid, call.parent_sid, call.status) == (CALL, None, "ringing")
    assert (call.digits, call.speech, call.confidence, call.no_input) == (None, None, None, False)


@pytest.mark.parametrize("direction", ["outbound-api", "outbound-dial"])
def test_on_a_call_that_we_placed_the_person_is_the_one_called(direction: str) -> None:
    swapped = {"From": LINE, "To": PERSON, "Direction": direction, "ParentCallSid": CHILD}
    call = parse_call(INBOUND | swapped, {})
    assert call.person == Caller("number", PERSON)
    assert call.line == LINE
    assert call.parent_sid == CHILD


@pytest.mark.parametrize("direction", ["", "sideways", "\0", "<inbound>"])
def test_a_call_of_unknown_direction_is_taken_as_inbound(direction: str) -> None:
    assert parse_call(INBOUND | {"Direction": direction}, {}).person.e164 == PERSON


def test_silence_is_its_own_input_and_no_empty_answer() -> None:
    assert parse_call(INBOUND, {"no_input": "1"}).no_input
    assert not parse_call(INBOUND | {"no_input": "1"}, {"no_input": "0"}).no_input
    assert parse_call(INBOUND | {"Digits": ""}, {}).digits == ""


@pytest.mark.parametrize("digits", ["*0#", "0" * 40, "007", "hangup", "\N{GRINNING FACE}"])
def test_keys_are_kept_as_text(digits: str) -> None:
    assert parse_call(INBOUND | {"Digits": digits}, {}).digits == digits


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.92", 0.92),
        ("0", 0.0),
        ("1.0", 1.0),
        ("", None),
        ("1.5", None),
        ("-0.1", None),
        ("nan", None),
        ("inf", None),
        ("high", None),
        ("0,9", None),
    ],
)
def test_a_confidence_that_makes_no_sense_is_none(written: str, read: float | None) -> None:
    heard = {"SpeechResult": "yes", "Confidence": written}
    call = parse_call(INBOUND | heard, {})
    assert (call.speech, call.confidence) == ("yes", read)


def test_speech_without_confidence_is_read() -> None:
    call = parse_call(INBOUND | {"SpeechResult": "yes"}, {})
    assert (call.speech, call.confidence) == ("yes", None)


@pytest.mark.parametrize("sid", ["", "CA", "CA" + "g" * 32, f" {CALL}", f"{CALL}0", MESSAGE, "\0"])
def test_a_call_id_of_another_shape_is_refused_with_a_sentence(sid: str) -> None:
    with pytest.raises(UnusableRequest, match=r"CallSid is (missing|not an id of the carrier)\."):
        parse_call(INBOUND | {"CallSid": sid}, {})


def test_a_refusal_is_a_400_in_plain_words() -> None:
    with pytest.raises(PlainRefusal) as refused:
        parse_call({}, {})
    answer = refused.value.get_response({})
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert refused.value.sentence == "CallSid is missing."


def test_a_parent_id_is_optional_but_must_have_the_shape_of_one() -> None:
    assert parse_call(INBOUND | {"ParentCallSid": ""}, {}).parent_sid is None
    with pytest.raises(UnusableRequest, match="ParentCallSid"):
        parse_call(INBOUND | {"ParentCallSid": "CA1"}, {})


def test_a_text_is_read_with_its_body_as_it_came() -> None:
    body = "  Line one\r\nשלום \N{GRINNING FACE} "
    text = parse_text(TEXT | {"Body": body, "NumMedia": "2", "OptOutType": "STOP"})
    assert (text.message_sid, text.sender.e164, text.line) == (MESSAGE, PERSON, LINE)
    assert (text.body, text.media, text.opt_out) == (body, 2, "STOP")


def test_nul_characters_are_taken_out_of_words() -> None:
    assert parse_text(TEXT | {"Body": "a\0b\0"}).body == "ab"
    assert parse_call(INBOUND | {"SpeechResult": "y\0es", "Digits": "\0"}, {}).speech == "yes"


def test_a_picture_message_without_words_has_an_empty_body() -> None:
    text = parse_text({"MessageSid": "MM" + "1" * 32, "NumMedia": "1"})
    assert (text.body, text.media) == ("", 1)
    assert (text.sender, text.line, text.opt_out) == (Caller("withheld"), None, None)


@pytest.mark.parametrize(("written", "read"), [("", 0), ("-1", 0), ("x", 0), ("٣", 0), ("99", 10)])
def test_a_number_of_pictures_that_makes_no_sense_does_no_harm(written: str, read: int) -> None:
    assert parse_text(TEXT | {"NumMedia": written}).media == read


@pytest.mark.parametrize("sid", ["", CALL, "SM1", "SM" + "0" * 31 + "\n"])
def test_a_message_id_of_another_shape_is_refused(sid: str) -> None:
    with pytest.raises(UnusableRequest, match="MessageSid"):
        parse_text(TEXT | {"MessageSid": sid})
    with pytest.raises(UnusableRequest, match="MessageSid"):
        parse_status({"MessageSid": sid, "MessageStatus": "sent"})


def test_of_a_repeated_parameter_the_first_value_counts() -> None:
    form = MultiDict([("MessageSid", MESSAGE), ("Body", "one"), ("Body", "two")])
    assert parse_text(form).body == "one"


def test_a_failed_text_is_read_with_its_code() -> None:
    form = {"MessageSid": MESSAGE, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    status = parse_status(form)
    assert (status.status, status.error_code) == ("undelivered", 30003)
    assert parse_status(form | {"ErrorCode": "none"}).error_code is None
    assert parse_status(form | {"MessageStatus": "teleported"}).status == "teleported"


@pytest.mark.parametrize("status", ["", " ", "sent; drop", "1", "x" * 31, "-", "né"])
def test_a_callback_without_a_word_for_the_status_is_refused(status: str) -> None:
    with pytest.raises(UnusableRequest, match=r"MessageStatus is missing\."):
        parse_status({"MessageSid": MESSAGE, "MessageStatus": status})
    with pytest.raises(UnusableRequest, match=r"CallStatus is missing\."):
        parse_leg({"CallSid": CALL, "CallStatus": status})


def test_a_leg_is_read_with_its_parent_place_in_order_and_seconds() -> None:
    form = {
        "CallSid": CHILD,
        "ParentCallSid": CALL,
        "CallStatus": "completed",
        "CallDuration": "125",
        "SequenceNumber": "3",
    }
    leg = parse_leg(form)
    assert (leg.call_sid, leg.parent_sid, leg.status) == (CHILD, CALL, "completed")
    assert (leg.seconds, leg.sequence) == (125, 3)
    bare = parse_leg({"CallSid": CALL, "CallStatus": "no-answer", "CallDuration": "-1"})
    assert (bare.status, bare.seconds, bare.sequence) == ("no-answer", None, None)


def test_a_recording_is_known_by_its_id_or_by_the_id_in_its_address() -> None:
    url = f"https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/{RECORDING}"
    ended = {"CallSid": CALL, "RecordingUrl": url, "RecordingDuration": "9", "Digits": "hangup"}
    from_action = parse_recording(ended)
    assert (from_action.recording_sid, from_action.status) == (RECORDING, None)
    assert (from_action.seconds, from_action.hung_up) == (9, True)
    told = {"CallSid": CALL, "RecordingSid": RECORDING, "RecordingStatus": "in-progress"}
    from_callback = parse_recording(told)
    assert (from_callback.recording_sid, from_callback.status) == (RECORDING, "in-progress")
    assert not from_callback.hung_up


@pytest.mark.parametrize(
    "form",
    [
        {"CallSid": CALL},
        {"CallSid": CALL, "RecordingUrl": "https://evil.example.com/"},
        {"CallSid": CALL, "RecordingUrl": f"https://evil.example.com/{RECORDING}/../../secret"},
        {"CallSid": CALL, "RecordingSid": "RE/../../Calls"},
        {"RecordingSid": RECORDING},
    ],
)
def test_a_recording_without_an_id_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(UnusableRequest):
        parse_recording(form)


def test_the_end_of_a_dial_is_read_with_what_was_bridged() -> None:
    form = {
        "CallSid": CALL,
        "DialCallSid": CHILD,
        "DialCallStatus": "completed",
        "DialCallDuration": "61",
        "DialBridged": "true",
    }
    end = parse_dial_end(form)
    assert (end.call_sid, end.child_sid, end.status) == (CALL, CHILD, "completed")
    assert (end.seconds, end.bridged) == (61, True)
    assert parse_dial_end(form | {"DialBridged": "false"}).bridged is False
    bare = parse_dial_end({"CallSid": CALL, "DialCallStatus": "failed"})
    assert (bare.child_sid, bare.seconds, bare.bridged) == (None, None, None)


@given(st.dictionaries(st.sampled_from([*INBOUND, *TEXT, "Digits", "Confidence"]), st.text()))
def test_hostile_parameters_are_read_or_refused_but_never_raise_anything_else(
    form: dict[str, str],
) -> None:
    for name in ("call", "text", "status", "leg", "recording", "dial_end"):
        parse = getattr(requests, f"parse_{name}")
        arguments = (form, form) if name == "call" else (form,)
        with contextlib.suppress(UnusableRequest):
            parse(*arguments)

"""The phones over HTTP: the state that a page polls, and what people do on it."""

from typing import Any

import pytest
import requests

from tests.telephony.emulator.world import CALLER, LINE, MENTOR, World

GATHER = (
    "<Response><Gather input='dtmf speech' numDigits='1' action='/chosen' speechTimeout='1'>"
    "<Say language='es-US'>Choose.</Say></Gather></Response>"
)


def state(world: World) -> dict[str, Any]:
    answer = requests.get(f"{world.api_url}/_phones/state", timeout=5)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def do(world: World, deed: str, holder: str = CALLER, /, **given: object) -> dict[str, Any]:
    path = f"{holder}/{deed}" if deed not in ("add", "clock") else deed
    answer = requests.post(f"{world.api_url}/_phones/{path}", json=given, timeout=5)
    found: dict[str, Any] = answer.json()
    assert answer.status_code == (400 if "error" in found else 200)
    return found


def phone(world: World, number: str = CALLER) -> dict[str, Any]:
    (found,) = [each for each in state(world)["phones"] if each["number"] == number]
    return dict(found)


@pytest.fixture
def shown(world: World) -> World:
    assert do(world, "add", number=CALLER, label="Denise", kind="landline") == {"ok": True}
    world.answer("/voice", GATHER)
    world.answer("/chosen", "<Response><Record/></Response>")
    return world


def test_an_idle_phone_shows_its_facts(shown: World) -> None:
    assert phone(shown) == {
        "number": CALLER,
        "label": "Denise",
        "kind": "landline",
        "landline": True,
        "withheld": False,
        "call": None,
        "last_captions": [],
        "messages": [],
    }
    found = state(shown)
    assert found["numbers"][0] == {"number": LINE, "label": "(515) 555-0100"}
    assert found["clock"] == "2026-03-03T17:00:00+00:00"


def test_a_call_is_dialled_answered_spoken_to_and_hung_up(shown: World) -> None:
    assert do(shown, "dial", to=LINE) == {"ok": True}
    call = phone(shown)["call"]
    assert (call["state"], call["shown"], call["gathering"]) == ("in-call", LINE, True)
    (caption,) = call["captions"]
    assert set(caption) == {"id", "who", "text", "at", "language"}
    assert (caption["who"], caption["text"], caption["language"]) == ("line", "Choose.", "es-US")
    do(shown, "say", words="the first", confidence=None)
    do(shown, "clock", advance=5)
    assert shown.app.at("/chosen")[0]["SpeechResult"] == "the first"
    assert phone(shown)["call"]["recording"] is True
    do(shown, "press", keys="1")
    do(shown, "hangup")
    assert phone(shown)["call"] is None
    assert [each["who"] for each in phone(shown)["last_captions"]][:2] == ["line", "me"]


def test_the_demo_clock_is_never_moved_by_speaking(shown: World) -> None:
    do(shown, "dial", to=LINE)
    before = state(shown)["clock"]
    do(shown, "say", words="a rather long sentence")
    assert state(shown)["clock"] == before


def test_a_ring_shows_the_caller_and_can_be_answered_or_refused(shown: World) -> None:
    shown.answer("/hello", "<Response><Pause length='9'/></Response>")
    for deed, expected in (("answer", "in-call"), ("reject", None)):
        shown.client.calls.create(to=CALLER, from_=LINE, url=shown.hook("/hello"))
        do(shown, "clock", advance=1)
        call = phone(shown)["call"]
        assert (call["state"], call["shown"]) == ("ringing-in", LINE)
        do(shown, deed)
        call = phone(shown)["call"]
        assert (call and call["state"]) == expected
        do(shown, "clock", advance=20)


def test_texts_are_shown_in_both_directions(shown: World) -> None:
    shown.answer("/sms", "<Response><Message>Welcome.</Message></Response>")
    do(shown, "add", number=MENTOR, label="Amina", kind="mobile")
    do(shown, "text", MENTOR, to=LINE, body="STOP")
    first, second = phone(shown, MENTOR)["messages"]
    assert set(first) == {"id", "direction", "peer", "body", "status", "at", "carrier"}
    assert (first["direction"], first["peer"], first["body"]) == ("out", LINE, "STOP")
    assert (second["direction"], second["carrier"]) == ("in", True)
    assert [entry["code"] for entry in state(shown)["debugger"]] == [21610]


def test_a_withheld_phone_calls_withheld(shown: World) -> None:
    do(shown, "add", number=MENTOR, label="?", kind="withheld")
    do(shown, "dial", MENTOR, to=LINE)
    assert shown.app.at("/voice")[0]["From"] == "+266696687"
    do(shown, "dial", to=LINE, withheld=True)
    assert shown.app.at("/voice")[1]["From"] == "+266696687"


def test_an_unchanged_state_is_not_sent_again(shown: World) -> None:
    version = state(shown)["version"]
    url = f"{shown.api_url}/_phones/state?version="
    assert requests.get(f"{url}{version}", timeout=5).status_code == 304
    do(shown, "dial", to=LINE)
    changed = requests.get(f"{url}{version}", timeout=5)
    assert changed.status_code == 200
    assert changed.json()["version"] > version


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("dial", {"to": "+12125551234"}),
        ("dial", {"to": "911"}),
        ("dial", {"to": "+15155550190"}),
        ("dial", {"to": 5}),
        ("dial", {}),
        ("text", {"to": "+12125551234", "body": "hello"}),
        ("text", {"to": LINE, "body": "a landline cannot"}),
        ("press", {"keys": "1"}),
        ("answer", {}),
        ("dance", {}),
        ("add", {"number": "+12125551234"}),
        ("clock", {"advance": -1}),
        ("clock", {"advance": "soon"}),
    ],
)
def test_what_is_impossible_is_refused_with_a_sentence(
    shown: World, deed: str, given: dict[str, object]
) -> None:
    found = do(shown, deed, **given)
    assert found["error"].endswith(".")


def test_an_unknown_phone_and_a_body_that_is_no_object_are_refused(shown: World) -> None:
    assert "no phone" in do(shown, "dial", MENTOR, to=LINE)["error"]
    url = f"{shown.api_url}/_phones/{CALLER}/dial"
    for body in (b"[1]", b"{", b'"x"', b""):
        headers = {"Content-Type": "application/json"}
        assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 400


def test_a_page_of_another_site_cannot_use_the_phones(shown: World) -> None:
    url = f"{shown.api_url}/_phones/{CALLER}/dial"
    body = b'{"to": "+15155550100"}'
    for headers in ({}, {"Content-Type": "text/plain"}):
        assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 400
    assert shown.phone().calls == []

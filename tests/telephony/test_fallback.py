"""The answers for the day on which the service itself cannot answer."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mentoring.programme import Programme
from mentoring.safety.numbers import CRISIS_NUMBERS, CrisisNumbers
from mentoring.segments import segments_of
from telephony.addresses import Addresses
from telephony.apology import Apology
from telephony.fallback import (
    fallback_blueprint,
    spoken_fallback,
    texted_fallback,
    thanks_for_message,
)
from telephony.webhooks import Medium

VERBS = {
    "voice": {"Say", "Record", "Hangup"},
    "left": {"Say", "Hangup"},
    "text": {"Message"},
}
# How many sentences there are in each language.
PARTS = {"voice": 3, "left": 1, "text": 1}
ENGLISH = Programme()
ALL = replace(
    ENGLISH,
    languages=("en", "es", "fr"),
    dial_regions=("US", "GB"),
    crisis_numbers={**CRISIS_NUMBERS, "GB": CrisisNumbers("999", "116 123")},
)
DOCUMENTS = {"voice": spoken_fallback, "left": thanks_for_message, "text": texted_fallback}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(fallback_blueprint(lambda: ALL))
    return app.test_client()


@pytest.mark.parametrize("medium", ["voice", "left", "text"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_document_is_served_whoever_asks_and_whatever_is_sent(
    client: FlaskClient, medium: str, method: str
) -> None:
    url = f"/fallback/{medium}?ErrorCode=11200"
    answer = client.open(url, method=method, data=b"\xff" * 100, content_type="what/ever")
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.text == DOCUMENTS[medium](ALL)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("medium", ["voice", "left", "text"])
def test_a_request_that_cannot_be_read_is_answered_all_the_same(
    client: FlaskClient, medium: str
) -> None:
    answer = client.post(f"/fallback/{medium}", data={"From": "1" * 600_000})
    assert (answer.status_code, answer.text) == (200, DOCUMENTS[medium](ALL))


@pytest.mark.parametrize("medium", ["voice", "left", "text"])
def test_whoever_calls_or_texts_is_told_the_number_of_their_country(
    client: FlaskClient, medium: str
) -> None:
    def told(number: str) -> str:
        return client.post(f"/fallback/{medium}", data={"From": number}).text

    assert "call 999" in told("+442079460123").lower()
    assert "call 911" in told("+15155550131").lower()


@pytest.mark.parametrize("programme", [ENGLISH, ALL])
@pytest.mark.parametrize("medium", ["voice", "left", "text"])
def test_the_document_is_well_formed_and_holds_known_verbs_only(
    medium: str, programme: Programme
) -> None:
    document = DOCUMENTS[medium](programme)
    assert document.startswith("<?xml ")
    root = ElementTree.fromstring(document)  # noqa: S314
    assert root.tag == "Response"
    assert {element.tag for element in root} <= VERBS[medium]
    spoken = [each for each in root if each.tag in ("Say", "Message")]
    assert len(spoken) == len(programme.languages) * PARTS[medium]


@pytest.mark.parametrize("medium", ["voice", "left", "text"])
def test_the_document_says_what_to_do_and_where_to_turn_in_danger(medium: str) -> None:
    root = ElementTree.fromstring(DOCUMENTS[medium](ENGLISH))  # noqa: S314
    words = " ".join("".join(root.itertext()).split())
    assert "again" in words
    assert "911" in words
    assert "{" not in words


def test_each_language_is_spoken_by_its_own_voice() -> None:
    root = ElementTree.fromstring(spoken_fallback(ALL))  # noqa: S314
    spoken = [each.get("language", each.tag) for each in root]
    in_turn = ["en-US", "en-US", "es-US", "es-US", "fr-CA", "fr-CA"]
    assert spoken == [*in_turn, "Record", "en-US", "es-US", "fr-CA", "Hangup"]
    assert "llame al 911" in "".join(root[2].itertext())
    assert "dejar un mensaje" in "".join(root[3].itertext())


@pytest.mark.parametrize(
    ("path", "medium", "verbs"),
    [
        ("/voice/turn", "voice", ["Say", "Say", "Say", "Redirect"]),
        (
            "/voice/person",
            "voice",
            ["Say"] * 6 + ["Record", "Say", "Say", "Say", "Hangup"],
        ),
        ("/sms/inbound", "text", ["Message", "Message", "Message"]),
    ],
)
def test_who_cannot_be_looked_up_is_told_in_each_language_with_the_number_of_their_country(
    path: str, medium: Medium, verbs: list[str]
) -> None:
    apology = Apology(Addresses("https://line.example.org"), lambda: ALL)
    with Flask(__name__).test_request_context(path, method="POST", data={"From": "+442079460123"}):
        root = ElementTree.fromstring(apology(medium))  # noqa: S314
    assert [each.tag for each in root] == verbs
    if verbs[-1] != "Redirect":
        place = 4 if medium == "voice" else 2
        assert "appelez le 999" in "".join(root[place].itertext()).lower()


def test_the_call_ends_by_itself_and_the_words_fit_a_short_announcement() -> None:
    root = ElementTree.fromstring(spoken_fallback(ENGLISH))  # noqa: S314
    assert root[-1].tag == "Hangup"
    assert len("".join(root[0].itertext()).split()) < 75
    assert len("".join(root[1].itertext()).split()) < 30


def test_a_message_is_short_ends_at_any_key_and_leads_to_the_thanks_for_it(
    client: FlaskClient,
) -> None:
    (told,) = ElementTree.fromstring(spoken_fallback(ENGLISH)).iter("Record")  # noqa: S314
    assert told.attrib == {
        "action": "left",
        "method": "POST",
        "timeout": "10",
        "maxLength": "60",
        "finishOnKey": "1234567890*#",
        "playBeep": "true",
    }
    thanks = client.post("/fallback/left", data={"RecordingUrl": "https://api.example.org/RE1"})
    assert thanks.text == thanks_for_message(ALL)


def test_the_apology_of_a_view_leads_to_the_same_thanks() -> None:
    apology = Apology(Addresses("https://line.example.org"), lambda: ENGLISH)
    with Flask(__name__).test_request_context("/voice/person", method="POST"):
        (told,) = ElementTree.fromstring(apology("voice")).iter("Record")  # noqa: S314
    assert told.get("action") == "https://line.example.org/fallback/left"


def test_who_has_left_a_message_is_thanked_and_not_asked_again_when_the_thanks_failed(
    client: FlaskClient,
) -> None:
    def answer(failed: str) -> str:
        return client.post("/fallback/voice", data={"ErrorUrl": failed}).text

    assert answer("https://line.example.org/fallback/left") == thanks_for_message(ALL)
    assert answer("https://line.example.org/voice/inbound") == spoken_fallback(ALL)
    assert answer("https://[") == spoken_fallback(ALL)


def test_nothing_is_recorded_from_somebody_whom_a_caller_has_rung(client: FlaskClient) -> None:
    leg = {"ParentCallSid": "CA" + "1" * 32}
    apology = Apology(Addresses("https://line.example.org"), lambda: ALL)
    with Flask(__name__).test_request_context("/voice/person", method="POST", data=leg):
        documents = [apology("voice"), client.post("/fallback/voice", data=leg).text]
    for document in documents:
        tags = [each.tag for each in ElementTree.fromstring(document)]  # noqa: S314
        assert tags == ["Say", "Say", "Say", "Hangup"]


def test_the_text_fits_one_segment() -> None:
    root = ElementTree.fromstring(texted_fallback(ENGLISH))  # noqa: S314
    (message,) = root
    assert message.text is not None
    assert segments_of(message.text).count == 1

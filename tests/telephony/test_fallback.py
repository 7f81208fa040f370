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
from telephony.fallback import fallback_blueprint, spoken_fallback, texted_fallback
from telephony.webhooks import Medium

VERBS = {"voice": {"Say", "Hangup"}, "text": {"Message"}}
ENGLISH = Programme()
ALL = replace(
    ENGLISH,
    languages=("en", "es", "fr"),
    dial_regions=("US", "GB"),
    crisis_numbers={**CRISIS_NUMBERS, "GB": CrisisNumbers("999", "116 123")},
)
DOCUMENTS = {"voice": spoken_fallback, "text": texted_fallback}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(fallback_blueprint(lambda: ALL))
    return app.test_client()


@pytest.mark.parametrize("medium", ["voice", "text"])
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


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_a_request_that_cannot_be_read_is_answered_all_the_same(
    client: FlaskClient, medium: str
) -> None:
    answer = client.post(f"/fallback/{medium}", data={"From": "1" * 600_000})
    assert (answer.status_code, answer.text) == (200, DOCUMENTS[medium](ALL))


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_whoever_calls_or_texts_is_told_the_number_of_their_country(
    client: FlaskClient, medium: str
) -> None:
    def told(number: str) -> str:
        return client.post(f"/fallback/{medium}", data={"From": number}).text

    assert "call 999" in told("+442079460123").lower()
    assert "call 911" in told("+15155550131").lower()


@pytest.mark.parametrize("programme", [ENGLISH, ALL])
@pytest.mark.parametrize("medium", ["voice", "text"])
def test_the_document_is_well_formed_and_holds_known_verbs_only(
    medium: str, programme: Programme
) -> None:
    document = DOCUMENTS[medium](programme)
    assert document.startswith("<?xml ")
    root = ElementTree.fromstring(document)  # noqa: S314
    assert root.tag == "Response"
    assert {element.tag for element in root} <= VERBS[medium]
    assert len([each for each in root if each.tag != "Hangup"]) == len(programme.languages)


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_the_document_says_what_to_do_and_where_to_turn_in_danger(medium: str) -> None:
    root = ElementTree.fromstring(DOCUMENTS[medium](ENGLISH))  # noqa: S314
    words = " ".join("".join(root.itertext()).split())
    assert "again in" in words
    assert "911" in words
    assert "{" not in words


def test_each_language_is_spoken_by_its_own_voice() -> None:
    root = ElementTree.fromstring(spoken_fallback(ALL))  # noqa: S314
    assert [each.get("language") for each in root[:-1]] == ["en-US", "es-US", "fr-CA"]
    assert "llame al 911" in "".join(root[1].itertext())


@pytest.mark.parametrize(
    ("path", "medium", "verbs"),
    [
        ("/voice/turn", "voice", ["Say", "Say", "Say", "Redirect"]),
        ("/voice/person", "voice", ["Say", "Say", "Say", "Hangup"]),
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
        assert "appelez le 999" in "".join(root[2].itertext()).lower()


def test_the_call_ends_by_itself_and_the_words_fit_a_short_announcement() -> None:
    root = ElementTree.fromstring(spoken_fallback(ENGLISH))  # noqa: S314
    assert root[-1].tag == "Hangup"
    assert len("".join(root.itertext()).split()) < 75


def test_the_text_fits_one_segment() -> None:
    root = ElementTree.fromstring(texted_fallback(ENGLISH))  # noqa: S314
    (message,) = root
    assert message.text is not None
    assert segments_of(message.text).count == 1

"""The static answers for the day on which the service itself cannot answer."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from telephony import fallback

STATIC = Path(fallback.__file__).parent / "static"
VERBS = {"voice": {"Say", "Pause", "Hangup"}, "text": {"Message"}}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(fallback.blueprint)
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
    assert answer.data == (STATIC / f"fallback-{medium}.xml").read_bytes()
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_the_document_is_well_formed_and_holds_known_verbs_only(medium: str) -> None:
    document = (STATIC / f"fallback-{medium}.xml").read_bytes()
    assert document.startswith(b"<?xml ")
    root = ElementTree.fromstring(document)  # noqa: S314
    assert root.tag == "Response"
    assert {element.tag for element in root} <= VERBS[medium]
    assert not [element for element in root if len(element)]


@pytest.mark.parametrize("medium", ["voice", "text"])
def test_the_document_says_what_to_do_and_where_to_turn_in_danger(medium: str) -> None:
    root = ElementTree.fromstring(  # noqa: S314
        (STATIC / f"fallback-{medium}.xml").read_bytes()
    )
    words = " ".join("".join(root.itertext()).split())
    assert "again in" in words
    assert "911" in words.replace(" ", "")
    assert "{" not in words


def test_the_call_ends_by_itself_and_the_words_fit_a_short_announcement() -> None:
    root = ElementTree.fromstring((STATIC / "fallback-voice.xml").read_bytes())  # noqa: S314
    assert root[-1].tag == "Hangup"
    assert len("".join(root.itertext()).split()) < 75


def test_the_text_fits_one_segment() -> None:
    root = ElementTree.fromstring((STATIC / "fallback-text.xml").read_bytes())  # noqa: S314
    (message,) = root
    assert message.text is not None
    assert message.text.isascii()
    assert len(message.text) <= 160

"""Signatures collected from the tests of Twilio's own libraries, checked with the guard's function.

Three of the vectors are not portable: Twilio's libraries disagree about them. What ours answers,
and why that is right for us, stands in EXCEPTIONS.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from telephony.webhooks import is_signed

FILE = Path(__file__).parents[3] / "shared" / "twilio-signature-vectors.json"

EXCEPTIONS = {
    # Refused, as in the vector. The Python library would raise a TypeError without our own check.
    "JSON body without bodySHA256": False,
    # Signed by Node over a query that it has encoded anew. We sign what stood in the request line,
    # and none of our own addresses holds an apostrophe or a plus.
    "apostrophe and plus in the query": False,
    # Refused, as in the vector: Node lower-cases host names, we take PUBLIC_BASE_URL as it is set.
    "mixed-case host, lower-case signature": False,
}


def _vectors() -> list[dict[str, Any]]:
    if not FILE.exists():
        return []
    vectors: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["vectors"]
    return vectors


def _params(vector: dict[str, Any]) -> MultiDict[str, str] | str:
    body: str | None = vector.get("body")
    return MultiDict(vector["params"]) if body is None else body


def test_the_vectors_are_all_there() -> None:
    if not FILE.exists() and not os.environ.get("CI"):
        pytest.skip(f"the signature vectors are not at {FILE}")
    assert len(_vectors()) == 33
    assert {v["name"] for v in _vectors() if not v["portable"]} == EXCEPTIONS.keys()


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["name"])
def test_a_signature_is_judged_as_by_the_libraries_of_twilio(vector: dict[str, Any]) -> None:
    expected = EXCEPTIONS.get(vector["name"], vector["valid"])
    for tokens in (["12345"], ["another token", "12345"]):
        validators = [RequestValidator(token) for token in tokens]
        judged = is_signed(validators, vector["url"], _params(vector), vector["signature"])
        assert judged is expected


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["name"])
def test_no_signature_is_right_for_another_token(vector: dict[str, Any]) -> None:
    other = [RequestValidator("54321")]
    assert not is_signed(other, vector["url"], _params(vector), vector["signature"])

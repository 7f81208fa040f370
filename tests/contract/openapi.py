"""Every REST request of every test held against the carrier's official OpenAPI documents.

`load_checker()` gives a Checker, or skips where the documents do not lie beside the repository
(under CI it fails). `checker.faults(request)` takes anything with method, url, headers and form
pairs, such as the emulator's RestRequest, and returns one sentence for each mistake. It names the
parameter but never its value: values hold phone numbers and texts.

The documents leave much unsaid, so three kinds of checks are added: names that an operation does
not have (the documents drop them in silence), combinations ("From or MessagingServiceSid"), and
forms (E.164, lengths, absolute URLs). Files of recordings and media are not in the documents; they
are only checked for their login.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.request.exceptions import (
    ParameterValidationError,
    SecurityValidationError,
)
from openapi_schema_validator import OAS30Validator
from requests import Request

from telephony.emulator import Emulator

FOLDER = Path(__file__).parents[3] / "shared" / "twilio-oai"

_DOCUMENTS = {
    "api.twilio.com": "api_v2010.trimmed.json",
    "lookups.twilio.com": "lookups_v2.trimmed.json",
    "messaging.twilio.com": "messaging_v1.trimmed.json",
}
_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
_COMBINATIONS = {
    f"{_ACCOUNT}/Messages.json": (
        ("From", "MessagingServiceSid"),
        ("Body", "MediaUrl", "ContentSid"),
    ),
    f"{_ACCOUNT}/Calls.json": (("Url", "Twiml", "ApplicationSid"),),
    f"{_ACCOUNT}/IncomingPhoneNumbers.json": (("PhoneNumber", "AreaCode"),),
}
_FILES = re.compile(
    r"/2010-04-01/Accounts/AC[0-9a-f]{32}/"
    r"(Recordings/RE[0-9a-f]{32}(\.wav|\.mp3)?|Messages/[SM]M[0-9a-f]{32}/Media/ME[0-9a-f]{32})"
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_NUMBERS = frozenset({"To", "From", "PhoneNumber", "CallerId"})
_LONGEST = {"Body": 1600, "Twiml": 4000, "SendDigits": 32}
_MOST = {"MediaUrl": 10}


class Recorded(Protocol):
    """A request as it was recorded on the wire; `url` carries the product's own host."""

    @property
    def method(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def form(self) -> Iterable[tuple[str, str]]: ...


class Operation:
    """One operation of a document: its path template, its query names and its form fields."""

    def __init__(self, document: Mapping[str, Any], path: str, method: str) -> None:
        described = document["paths"][path][method]
        self.path = path
        self.query = {
            each["name"] for each in described.get("parameters", ()) if each["in"] == "query"
        }
        bodies = list(described.get("requestBody", {}).get("content", {}).values())
        schema = bodies[0]["schema"] if bodies else {}
        self.fields: dict[str, Any] = {
            name: _resolved(document, field) for name, field in schema.get("properties", {}).items()
        }
        self.required = set(schema.get("required", ()))


class Checker:
    """Finds mistakes in requests by the documents of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def documents(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each document as it was read, with its name."""
        for name in _DOCUMENTS.values():
            yield name, _document(self._folder / name)

    def document_for(self, host: str) -> OpenAPI:
        """Return the loaded document of a product's host."""
        return _openapi(self._folder / _DOCUMENTS[host])

    def faults(self, request: Recorded) -> list[str]:
        """Return a sentence for each mistake in a request, or nothing."""
        parts = urlsplit(request.url)
        if request.method == "GET" and _FILES.fullmatch(parts.path):
            named = {name.lower() for name in request.headers}
            return [] if "authorization" in named else ["a file is fetched without a login."]
        if parts.hostname not in _DOCUMENTS:
            return [f"{parts.hostname} is not a host that the documents describe."]
        path = self._folder / _DOCUMENTS[parts.hostname]
        operation = _operation(_document(path), request.method, parts.path)
        if operation is None:
            return [f"{request.method} is not described for an address of this form."]
        form = _form_of(request)
        found = [
            *_by_document(path, operation, request, form),
            *_unknown_names(operation, form, parts.query),
            *_by_rule(operation.path if request.method == "POST" else "", form),
        ]
        return [f"{request.method} {operation.path}: {fault}" for fault in found]


def load_checker() -> Checker:
    """Return the checker; skip (under CI: fail) the test where the documents are missing."""
    if any(not (FOLDER / name).exists() for name in _DOCUMENTS.values()):
        sentence = f"The carrier's OpenAPI documents are not at {FOLDER}."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return Checker(FOLDER)


# Requests that differ in nothing that the documents speak of are held against them once.
_HELD_SHAPES: set[str] = set()
_ID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_PHONE_NUMBER = re.compile(r"(?:\+|%2B)1\d{10}\b")
_OUR_ADDRESS = re.compile(r"https://line\.[a-z.]+/[!-~]{1,300}")


def faults_of_sent(requests: Iterable[Recorded]) -> list[str]:
    """Hold every request that was sent against the documents, whatever was answered to it.

    A test that sends a wrong form on purpose leaves that request out itself. Where the documents do
    not lie beside the repository this is not checked, except under CI, where it fails.
    """
    if not FOLDER.exists() and not os.environ.get("CI"):
        return []
    shapes = {_shape_of(request): request for request in requests}
    fresh = {shape: shapes[shape] for shape in shapes.keys() - _HELD_SHAPES}
    checker = load_checker()
    faults = [fault for request in fresh.values() for fault in checker.faults(request)]
    if not faults:
        _HELD_SHAPES.update(fresh)
    return faults


def what_the_carrier_minds(emulator: Emulator) -> list[str]:
    """Return what the pretend carrier warned of or failed at, and what its documents forbid."""
    told = [str(entry) for entry in (*emulator.warnings, *emulator.errors)]
    return faults_of_sent(emulator.requests) + told


def _shape_of(request: Recorded) -> str:
    """Return a request with every id, number, address of ours and text of usual length as one."""
    form = [(name, _kind_of(name, value)) for name, value in request.form]
    return f"{request.method} {_PHONE_NUMBER.sub('NUMBER', _ID.sub('ID', request.url))} {form}"


def _kind_of(name: str, value: str) -> str:
    if _PHONE_NUMBER.fullmatch(value):
        return "NUMBER"
    if _OUR_ADDRESS.fullmatch(value):
        return "ADDRESS"
    return "TEXT" if name == "Body" and 0 < len(value) <= 1600 else value


@lru_cache
def _document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@lru_cache
def _openapi(path: Path) -> OpenAPI:
    # That the documents are sound themselves is looked at once, by a test of its own.
    return OpenAPI.from_dict(_document(path), config=Config(spec_validator_cls=None))


def _resolved(document: Mapping[str, Any], field: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = field.get("$ref")
    if reference is None:
        return field
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _operation(document: Mapping[str, Any], method: str, asked: str) -> Operation | None:
    for path, item in document["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, asked) and method.lower() in item:
            return Operation(document, path, method.lower())
    return None


def _form_of(request: Recorded) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in request.form:
        form.setdefault(name, []).append(value)
    return form


def _by_document(
    path: Path, operation: Operation, request: Recorded, form: Mapping[str, list[str]]
) -> Iterator[str]:
    """Validate by the document itself, and find out which field it minds."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in ("content-length", "host")
    }
    sent = Request(request.method, request.url, headers=headers, data=list(request.form) or None)
    try:
        _openapi(path).validate_request(RequestsOpenAPIRequest(sent))
    except SecurityValidationError:
        yield "the login is missing."
    except ParameterValidationError as problem:
        yield f"the parameter {problem.name} is not allowed like this."
    except OpenAPIError as problem:
        missing = operation.required - set(form)
        wrong = {name for name, values in form.items() if not _fits(operation, name, values)}
        for name in sorted(missing):
            yield f"{name} is required."
        for name in sorted(wrong):
            yield f"{name} has a value that the document does not allow."
        if not missing and not wrong:
            yield f"the document does not allow it ({type(problem).__name__})."


def _fits(operation: Operation, name: str, values: list[str]) -> bool:
    """Tell whether the values of a form field have the type and the form of its schema."""
    schema = operation.fields.get(name)
    if schema is None:
        return True
    if schema.get("type") == "array":
        return True
    for value in values:
        try:
            typed = _READERS.get(str(schema.get("type")), str)(value)
        except ValueError:
            return False
        if not OAS30Validator(dict(schema)).is_valid(typed):
            return False
    return True


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("This is neither true nor false.")
    return text.lower() == "true"


_READERS: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": float,
    "boolean": _truth,
}


def _unknown_names(
    operation: Operation, form: Mapping[str, list[str]], query: str
) -> Iterator[str]:
    for name in form:
        if name not in operation.fields:
            yield f"the form has no parameter {name}."
    for name, _value in parse_qsl(query, keep_blank_values=True):
        if name not in operation.query:
            yield f"the query has no parameter {name}."


def _by_rule(path: str, form: Mapping[str, list[str]]) -> Iterator[str]:
    """Find what the documents do not say: combinations, number forms, lengths and URLs."""
    for wanted in _COMBINATIONS.get(path, ()):
        if not any(form.get(name, [""])[-1] for name in wanted):
            yield f"one of {', '.join(wanted)} is needed."
    for name, values in form.items():
        if name in _NUMBERS and not all(_E164.fullmatch(value) for value in values):
            yield f"{name} is not a number in E.164 form."
        if name.endswith(("Url", "Callback")) and not all(_is_url(value) for value in values):
            yield f"{name} is not an absolute http or https URL."
        if any(len(value) > _LONGEST.get(name, len(value)) for value in values):
            yield f"{name} is longer than {_LONGEST[name]} characters."
        if len(values) > _MOST.get(name, len(values)):
            yield f"{name} is given more than {_MOST[name]} times."


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return value == "" or (parts.scheme in ("http", "https") and bool(parts.hostname))

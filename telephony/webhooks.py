"""The guard in front of every webhook: who may come in, what is logged, what is said on a fault.

A request is checked before any work is done for it: method, size, form, signature. What has
happened is one line of JSON per exchange, without numbers, words, keys or addresses.
"""

import functools
import hmac
import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Literal, ParamSpec
from urllib.parse import quote, urlsplit

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mentoring.clock import Clock, SystemClock
from telephony.failures import FailureWatch
from telephony.requests import PlainRefusal

Medium = Literal["voice", "text", "callback"]
View = ParamSpec("View")

EXCHANGES = logging.getLogger("bridgeline.exchange")

# The carrier's own requests stay far below this: the longest text is about 20 kB on the wire.
BODY_LIMIT_BYTES = 64 * 1024

_FORM = "application/x-www-form-urlencoded"
_SYSTEM_CLOCK = SystemClock()

# How a parameter appears in the log; whatever is not listed appears by its name alone. A value of
# an unexpected shape is left out, because anybody may write a phone number into any parameter.
_SHOWN: dict[str, Literal["hash", "length", "word", "count", "sid"]] = {
    "CallSid": "sid",
    "ParentCallSid": "sid",
    "DialCallSid": "sid",
    "MessageSid": "sid",
    "RecordingSid": "sid",
    "From": "hash",
    "To": "hash",
    "ForwardedFrom": "hash",
    "Body": "length",
    "SpeechResult": "length",
    "Digits": "length",
    "CallStatus": "word",
    "Direction": "word",
    "DialBridged": "word",
    "DialCallStatus": "word",
    "MessageStatus": "word",
    "OptOutType": "word",
    "RecordingStatus": "word",
    "StirVerstat": "word",
    "CallDuration": "count",
    "DialCallDuration": "count",
    "ErrorCode": "count",
    "NumMedia": "count",
    "NumSegments": "count",
    "RecordingDuration": "count",
    "SequenceNumber": "count",
}
_SHAPES = {
    "sid": re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}"),
    "word": re.compile(r"[A-Za-z-]{1,40}"),
    "count": re.compile(r"\d{1,5}"),
}
_NAME = re.compile(r"[A-Za-z_.]{1,40}\d{0,2}")
_TOKEN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAMES_SHOWN = 60

# Addresses without a guard whose every exchange is written down all the same.
_OPEN: dict[str, Medium] = {
    "/fallback/voice": "voice",
    "/fallback/left": "voice",
    "/fallback/text": "text",
    "/audio/<token>": "voice",
}
# The path of an address of ours: words alone, so that nobody can write a number into the log.
_PATH = re.compile(r"(/[a-z]{1,20}(-[a-z]{1,20})*){1,4}")


class Guard:
    """Wraps view functions. `auth_tokens` are all accepted: two of them while one is replaced.

    `public_base_url` is the address that the carrier knows us by, without a path that a proxy
    keeps for itself; the Host header is never trusted. `apology(medium)` returns the TwiML that a
    person gets when a view fails, `hash_number` the few characters that stand for a number in
    the log; `failures` counts what went wrong. Raises ValueError for an empty token: its signatures
    could be made by anybody.
    """

    def __init__(
        self,
        auth_tokens: Sequence[str],
        public_base_url: str,
        log: logging.Logger = EXCHANGES,
        *,
        apology: Callable[[Medium], str],
        hash_number: Callable[[str], str],
        clock: Clock = _SYSTEM_CLOCK,
        failures: FailureWatch | None = None,
    ) -> None:
        if not auth_tokens or not all(auth_tokens):
            raise ValueError("Webhooks cannot be checked without an auth token.")
        self._validators = [validator_of(token) for token in auth_tokens]
        self._base_url = public_base_url.rstrip("/")
        self._log = log
        self._apology = apology
        self._hash_number = hash_number
        self._clock = clock
        self._failures = failures

    def voice(self, view: Callable[View, ResponseReturnValue]) -> Callable[View, Response]:
        """Guard a view that answers with TwiML for a call: if it fails, the apology is spoken."""
        return self.wrap(view, "voice")

    def text(self, view: Callable[View, ResponseReturnValue]) -> Callable[View, Response]:
        """Guard a view that answers an inbound text: if it fails, the apology is texted back.

        A failing status would help nobody, because the carrier never asks again for a text.
        """
        return self.wrap(view, "text")

    def callback(self, view: Callable[View, ResponseReturnValue]) -> Callable[View, Response]:
        """Guard a view that is told about a status: if it fails, it answers 500 and is logged."""
        return self.wrap(view, "callback")

    def wrap(
        self,
        view: Callable[View, ResponseReturnValue],
        medium: Medium,
        *,
        allow_get: bool = False,
    ) -> Callable[View, Response]:
        """Guard a view; see voice, text and callback. HTTP errors that it raises pass through."""

        @functools.wraps(view)
        def guarded(*args: View.args, **kwargs: View.kwargs) -> Response:
            exchange = _Exchange(medium)
            try:
                self._admit(exchange, allow_get)
                response = make_response(view(*args, **kwargs))
            except PlainRefusal as refusal:
                exchange.facts["why"] = refusal.sentence
                response = make_response(refusal.get_response(request.environ))
            except HTTPException as passing:
                self._write(exchange, passing.get_response(request.environ).status_code)
                raise
            except Exception as fault:  # Whatever it is, a person is waiting for an answer.
                exchange.facts["fault"] = _outline(fault)
                response = self._apologise(medium, exchange)
            self._write(exchange, response.status_code)
            return response

        guarded.guarded = medium  # type: ignore[attr-defined]  # Lets a test find bare routes.
        return guarded

    def watch(self, app: Flask) -> None:
        """Write the line of every exchange that no guarded view has: open addresses and refusals.

        It asks no database and no signature, and its own failure changes no answer: the fallback
        has to speak when everything else is broken.
        """

        @app.before_request
        def begin() -> None:
            g.began = time.perf_counter()

        @app.after_request
        def end(response: Response) -> Response:
            try:
                self._write_unguarded(response.status_code)
            except Exception as fault:
                self._log.error("An exchange could not be written: %s.", type(fault).__name__)
            return response

    def _write_unguarded(self, status: int) -> None:
        rule = request.url_rule.rule if request.url_rule else ""
        if "exchange" in g or (status < 400 and rule not in _OPEN):
            return
        exchange = _Exchange(_OPEN.get(rule), g.began)
        if rule.startswith("/fallback/"):
            exchange.facts |= _cause_of_fallback()
        self._write(exchange, status)

    def _admit(self, exchange: "_Exchange", allow_get: bool) -> None:
        """Let a request pass, or raise PlainRefusal. Costs no query and reads 64 kB at most."""
        if request.method != "POST" and not (allow_get and request.method == "GET"):
            raise PlainRefusal(405, "This address only takes requests of the carrier, by POST.")
        request.max_content_length = BODY_LIMIT_BYTES
        try:
            params = _parameters()
        except RequestEntityTooLarge:
            raise PlainRefusal(413, "The request is larger than 64 kB.") from None
        exchange.read = True
        signature = request.headers.get("X-Twilio-Signature")
        url = signed_url(self._base_url, request.environ)
        if not signature:
            raise PlainRefusal(403, "The request has no signature.")
        if not is_signed(self._validators, url, params, signature):
            raise PlainRefusal(403, "The signature is wrong for this address and these parameters.")
        if isinstance(params, str):
            raise PlainRefusal(415, "The parameters must be sent as a form.")
        exchange.signed = True

    def _apologise(self, medium: Medium, exchange: "_Exchange") -> Response:
        if medium != "callback":
            try:
                return Response(self._apology(medium), mimetype="text/xml")
            except Exception as fault:  # Then the carrier's own fallback address has to speak.
                exchange.facts["apology"] = _outline(fault)
        return Response("The request could not be handled.\n", 500, mimetype="text/plain")

    def _write(self, exchange: "_Exchange", status: int) -> None:
        failed = "fault" in exchange.facts
        g.exchange = exchange
        if self._failures is not None and exchange.signed:
            self._failures.saw(failed=failed)
        level = logging.ERROR if failed else logging.WARNING if status >= 400 else logging.INFO
        if not self._log.isEnabledFor(level):
            return
        line: dict[str, Any] = {
            "time": self._clock.now().isoformat(timespec="milliseconds"),
            "route": request.url_rule.rule if request.url_rule else None,
            "medium": exchange.medium,
            "status": status,
            "ms": round((time.perf_counter() - exchange.started) * 1000, 1),
        }
        token = request.environ.get("HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", "")
        if _TOKEN.fullmatch(token):
            line["token"] = token
        if exchange.read:
            self._describe(line, exchange.signed)
        self._log.log(level, "%s", json.dumps(line | exchange.facts))

    def _describe(self, line: dict[str, Any], signed: bool) -> None:
        """Add the names of the parameters, and what may be said of the values of a signed request.

        What a stranger sends is no use to anybody, so of that only the plain names are kept.
        """
        form = request.form
        names = [name for name in (*request.args, *form) if _is_plain(name)]
        for name, value in form.items() if signed else ():
            shown = _SHOWN.get(name)
            if shown is None:
                continue
            if shown == "hash":
                line[name] = self._hash_number(value)
            elif shown == "length":
                line[name] = len(value)
            elif _SHAPES[shown].fullmatch(value):
                line[name] = value
        line["names"] = names[:_NAMES_SHOWN]


class _Exchange:
    """What is known about one request while it is being answered."""

    __slots__ = ("facts", "medium", "read", "signed", "started")

    def __init__(self, medium: Medium | None, started: float | None = None) -> None:
        self.medium = medium
        self.started = time.perf_counter() if started is None else started
        self.read = False
        self.signed = False
        self.facts: dict[str, Any] = {}


def _cause_of_fallback() -> dict[str, str]:
    """Return why the carrier asks a fallback, as far as that can be said without a secret."""
    request.max_content_length = BODY_LIMIT_BYTES
    found = {}
    code, url = request.values.get("ErrorCode", ""), request.values.get("ErrorUrl", "")
    if _SHAPES["count"].fullmatch(code):
        found["ErrorCode"] = code
    if _PATH.fullmatch(path := urlsplit(url).path):
        found["ErrorUrl"] = path
    return found


def validator_of(auth_token: str) -> RequestValidator:
    """Return the carrier library's own check of the signatures that one token makes."""
    return RequestValidator(auth_token)


def is_signed(
    validators: Sequence[RequestValidator],
    url: str,
    params: MultiDict[str, str] | str,
    signature: str,
) -> bool:
    """Tell whether one of the tokens made this signature for the URL and its parameters.

    `params` is the form (empty for GET), or the raw body of a JSON request, which must then be
    named by its hash in the URL. Both the URL with and without its port are tried. Never raises.
    """
    if isinstance(params, str) and "bodySHA256=" not in url:
        return False
    try:
        return any(_is_made_by(validator, url, params, signature) for validator in validators)
    except ValueError:
        # The address cannot be taken apart, or something in it is no Unicode: nothing of ours.
        return False


def _is_made_by(
    validator: RequestValidator, url: str, params: MultiDict[str, str] | str, signature: str
) -> bool:
    """Check one token. Nearly always the URL was signed as it stands: then one hash will do."""
    if isinstance(params, MultiDict):
        made: str = validator.compute_signature(url, params)
        if hmac.compare_digest(made.encode(), signature.encode()):
            return True
    return bool(validator.validate(url, params, signature))


def signed_url(public_base_url: str, environ: dict[str, Any]) -> str:
    """Return the address that the carrier signed: our public one, and path and query untouched.

    Servers pass on the raw request line under two names. Without it the path is encoded anew,
    which is right for every address that we hand out ourselves.
    """
    raw: str | None = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw is None:
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        query = environ.get("QUERY_STRING", "")
        raw = quote(path, safe="/:@!$&'()*+,;=~", encoding="latin-1") + (query and f"?{query}")
    elif not raw.startswith("/"):
        # A proxy may ask in the absolute form, `POST http://inner/path`.
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    if not raw.isascii():
        raw = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    return public_base_url + raw


def _parameters() -> MultiDict[str, str] | str:
    """Return the form, empty for GET, or the raw text of a JSON body; else raise PlainRefusal."""
    length = request.content_length or 0
    if length > BODY_LIMIT_BYTES:
        raise RequestEntityTooLarge
    if request.method == "GET":
        return MultiDict()
    if request.is_json:
        return request.get_data().decode("utf-8", "replace")
    if request.mimetype != _FORM and (request.mimetype or length):
        raise PlainRefusal(415, "The parameters must be sent as a form.")
    form = request.form
    if request.content_length is None:
        # A body of undeclared length is cut at the limit in silence; asking for more tells.
        request.stream.read(1)
    return form


@functools.lru_cache(maxsize=1024)
def _is_plain(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _outline(fault: BaseException) -> list[str]:
    """Return where a fault came from: the kind of each error in the chain, and its places.

    Messages are left out, and so is every value: an error of the database quotes the row.
    """
    lines: list[str] = []
    cause: BaseException | None = fault
    while cause is not None and len(lines) < 100:
        lines.append(type(cause).__name__)
        frames = traceback.walk_tb(cause.__traceback__)
        lines += [f"{f.f_code.co_filename}:{line} {f.f_code.co_name}" for f, line in frames][-25:]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines

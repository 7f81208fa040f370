"""One try at reaching the application over HTTP: signed, and never to a foreign host."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, quote_plus, urlencode, urljoin, urlsplit, urlunsplit

import requests
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError as Urllib3Error
from urllib3.exceptions import ReadTimeoutError

from telephony.emulator.debugger import Debugger, Pairs, Webhook
from telephony.emulator.engine import Engine
from telephony.emulator.signing import signature, signed_address
from telephony.emulator.store import Store

Medium = Literal["voice", "messaging"]

_MAX_BODY = 64 * 1024
_MAX_FILE = 16 * 1024 * 1024
_MAX_REDIRECTS = 10
_OVERTAKEN_AT_LAST = 60.0
_USER_AGENT = "TwilioProxy/1.1"


@dataclass(frozen=True)
class Hook:
    """One event to tell the application about.

    `awaited` hooks fetch a document; others are status callbacks whose answer does not matter.
    `conversation` names the call or pair of numbers whose cookies are kept.
    """

    url: str
    params: Pairs
    medium: Medium
    sid: str
    method: str = "POST"
    awaited: bool = True
    conversation: str = ""
    file: bool = False

    @property
    def kind(self) -> str:
        """Return `voice`, `messaging`, `voice-status`, `messaging-status` or `file`."""
        if self.file:
            return "file"
        return self.medium if self.awaited else f"{self.medium}-status"


@dataclass(frozen=True)
class Reply:
    """What came back: a body, or the code of what went wrong. `url` is the one that answered."""

    url: str
    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    error: tuple[int, str] | None = None
    failure: str = ""


@dataclass(frozen=True)
class Overrides:
    """Connection settings from a URL's fragment; times in seconds."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    failures: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, url: str, read: float) -> "Overrides":
        """Read `#rc=3&rp=all&ct=2000 ...`; values outside their limits are ignored."""
        given = dict(parse_qsl(urlsplit(url).fragment))

        def number(key: str, low: int, high: int, default: float, scale: float) -> float:
            text = given.get(key, "")
            return int(text) * scale if text.isdecimal() and low <= int(text) <= high else default

        policies = frozenset(given.get("rp", "ct").split(","))
        return cls(
            connect=number("ct", 100, 10000, 5.0, 0.001),
            read=number("rt", 100, 15000, read, 0.001),
            total=number("tt", 100, 15000, 15.0, 0.001),
            retries=int(number("rc", 0, 5, 1, 1)),
            failures=frozenset({"ct", "rt", "4xx", "5xx"}) if "all" in policies else policies,
        )


class Transport:
    """Carries hooks to the application and to nobody else, and records each exchange."""

    def __init__(
        self,
        engine: Engine,
        store: Store,
        debugger: Debugger,
        *,
        allowed_hosts: frozenset[str],
        routes: Mapping[str, str],
    ) -> None:
        self._engine = engine
        self._store = store
        self._debugger = debugger
        self._hosts = allowed_hosts | {"127.0.0.1", "localhost", "::1"}
        self._routes = dict(routes)
        self._session = requests.Session()
        self._session.trust_env = False
        self._cookies: dict[str, RequestsCookieJar] = {}

    def close(self) -> None:
        self._session.close()

    def route(self, public_origin: str, local_origin: str) -> None:
        """Send what is addressed to a public origin to a local one, signed as the public one."""
        self._routes[public_origin.rstrip("/")] = local_origin.rstrip("/")

    def follow(self, hook: Hook, token: str, options: Overrides) -> Reply:
        """Make one try, along its redirects. One that is not 307 or 308 loses the parameters."""
        for _hop in range(_MAX_REDIRECTS + 1):
            reply, location = self._ask(hook, token, options)
            if not location:
                return reply
            url = urljoin(hook.url, location)
            keep = reply.status in (307, 308)
            hook = replace(
                hook,
                url=url,
                method=hook.method if keep else "GET",
                params=hook.params if keep else (),
            )
        return Reply(hook.url, error=(11215, "Too many redirects."), failure="redirects")

    def _ask(self, hook: Hook, token: str, options: Overrides) -> tuple[Reply, str]:
        """Make one request; return what came back, and where it redirects to, if anywhere."""
        address = _without_fragment(hook.url)
        if hook.method == "GET" and hook.params:
            address += ("&" if "?" in address else "?") + urlencode(hook.params)
        refusal, target = self._target(address)
        if refusal is not None:
            return Reply(hook.url, error=refusal), ""
        request = self._prepare(hook, token, address, target)
        limit = _MAX_FILE if hook.file else _MAX_BODY
        try:
            with self._session.send(
                request,
                timeout=(options.connect, min(options.read, options.total)),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(limit + 1, decode_content=True) or b""
        except (requests.RequestException, Urllib3Error) as problem:
            reply = Reply(hook.url, error=_network_error(problem), failure=_failure(problem))
            self._record(hook, address, request.headers, reply, {})
            return reply, ""
        self._jar(hook).update(response.cookies)
        reply = _judged(hook, response, content, limit)
        self._record(hook, address, request.headers, reply, response.headers)
        return reply, response.headers.get("Location", "") if response.is_redirect else ""

    def _prepare(
        self, hook: Hook, token: str, address: str, target: str
    ) -> requests.PreparedRequest:
        prepared = requests.Request(
            hook.method,
            target,
            headers=self._headers(hook, address, token),
            data=_encode(hook.params) if hook.method == "POST" else b"",
            cookies=self._jar(hook),
        ).prepare()
        # The path and query go out exactly as they were configured: they are what was signed.
        parts = urlsplit(target)
        prepared.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if target != address:
            prepared.headers["Host"] = urlsplit(address).netloc.rpartition("@")[2]
        return prepared

    def _jar(self, hook: Hook) -> RequestsCookieJar:
        return self._cookies.setdefault(hook.conversation or hook.sid, RequestsCookieJar())

    def _target(self, address: str) -> tuple[tuple[int, str] | None, str]:
        """Return why this address may not be asked, or the address to connect to."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return (11100, "The URL is not valid."), ""
        if parts.scheme not in ("http", "https") or not host:
            return (11100, "The URL is not valid."), ""
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if (local := self._routes.get(origin)) is not None:
            return None, local + address.split(parts.netloc, 1)[1]
        if host not in self._hosts or "_" in host:
            return (11210, f"The host {host} cannot be reached from the emulator."), ""
        return None, address

    def _headers(self, hook: Hook, address: str, token: str) -> dict[str, str]:
        headers = {"User-Agent": _USER_AGENT, "Accept": "*/*"}
        if hook.file:
            return headers
        signed = signed_address(address, voice=hook.medium == "voice")
        body_params = hook.params if hook.method == "POST" else ()
        headers["I-Twilio-Idempotency-Token"] = token
        headers["X-Twilio-Signature"] = signature(self._store.auth_token, signed, body_params)
        if hook.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        return headers

    def _record(
        self,
        hook: Hook,
        address: str,
        headers: Mapping[str, str],
        reply: Reply,
        reply_headers: Mapping[str, str],
    ) -> None:
        with self._engine.lock:
            self._debugger.webhooks.append(
                Webhook(
                    time=self._engine.now(),
                    kind=hook.kind,
                    method=hook.method,
                    url=address,
                    params=hook.params,
                    headers=dict(headers),
                    status=reply.status,
                    response_body=reply.body.decode("utf-8", "replace"),
                    response_headers=dict(reply_headers),
                )
            )


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _encode(params: Pairs) -> bytes:
    """Return the form body; what cannot be written in UTF-8 travels as a question mark."""
    pairs = (
        f"{quote_plus(name, errors='replace')}={quote_plus(value, errors='replace')}"
        for name, value in params
    )
    return "&".join(pairs).encode("ascii")


def _judged(hook: Hook, response: requests.Response, content: bytes, limit: int) -> Reply:
    status = response.status_code
    error: tuple[int, str] | None = None
    failure = ""
    if status >= 400:
        failure = "4xx" if status < 500 else "5xx"
        error = (11200, f"The application answered with HTTP status {status}.")
    elif len(content) > limit:
        error = (
            (11751, "The file is too large.")
            if hook.file
            else (11750, "The document is larger than 64 kB.")
        )
    return Reply(
        hook.url, status, response.headers.get("Content-Type", ""), content, error, failure
    )


def _network_error(problem: Exception) -> tuple[int, str]:
    if isinstance(problem, requests.exceptions.SSLError):
        return 11220, "The TLS handshake failed."
    if isinstance(problem, requests.exceptions.ReadTimeout | ReadTimeoutError):
        return 11200, "No answer came in time."
    if isinstance(problem, requests.exceptions.ConnectionError) and "Remote" not in str(problem):
        return 11205, "The connection failed."
    return 11206, "The answer was not valid HTTP."


def _failure(problem: Exception) -> str:
    code = _network_error(problem)[0]
    return {11200: "rt", 11205: "ct", 11220: "ct"}.get(code, "protocol")

"""One try at reaching the application over HTTP: signed, and never to a foreign host."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from http.cookies import CookieError, SimpleCookie
from ssl import SSLError
from typing import Literal
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urljoin, urlsplit
from wsgiref.types import WSGIApplication

from telephony.emulator.debugger import Debugger, Pairs, Webhook
from telephony.emulator.engine import Engine
from telephony.emulator.in_process import Answer, ask
from telephony.emulator.signing import signature, signed_address
from telephony.emulator.store import Store

Medium = Literal["voice", "messaging"]

_MAX_BODY = 64 * 1024
_MAX_FILE = 16 * 1024 * 1024
_MAX_REDIRECTS = 10
_USER_AGENT = "TwilioProxy/1.1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a request line may hold as it is; anything else is escaped.
_URL_CHARACTERS = "%/?&=+~#:;,@!$'()*[]-._"


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
        if "#" not in url:
            return cls(read=read)
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
        allowed_hosts: frozenset[str],
        routes: Mapping[str, str],
    ) -> None:
        self.engine = engine
        self.store = store
        self.debugger = debugger
        self._hosts = allowed_hosts | {"127.0.0.1", "localhost", "::1"}
        self._routes = dict(routes)
        self._apps: dict[str, WSGIApplication] = {}
        self._cookies: dict[str, dict[str, str]] = {}

    def route(self, public_origin: str, local_origin: str) -> None:
        """Send what is addressed to a public origin to a local one, signed as the public one."""
        self._routes[public_origin.rstrip("/")] = local_origin.rstrip("/")

    def serve(self, public_origin: str, app: WSGIApplication) -> None:
        """Hand what is addressed to a public origin to an application of this process."""
        self._apps[public_origin.rstrip("/")] = app

    def follow(self, hook: Hook, token: str, options: Overrides) -> Reply:
        """Make one try, along its redirects. One that is not 307 or 308 loses the parameters."""
        for _hop in range(_MAX_REDIRECTS + 1):
            reply, location = self._ask(hook, token, options)
            if not location:
                return reply
            keep = reply.status in (307, 308)
            hook = replace(
                hook,
                url=urljoin(hook.url, location),
                method=hook.method if keep else "GET",
                params=hook.params if keep else (),
            )
        return Reply(hook.url, error=(11215, "Too many redirects."), failure="redirects")

    def _ask(self, hook: Hook, token: str, options: Overrides) -> tuple[Reply, str]:
        """Make one request; return what came back, and where it redirects to, if anywhere."""
        address = hook.url.partition("#")[0]
        if hook.method == "GET" and hook.params:
            address += ("&" if "?" in address else "?") + urlencode(hook.params)
        refusal, target = self._target(address)
        if refusal is not None:
            return Reply(hook.url, error=refusal), ""
        headers = self._headers(hook, address, token)
        answer = self._perform(hook, target, headers, options)
        if isinstance(answer, Reply):
            self._record(hook, address, headers, answer, {})
            return answer, ""
        response, content = answer
        self._keep_cookies(hook, response)
        reply = _judged(hook, response, content)
        self._record(hook, address, headers, reply, dict(response.getheaders()))
        moved = response.status in _REDIRECTS
        return reply, (response.getheader("Location") or "") if moved else ""

    def _perform(
        self, hook: Hook, target: str, headers: Mapping[str, str], options: Overrides
    ) -> tuple[HTTPResponse | Answer, bytes] | Reply:
        """Exchange one request and answer; the path and query go out byte for byte."""
        parts = urlsplit(target)
        body = _encode(hook.params) if hook.method == "POST" else b""
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is not None:
            answer = ask(app, hook.method, target, headers, body)
            return answer, answer.content
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=options.connect)
        path = target.split("/", 3)[3:] or [""]
        try:
            connection.connect()
        except SSLError:
            return Reply(hook.url, error=(11220, "The TLS handshake failed."), failure="ct")
        except OSError:
            return Reply(hook.url, error=(11205, "The connection failed."), failure="ct")
        try:
            connection.sock.settimeout(min(options.read, options.total))
            connection.putrequest(
                hook.method,
                "/" + quote(path[0], safe=_URL_CHARACTERS),
                skip_host=True,
                skip_accept_encoding=True,
            )
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return response, response.read((_MAX_FILE if hook.file else _MAX_BODY) + 1)
        except TimeoutError:
            return Reply(hook.url, error=(11200, "No answer came in time."), failure="rt")
        except (HTTPException, OSError):
            return Reply(hook.url, error=(11206, "The answer was not valid HTTP."), failure="")
        finally:
            connection.close()

    def _target(self, address: str) -> tuple[tuple[int, str] | None, str]:
        """Return why this address may not be asked, or the address to connect to."""
        try:
            parts = urlsplit(address)
            host = parts.hostname or ""
        except ValueError:
            return (11100, "The URL is not valid."), ""
        if parts.scheme not in ("http", "https") or not host:
            return (11100, "The URL is not valid."), ""
        netloc = parts.netloc.rpartition("@")[2]
        if f"{parts.scheme}://{netloc}" in self._apps:
            return None, address
        if (local := self._routes.get(f"{parts.scheme}://{netloc}")) is not None:
            return None, local + address.split(parts.netloc, 1)[1]
        if host not in self._hosts or "_" in host:
            return (11210, f"The host {host} cannot be reached from the emulator."), ""
        return None, address

    def _headers(self, hook: Hook, address: str, token: str) -> dict[str, str]:
        headers = {
            "Host": urlsplit(address).netloc.rpartition("@")[2],
            "User-Agent": _USER_AGENT,
            "Accept": "*/*",
            "Connection": "close",
        }
        jar = self._cookies.get(hook.conversation or hook.sid)
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        if hook.file:
            return headers
        signed = signed_address(address, voice=hook.medium == "voice")
        body_params = hook.params if hook.method == "POST" else ()
        headers["I-Twilio-Idempotency-Token"] = token
        headers["X-Twilio-Signature"] = signature(self.store.auth_token, signed, body_params)
        if hook.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        return headers

    def _keep_cookies(self, hook: Hook, response: HTTPResponse | Answer) -> None:
        jar = self._cookies.setdefault(hook.conversation or hook.sid, {})
        for line in response.headers.get_all("Set-Cookie", []):
            try:
                jar |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            except CookieError:
                continue

    def _record(
        self,
        hook: Hook,
        address: str,
        headers: Mapping[str, str],
        reply: Reply,
        reply_headers: Mapping[str, str],
    ) -> None:
        with self.engine.lock:
            self.debugger.webhooks.append(
                Webhook(
                    time=self.engine.now(),
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


def _encode(params: Pairs) -> bytes:
    """Return the form body."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params).encode("ascii")


# Most names and many values are the same from one hook to the next.
_quoted = lru_cache(maxsize=1024)(quote_plus)


def _judged(hook: Hook, response: HTTPResponse | Answer, content: bytes) -> Reply:
    error: tuple[int, str] | None = None
    failure = ""
    if response.status >= 400:
        failure = "4xx" if response.status < 500 else "5xx"
        error = (11200, f"The application answered with HTTP status {response.status}.")
    elif hook.file and len(content) > _MAX_FILE:
        error = (11751, "The file is too large.")
    elif not hook.file and len(content) > _MAX_BODY:
        error = (11750, "The document is larger than 64 kB.")
    kind = response.getheader("Content-Type") or ""
    return Reply(hook.url, response.status, kind, content, error, failure)

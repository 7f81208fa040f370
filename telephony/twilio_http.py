"""Where the official Twilio client's requests go: to Twilio, or to a stand-in for it."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import BaseAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

# What a listener gets to see of one request: method, original URL, query parameters, form.
Listener = Callable[
    [str, str, Mapping[str, object] | None, Mapping[str, object] | None],
    None,
]


class ForeignHostError(ValueError):
    """A request was about to leave for a host that is not Twilio's."""


class MappedHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """The official client's HTTP layer with a time-out, and optionally another address.

    `base_url` (such as `http://127.0.0.1:1234`, or with a path where a stand-in is mounted)
    replaces scheme, host and port while the Host header keeps the product's name, so that one
    server can stand in for api, lookups and messaging, next-page addresses included. With
    `base_url` None requests go to Twilio itself. `timeout` is in seconds: the client's own default
    is to wait for ever. `record` is called before each request with the original URL. `adapter`
    carries the requests instead of a network. Raises
    ForeignHostError for any host outside twilio.com, so a wrong address can never carry
    credentials away.
    """

    def __init__(
        self,
        base_url: str | None = None,
        timeout: float = 10,
        record: Listener | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        super().__init__(timeout=timeout)
        if adapter is not None:
            self.session.mount("https://", adapter)
            # There is no way out, and so no proxy to be looked up for each request.
            self.session.trust_env = False
        self._target = urlsplit(base_url) if base_url else None
        if base_url:
            # A stand-in is on this machine or beside it; the way out is not the way to it.
            self.session.trust_env = False
        self._record = record

    def request(  # noqa: PLR0917 - the signature is the official client's
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request of the official client to the address it is mapped to.

        Raises ForeignHostError, and whatever `requests` raises when the server does not answer.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host != "twilio.com" and not host.endswith(".twilio.com"):
            raise ForeignHostError("The carrier client may only talk to hosts of twilio.com.")
        if self._record is not None:
            self._record(method.upper(), url, params, data)
        sent_headers = dict(headers or {})
        if self._target is not None:
            sent_headers["Host"] = host
            url = urlunsplit(
                parts._replace(
                    scheme=self._target.scheme,
                    netloc=self._target.netloc,
                    path=self._target.path.rstrip("/") + parts.path,
                )
            )
        return super().request(
            method, url, params, data, sent_headers, auth, timeout, allow_redirects
        )

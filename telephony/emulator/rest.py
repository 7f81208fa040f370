"""The carrier's REST interface: one server for all products, told apart by Host or path."""

import functools
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

from flask import Flask, Request, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from telephony.emulator.debugger import RestRequest
from telephony.emulator.faults import PlannedRest
from telephony.emulator.forms import Fields, RestError, not_found
from telephony.emulator.leg import Hub
from telephony.emulator.store import Store

P = ParamSpec("P")

# What each operation takes: query parameters of a GET, form fields of a POST.
PARAMETERS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "parameters.json").read_text(encoding="utf-8")
)
ACCOUNT = "/2010-04-01/Accounts/<account>"

_PRODUCTS = {
    "/2010-04-01/": "api.twilio.com",
    "/v2/PhoneNumbers/": "lookups.twilio.com",
    "/v1/Services": "messaging.twilio.com",
}


def install_rules(app: Flask, hub: Hub) -> None:
    """Give the app what every REST request goes through: login, mishaps, records, errors."""

    @app.url_value_preprocessor
    def take_account(_endpoint: str | None, values: dict[str, object] | None) -> None:
        g.account = None if values is None else values.pop("account", None)

    @app.before_request
    def admit() -> ResponseReturnValue | None:
        product = _product(request)
        if product is None:
            return None
        g.product = product
        g.fault = None
        if request.host.partition(":")[0].endswith("twilio.com") and (
            request.host.partition(":")[0] != product
        ):
            return _refused(not_found(request.path))
        if not _is_known(hub.store, request):
            return _refused(RestError(20003, "Authentication Error - invalid username", 401))
        if g.account not in (None, hub.store.account_sid):
            return _refused(not_found(request.path))
        with hub.engine.lock:
            g.fault = hub.faults.take_rest(request.path)
        if g.fault is not None and not g.fault.processed:
            return _refused(_mishap(g.fault))
        return None

    @app.after_request
    def remember(response: Response) -> Response:
        if "product" not in g:
            return response
        fault: PlannedRest | None = g.fault
        if fault is not None and fault.kind == "error" and fault.processed:
            response = app.make_response(_refused(_mishap(fault)))
        with hub.engine.lock:
            hub.engine.version += request.method != "GET"
            hub.debugger.saw_request(_seen(request, g.product, response.status_code))
        if fault is not None and fault.kind == "close" and _close(request):
            response.headers["Connection"] = "close"
        return response

    @app.errorhandler(RestError)
    def refuse(error: RestError) -> ResponseReturnValue:
        return _refused(error)

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> ResponseReturnValue:
        if "product" not in g:
            return error
        if error.code == 405:
            return _refused(RestError(20004, "Method not allowed", 405))
        return _refused(not_found(request.path))


def locked(
    hub: Hub,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Make a view run under the engine's lock."""

    def around(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @functools.wraps(view)
        def run(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            with hub.engine.lock:
                return view(*args, **kwargs)

        return run

    return around


def form_fields(hub: Hub, operation: str) -> Fields:
    """Return the form of the present request, warning about names the operation lacks."""
    fields = Fields(request.form.items(multi=True))
    fields.warn_unknown(PARAMETERS[operation], hub.debugger, operation)
    return fields


def query_fields(hub: Hub, operation: str) -> Fields:
    """Return the query of the present request, warning about names the operation lacks."""
    fields = Fields(request.args.items(multi=True))
    fields.warn_unknown(PARAMETERS[operation], hub.debugger, operation)
    return fields


def _product(asked: Request) -> str | None:
    """Return the host of the product that a request is for; None for the emulator's own pages."""
    for prefix, host in _PRODUCTS.items():
        if asked.path.startswith(prefix):
            return host
    host = asked.host.partition(":")[0]
    return host if host.endswith("twilio.com") else None


def _is_known(store: Store, asked: Request) -> bool:
    login = asked.authorization
    if login is None or login.type != "basic" or login.username is None:
        return False
    secret = store.secret_for(login.username)
    return secret is not None and secret == login.password


def _refused(error: RestError) -> Response:
    response = jsonify(error.body())
    response.status_code = error.status
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response


def _mishap(fault: PlannedRest) -> RestError:
    words = {429: "Too Many Requests", 503: "Service Unavailable"}
    status = 504 if fault.kind == "close" else fault.status
    return RestError(fault.code, words.get(status, "Internal Server Error"), status)


def _seen(asked: Request, product: str, status: int) -> RestRequest:
    target = str(asked.environ.get("REQUEST_URI") or asked.full_path.rstrip("?"))
    return RestRequest(
        method=asked.method,
        url=f"https://{product}{target}",
        headers=dict(asked.headers.items()),
        form=tuple(asked.form.items(multi=True)),
        status=status,
    )


def _close(asked: Request) -> bool:
    """Shut the connection of a request, so that its sender never gets an answer."""
    connection = asked.environ.get("werkzeug.socket") or asked.environ.get("gunicorn.socket")
    if not isinstance(connection, socket.socket):
        return False
    connection.shutdown(socket.SHUT_RDWR)
    return True

"""The carrier's REST interface: one server for all products, told apart by Host or path."""

import socket
from collections.abc import Iterable
from functools import lru_cache
from http.client import responses
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from telephony.emulator.control import control
from telephony.emulator.debugger import RestRequest
from telephony.emulator.desk import ENVIRON_KEY, Desk, desk
from telephony.emulator.faults import PlannedRest
from telephony.emulator.forms import RestError, not_found
from telephony.emulator.rest_calls import calls
from telephony.emulator.rest_messages import messages
from telephony.emulator.rest_numbers import numbers
from telephony.emulator.rest_recordings import recordings
from telephony.emulator.store import Store

_PRODUCTS = {
    "/2010-04-01/": "api.twilio.com",
    "/v2/PhoneNumbers/": "lookups.twilio.com",
    "/v1/Services": "messaging.twilio.com",
}


def serve(for_desk: Desk) -> WSGIApplication:
    """Return the web application of one emulator."""
    app = _app()

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ[ENVIRON_KEY] = for_desk
        return app(environ, start)

    return answer


@lru_cache
def _app() -> Flask:
    app = Flask("telephony.emulator", static_folder=None)
    for blueprint in (messages, calls, recordings, numbers, control):
        app.register_blueprint(blueprint)
    app.url_value_preprocessor(_take_account)
    app.before_request(_admit)
    app.after_request(_remember)
    app.register_error_handler(RestError, _refuse)
    app.register_error_handler(HTTPException, _refuse_http)
    return app


def _take_account(_endpoint: str | None, values: dict[str, object] | None) -> None:
    g.account = None if values is None else values.pop("account", None)


def _admit() -> ResponseReturnValue | None:
    product = _product(request)
    if product is None:
        return None
    g.product = product
    g.fault = None
    if request.host.partition(":")[0].endswith("twilio.com") and (
        request.host.partition(":")[0] != product
    ):
        return _refused(not_found(request.path))
    if not _is_known(desk().store, request):
        return _refused(RestError(20003, "Authentication Error - invalid username", 401))
    if g.account not in (None, desk().store.account_sid):
        return _refused(not_found(request.path))
    with desk().hub.engine.lock:
        g.fault = desk().hub.faults.take_rest(request.path)
    if g.fault is not None and not g.fault.processed:
        return _refused(_mishap(g.fault))
    return None


def _remember(response: Response) -> Response:
    if "product" not in g:
        return response
    fault: PlannedRest | None = g.fault
    if fault is not None and fault.kind == "error" and fault.processed:
        response = _refused(_mishap(fault))
    with desk().hub.engine.lock:
        desk().hub.engine.version += request.method != "GET"
        desk().hub.debugger.saw_request(_seen(request, g.product, response.status_code))
    if fault is not None and fault.kind == "close" and _close(request):
        response.headers["Connection"] = "close"
    return response


def _refuse(error: RestError) -> ResponseReturnValue:
    return _refused(error)


def _refuse_http(error: HTTPException) -> ResponseReturnValue:
    if "product" not in g:
        return error
    if error.code == 405:
        return _refused(RestError(20004, "Method not allowed", 405))
    return _refused(not_found(request.path))


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
    status = 504 if fault.kind == "close" else fault.status
    return RestError(fault.code, responses.get(status, "Internal Server Error"), status)


def _seen(asked: Request, product: str, status: int) -> RestRequest:
    target = str(asked.environ.get("REQUEST_URI") or asked.full_path.rstrip("?"))
    target = target.removeprefix(asked.script_root)
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

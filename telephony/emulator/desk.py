"""Where REST requests are handled: which emulator a request is for, and what all views share.

Building the routes takes longer than most tests, so there is one web application for all
emulators of a process, and each request carries the desk of its own.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

from flask import request
from flask.typing import ResponseReturnValue

from telephony.emulator.calls import Exchange
from telephony.emulator.forms import Fields
from telephony.emulator.leg import Hub
from telephony.emulator.phones import Phone
from telephony.emulator.store import Store
from telephony.emulator.texts_out import TextSender

P = ParamSpec("P")

ACCOUNT = "/2010-04-01/Accounts/<account>"
ENVIRON_KEY = "telephony.emulator.desk"
# What each operation takes: query parameters of a GET, form fields of a POST.
PARAMETERS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "parameters.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Desk:
    """What a view may use of the emulator that it was asked for."""

    hub: Hub
    exchange: Exchange
    sender: TextSender
    phones: dict[str, Phone]
    phone_for: Callable[[str], Phone]

    @property
    def store(self) -> Store:
        return self.hub.store


def desk() -> Desk:
    """Return the desk of the emulator that the present request is for."""
    found: Desk = request.environ[ENVIRON_KEY]
    return found


def locked(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Make a view run under the engine's lock."""

    @functools.wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        with desk().hub.engine.lock:
            return view(*args, **kwargs)

    return run


def form_fields(operation: str) -> Fields:
    """Return the form of the present request, warning about names the operation lacks."""
    fields = Fields(request.form.items(multi=True))
    fields.warn_unknown(PARAMETERS[operation], desk().hub.debugger, operation)
    return fields


def query_fields(operation: str) -> Fields:
    """Return the query of the present request, warning about names the operation lacks."""
    fields = Fields(request.args.items(multi=True))
    fields.warn_unknown(PARAMETERS[operation], desk().hub.debugger, operation)
    return fields

"""The phones over HTTP, for a page that shows them: their state as JSON, and what people do."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from telephony.emulator.clock import PushableClock
from telephony.emulator.desk import desk
from telephony.emulator.leg import Hub
from telephony.emulator.numbering import is_fictional
from telephony.emulator.phones import Phone
from telephony.emulator.screen import PhoneCall, PhoneError, Text
from telephony.emulator.shapes import Json

_ENTRIES_SHOWN = 50
_LONGEST_PUSH = 400 * 86400.0

control = Blueprint("control", __name__)


@control.get("/_phones/state")
def read_state() -> ResponseReturnValue:
    """Show all phones, unless nothing has changed since the version that the asker has."""
    engine = desk().hub.engine
    with engine.lock:
        if request.args.get("version") == str(engine.version):
            return Response(status=304)
        return _state(desk().hub, desk().phones)


@control.post("/_phones/add")
def add_phone() -> ResponseReturnValue:
    """Make a phone, or change its label and kind. The kind may say landline or withheld."""
    engine = desk().hub.engine
    given = _given()
    phone = desk().phone_for(_text(given, "number"))
    phone.label = _text(given, "label") or phone.label
    phone.kind = _text(given, "kind") or phone.kind
    phone.landline = phone.landline or "landline" in phone.kind
    phone.withheld = phone.withheld or "withheld" in phone.kind
    with engine.lock:
        engine.version += 1
    return {"ok": True}


@control.post("/_phones/clock")
def push_clock() -> ResponseReturnValue:
    """Push the clock forward by seconds, through all that is due on the way."""
    engine = desk().hub.engine
    seconds = _given().get("advance")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= _LONGEST_PUSH:
        raise PhoneError("The clock can be pushed forward by a number of seconds.")
    if not isinstance(engine.clock, PushableClock):
        raise PhoneError("This clock cannot be pushed forward.")
    engine.advance(seconds)
    return {"ok": True}


@control.post("/_phones/<number>/<deed>")
def act(number: str, deed: str) -> ResponseReturnValue:
    """Do what the person with that phone wants."""
    deeds = _deeds(desk().hub, _existing(number), _given())
    if deed not in deeds:
        raise PhoneError(f"A phone cannot {deed!r}.")
    deeds[deed]()
    return {"ok": True}


@control.errorhandler(PhoneError)
def refuse(error: PhoneError) -> ResponseReturnValue:
    return {"error": str(error)}, 400


def _deeds(hub: Hub, phone: Phone, given: Json) -> dict[str, Callable[[], object]]:
    """Return what the person with a phone can do, by the last word of the address."""

    def reachable(number: str) -> str:
        if hub.fictional_only and not is_fictional(number):
            raise PhoneError(f"{number or 'This'} is not a number that may be reached from here.")
        return number

    confidence = given.get("confidence", 0.95)
    known = float(confidence) if isinstance(confidence, int | float) else None
    hidden = given.get("withheld")
    return {
        "dial": lambda: phone.dial(
            reachable(_text(given, "to")), withheld=hidden if isinstance(hidden, bool) else None
        ),
        "press": lambda: phone.press(_text(given, "keys")),
        "say": lambda: phone.say(_text(given, "words"), known, wait=False),
        "answer": phone.answer,
        "reject": phone.reject,
        "hangup": phone.hang_up,
        "text": lambda: phone.text(reachable(_text(given, "to")), _text(given, "body")),
    }


def _given() -> Json:
    """Return the JSON object of the request. Raises PhoneError for anything else.

    Only bodies that call themselves JSON are taken: a page of another site cannot send those.
    """
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise PhoneError("A JSON object is expected.")
    return given


def _text(given: Json, name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise PhoneError(f"{name!r} must be a text.")
    return value


def _existing(number: str) -> Phone:
    phones = desk().phones
    if number not in phones:
        raise PhoneError(f"There is no phone {number} here.")
    return phones[number]


def _state(hub: Hub, phones: dict[str, Phone]) -> Json:
    entries = hub.debugger.entries[-_ENTRIES_SHOWN:]
    return {
        "version": hub.engine.version,
        "clock": hub.engine.now().isoformat(),
        "phones": [_phone(phone) for phone in phones.values()],
        "numbers": [
            {"number": each.number, "label": each.friendly_name}
            for each in hub.store.numbers.values()
        ],
        "debugger": [asdict(entry) | {"time": entry.time.isoformat()} for entry in entries],
    }


def _phone(phone: Phone) -> Json:
    current = phone.call
    ended = [call for call in phone.calls if call is not current]
    return {
        "number": phone.number,
        "label": phone.label,
        "kind": phone.kind,
        "landline": phone.landline,
        "withheld": phone.withheld,
        "call": None if current is None else _call(current),
        "last_captions": _captions(ended[-1]) if ended else [],
        "messages": [_message(text) for text in phone.texts],
    }


def _call(call: PhoneCall) -> Json:
    return {
        "sid": call.sid,
        "state": call.state,
        "shown": call.shown,
        "recording": call.leg.recording,
        "gathering": call.leg.gathering,
        "captions": _captions(call),
    }


def _captions(call: PhoneCall) -> list[Json]:
    return [
        {
            "id": each.id,
            "who": each.who,
            "text": each.text,
            "at": each.at.isoformat(),
            "language": each.language,
        }
        for each in call.captions
    ]


def _message(text: Text) -> Json:
    return asdict(text) | {"at": text.at.isoformat()}

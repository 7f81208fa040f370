"""Numbers by REST: those of the account, those for sale, and what is known about any number."""

import re

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from telephony.emulator import numbering
from telephony.emulator.desk import ACCOUNT, desk, form_fields, locked, query_fields
from telephony.emulator.forms import Fields, RestError, not_found
from telephony.emulator.leg import Hub
from telephony.emulator.shapes import (
    HOOK_METHODS,
    HOOK_URLS,
    SERVICES,
    Json,
    account_path,
    available_json,
    number_json,
    one_page,
    page_of,
    service_json,
    service_number_json,
)
from telephony.emulator.store import NumberRecord

_EMPTY_AREA = "533"
_DEFAULT_AREA = "515"
_NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")
_FALLBACKS = (
    ("VoiceUrl", "VoiceFallbackUrl", 21405),
    ("SmsUrl", "SmsFallbackUrl", 21406),
)
_PATH = f"{ACCOUNT}/IncomingPhoneNumbers"

numbers = Blueprint("numbers", __name__)


@numbers.get(f"{_PATH}.json")
@locked
def list_numbers() -> ResponseReturnValue:
    """List the numbers of the account."""
    store = desk().store
    fields = query_fields("GET IncomingPhoneNumbers.json")
    found = [each for each in store.numbers.values() if _passes(fields, each)]
    return page_of(
        "incoming_phone_numbers",
        f"{account_path(store)}/IncomingPhoneNumbers.json",
        fields,
        found,
        lambda each: number_json(store, each),
    )


@numbers.post(f"{_PATH}.json")
@locked
def create_number() -> ResponseReturnValue:
    """Buy a number by name, or any free one of an area code."""
    store = desk().store
    fields = form_fields("POST IncomingPhoneNumbers.json")
    number = _bought(desk().hub, fields)
    record = add_number(desk().hub, number)
    try:
        _apply(desk().hub, record, fields)
    except RestError:
        del store.numbers[record.sid]
        raise
    return number_json(store, record), 201


@numbers.get(f"{_PATH}/<sid>.json")
@locked
def read_number(sid: str) -> ResponseReturnValue:
    store = desk().store
    return number_json(store, _number(sid))


@numbers.post(f"{_PATH}/<sid>.json")
@locked
def update_number(sid: str) -> ResponseReturnValue:
    """Point a number at other addresses."""
    store = desk().store
    record = _number(sid)
    _apply(desk().hub, record, form_fields("POST IncomingPhoneNumbers/{Sid}.json"))
    return number_json(store, record)


@numbers.delete(f"{_PATH}/<sid>.json")
@locked
def delete_number(sid: str) -> ResponseReturnValue:
    store = desk().store
    del store.numbers[_number(sid).sid]
    return "", 204


@numbers.get(f"{ACCOUNT}/AvailablePhoneNumbers/US/Local.json")
@locked
def list_available() -> ResponseReturnValue:
    """List numbers on sale: fictional ones, by area code and digits contained."""
    store = desk().store
    fields = query_fields("GET AvailablePhoneNumbers/{CountryCode}/Local.json")
    numbers = _for_sale(desk().hub, fields.text("AreaCode", _DEFAULT_AREA))
    wanted = fields.text("Contains").replace("*", "")
    shown = [each for each in numbers if wanted in each]
    where = f"{account_path(store)}/AvailablePhoneNumbers/US/Local.json"
    return page_of("available_phone_numbers", where, fields, shown, available_json)


@numbers.get("/v1/Services")
@locked
def list_services() -> ResponseReturnValue:
    """List the messaging services, all on one page."""
    found = [service_json(desk().store, each) for each in desk().store.services.values()]
    return one_page("services", SERVICES, found)


@numbers.get("/v1/Services/<sid>/PhoneNumbers")
@locked
def list_numbers_of_service(sid: str) -> ResponseReturnValue:
    """List the numbers in a messaging service, all on one page."""
    store = desk().store
    service = store.services.get(sid)
    if service is None:
        raise not_found(request.path)
    found = [
        service_number_json(store, service, each)
        for each in store.numbers.values()
        if each.number in service.numbers
    ]
    return one_page("phone_numbers", f"{SERVICES}/{sid}/PhoneNumbers", found)


@numbers.get("/v2/PhoneNumbers/<number>")
@locked
def look_up(number: str) -> ResponseReturnValue:
    """Tell what is known about a number; one that cannot exist is an answer too, no error."""
    fields = query_fields("GET v2/PhoneNumbers/{PhoneNumber}")
    asked = fields.text("Fields").split(",")
    digits = re.sub(r"[^\d+]", "", number)
    if len(digits) == 10 and fields.text("CountryCode", "US") == "US":
        digits = f"+1{digits}"
    return _looked_up(digits, "line_type_intelligence" in asked)


def add_number(hub: Hub, number: str, *, voice: bool = True, sms: bool = True) -> NumberRecord:
    """Add a number to the account."""
    record = NumberRecord(
        sid=hub.store.new_sid("PN"),
        number=number,
        created=hub.engine.now(),
        friendly_name=numbering.national(number),
        voice=voice,
        sms=sms,
    )
    hub.store.numbers[record.sid] = record
    return record


def _looked_up(number: str, line_type: bool) -> Json:
    north_american = _NORTH_AMERICAN.fullmatch(number) is not None
    valid = north_american or (numbering.is_e164(number) and not number.startswith("+1"))
    errors = [] if valid else ["TOO_SHORT" if len(number) < 12 else "INVALID_BUT_POSSIBLE"]
    intelligence: Json | None = None
    if line_type and valid:
        intelligence = {
            "carrier_name": "Bridge Test Telephone",
            "error_code": None,
            "mobile_country_code": "313",
            "mobile_network_code": "981",
            "type": _line_type(number),
        }
    empty = dict.fromkeys(
        (
            "caller_name",
            "sim_swap",
            "call_forwarding",
            "line_status",
            "identity_match",
            "reassigned_number",
            "sms_pumping_risk",
            "phone_number_quality_score",
            "pre_fill",
        )
    )
    return {
        "calling_country_code": "1" if north_american else None,
        "country_code": "US" if north_american else None,
        "phone_number": number,
        "national_format": numbering.national(number) if valid else None,
        "valid": valid,
        "validation_errors": errors,
        "line_type_intelligence": intelligence,
        "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{number}",
    } | empty


def _line_type(number: str) -> str:
    phone = desk().phones.get(number)
    if numbering.is_toll_free(number):
        return "tollFree"
    if desk().store.number_named(number) is not None:
        return "nonFixedVoip"
    if phone is not None and phone.landline:
        return "landline"
    return phone.line_type if phone is not None else "mobile"


def _bought(hub: Hub, fields: Fields) -> str:
    number, area = fields.text("PhoneNumber"), fields.text("AreaCode")
    if number in numbering.BUY:
        raise RestError(*numbering.BUY[number])
    if number:
        if not numbering.is_e164(number):
            raise RestError(21421, "The phone number is invalid.")
        if hub.store.number_named(number) is not None:
            raise RestError(21422, "The phone number is not available.")
        return number
    if not area:
        raise RestError(21421, "A 'PhoneNumber' or 'AreaCode' is required.")
    free = _for_sale(hub, area)
    if not free:
        raise RestError(21452, "No phone numbers are available in this area code.")
    return free[0]


def _for_sale(hub: Hub, area: str) -> list[str]:
    """Return the fictional numbers of an area code that the account does not have yet."""
    if re.fullmatch(r"[2-9]\d{2}", area) is None or area == _EMPTY_AREA:
        return []
    every = (f"+1{area}55501{index:02d}" for index in range(100))
    return [number for number in every if hub.store.number_named(number) is None]


def _apply(hub: Hub, record: NumberRecord, fields: Fields) -> None:
    """Point a number at the addresses given.

    Raises RestError 21402 for one that is no URL, and 21405 or 21406 for a fallback address that
    has no first one to fall back from.
    """
    changes: dict[str, str] = {}
    for name in (*HOOK_URLS, *HOOK_METHODS):
        if name in fields:
            method = name.endswith("Method")
            changes[name] = fields.method(name) if method else fields.url(name, 21402)
    settings = record.settings | changes
    for first, second, code in _FALLBACKS:
        if settings.get(second) and not settings.get(first):
            raise RestError(code, f"'{second}' cannot be set without '{first}'.")
    record.settings = settings
    record.friendly_name = fields.text("FriendlyName", record.friendly_name)
    record.updated = hub.engine.now()


def _number(sid: str) -> NumberRecord:
    record = desk().store.numbers.get(sid)
    if record is None:
        raise not_found(request.path)
    return record


def _passes(fields: Fields, record: NumberRecord) -> bool:
    wanted, name = fields.text("PhoneNumber").replace("*", ""), fields.text("FriendlyName")
    return wanted in record.number and (not name or name == record.friendly_name)

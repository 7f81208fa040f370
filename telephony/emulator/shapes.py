"""The carrier's records as its REST interface shows them: numbers as strings, dates in RFC 2822."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from telephony.emulator.dates import rfc2822, rfc2822_or_none
from telephony.emulator.forms import Fields
from telephony.emulator.numbering import national
from telephony.emulator.store import (
    CallRecord,
    MediaRecord,
    MessageRecord,
    NumberRecord,
    RecordingRecord,
    ServiceRecord,
    Store,
)

Json = dict[str, object]
T = TypeVar("T")

_VERSION = "2010-04-01"
SERVICES = "https://messaging.twilio.com/v1/Services"
HOOK_URLS = (
    "SmsFallbackUrl",
    "SmsUrl",
    "StatusCallback",
    "VoiceFallbackUrl",
    "VoiceUrl",
)
HOOK_METHODS = (
    "SmsFallbackMethod",
    "SmsMethod",
    "StatusCallbackMethod",
    "VoiceFallbackMethod",
    "VoiceMethod",
)


def account_path(store: Store) -> str:
    return f"/{_VERSION}/Accounts/{store.account_sid}"


def message_json(store: Store, message: MessageRecord) -> Json:
    """Return a text as the interface shows it."""
    path = f"{account_path(store)}/Messages/{message.sid}"
    media = len(message.media) or len(message.media_urls)
    return {
        "account_sid": store.account_sid,
        "api_version": _VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822_or_none(message.sent),
        "date_updated": rfc2822(message.updated or message.created),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        # A service has chosen no sender yet when it accepts a text.
        "from": None if message.status == "accepted" else message.sender,
        "messaging_service_sid": message.service or None,
        "num_media": str(media),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": message.recipient,
        "uri": f"{path}.json",
    }


def media_json(store: Store, message_sid: str, media: MediaRecord) -> Json:
    """Return the record of one file of a text."""
    created = rfc2822(media.created)
    return {
        "account_sid": store.account_sid,
        "content_type": media.content_type,
        "date_created": created,
        "date_updated": created,
        "parent_sid": message_sid,
        "sid": media.sid,
        "uri": f"{account_path(store)}/Messages/{message_sid}/Media/{media.sid}.json",
    }


def call_json(store: Store, call: CallRecord) -> Json:
    """Return a call; its duration in seconds is known only when it is over."""
    path = f"{account_path(store)}/Calls/{call.sid}"
    return {
        "account_sid": store.account_sid,
        "answered_by": call.answered_by,
        "api_version": _VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated or call.created),
        "direction": call.direction,
        "duration": str(call.seconds) if call.over else None,
        "end_time": rfc2822_or_none(call.ended),
        "forwarded_from": None,
        "from": call.caller,
        "from_formatted": national(call.caller),
        "group_sid": None,
        "parent_call_sid": call.parent_sid,
        "phone_number_sid": call.number_sid,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822_or_none(call.answered or call.started),
        # The event "initiated" has no status of its own in the REST interface.
        "status": "queued" if call.status == "initiated" else call.status,
        "subresource_uris": {"recordings": f"{path}/Recordings.json"},
        "to": call.called,
        "to_formatted": national(call.called),
        "trunk_sid": None,
        "uri": f"{path}.json",
    }


def recording_json(store: Store, recording: RecordingRecord) -> Json:
    """Return a recording, whose file may not exist yet."""
    path = f"{account_path(store)}/Recordings/{recording.sid}"
    return {
        "account_sid": store.account_sid,
        "api_version": _VERSION,
        "call_sid": recording.call_sid,
        "channels": 1,
        "conference_sid": None,
        "date_created": rfc2822(recording.created),
        "date_updated": rfc2822(recording.created),
        "duration": str(recording.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": f"https://api.twilio.com{path}",
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": "RecordVerb",
        "start_time": rfc2822(recording.started),
        "status": "deleted" if recording.deleted else recording.status,
        "subresource_uris": {},
        "uri": f"{path}.json",
    }


def number_json(store: Store, number: NumberRecord) -> Json:
    """Return a number of the account with the addresses it is pointed at."""
    shown: Json = {
        "account_sid": store.account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": _VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {
            "fax": False,
            "mms": number.sms,
            "sms": number.sms,
            "voice": number.voice,
        },
        "date_created": rfc2822(number.created),
        "date_updated": rfc2822(number.updated or number.created),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Active",
        "friendly_name": number.friendly_name,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number.number,
        "sid": number.sid,
        "sms_application_sid": None,
        "status": "in-use",
        "trunk_sid": None,
        "uri": f"{account_path(store)}/IncomingPhoneNumbers/{number.sid}.json",
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
    }
    shown |= {_snake(name): number.setting(name) for name in HOOK_URLS}
    return shown | {_snake(name): number.method(name) for name in HOOK_METHODS}


def available_json(number: str) -> Json:
    """Return a number on sale; the names of its capabilities are spelt differently here."""
    return {
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": True, "fax": False},
        "friendly_name": national(number),
        "iso_country": "US",
        "lata": None,
        "latitude": None,
        "locality": None,
        "longitude": None,
        "phone_number": number,
        "postal_code": None,
        "rate_center": None,
        "region": None,
    }


def page_of(
    key: str, path: str, fields: Fields, items: Sequence[T], show: Callable[[T], Json]
) -> Json:
    """Return one page of a list with the addresses of its neighbours; there is no total.

    Raises RestError for a page or size outside the limits.
    """
    size = fields.whole("PageSize", 50, 1, 1000)
    number = fields.whole("Page", 0, 0, 10**6)
    start = number * size
    shown = items[start : start + size]

    def address(page: int) -> str:
        others = {
            name: fields.text(name)
            for name in fields
            if name not in ("Page", "PageSize", "PageToken")
        }
        query = urlencode(others | {"PageSize": str(size), "Page": str(page)})
        return f"{path}?{query}"

    more = start + size < len(items)
    following = f"{address(number + 1)}&PageToken=PA{number + 1}" if more else None
    return {
        key: [show(item) for item in shown],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "uri": address(number),
        "first_page_uri": address(0),
        "next_page_uri": following,
        "previous_page_uri": address(number - 1) if number else None,
    }


def service_json(store: Store, service: ServiceRecord) -> Json:
    """Return a messaging service; this product writes its dates otherwise."""
    created = service.created.isoformat().replace("+00:00", "Z")
    return {
        "account_sid": store.account_sid,
        "date_created": created,
        "date_updated": created,
        "friendly_name": "Messaging Service",
        "inbound_method": "POST",
        "inbound_request_url": service.inbound_url or None,
        "sid": service.sid,
        "url": f"{SERVICES}/{service.sid}",
        "use_inbound_webhook_on_number": service.asks_numbers,
    }


def service_number_json(store: Store, service: ServiceRecord, number: NumberRecord) -> Json:
    """Return a number as a messaging service has it."""
    created = service.created.isoformat().replace("+00:00", "Z")
    return {
        "account_sid": store.account_sid,
        "capabilities": ["Voice", "SMS"],
        "country_code": "US",
        "date_created": created,
        "date_updated": created,
        "phone_number": number.number,
        "service_sid": service.sid,
        "sid": number.sid,
        "url": f"{SERVICES}/{service.sid}/PhoneNumbers/{number.sid}",
    }


def one_page(key: str, url: str, items: Sequence[Json]) -> Json:
    """Return a list of the newer products whole, for it is never long here."""
    address = f"{url}?PageSize=50&Page=0"
    meta: Json = {
        "key": key,
        "page": 0,
        "page_size": 50,
        "url": address,
        "first_page_url": address,
        "next_page_url": None,
        "previous_page_url": None,
    }
    return {key: list(items), "meta": meta}


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")

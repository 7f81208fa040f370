"""The carrier, by Twilio's official client. Knows the wire, decides nothing, retries nothing."""

import logging
import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from requests.adapters import BaseAdapter
from twilio.base.values import unset
from twilio.rest import Client

from telephony.carrier import (
    CallFacts,
    CallRequest,
    CarrierError,
    CarrierNumber,
    LineType,
    MadeRecording,
    MessageFacts,
    NumberHooks,
    PlacedCall,
    ReceivedCall,
    ReceivedText,
    SentText,
    TextRequest,
)
from telephony.twilio_errors import NOT_FOUND, ask, known, whole
from telephony.twilio_http import Listener, MappedHttpClient
from telephony.twilio_recordings import RecordingFiles, is_left_by_caller, made_recording

_CALL_IS_OVER = 21220
_CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
# Its verdict comes with the request for what to say, so the person hears it some seconds late.
_DETECTIONS = {"machine": "Enable", "end of greeting": "DetectMessageEnd"}
_E164 = re.compile(r"\+[1-9]\d{6,14}")
# A text is looked for among the newest ones of its pair only, so a busy pair costs a few pages.
_SEARCHED_MESSAGES = 1_000
_SEARCHED_CALLS = 200

# So many texts of both directions, calls or recordings are read through at most, newest first.
_COLLECTED = 5_000

_Row = TypeVar("_Row")

_LINE_TYPES: dict[str, LineType] = {
    "mobile": "mobile",
    "landline": "landline",
    "fixedVoip": "voip",
    "nonFixedVoip": "voip",
    "tollFree": "toll_free",
    "premium": "premium",
    "sharedCost": "premium",
}


class TwilioCarrier:
    """The Carrier protocol on Twilio's REST API. `timeout` is in seconds, for connect and read.

    `base_url` sends everything to an emulator instead. With an API key the key signs in for REST;
    the auth token then only serves to check webhooks. `record` sees each request of the official
    client before it leaves; `adapter` carries requests and downloads instead of a network.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        base_url: str | None = None,
        timeout: float = 10,
        record: Listener | None = None,
        api_key: str | None = None,
        api_secret: str | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        # Below these levels both loggers print addresses that hold phone numbers.
        logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
        auth = (api_key, api_secret) if api_key and api_secret else (account_sid, auth_token)
        self._recordings = RecordingFiles(
            account_sid, auth, base_url=base_url, timeout=timeout, adapter=adapter
        )
        self._client = Client(
            *auth,
            account_sid,
            http_client=MappedHttpClient(base_url, timeout, record, adapter),
            # Region and edge of the environment would rename hosts behind our back.
            environment={"TWILIO_ACCOUNT_SID": account_sid},
        )

    def send_text(self, request: TextRequest) -> SentText:
        """Create a message. Raises CarrierError; after a time-out its `processed` is "maybe"."""
        message = ask(
            "send a text",
            lambda: _made(
                self._client.messages.create(
                    to=request.to,
                    from_=request.from_line,
                    body=request.body,
                    status_callback=request.status_callback,
                )
            ),
        )
        return _sent_text(message)

    def place_call(self, request: CallRequest) -> PlacedCall:
        """Create a call. Raises CarrierError; after a time-out its `processed` is "maybe"."""
        call = ask(
            "place a call",
            lambda: _made(
                self._client.calls.create(
                    to=request.to,
                    from_=request.from_line,
                    url=request.url,
                    method="POST",
                    fallback_url=request.fallback_url,
                    fallback_method="POST",
                    status_callback=request.status_callback,
                    status_callback_method="POST",
                    status_callback_event=_CALL_EVENTS,
                    timeout=request.ring_seconds,
                    time_limit=request.time_limit_seconds,
                    machine_detection=_DETECTIONS.get(request.detection, unset),
                )
            ),
        )
        return PlacedCall(call.sid, str(call.status))

    def hang_up(self, call_sid: str) -> None:
        """End a call. One that is over, or that the carrier no longer knows, is fine."""
        try:
            ask("end a call", lambda: self._client.calls(call_sid).update(status="completed"))
        except CarrierError as error:
            if error.code not in (_CALL_IS_OVER, NOT_FOUND):
                raise

    def find_message(
        self,
        *,
        to: str,
        from_line: str,
        body: str,
        since: datetime,
        known: Collection[str] = (),
    ) -> SentText | None:
        """Look a text up by numbers, exact body and time, newest first; see the protocol.

        The carrier's own filter goes by the day of sending, which a text still in its queue does
        not have, so the time is compared here, by creation and in whole seconds.
        """
        _check_zone(since)
        earliest = since.astimezone(UTC).replace(microsecond=0)

        def search() -> SentText | None:
            pages = self._client.messages.stream(
                to=to, from_=from_line, limit=_SEARCHED_MESSAGES, page_size=50
            )
            for message in pages:
                if message.date_created is not None and message.date_created < earliest:
                    return None
                if message.body == body and message.sid not in known:
                    return _sent_text(message)
            return None

        return ask("look a text up", search)

    def message_status(self, sid: str) -> MessageFacts | None:
        """Fetch a message's status and error code; None when there is no such message."""
        message = known("read a text", lambda: self._client.messages(sid).fetch())
        if message is None:
            return None
        return MessageFacts(str(message.status), whole(message.error_code))

    def texts_received_since(self, since: datetime) -> list[ReceivedText]:
        """List the texts to our numbers, page by page; see the protocol."""
        pages = partial(self._client.messages.stream, limit=_COLLECTED, page_size=200)
        return _received(
            "list the texts received",
            lambda earliest: pages(date_sent_after=earliest),
            _received_text,
            since,
        )

    def calls_received_since(self, since: datetime) -> list[ReceivedCall]:
        """List the calls to our numbers, page by page; see the protocol."""
        pages = partial(self._client.calls.stream, limit=_COLLECTED, page_size=200)
        return _received(
            "list the calls received",
            lambda earliest: pages(start_time_after=earliest),
            _received_call,
            since,
        )

    def recordings_made_since(self, since: datetime) -> list[MadeRecording]:
        """List what callers recorded, page by page; see the protocol."""
        pages = partial(self._client.recordings.stream, limit=_COLLECTED, page_size=200)
        return _received(
            "list the recordings",
            lambda earliest: pages(date_created_after=earliest),
            made_recording,
            since,
            wanted=is_left_by_caller,
        )

    def call_status(self, sid: str) -> CallFacts | None:
        """Fetch a call's status and seconds; None when there is no such call."""
        call = known("read a call", lambda: self._client.calls(sid).fetch())
        if call is None:
            return None
        return CallFacts(str(call.status), whole(call.duration))

    def find_call(self, *, to: str, from_line: str, since: datetime) -> PlacedCall | None:
        """Look a call up by numbers and time, newest first; see the protocol.

        The carrier's own filter goes by the start, which a call still in its queue does not have.
        """
        _check_zone(since)
        earliest = since.astimezone(UTC).replace(microsecond=0)

        def search() -> PlacedCall | None:
            pages = self._client.calls.stream(
                to=to, from_=from_line, limit=_SEARCHED_CALLS, page_size=50
            )
            for call in pages:
                if call.date_created is not None and call.date_created < earliest:
                    return None
                if call.direction == "outbound-api":
                    return PlacedCall(call.sid, str(call.status))
            return None

        return ask("look a call up", search)

    def fetch_recording(self, sid: str) -> bytes:
        """Download a recording as WAV, 20 MB at most. Not stored yet: a temporary CarrierError."""
        return self._recordings.fetch(sid)

    def delete_recording(self, sid: str) -> None:
        """Delete a recording. One that is already gone is fine."""
        known("delete a recording", lambda: self._client.recordings(sid).delete())

    def line_type(self, number: str) -> LineType:
        """Ask Lookup v2, a paid request: keep the answer. `unknown` when it cannot say."""
        if not _E164.fullmatch(number):
            return "invalid"
        found = known(
            "look a number up",
            lambda: self._client.lookups.v2.phone_numbers(number).fetch(
                fields="line_type_intelligence"
            ),
        )
        if found is None or not found.valid:
            return "invalid"
        facts = found.line_type_intelligence or {}
        return _LINE_TYPES.get(facts.get("type") or "", "unknown")

    def numbers(self) -> list[CarrierNumber]:
        """List every number of the account, page by page, and where its texts really go."""
        found = ask(
            "list the numbers", lambda: self._client.incoming_phone_numbers.list(page_size=100)
        )
        asked = self._asked_by_services() if found else {}
        return [_carrier_number(number, asked.get(number.sid)) for number in found]

    def _asked_by_services(self) -> dict[str, str]:
        """Return the address that Messaging Services ask about texts to their numbers, by number.

        A number in such a service is not asked about at its own address, unless the service says
        so; it may have no address either, and then what is texted is lost.
        """
        messaging = self._client.messaging.v1
        services = ask(
            "list the messaging services", lambda: messaging.services.list(page_size=100)
        )
        return {
            number.sid: service.inbound_request_url or ""
            for service in services
            if not service.use_inbound_webhook_on_number
            for number in ask(
                "list the numbers of a messaging service",
                messaging.services(service.sid).phone_numbers.list,
            )
        }

    def point_number(self, sid: str, hooks: NumberHooks) -> None:
        """Set all hooks of a number; an empty one is cleared."""
        ask(
            "set a number's addresses",
            lambda: self._client.incoming_phone_numbers(sid).update(
                voice_url=hooks.voice_url,
                voice_method="POST",
                voice_fallback_url=hooks.voice_fallback_url,
                voice_fallback_method=hooks.voice_fallback_method,
                status_callback=hooks.status_callback,
                status_callback_method="POST",
                sms_url=hooks.sms_url,
                sms_method="POST",
                sms_fallback_url=hooks.sms_fallback_url,
                sms_fallback_method=hooks.sms_fallback_method,
            ),
        )


def _made(resource: Any) -> Any:
    """Return what was made. The client takes an empty answer for one, but then it has no id."""
    if not resource.sid:
        raise ValueError("The answer has no id.")
    return resource


def _sent_text(message: Any) -> SentText:
    return SentText(message.sid, str(message.status), whole(message.num_segments) or 0)


def _received_text(message: Any) -> ReceivedText:
    return ReceivedText(
        sid=message.sid,
        sender=message.from_ or "",
        line=message.to or "",
        body=message.body or "",
        media=whole(message.num_media) or 0,
        received_at=message.date_sent or message.date_created,
    )


def _received_call(call: Any) -> ReceivedCall:
    return ReceivedCall(
        sid=call.sid,
        caller=call._from or "",
        line=call.to or "",
        received_at=call.start_time or call.date_created,
    )


def _is_inbound(row: Any) -> bool:
    return bool(row.direction == "inbound")


def _received(
    what: str,
    pages: Callable[[datetime], Iterable[Any]],
    read: Callable[[Any], _Row],
    since: datetime,
    *,
    wanted: Callable[[Any], bool] = _is_inbound,
) -> list[_Row]:
    """Return what came in since then, oldest first; the carrier lists the newest first."""
    _check_zone(since)
    earliest = since.astimezone(UTC).replace(microsecond=0)
    found = ask(what, lambda: [read(one) for one in pages(earliest) if wanted(one)])
    return found[::-1]


def _check_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone cannot be compared with the carrier's.")


def _carrier_number(number: Any, asked_by_service: str | None) -> CarrierNumber:
    able = number.capabilities or {}
    return CarrierNumber(
        sid=number.sid,
        number=number.phone_number,
        voice=bool(able.get("voice")),
        sms=bool(able.get("sms")),
        hooks=NumberHooks(
            voice_url=number.voice_url or "",
            voice_fallback_url=number.voice_fallback_url or "",
            status_callback=number.status_callback or "",
            sms_url=number.sms_url or "",
            sms_fallback_url=number.sms_fallback_url or "",
            voice_fallback_method=number.voice_fallback_method or "POST",
            sms_fallback_method=number.sms_fallback_method or "POST",
        ),
        problem=_problem(number, asked_by_service),
    )


def _problem(number: Any, asked_by_service: str | None) -> str | None:
    if number.trunk_sid:
        return "Its calls go to a SIP trunk, so the voice address has no effect."
    if number.voice_application_sid:
        return "Its calls go to a TwiML application, so the voice address has no effect."
    if number.sms_application_sid:
        return "Its texts go to a TwiML application, so the text address has no effect."
    if asked_by_service not in (None, number.sms_url):
        return (
            "Its Messaging Service takes its texts, so the text address has no effect. In the"
            " settings of the service choose to ask the webhook of the sender."
        )
    if "GET" in (number.voice_method, number.sms_method):
        return "It asks its addresses by GET. Set the numbers again to use POST."
    return None

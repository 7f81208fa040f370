"""Texts by REST: create, read, list, redact, cancel, delete; and the media that came with them."""

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from telephony.emulator import numbering
from telephony.emulator.desk import ACCOUNT, desk, form_fields, locked, query_fields
from telephony.emulator.forms import Fields, RestError, not_found
from telephony.emulator.leg import Hub
from telephony.emulator.phones import Phone
from telephony.emulator.shapes import account_path, media_json, message_json, page_of
from telephony.emulator.store import FINAL_MESSAGE, MessageRecord
from telephony.emulator.texts_out import LONGEST_QUEUE, TextOrder
from telephony.emulator.transport import Hook

_LONGEST_BODY = 1600
_MOST_MEDIA = 10
_LANDLINE = 21614
_PATH = f"{ACCOUNT}/Messages"

messages = Blueprint("messages", __name__)


@messages.post(f"{_PATH}.json")
def create_message() -> ResponseReturnValue:
    """Queue a text and answer at once; its fate is told by callbacks."""
    early: list[Hook] = []
    hub, sender = desk().hub, desk().sender
    with hub.engine.lock:
        order = read_order(hub, form_fields("POST Messages.json"), desk().phone_for)
        if sender.queue_is_full(order.sender):
            raise RestError(21611, "The queue of this sender is full.")
        message = sender.send(order)
        shown = message_json(hub.store, message)
        if hub.faults.take_early_callback():
            early = sender.hurry(message)
    # The application is asked without the lock: it may use the REST interface meanwhile.
    for hook in early:
        hub.hooks.send_now(hook)
    return shown, 201


@messages.get(f"{_PATH}.json")
@locked
def list_messages() -> ResponseReturnValue:
    """List texts of both directions, newest first, by numbers and time."""
    store = desk().store
    fields = query_fields("GET Messages.json")
    found = [each for each in reversed(store.messages.values()) if _passes(fields, each)]
    return page_of(
        "messages",
        f"{account_path(store)}/Messages.json",
        fields,
        found,
        lambda each: message_json(store, each),
    )


@messages.get(f"{_PATH}/<sid>.json")
@locked
def read_message(sid: str) -> ResponseReturnValue:
    store = desk().store
    return message_json(store, _message(sid))


@messages.post(f"{_PATH}/<sid>.json")
@locked
def update_message(sid: str) -> ResponseReturnValue:
    """Cancel a queued text, or empty the body of one that is through."""
    store = desk().store
    message = _message(sid)
    fields = form_fields("POST Messages/{Sid}.json")
    _update(message, fields)
    return message_json(store, message)


@messages.delete(f"{_PATH}/<sid>.json")
@locked
def delete_message(sid: str) -> ResponseReturnValue:
    """Forget a text that is through."""
    store = desk().store
    if _message(sid).status not in FINAL_MESSAGE:
        raise RestError(20009, "The message cannot be deleted before it is delivered.")
    del store.messages[sid]
    return "", 204


@messages.get(f"{_PATH}/<sid>/Media.json")
@locked
def list_media(sid: str) -> ResponseReturnValue:
    """List the files of one message."""
    store = desk().store
    return page_of(
        "media_list",
        f"{account_path(store)}/Messages/{sid}/Media.json",
        query_fields("GET Messages/{MessageSid}/Media.json"),
        _message(sid).media,
        lambda media: media_json(store, sid, media),
    )


@messages.get(f"{_PATH}/<sid>/Media/<media_sid>.json")
@locked
def read_media(sid: str, media_sid: str) -> ResponseReturnValue:
    """Show the record of one file."""
    store = desk().store
    for media in _message(sid).media:
        if media.sid == media_sid:
            return media_json(store, sid, media)
    raise not_found(request.path)


@messages.get(f"{_PATH}/<sid>/Media/<media_sid>")
@locked
def fetch_media(sid: str, media_sid: str) -> ResponseReturnValue:
    """Send the reader on to the place where the file lies, which wants no login.

    It is another host, as with the real carrier: a client that takes its login along leaks it.
    """
    if media_sid not in [media.sid for media in _message(sid).media]:
        raise not_found(request.path)
    path = url_for(".stored_media", media_sid=media_sid)
    return redirect(f"http://{_other_host()}:{request.environ['SERVER_PORT']}{path}", 307)


@messages.delete(f"{_PATH}/<sid>/Media/<media_sid>.json")
@locked
def delete_media(sid: str, media_sid: str) -> ResponseReturnValue:
    message = _message(sid)
    kept = [media for media in message.media if media.sid != media_sid]
    if len(kept) == len(message.media):
        raise not_found(request.path)
    message.media = kept
    return "", 204


@messages.get("/_stored/<media_sid>")
@locked
def stored_media(media_sid: str) -> ResponseReturnValue:
    """Send the file itself, to anybody who has been told this address and brings no login."""
    if "Authorization" in request.headers:
        raise RestError(20001, "Only one way of signing in is allowed: the address.", 400)
    store = desk().store
    media = store.media_named(media_sid)
    if media is None:
        raise not_found(request.path)
    return Response(media.content, content_type=media.content_type)


def read_order(hub: Hub, fields: Fields, phone_for: Callable[[str], Phone]) -> TextOrder:
    """Return what a create request asks for. Raises RestError as the carrier would refuse it."""
    to, sender, body = fields.text("To"), fields.text("From"), fields.text("Body")
    media = fields.all("MediaUrl")
    if not to:
        raise RestError(21604, "A 'To' phone number is required.")
    service = fields.text("MessagingServiceSid")
    if service:
        sender = _sender_of(hub, service, sender)
    if not sender:
        raise RestError(21603, "A 'From' phone number is required.")
    _check_sender(hub, sender)
    _check_recipient(hub, to, sender, phone_for)
    if not body and not media:
        raise RestError(21602, "Message body is required.")
    if len(body) > _LONGEST_BODY:
        raise RestError(21617, "The message body is longer than 1600 characters.")
    if len(media) > _MOST_MEDIA:
        raise RestError(21623, "More than ten media files.")
    if any(not url.startswith(("http://", "https://")) for url in media):
        raise RestError(21620, "A media URL is not valid.")
    return TextOrder(
        sender=sender,
        recipient=to,
        body=body,
        media_urls=media,
        service=service,
        callback=fields.url("StatusCallback", 21609),
        validity=fields.whole("ValidityPeriod", LONGEST_QUEUE, 1, LONGEST_QUEUE),
    )


def _sender_of(hub: Hub, service: str, wanted: str) -> str:
    """Return the number from which a messaging service sends: the one wanted, if it has that."""
    if service not in hub.store.services:
        raise RestError(21701, "The Messaging Service does not exist.")
    pool = hub.store.services[service].numbers
    if not pool:
        raise RestError(21704, "The Messaging Service contains no phone numbers.")
    if wanted and wanted not in pool:
        raise RestError(21712, "The 'From' number is not in the Messaging Service.")
    return wanted or pool[0]


def _check_sender(hub: Hub, sender: str) -> None:
    if sender in numbering.SMS_FROM:
        raise RestError(*numbering.SMS_FROM[sender])
    if sender == numbering.MAGIC_SENDER:
        return
    if not numbering.is_e164(sender):
        raise RestError(21212, f"The 'From' number {sender} is not a valid phone number.")
    own = hub.store.number_named(sender)
    if own is None or not own.sms:
        raise RestError(21606, f"The 'From' number {sender} is not a valid, SMS-capable number.")


def _check_recipient(hub: Hub, to: str, sender: str, phone_for: Callable[[str], Phone]) -> None:
    if to in numbering.SMS_TO:
        raise RestError(*numbering.SMS_TO[to])
    if not numbering.is_e164(to):
        raise RestError(21211, f"The 'To' number {to} is not a valid phone number.")
    if to == sender and not numbering.is_magic(to):
        raise RestError(21266, "'To' and 'From' must not be the same number.")
    if (sender, to) in hub.store.opted_out:
        raise RestError(21610, "Attempt to send to unsubscribed recipient.")
    if numbering.is_magic(to) or hub.store.number_named(to) is not None:
        return
    if hub.fictional_only and not numbering.is_fictional(to):
        raise RestError(21408, "Permission to send an SMS has not been enabled for the region.")
    phone = phone_for(to)
    if phone.landline and phone.landline_texts == "refused":
        raise RestError(_LANDLINE, f"'To' number {to} is not a mobile number.")


def _other_host() -> str:
    """Return this machine under the name that the request did not use."""
    return "127.0.0.1" if request.host.partition(":")[0] == "localhost" else "localhost"


def _update(message: MessageRecord, fields: Fields) -> None:
    if fields.choice("Status", ("canceled",), ""):
        if message.status != "queued":
            raise RestError(30409, "The message cannot be canceled any more.")
        desk().sender.cancel(message)
    if "Body" in fields:
        if fields.text("Body"):
            raise RestError(20001, "The body of a message can only be emptied.")
        if message.status not in FINAL_MESSAGE:
            raise RestError(20009, "The message cannot be redacted before it is delivered.")
        message.body = ""


def _message(sid: str) -> MessageRecord:
    message = desk().store.messages.get(sid)
    if message is None:
        raise not_found(request.path)
    return message


def _passes(fields: Fields, message: MessageRecord) -> bool:
    to, sender = fields.text("To"), fields.text("From")
    if to and message.recipient != to:
        return False
    if sender and message.sender != sender:
        return False
    return fields.within("DateSent", message.sent or message.created)

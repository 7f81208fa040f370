"""Calls by REST: place, read, list, change and delete them."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from telephony.emulator import numbering
from telephony.emulator.calls import CallOrder, Exchange
from telephony.emulator.desk import ACCOUNT, desk, form_fields, locked, query_fields
from telephony.emulator.fetching import Fallback, Goto
from telephony.emulator.forms import Fields, RestError, not_found
from telephony.emulator.leg import Hub
from telephony.emulator.shapes import account_path, call_json, page_of
from telephony.emulator.store import CallbackPlan, CallRecord

_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_LONGEST_TWIML = 4000
_PATH = f"{ACCOUNT}/Calls"

calls = Blueprint("calls", __name__)


@calls.post(f"{_PATH}.json")
@locked
def create_call() -> ResponseReturnValue:
    store = desk().store
    order = read_order(desk().hub, form_fields("POST Calls.json"))
    return call_json(store, desk().exchange.order(order)), 201


@calls.get(f"{_PATH}.json")
@locked
def list_calls() -> ResponseReturnValue:
    """List calls, newest first, by numbers, parent, status and times."""
    store = desk().store
    fields = query_fields("GET Calls.json")
    found = [each for each in reversed(store.calls.values()) if _passes(fields, each)]
    return page_of(
        "calls",
        f"{account_path(store)}/Calls.json",
        fields,
        found,
        lambda each: call_json(store, each),
    )


@calls.get(f"{_PATH}/<sid>.json")
@locked
def read_call(sid: str) -> ResponseReturnValue:
    store = desk().store
    return call_json(store, call_named(sid))


@calls.post(f"{_PATH}/<sid>.json")
@locked
def update_call(sid: str) -> ResponseReturnValue:
    """Redirect, cancel or complete a live call."""
    store = desk().store
    call = call_named(sid)
    _update(desk().hub, desk().exchange, call, form_fields("POST Calls/{Sid}.json"))
    return call_json(store, call)


@calls.delete(f"{_PATH}/<sid>.json")
@locked
def delete_call(sid: str) -> ResponseReturnValue:
    """Forget a call that is over; its recordings stay."""
    store = desk().store
    if not call_named(sid).over:
        raise RestError(20009, "The call cannot be deleted before it has ended.")
    del store.calls[sid]
    return "", 204


def read_order(hub: Hub, fields: Fields) -> CallOrder:
    """Return what a create request asks for. Raises RestError as the carrier would refuse it."""
    to, sender = fields.text("To"), fields.text("From")
    _check_numbers(hub, to, sender)
    events = frozenset(" ".join(fields.all("StatusCallbackEvent")).split()) or {"completed"}
    if events - _EVENTS:
        raise RestError(21626, "StatusCallbackEvent names an event that does not exist.")
    digits = fields.text("SendDigits")
    if set(digits) - set("0123456789*#wW") or len(digits) > 32:
        raise RestError(20001, "SendDigits is not valid.")
    return CallOrder(
        to=to,
        sender=sender,
        goto=_goto(fields),
        fallback=_fallback(fields),
        callbacks=CallbackPlan(
            fields.url("StatusCallback", 21609),
            fields.method("StatusCallbackMethod"),
            frozenset(events),
        ),
        ring_seconds=fields.whole("Timeout", 60, 1, 600),
        time_limit=fields.whole("TimeLimit", 14400, 1, 86400),
        send_digits=digits,
        detection=fields.choice("MachineDetection", ("Enable", "DetectMessageEnd"), ""),
        async_detection=fields.flag("AsyncAmd"),
        async_callback=fields.url("AsyncAmdStatusCallback", 21609),
        async_callback_method=fields.method("AsyncAmdStatusCallbackMethod"),
    )


def _check_numbers(hub: Hub, to: str, sender: str) -> None:
    if not to:
        raise RestError(21201, "No 'To' number is specified.")
    if sender in numbering.CALL_FROM:
        raise RestError(*numbering.CALL_FROM[sender])
    if not numbering.is_e164(sender):
        raise RestError(21212, f"The 'From' number {sender} is not a valid phone number.")
    own = sender == numbering.MAGIC_SENDER or sender in hub.store.verified_callers
    if not own and hub.store.number_named(sender) is None:
        raise RestError(21210, f"The 'From' number {sender} is not yours or verified.")
    if to in numbering.CALL_TO:
        raise RestError(*numbering.CALL_TO[to])
    if not numbering.is_e164(to):
        raise RestError(21211, f"The 'To' number {to} is not a valid phone number.")
    reachable = numbering.is_fictional(to) or numbering.is_magic(to)
    if hub.fictional_only and not reachable:
        raise RestError(21215, "The account is not allowed to call this region.")


def _goto(fields: Fields) -> Goto:
    url = fields.url("Url", 21205)
    if url:
        return Goto(url, fields.method("Method"))
    if not fields.text("Twiml"):
        raise RestError(21205, "A 'Url' or 'Twiml' is required.")
    if len(fields.text("Twiml")) > _LONGEST_TWIML:
        raise RestError(20001, "Twiml is longer than 4000 characters.")
    return Goto(inline=fields.text("Twiml"))


def _fallback(fields: Fields) -> Fallback:
    return Fallback(fields.url("FallbackUrl", 21205), fields.method("FallbackMethod"))


def _update(hub: Hub, exchange: Exchange, call: CallRecord, fields: Fields) -> None:
    """Change a live call. Raises RestError 21220 for one that has ended."""
    leg = hub.legs.get(call.sid)
    if leg is None or leg.over:
        raise RestError(21220, "The call is not in a state in which it can be changed.")
    if "StatusCallback" in fields:
        leg.plan = CallbackPlan(
            fields.url("StatusCallback", 21609), fields.method("StatusCallbackMethod")
        )
    status = fields.choice("Status", ("canceled", "completed"), "")
    if status == "canceled" and call.answered is not None:
        raise RestError(21220, "The call has been answered and can only be completed.")
    if status:
        exchange.finish(leg, "completed" if status == "completed" else "canceled")
    elif "Url" in fields or "Twiml" in fields:
        exchange.redirect(leg, _goto(fields), _fallback(fields))
    if "TimeLimit" in fields:
        limit = fields.whole("TimeLimit", 14400, 1, 86400)
        hub.engine.after(limit, lambda: leg.end("completed"))


def call_named(sid: str) -> CallRecord:
    """Return a call by its SID. Raises RestError 20404 when there is none."""
    call = desk().store.calls.get(sid)
    if call is None:
        raise not_found(request.path)
    return call


def _passes(fields: Fields, call: CallRecord) -> bool:
    wanted = {
        "To": call.called,
        "From": call.caller,
        "ParentCallSid": call.parent_sid,
        "Status": "queued" if call.status == "initiated" else call.status,
    }
    if any(fields.text(name) and fields.text(name) != value for name, value in wanted.items()):
        return False
    return fields.within("StartTime", call.started or call.created) and fields.within(
        "EndTime", call.ended or call.created
    )

"""Calls from their first moment: people dialling in, and the application dialling out."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from telephony.emulator.detection import asynchronous_params, verdict
from telephony.emulator.dial import dial
from telephony.emulator.fetching import Fallback, Goto
from telephony.emulator.gather import gather
from telephony.emulator.leg import Hub, Leg, Party
from telephony.emulator.line import Line, Redirected, RunVerb
from telephony.emulator.numbering import is_magic
from telephony.emulator.record import record
from telephony.emulator.script import HungUp
from telephony.emulator.simple_verbs import hang_up, redirect, reject, spoken
from telephony.emulator.store import CallbackPlan, CallRecord, NumberRecord
from telephony.emulator.transport import Hook

VERBS: dict[str, RunVerb] = {
    "Say": spoken,
    "Play": spoken,
    "Pause": spoken,
    "Gather": gather,
    "Dial": dial,
    "Record": record,
    "Redirect": redirect,
    "Reject": reject,
    "Hangup": hang_up,
}
_RING_GRACE = 5
# The carrier places one REST call a second for an account and queues the rest.
_SECONDS_BETWEEN_CALLS = 1.0


@dataclass(frozen=True)
class CallOrder:
    """What a REST request asks for: whom to call from what, and what to do when it is answered."""

    to: str
    sender: str
    goto: Goto
    fallback: Fallback = field(default_factory=Fallback)
    callbacks: CallbackPlan | None = None
    ring_seconds: int = 60
    time_limit: int = 14400
    send_digits: str = ""
    detection: str = ""
    async_detection: bool = False
    async_callback: str = ""
    async_callback_method: str = "POST"


class Exchange:
    """Where calls begin."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._next_start: datetime | None = None

    # -- calls to a number of the account -------------------------------------------------------

    def incoming(
        self, party: Party, caller: str, number: NumberRecord, *, withheld: bool = False
    ) -> Leg:
        """Start an inbound call and ask the number's voice URL what to do with it."""
        hub = self.hub
        call = CallRecord(
            sid=hub.store.new_sid("CA"),
            caller=caller,
            called=number.number,
            direction="inbound",
            created=hub.engine.now(),
            started=hub.engine.now(),
            status="ringing",
            number_sid=number.sid,
            withheld=withheld,
        )
        hub.store.calls[call.sid] = call
        leg = Leg(hub, call, party)
        leg.plan = CallbackPlan(
            number.setting("StatusCallback"), number.method("StatusCallbackMethod")
        )
        url = number.setting("VoiceUrl")
        if not number.voice or not url:
            hub.engine.soon(lambda: leg.end("failed"))
            return leg
        fallback = Fallback(
            number.setting("VoiceFallbackUrl"), number.method("VoiceFallbackMethod")
        )
        line = Line(leg, VERBS, fallback=fallback)
        hub.engine.soon(lambda: line.start(Goto(url, number.method("VoiceMethod"))))
        return leg

    # -- calls that the application orders --------------------------------------------------------

    def order(self, order: CallOrder) -> CallRecord:
        """Queue an outgoing call; return its record as the create request shows it."""
        hub = self.hub
        now = hub.engine.now()
        call = CallRecord(
            sid=hub.store.new_sid("CA"),
            caller=order.sender,
            called=order.to,
            direction="outbound-api",
            created=now,
        )
        hub.store.calls[call.sid] = call
        if is_magic(order.sender):
            return call
        start = max(now, self._next_start or now)
        self._next_start = start + timedelta(seconds=_SECONDS_BETWEEN_CALLS)
        leg = Leg(hub, call, hub.party_for(order.to))
        leg.plan = order.callbacks
        leg.on_pick_up = lambda: self._answered(leg, order)
        hub.engine.at(start, lambda: self._place(leg, order))
        return call

    def _place(self, leg: Leg, order: CallOrder) -> None:
        if leg.over:
            return
        ring = order.ring_seconds + _RING_GRACE

        def give_up() -> None:
            if leg.record.answered is None:
                leg.end("no-answer")

        self.hub.engine.after(ring, give_up)
        leg.begin()

    def _answered(self, leg: Leg, order: CallOrder) -> None:
        engine = self.hub.engine
        engine.after(order.time_limit, lambda: leg.end("completed"))
        if order.send_digits:
            leg.say(f"[tones {order.send_digits}]")
        line = Line(leg, VERBS, fallback=order.fallback)
        if not order.detection or order.send_digits:
            line.start(order.goto)
            return
        answered_by, seconds = verdict(leg, order.detection)
        if order.async_detection:
            engine.after(seconds, lambda: self._late_verdict(leg, order, answered_by, seconds))
            line.start(order.goto)
            return
        engine.after(seconds, lambda: setattr(leg.record, "answered_by", answered_by))
        line.start(replace(order.goto, extra=(("AnsweredBy", answered_by),)), delay=seconds)

    def _late_verdict(self, leg: Leg, order: CallOrder, answered_by: str, seconds: float) -> None:
        leg.record.answered_by = answered_by
        if leg.over or not order.async_callback:
            return
        self.hub.hooks.send(
            Hook(
                url=order.async_callback,
                params=asynchronous_params(leg, seconds),
                medium="voice",
                sid=leg.sid,
                method=order.async_callback_method,
                awaited=False,
            )
        )

    # -- changing a live call ---------------------------------------------------------------------

    def redirect(self, leg: Leg, goto: Goto, fallback: Fallback) -> None:
        """Give a live call another document; whatever it is doing stops.

        A call that is still queued or ringing takes it up when it is answered.
        """
        if leg.record.direction == "outbound-api" and leg.record.answered is None:
            line = Line(leg, VERBS, fallback=fallback)
            leg.on_pick_up = lambda: line.start(goto)
            return
        process = leg.process
        if process is not None and not process.over and leg.record.direction != "outbound-dial":
            process.interrupt(Redirected(goto, fallback))
            return
        if process is not None:
            leg.process = None
            process.interrupt(HungUp())
        leg.part()
        leg.on_leave()
        Line(leg, VERBS, fallback=fallback).start(goto)

    def finish(self, leg: Leg, status: Literal["completed", "canceled"]) -> None:
        """End a live call by REST: hang up, or cancel what has not been answered."""
        final = "completed" if leg.record.answered is not None else status
        if leg.record.answered is None and status == "completed":
            final = "canceled" if leg.record.direction != "inbound" else "completed"
        leg.end(final)

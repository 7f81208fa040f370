"""Texts of the application on their way out: queued, paced, sent, delivered and reported."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telephony.emulator.debugger import Pairs
from telephony.emulator.fetching import Asker
from telephony.emulator.leg import Hub
from telephony.emulator.numbering import is_magic, is_toll_free
from telephony.emulator.phones import Phone
from telephony.emulator.script import Process, Script
from telephony.emulator.segments import count_segments
from telephony.emulator.store import Direction, MediaRecord, MessageRecord, NumberRecord
from telephony.emulator.transport import Hook, Reply

LONGEST_QUEUE = 36000
_SECONDS_TO_HANDSET = 1.0
# A long code sends one segment a second, a toll-free number three.
_PACE = {True: 1 / 3, False: 1.0}
_EXPIRED = 30036
LANDLINE = 30006


@dataclass(frozen=True)
class TextOrder:
    """What is to be sent, from which of our numbers, and where its progress is reported.

    `validity` is how many seconds the text may wait for its turn.
    """

    sender: str
    recipient: str
    body: str
    direction: Direction = "outbound-api"
    service: str = ""
    media_urls: tuple[str, ...] = ()
    callback: str = ""
    callback_method: str = "POST"
    validity: int = LONGEST_QUEUE


class TextSender:
    """Sends texts to phones, or to other numbers of the account."""

    def __init__(
        self,
        hub: Hub,
        phone_for: Callable[[str], Phone],
        to_own_number: Callable[[str, NumberRecord, str], None],
    ) -> None:
        self.hub = hub
        self._phone_for = phone_for
        self._to_own_number = to_own_number
        self._free_from: dict[str, datetime] = {}

    def queue_is_full(self, sender: str) -> bool:
        """Tell whether more than ten hours of texts wait at this sender."""
        free = self._free_from.get(sender)
        limit = timedelta(seconds=LONGEST_QUEUE)
        return free is not None and free - self.hub.engine.now() > limit

    def hold(self, sender: str, seconds: float) -> None:
        """Let a sender's queue look as long as if it had that many seconds of texts in it."""
        self._free_from[sender] = self.hub.engine.now() + timedelta(seconds=seconds)

    def send(self, order: TextOrder) -> MessageRecord:
        """Queue a text; it leaves when its sender's turn comes, a segment a second."""
        hub = self.hub
        now = hub.engine.now()
        toll_free = is_toll_free(order.sender)
        segments = count_segments(order.body, toll_free=toll_free)
        message = MessageRecord(
            sid=hub.store.new_sid("MM" if order.media_urls else "SM"),
            sender=order.sender,
            recipient=order.recipient,
            body=order.body,
            direction=order.direction,
            status="accepted" if order.service else "queued",
            created=now,
            segments=segments,
            callback=order.callback,
            callback_method=order.callback_method,
            validity=order.validity,
            service=order.service,
            media_urls=order.media_urls,
        )
        hub.store.messages[message.sid] = message
        if is_magic(order.sender):
            return message
        if order.service:
            hub.engine.at(now, lambda: self._choose_sender(message))
        turn = max(now, self._free_from.get(order.sender, now))
        pace = _PACE[toll_free]
        self._free_from[order.sender] = turn + timedelta(seconds=segments * pace)
        hub.engine.at(turn, lambda: self._leave(message))
        return message

    def _choose_sender(self, message: MessageRecord) -> None:
        """A service has found the number to send from: only then is the text in a queue."""
        if message.status == "accepted":
            self._set(message, "queued")
            self._report(message)

    def hurry(self, message: MessageRecord) -> list[Hook]:
        """Let a text arrive this moment; return its callbacks for the caller to send by hand."""
        hooks: list[Hook] = []
        if message.status == "queued":
            for status in ("sent", "delivered"):
                self._set(message, status)
                hooks += self._callback(message)
            self._show(message)
        return hooks

    def _leave(self, message: MessageRecord) -> None:
        if message.status != "queued":
            return
        waited = (self.hub.engine.now() - message.created).total_seconds()
        if waited > message.validity:
            self._fail(message, "failed", _EXPIRED)
            return
        if (code := self._refused_for(message.recipient)) is not None:
            self._fail(message, "failed", code)
            return
        if message.media_urls:
            Process(self.hub.engine, self._fetch_media(message)).start()
            return
        self._go(message)

    def _refused_for(self, recipient: str) -> int | None:
        """Return the code with which texts to that phone fail before they leave, or None."""
        if self.hub.store.number_named(recipient) is not None:
            return None
        what = self._phone_for(recipient).when_texted
        return (what.code or 30008) if what.status == "failed" else None

    def _go(self, message: MessageRecord) -> None:
        self._set(message, "sent")
        self._report(message)
        self.hub.engine.after(_SECONDS_TO_HANDSET, lambda: self._arrive(message))

    def _arrive(self, message: MessageRecord) -> None:
        own = self.hub.store.number_named(message.recipient)
        if own is not None:
            self._set(message, "delivered")
            self._report(message)
            self._to_own_number(message.sender, own, message.body)
            return
        phone = self._phone_for(message.recipient)
        if phone.landline:
            self._fail(message, "undelivered", LANDLINE)
        elif phone.when_texted.status == "undelivered":
            self._fail(message, "undelivered", phone.when_texted.code or 30008)
        else:
            self._show(message)
            if phone.when_texted.status == "delivered":
                self._set(message, "delivered")
                self._report(message)

    def _show(self, message: MessageRecord) -> None:
        phone = self._phone_for(message.recipient)
        phone.show_text("in", message.sender, message.body, "received")

    def _set(self, message: MessageRecord, status: str) -> None:
        message.status = status
        message.updated = self.hub.engine.now()
        if status == "sent":
            message.sent = message.updated

    def _fail(self, message: MessageRecord, status: str, code: int) -> None:
        self._set(message, status)
        message.error_code = code
        self._report(message)

    def cancel(self, message: MessageRecord) -> None:
        """Cancel a text that has not left yet."""
        self._set(message, "canceled")
        self._report(message)

    def _report(self, message: MessageRecord) -> None:
        for hook in self._callback(message):
            self.hub.hooks.send(hook)

    def _callback(self, message: MessageRecord) -> list[Hook]:
        if not message.callback:
            return []
        params: Pairs = (
            ("AccountSid", self.hub.store.account_sid),
            ("ApiVersion", "2010-04-01"),
            ("MessageSid", message.sid),
            ("SmsSid", message.sid),
            ("MessageStatus", message.status),
            ("SmsStatus", message.status),
            ("To", message.recipient),
            ("From", message.sender),
        )
        if message.service:
            params += (("MessagingServiceSid", message.service),)
        if message.error_code is not None:
            params += (("ErrorCode", str(message.error_code)),)
        if message.status in ("delivered", "undelivered"):
            params += (("RawDlrDoneDate", f"{self.hub.engine.now():%y%m%d%H%M}"),)
        return [
            Hook(
                url=message.callback,
                method=message.callback_method,
                params=params,
                medium="messaging",
                sid=message.sid,
                awaited=False,
                conversation=conversation_of(message),
            )
        ]

    def _fetch_media(self, message: MessageRecord) -> Script[None]:
        """Fetch what a picture message carries; one that cannot be had fails the whole message.

        Each file is asked for by HEAD first: one of the wrong kind is not fetched at all.
        """
        hub = self.hub
        asker = Asker(hub.hooks, hub.debugger, "messaging", message.sid, conversation_of(message))
        for url in message.media_urls:
            hook = Hook(url, (), "messaging", message.sid, "HEAD", file=True)
            reply = yield from asker.ask(hook)
            code = _media_problem(reply)
            if code is None:
                reply = yield from asker.ask(replace(hook, method="GET"))
                code = _media_problem(reply)
            if code is not None:
                hub.debugger.error(code, f"A media file could not be used: {url}", message.sid)
                self._fail(message, "failed", code)
                return
            message.media.append(
                MediaRecord(
                    self.hub.store.new_sid("ME"),
                    reply.content_type.partition(";")[0],
                    reply.body,
                    self.hub.engine.now(),
                )
            )
        self._go(message)


def conversation_of(message: MessageRecord) -> str:
    """Return the name of the pair of numbers, which is the same in both directions."""
    return "-".join(sorted((message.sender, message.recipient)))


def _media_problem(reply: Reply) -> int | None:
    if reply.error is not None:
        return reply.error[0]
    return 12300 if "/" not in reply.content_type else None

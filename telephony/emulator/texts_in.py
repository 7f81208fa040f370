"""Texts of phones on their way in: the opt-out, the webhook, and the replies of its document."""

from collections.abc import Callable, Sequence
from datetime import datetime

from telephony.emulator.debugger import Level, Pairs
from telephony.emulator.fetching import Asker, Fallback, Goto
from telephony.emulator.leg import Hub
from telephony.emulator.numbering import is_e164, is_fictional, is_magic
from telephony.emulator.optout import react, told
from telephony.emulator.phones import Phone
from telephony.emulator.script import Process, Script
from telephony.emulator.segments import count_segments
from telephony.emulator.store import MediaRecord, MessageRecord, NumberRecord, Store, geography
from telephony.emulator.texts_out import TextOrder, TextSender, conversation_of
from telephony.emulator.twiml import Document, UrlError, Verb, resolve

_MOST_REPLIES = 10
_MOST_DOCUMENTS = 50
_LOOP_REPLIES, _LOOP_SECONDS = 15, 30.0


class TextReceiver:
    """Takes texts from phones and lets the application answer them."""

    def __init__(self, hub: Hub, sender: TextSender, phone_for: Callable[[str], Phone]) -> None:
        self.hub = hub
        self._sender = sender
        self._phone_for = phone_for
        self._replies: dict[tuple[str, str], list[datetime]] = {}

    def receive(
        self,
        sender: str,
        number: NumberRecord,
        body: str,
        media: Sequence[tuple[bytes, str]],
    ) -> MessageRecord:
        """Take a text from a phone: let the opt-out have its say, then ask the application."""
        hub = self.hub
        now = hub.engine.now()
        message = MessageRecord(
            sid=hub.store.new_sid("MM" if media else "SM"),
            sender=sender,
            recipient=number.number,
            body=body,
            direction="inbound",
            status="received",
            created=now,
            segments=count_segments(body),
            media=[
                MediaRecord(hub.store.new_sid("ME"), kind, content, now) for content, kind in media
            ],
            sent=now,
        )
        hub.store.messages[message.sid] = message
        reply = react(hub.store, number.number, sender, body)
        if reply is not None and hub.store.number_named(sender) is None:
            self._phone_for(sender).show_text("in", number.number, reply, "received", carrier=True)
        goto, fallback = _asked_about(hub.store, number)
        if goto.url:
            Process(hub.engine, self._converse(message, goto, fallback)).start()
        return message

    def _converse(self, message: MessageRecord, goto: Goto, fallback: Fallback) -> Script[None]:
        hub = self.hub
        asker = Asker(hub.hooks, hub.debugger, "messaging", message.sid, conversation_of(message))
        params = inbound_params(hub.store, message)
        following: Goto | None = goto
        documents = 0
        while following is not None:
            document = yield from asker.document(following, params, fallback)
            if document is None:
                return
            documents += 1
            if documents > _MOST_DOCUMENTS:
                hub.debugger.warning(14106, "Too many documents in a row.", message.sid)
                return
            following = self._run(message, document)

    def _run(self, message: MessageRecord, document: Document) -> Goto | None:
        """Send what the document says; return where it redirects to."""
        hub = self.hub
        for replies, verb in enumerate(document.verbs, start=1):
            if verb.name == "Redirect":
                url = verb.text or document.base
                return Goto(_absolute(document, url), verb.method())
            if replies > _MOST_REPLIES:
                hub.debugger.warning(14109, "More than ten replies.", message.sid)
                return None
            self._reply(message, verb, document)
        return None

    def _reply(self, message: MessageRecord, verb: Verb, document: Document) -> None:
        sender = verb.get("from") or message.recipient
        recipient = verb.get("to") or message.sender
        bodies = [child.raw_text for child in verb.children if child.name == "Body"]
        media = tuple(
            _absolute(document, child.text) for child in verb.children if child.name == "Media"
        )
        body = "".join(bodies) if verb.children else verb.raw_text
        callback = verb.get("statusCallback") or verb.get("action")
        if (refusal := self._refusal(sender, recipient, body, media)) is not None:
            level, code, sentence = refusal
            complain = self.hub.debugger.error if level == "error" else self.hub.debugger.warning
            complain(code, sentence, message.sid)
            return
        self._sender.send(
            TextOrder(
                sender=sender,
                recipient=recipient,
                body=body,
                direction="outbound-reply",
                media_urls=media,
                callback=_absolute(document, callback) if callback else "",
                callback_method=verb.method(),
            )
        )

    def _refusal(
        self, sender: str, recipient: str, body: str, media: Sequence[str]
    ) -> tuple[Level, int, str] | None:
        """Return why a reply is not sent, or None."""
        if not body and not media:
            return "warning", 14103, "<Message> has nothing to send."
        own = self.hub.store.number_named(sender)
        if own is None or not own.sms:
            return "warning", 14108, "<Message> names a sender that cannot send for the account."
        if not self._reachable(recipient):
            return "warning", 14101, "<Message> names a recipient that cannot be reached."
        if (sender, recipient) in self.hub.store.opted_out:
            return "warning", 21610, "A reply was meant for somebody who opted out."
        if self._looping(sender, recipient):
            return "error", 14107, "15 replies in 30 seconds between two numbers."
        return None

    def _reachable(self, recipient: str) -> bool:
        if not self.hub.fictional_only:
            return is_e164(recipient)
        own = self.hub.store.number_named(recipient) is not None
        return own or is_fictional(recipient) or is_magic(recipient)

    def _looping(self, sender: str, recipient: str) -> bool:
        now = self.hub.engine.now()
        recent = [
            moment
            for moment in self._replies.get((sender, recipient), [])
            if (now - moment).total_seconds() < _LOOP_SECONDS
        ]
        self._replies[(sender, recipient)] = [*recent, now]
        return len(recent) >= _LOOP_REPLIES


def _asked_about(store: Store, number: NumberRecord) -> tuple[Goto, Fallback]:
    """Return who is asked about a text: in a messaging service mostly not the number's address."""
    service = store.service_of(number.number)
    if service is not None and not service.asks_numbers:
        return Goto(service.inbound_url, "POST"), Fallback("", "POST")
    return (
        Goto(number.setting("SmsUrl"), number.method("SmsMethod")),
        Fallback(number.setting("SmsFallbackUrl"), number.method("SmsFallbackMethod")),
    )


def inbound_params(store: Store, message: MessageRecord) -> Pairs:
    """Return the parameters that tell the application about a text."""
    base = (
        f"https://api.twilio.com/2010-04-01/Accounts/{store.account_sid}"
        f"/Messages/{message.sid}/Media"
    )
    pairs: Pairs = (
        ("ToCountry", "US"),
        *geography("To", message.recipient)[:3],
        *geography("From", message.sender),
        ("SmsMessageSid", message.sid),
        ("SmsSid", message.sid),
        ("MessageSid", message.sid),
        ("AccountSid", store.account_sid),
        ("SmsStatus", "received"),
        ("From", message.sender),
        ("To", message.recipient),
        ("Body", message.body),
        ("NumMedia", str(len(message.media))),
        ("NumSegments", str(message.segments)),
        ("ApiVersion", "2010-04-01"),
    )
    service = store.service_of(message.recipient)
    if service is not None:
        pairs += (("MessagingServiceSid", service.sid),)
    meaning = told(store, message.recipient, message.body)
    if meaning is not None:
        pairs += (("OptOutType", meaning),)
    for index, media in enumerate(message.media):
        pairs += (
            (f"MediaUrl{index}", f"{base}/{media.sid}"),
            (f"MediaContentType{index}", media.content_type),
        )
    return pairs


def _absolute(document: Document, url: str) -> str:
    """Return a URL of a document as an absolute one; what cannot be is passed on and fails."""
    try:
        return resolve(document.base, url)
    except UrlError:
        return url

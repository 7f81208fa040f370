"""A pretend carrier that knows only the wire: REST, webhooks, TwiML and telephones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from wsgiref.types import WSGIApplication

from telephony.emulator.calls import Exchange
from telephony.emulator.clock import Clock
from telephony.emulator.crosswire import Crosswire
from telephony.emulator.debugger import Debugger, Entry, RestRequest, Webhook
from telephony.emulator.desk import Desk
from telephony.emulator.engine import Engine
from telephony.emulator.faults import Faults
from telephony.emulator.leg import Hub, Leg, Options, Party
from telephony.emulator.numbering import is_e164, is_fictional, is_magic
from telephony.emulator.phones import Phone
from telephony.emulator.rest import serve
from telephony.emulator.rest_numbers import add_number
from telephony.emulator.screen import PhoneError
from telephony.emulator.store import NumberRecord, ServiceRecord, Store
from telephony.emulator.texts_in import TextReceiver
from telephony.emulator.texts_out import TextSender
from telephony.emulator.transport import Transport
from telephony.emulator.webhooks import Webhooks

DEFAULT_TOKEN = "0123456789abcdef0123456789abcdef"  # noqa: S105 - a made-up account's token
DEFAULT_ACCOUNT = "AC" + "0" * 31 + "1"


class Emulator:
    """One account at a pretend carrier.

    `wsgi_app` serves REST, media and the control interface of the phones. Webhooks go out only
    to 127.0.0.1, localhost and `allowed_hosts`; `routes` maps a public origin such as
    `https://bridge.example.org` to the local one that really answers. The clock may be a virtual
    one, moved by `advance`, or a real one, with somebody calling `run_due` every so often.
    """

    def __init__(
        self,
        clock: Clock,
        account_sid: str = DEFAULT_ACCOUNT,
        auth_token: str = DEFAULT_TOKEN,
        *,
        seed: int = 0,
        allowed_hosts: Iterable[str] = (),
        routes: Mapping[str, str] | None = None,
        fictional_only: bool = True,
        read_timeout: float = 15.0,
        options: Options | None = None,
    ) -> None:
        self.engine = Engine(clock)
        self.store = Store(account_sid, auth_token, seed)
        self.faults = Faults()
        self._log = Debugger(clock)
        hosts, mapped = frozenset(allowed_hosts), routes or {}
        self._transport = Transport(self.engine, self.store, self._log, hosts, mapped)
        self.hub = Hub(
            engine=self.engine,
            store=self.store,
            debugger=self._log,
            faults=self.faults,
            hooks=Webhooks(self._transport, self.faults, read_timeout),
            options=options or Options(),
            fictional_only=fictional_only,
            party_for=self._party_for,
        )
        self.phones: dict[str, Phone] = {}
        self._exchange = Exchange(self.hub)
        self._sender = TextSender(self.hub, self.phone, self._text_to_own_number)
        self._receiver = TextReceiver(self.hub, self._sender, self.phone)
        self.wsgi_app: WSGIApplication = serve(
            Desk(self.hub, self._exchange, self._sender, self.phones, self.phone)
        )

    # -- the account --------------------------------------------------------------------------

    @property
    def account_sid(self) -> str:
        return self.store.account_sid

    @property
    def auth_token(self) -> str:
        return self.store.auth_token

    def add_api_key(self, sid: str, secret: str) -> None:
        """Let REST requests log in with this key as well."""
        self.store.api_keys[sid] = secret

    def verify_caller(self, number: str) -> None:
        """Allow a number that is not of the account as caller ID."""
        self.store.verified_callers.add(number)

    def add_number(
        self,
        e164: str,
        voice_url: str | None = None,
        sms_url: str | None = None,
        *,
        voice_fallback_url: str | None = None,
        sms_fallback_url: str | None = None,
        voice_fallback_method: str | None = None,
        sms_fallback_method: str | None = None,
        status_callback: str | None = None,
        label: str | None = None,
        sms: bool = True,
        voice: bool = True,
    ) -> NumberRecord:
        """Give the account a number and point it at the application."""
        with self.engine.lock:
            record = add_number(self.hub, e164, voice=voice, sms=sms)
            given = {
                "VoiceUrl": voice_url,
                "SmsUrl": sms_url,
                "VoiceFallbackUrl": voice_fallback_url,
                "SmsFallbackUrl": sms_fallback_url,
                "VoiceFallbackMethod": voice_fallback_method,
                "SmsFallbackMethod": sms_fallback_method,
                "StatusCallback": status_callback,
            }
            record.friendly_name = label or record.friendly_name
            record.settings |= {name: value for name, value in given.items() if value}
            return record

    def add_service(
        self,
        *numbers: str,
        inbound_url: str = "",
        asks_numbers: bool = False,
        own_words: Mapping[str, str] | None = None,
    ) -> str:
        """Put numbers of the account into a messaging service; returns the service's SID.

        `own_words` switch its Advanced Opt-Out on: more words, each for STOP, START or HELP.
        """
        with self.engine.lock:
            sid = self.hub.store.new_sid("MG")
            self.hub.store.services[sid] = ServiceRecord(
                sid, numbers, self.engine.now(), inbound_url, asks_numbers, own_words or {}
            )
            return sid

    def route(self, public_origin: str, local_origin: str) -> None:
        """Deliver webhooks for a public origin to a local one, signed as the public one."""
        self._transport.route(public_origin, local_origin)

    def serve(self, public_origin: str, app: WSGIApplication) -> None:
        """Deliver webhooks for a public origin to an application of this very process."""
        self._transport.serve(public_origin, app)

    def hold_sender(self, number: str, seconds: float) -> None:
        """Let a number's queue of texts be that many seconds long."""
        with self.engine.lock:
            self._sender.hold(number, seconds)

    def phone(self, number: str, label: str | None = None) -> Phone:
        """Return the telephone with that number; it is made when first asked for.

        Raises PhoneError for a number that is not fictional, unless those are allowed.
        """
        with self.engine.lock:
            if number not in self.phones:
                self._check_phone(number)
                self.phones[number] = Phone(self.hub, self, number)
            phone = self.phones[number]
            phone.label = label or phone.label
            return phone

    # -- time -----------------------------------------------------------------------------------

    def run_due(self) -> int:
        """Run all that is due by now; return how many events ran."""
        return self.engine.run_due()

    def advance(self, seconds: float) -> None:
        """Move a virtual clock forward, running each event at its moment."""
        self.engine.advance(seconds)

    def settle(self, limit_seconds: float = 5.0) -> None:
        """Advance until nothing is due within the next `limit_seconds`."""
        self.engine.run_due()
        while (due := self.engine.next_due()) is not None:
            ahead = due - self.engine.now()
            if ahead > timedelta(seconds=limit_seconds):
                return
            self.engine.advance(max(0.0, ahead.total_seconds()))

    # -- what was seen ------------------------------------------------------------------------

    @property
    def debugger(self) -> list[Entry]:
        return self._log.entries

    @property
    def warnings(self) -> list[Entry]:
        return [entry for entry in self._log.entries if entry.level == "warning"]

    @property
    def errors(self) -> list[Entry]:
        return [entry for entry in self._log.entries if entry.level == "error"]

    @property
    def requests(self) -> list[RestRequest]:
        return self._log.requests

    @property
    def webhooks(self) -> list[Webhook]:
        return self._log.webhooks

    @property
    def on_request(self) -> Callable[[RestRequest], None] | None:
        return self._log.on_request

    @on_request.setter
    def on_request(self, listener: Callable[[RestRequest], None] | None) -> None:
        self._log.on_request = listener

    def close(self) -> None:
        """End it all: nothing is due any more, so no webhook leaves after this."""
        self.engine.stop()

    # -- what phones need (Network) -------------------------------------------------------------

    def place_call(self, phone: Phone, caller: str, number: NumberRecord, *, withheld: bool) -> Leg:
        return self._exchange.incoming(phone, caller, number, withheld=withheld)

    def send_text(
        self,
        sender: str,
        number: NumberRecord,
        body: str,
        media: Sequence[tuple[bytes, str]],
    ) -> None:
        self._receiver.receive(sender, number, body, media)

    # -- inside ---------------------------------------------------------------------------------

    def _party_for(self, number: str) -> Party:
        own = self.store.number_named(number)
        return self.phone(number) if own is None else Crosswire(self._exchange, own)

    def _text_to_own_number(self, sender: str, number: NumberRecord, body: str) -> None:
        self._receiver.receive(sender, number, body, ())

    def _check_phone(self, number: str) -> None:
        if not is_e164(number):
            raise PhoneError(f"{number!r} is not a phone number in international form.")
        if self.hub.fictional_only and not (is_fictional(number) or is_magic(number)):
            raise PhoneError(
                f"{number} is not one of the numbers set aside for fiction (area code, 555-01xx)."
            )
        if self.store.number_named(number) is not None:
            raise PhoneError(f"{number} is a number of the account and no telephone.")

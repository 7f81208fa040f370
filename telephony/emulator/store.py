"""The carrier's records: numbers, calls, texts, media and recordings of one account."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from telephony.emulator.debugger import Pairs

Direction = Literal["inbound", "outbound-api", "outbound-dial", "outbound-reply"]

FINAL_CALL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
FINAL_MESSAGE = frozenset(
    {"sent", "delivered", "undelivered", "failed", "canceled", "received", "read"}
)


@dataclass
class NumberRecord:
    """A number of the account with the addresses it is pointed at."""

    sid: str
    number: str
    created: datetime
    friendly_name: str
    voice: bool = True
    sms: bool = True
    settings: dict[str, str] = field(default_factory=dict)
    updated: datetime | None = None

    def setting(self, name: str) -> str:
        return self.settings.get(name, "")

    def method(self, name: str) -> str:
        return self.settings.get(name) or "POST"


@dataclass
class CallbackPlan:
    """Where the progress of a call or leg is reported, and which of its events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    sent: int = 0


@dataclass
class CallRecord:
    """A call as the REST interface shows it: one record for each leg."""

    sid: str
    caller: str
    called: str
    direction: Direction
    created: datetime
    status: str = "queued"
    parent_sid: str | None = None
    number_sid: str | None = None
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    updated: datetime | None = None
    answered_by: str | None = None
    withheld: bool = False

    @property
    def over(self) -> bool:
        return self.status in FINAL_CALL

    @property
    def seconds(self) -> int:
        """Whole seconds from answer to end; 0 for a call that was never answered."""
        if self.answered is None or self.ended is None:
            return 0
        return round((self.ended - self.answered).total_seconds())


@dataclass
class MediaRecord:
    """One picture or sound that travelled with a text."""

    sid: str
    content_type: str
    content: bytes
    created: datetime


@dataclass
class MessageRecord:
    """A text in either direction as the REST interface shows it."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: Direction
    status: str
    created: datetime
    segments: int
    callback: str = ""
    callback_method: str = "POST"
    validity: int = 36000
    # The messaging service that it was handed to, which chose the sender unless one was named.
    service: str = ""
    media_urls: tuple[str, ...] = ()
    media: list[MediaRecord] = field(default_factory=list)
    sent: datetime | None = None
    updated: datetime | None = None
    error_code: int | None = None


@dataclass
class RecordingRecord:
    """What was said while a Record ran; `content` is None until the file is ready."""

    sid: str
    call_sid: str
    started: datetime
    created: datetime
    seconds: int
    words: str
    status: str = "processing"
    content: bytes | None = None
    deleted: bool = False


@dataclass(frozen=True)
class ServiceRecord:
    """A messaging service: its numbers, the preferred one first, and who is asked about texts in.

    That is the service's own address, and nobody where it has none; unless `asks_numbers` leaves it
    to the addresses of the numbers. `own_words` are those of its Advanced Opt-Out beside the usual
    ones, each with what it means (STOP, START or HELP); empty where that is not switched on.
    """

    sid: str
    numbers: tuple[str, ...]
    created: datetime
    inbound_url: str = ""
    asks_numbers: bool = False
    own_words: Mapping[str, str] = field(default_factory=dict)


class Store:
    """All records of the account, by SID, in the order of their creation."""

    def __init__(self, account_sid: str, auth_token: str, seed: int) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.api_keys: dict[str, str] = {}
        self.numbers: dict[str, NumberRecord] = {}
        self.calls: dict[str, CallRecord] = {}
        self.messages: dict[str, MessageRecord] = {}
        self.recordings: dict[str, RecordingRecord] = {}
        self.services: dict[str, ServiceRecord] = {}
        self.verified_callers: set[str] = set()
        self.opted_out: set[tuple[str, str]] = set()
        self.random = random.Random(seed)  # noqa: S311 - repeatable SIDs, no secret

    def new_sid(self, prefix: str) -> str:
        return f"{prefix}{self.random.getrandbits(128):032x}"

    def secret_for(self, user: str) -> str | None:
        """Return the password that belongs to an account SID or API key, None when unknown."""
        if user == self.account_sid:
            return self.auth_token
        return self.api_keys.get(user)

    def number_named(self, e164: str) -> NumberRecord | None:
        """Return the account's own number with that E.164 form."""
        return next((each for each in self.numbers.values() if each.number == e164), None)

    def service_of(self, number: str) -> ServiceRecord | None:
        """Return the messaging service that a number belongs to."""
        return next((each for each in self.services.values() if number in each.numbers), None)

    def media_named(self, sid: str) -> MediaRecord | None:
        """Return the file with that SID, whatever text it came with."""
        found = (
            media
            for message in self.messages.values()
            for media in message.media
            if media.sid == sid
        )
        return next(found, None)


def geography(prefix: str, number: str) -> Pairs:
    """Return the guesses about a number's place that come with each webhook.

    Fictional numbers have no exchange, so only the country is known.
    """
    country = "US" if number.startswith("+1") else ""
    return (
        (f"{prefix}City", ""),
        (f"{prefix}State", ""),
        (f"{prefix}Zip", ""),
        (f"{prefix}Country", country),
    )

"""A dispatcher on a carrier in memory and a clock at rest: a whole post office for a test."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from mentoring.claims import CLAIM_LASTS
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    MatchSide,
    Phone,
    Role,
    StaffTask,
)
from sms.views import TextDesk
from telephony.addresses import Addresses
from telephony.carrier import CarrierError
from telephony.dispatch import Dispatcher
from telephony.reactions import reaction_in
from tests.make import (
    make_lines,
    make_match,
    make_person,
    make_relay,
    make_text,
    number,
)
from tests.recording_carrier import RecordingCarrier

SITE = "https://line.example.org"
BEN, ADA = number(1), number(2)
# After so long the carrier lists what it took, and a text of unknown fate is looked up.
LISTED = CLAIM_LASTS + timedelta(seconds=1)


@dataclass
class Post:
    """A dispatcher with its carrier and its clock, and what it did."""

    db: Database
    carrier: RecordingCarrier
    clock: ManualClock
    dispatcher: Dispatcher

    def notice(self, body: str = "Hello", kind: DeliveryKind = DeliveryKind.NOTICE) -> int:
        """Queue one text to Ben."""
        with self.db.transaction() as session:
            line = make_lines(session, 1)[0]
            phone = session.scalar(select(Phone))
            ben = phone.people[0] if phone else make_person(session)
            now = self.clock.now()
            return make_text(
                session, body, to=ben.phone, person=ben, line=line, kind=kind, now=now
            ).id

    def relay(self, *parts: str) -> list[int]:
        """Queue one relayed text from Ben to Ada, in so many parts."""
        with self.db.transaction() as session:
            make_lines(session, 1)
            side = session.scalar(select(MatchSide).where(MatchSide.role == Role.PROTEGE))
            match = side.match if side else make_match(session)
            return [row.id for row in make_relay(session, match, *parts, now=self.clock.now())]

    def row(self, delivery_id: int) -> Delivery:
        with self.db.transaction() as session:
            return session.get_one(Delivery, delivery_id)

    def contact(self, delivery_id: int) -> Contact:
        with self.db.transaction() as session:
            row = session.get_one(Delivery, delivery_id)
            return session.get_one(Contact, row.contact_id)

    def tasks(self) -> list[str]:
        with self.db.transaction() as session:
            return list(session.scalars(select(StaffTask.rule).order_by(StaffTask.id)))

    def phone(self, owner: str) -> Phone:
        with self.db.transaction() as session:
            index = session.vault.index(owner)
            return session.scalars(select(Phone).where(Phone.number_index == index)).one()

    def prompts(self) -> list[str | None]:
        """Return which prompts wait in the outbox or have left, oldest first."""
        with self.db.transaction() as session:
            asked = select(Delivery.prompt).where(Delivery.prompt.is_not(None))
            return list(session.scalars(asked.order_by(Delivery.id)))

    def sent(self, to: str) -> list[str]:
        """Return what the carrier took for one number, oldest first."""
        return [text.body for text in self.carrier.texts if text.to == to]

    def report(
        self, delivery_id: int, word: str, *, sid: str = "", error: int = 0, tries: int = 1
    ) -> None:
        """Let the carrier report on a text, through the view that takes such reports."""
        row = self.row(delivery_id)
        form = {"MessageSid": sid or row.carrier_sid or "", "MessageStatus": word}
        if error:
            form["ErrorCode"] = str(error)
        path = f"/sms/status?d={row.key.hex}&n={tries}"
        with Flask(__name__).test_request_context(path, method="POST", data=form):
            TextDesk(self.db, self.clock).status()

    def wait(self, time: timedelta) -> None:
        """Let time pass, and the two loops run at its end."""
        self.clock.advance(time.total_seconds())
        self.dispatcher.sweep()
        self.dispatcher.drain()


def post_on(db: Database, clock: ManualClock, carrier: RecordingCarrier | None = None) -> Post:
    carrier = carrier or RecordingCarrier(clock)
    return Post(db, carrier, clock, Dispatcher(db, carrier, clock, Addresses(SITE)))


def code(number_: int) -> CarrierError:
    return CarrierError(f"The carrier said {number_}.", code=number_)


def timed_out() -> CarrierError:
    """The request may have been carried out or not."""
    return CarrierError(
        "No answer in time.", reaction=reaction_in("unreachable"), processed="maybe"
    )

"""What somebody answered when the service rang them: are they the right one, or is it enough?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import defer

from mentoring.calendar.asking_hours import rests_with_match
from mentoring.calendar.invitations import why_ended
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.conversation_queries import leave
from mentoring.db import Session
from mentoring.effects import CONNECT
from mentoring.models import (
    OUT,
    Contact,
    Conversation,
    ConversationStatus,
    Delivery,
    DeliveryKind,
    Invitation,
    Match,
    MatchState,
    OptOutKind,
    Outcome,
    Person,
    Phone,
)
from mentoring.optouts import refuse
from mentoring.service_calls.gate import WRONG_PERSON
from mentoring.spoken_notices import note_waiting, waits_for
from mentoring.tasks import open_task
from mentoring.wrong_numbers import disown

# The call that a conversation is having, its entry in the log, what it is about, and the question
# that the phone has open since before: in one statement, because somebody waits on the line.
_OF_CALL = (
    select(
        *(Delivery, Contact, Conversation, Invitation, Match.state, ONE_IS_OUT),
        waits_for(Delivery.to_phone_id),
    )
    .outerjoin(Contact, Contact.id == Delivery.contact_id)
    .outerjoin(Invitation, Invitation.id == Delivery.invitation_id)
    .outerjoin(Match, Match.id == Invitation.match_id)
    .outerjoin(
        Conversation,
        and_(
            Conversation.phone_id == Delivery.to_phone_id,
            Conversation.status == ConversationStatus.OPEN,
            Conversation.lasting.is_(True),
        ),
    )
    .where(
        Delivery.carrier_sid == bindparam("call_sid"),
        Delivery.kind == DeliveryKind.CALL,
    )
    .options(defer(Conversation.spoken_sealed))
)


@dataclass(frozen=True)
class ServiceCall:
    """An automated call that goes on: its row, its entry in the log, and what waited before it."""

    row: Delivery
    entry: Contact | None
    waiting: Conversation | None
    invitation: Invitation | None = None
    match_state: MatchState | None = None
    one_is_out: bool = False

    def is_settled(self, person: Person | None) -> bool:
        """Tell whether its reason has gone while it rang, so that there is nothing left to ask.

        What rests with its match is asked again when that goes on.
        """
        if person is not None and person.state in OUT:
            return True
        if person is None or self.invitation is None:
            return False
        has_ended = bool(why_ended(self.invitation, person, self.match_state))
        return has_ended or rests_with_match(
            self.invitation.flow, self.match_state, one_is_out=self.one_is_out
        )

    @property
    def goes_on_with(self) -> Conversation | None:
        """The very questions that this call is about, when they were asked before, as by text."""
        waiting, row = self.waiting, self.row
        if waiting is None or waiting.flow != row.flow or waiting.match_id != row.match_id:
            return None
        return waiting if waiting.person_id == row.to_person_id else None


def service_call_of(
    session: Session, conversation: Conversation, *, now: datetime
) -> ServiceCall | None:
    """Return the automated call that a conversation is having, or None when it is no such call."""
    found = session.execute(_OF_CALL, {"call_sid": conversation.call_sid}).first()
    if found is None:
        return None
    row, entry, since_before, invitation, match_state, one_is_out, is_told = found
    note_waiting(session, conversation.phone, waits=is_told)
    waiting: Conversation | None = since_before
    oldest = now - timedelta(days=session.programme.resume_days)
    if waiting is not None and waiting.touched_at < oldest:
        leave(waiting, now=now)
        session.flush()
        waiting = None
    return ServiceCall(row, entry, waiting, invitation, match_state, one_is_out)


def person_is_there(call: ServiceCall, *, now: datetime) -> None:
    """Somebody who says that they are the one is on the line: the log counts the call as taken.

    Where the call goes on to their partner, the entry about that says so when the call is over:
    until then they would wait for one more statement.
    """
    if (call.row.flow or "").startswith(CONNECT):
        return
    if call.entry is not None and call.entry.ended_at is None:
        call.entry.outcome = Outcome.ACCEPTED
        call.entry.accepted_at = call.entry.accepted_at or now
        call.entry.reason = None


def needs_name(person: Person | None, phone: Phone | None) -> bool:
    """Tell whether a yes does not say yet who is there: several use the phone, none was named."""
    if person is None or phone is None or not person.first_name or person.safe_contact == 1:
        return False
    return phone.asks_who and not phone.has_one_name


def somebody_else_is_there(call: ServiceCall) -> None:
    """Another one of those who share the phone took the call, which is nobody's mistake."""
    _decline(call, "somebody else answered")


def wrong_person_is_there(session: Session, call: ServiceCall, *, now: datetime) -> None:
    """The phone is not theirs, or not any more: no further call about this, and staff find out."""
    _decline(call, WRONG_PERSON)
    person = session.get(Person, call.row.to_person_id) if call.row.to_person_id else None
    who = person.code if person else "Somebody"
    open_task(
        session,
        rule=WRONG_PERSON,
        words=f"{who} was called and another person answered. Ask for their right number.",
        key=f"{WRONG_PERSON}:{call.row.id}",
        person=person,
        match_id=call.row.match_id,
        now=now,
    )


def number_is_wrong(
    session: Session, call: ServiceCall, phone: Phone | None, *, now: datetime
) -> None:
    """Nobody we want is behind this phone, they say: nothing of ours goes there any more."""
    _decline(call, WRONG_PERSON)
    if phone is not None:
        disown(session, phone, how="when we called", now=now)


def no_more_calls(
    session: Session, call: ServiceCall | None, phone: Phone | None, *, now: datetime
) -> None:
    """They want no automated calls from us any more (3.3)."""
    if phone is not None:
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=now)
    if call is not None:
        _decline(call, "wants no automated calls")


def _decline(call: ServiceCall, reason: str) -> None:
    """Note how the call went. The entry ends with the call, for the phone is busy until then."""
    if call.entry is not None and call.entry.ended_at is None:
        call.entry.outcome = Outcome.DECLINED
        call.entry.reason = reason

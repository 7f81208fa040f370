"""Finding the conversation that an answer belongs to, or the question that a phone still has."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, select
from sqlalchemy.orm import defer, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from mentoring.db import Session
from mentoring.editions.current import STAMP, note_stamp
from mentoring.flows.interest import EARLY
from mentoring.models import OUT, Conversation, ConversationStatus, Person, Phone
from mentoring.programme_editions import NEWEST, heed

# Made once, for it costs more to put together than to run. A person's phone is the conversation's,
# so it is there already; what was spoken is only wanted for a request that is doubled. Phone and
# person are asked for as they are: a joined load of each takes the session longer.
_WITH_PEOPLE = (
    select(Conversation, Phone, Person, STAMP, NEWEST)
    .outerjoin(Phone, Phone.id == Conversation.phone_id)
    .outerjoin(Person, Person.id == Conversation.person_id)
    .options(lazyload(Person.phone), defer(Conversation.spoken_sealed))
)
_BY_KEY = _WITH_PEOPLE.where(Conversation.key == bindparam("key", type_=Uuid()))
_OF_CALL = (
    _WITH_PEOPLE.where(Conversation.call_sid == bindparam("call_sid"))
    .order_by(Conversation.id.desc())
    .limit(1)
)
# Everybody behind a phone, with the open question that the phone has, if any.
_AT_A_PHONE = (
    select(Person, Conversation)
    .select_from(Phone)
    .outerjoin(Person, Person.phone_id == Phone.id)
    .outerjoin(
        Conversation,
        and_(
            Conversation.phone_id == Phone.id,
            Conversation.status == ConversationStatus.OPEN,
            Conversation.lasting.is_(True),
        ),
    )
    .where(Phone.id == bindparam("phone_id"))
    .order_by(Person.id)
    .options(lazyload(Person.phone), defer(Conversation.spoken_sealed))
)


def find_conversation(session: Session, key: UUID) -> Conversation | None:
    """Return a conversation with its phone and person, in one statement."""
    return _found(session, _BY_KEY, {"key": key})


def conversation_of_call(session: Session, call_sid: str) -> Conversation | None:
    """Return the conversation that a call is having, the newest if it had several."""
    return _found(session, _OF_CALL, {"call_sid": call_sid})


def _found(
    session: Session,
    statement: Select[Conversation, Phone, Person, str | None, int | None],
    wanted: dict[str, Any],
) -> Conversation | None:
    """Return what was looked up, after taking up what staff have changed meanwhile."""
    row = session.execute(statement, wanted).first()
    if row is None:
        return None
    conversation, phone, person, stamp, edition = row
    set_committed_value(conversation, "phone", phone)
    set_committed_value(conversation, "person", person)
    note_stamp(session, stamp)
    heed(session, edition)
    return conversation


def waiting_conversation(session: Session, phone: Phone, *, now: datetime) -> Conversation | None:
    """Return the open question that a phone has, from whichever channel, if it is not too old.

    The people of the phone are looked up in the same statement, and are there from then on.
    """
    rows = session.execute(_AT_A_PHONE, {"phone_id": phone.id}).all()
    set_committed_value(phone, "people", [person for person, _ in rows if person is not None])
    found: Conversation | None = rows[0][1] if rows else None
    if found is None:
        return None
    too_old = found.touched_at < now - timedelta(days=session.programme.resume_days)
    too_late = found.flow in EARLY and session.programme.is_live
    if too_old or too_late or _is_of_somebody_gone(found):
        leave(found, now=now)
        session.flush()
        return None
    return found


def _is_of_somebody_gone(question: Conversation) -> bool:
    """Tell whether a question about a match is for somebody who was taken out since it was asked.

    What they have answered is kept; nothing more is asked.
    """
    person = question.person
    return question.invitation_id is not None and person is not None and person.state in OUT


def leave(conversation: Conversation, *, now: datetime) -> None:
    """Give up a conversation that nobody will come back to."""
    conversation.status = ConversationStatus.LEFT
    conversation.touched_at = now

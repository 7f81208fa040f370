"""Who called or wrote, agreed to nothing, and was not heard of again, is forgotten (2.1, S13)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, not_, or_, select, update

from mentoring.consents import INTEREST_PART, agreed_to
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Consent,
    Conversation,
    ConversationStatus,
    Delivery,
    Feedback,
    MatchSide,
    Person,
    PersonState,
    Phone,
    Recording,
    RecordingState,
    Reference,
    Staff,
    StaffTask,
)
from mentoring.models.deliveries import is_unsettled
from mentoring.oversight.rules import CONCERNS
from mentoring.people import forget_number, move_person

_NOT_IN_YET = (PersonState.LEAD, PersonState.CONSENTING)
_NEVER_IN = (*_NOT_IN_YET, PersonState.EXITED)


def forget_silent_leads(session: Session, now: datetime, limit: int) -> int:
    """Forget one batch of phones from which nobody ever agreed to anything; returns how many.

    Who opted out stays known by number, or a later text could not be held back; so does whom staff
    are still to call, who agreed to hear of the start, and who told us a worry or was in danger:
    such a file is kept for years (S13).
    """
    old = now - timedelta(days=session.programme.lead_days)
    chosen = (
        select(Phone)
        .where(
            Phone.number_sealed != FORGOTTEN,
            Phone.created_at < old,
            Phone.texts_refused_at.is_(None),
            Phone.calls_refused_at.is_(None),
            *(not_(each) for each in (*_bound(), *_of_late(old))),
        )
        .order_by(Phone.id)
        .limit(limit)
    )
    phones = session.scalars(chosen).all()
    for phone in phones:
        _forget(session, phone, now=now)
    session.flush()
    return len(phones)


def _bound() -> tuple[ColumnElement[bool], ...]:
    """Return what binds us to somebody, or tells that a phone is not that of a lead."""
    takes_part = Person.state.not_in(_NEVER_IN)
    theirs = select(Person.id).where(Person.phone_id == Phone.id)
    keeps = or_(StaffTask.done_at.is_(None), StaffTask.rule.in_(CONCERNS))
    return (
        exists().where(Consent.phone_id == Phone.id, Consent.agreed, Consent.part != INTEREST_PART),
        Phone.id.in_(agreed_to(INTEREST_PART)),
        exists().where(Person.phone_id == Phone.id, takes_part),
        exists().where(MatchSide.phone_id == Phone.id),
        exists().where(Reference.phone_id == Phone.id),
        exists().where(Staff.number_index == Phone.number_index),
        exists().where(keeps, StaffTask.phone_id == Phone.id),
        exists().where(keeps, StaffTask.person_id.in_(theirs)),
        exists().where(Delivery.to_phone_id == Phone.id, is_unsettled(Delivery)),
    )


def _of_late(old: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what was heard of somebody, or done about them, not long ago."""
    return (
        exists().where(Conversation.phone_id == Phone.id, Conversation.touched_at >= old),
        exists().where(Delivery.to_phone_id == Phone.id, Delivery.created_at >= old),
        exists().where(Person.phone_id == Phone.id, Person.state_since >= old),
    )


def _forget(session: Session, phone: Phone, *, now: datetime) -> None:
    for person in phone.people:
        if person.state in _NOT_IN_YET:
            to = PersonState.EXITED
            move_person(session, person, to, actor="system", reason="no_reply", now=now)
        person.first_name, person.profile = "", {}
    ids = [person.id for person in phone.people]
    mine = select(Conversation.id).where(Conversation.phone_id == phone.id)
    for blanked in (
        update(Answer)
        .where(Answer.conversation_id.in_(mine))
        .values(words_sealed=None, value=None),
        update(Conversation)
        .where(Conversation.phone_id == phone.id)
        .values(state_sealed=FORGOTTEN, spoken_sealed=None),
        update(Conversation)
        .where(Conversation.phone_id == phone.id, Conversation.status == ConversationStatus.OPEN)
        .values(status=ConversationStatus.LEFT),
        update(Delivery).where(Delivery.to_phone_id == phone.id).values(body_sealed=None),
        update(Recording)
        .where(
            or_(Recording.from_person_id.in_(ids), Recording.conversation_id.in_(mine)),
            Recording.state != RecordingState.READY,
        )
        .values(audio_sealed=None, words_sealed=None),
        update(Feedback)
        .where(Feedback.person_id.in_(ids))
        .values(words_sealed=None, words_index=None),
    ):
        session.execute(blanked, execution_options={"synchronize_session": False})
    forget_number(phone)

"""Staff write down the right number of somebody, or that the one we have is right after all."""

from datetime import datetime

from sqlalchemy import func, select, update

from mentoring.alerts import close_alert
from mentoring.audit import write_about
from mentoring.consents import counts_for, record_consent
from mentoring.conversation_queries import leave
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import (
    Consent,
    Conversation,
    ConversationStatus,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    MatchSide,
    OptOutKind,
    Person,
    Phone,
)
from mentoring.optouts import refuse
from mentoring.oversight.rules import OutcomeCode
from mentoring.people import find_or_add_phone, number_of, read_number, refuse_forgotten
from mentoring.phone import reason_not_dialable, relay_prefix
from mentoring.tasks import end_task_for_now
from mentoring.wrong_numbers import open_alert_about, use_again


def checked_number(session: Session, typed: str) -> str:
    """Return a typed number as E.164 if it can be somebody's own; else raise ProgrammeError."""
    number = read_number(typed)
    refusal = reason_not_dialable(number, session.programme.dial_regions)
    if refusal is not None:
        raise ProgrammeError(f"The service can never ring that number: {refusal}.")
    if session.scalar(select(Line.id).where(Line.number == number)) is not None:
        raise ProgrammeError("That is one of our own lines. Give the person's own number.")
    return number


def confirm_number(
    session: Session, person: Person, *, actor: str, reason: str, now: datetime
) -> None:
    """Use a number again that was said to be wrong, or out of use: staff know that it is right."""
    phone = person.phone
    session.refresh(phone, ["unusable_at", "disowned"], with_for_update=True)
    refuse_forgotten(phone)
    if phone.unusable_at is None:
        raise ProgrammeError(f"The number of {person.code} is in use.")
    use_again(phone)
    _settle(session, phone, actor=actor, reason=reason, now=now)
    write_about(session, person, "confirmed number", actor=actor, reason=reason, now=now)


def change_number(
    session: Session, person: Person, typed: str, *, actor: str, reason: str, now: datetime
) -> None:
    """Give a person another phone, with their matches, their open question and all their wishes.

    What they agreed to, and what they want none of, they told us and not their old phone.
    """
    session.refresh(person, ["phone_id"], with_for_update=True)
    old, number, prefix = person.phone, checked_number(session, typed), relay_prefix(typed)
    if number == number_of(session, old) and prefix != old.relay_prefix:
        old.relay_prefix = prefix
        write_about(session, person, "changed number", actor=actor, reason=reason, now=now)
        return
    if number == number_of(session, old):
        raise ProgrammeError(f"That is the number that we have of {person.code}.")
    new = find_or_add_phone(session, number, now=now)
    others = ", ".join(sorted(each.code for each in new.people))
    if others:
        raise ProgrammeError(f"That phone belongs to {others} already.")
    use_again(new)
    new.slow, new.relay_prefix = new.slow or old.slow, prefix
    _settle(session, old, only=person, actor=actor, reason=reason, now=now)
    _move_question(session, person, old, new, now=now)
    _repeat_consents(session, person, new)
    _repeat_opt_outs(session, old, new, now=now)
    session.execute(
        update(MatchSide)
        .where(MatchSide.person_id == person.id, MatchSide.released_at.is_(None))
        .values(phone_id=new.id)
        .execution_options(synchronize_session="fetch")
    )
    _send_there(session, person, old, new)
    person.phone = new
    session.flush()
    session.expire(old, ["people"])
    if not old.people:
        # Nobody of ours is behind it now, so there is nothing left to keep from it.
        use_again(old)
    write_about(session, person, "changed number", actor=actor, reason=reason, now=now)


def _settle(
    session: Session,
    phone: Phone,
    *,
    actor: str,
    reason: str,
    now: datetime,
    only: Person | None = None,
) -> None:
    """Close what asks staff for the right number: with what they have just written it is done."""
    for person in phone.people if only is None else [only]:
        alert = open_alert_about(session, person)
        if alert is not None:
            code = OutcomeCode.NUMBER_CORRECTED
            close_alert(session, alert.id, code=code, note=reason, actor=actor, now=now)
    end_task_for_now(session, f"number:{phone.id}", outcome="written down", now=now)


def _move_question(
    session: Session, person: Person, old: Phone, new: Phone, *, now: datetime
) -> None:
    """Let the question that a person has open, or had to put aside, go on at their new phone."""
    lasting = Conversation.lasting.is_(True)
    at_new = session.scalars(
        select(Conversation).where(
            lasting,
            Conversation.phone_id == new.id,
            Conversation.status == ConversationStatus.OPEN,
        )
    )
    for question in at_new:
        leave(question, now=now)
    session.flush()
    mine = select(Conversation).where(
        lasting, Conversation.phone_id == old.id, Conversation.person_id == person.id
    )
    for question in session.scalars(mine):
        question.phone = new


def _send_there(session: Session, person: Person, old: Phone, new: Phone) -> None:
    """Let what still waits for this person, such as for the morning, go to their new phone.

    An answer to what was texted from the old one goes nowhere else.
    """
    waiting = (
        Delivery.to_person_id == person.id,
        Delivery.to_phone_id == old.id,
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.kind.in_((DeliveryKind.RELAY, DeliveryKind.NOTICE)),
    )
    moved = update(Delivery).where(*waiting).values(to_phone_id=new.id)
    session.execute(moved, execution_options={"synchronize_session": "fetch"})


def _repeat_consents(session: Session, person: Person, new: Phone) -> None:
    """Keep the newest answer to each part with the new phone too, with its wording and proof."""
    newest = select(func.max(Consent.id)).where(counts_for(person)).group_by(Consent.part)
    for given in session.scalars(select(Consent).where(Consent.id.in_(newest))).all():
        record_consent(
            session,
            phone=new,
            person=person,
            part=given.part,
            agreed=given.agreed,
            channel=given.channel,
            language=given.language,
            proof=given.proof,
            known_by=given.known_by,
            text_version=given.text_version,
            edition_id=given.edition_id,
            now=given.at,
        )


def _repeat_opt_outs(session: Session, old: Phone, new: Phone, *, now: datetime) -> None:
    refused = {OptOutKind.TEXTS: old.texts_refused_at, OptOutKind.CALLS: old.calls_refused_at}
    for kind, at in refused.items():
        if at is not None:
            refuse(session, new, kind, source="staff", now=now)

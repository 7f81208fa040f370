"""Consent, part by part: a row before any automated call or text (S1). The newest answer counts."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select

from mentoring.db import Session
from mentoring.models import Channel, Consent, Delivery, Invitation, Person, Phone
from mentoring.rows import insert_row

# The wording that people agree to now; docs/consent.md holds it for the carrier's registration.
CONSENT_VERSION = "C-2025.1"
CONSENT_PARTS = ("C1", "C2", "C3", "C4", "C5")
# Somebody who knows a mentor agreed to one question by text, and to nothing else.
REFERENCE_PART = "CR"
# Before the programme is live somebody agreed to be called or texted once when it is, to no more.
INTEREST_PART = "CI"
INTEREST_VERSION = "C-I 1"
BEGIN = "interest_begin"
# The promise at the end of the orientation: the question, its part, and its wording (3.2).
PROMISES = {"AG1": ("AP", "A-P 1"), "AG2": ("AM", "A-M 1")}
# The questions whose answers are kept like a consent, under a part and wording of their own.
OWN_PARTS = {**PROMISES, "INTC": (INTEREST_PART, INTEREST_VERSION)}


def record_consent(
    session: Session,
    *,
    phone: Phone,
    person: Person | None,
    part: str,
    agreed: bool,
    channel: Channel,
    language: str,
    proof: str,
    known_by: str,
    now: datetime,
    conversation_id: int | None = None,
    text_version: str = CONSENT_VERSION,
    edition_id: int | None = None,
) -> None:
    """Write one answer to one part, with its wording, channel, and the call or message as proof."""
    row = {
        "phone_id": phone.id,
        "person_id": person.id if person else None,
        "conversation_id": conversation_id,
        "part": part,
        "agreed": agreed,
        "text_version": text_version,
        "edition_id": edition_id,
        "language": language,
        "channel": channel,
        "proof": proof,
        "known_by": known_by,
        "at": now,
    }
    insert_row(session, Consent, row, "conversation_id", "part", "proof")


def record_all_parts(
    session: Session,
    person: Person,
    *,
    channel: Channel,
    proof: str,
    known_by: str,
    now: datetime,
    refused: Collection[str] = (),
    unasked: Collection[str] = (),
) -> None:
    """Write down a consent that was given as a whole, such as on a form that somebody signed.

    Every part was agreed to, but for those that were refused, or not asked.
    """
    for part in CONSENT_PARTS:
        if part in unasked:
            continue
        record_consent(
            session,
            phone=person.phone,
            person=person,
            part=part,
            agreed=part not in refused,
            channel=channel,
            language=person.language,
            proof=proof,
            known_by=known_by,
            now=now,
        )


# Made once, for it is asked before every text and every call.
_NEWEST_OF_EACH = (
    select(func.max(Consent.id))
    .where(
        Consent.phone_id.in_(bindparam("phone_ids", expanding=True, type_=Integer())),
        Consent.part == bindparam("part"),
    )
    .group_by(Consent.phone_id)
)
_AGREED = select(Consent.phone_id).where(Consent.id.in_(_NEWEST_OF_EACH), Consent.agreed.is_(True))


def phones_that_agreed(session: Session, phone_ids: Collection[int], *, part: str) -> set[int]:
    """Return those of the phones whose newest answer to a part is yes. C1 is texts, C2 calls."""
    if not phone_ids:
        return set()
    return set(session.columns(_AGREED, {"phone_ids": list(phone_ids), "part": part}).scalars())


def may_be_texted(session: Session, phone: Phone) -> bool:
    """Tell whether a phone takes texts, and whoever uses it has agreed to them (S1)."""
    return phone.takes_texts and bool(phones_that_agreed(session, {phone.id}, part="C1"))


def agreed_phones(session: Session, *chosen: ColumnElement[bool], part: str) -> set[int]:
    """Return the chosen phones, or all, whose newest answer to a part is yes."""
    return set(session.columns(agreed_to(part, *chosen)).scalars())


def agreed_to(part: str, *chosen: ColumnElement[bool]) -> Select[int]:
    """Return the look-up of the chosen phones, or all, whose newest answer to a part is yes."""
    newest = (
        select(func.max(Consent.id)).where(Consent.part == part, *chosen).group_by(Consent.phone_id)
    )
    return select(Consent.phone_id).where(Consent.id.in_(newest), Consent.agreed.is_(True))


_AGREED_BEGINNINGS = (
    select(Delivery.id)
    .join(Invitation, Invitation.id == Delivery.invitation_id)
    .where(
        Delivery.id.in_(bindparam("delivery_ids", expanding=True)),
        Invitation.flow == BEGIN,
        Delivery.to_phone_id.in_(agreed_to(INTEREST_PART)),
    )
)


def agreed_beginnings(session: Session, rows: Sequence[Delivery]) -> set[int]:
    """Return those of the texts that invite to begin, to a phone that agreed to just that."""
    invited = [row.id for row in rows if row.invitation_id is not None]
    if not invited:
        return set()
    return set(session.columns(_AGREED_BEGINNINGS, {"delivery_ids": invited}).scalars())

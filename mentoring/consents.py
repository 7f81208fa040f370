"""Consent, part by part: a row before any automated call or text (S1). The newest answer counts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
# What the profile holds of somebody who wanted no texts, or was not asked about them (C1), until
# they agree to them after all: then one of these questions of the intake asks them.
WITHOUT_TEXTS = "without_texts"
TEXTS_AFTER_ALL = ("PA3C", "PB5C")
# The questions whose answers are kept like a consent, under a part and wording of their own.
OWN_PARTS = {
    **PROMISES,
    "INTC": (INTEREST_PART, INTEREST_VERSION),
    **dict.fromkeys(TEXTS_AFTER_ALL, ("C1", CONSENT_VERSION)),
}


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


@dataclass(frozen=True)
class Answers:
    """What was answered to one part, by the phone's id, oldest first: by whom, and yes or no."""

    given: Mapping[int, Sequence[tuple[int | None, bool]]]

    def agreed(self, phone_id: int, person_id: int | None) -> bool:
        """Tell whether the newest answer of somebody behind a phone is yes.

        What one of those who share a phone answers binds none of the others. An answer that names
        nobody was given for the phone, and where nobody is asked about, whoever answered counts.
        """
        counts = [
            agreed
            for answered_by, agreed in self.given.get(phone_id, ())
            if person_id is None or answered_by is None or answered_by == person_id
        ]
        return counts[-1] if counts else False


# Made once, for it is asked before every text and every call.
_ALL_ANSWERS = (
    select(Consent.phone_id, Consent.person_id, Consent.agreed)
    .where(Consent.part == bindparam("part"))
    .order_by(Consent.id)
)
_ANSWERS = _ALL_ANSWERS.where(
    Consent.phone_id.in_(bindparam("phone_ids", expanding=True, type_=Integer()))
)


def answers_to(session: Session, part: str, phone_ids: Collection[int] | None) -> Answers:
    """Look up the answers to a part behind some phones, or all. C1 is texts, C2 calls."""
    if phone_ids is None:
        rows = session.columns(_ALL_ANSWERS, {"part": part}).all()
    elif phone_ids:
        rows = session.columns(_ANSWERS, {"phone_ids": list(phone_ids), "part": part}).all()
    else:
        rows = []
    given: dict[int, list[tuple[int | None, bool]]] = defaultdict(list)
    for phone_id, person_id, agreed in rows:
        given[phone_id].append((person_id, agreed))
    return Answers(given)


def has_agreed(session: Session, person: Person, part: str) -> bool:
    """Tell whether somebody's newest answer to a part is yes."""
    return answers_to(session, part, {person.phone_id}).agreed(person.phone_id, person.id)


def may_be_texted(session: Session, person: Person) -> bool:
    """Tell whether somebody's phone takes texts, and they have agreed to them (S1)."""
    return person.phone.takes_texts and has_agreed(session, person, "C1")


def counts_for(person: Person) -> ColumnElement[bool]:
    """Return the condition that an answer counts for a person: theirs, or given for the phone."""
    mine = (Consent.person_id == person.id) | Consent.person_id.is_(None)
    return (Consent.phone_id == person.phone_id) & mine


def agreed_to(part: str) -> Select[int]:
    """Return the look-up of the phones behind which the newest answer to a part is yes."""
    newest = select(func.max(Consent.id)).where(Consent.part == part).group_by(Consent.phone_id)
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

"""People and their phones: found by blind index, added, and moved through their states."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import joinedload, selectinload

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import LineType, Person, PersonState, Phone, Role, Transition
from mentoring.phone import masked, parse_number

_CODE_LETTER = {Role.PROTEGE: "P", Role.MENTOR: "M"}


def find_phone(session: Session, number: str) -> Phone | None:
    """Return the phone with that E.164 number and the people behind it, or None."""
    return session.scalar(
        select(Phone)
        .where(Phone.number_index == session.vault.index(number))
        .options(selectinload(Phone.people))
    )


def find_or_add_phone(session: Session, number: str, *, now: datetime) -> Phone:
    """Return the phone with that E.164 number, adding it when it is new."""
    phone = find_phone(session, number)
    if phone is not None:
        return phone
    phone = Phone(number_index=session.vault.index(number), created_at=now, people=[])
    # The random key is made here and not at flush, because the seal is tied to it.
    phone.key = uuid4()
    phone.number_sealed = session.vault.seal(number, place=phone.place("number_sealed"))
    session.add(phone)
    session.flush()
    return phone


def number_of(session: Session, phone: Phone) -> str:
    """Open a phone's real number. It may go into its own call leg or text, and nowhere else."""
    return session.vault.open(phone.number_sealed, place=phone.place("number_sealed"))


def masked_number(session: Session, phone: Phone) -> str:
    """Return a phone's number as staff may see it: the last two digits."""
    return masked(number_of(session, phone))


def read_number(text: str) -> str:
    """Return a number typed by staff as E.164; raises ProgrammeError with a sentence."""
    number = parse_number(text)
    if number is None:
        raise ProgrammeError(
            "That is not a valid phone number. Write it with its area code, like 515 555 0199."
        )
    return number


def next_code(session: Session, role: Role) -> str:
    """Return the next free code of that role, such as P19."""
    letter = _CODE_LETTER[role]
    newest = session.scalar(
        select(func.max(cast(func.substr(Person.code, 2), Integer))).where(Person.role == role)
    )
    return f"{letter}{(newest or 0) + 1:02d}"


def add_person(
    session: Session,
    *,
    role: Role,
    phone: Phone,
    actor: str,
    reason: str,
    now: datetime,
    code: str | None = None,
    first_name: str = "",
    state: PersonState = PersonState.LEAD,
) -> Person:
    """Add a protege or mentor behind a phone, with the first row of their history."""
    person = Person(
        role=role,
        code=code or next_code(session, role),
        phone=phone,
        first_name=first_name,
        state=state,
        state_since=now,
        profile={},
        created_at=now,
    )
    session.add(person)
    session.flush()
    session.add(_transition(person, None, actor=actor, reason=reason, now=now))
    return person


def move_person(
    session: Session, person: Person, to: PersonState, *, actor: str, reason: str, now: datetime
) -> None:
    """Change a person's state and log who did it, why and when. No change writes no row."""
    if person.state is to:
        return
    before = person.state
    person.state = to
    person.state_since = now
    session.add(_transition(person, before, actor=actor, reason=reason, now=now))


def _transition(
    person: Person, before: PersonState | None, *, actor: str, reason: str, now: datetime
) -> Transition:
    return Transition(
        entity="person",
        entity_id=person.id,
        from_state=before.value if before else None,
        to_state=person.state.value,
        actor=actor,
        reason=reason,
        at=now,
    )


def person_with_code(session: Session, code: str) -> Person:
    """Return the person with that code, such as P05; raises ProgrammeError with a sentence."""
    person = session.scalar(
        select(Person).where(Person.code == code.strip().upper()).options(joinedload(Person.phone))
    )
    if person is None:
        raise ProgrammeError(
            f"There is nobody with the code {code}. `bridgeline people` lists everybody."
        )
    return person


def mark_landline(phone: Phone) -> None:
    """Remember that a phone takes no texts: the carrier said so."""
    phone.line_type = LineType.LANDLINE

"""People and their phones: found by blind index, added, and moved through their states."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.orm import joinedload, selectinload

from mentoring.applications.checklist import refuse_unready
from mentoring.codes import next_code, note_code
from mentoring.crypto import FORGOTTEN
from mentoring.db import Memo, Session
from mentoring.endings import ending_index
from mentoring.errors import ProgrammeError
from mentoring.models import LineType, MatchState, Person, PersonState, Phone, Role, Transition
from mentoring.phone import masked, parse_number
from mentoring.rows import insert_or_find

# In these states somebody rests, and comes back by themselves.
AWAY = (PersonState.PAUSED, PersonState.ON_BREAK)
# Whoever is in one of these is not with us yet, or not any more, and may join like anybody new.
JOINS_ANEW = (PersonState.LEAD, PersonState.EXITED)
_CODE_LETTER = {Role.PROTEGE: "P", Role.MENTOR: "M"}


_PHONE = (
    select(Phone)
    .where(Phone.number_index == bindparam("index"))
    .options(selectinload(Phone.people))
)


def find_phone(session: Session, number: str) -> Phone | None:
    """Return the phone with that E.164 number and the people behind it, or None."""
    return session.scalar(_PHONE, {"index": session.vault.index(number)})


def find_or_add_phone(session: Session, number: str, *, now: datetime) -> Phone:
    """Return the phone with that E.164 number, adding it when it is new."""
    return find_phone(session, number) or add_phone(session, number, now=now)


def add_phone(session: Session, number: str, *, now: datetime) -> Phone:
    """Add the phone with that E.164 number, or return it when somebody else has just added it."""
    # The random key is made here and not by the database, because the seal is tied to it.
    phone = Phone(
        key=uuid4(),
        number_index=session.vault.index(number),
        ending_index=ending_index(session.vault, number),
        created_at=now,
        people=[],
    )
    phone.number_sealed = session.vault.seal(number, place=phone.place("number_sealed"))
    return insert_or_find(session, phone, "number_index")


def is_forgotten(phone: Phone) -> bool:
    """Tell whether a phone's number was purged (S13): nobody can call it, nor be found by it."""
    return phone.number_sealed == FORGOTTEN


def refuse_forgotten(phone: Phone) -> None:
    """Raise ProgrammeError with a sentence when a phone's number was purged."""
    if is_forgotten(phone):
        raise ProgrammeError("This number is forgotten: it was too old to keep.")


def forget_number(phone: Phone) -> None:
    """Purge a phone's number. Whoever calls from it again is somebody new to us."""
    phone.number_sealed, phone.ending_index, phone.relay_prefix = FORGOTTEN, None, ""
    phone.number_index = secrets.token_bytes(32)


def number_of(session: Session, phone: Phone) -> str:
    """Open a phone's real number. It may go into its own call leg or text, and nowhere else."""
    return session.vault.open(phone.number_sealed, place=phone.place("number_sealed"))


def dialled_number(session: Session, phone: Phone) -> str:
    """Return what staff dial by hand to reach a phone: its number, after the prefix of a relay."""
    return f"{phone.relay_prefix} {number_of(session, phone)}".lstrip()


def masked_number(session: Session, phone: Phone) -> str:
    """Return a phone's number as staff may see it: the last two digits, or that it is forgotten."""
    if is_forgotten(phone):
        return "forgotten"
    return masked(number_of(session, phone))


def reads_alone(person: Person, phone: Phone) -> bool:
    """Tell whether nobody else reads a text to a phone, so that it may hold a name (S8, S9)."""
    return person.safe_contact == 1 and not phone.shared


def read_number(text: str) -> str:
    """Return a number typed by staff as E.164; raises ProgrammeError with a sentence."""
    number = parse_number(text)
    if number is None:
        raise ProgrammeError(
            "That is not a valid phone number. Write it with its area code, like 515 555 0199."
        )
    return number


def who_it_may_be(person: Person | None, phone: Phone | None) -> str:
    """Say for staff who it is: by code, or by those of all who use the phone."""
    if person is not None:
        return person.code
    codes = [each.code for each in phone.here] if phone is not None else []
    if not codes:
        return "Somebody not yet known to us"
    return " or ".join(codes if len(codes) > 1 else (*codes, "somebody else on that phone"))


def person_before(phone: Phone, role: Role) -> Person | None:
    """Return who of a phone was to be of that role and is not with us yet, or not any more.

    They are taken up where they come for the same again: they are no second person.
    """
    same = (each for each in reversed(phone.people) if each.role is role)
    return next((each for each in same if each.state in JOINS_ANEW), None)


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
    earlier: Sequence[tuple[PersonState, str]] = (),
) -> Person:
    """Add a protege or mentor behind a phone, with the first row of their history.

    `earlier` are states that they passed through at this very moment, each with its reason.
    """
    if code is None:
        code = next_code(session, _CODE_LETTER[role])
    else:
        note_code(session, code)
    person = Person(
        role=role,
        code=code,
        phone=phone,
        first_name=first_name,
        state=state,
        state_since=now,
        profile={},
        created_at=now,
    )
    session.add(person)
    session.flush()
    history: list[tuple[PersonState | None, str]] = [(None, ""), *earlier, (state, reason)]
    rows = [
        _transition(person.id, before, to, actor=actor, reason=why, now=now)
        for (before, _), (to, why) in pairwise(history)
        if to is not None
    ]
    session.wire.execute(insert(Transition), rows)
    return person


def move_person(
    session: Session, person: Person, to: PersonState, *, actor: str, reason: str, now: datetime
) -> None:
    """Change a person's state and log who did it, why and when. No change writes no row.

    Raises ProgrammeError for a mentor who would begin to serve with something missing (S19).
    """
    if person.state is to:
        return
    refuse_unready(session, person, to)
    row = _transition(person.id, person.state, to, actor=actor, reason=reason, now=now)
    session.add(Transition(**row))
    person.state = to
    person.state_since = now
    # Who can reach whom may have changed.
    session.memo.pop(Memo.PARTNERS, None)


def state_before_hold(session: Session, person: Person) -> PersonState | None:
    """Return the state from which a person was suspended, or None when they are not."""
    if person.state is not PersonState.SUSPENDED:
        return None
    before = state_before(session, "person", person.id, PersonState.SUSPENDED)
    return PersonState(before) if before else PersonState.LEAD


def is_away(session: Session, person: Person) -> bool:
    """Tell whether somebody rests; whoever was suspended meanwhile still does."""
    return (state_before_hold(session, person) or person.state) in AWAY


_STATE_BEFORE = (
    select(Transition.from_state)
    .where(
        Transition.entity == bindparam("entity"),
        Transition.entity_id == bindparam("entity_id"),
        Transition.to_state == bindparam("state"),
        or_(
            Transition.from_state.is_(None),
            Transition.from_state != PersonState.SUSPENDED.value,
        ),
    )
    .order_by(Transition.id.desc())
    .limit(1)
)


def state_before(
    session: Session, entity: str, entity_id: int, state: PersonState | MatchState
) -> str | None:
    """Return what a person or match was before its last move to a state, or None without one.

    Coming back to a state from a suspension is no move: they were in it before.
    """
    wanted = {"entity": entity, "entity_id": entity_id, "state": state.value}
    return session.columns(_STATE_BEFORE, wanted).scalar()


def away_until(person: Person) -> date | None:
    """Return the day on which somebody means to be back, if one is known."""
    try:
        return date.fromisoformat(str(person.profile.get("away_until", "")))
    except ValueError:
        return None


def _transition(
    person_id: int,
    before: PersonState | None,
    to: PersonState,
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> dict[str, Any]:
    return {
        "entity": "person",
        "entity_id": person_id,
        "from_state": before.value if before else None,
        "to_state": to.value,
        "actor": actor,
        "reason": reason,
        "at": now,
    }


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

"""Which numbers may be dialled at all, by whomever: no emergency, premium or foreign number."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import Person, Phone
from mentoring.people import number_of
from mentoring.phone import is_fictional, reason_not_dialable
from mentoring.tasks import open_task


def refusal_to_dial(session: Session, phone: Phone) -> str | None:
    """Say in a few words for staff why a phone must not be rung, or None when it may."""
    number = number_of(session, phone)
    if session.programme.fictional_numbers_only and not is_fictional(number):
        return "only numbers reserved for fiction are called here"
    refusal = reason_not_dialable(number, session.programme.dial_regions)
    if refusal is None and phone.unusable_at is not None:
        return "out of use"
    return refusal


def ask_about_number(
    session: Session, person: Person, phone: Phone, refusal: str, *, now: datetime
) -> None:
    """Ask staff once what to do about a number that cannot be called.

    Of one that is said to be wrong an alert has told them already.
    """
    if phone.disowned:
        return
    open_task(
        session,
        rule="number",
        words=f"The number of {person.code} cannot be called: {refusal}.",
        key=f"number:{phone.id}",
        person=person,
        now=now,
    )

"""Sentences that people outside the programme read: they tell about nobody who could be found."""

import re
from collections.abc import Collection

from sqlalchemy import select

from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.models import MatchSide, Person
from mentoring.phone import parse_number
from mentoring.sharing import holds_number_or_address

_DIGITS = re.compile(r"\+?\(?\d[\d ().-]{5,}\d")
_CODE = re.compile(r"\b[PMK]\d{2,}\b")


def names_near(session: Session, person: Person | None) -> frozenset[str]:
    """Return the first names of somebody and of everybody they are or were matched with."""
    if person is None:
        return frozenset()
    mine = select(MatchSide.match_id).where(MatchSide.person_id == person.id)
    theirs = select(MatchSide.person_id).where(MatchSide.match_id.in_(mine))
    found = session.scalars(select(Person.first_name).where(Person.id.in_(theirs)))
    return frozenset({person.first_name, *found} - {""})


def for_outsiders(session: Session, typed: str, *, names: Collection[str] = ()) -> str:
    """Return a typed sentence on one line; raises ProgrammeError for a number, address or name.

    A name counts where it is written with its capital letter, so that *hope* is no Hope.
    """
    sentence = without_number(session, typed)
    code = _CODE.search(sentence)
    if code is not None:
        raise ProgrammeError(f"People outside read this. Write it without the code {code[0]}.")
    for name in sorted(names):
        if re.search(rf"\b{re.escape(name)}\b", sentence):
            raise ProgrammeError(f"People outside read this. Write it without the name {name}.")
    return sentence


def without_number(session: Session, typed: str) -> str:
    """Return typed words on one line; raises ProgrammeError where they hold a number or address."""
    words = " ".join(typed.split())
    region = session.programme.country
    found = (each.strip() for each in _DIGITS.findall(words))
    if holds_number_or_address(words) or any(parse_number(each, region) for each in found):
        raise ProgrammeError("There is a phone number or an address in it. Leave that out.")
    return words

"""Looking for people: by name, by code, by a whole number, or by its last four digits.

A number stands in no address and in no log (S11). What somebody typed is sent in a form, and a
number goes on from there sealed, so that the list it finds has an address like any other.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, or_

from admin.lists import Filter
from admin.office import Visit
from mentoring.crypto import Vault, VaultError
from mentoring.endings import DIGITS, ending_index
from mentoring.models import Person
from mentoring.phone import parse_number

WORDS = Filter(
    "q", "Name, code or number", hint="Such as Rosa, P05, or the last four digits of a number."
)
NUMBER = Filter("number", "Number", is_sealed=True)
# A sealed number belongs to an address and to nothing else that is sealed.
_PLACE = "desk:search"


def find_people(visit: Visit) -> ResponseReturnValue:
    """Lead from what was typed to the list that it finds."""
    asked = {name: value for name, value in request.form.items() if value}
    asked.pop("csrf_token", None)
    words = asked.pop(WORDS.name, "").strip()
    number = words if _is_ending(words) else parse_number(words)
    if number is not None:
        asked[NUMBER.name] = sealed(visit.session.vault, number)
    elif words:
        asked.pop(NUMBER.name, None)
        asked[WORDS.name] = words[:100]
    address = url_for("desk.list_people")
    return redirect(f"{address}?{urlencode(asked)}" if asked else address, 303)


def sealed(vault: Vault, number: str) -> str:
    """Return a number (E.164, or its last four digits) as it may stand in an address."""
    return urlsafe_b64encode(vault.seal(number, place=_PLACE)).decode()


def found_by(visit: Visit) -> list[ColumnElement[bool]]:
    """Return the conditions that the address of the list puts on whom it shows."""
    words, number = WORDS.value(), NUMBER.value()
    conditions = []
    if words:
        named = Person.first_name.icontains(words, autoescape=True)
        conditions.append(or_(named, Person.code == words.upper()))
    if number:
        conditions.append(_has_number(visit.session.vault, number))
    return conditions


def _is_ending(words: str) -> bool:
    return len(words) == DIGITS and words.isascii() and words.isdigit()


def _has_number(vault: Vault, token: str) -> ColumnElement[bool]:
    """Return the condition that somebody has a sealed number; a made up one is nobody's."""
    try:
        words = vault.open(urlsafe_b64decode(token), place=_PLACE)
    except (ValueError, VaultError):
        return false()
    if _is_ending(words):
        return Person.phone.has(ending_index=ending_index(vault, words))
    return Person.phone.has(number_index=vault.index(words))

"""The last four digits of a number, by which staff find somebody without seeing the number.

Four digits have a blind index of their own under the same key, in other words than the whole
number, so that neither tells anything about the other.
"""

from sqlalchemy import func, select

from mentoring.crypto import Vault
from mentoring.db import Session
from mentoring.models import Phone

DIGITS = 4
_BATCH = 200


def ending_index(vault: Vault, number: str) -> bytes:
    """Return the blind index of the last four digits of a number (E.164, or the four alone)."""
    return vault.index(f"ending:{number[-DIGITS:]}")


def fill_endings(session: Session, *, after: int = 0) -> list[int]:
    """Index one batch of phones that were added before endings were; returns the ids of them."""
    phones = session.scalars(
        select(Phone)
        .where(
            Phone.ending_index.is_(None),
            # Forgotten numbers stay forgotten.
            func.length(Phone.number_sealed) > 0,
            Phone.id > after,
        )
        .order_by(Phone.id)
        .limit(_BATCH)
    ).all()
    for phone in phones:
        number = session.vault.open(phone.number_sealed, place=phone.place("number_sealed"))
        phone.ending_index = ending_index(session.vault, number)
    return [phone.id for phone in phones]

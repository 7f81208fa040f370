"""Receipts: a carrier event is handled once, however often the carrier tells us about it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Receipt
from mentoring.rows import insert_row


def claim_receipt(session: Session, key: str, *, now: datetime) -> bool:
    """Take the receipt of one carrier event; False when it was taken before.

    The unique key decides, in the database: two deliveries of one event at the same moment cannot
    both win. The key is made of the carrier's own ids, such as `text:SM...` (contract section 8).
    """
    return insert_row(session, Receipt, {"key": key, "at": now}, "key") is not None


def unclaimed(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of the keys whose receipt nobody has taken yet."""
    return set(keys) - set(session.scalars(select(Receipt.key).where(Receipt.key.in_(keys))))

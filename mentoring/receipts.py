"""Receipts: a carrier event is handled once, however often the carrier tells us about it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql

from mentoring.db import Session
from mentoring.models import Receipt, UtcDateTime
from mentoring.rows import insert_row

_CLAIM = (
    postgresql.insert(Receipt)
    .values(key=bindparam("receipt"), at=bindparam("claimed_at", type_=UtcDateTime()))
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(Receipt.key)
    .cte("claim")
)
# What `claim_receipt` does, as the beginning of a question on PostgreSQL: one row, in which `taken`
# is 1, or 0 when `receipt` was taken before.
CLAIMED = select(func.count().label("taken")).select_from(_CLAIM).subquery("claimed")


def claim_receipt(session: Session, key: str, *, now: datetime) -> bool:
    """Take the receipt of one carrier event; False when it was taken before.

    The unique key decides, in the database: two deliveries of one event at the same moment cannot
    both win. The key is made of the carrier's own ids, such as `text:SM...` (contract section 8).
    """
    return insert_row(session, Receipt, {"key": key, "at": now}, "key") is not None


def unclaimed(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of the keys whose receipt nobody has taken yet."""
    return set(keys) - set(session.scalars(select(Receipt.key).where(Receipt.key.in_(keys))))

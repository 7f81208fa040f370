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
    .returning(func.clock_timestamp(type_=UtcDateTime()).label("won_at"))
    .cte("claim")
)
# What `claim_receipt` does, as the beginning of a question on PostgreSQL, in one row: `won_at` is
# NULL when `receipt` was taken before, and all else in the answer is as it was at `asked_at`.
CLAIMED = select(
    func.max(_CLAIM.c.won_at).label("won_at"),
    func.statement_timestamp(type_=UtcDateTime()).label("asked_at"),
).subquery("claimed")


def claim_receipt(session: Session, key: str, *, now: datetime) -> bool:
    """Take the receipt of one carrier event; False when it was taken before.

    The unique key decides, in the database: two deliveries of one event at the same moment cannot
    both win. The key is made of the carrier's own ids, such as `text:SM...` (contract section 8).
    """
    return insert_row(session, Receipt, {"key": key, "at": now}, "key") is not None


def unclaimed(session: Session, keys: Collection[str]) -> set[str]:
    """Return those of the keys whose receipt nobody has taken yet."""
    return set(keys) - set(session.scalars(select(Receipt.key).where(Receipt.key.in_(keys))))

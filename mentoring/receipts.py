"""Receipts: a carrier event is handled once, however often the carrier tells us about it."""

from datetime import datetime

from mentoring.db import Session
from mentoring.inserts import insert_row
from mentoring.models import Receipt


def claim_receipt(session: Session, key: str, *, now: datetime) -> bool:
    """Take the receipt of one carrier event; False when it was taken before.

    The unique key decides, in the database: two deliveries of one event at the same moment cannot
    both win. The key is made of the carrier's own ids, such as `text:SM...` (contract section 8).
    """
    return insert_row(session, Receipt, {"key": key, "at": now}, "key") is not None

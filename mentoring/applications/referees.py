"""Whoever knows a mentor, as the gate of the outbox sees them: what they agreed to, and where."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from mentoring.consents import REFERENCE_PART, answers_to
from mentoring.db import Session
from mentoring.models import Delivery, Reference

ASKS = ("T-REF1", "T-REF2")

_ZONES = (
    select(Reference.phone_id, Reference.zone)
    .where(Reference.phone_id.in_(bindparam("phone_ids", expanding=True)))
    .order_by(Reference.id)
)


def referee_zones(session: Session, rows: Sequence[Delivery]) -> Mapping[int, str | None]:
    """Return the zone of the recipient of each question about a mentor that they agreed to.

    Their consent is for these prompts alone. Nothing is looked up when none is among the rows.
    """
    asking = [row for row in rows if row.prompt in ASKS]
    if not asking:
        return {}
    phones = {row.to_phone_id for row in asking}
    given = answers_to(session, REFERENCE_PART, phones)
    zones = dict(session.columns(_ZONES, {"phone_ids": list(phones)}).all())
    agreed = [row for row in asking if given.agreed(row.to_phone_id, row.to_person_id)]
    return {row.id: zones.get(row.to_phone_id) for row in agreed}

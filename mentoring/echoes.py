"""Two phones that answer each other by themselves: their texts are not passed on for ever.

Where one of the two partners has an automatic answer nothing happens: the other is a person. Where
both have one, each text would bring the next, day after day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, distinct, func, select

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryKind

# No person sends another the very same words more often than this within an hour.
_MOST = 20
_WINDOW = timedelta(hours=1)


def echoes_among(session: Session, rows: Sequence[Delivery], *, now: datetime) -> set[int]:
    """Return those of the texts, by id, that only say once more what their thread keeps saying.

    Other words are passed on at once, for then it is a person again.
    """
    relayed = [row for row in rows if row.kind is DeliveryKind.RELAY]
    busy = _busy_threads(session, {row.to_phone_id for row in relayed}, now=now)
    return {
        row.id
        for row in relayed
        if (row.to_phone_id, row.from_line_id) in busy and _is_echo(session, row)
    }


# Texts are counted and not their parts: a long one may have many that are alike.
_BUSY_THREADS = (
    select(Delivery.to_phone_id, Delivery.from_line_id)
    .where(
        Delivery.to_phone_id.in_(bindparam("phone_ids", expanding=True)),
        Delivery.kind == DeliveryKind.RELAY,
        Delivery.created_at > bindparam("since"),
    )
    .group_by(Delivery.to_phone_id, Delivery.from_line_id)
    .having(func.count(distinct(Delivery.contact_id)) > _MOST)
)


def _busy_threads(session: Session, phones: set[int], *, now: datetime) -> set[tuple[int, int]]:
    if not phones:
        return set()
    wanted = {"phone_ids": list(phones), "since": now - _WINDOW}
    found = session.columns(_BUSY_THREADS, wanted)
    return {(phone_id, line_id) for phone_id, line_id in found}


_EARLIER = (
    select(Delivery)
    .where(
        Delivery.to_phone_id == bindparam("phone_id"),
        Delivery.from_line_id == bindparam("line_id"),
        Delivery.kind == DeliveryKind.RELAY,
        Delivery.id < bindparam("before"),
    )
    .order_by(Delivery.id.desc())
    .limit(_MOST)
)


def _is_echo(session: Session, row: Delivery) -> bool:
    thread = {"phone_id": row.to_phone_id, "line_id": row.from_line_id}
    earlier = session.scalars(_EARLIER, {**thread, "before": row.id})
    own = _words_of(session, row)
    said = [_words_of(session, each) for each in earlier]
    return len(said) == _MOST and set(said) == {own}


def _words_of(session: Session, row: Delivery) -> str:
    if row.body_sealed is None:
        return ""
    return session.vault.open(row.body_sealed, place=row.place("body_sealed"))

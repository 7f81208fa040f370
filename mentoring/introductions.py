"""A new match: both sides are told which line is theirs."""

from datetime import datetime

from mentoring.db import Session
from mentoring.models import DeliveryKind, LineType, Match
from mentoring.notices import queue_prompt


def introduce(session: Session, match: Match, *, now: datetime) -> None:
    """Text T-R1 from the pair line to each side that takes texts.

    Whoever takes none hears of it at the next call: the menu then offers the partner by name.
    """
    for side in match.sides:
        other = next(each for each in match.sides if each is not side)
        if side.phone.line_type is LineType.LANDLINE:
            continue
        queue_prompt(
            session,
            "T-R1",
            to=side.phone,
            line=match.line,
            kind=DeliveryKind.NOTICE,
            dedupe_key=f"introduce:{match.id}:{side.role}",
            person=side.person,
            known={"mentor": other.person.shown_name},
            now=now,
        )

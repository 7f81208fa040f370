"""A new match: both sides are told which line is theirs."""

from collections.abc import Mapping
from datetime import datetime

from mentoring.db import Session
from mentoring.models import DeliveryKind, LineType, Match, Role
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone


def introduce(
    session: Session,
    match: Match,
    *,
    now: datetime,
    first: str = "T-R1",
    known: Mapping[str, str] | None = None,
) -> None:
    """Text from the pair line to each side that takes texts.

    `first` is the prompt for the protege, and `known` what it names besides the mentor.

    Where others may read it nobody is named (S8, S9); who wants no messages left gets none. Whoever
    takes none hears of it at the next call: the menu then offers the partner by name.
    """
    for side in match.sides:
        other = next(each for each in match.sides if each is not side)
        if side.phone.line_type is LineType.LANDLINE or side.person.safe_contact == 3:
            continue
        named = first if side.role is Role.PROTEGE else "T-R1"
        queue_prompt(
            session,
            named if reads_alone(side.person, side.phone) else "T-R1N",
            to=side.phone,
            line=match.line,
            kind=DeliveryKind.NOTICE,
            dedupe_key=f"introduce:{match.id}:{side.role}",
            person=side.person,
            known={"mentor": other.person.shown_name, **(known or {})},
            now=now,
        )

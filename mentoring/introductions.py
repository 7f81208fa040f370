"""A new match: both sides are told which line is theirs."""

from collections.abc import Mapping
from datetime import datetime

from mentoring.db import Session
from mentoring.models import LineType, Match, Role
from mentoring.pair_notices import text_side


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
        if side.phone.line_type is LineType.LANDLINE or side.person.safe_contact == 3:
            continue
        named = first if side.role is Role.PROTEGE else "T-R1"
        key = f"introduce:{match.id}:{side.role}"
        text_side(session, side, (named, "T-R1N"), key=key, known=known, now=now)

"""A text to one side of a pair, from the line of the two; it may name the other side."""

from collections.abc import Mapping
from datetime import datetime

from mentoring.calendar.pairs import other_side
from mentoring.db import Session
from mentoring.models import DeliveryKind, MatchSide
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone


def text_side(
    session: Session,
    side: MatchSide,
    prompts: tuple[str, str],
    *,
    key: str,
    now: datetime,
    known: Mapping[str, str] | None = None,
) -> None:
    """Queue the first of two prompts for a side; the second where others may read it (S8, S9).

    The second one names nobody. `known` is what the prompts say besides the name of the other side;
    `key` makes it one text.
    """
    named, unnamed = prompts
    queue_prompt(
        session,
        named if reads_alone(side.person, side.phone) else unnamed,
        to=side.phone,
        line=side.match.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=key,
        person=side.person,
        known={"mentor": other_side(side.match, side.person.id).person.shown_name, **(known or {})},
        now=now,
    )

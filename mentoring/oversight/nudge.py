"""A pair has been quiet for a while: both are told kindly how to reach each other at once (O2).

By text it comes from the line of the pair, where a call or a text of theirs reaches the other.
Whoever gets no texts is called, if they agreed to that, or hears it when they call.
"""

from datetime import datetime

from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.invitees import reach_now
from mentoring.calendar.pairs import other_side
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.models import DeliveryKind, Match, MatchSide
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone

FLOW = "nudge"
PROMPTS = ("T-NUDGE", "T-NUDGEN")


def nudge(session: Session, match: Match, *, number: int, now: datetime) -> None:
    """Tell both sides of a match that they have not talked for a while; once for each number."""
    for side in match.sides:
        if reach_now(session, side.person).texts and zone_named(side.person.zone) is not None:
            _text(session, side, number, now)
        else:
            open_invitation(
                session,
                FLOW,
                match_id=match.id,
                person=side.person,
                number=number,
                at=now,
                now=now,
            )


def _text(session: Session, side: MatchSide, number: int, now: datetime) -> None:
    """Text it; where others may read along no name is told."""
    person = side.person
    named, unnamed = PROMPTS
    queue_prompt(
        session,
        named if reads_alone(person, person.phone) else unnamed,
        to=person.phone,
        line=side.match.line,
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"{FLOW}:{number}:{person.id}",
        person=person,
        known={"mentor": other_side(side.match, person.id).person.shown_name},
        now=now,
    )

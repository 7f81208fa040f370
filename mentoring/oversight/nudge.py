"""A pair has been quiet for a while: both are told kindly how to reach each other at once (O2).

By text it comes from the line of the pair, where a call or a text of theirs reaches the other.
Whoever gets no texts is called, if they agreed to that, or hears it when they call.
"""

from datetime import datetime

from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.invitees import reach_now
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.models import Match
from mentoring.pair_notices import text_side

FLOW = "nudge"
PROMPTS = ("T-NUDGE", "T-NUDGEN")


def nudge(session: Session, match: Match, *, number: int, now: datetime) -> None:
    """Tell both sides of a match that they have not talked for a while; once for each number."""
    for side in match.sides:
        if reach_now(session, side.person).texts and zone_named(side.person.zone) is not None:
            text_side(session, side, PROMPTS, key=f"{FLOW}:{number}:{side.person.id}", now=now)
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

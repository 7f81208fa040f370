"""What somebody is told who writes in a match that is on hold."""

from mentoring.db import Session
from mentoring.models import Line, MatchSide, Phone
from mentoring.routing import side_on_line
from mentoring.setbacks import local_day
from mentoring.tasks import open_task
from sms.letters import Letter
from sms.replies import Replies


def explain_hold(
    session: Session, letter: Letter, phone: Phone, line: Line, replies: Replies
) -> None:
    """Tell whoever writes to the line of a match on hold that it is."""
    side = side_on_line(session, phone.id, line.id)
    if side is not None:
        explain_hold_of(session, letter, side, replies)


def explain_hold_of(session: Session, letter: Letter, side: MatchSide, replies: Replies) -> None:
    """T-HOLD promises a call by staff, so one is asked for: once a day, whatever is sent."""
    day = local_day(session, side, now=letter.now)
    open_task(
        session,
        rule="S20",
        words=f"{side.person.code} wrote in {side.match.code}, which is on hold. Please call.",
        key=f"hold:{side.id}:{day}",
        person=side.person,
        phone=side.phone,
        match_id=side.match_id,
        now=letter.now,
    )
    replies.prompt("T-HOLD", person=side.person)

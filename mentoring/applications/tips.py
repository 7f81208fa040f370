"""Tips from mentors while somebody waits: which one is new this week, and that there are some."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mentoring.db import Session
from mentoring.flows.tips import TOPICS_OF_TIPS
from mentoring.matching.words import TOPICS


def new_tip(now: datetime, office: ZoneInfo) -> str:
    """Return the topic of the tip of a week, which begins on Monday at the office."""
    week = (now.astimezone(office).date().toordinal() - 1) // 7
    return TOPICS_OF_TIPS[week % len(TOPICS_OF_TIPS)]


def new_topic(session: Session, *, now: datetime) -> str:
    """Return that topic in words, for T-W3."""
    return TOPICS[new_tip(now, session.programme.office)]

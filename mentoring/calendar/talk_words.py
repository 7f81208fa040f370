"""A talk in words: with whom and when, by the clocks of whoever is told."""

from datetime import datetime

from sqlalchemy import select

from mentoring.clock import spoken_day, spoken_time
from mentoring.db import Memo, Session
from mentoring.models import Conversation, Invitation, MatchSide, Person, Talk
from mentoring.wording import likely_zone


def moment_words(session: Session, at: datetime, person: Person) -> dict[str, str]:
    """Return the placeholders of a moment at a person's own place."""
    zone = likely_zone(session, person.phone, person)
    return {"day": spoken_day(at, zone), "time": spoken_time(at, zone)}


def other_side(talk: Talk, person_id: int) -> MatchSide:
    """Return the side of the match with whom a person talks."""
    return next(side for side in talk.match.sides if side.person_id != person_id)


def talk_words(session: Session, talk: Talk, person: Person) -> dict[str, str]:
    """Return everything that a text about a talk may name."""
    other = other_side(talk, person.id).person
    return {"mentor": other.shown_name, **moment_words(session, talk.at, person)}


def asked_about(session: Session, conversation: Conversation) -> datetime | None:
    """Return the moment of the talk that a conversation asks about; looked up once."""
    invitation_id = conversation.invitation_id
    known: dict[int | None, datetime | None] = session.memo.setdefault(Memo.TALKS, {})
    if invitation_id not in known:
        chosen = select(Talk.at).join(Invitation, Invitation.number == Talk.id)
        known[invitation_id] = session.scalar(chosen.where(Invitation.id == invitation_id))
    return known[invitation_id]

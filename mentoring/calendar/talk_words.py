"""A talk in words: with whom and when, by the clocks of whoever is told."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import lazyload

from mentoring.calendar.pairs import other_side
from mentoring.clock import spoken_day, spoken_time
from mentoring.db import Memo, Session
from mentoring.models import Conversation, Invitation, MatchSide, Person, Talk
from mentoring.wording import likely_zone


def moment_words(session: Session, at: datetime, person: Person) -> dict[str, str]:
    """Return the placeholders of a moment at a person's own place."""
    zone = likely_zone(session, person.phone, person)
    return {"day": spoken_day(at, zone), "time": spoken_time(at, zone)}


def talk_words(session: Session, talk: Talk, person: Person) -> dict[str, str]:
    """Return everything that a text about a talk may name."""
    other = other_side(talk.match, person.id).person
    return {"mentor": other.shown_name, **moment_words(session, talk.at, person)}


_ASKED_ABOUT = (
    select(Talk.at, Person)
    .join(Invitation, Invitation.number == Talk.id)
    .join(MatchSide, MatchSide.match_id == Talk.match_id)
    .join(Person, Person.id == MatchSide.person_id)
    .where(
        Invitation.id == bindparam("invitation_id"),
        MatchSide.person_id != bindparam("person_id"),
    )
    .options(lazyload(Person.phone))
)


def words_of_question(session: Session, conversation: Conversation) -> dict[str, str]:
    """Return what the question before a talk may name, looked up once, as a caller may wait."""
    known: dict[int | None, dict[str, str]] = session.memo.setdefault(Memo.TALKS, {})
    invitation_id, person = conversation.invitation_id, conversation.person
    if invitation_id not in known:
        wanted = {"invitation_id": invitation_id, "person_id": conversation.person_id}
        row = session.execute(_ASKED_ABOUT, wanted).first()
        if row is None or person is None:
            return {}
        at, other = row
        known[invitation_id] = {"mentor": other.shown_name, **moment_words(session, at, person)}
    return known[invitation_id]

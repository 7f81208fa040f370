"""What somebody who waits for an answer may be told, in kind words and from what is known anyway.

Never a word of alerts, of opt-outs or of what the other side answered in a check-in (S22): a text
that an opt-out has stopped reads like one that a phone which is off did not get.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import lazyload

from mentoring.clock import spoken_date
from mentoring.db import Session
from mentoring.models import (
    Contact,
    Delivery,
    Invitation,
    Match,
    MatchSide,
    Outcome,
    Person,
    PersonState,
    Recording,
)
from mentoring.oversight import nudge, unanswered
from mentoring.oversight.log import BETWEEN_THE_TWO
from mentoring.oversight.rules import RULES
from mentoring.people import away_until

Words = tuple[str, Mapping[str, str]]

_AWAY = (PersonState.ON_BREAK, PersonState.PAUSED)
_ARRIVED = (Outcome.SENT, Outcome.DELIVERED, Outcome.NOTE_LEFT)
# What goes on at this moment is no silence yet.
_UNDECIDED = (Outcome.ATTEMPTED, Outcome.ACCEPTED, Outcome.QUEUED)
_TOLD = ("T-CL2", "T-CL2N")

_NEWEST = (
    select(Contact, Person)
    .join(MatchSide, MatchSide.match_id == Contact.match_id)
    .join(Person, Person.id == MatchSide.person_id)
    .where(
        MatchSide.person_id != bindparam("person_id"),
        Contact.match_id == bindparam("match_id"),
        Contact.kind.in_(BETWEEN_THE_TWO),
        Contact.outcome.not_in(_UNDECIDED),
    )
    .order_by(Contact.started_at.desc(), Contact.id.desc())
    .limit(1)
    .options(lazyload(Person.phone))
)
_NEWEST_BEFORE = _NEWEST.where(Contact.started_at < bindparam("before"))


def silence_words(
    session: Session,
    match_id: int,
    person: Person,
    now: datetime,
    *,
    before: datetime | None = None,
) -> Words | None:
    """Return the prompt for somebody who waits, and what fills it; None when nobody is waiting.

    They wait when the newest contact of the match is their own and was not taken. That a text came
    after one of the other side makes it no answer. Only what began `before` a moment counts, where
    a text of that moment is on its way.
    """
    wanted: dict[str, Any] = {"person_id": person.id, "match_id": match_id}
    if before is None:
        found = session.execute(_NEWEST, wanted).first()
    else:
        found = session.execute(_NEWEST_BEFORE, {**wanted, "before": before}).first()
    if found is None:
        return None
    contact, other = found
    if contact.from_person_id != person.id or contact.accepted_at is not None:
        return None
    return _words_about(session, match_id, other, contact, now)


def _words_about(
    session: Session, match_id: int, other: Person, newest: Contact, now: datetime
) -> Words:
    known = {"name": other.shown_name}
    if other.state in _AWAY:
        back = away_until(other)
        if back is None or back < now.astimezone(session.programme.office).date():
            return "T-SIL5", known
        return "T-SIL3", {**known, "date": spoken_date(back)}
    if _was_nudged(session, match_id, other, newest):
        return "T-SIL4", known
    if newest.outcome is Outcome.NOTE_LEFT and _is_unheard(session, newest):
        return "T-SIL6", known
    return ("T-SIL1" if newest.outcome in _ARRIVED else "T-SIL2"), known


_UNHEARD = select(
    exists().where(
        Recording.match_id == bindparam("match_id"),
        Recording.contact_id == bindparam("contact_id"),
        Recording.heard_at.is_(None),
    )
)


def _is_unheard(session: Session, newest: Contact) -> bool:
    """Tell whether a note, or a text that is read aloud, still waits to be heard."""
    wanted = {"match_id": newest.match_id, "contact_id": newest.id}
    return bool(session.columns(_UNHEARD, wanted).scalar())


_TOLD_OF_IT = exists().where(
    Delivery.contact_id == bindparam("contact_id"), Delivery.prompt.in_(_TOLD)
)
_ASKED = exists().where(
    Invitation.match_id == bindparam("match_id"),
    Invitation.person_id == bindparam("other_id"),
    Invitation.flow.in_((RULES["O4"].invites, nudge.FLOW)),
    Invitation.asked_at >= bindparam("since"),
)
_NUDGED = exists().where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.prompt.in_((*nudge.PROMPTS, *unanswered.PROMPTS)),
    Delivery.created_at >= bindparam("since"),
    Delivery.from_line_id
    == select(Match.line_id).where(Match.id == bindparam("match_id")).scalar_subquery(),
)
_WAS_NUDGED = select(_TOLD_OF_IT | _ASKED | _NUDGED)


def _was_nudged(session: Session, match_id: int, other: Person, newest: Contact) -> bool:
    """Tell whether the other side heard from us of this very try, or of the silence since."""
    wanted = {
        "contact_id": newest.id,
        "match_id": match_id,
        "other_id": other.id,
        "phone_id": other.phone_id,
        "since": newest.started_at,
    }
    return bool(session.columns(_WAS_NUDGED, wanted).scalar())

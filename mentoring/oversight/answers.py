"""O7, O8 and O9: what people answered in check-ins, and check-ins that nobody answered.

An answer is only ever about the one who gave it. It never counts as contact between the two.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Subquery, and_, exists, func, select

from mentoring.calendar.days import CHECK_INS
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Conversation,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Person,
)
from mentoring.oversight.rules import Thresholds
from mentoring.tasks import Finding

_CHECK_IN = "checkin"
_AMOUNT_RIGHT = "right"


@dataclass(frozen=True)
class _Said:
    """The newest answer of one person to one question in one match, and the one before."""

    value: str
    at: datetime
    before: str | None = None


@cache
def newest_answers(flows: tuple[str, ...], *questions: str) -> Subquery:
    """Choose the answers to questions of some flows, numbered from the newest conversation back.

    An answer that was corrected within its conversation counts once, as it was left.
    """
    left = func.row_number().over(
        partition_by=(Answer.conversation_id, Answer.question), order_by=Answer.turn.desc()
    )
    kept = (
        select(
            Answer.person_id,
            Answer.question,
            Answer.value,
            Answer.at,
            Conversation.match_id,
            Conversation.id.label("conversation_id"),
            left.label("left"),
        )
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(Conversation.flow.in_(flows), Answer.value.is_not(None))
        .where(Answer.question.in_(questions))
        .subquery()
    )
    place = func.row_number().over(
        partition_by=(kept.c.person_id, kept.c.match_id, kept.c.question),
        order_by=(kept.c.at.desc(), kept.c.conversation_id.desc()),
    )
    return select(kept, place.label("place")).where(kept.c.left == 1).subquery()


def look_at_check_ins(session: Session, now: datetime) -> Iterator[Finding]:
    """O7 and O8: a low rating or a fall, an amount that is wrong twice, the wish for a call."""
    del now
    limits = session.programme.thresholds
    said, people, matches = _newest_two(session)
    for (person_id, match_id, question), answer in said.items():
        who, code = people[person_id], matches.get(match_id)
        if question == "CK4":
            if answer.value == "yes":
                words = f"{who} asked for a call by staff in a check-in."
                yield Finding("O8", who, words, answer.at, match_id=match_id, person_id=person_id)
        elif (why := _unhappy(question, answer, limits)) is not None:
            subject = f"{code}:{who}" if code else who
            words = f"{who} in {code or 'a match'}: {why}. Only staff may know."
            yield Finding("O7", subject, words, answer.at, match_id=match_id, person_id=person_id)


_NEWEST = newest_answers((_CHECK_IN,), "CK1", "CK2", "CK4")
_NEWEST_TWO = (
    select(_NEWEST, Person.code.label("who"), Match.code.label("match_code"))
    .join(Person, Person.id == _NEWEST.c.person_id)
    .outerjoin(Match, Match.id == _NEWEST.c.match_id)
    .where(_NEWEST.c.place <= 2)
    .where(Match.state.is_(None) | (Match.state != MatchState.CLOSED))
    .order_by(_NEWEST.c.place.desc())
)


def _newest_two(
    session: Session,
) -> tuple[dict[tuple[int, int | None, str], _Said], dict[int, str], dict[int | None, str]]:
    """Return the newest answers of everybody in an open match, and whose and where they are."""
    said: dict[tuple[int, int | None, str], _Said] = {}
    people: dict[int, str] = {}
    matches: dict[int | None, str] = {}
    for row in session.columns(_NEWEST_TWO):
        key = (row.person_id, row.match_id, row.question)
        # The older of the two comes first.
        before = said.get(key)
        said[key] = _Said(row.value, row.at, before.value if before else None)
        people[row.person_id] = row.who
        if row.match_id is not None:
            matches[row.match_id] = row.match_code
    return said, people, matches


def _unhappy(question: str, answer: _Said, limits: Thresholds) -> str | None:
    if question == "CK2":
        wrong = answer.before not in (None, _AMOUNT_RIGHT) and answer.value != _AMOUNT_RIGHT
        return "the amount of contact was wrong twice" if wrong else None
    if not answer.value.isdecimal():
        return None
    rating, before = int(answer.value), answer.before or ""
    if rating <= limits.low_rating:
        return f"the rating is {rating} of 5"
    if before.isdecimal() and int(before) - rating >= limits.rating_drop:
        return f"the rating fell from {answer.before} to {rating}"
    return None


# The check-ins that were answered or lapsed, numbered from the newest back.
_SETTLED = (
    select(
        Invitation.id,
        Invitation.person_id,
        Invitation.match_id,
        Invitation.state,
        Invitation.settled_at,
        Invitation.due_at,
        func.row_number()
        .over(
            partition_by=Invitation.person_id,
            order_by=(Invitation.due_at.desc(), Invitation.id.desc()),
        )
        .label("place"),
    )
    # One that is still being asked is no answer yet, and no silence either.
    .where(Invitation.flow.in_(CHECK_INS))
    .where(Invitation.state.in_([InvitationState.ANSWERED, InvitationState.LAPSED]))
    .subquery()
)
_LAPSED = (
    select(_SETTLED, Person.code)
    .join(Person, Person.id == _SETTLED.c.person_id)
    .join(Match, and_(Match.id == _SETTLED.c.match_id, Match.state != MatchState.CLOSED))
    .where(_SETTLED.c.place <= 2, _SETTLED.c.state == InvitationState.LAPSED)
    # Whoever has answered a part of it has not let it go by.
    .where(
        ~exists()
        .where(Answer.conversation_id == Conversation.id)
        .where(Conversation.invitation_id == _SETTLED.c.id)
    )
)


def look_at_invitations(session: Session, now: datetime) -> Iterator[Finding]:
    """O9: somebody let two check-ins in a row go by."""
    del now
    lapsed = defaultdict(list)
    for row in session.columns(_LAPSED):
        lapsed[row.person_id].append(row)
    for person_id, both in lapsed.items():
        if len(both) == 2:
            newest = min(both, key=lambda row: row.place)
            words = f"{newest.code}: two check-ins in a row were not answered. Call them."
            since = newest.settled_at or newest.due_at
            yield Finding(
                "O9", newest.code, words, since, match_id=newest.match_id, person_id=person_id
            )

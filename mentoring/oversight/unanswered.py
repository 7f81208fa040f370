"""A text that got no answer in the time agreed on: what its writer has chosen is done (GP5, GP6).

Each side has chosen for itself, in the questions of the plan: one more text to the other, nothing,
or that staff check in. It is done once for each wait, in the hours of whoever is texted. O5 is
another thing: it takes several tries and three days more, and nobody has to have asked for it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from mentoring.calendar.invitees import reach_now
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.hours import is_open, own_hours
from mentoring.models import (
    Answer,
    Contact,
    ContactKind,
    Conversation,
    Invitation,
    Match,
    MatchSide,
    Outcome,
    Plan,
    UtcDateTime,
)
from mentoring.oversight.log import (
    IS_WATCHED,
    is_after,
    newest_calls_taken,
    newest_resumption,
    newest_tries,
    plan_in_force,
)
from mentoring.oversight.rules import REPLY_DAYS, days
from mentoring.pair_notices import text_side
from mentoring.tasks import open_task

PROMPTS = ("T-UNANS", "T-UNANSN")
TEXT, STAFF = "text", "staff"
_ARRIVED = (Outcome.SENT, Outcome.DELIVERED, Outcome.NOTE_LEFT)
# Much longer than any sweep may fail, and than anybody's hours are closed.
_LOOKED_FOR = days(7)
_WORKING_DAYS = 2


class _Wait(NamedTuple):
    """One side that waits: since when, by which plan, and the first text that got no answer."""

    match_id: int
    person_id: int | None
    version: int
    reply: str
    since: datetime
    contact_id: int

    @property
    def key(self) -> str:
        return f"unanswered:{self.match_id}:{self.contact_id}"


def follow_up_unanswered(session: Session, *, now: datetime) -> None:
    """Do for everybody who has waited for longer than agreed what they have chosen."""
    oldest = now - _LOOKED_FOR - days(max(REPLY_DAYS.values()))
    rows = session.columns(_waiting(), {"newest": now - days(min(REPLY_DAYS.values()))})
    waits = [
        wait
        for wait in (_Wait(*row) for row in rows)
        if wait.since > oldest and _is_over(wait, now=now)
    ]
    chosen = _choices(session, {wait.match_id for wait in waits})
    for wait in waits:
        choice = chosen.get((wait.match_id, wait.version, wait.person_id))
        if choice in (TEXT, STAFF):
            _do(session, wait, choice, now=now)


def _is_over(wait: _Wait, *, now: datetime) -> bool:
    """Tell whether the time for an answer is over, and not for so long that it is past helping."""
    until = wait.since + days(REPLY_DAYS[wait.reply])
    return until <= now < until + _LOOKED_FOR


def _do(session: Session, wait: _Wait, choice: str, *, now: datetime) -> None:
    match = session.get_one(Match, wait.match_id)
    mine = next(side for side in match.sides if side.person_id == wait.person_id)
    other = next(side for side in match.sides if side.person_id != wait.person_id)
    zone = zone_named(other.person.zone)
    if choice == STAFF or zone is None or not reach_now(session, other.person).texts:
        _ask_staff(session, wait, mine, other, now=now)
    elif is_open(now, zone, own_hours(other.person, session.programme)):
        text_side(session, other, PROMPTS, key=wait.key, now=now)


def _ask_staff(
    session: Session, wait: _Wait, mine: MatchSide, other: MatchSide, *, now: datetime
) -> None:
    open_task(
        session,
        rule="unanswered",
        words=f"{mine.match.code}: {other.person.code} has not answered {mine.person.code} in the"
        " time that they agreed on. Check in with them.",
        key=wait.key,
        person=other.person,
        match_id=wait.match_id,
        working_days=_WORKING_DAYS,
        now=now,
    )


_CHOICES = (
    select(Invitation.match_id, Invitation.number, Answer.person_id, Answer.value)
    .join(Conversation, Conversation.invitation_id == Invitation.id)
    .join(Answer, Answer.conversation_id == Conversation.id)
    .where(Invitation.match_id.in_(bindparam("match_ids", expanding=True)))
    .where(Invitation.flow == "plan", Answer.question == "GP6")
    .order_by(Answer.id)
)


def _choices(
    session: Session, match_ids: Collection[int]
) -> Mapping[tuple[int | None, int, int | None], str | None]:
    """Return what each side chose (GP6), by match, version of the plan, and person."""
    if not match_ids:
        return {}
    rows = session.columns(_CHOICES, {"match_ids": list(match_ids)})
    return {(match_id, number, who): value for match_id, number, who, value in rows}


# To put the statement together takes longer than to run it.
@cache
def _waiting() -> Select[int, int | None, int, str, datetime, int]:
    """Choose whose texts arrived and have brought nothing back, with the first one by `newest`."""
    other = aliased(MatchSide)
    theirs, talked, resumed = newest_tries(), newest_calls_taken(), newest_resumption()
    return (
        select(
            Match.id,
            Contact.from_person_id,
            Plan.version,
            Plan.reply,
            func.min(Contact.started_at),
            func.min(Contact.id),
        )
        .join(Contact, Contact.match_id == Match.id)
        .join(
            other,
            and_(other.match_id == Match.id, other.person_id != Contact.from_person_id),
        )
        .join(Plan, plan_in_force())
        .outerjoin(
            theirs,
            and_(theirs.c.match_id == Match.id, theirs.c.person_id == other.person_id),
        )
        .outerjoin(talked, talked.c.match_id == Match.id)
        .outerjoin(resumed, resumed.c.match_id == Match.id)
        .where(IS_WATCHED)
        .where(Contact.kind == ContactKind.TEXT, Contact.outcome.in_(_ARRIVED))
        .where(*(is_after(Contact.started_at, part.c.at) for part in (theirs, talked, resumed)))
        .group_by(Match.id, Contact.from_person_id, Plan.version, Plan.reply)
        .having(func.min(Contact.started_at) <= bindparam("newest", type_=UtcDateTime()))
    )

"""Whoever texts again without an answer is told what is known, once a day and in kind words (O5).

A text between two people is passed on at once, so this is looked up right after it and not before.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from mentoring.calendar.dues import finish, plan
from mentoring.calendar.plan_versions import plan_in_force
from mentoring.db import Session
from mentoring.models import Contact, DeliveryKind, Due, DueKind
from mentoring.notices import queue_prompt
from mentoring.oversight.log import BETWEEN_THE_TWO
from mentoring.oversight.rules import REPLY_DAYS, days
from mentoring.oversight.silence_words import silence_words
from mentoring.routing import Route, route_in_match


def plan_words_for_silence(
    session: Session, route: Route, before: date | None, *, now: datetime
) -> None:
    """Have it looked up whether a writer waits for an answer, if they may: once a day.

    `before` is the day of their text before this one. Both sides' days are at hand, so that nothing
    is asked of the database while somebody's text is on its way.
    """
    today, theirs = route.mine.last_text_day, route.other.last_text_day
    if before is None or today is None or before == today:
        return
    if theirs is not None and theirs > before:
        return
    plan(
        session,
        DueKind.SILENCE,
        at=now,
        key=f"silence:{route.mine.id}:{today}",
        match_id=route.match.id,
        person_id=route.mine.person_id,
        now=now,
    )


def tell_of_silence(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Tell a batch of writers what is known of the other side: the deed of DueKind.SILENCE."""
    for due in dues:
        finish(due, _tell(session, due, now=now), now=now)


def _tell(session: Session, due: Due, *, now: datetime) -> str:
    route = route_in_match(session, due.match_id, due.person_id)
    if route is None:
        return "the match does not connect"
    since = _waits_since(session, route, before=due.created_at)
    if since is None or since > due.created_at - _agreed_wait(session, route):
        return "not for long yet"
    words = silence_words(session, route.match.id, route.mine.person, now, before=due.created_at)
    if words is None:
        return "nobody waits"
    prompt, known = words
    queue_prompt(
        session,
        prompt,
        to=route.mine.phone,
        line=route.line,
        kind=DeliveryKind.REPLY,
        dedupe_key=due.dedupe_key,
        person=route.mine.person,
        reply_to_at=due.created_at,
        known=known,
        now=now,
    )
    return f"told {prompt}"


def _agreed_wait(session: Session, route: Route) -> timedelta:
    """Return within which time the two have agreed to answer."""
    agreed = plan_in_force(session, route.match.id)
    return days(
        REPLY_DAYS.get(agreed.reply, 2) if agreed else session.programme.thresholds.reply_days
    )


_NEWEST_BY = select(func.max(Contact.started_at)).where(
    Contact.match_id == bindparam("match_id"),
    Contact.kind.in_(BETWEEN_THE_TWO),
    Contact.from_person_id == bindparam("person_id"),
)
_FIRST_BY = select(func.min(Contact.started_at)).where(
    Contact.match_id == bindparam("match_id"),
    Contact.kind.in_(BETWEEN_THE_TWO),
    Contact.from_person_id == bindparam("person_id"),
    Contact.started_at < bindparam("before"),
)
_FIRST_SINCE = _FIRST_BY.where(Contact.started_at > bindparam("since"))


def _waits_since(session: Session, route: Route, *, before: datetime) -> datetime | None:
    """Return when this side first tried after the newest contact by the other one."""
    of_other = {"match_id": route.match.id, "person_id": route.other.person_id}
    theirs = session.columns(_NEWEST_BY, of_other).scalar()
    mine = {"match_id": route.match.id, "person_id": route.mine.person_id, "before": before}
    if theirs is None:
        return session.columns(_FIRST_BY, mine).scalar()
    return session.columns(_FIRST_SINCE, {**mine, "since": theirs}).scalar()

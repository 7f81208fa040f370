"""O5 and O6: one side tries and hears nothing back, or somebody cannot be reached at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from mentoring.db import Session
from mentoring.models import (
    Contact,
    ContactKind,
    Match,
    MatchSide,
    Outcome,
    Person,
    Phone,
    Plan,
    StaffTask,
    UtcDateTime,
)
from mentoring.oversight.log import (
    BETWEEN_THE_TWO,
    IS_WATCHED,
    WATCHED,
    is_after,
    newest_calls_taken,
    newest_closing,
    newest_resumption,
    newest_tries,
    plan_in_force,
)
from mentoring.oversight.rules import REPLY_DAYS, days
from mentoring.tasks import Finding


@dataclass(frozen=True)
class _Way:
    """One way to reach somebody: how it ends when it fails, and how when it reached their phone."""

    kind: ContactKind
    failed: tuple[Outcome, ...]
    reached: tuple[Outcome, ...]
    name: str


_CALLS = _Way(
    ContactKind.CALL,
    failed=(Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED),
    reached=(Outcome.ACCEPTED, Outcome.TALKED, Outcome.DECLINED),
    name="calls",
)
_TEXTS = _Way(
    ContactKind.TEXT,
    failed=(Outcome.UNDELIVERED,),
    reached=(Outcome.SENT, Outcome.DELIVERED),
    name="texts",
)


def look_at_one_sided(session: Session, now: datetime) -> Iterator[Finding]:
    """O5: several tries by one side, none back, and the time agreed for an answer is over.

    Whoever accepts a call has answered, however short the talk was.
    """
    limits = session.programme.thresholds
    soonest = now - days(min(REPLY_DAYS.values()) + limits.one_sided_days)
    rows = session.columns(_one_sided(limits.one_sided_tries), {"soonest": soonest})
    for match_id, code, who, reply, first in rows:
        since = first + days(REPLY_DAYS.get(reply, limits.reply_days) + limits.one_sided_days)
        if since <= now:
            words = f"{code}: {who} tried and tried, and heard nothing back. Call the other side."
            yield Finding("O5", code, words, since, match_id=match_id)


# To put the two large statements of this file together takes longer than to run them.
@cache
def _one_sided(tries: int) -> Select[int, str, str, str, datetime]:
    """Choose who has tried often enough since anything came back, and began by `soonest`."""
    mine, other = aliased(MatchSide), aliased(MatchSide)
    theirs, talked = newest_tries(), newest_calls_taken()
    closed, resumed = newest_closing("O5", StaffTask.match_id), newest_resumption()
    return (
        select(Match.id, Match.code, Person.code, Plan.reply, func.min(Contact.started_at))
        .join(mine, mine.match_id == Match.id)
        .join(other, and_(other.match_id == Match.id, other.id != mine.id))
        .join(Person, Person.id == mine.person_id)
        .join(
            Contact,
            and_(Contact.match_id == Match.id, Contact.from_person_id == mine.person_id),
        )
        .outerjoin(
            theirs,
            and_(theirs.c.match_id == Match.id, theirs.c.person_id == other.person_id),
        )
        .outerjoin(talked, talked.c.match_id == Match.id)
        .outerjoin(closed, closed.c.of == Match.id)
        .outerjoin(resumed, resumed.c.match_id == Match.id)
        .outerjoin(Plan, plan_in_force())
        .where(IS_WATCHED, Contact.kind.in_(BETWEEN_THE_TWO))
        .where(
            *(is_after(Contact.started_at, part.c.at) for part in (theirs, talked, closed, resumed))
        )
        .group_by(Match.id, Match.code, Person.code, Plan.reply)
        .having(func.count(Contact.id) >= tries)
        .having(func.min(Contact.started_at) <= bindparam("soonest", type_=UtcDateTime()))
    )


_OUT_OF_USE = (
    select(Person.id, Person.code, Phone.unusable_at, func.min(Match.id))
    .join(Phone, Phone.id == Person.phone_id)
    .join(MatchSide, MatchSide.person_id == Person.id)
    .join(Match, Match.id == MatchSide.match_id)
    .where(Match.state.in_(WATCHED), Phone.unusable_at <= bindparam("now"))
    .group_by(Person.id, Person.code, Phone.unusable_at)
)


def look_at_unreached(session: Session, now: datetime) -> Iterator[Finding]:
    """O6: calls or texts that did not reach somebody one after the other, or a number out of use.

    After an alert was closed it is counted anew, so a number that was corrected is believed.
    """
    limits = session.programme.thresholds
    yield from _in_a_row(session, _CALLS, limits.failed_calls)
    yield from _in_a_row(session, _TEXTS, limits.undelivered_texts)
    for person_id, code, since, match_id in session.columns(_OUT_OF_USE, {"now": now}):
        if since is not None:
            words = f"{code}: the carrier says that their number is out of use. Find the right one."
            yield Finding("O6", code, words, since, match_id=match_id, person_id=person_id)


def _in_a_row(session: Session, way: _Way, least: int) -> Iterator[Finding]:
    """Find whom the newest few of one kind all failed to reach."""
    for person_id, code, match_id, count, newest in session.columns(_unreached(way, least)):
        words = f"{code}: {count} {way.name} in a row did not reach them. Ask for the right number."
        yield Finding("O6", code, words, newest, match_id=match_id, person_id=person_id)


@cache
def _unreached(way: _Way, least: int) -> Select[int, str, int, int, datetime]:
    """Choose whom at least so many tries of one kind failed to reach since one arrived."""
    arrived = (
        select(Contact.to_person_id, func.max(Contact.started_at).label("at"))
        .where(Contact.kind == way.kind, Contact.outcome.in_(way.reached))
        .group_by(Contact.to_person_id)
        .subquery()
    )
    closed = newest_closing("O6", StaffTask.person_id)
    number = func.count(Contact.id)
    return (
        select(Person.id, Person.code, func.min(Match.id), number, func.max(Contact.started_at))
        .join(Person, Person.id == Contact.to_person_id)
        .join(Match, Match.id == Contact.match_id)
        .outerjoin(arrived, arrived.c.to_person_id == Contact.to_person_id)
        .outerjoin(closed, closed.c.of == Contact.to_person_id)
        .where(Contact.kind == way.kind, Contact.outcome.in_(way.failed), Match.state.in_(WATCHED))
        .where(*(is_after(Contact.started_at, part.c.at) for part in (arrived, closed)))
        .group_by(Person.id, Person.code)
        .having(number >= least)
    )

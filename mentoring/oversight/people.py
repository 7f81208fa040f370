"""O15 to O18: pairs without a plan, opt-outs in a match, who waits, and what a mentor carries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, or_, select

from mentoring.applications.waits import waits_begun
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.db import Session
from mentoring.flows.plan import RHYTHM_TOLD_IN
from mentoring.models import (
    Contact,
    ContactKind,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Phone,
    Plan,
    Role,
    Severity,
)
from mentoring.oversight.answers import newest_answers
from mentoring.oversight.log import newest_resumption, plan_in_force
from mentoring.oversight.rules import are_far_apart, days
from mentoring.tasks import Finding

_PLANNING = (MatchState.EARLY, MatchState.ACTIVE)
# MB5: what mentors said that they can give each month, at most. Five hours or more has no end.
_MOST_HOURS = {"1": 2, "2": 4}
_A_MONTH = timedelta(days=30)


_RESUMED = newest_resumption()
_WITHOUT_PLAN = (
    select(Match.id, Match.code, Match.opened_at, _RESUMED.c.at)
    .outerjoin(Plan, plan_in_force())
    .outerjoin(_RESUMED, _RESUMED.c.match_id == Match.id)
    .where(Match.state.in_(_PLANNING), ~ONE_IS_OUT, Plan.id.is_(None))
)


def look_at_plans(session: Session, now: datetime) -> Iterator[Finding]:
    """O15: no plan in good time, or two wishes for how often to talk that are far apart."""
    limits = session.programme.thresholds
    apart = _far_apart(session)
    for match_id, code, opened_at, resumed_at in session.columns(_WITHOUT_PLAN):
        due = max(opened_at, resumed_at or opened_at) + days(limits.plan_by_days)
        since = apart.get(match_id)
        if since is not None:
            # Without a plan on its day there is a second reason, which has come true anew.
            since = max(since, due) if due <= now else since
            words = f"{code}: the two want to talk at very different rhythms. Help them to agree."
        elif due <= now:
            since = due
            words = (
                f"{code}: there is no plan yet, {(now - opened_at).days} days after the opening."
            )
        if since is not None:
            yield Finding("O15", code, words, since, match_id=match_id)


_TOLD = newest_answers(RHYTHM_TOLD_IN, "GP3")
_RHYTHMS = select(_TOLD.c.match_id, _TOLD.c.value, _TOLD.c.at).where(
    _TOLD.c.place == 1, _TOLD.c.match_id.is_not(None)
)


def _far_apart(session: Session) -> Mapping[int, datetime]:
    """Return since when the answers of the two sides to GP3 are two steps apart, by match."""
    wishes = defaultdict(list)
    for match_id, value, at in session.columns(_RHYTHMS):
        wishes[match_id].append((value, at))
    return {
        match_id: max(at for _, at in both)
        for match_id, both in wishes.items()
        if are_far_apart(value for value, _ in both)
    }


_OPTED_OUT = (
    select(
        Person.id,
        Person.code,
        Phone.texts_refused_at,
        Phone.calls_refused_at,
        func.min(Match.id),
    )
    .join(Phone, Phone.id == Person.phone_id)
    .join(MatchSide, MatchSide.person_id == Person.id)
    .join(Match, Match.id == MatchSide.match_id)
    .where(Match.state != MatchState.CLOSED)
    .where(or_(Phone.texts_refused_at.is_not(None), Phone.calls_refused_at.is_not(None)))
    .group_by(Person.id, Person.code, Phone.texts_refused_at, Phone.calls_refused_at)
)


def look_at_opt_outs(session: Session, now: datetime) -> Iterator[Finding]:
    """O16: somebody in a match wants no more texts, or no more calls by a computer."""
    del now
    for person_id, code, texts_at, calls_at, match_id in session.columns(_OPTED_OUT):
        since = max(at for at in (texts_at, calls_at) if at is not None)
        what = "texts" if since == texts_at else "automated calls"
        words = f"{code} opted out of {what} while matched. Reach them another way."
        yield Finding("O16", code, words, since, match_id=match_id, person_id=person_id)


_WAITING = select(Person.id, Person.code, Person.state_since).where(
    Person.role == Role.PROTEGE, Person.state == PersonState.WAITING
)


def look_at_waiting(session: Session, now: datetime) -> Iterator[Finding]:
    """O17: a protege has waited for a mentor, in three stages of which each weighs more."""
    limits = session.programme.thresholds
    stages = (
        (limits.waiting_too_long_days, Severity.HIGH),
        (limits.waiting_long_days, Severity.MEDIUM),
        (limits.waiting_days, Severity.LOW),
    )
    rows = session.columns(_WAITING).all()
    begun = waits_begun(session)
    for person_id, code, state_since in rows:
        # An offer that came to nothing has not set the wait back.
        waits_since = begun.get(person_id, state_since)
        waited = now - waits_since
        if waited < days(limits.waiting_days):
            continue
        limit, severity = next(stage for stage in stages if waited >= days(stage[0]))
        words = f"{code} has waited {waited.days} days for a mentor. Call them."
        since = waits_since + days(limit)
        yield Finding("O17", code, words, since, person_id=person_id, severity=severity)


def look_at_loaded_mentors(session: Session, now: datetime) -> Iterator[Finding]:
    """O18: a mentor has more matches than they said, or talks far longer than they could give."""
    told: set[int | None] = set()
    for finding in (*_over_their_places(session), *_over_their_hours(session, now)):
        # Of one mentor there is one alert, whatever is too much.
        if finding.person_id not in told:
            told.add(finding.person_id)
            yield finding


_LOADED = (
    select(
        *(Person.id, Person.code, Person.profile),
        *(func.count(Match.id), func.max(Match.opened_at)),
    )
    .join(MatchSide, MatchSide.person_id == Person.id)
    .join(Match, Match.id == MatchSide.match_id)
    .where(Person.role == Role.MENTOR, Match.state != MatchState.CLOSED)
    .group_by(Person.id)
)


def _over_their_places(session: Session) -> Iterator[Finding]:
    for person_id, code, profile, matches, newest in session.columns(_LOADED):
        stated = str(profile.get("capacity") or "")
        if stated.isdecimal() and matches > int(stated):
            words = f"{code} has {matches} matches and said that {stated} is the most. Ask them."
            yield Finding("O18", code, words, newest, person_id=person_id)


_TALKED = (
    select(
        *(Person.id, Person.code, Person.profile),
        *(func.sum(Contact.seconds), func.max(Contact.started_at)),
    )
    .join(MatchSide, MatchSide.person_id == Person.id)
    .join(Contact, Contact.match_id == MatchSide.match_id)
    .where(Person.role == Role.MENTOR, Person.state == PersonState.ACTIVE)
    .where(Contact.started_at > bindparam("since"), Contact.kind == ContactKind.CALL)
    .where(Contact.two_way.is_(True))
    .group_by(Person.id)
)


def _over_their_hours(session: Session, now: datetime) -> Iterator[Finding]:
    limit = 1 + session.programme.thresholds.overload_percent / 100
    rows = session.columns(_TALKED, {"since": now - _A_MONTH})
    for person_id, code, profile, seconds, newest in rows:
        most = _MOST_HOURS.get(str(profile.get("monthly_hours") or ""))
        hours = (seconds or 0) / 3600
        if most is not None and hours > most * limit:
            words = (
                f"{code} has talked for {hours:.1f} hours in 30 days and said {most} at most."
                " Ask them."
            )
            yield Finding("O18", code, words, newest, person_id=person_id)


_IDLE = select(Person.id, Person.code, Person.state_since).where(
    Person.role == Role.MENTOR,
    Person.state == PersonState.AVAILABLE,
    Person.state_since <= bindparam("before"),
)


def look_at_idle_mentors(session: Session, now: datetime) -> Iterator[Finding]:
    """O18: a mentor has been available for long without a match; a proposal counts as news."""
    limit = days(session.programme.thresholds.idle_days)
    for person_id, code, free_since in session.columns(_IDLE, {"before": now - limit}):
        words = f"{code} has had no match for {(now - free_since).days} days. Call them."
        yield Finding("O18", code, words, free_since + limit, person_id=person_id)

"""The oversight sweep: which pairs and people need a person's eye, found in the log itself.

Each rule is a few statements over all matches at once, never one for each match. What a rule finds
becomes an alert unless one about it is open, or was closed after the thing had come true.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from mentoring.alerts import raise_severity
from mentoring.applications.inviting import invite
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.settling import OPEN
from mentoring.db import Session
from mentoring.models import Invitation, Match, Person, StaffTask
from mentoring.operators import first_on_duty
from mentoring.oversight.answers import look_at_check_ins, look_at_invitations
from mentoring.oversight.days import look_at_days, look_at_shared_numbers
from mentoring.oversight.nudge import nudge
from mentoring.oversight.people import (
    look_at_idle_mentors,
    look_at_loaded_mentors,
    look_at_opt_outs,
    look_at_plans,
    look_at_waiting,
)
from mentoring.oversight.rules import RANK, RULES, About, Rule, days
from mentoring.oversight.silence import look_at_silence
from mentoring.oversight.tries import look_at_one_sided, look_at_unreached
from mentoring.tasks import Finding, open_alerts

_LOOKS: tuple[Callable[[Session, datetime], Iterable[Finding]], ...] = (
    look_at_silence,
    look_at_one_sided,
    look_at_unreached,
    look_at_check_ins,
    look_at_invitations,
    look_at_plans,
    look_at_opt_outs,
    look_at_waiting,
    look_at_idle_mentors,
    look_at_loaded_mentors,
    look_at_days,
    look_at_shared_numbers,
)

# What an alert is about: the rule with its match, its person, or both.
_Topic = tuple[str, int | None, int | None]


def oversee(session: Session, *, now: datetime) -> int:
    """Open an alert for everything that has newly arisen; returns how many were opened."""
    found = [finding for look in _LOOKS for finding in look(session, now)]
    open_ones = _open_ones(session)
    _raise_open_ones(session, found, open_ones, now)
    closed = _newest_closings(session)
    fresh = [
        finding
        for finding in found
        if _topic(finding) not in open_ones and _arose_after(finding, closed, now)
    ]
    owner_id = first_on_duty(session)
    _give_to(session, owner_id)
    opened = open_alerts(session, fresh, owner_id=owner_id, now=now)
    for alert in opened:
        after_opening(session, alert, RULES[alert.rule], now)
    return len(opened)


def after_opening(session: Session, alert: StaffTask, rule: Rule, now: datetime) -> None:
    """Take the step that the service itself takes: nudge or invite both sides, or one person."""
    if rule.nudges and alert.match_id is not None:
        nudge(session, session.get_one(Match, alert.match_id), number=alert.id, now=now)
    if rule.invites is None:
        return
    if alert.match_id is None:
        person = session.get(Person, alert.person_id) if alert.person_id is not None else None
        if person is not None:
            invite(session, rule.invites, person, now=now)
        return
    match = session.get_one(Match, alert.match_id)
    still_asked = _still_asked(session, rule.invites, match.id)
    for side in match.sides:
        # The same question twice in a row would only say that we do not listen.
        if side.person_id in still_asked:
            continue
        open_invitation(
            session,
            rule.invites,
            match_id=match.id,
            person=side.person,
            number=(now - match.opened_at).days,
            at=now,
            now=now,
        )


_STILL_ASKED = select(Invitation.person_id).where(
    Invitation.flow == bindparam("flow"),
    Invitation.match_id == bindparam("match_id"),
    Invitation.state.in_(OPEN),
)


def _still_asked(session: Session, flow: str, match_id: int) -> set[int]:
    """Return who is to be asked these questions about a match already, or is being asked them."""
    return set(session.columns(_STILL_ASKED, {"flow": flow, "match_id": match_id}).scalars())


def _topic(of: Finding | StaffTask) -> _Topic:
    """Return what two alerts have in common when there may be only one of them."""
    return _topic_of(of.rule, of.match_id, of.person_id)


def _topic_of(rule: str, match_id: int | None, person_id: int | None) -> _Topic:
    about = RULES[rule].about
    return (
        rule,
        match_id if about is not About.PERSON else None,
        person_id if about is not About.MATCH else None,
    )


_OPEN_ONES = select(
    StaffTask.id,
    StaffTask.rule,
    StaffTask.match_id,
    StaffTask.person_id,
    StaffTask.severity,
).where(StaffTask.open_key.is_not(None), StaffTask.rule.in_(RULES))


def _open_ones(session: Session) -> dict[_Topic, tuple[int, int]]:
    """Return the id and the weight of each open alert."""
    return {
        _topic_of(rule, match_id, person_id): (alert_id, RANK[severity])
        for alert_id, rule, match_id, person_id, severity in session.columns(_OPEN_ONES)
        if severity is not None
    }


_NEWEST_CLOSINGS = (
    select(
        StaffTask.rule,
        StaffTask.match_id,
        StaffTask.person_id,
        func.max(StaffTask.done_at),
    )
    .where(StaffTask.severity.is_not(None), StaffTask.rule.in_(RULES))
    .where(StaffTask.done_at.is_not(None))
    .group_by(StaffTask.rule, StaffTask.match_id, StaffTask.person_id)
)


def _newest_closings(session: Session) -> dict[_Topic, datetime]:
    """Return when an alert about each thing was last closed."""
    newest: dict[_Topic, datetime] = {}
    for rule, match_id, person_id, at in session.columns(_NEWEST_CLOSINGS):
        if at is None:
            continue
        topic = _topic_of(rule, match_id, person_id)
        newest[topic] = max(at, newest.get(topic, at))
    return newest


def _arose_after(finding: Finding, closed: dict[_Topic, datetime], now: datetime) -> bool:
    """Tell whether it came true after its last alert was closed, or has outlasted that for long."""
    at = closed.get(_topic(finding))
    if at is None or finding.since > at:
        return True
    again = RULES[finding.rule].again_days
    return again is not None and now - at >= days(again)


def _raise_open_ones(
    session: Session,
    found: Iterable[Finding],
    open_ones: dict[_Topic, tuple[int, int]],
    now: datetime,
) -> None:
    """What has become worse while its alert is open weighs more: O17 has three such stages."""
    for finding, alert_id in _worse(found, open_ones):
        alert = session.get_one(StaffTask, alert_id)
        due_at = session.programme.add_working_days(now, RULES[finding.rule].working_days or 1)
        if finding.severity is not None:
            raise_severity(alert, finding.severity, words=finding.words, due_at=due_at)


def _worse(
    found: Iterable[Finding], open_ones: dict[_Topic, tuple[int, int]]
) -> Iterator[tuple[Finding, int]]:
    for finding in found:
        alert_id, weight = open_ones.get(_topic(finding), (0, len(RANK)))
        if finding.severity is not None and RANK[finding.severity] > weight:
            yield finding, alert_id


_GIVE = (
    update(StaffTask)
    .where(
        StaffTask.severity.is_not(None),
        StaffTask.done_at.is_(None),
        StaffTask.owner_id.is_(None),
    )
    .values(owner_id=bindparam("given_to"))
    .execution_options(synchronize_session=False)
)


def _give_to(session: Session, owner_id: int | None) -> None:
    """Give alerts that an event opened to whoever is first on duty: no caller waited for that."""
    if owner_id is None:
        return
    session.execute(_GIVE, {"given_to": owner_id})

"""The figures about worries and the line once more, straight from the rows: E17 and E19."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from mentoring.models import AuditEntry, Conversation, Match, StaffTask
from tests.mentoring.reports.naive import Naive, Told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def came_true(outcome: str | None) -> bool:
    return (outcome or "").split(":")[0] not in ("no_action_needed", "false_alarm")


def days_open(log: Naive, match: Match) -> int:
    """Count the days one by one on which a match was open, within the period."""
    first, last = (each.astimezone(log.zone).date() for each in (log.since, log.until))
    opened = match.opened_at.astimezone(log.zone).date()
    closed = match.closed_at.astimezone(log.zone).date() if match.closed_at else date.max
    today = log.now.astimezone(log.zone).date()
    days, day = 0, first
    while day < last:
        days += opened <= day < closed and day <= today
        day += DAY
    return days


def _worries(log: Naive) -> list[StaffTask]:
    found = []
    for task in log.tasks:
        person = task.person_id
        if person is None and task.match_id is not None:
            match = next(each for each in log.matches if each.id == task.match_id)
            person = log.side(match, "protege")
        if task.rule in ("O10", "O11") and log.kept(task.opened_at, person):
            found.append(task)
    return found


def told(log: Naive) -> Told:
    days = sum(
        days_open(log, match)
        for match in log.matches
        if log.keep(log.people[log.side(match, "protege")])
    )
    count = len(_worries(log))
    value = log.mean([Fraction(3000 * count, days)]).value if days else None
    return Told(value, str(count), str(days))


def _first_contact(log: Naive, task: StaffTask) -> datetime | None:
    acts = [
        entry.at
        for entry in log.all(AuditEntry)
        if entry.entity_id == str(task.id) and entry.action in ("took step", "closed alert")
    ]
    return min([at for at in (*acts, task.accepted_at, task.done_at) if at], default=None)


def worry_hours(log: Naive) -> Told:
    amounts = []
    for task in _worries(log):
        first = _first_contact(log, task)
        if first:
            amounts.append(log.length(first - task.opened_at, HOUR))
    return log.middle(amounts)


def in_time(log: Naive) -> Told:
    cases: list[bool | None] = []
    for task in _worries(log):
        limit = task.opened_at + HOUR
        if task.rule == "O10":
            limit = log.session.programme.add_working_days(task.opened_at, 1)
        first = _first_contact(log, task)
        cases.append(first <= limit if first else False if log.now > limit else None)
    return log.ternary(cases, lower=False)


def upheld(log: Naive) -> Told:
    return log.ternary(
        [came_true(t.outcome) if t.done_at else None for t in _worries(log)], lower=False
    )


def _voice_calls(log: Naive) -> dict[str, list[Conversation]]:
    calls: dict[str, list[Conversation]] = {}
    for each in log.conversations.values():
        if each.call_sid and log.kept(each.started_at, each.person_id):
            calls.setdefault(each.call_sid, []).append(each)
    return calls


def finished(log: Naive) -> Told:
    return log.share(
        [any(e.status == "finished" for e in found) for found in _voice_calls(log).values()]
    )


def left(log: Naive) -> Told:
    calls = _voice_calls(log).values()
    return log.total(sum(all(e.status != "finished" for e in found) for found in calls))


def lost(log: Naive) -> Told:
    return _for_each_call(log, "O14")


def for_a_person(log: Naive) -> Told:
    return _for_each_call(log, "O8")


def _for_each_call(log: Naive, rule: str) -> Told:
    wishes = sum(t.rule == rule and log.kept(t.opened_at, t.person_id) for t in log.tasks)
    calls = len(_voice_calls(log))
    value = log.mean([Fraction(100 * wishes, calls)]).value if calls else None
    return Told(value, str(wishes), str(calls))

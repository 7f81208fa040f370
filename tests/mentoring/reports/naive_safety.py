"""The figures about worries and the line once more, straight from the rows: E17 and E19."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from mentoring.models import AuditEntry, Match, StaffTask
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
    return log.middle(amounts, len(_worries(log)))


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


class _Call:
    """One call by its sid: its conversations as they stand now, and its end, if that was kept."""

    def __init__(self, log: Naive, sid: str) -> None:
        self.talks = [each for each in log.conversations.values() if each.call_sid == sid]
        self.end = next((each for each in log.ends if each.call_sid == sid), None)
        leg = next((each for each in log.legs if each.call_sid == sid), None)
        about = self.talks[0].id if self.end is None else self.end.conversation_id
        first = self.talks[0] if self.talks else log.conversations[about]
        self.person_id, self.at = first.person_id, leg.started_at if leg else first.started_at

    @property
    def is_finished(self) -> bool:
        over = self.end.conversation_id if self.end else None
        return any(each.status == "finished" and each.id != over for each in self.talks)

    @property
    def place(self) -> str:
        if self.end is None:
            return str(self.talks[-1].flow)
        if self.end.effect == "person":
            return "brought to a person"
        if self.end.effect == "goodbye":
            return "put off for later"
        return f"{self.end.flow}, {self.end.question}"

    def count(self, name: str) -> int:
        rows = [*self.talks, self.end] if self.end else self.talks
        return sum(getattr(each, name) for each in rows)


def _voice_calls(log: Naive) -> list[_Call]:
    sids = {each.call_sid for each in log.conversations.values() if each.call_sid}
    sids |= {each.call_sid for each in log.ends}
    calls = [_Call(log, sid) for sid in sorted(sids)]
    return [call for call in calls if log.kept(call.at, call.person_id)]


def finished(log: Naive) -> Told:
    return log.share([call.is_finished for call in _voice_calls(log)])


def left(log: Naive) -> Told:
    return log.total(sum(not call.is_finished for call in _voice_calls(log)))


def left_at(log: Naive, place: str) -> Told:
    calls = [call for call in _voice_calls(log) if not call.is_finished]
    return log.total(sum(call.place == place for call in calls))


def misheard(log: Naive) -> Told:
    calls = _voice_calls(log)
    wrong = sum(call.count("misheard") for call in calls)
    of = sum(call.count("heard") for call in calls)
    value = log.mean([Fraction(100 * wrong, of)]).value if of else None
    return Told(value, str(wrong), str(of))


def lost(log: Naive) -> Told:
    return _for_each_call(log, "O14")


def for_a_person(log: Naive) -> Told:
    return _for_each_call(log, "O8")


def _for_each_call(log: Naive, rule: str) -> Told:
    wishes = sum(t.rule == rule and log.kept(t.opened_at, t.person_id) for t in log.tasks)
    calls = len(_voice_calls(log))
    value = log.mean([Fraction(100 * wishes, calls)]).value if calls else None
    return Told(value, str(wishes), str(calls))

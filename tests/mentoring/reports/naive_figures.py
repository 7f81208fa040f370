"""Every figure, as docs/reports.md says it, over the rows of tests/mentoring/reports/naive.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from mentoring.models import (
    Delivery,
    Line,
    Match,
    Plan,
)
from tests.mentoring.reports.naive import Naive, Told
from tests.mentoring.reports.naive_answers import (
    answered,
    change,
    complete,
    good,
    how_far,
    moved_up,
    score,
    some,
    survey,
)
from tests.mentoring.reports.naive_offers import accepted, declined
from tests.mentoring.reports.naive_safety import (
    came_true,
    days_open,
    finished,
    for_a_person,
    in_time,
    left,
    lost,
    misheard,
    told,
    upheld,
    worry_hours,
)
from tests.mentoring.reports.naive_training import minutes, talk_minutes

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def completed(log: Naive) -> Told:
    known = []
    for person in log.people.values():
        path = log.path("person", person.id)
        agreed = [move.at for move in path if move.to_state == "intake"]
        if agreed and log.kept(agreed[0], person.id):
            known.append(any(m.to_state == "screening" and m.at >= agreed[0] for m in path))
    return log.share(known)


def waits(log: Naive) -> list[timedelta | None]:
    found: list[timedelta | None] = []
    for match, protege in log.opened():
        begun = None
        for move in log.path("person", protege):
            if move.at > match.opened_at or move.to_state == "matched":
                break
            if move.to_state == "waiting" and begun is None:
                begun = move.at
            if move.to_state not in ("waiting", "offered", "paused"):
                begun = None
        found.append(None if begun is None else match.opened_at - begun)
    return found


def wait_days(log: Naive) -> Told:
    found = list(waits(log))
    days = [log.length(wait, DAY) for wait in found if wait is not None]
    return log.middle(days, len(found))


def wait_soon(log: Naive) -> Told:
    return log.ternary([None if wait is None else wait <= 30 * DAY for wait in waits(log)])


def prompt(log: Naive) -> Told:
    cases: list[bool | None] = []
    for match, _ in log.opened():
        if log.now - match.opened_at <= 10 * DAY:
            cases.append(None)
        else:
            cases.append(
                any(c.started_at <= match.opened_at + 10 * DAY for c in log.two_way(match))
            )
    return log.ternary(cases)


def note_hours(log: Naive) -> Told:
    length = timedelta()
    for each in log.contacts:
        speaker = log.people.get(each.from_person_id)
        is_mentors = speaker is not None and speaker.role == "mentor"
        if (
            each.kind == "voice note"
            and is_mentors
            and log.kept(each.started_at, each.from_person_id)
        ):
            length += timedelta(seconds=each.seconds or 0)
    return log.total(log.length(length, HOUR), 1)


def _is_quiet(log: Naive, match: Match, start: datetime, end: datetime) -> bool:
    """Tell whether the match rested at some moment between two."""
    state, since = "", match.opened_at
    for move in [*log.path("match", match.id), None]:
        until = move.at if move else log.now + DAY
        rests = state in ("paused", "safety_hold", "closing")
        if rests and since < end and until > start:
            return True
        state, since = (move.to_state, move.at) if move else ("", log.now)
    return False


def kept(log: Naive) -> Told:
    """Go through the gaps one by one; after a rest they are counted anew from its end."""
    gaps = {"week": 7, "two_weeks": 14, "month": 30}
    known = []
    for match in log.matches:
        protege, occasions = log.side(match, "protege"), log.occasions(match)
        resumed = [
            after.at
            for before, after in pairwise(log.path("match", match.id))
            if before.to_state in ("paused", "safety_hold", "closing")
        ]
        for plan in log.all(Plan):
            if plan.match_id != match.id:
                continue
            gap = timedelta(days=gaps[plan.rhythm])
            agreed = max(plan.protege_agreed_at, plan.mentor_agreed_at)
            end = min(each for each in (plan.ended_at, match.closed_at, log.now) if each)
            for begin in [agreed, *(at for at in resumed if agreed < at < end)]:
                start = begin
                # From here on, until it rests or ends.
                while start + gap <= end and not _is_quiet(log, match, begin, start + gap):
                    if log.kept(start + gap, protege):
                        known.append(any(start <= at < start + gap for at in occasions))
                    start += gap
    # A ratio is of gaps, of which each is known; nobody was asked.
    return log.share(known)._replace(response=None)


def talk_hours(log: Naive, role: str = "protege") -> Told:
    return log.total(
        sum(
            (
                Fraction(talk.seconds or 0, 3600)
                for match in log.matches
                for talk in log.talks(match)
                if log.kept(talk.started_at, log.side(match, role))
            ),
            Fraction(),
        ),
        1,
    )


def talk_count(log: Naive) -> Told:
    return log.total(
        sum(
            log.kept(talk.started_at, log.side(match, "protege"))
            for match in log.matches
            for talk in log.talks(match)
        )
    )


def _spoken(log: Naive, match: Match) -> int:
    return sum(talk.seconds or 0 for talk in log.talks(match))


def hours_each(log: Naive) -> Told:
    return log.mean([Fraction(_spoken(log, match), 3600) for match, _ in log.closed()])


def talks_each(log: Naive) -> Told:
    return log.mean([Fraction(len(log.talks(match))) for match, _ in log.closed()])


def enough(log: Naive) -> Told:
    return log.share(
        [_spoken(log, match) >= 10800 and len(log.talks(match)) >= 5 for match, _ in log.closed()]
    )


def healthy(log: Naive) -> Told:
    cases: list[bool | None] = []
    for match in log.matches:
        protege, mentor = log.side(match, "protege"), log.side(match, "mentor")
        moment = match.opened_at + 90 * DAY
        early = match.closed_at is not None and match.closed_at < moment
        if early and match.closed_at is not None:
            moment = match.closed_at
        if moment > log.now or not log.kept(moment, protege):
            continue
        goes_on = not early or match.closure_reason == "goal_met"
        if match.closed_at == moment and not early:
            goes_on = match.closure_reason == "goal_met"
        occasions = [at for at in log.occasions(match) if at <= moment]
        seconds = sum(t.seconds or 0 for t in log.talks(match) if t.started_at <= moment)
        wanted: list[bool | None] = [goes_on, len(occasions) >= 5 or seconds >= 3 * 3600]
        for person in (protege, mentor):
            limit = datetime.max.replace(tzinfo=moment.tzinfo) if early else moment + 14 * DAY
            rated = [
                answer
                for answer in log.answers
                if answer.person_id == person
                and answer.question in ("CK1", "CS1")
                and log.conversations[answer.conversation_id].match_id == match.id
                and answer.at <= limit
            ]
            rated.sort(key=lambda answer: (answer.at, answer.turn))
            wanted.append(int(rated[-1].value) >= 4 if rated else None)
        for task in log.tasks:
            is_worry = task.rule in ("O10", "O11") and task.match_id == match.id
            if is_worry and task.opened_at <= moment:
                wanted.append(None if task.done_at is None else not came_true(task.outcome))
        cases.append(False if False in wanted else None if None in wanted else True)
    return log.ternary(cases)


def closed_within(days: int) -> Callable[[Naive], Told]:
    def told(log: Naive) -> Told:
        limit = timedelta(days=days)
        return log.ternary(
            [
                None
                if log.now < match.opened_at + limit
                else match.closed_at is not None and match.closed_at - match.opened_at < limit
                for match, _ in log.opened()
            ],
            lower=False,
        )

    return told


def closures(log: Naive) -> Told:
    return log.total(len(list(log.closed())))


def closed_for(log: Naive, reason: str) -> Told:
    return log.total(sum(match.closure_reason == reason for match, _ in log.closed()))


def closed_at_age(log: Naive, age: str) -> Told:
    closed = [match for match, _ in log.closed() if match.closed_at is not None]
    before = sum((each.closed_at or log.now) < each.opened_at + 90 * DAY for each in closed)
    return log.total(before if age == "before day 90" else len(closed) - before)


def spent(log: Naive) -> Fraction:
    """Whole months only: the rates of a line and of staff are paid by the month."""
    rates = log.session.programme.rates
    assert rates is not None
    total, day = Fraction(), log.since.astimezone(log.zone)
    for leg in log.legs:
        if log.since <= leg.started_at < log.until and leg.seconds:
            total += -(-leg.seconds // 60) * Fraction(rates.minute)
    for text in log.all(Delivery):
        if log.since <= text.created_at < log.until and text.carrier_sid:
            total += Fraction(rates.text)
    while day < log.until:
        total += len(log.all(Line)) * Fraction(rates.line_month)
        total += Fraction(rates.staff_hours_month) * Fraction(rates.staff_hour)
        day = (day.replace(day=1) + 32 * DAY).replace(day=1)
    return total


def served(role: str) -> Callable[[Naive], Told]:
    def count(log: Naive) -> Told:
        people = {
            log.side(match, role)
            for match in log.matches
            if days_open(log, match) and log.keep(log.people[log.side(match, role)])
        }
        return Told(str(len(people)))

    return count


def new(log: Naive) -> Told:
    return Told(str(sum(log.kept(p.created_at, p.id) for p in log.people.values())))


P1, P2, M1, M2 = (f"survey_{side}_{n}" for side in ("protege", "mentor") for n in (1, 2))

FIGURES: dict[str, Callable[[Naive], Told]] = {
    "S1.proteges": served("protege"),
    "S1.mentors": served("mentor"),
    "S1.new": new,
    "E1.completed": completed,
    "E2.days": wait_days,
    "E2.soon": wait_soon,
    "E3.accepted": accepted,
    "E3.declined": declined,
    "E4.prompt": prompt,
    "E5.kept": kept,
    "E6.hours": talk_hours,
    "E6.talks": talk_count,
    "E6.hours_each": hours_each,
    "E6.talks_each": talks_each,
    "E6.enough": enough,
    "E7.healthy": healthy,
    "E8.early": closed_within(90),
    "E8.before_term": closed_within(182),
    "E8.reasons": closures,
    "E9.some": some,
    "E9.complete": complete,
    "E9.answers": answered,
    "E10.satisfied": survey("CS1", good, P1, M1),
    "E10.respect": survey("CS3", good, P1),
    "E11.reached": survey("CS2", lambda value: value in ("most", "all"), P1),
    "E11.so_far": how_far,
    "E12.change": change,
    "E13.moved_up": moved_up,
    "E13.open": survey("CS5", lambda value: value == "open", P1),
    "E13.open_6": survey("FU6", lambda value: value == "yes", "follow_up_6"),
    "E13.open_12": survey("FU12", lambda value: value == "yes", "follow_up_12"),
    "E13.sale": survey("CS6", lambda value: "A" in value, P1),
    "E13.funds": survey("CS6", lambda value: "B" in value, P1),
    "E13.hire": survey("CS6", lambda value: "C" in value, P1),
    "E14.score": score,
    "E15.stay": survey("CM7", lambda value: value != "no", M2),
    "E15.notes": note_hours,
    "E15.hours": lambda log: talk_hours(log, "mentor"),
    "E16.clear": survey("CM3", good, M1),
    "E16.helped": survey("CM4", good, M1),
    "E16.trained": survey("CM5", good, M1),
    "E16.talk": talk_minutes,
    "E16.minutes": lambda log: log.total(minutes(log), 1),
    "E17.told": told,
    "E17.hours": worry_hours,
    "E17.in_time": in_time,
    "E17.upheld": upheld,
    "E19.finished": finished,
    "E19.misheard": misheard,
    "E19.person": for_a_person,
    "E19.lost": lost,
    "E19.left": left,
    "E19.easy": survey("CS7", good, P2),
    "E20.spent": lambda log: log.total(spent(log), 2),
    "E20.match": lambda log: _per(log, sum(1 for _ in log.opened())),
    "E20.goal": lambda log: _per(
        log, sum(log.answer(each, "CS2") in ("most", "all") for each in log.asked(P1))
    ),
}


def _per(log: Naive, count: int) -> Told:
    cost = spent(log)
    told = log.mean([cost / count], places=2).value if count else None
    return Told(told, log.mean([cost]).numerator, str(count))

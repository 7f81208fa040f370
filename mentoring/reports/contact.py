"""E5 to E8: whether pairs keep their plan, how much they talk, and whether it goes well."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from mentoring.models import ClosureReason
from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, within, yes
from mentoring.reports.facts import Facts, Pair, Talked, in_hours

EARLY_DAYS = 90
_TALKS, _HOURS, _GOOD_RATING = 5, 3, 4
# The check-in of day 90 may be answered a few days after it.
_RATED_WITHIN = timedelta(days=14)
_RATINGS = ("CK1", "CS1")

Span = tuple[datetime, datetime]


def spans_of_plans(pair: Pair, now: datetime) -> Iterator[tuple[Span, timedelta]]:
    """Return when a plan was in force and the match did not rest, with the gap of the plan."""
    for plan in pair.plans:
        ends = [each for each in (plan.until, pair.closed_at, now) if each is not None]
        since, end = plan.since, min(ends)
        for rest_from, rest_until in pair.rests:
            if rest_from >= end:
                break
            if rest_until is not None and rest_until <= since:
                continue
            if rest_from > since:
                yield (since, rest_from), timedelta(days=plan.gap_days)
            since = rest_until if rest_until is not None else end
        if since < end:
            yield (since, end), timedelta(days=plan.gap_days)


def _plans_kept(facts: Facts) -> Iterator[Case]:
    """Return the gaps of each pair that were over in each month, and how many of them were kept."""
    for pair in facts.pairs.values():
        months: dict[date, list[bool]] = {}
        moments = [each.at for each in pair.contacts]
        for (since, end), gap in spans_of_plans(pair, facts.now):
            start = since
            while start + gap <= end:
                place = bisect_left(moments, start)
                kept = place < len(moments) and moments[place] < start + gap
                day = facts.day(start + gap)
                if day in facts.period:
                    months.setdefault(facts.month(day), []).append(kept)
                start += gap
        for first, found in months.items():
            yield Case(first, pair.protege, found.count(True), weight=len(found))


def talks(contacts: Sequence[Talked]) -> list[Talked]:
    """Return the calls among two-way contacts."""
    return [each for each in contacts if each.is_call]


def talks_by_month(facts: Facts, pair: Pair) -> Mapping[date, tuple[int, timedelta]]:
    """Return how often, and how long in all, a pair talked in each month of the period.

    A month is told by its first day in the period.
    """
    found: dict[date, tuple[int, timedelta]] = {}
    for talk in talks(pair.contacts):
        day = facts.day(talk.at)
        if day in facts.period:
            times, length = found.get(facts.month(day), (0, timedelta()))
            found[facts.month(day)] = times + 1, length + timedelta(seconds=talk.seconds)
    return found


def _seconds(contacts: Sequence[Talked]) -> int:
    return sum(each.seconds for each in talks(contacts))


def _dose(facts: Facts) -> Cases:
    hours, count, each_hours, each_talks, enough = [], [], [], [], []
    for pair in facts.pairs.values():
        for first, (times, length) in talks_by_month(facts, pair).items():
            hours.append(Case(first, pair.protege, in_hours(length)))
            count.append(Case(first, pair.protege, times))
        if pair.closed_at is None or facts.day(pair.closed_at) not in facts.period:
            continue
        day, spoken = facts.day(pair.closed_at), _seconds(pair.contacts)
        times = len(talks(pair.contacts))
        each_hours.append(Case(day, pair.protege, in_hours(timedelta(seconds=spoken))))
        each_talks.append(Case(day, pair.protege, times))
        is_enough = spoken >= _HOURS * 3600 and times >= _TALKS
        enough.append(Case(day, pair.protege, yes(is_enough)))
    return {
        "E6.hours": hours,
        "E6.talks": count,
        "E6.hours_each": each_hours,
        "E6.talks_each": each_talks,
        "E6.enough": enough,
    }


def _healthy(facts: Facts) -> Iterator[Case]:
    for pair in facts.pairs.values():
        moment = pair.opened_at + timedelta(days=EARLY_DAYS)
        if pair.closed_at is not None and pair.closed_at < moment:
            moment = pair.closed_at
        if moment <= facts.now and facts.day(moment) in facts.period:
            yield Case(facts.day(moment), pair.protege, yes(is_healthy(facts, pair, moment)))


def is_healthy(facts: Facts, pair: Pair, moment: datetime) -> bool | None:
    """Tell whether a match is healthy at day 90 or at its end before; None when it is not known.

    It goes on or has reached its goal; there were five two-way contacts or three hours of talk;
    both last ratings are 4 or more; and no worry about it was upheld. What has failed in one of
    these is known, whoever has not answered.
    """
    found = pair.until(moment)
    goes_on = pair.is_open_at(moment) or pair.reason is ClosureReason.GOAL_MET
    enough = len(found) >= _TALKS or _seconds(found) >= _HOURS * 3600
    parts: list[bool | None] = [goes_on, enough]
    parts += [_is_happy(facts, pair, person, moment) for person in (pair.protege, pair.mentor)]
    for concern in facts.concerns_of.get(pair.id, ()):
        if concern.opened_at <= moment:
            parts.append(None if concern.is_upheld is None else not concern.is_upheld)
    if False in parts:
        return False
    return None if None in parts else True


def _is_happy(facts: Facts, pair: Pair, person: int, moment: datetime) -> bool | None:
    """Tell whether somebody's last rating is good; after the end, that of the end counts."""
    given = [
        reply
        for question in _RATINGS
        for reply in facts.by_match.get((pair.id, person, question), ())
        if reply.value.isdecimal()
        and (moment == pair.closed_at or reply.at <= moment + _RATED_WITHIN)
    ]
    if not given:
        return None
    return int(max(given, key=lambda reply: reply.at).value) >= _GOOD_RATING


def _closures(facts: Facts) -> Cases:
    early, short, reasons = [], [], []
    for pair in facts.pairs.values():
        day = facts.day(pair.opened_at)
        early.append(Case(day, pair.protege, yes(_closed_within(facts, pair, EARLY_DAYS))))
        short.append(Case(day, pair.protege, yes(_closed_within(facts, pair, facts.term_days))))
        if pair.closed_at is not None:
            is_early = pair.closed_at - pair.opened_at < timedelta(days=EARLY_DAYS)
            groups = {
                "reason": pair.reason.value if pair.reason else "not said",
                "age": "before day 90" if is_early else "from day 90 on",
            }
            reasons.append(Case(facts.day(pair.closed_at), pair.protege, 1, groups=groups))
    return {"E8.early": early, "E8.before_term": short, "E8.reasons": reasons}


def _closed_within(facts: Facts, pair: Pair, days: int) -> bool | None:
    """Tell whether a match was closed within so many days; None until those days are over.

    Until then only a yes could be known, and the share would be far too high.
    """
    limit = pair.opened_at + timedelta(days=days)
    if facts.now < limit:
        return None
    return pair.closed_at is not None and pair.closed_at < limit


_CLOSED = "matches closed in the period"

E5 = Indicator(
    "E5",
    "Plan kept",
    (
        Measure(
            "E5.kept",
            "Gaps of the plans with contact in them",
            Kind.RATIO,
            "gaps in which the pair had two-way contact",
            "gaps of plans in force that ended in the period (7, 14 or 30 days each, as agreed);"
            " no gap is counted while a match has paused, is held or is closing",
            scale=100,
        ),
    ),
    lambda facts: {"E5.kept": list(_plans_kept(facts))},
)
E6 = Indicator(
    "E6",
    "Dose",
    (
        Measure(
            *("E6.hours", "Hours of talk", Kind.TOTAL),
            *("hours of two-way calls of all pairs in the period", ""),
            unit="hours",
        ),
        Measure(
            *("E6.talks", "Talks", Kind.TOTAL, "two-way calls of all pairs in the period", ""),
            unit="talks",
            places=0,
        ),
        Measure(
            *("E6.hours_each", "Hours of talk in a match", Kind.MEAN),
            *("hours of two-way calls in the whole match", _CLOSED),
            unit="hours",
        ),
        Measure(
            *("E6.talks_each", "Talks in a match", Kind.MEAN),
            *("two-way calls in the whole match", _CLOSED),
            unit="talks",
        ),
        Measure(
            *("E6.enough", "Matches with 3 hours and 5 talks", Kind.SHARE),
            *("matches with 3 hours of talk or more, and 5 talks or more", _CLOSED),
        ),
    ),
    _dose,
)
E7 = Indicator(
    "E7",
    "Healthy match at 90 days",
    (
        Measure(
            "E7.healthy",
            "Healthy matches",
            Kind.SHARE,
            "matches that go on or have reached their goal, had 5 two-way contacts or 3 hours of"
            " talk by then, whose last two ratings are 4 or more, and of which no worry was upheld",
            "matches that reached day 90, or were closed before, in the period",
            known="Not known while only a rating, or the end of a worry, is missing.",
            lower_bound=True,
        ),
    ),
    lambda facts: {"E7.healthy": list(_healthy(facts))},
)
E8 = Indicator(
    "E8",
    "Early closure",
    (
        Measure(
            "E8.early",
            "Closed before day 90",
            Kind.SHARE,
            "matches that were closed within 90 days",
            "matches opened in the period",
            known="Known 90 days after the opening.",
        ),
        Measure(
            "E8.before_term",
            "Closed before the end of the term",
            Kind.SHARE,
            "matches that were closed before the end of their first term",
            "matches opened in the period",
            known="Known once the first term would be over.",
        ),
        Measure(
            *("E8.reasons", "Matches closed, by reason", Kind.TOTAL, _CLOSED, ""),
            unit="matches",
            places=0,
            splits=("reason", "age"),
        ),
    ),
    lambda facts: {key: within(facts, found) for key, found in _closures(facts).items()},
)

"""E1 to E4: how people come in, how long they wait, and how a match begins."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from mentoring.applications.waits import KEEPS_PLACE
from mentoring.models import PersonState, Role
from mentoring.reports.cases import Case, Cases, Indicator, Kind, Measure, within, yes
from mentoring.reports.facts import Facts, Offer, Pair, Someone, in_days
from mentoring.reports.reading_events import NOT_SAID

_SOON_DAYS, _PROMPT_DAYS = 30, 10


def _intakes(facts: Facts) -> Iterator[Case]:
    for person in facts.people.values():
        begun = next((m for m in person.moves if m.to == PersonState.INTAKE), None)
        if begun is not None:
            done = any(
                move.to == PersonState.SCREENING and move.at >= begun.at for move in person.moves
            )
            groups = {"channel": person.joined_by}
            yield Case(facts.day(begun.at), person.id, yes(done), groups=groups)


def waiting_since(person: Someone, until: datetime) -> datetime | None:
    """Return since when a protege had waited when a match was opened; None if they never had.

    Whoever comes back from an offer or a pause has kept their place.
    """
    since = None
    for move in person.moves:
        if move.at > until or (move.to == PersonState.MATCHED and move.at >= until):
            break
        if move.to not in KEEPS_PLACE:
            since = None
        elif move.to == PersonState.WAITING:
            since = since or move.at
    return since


def _waits(facts: Facts) -> list[tuple[Pair, timedelta | None]]:
    found = []
    for pair in facts.pairs.values():
        since = waiting_since(facts.people[pair.protege], pair.opened_at)
        found.append((pair, None if since is None else pair.opened_at - since))
    return found


def _time_to_match(facts: Facts) -> Cases:
    waits = _waits(facts)
    limit = timedelta(days=_SOON_DAYS)
    return {
        "E2.days": [
            Case(facts.day(pair.opened_at), pair.protege, None if wait is None else in_days(wait))
            for pair, wait in waits
        ],
        "E2.soon": [
            Case(
                facts.day(pair.opened_at),
                pair.protege,
                yes(None if wait is None else wait <= limit),
            )
            for pair, wait in waits
        ],
    }


def _proposals(facts: Facts) -> Cases:
    accepted, declined = [], []
    for person in facts.people.values():
        if person.role is not Role.PROTEGE:
            continue
        for offer in (*facts.offers.get(person.id, ()), *_earlier(facts, person)):
            accepted.append(Case(facts.day(offer.sent_at), person.id, yes(offer.is_accepted)))
            if offer.ended_at is not None and offer.is_accepted is False:
                groups = {"reason": offer.why_not}
                declined.append(Case(facts.day(offer.ended_at), person.id, 1, groups=groups))
    return {"E3.accepted": accepted, "E3.declined": declined}


def _earlier(facts: Facts, person: Someone) -> Iterator[Offer]:
    """Return what somebody was offered when that was written down in their history alone."""
    known = facts.offers.get(person.id, ())
    for move, following in pairwise([*person.moves, None]):
        if move is None or move.to != PersonState.OFFERED:
            continue
        if any(offer.holds(move.at) for offer in known):
            continue
        if following is None:
            yield Offer(move.at, None, None, NOT_SAID)
        else:
            is_yes = following.to == PersonState.MATCHED
            yield Offer(move.at, following.at, is_yes, NOT_SAID)


def _prompt_starts(facts: Facts) -> Iterator[Case]:
    limit = timedelta(days=_PROMPT_DAYS)
    for pair in facts.pairs.values():
        in_time = any(each.at - pair.opened_at <= limit for each in pair.contacts[:1])
        # Until the days are over only a yes could be known, and the share would be too high.
        is_prompt = None if facts.now - pair.opened_at <= limit else in_time
        yield Case(facts.day(pair.opened_at), pair.protege, yes(is_prompt))


E1 = Indicator(
    "E1",
    "Intake completed",
    (
        Measure(
            "E1.completed",
            "Intake completed, of those who agreed to take part",
            Kind.SHARE,
            "people who have answered the whole intake since",
            "people who agreed to take part in the period",
            known="Everybody is known. Who has not finished yet counts as a no.",
            splits=("channel",),
        ),
    ),
    lambda facts: {"E1.completed": within(facts, _intakes(facts))},
)
E2 = Indicator(
    "E2",
    "Time to a match",
    (
        Measure(
            "E2.days",
            "Days from the waiting list to the match",
            Kind.MEDIAN,
            "the days that each protege waited; the median of them",
            "matches opened in the period",
            known="Known where the waiting list is in the history of the protege.",
            unit="days",
        ),
        Measure(
            "E2.soon",
            "Matched within 30 days",
            Kind.SHARE,
            "matches for which the protege waited 30 days or less",
            "matches opened in the period",
            known="Known where the waiting list is in the history of the protege.",
            lower_bound=True,
        ),
    ),
    lambda facts: {key: within(facts, found) for key, found in _time_to_match(facts).items()},
)
E3 = Indicator(
    "E3",
    "Proposals accepted",
    (
        Measure(
            "E3.accepted",
            "Proposals that both accepted",
            Kind.SHARE,
            "proposals that ended in a match",
            "proposals sent in the period",
            known="A proposal that is still open is not known.",
            lower_bound=True,
        ),
        Measure(
            "E3.declined",
            "Proposals that came to nothing, by reason",
            Kind.TOTAL,
            "proposals that were declined, lapsed or taken back in the period",
            "",
            known="The reason is known where one of the two has said it.",
            unit="proposals",
            places=0,
            splits=("reason",),
        ),
    ),
    lambda facts: {key: within(facts, found) for key, found in _proposals(facts).items()},
)
E4 = Indicator(
    "E4",
    "Prompt start",
    (
        Measure(
            "E4.prompt",
            "Two-way contact within 10 days",
            Kind.SHARE,
            "matches with two-way contact within 10 days of the opening",
            "matches opened in the period",
            known="Known 10 days after the opening.",
            lower_bound=True,
        ),
    ),
    lambda facts: {"E4.prompt": within(facts, _prompt_starts(facts))},
)

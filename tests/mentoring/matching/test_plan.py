"""The best whole assignment: what must hold for any programme, and a few that one can reckon."""

import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.matching.candidates import Candidate, Pool, pool_of
from mentoring.matching.gaps import gaps_of
from mentoring.matching.judged import bonus_of
from mentoring.matching.suggest import suggestions_for
from mentoring.matching.whole_plan import plan_for
from mentoring.models import BarReason, Mode, PersonState
from mentoring.programme import Programme
from tests.mentoring.matching.people import mentor, picks, protege

PROGRAMME = Programme()
HOURS = st.sampled_from(["1", "2", "3", "4", "1,3", ""])
TOPICS = st.lists(st.sampled_from("ABCDEFGH"), max_size=3, unique=True).map(tuple)
LANGUAGES = st.sampled_from([frozenset({"en"}), frozenset({"es"}), frozenset({"en", "es"})])
COMMON = {
    "topics": TOPICS,
    "hours": HOURS,
    "languages": LANGUAGES,
    "mode": st.sampled_from([*Mode, None]),
    "community": st.sampled_from(["North", "River", ""]),
    "sectors": st.sampled_from([frozenset[str](), frozenset({"food"}), frozenset({"shop"})]),
    "safety_case": st.booleans(),
    "agreed": st.sampled_from([True, True, True, False]),
}
PROTEGES = st.fixed_dictionaries(
    COMMON
    | {
        "days_waiting": st.integers(0, 90),
        "state": st.sampled_from([PersonState.WAITING] * 4 + [PersonState.OFFERED]),
    }
)
MENTORS = st.fixed_dictionaries(
    COMMON
    | {
        "places": st.integers(0, 3),
        "taken": st.integers(0, 3),
        "years": st.integers(0, 4),
        "state": st.sampled_from([PersonState.ACTIVE] * 4 + [PersonState.SCREENING]),
    }
)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Return a small programme, with some people kept apart."""
    proteges = [protege(n, **facts) for n, facts in enumerate(draw(st.lists(PROTEGES, max_size=6)))]
    mentors = [mentor(n, **facts) for n, facts in enumerate(draw(st.lists(MENTORS, max_size=5)))]
    apart = {
        (one.id, other.id): BarReason.STAFF
        for one in proteges
        for other in mentors
        if draw(st.integers(0, 5)) == 0
    }
    return pool_of(proteges, mentors, apart)


@given(pools())
@settings(max_examples=60, deadline=None)
def test_no_mentor_gets_more_people_than_places_and_no_protege_two_mentors(some: Pool) -> None:
    found = list(picks(some, PROGRAMME).values())

    for each in some.mentors:
        assert found.count(each.code) <= each.open_places


@given(pools())
@settings(max_examples=60, deadline=None)
def test_nobody_is_picked_or_suggested_who_fails_anything(some: Pool) -> None:
    plan = plan_for(some, PROGRAMME)
    for each in some.proteges:
        found = suggestions_for(each, some, plan.picks.get(each.code), PROGRAMME)
        assert all(not seen.failed and seen.score >= 50 for seen in found.top)
        assert all(seen.failed for seen in found.near_misses)
        assert found.pick is None or found.pick in found.fitting
        # The page of one protege and the plan for all come from the same rules.
        shown = tuple((seen.mentor.code, seen.score) for seen in found.top)
        assert shown == plan.top[each.code]


@given(pools(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_people_are_read_changes_nothing(
    some: Pool, dice: random.Random
) -> None:
    mixed = pool_of(
        dice.sample(some.proteges, len(some.proteges)),
        dice.sample(some.mentors, len(some.mentors)),
        dict(dice.sample(list(some.apart.items()), len(some.apart))),
    )

    assert plan_for(mixed, PROGRAMME) == plan_for(some, PROGRAMME)


@given(pools())
@settings(max_examples=60, deadline=None)
def test_no_other_plan_has_a_larger_total(some: Pool) -> None:
    plan = plan_for(some, PROGRAMME)
    gains = _gains(some)

    assert sum(gains[pair] for pair in plan.picks.items()) == _largest(some, gains)


def _gains(some: Pool) -> dict[tuple[str, str], int]:
    """Return what each pair that fits is worth, worked out pair by pair."""
    gains = {}
    for one in some.proteges:
        for other in some.mentors:
            alone = pool_of([one], [other], some.apart)
            for _, score in plan_for(alone, PROGRAMME).top[one.code]:
                gains[one.code, other.code] = score + bonus_of(one, PROGRAMME.matching)
    return gains


def _largest(some: Pool, gains: dict[tuple[str, str], int]) -> int:
    """Return the largest total by trying every way to hand out the places."""
    best = {tuple(each.open_places for each in some.mentors): 0}
    for one in some.proteges:
        after = dict(best)
        for left, total in best.items():
            for place, other in enumerate(some.mentors):
                gain = gains.get((one.code, other.code))
                if gain and left[place]:
                    rest = (*left[:place], left[place] - 1, *left[place + 1 :])
                    after[rest] = max(after.get(rest, 0), total + gain)
        best = after
    return max(best.values())


def test_the_whole_counts_and_not_whoever_comes_first(programme: Programme) -> None:
    # Rosa1 would do best with Luis1, but only Luis1 helps Rosa2 at all.
    one = protege(1, topics=("A", "B"))
    two = protege(2, topics=("A", "B"), languages=frozenset({"es"}))
    both = mentor(1, languages=frozenset({"en", "es"}))
    less = mentor(2, topics=("A",))

    assert picks(pool_of([one, two], [both, less]), programme) == {"P01": "M02", "P02": "M01"}


def test_a_long_wait_outweighs_a_slightly_better_fit(programme: Programme) -> None:
    fits = protege(1, days_waiting=0)
    waits = protege(2, days_waiting=30, community="Est")

    assert picks(pool_of([fits, waits], [mentor()]), programme) == {"P02": "M01"}


def test_who_lost_a_mentor_through_no_fault_of_theirs_comes_first(programme: Programme) -> None:
    unlucky = protege(2, had_bad_luck=True)

    assert picks(pool_of([protege(1), unlucky], [mentor()]), programme) == {"P02": "M01"}


def test_of_two_who_are_worth_the_same_whoever_has_waited_longer_is_picked(
    programme: Programme,
) -> None:
    people = [protege(1, days_waiting=70), protege(2, days_waiting=71)]

    for order in permutations(people):
        assert picks(pool_of(list(order), [mentor()]), programme) == {"P02": "M01"}


def test_of_two_who_are_equal_in_everything_the_first_code_is_picked(programme: Programme) -> None:
    assert picks(pool_of([protege(2), protege(1)], [mentor()]), programme) == {"P01": "M01"}


def test_the_bonus_for_a_wait_has_a_limit(programme: Programme) -> None:
    rules = programme.matching
    bonuses = [bonus_of(protege(days_waiting=days), rules) for days in (0, 2, 3, 59, 60, 400)]

    assert bonuses == [0, 0, 1, 19, 20, 20]
    assert bonus_of(protege(days_waiting=400, had_bad_luck=True), rules) == 25


def test_below_fifty_points_a_pair_is_not_suggested_and_says_so(programme: Programme) -> None:
    far: Candidate = mentor(
        topics=(), sectors=frozenset({"media"}), years=1, community="Est", mode=Mode.TEXT
    )
    one = protege(stage=4)
    some = pool_of([one], [far])
    plan = plan_for(some, programme)
    found = suggestions_for(one, some, plan.picks.get(one.code), programme)

    assert (plan.picks, found.top) == ({}, ())
    (miss,) = found.near_misses
    assert [each.words for each in miss.failed] == [
        f"They fit for {miss.score} points, and 50 are needed."
    ]


def test_without_anybody_there_is_an_empty_plan(programme: Programme) -> None:
    for some in (pool_of([], []), pool_of([protege()], []), pool_of([], [mentor()])):
        assert picks(some, programme) == {}


def test_the_gap_report_puts_those_together_who_miss_the_same(programme: Programme) -> None:
    french = {"language": "fr", "languages": frozenset({"fr"})}
    people = [
        protege(1, days_waiting=34, **french),
        protege(2, days_waiting=3, **french),
        protege(3, days_waiting=40, **french | {"hours": "1", "topics": ()}),
        protege(4, days_waiting=50),
        protege(5, days_waiting=60, safety_case=True, **french),
    ]
    plan = plan_for(pool_of(people, [mentor()]), programme)

    assert [gap.words for gap in gaps_of(plan.without)] == [
        "French, mornings, no topic named yet: 1 person, longest 40 days",
        "French, evenings, money: 2 people, longest 34 days",
    ]

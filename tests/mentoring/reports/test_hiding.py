"""Nothing is told about fewer than five people, and no subtraction brings it back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mentoring.models import Role
from mentoring.reports.cases import Case, Kind, Measure
from mentoring.reports.facts import Someone
from mentoring.reports.figures import HIDDEN
from mentoring.reports.hiding import FEWEST, Size, to_hide
from mentoring.reports.periods import Period
from mentoring.reports.summary import Summary, summarise

DAY = date(2026, 2, 3)
PERIOD = Period(date(2026, 1, 1), date(2026, 4, 1))
SHARE = Measure("E10.satisfied", "Satisfied", Kind.SHARE, "yes", "all", lower_bound=True)
_THEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))


def someone(number: int, mode: str = "voice", community: str = "River") -> Someone:
    groups = {"role": "protege", "mode": mode, "language": "en", "access": "none"}
    return Someone(
        id=number,
        code=f"P{number}",
        role=Role.PROTEGE,
        state="matched",
        state_since=_THEN,
        created_at=_THEN,
        groups=groups | {"community": community},
        stage="1",
        topics=(),
        joined_by="voice",
        moves=(),
    )


def summary_of(
    people: Sequence[Someone], cases: Sequence[Case], community: str | None = None
) -> Summary:
    known = {person.id: person for person in people}
    return summarise(SHARE, cases, period=PERIOD, people=known, community=community)


def a_yes_of_each(people: Sequence[Someone], day: date = DAY) -> list[Case]:
    return [Case(day, person.id, 1) for person in people]


def test_four_are_hidden_and_five_are_shown() -> None:
    four = [someone(number) for number in range(4)]
    five = [someone(number) for number in range(5)]

    assert summary_of(four, a_yes_of_each(four)).total == HIDDEN
    assert summary_of(five, a_yes_of_each(five)).total.value == "100.0"


def test_five_answers_of_one_person_are_one_person() -> None:
    one = someone(1)

    assert summary_of([one], [Case(DAY, 1, 1)] * 5).total.hidden


def test_five_were_asked_but_only_four_answered() -> None:
    people = [someone(number) for number in range(9)]
    cases = [Case(DAY, number, 1 if number < 4 else None) for number in range(9)]

    assert summary_of(people, cases).total.hidden


def test_who_did_not_answer_is_no_success() -> None:
    people = [someone(number) for number in range(10)]
    cases = [Case(DAY, number, 1 if number < 6 else None) for number in range(10)]
    total = summary_of(people, cases).total

    assert (total.value, total.lower, total.response) == ("100.0", "60.0", "60.0")


def test_a_hidden_group_cannot_be_had_by_subtraction() -> None:
    people = [someone(n, "voice" if n < 12 else "text" if n < 20 else "both") for n in range(23)]
    modes = summary_of(people, a_yes_of_each(people)).groups["mode"]

    # Three like both: the eight of the next smallest group are hidden with them.
    assert {name: figure.hidden for name, figure in modes.items()} == {
        "both": True,
        "text": True,
        "voice": False,
    }


def test_a_hidden_month_takes_another_one_with_it() -> None:
    people = [someone(number) for number in range(20)]
    cases = [
        *a_yes_of_each(people[:3], date(2026, 1, 31)),
        *a_yes_of_each(people[:6], date(2026, 2, 1)),
        *a_yes_of_each(people[:9], date(2026, 3, 1)),
    ]
    months = summary_of(people, cases).months

    assert {name: figure.hidden for name, figure in months.items()} == {
        "2026-01": True,
        "2026-02": True,
        "2026-03": False,
    }


def test_what_the_other_communities_would_give_away_is_hidden() -> None:
    people = [someone(number, community="River" if number < 9 else "Est") for number in range(12)]
    cases = a_yes_of_each(people)

    # Est has three. All together less River would be those three.
    assert not summary_of(people, cases).total.hidden
    assert summary_of(people, cases, "Est").total.hidden
    assert summary_of(people, cases, "River").total.hidden


def test_a_group_of_a_community_is_hidden_where_the_other_communities_give_it_away() -> None:
    modes = [*("voice",) * 9, *("text",) * 8]
    people = [someone(n, mode, "River") for n, mode in enumerate(modes)]
    people += [someone(20 + n, "text" if n < 3 else "voice", "Est") for n in range(12)]
    shown = summary_of(people, a_yes_of_each(people), "River")

    # Three of Est read texts: the texts of all less those of River would tell about them.
    assert not shown.total.hidden
    assert all(figure.hidden for figure in shown.groups["mode"].values())


@given(st.lists(st.integers(0, 30), max_size=8), st.lists(st.integers(0, 12), max_size=8))
def test_what_is_hidden_is_always_enough(asked: list[int], known: list[int]) -> None:
    sizes: dict[str, Size] = {}
    first = 0
    for place, count in enumerate(asked):
        people = set(range(first, first + count))
        answered = known[place] if place < len(known) else count
        sizes[str(place)] = Size(people, set(sorted(people)[:answered]))
        first += count
    hidden = to_hide(sizes)
    rest = [size for name, size in sizes.items() if name in hidden and size.asked]
    shown = [size for name, size in sizes.items() if name not in hidden and size.asked]

    assert all(not size.is_small for size in shown)
    # Either nothing is hidden, or everything is, or what is hidden is no single group and not few.
    assert not rest or not shown or (len(rest) > 1 and sum(len(s.asked) for s in rest) >= FEWEST)
    together = sum(len(size.known) for size in rest)
    assert not shown or together == 0 or together >= FEWEST


def test_groups_far_from_all_are_flagged_at_less_than_four_fifths_and_more_than_five_quarters() -> (
    None
):
    people = [someone(n, "voice" if n < 50 else "text") for n in range(100)]

    def flags(of_voice: int, of_text: int) -> list[tuple[str | None, bool]]:
        cases = [Case(DAY, n, int(n < of_voice)) for n in range(50)]
        cases += [Case(DAY, 50 + n, int(n < of_text)) for n in range(50)]
        modes = summary_of(people, cases).groups["mode"]
        return [(modes[name].ratio, modes[name].flagged) for name in ("voice", "text")]

    # 50 of 100: exactly 1.2 and 0.8 times that of all.
    assert flags(30, 20) == [("1.20", False), ("0.80", False)]
    assert flags(31, 19) == [("1.24", False), ("0.76", True)]
    assert flags(32, 18) == [("1.28", True), ("0.72", True)]


def test_one_day_more_or_less_is_another_case() -> None:
    assert date(2026, 3, 31) in PERIOD
    assert date(2026, 3, 31) + timedelta(days=1) not in PERIOD

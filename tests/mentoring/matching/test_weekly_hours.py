"""What an answer about parts of the day stands for in hours of a week."""

import pytest

from mentoring.matching.weekly_hours import free_hours
from mentoring.matching.zones import hours_ahead
from mentoring.programme import Programme


@pytest.mark.parametrize(
    ("hours", "count"),
    [
        ("1", 7 * 4),
        ("2", 7 * 5),
        ("3", 7 * 4),
        ("4", 2 * 13),
        ("1,2", 7 * 9),
        ("3,4", 5 * 4 + 26),
        ("", 7 * 13),
    ],
)
def test_each_part_of_the_day_is_so_many_hours(
    programme: Programme, hours: str, count: int
) -> None:
    assert free_hours("America/Chicago", hours, programme).sum() == count


def test_the_hours_are_told_by_the_clock_in_utc(programme: Programme) -> None:
    mornings = free_hours("America/Chicago", "1", programme)

    # Monday from 8 to noon in Chicago, six hours behind in winter.
    assert [place for place in range(24) if mornings[place]] == [14, 15, 16, 17]


def test_evenings_in_the_west_reach_into_the_next_day_and_the_week_goes_round(
    programme: Programme,
) -> None:
    evenings = free_hours("America/Los_Angeles", "3", programme)

    # Sunday from 5 to 9 in the evening is Monday from 1 to 5 in the morning, at the week's start.
    assert [place for place in range(24) if evenings[place]] == [1, 2, 3, 4]


def test_where_clocks_stand_at_the_half_hour_a_slot_is_a_whole_hour_of_both(
    programme: Programme,
) -> None:
    # Three and a half hours behind: four evening hours hold three whole ones of the UTC clock.
    assert free_hours("America/St_Johns", "3", programme).sum() == 7 * 3


def test_without_a_known_zone_nobody_is_free(programme: Programme) -> None:
    assert not free_hours(None, "1", programme).any()
    assert not free_hours("Nowhere/Nothing", "1", programme).any()


@pytest.mark.parametrize(
    ("zone", "of", "hours"),
    [
        ("America/New_York", "America/Chicago", 1),
        ("America/Phoenix", "America/New_York", -2),
        ("America/St_Johns", "America/Toronto", 1.5),
        (None, "America/Toronto", None),
    ],
)
def test_how_far_a_clock_is_ahead(zone: str | None, of: str, hours: float | None) -> None:
    assert hours_ahead(zone, of) == hours

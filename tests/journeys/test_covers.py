"""A cover for a mentor on a break: staff look for one as long as the break lasts, and the match."""

import pytest

from mentoring.calendar.pauses import come_back, pause_person
from mentoring.calendar.reopening import reopen_match
from mentoring.models import Match, Person, StaffTask
from tests.journeys.cast import LUIS, ROSA, goes_through, person_at
from tests.journeys.ending import close, text_pair
from tests.journeys.test_check_in_calls import calls_to_rosa, has_used_the_call_of_the_day
from tests.town import MAIN, Town

WANTED = "P01 would like somebody to cover for M01."
OFFERED = "M01 is on a break for over 3 weeks: offer P01 a cover."


def cover(town: Town) -> StaffTask:
    """Return the one task to find a cover."""
    (task,) = [task for task in town.tasks() if task.rule == "cover"]
    return task


def luis_is_away_and_rosa_wants_a_cover(town: Town) -> Match:
    match = text_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    town.texts(ROSA, MAIN, "1")
    assert (cover(town).words, cover(town).done_at) == (WANTED, None)
    return match


def luis_makes_a_break_longer(town: Town, *, days: int) -> None:
    """Luis is on a break of so many days, and says five days before its end: longer."""
    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        pause_person(session, luis, actor="staff", reason="ill", days=days, now=town.clock.now())
    town.days_pass(days - 4.5)
    (said,) = town.texts(LUIS, MAIN, "2")
    assert "on pause till" in said


def covers_offered(town: Town) -> list[str]:
    return [task.words for task in town.tasks() if task.rule == "cover"]


@pytest.mark.parametrize("days", [20, 25])
def test_a_break_that_is_made_longer_counts_from_its_beginning(town: Town, days: int) -> None:
    text_pair(town)
    luis_makes_a_break_longer(town, days=days)

    town.days_pass(20.9 - (days - 4.5))
    assert covers_offered(town) == []
    town.days_pass(0.2)

    assert covers_offered(town) == [OFFERED]


def test_a_break_that_is_made_longer_after_three_weeks_asks_staff_no_second_time(
    town: Town,
) -> None:
    text_pair(town)
    luis_makes_a_break_longer(town, days=35)
    assert covers_offered(town) == [OFFERED]

    town.days_pass(22)

    assert covers_offered(town) == [OFFERED]


def test_nobody_looks_for_a_cover_in_a_match_that_is_ending(town: Town) -> None:
    luis_is_away_and_rosa_wants_a_cover(town)

    town.texts(ROSA, MAIN, "FINISH", "1")

    assert cover(town).outcome == "the match is ending"
    town.days_pass(25)
    assert cover(town).done_at is not None


def test_an_end_that_is_taken_back_lets_the_wish_for_a_cover_wait_again(town: Town) -> None:
    match = luis_is_away_and_rosa_wants_a_cover(town)
    town.texts(ROSA, MAIN, "FINISH", "1")

    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        reopen_match(session, row, actor="staff", reason="by mistake", now=town.clock.now())

    assert (cover(town).words, cover(town).done_at, cover(town).outcome) == (WANTED, None, None)


def test_a_match_that_staff_close_at_once_wants_no_cover(town: Town) -> None:
    match = luis_is_away_and_rosa_wants_a_cover(town)
    close(town, match)
    assert cover(town).outcome == "the match is ending"


def test_a_mentor_who_is_back_needs_no_cover_any_more(town: Town) -> None:
    luis_is_away_and_rosa_wants_a_cover(town)
    town.texts(LUIS, MAIN, "MENU", "1")
    assert cover(town).outcome == "the mentor is back"


def test_a_mentor_who_is_back_needs_no_cover_while_the_protege_is_away(town: Town) -> None:
    luis_is_away_and_rosa_wants_a_cover(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.texts(LUIS, MAIN, "MENU", "1")
    assert cover(town).outcome == "the mentor is back"


def test_who_is_back_before_an_end_is_taken_back_needs_no_cover(town: Town) -> None:
    match = luis_is_away_and_rosa_wants_a_cover(town)
    town.texts(ROSA, MAIN, "FINISH", "1")

    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        now = town.clock.now()
        come_back(session, luis, actor="staff", reason="he is back", now=now)
        row = session.get_one(Match, match.id)
        reopen_match(session, row, actor="staff", reason="by mistake", now=town.clock.now())

    assert cover(town).done_at is not None


def luis_is_away_on_a_day_on_which_rosa_was_called(town: Town) -> None:
    """Rosa has a landline and answers her check-in by it on a Friday; an hour later Luis pauses."""
    has_used_the_call_of_the_day(town)
    town.days_pass(0.05)
    town.texts(LUIS, MAIN, "PAUSE")
    assert calls_to_rosa(town) == ["Fri Mar 06 11:00"]


def test_who_was_called_that_day_is_called_about_a_cover_on_the_next_working_day(
    town: Town,
) -> None:
    luis_is_away_on_a_day_on_which_rosa_was_called(town)

    rosa = town.until_it_rings(ROSA)

    rosa.answers()
    rosa.hears("Is this Rosa?")
    goes_through(rosa, ("1", "We can find someone to cover"), ("1", "Our staff will"))
    rosa.hangs_up()
    town.days_pass(10)
    assert calls_to_rosa(town) == ["Fri Mar 06 11:00", "Mon Mar 09 09:00"]
    assert cover(town).words == WANTED


def test_who_does_not_pick_up_about_a_cover_is_not_called_about_it_again(town: Town) -> None:
    luis_is_away_on_a_day_on_which_rosa_was_called(town)

    town.until_it_rings(ROSA)
    town.phone(ROSA).reject()

    town.days_pass(10)
    assert calls_to_rosa(town) == ["Fri Mar 06 11:00", "Mon Mar 09 09:00"]


def test_nobody_is_called_about_a_cover_once_the_mentor_is_back(town: Town) -> None:
    luis_is_away_on_a_day_on_which_rosa_was_called(town)

    town.texts(LUIS, MAIN, "MENU", "1")

    rosa = town.phone(ROSA)
    town.days_pass(5, until=lambda: rosa.ringing is not None)
    assert rosa.ringing is None

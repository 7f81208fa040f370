"""What `bridgeline due` foretells is what happens, and the moment is the one at which it does."""

from datetime import UTC, datetime, timedelta

from mentoring.calendar.outlook import outlook
from mentoring.calendar.rests import rest_match
from mentoring.models import Match, Person, PersonState
from mentoring.people import move_person
from tests.journeys.cast import ROSA, person_at
from tests.journeys.talks import THURSDAY, local, planned, until
from tests.journeys.test_last_talks import finish
from tests.town import MAIN, Town

SATURDAY = datetime(2026, 3, 14, 14, 0, tzinfo=UTC)
BACK = "all is as it was before"
ASKED_BEFORE = "is asked whether the day of the return suits"


def foretold(town: Town) -> list[tuple[str, str | None, str, str]]:
    """Return what is foretold: when by the clocks in Chicago, of whom, what, and why."""
    with town.db.transaction() as session:
        found = outlook(session, now=town.clock.now(), days=60)
        return [(local(each.at), each.person, each.what, each.why) for each in found]


def rosa_pauses(town: Town, match: Match, days: int) -> None:
    rosa, now = person_at(town, ROSA).id, town.clock.now()
    with town.db.transaction() as session:
        row, who = session.get_one(Match, match.id), session.get_one(Person, rosa)
        rest_match(session, row, who, days=days, actor="staff", reason="ill", now=now)


def test_a_return_on_a_saturday_is_foretold_for_that_day_and_comes_then(town: Town) -> None:
    rosa_pauses(town, planned(town), days=11)

    told = {what: at for at, _, what, _ in foretold(town)}

    assert told[BACK] == "Sat Mar 14 09:00"
    until(town, SATURDAY - timedelta(minutes=1))
    assert person_at(town, ROSA).state is PersonState.PAUSED
    until(town, SATURDAY)
    assert person_at(town, ROSA).state is not PersonState.PAUSED


def test_a_question_that_falls_on_a_weekend_is_foretold_for_the_monday(town: Town) -> None:
    rosa_pauses(town, planned(town), days=17)
    told = {what: at for at, _, what, _ in foretold(town)}
    assert (told[BACK], told[ASKED_BEFORE]) == ("Fri Mar 20 09:00", "Mon Mar 16 09:00")


def test_no_check_in_is_foretold_of_a_match_that_is_to_end(town: Town) -> None:
    match = planned(town)
    assert [why for _, _, _, why in foretold(town) if "of the match" in why]
    finish(town, match)
    told = foretold(town)
    assert not [why for _, _, _, why in told if "of the match" in why]
    assert "the match is closed" in [what for _, _, what, _ in told]


def test_nothing_is_foretold_for_who_has_left(town: Town) -> None:
    planned(town)
    town.days_pass(15)
    assert [what for _, who, what, _ in foretold(town) if who == "P01"]
    rosa = person_at(town, ROSA).id
    with town.db.transaction() as session:
        row, now = session.get_one(Person, rosa), town.clock.now()
        move_person(session, row, PersonState.EXITED, actor="staff", reason="left", now=now)
    assert not [what for _, who, what, _ in foretold(town) if who == "P01"]


def test_of_a_talk_that_outlasts_a_pause_it_is_said_that_it_hangs_on_the_return(
    town: Town,
) -> None:
    match = planned(town)
    until(town, THURSDAY - timedelta(hours=23))
    town.texts(ROSA, MAIN, "2", "Fri 6 pm")
    rosa_pauses(town, match, days=17)

    told = {what: why for _, _, what, why in foretold(town)}

    wish = "one of them chose this time; if the match goes on before it"
    assert told["who asked for it is rung for a talk"] == wish

"""The two parts of the closing survey: the second waits for the first, and then a day (3.11)."""

from datetime import timedelta

from mentoring.calendar.invitations import open_invitation
from mentoring.models import Invitation, InvitationState, Mode, Person, Role
from tests.journeys.cast import DENISE, LUIS, ROSA, person_at
from tests.journeys.ending import CHICAGO, answers, close, got, invitations, text_pair
from tests.town import MAIN, Town

FIRST, SECOND = "All in all, how was it with Luis?", "How easy was our phone line to use?"


def days_of(town: Town, question: str) -> list[int]:
    """Return on which days Rosa was texted a question, counted from the end of the match."""
    texts = [text for text in town.phone(ROSA).inbox if question in text.body]
    (asked,) = invitations(town, "survey_protege_1")
    began = asked.due_at.astimezone(CHICAGO).date()
    return [(text.at.astimezone(CHICAGO).date() - began).days for text in texts]


def second_part(town: Town) -> Invitation:
    """Return the invitation of Rosa to the second part."""
    (invited,) = invitations(town, "survey_protege_2")
    return invited


def test_before_a_weekend_nobody_is_promised_the_rest_for_the_next_day(town: Town) -> None:
    match = text_pair(town)
    town.days_pass(2.99)
    close(town, match)
    said = town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "A")
    assert said[-1] == "Thank you, Rosa. That was part 1. The rest comes another day."

    # It is a Friday, and asked on the Monday.
    town.days_pass(3)
    assert days_of(town, SECOND) == [3]


def test_a_silent_protege_is_asked_the_first_part_to_its_last_try_and_then_the_second(
    town: Town,
) -> None:
    match = text_pair(town)
    close(town, match)

    town.days_pass(35)

    assert days_of(town, FIRST) == [0, 3, 7]
    # Part 1 is given up after 14 days. The first reminder of part 2 waits for a Monday.
    assert days_of(town, SECOND) == [15, 20, 24]
    assert second_part(town).state is InvitationState.LAPSED


def test_whoever_stops_in_the_middle_is_reminded_of_where_they_were(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(ROSA, MAIN, "5")

    town.days_pass(4)

    assert "Did you reach your goal?" in got(town, ROSA)[-1]
    said = town.texts(ROSA, MAIN, "4", "5", "4", "3", "C")
    assert said[-1] == "Thank you, Rosa. That was part 1. The rest comes another day."
    # It is a Saturday.
    town.days_pass(2.2)
    assert SECOND in got(town, ROSA)[-1]
    town.texts(ROSA, MAIN, "4", "9", "0", "2", "5")
    assert (answers(town)["CS1"], answers(town)["NX1"]) == ("5", "nothing")


def test_the_first_part_comes_first_though_both_waited_behind_another_question(
    town: Town,
) -> None:
    match = text_pair(town)
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        now = town.clock.now()
        open_invitation(session, "peer_guide", person=rosa, number=1, at=now, now=now)
    town.days_pass(0.1)
    close(town, match)
    town.days_pass(1.2)
    assert (days_of(town, FIRST), days_of(town, SECOND)) == ([], [])

    town.texts(ROSA, MAIN, "2")
    town.days_pass(1.1, until=lambda: FIRST in got(town, ROSA)[-1])
    assert FIRST in got(town, ROSA)[-1]
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "C")

    # The rest comes a day later.
    town.days_pass(0.9)
    assert days_of(town, SECOND) == []
    town.days_pass(0.2)
    assert SECOND in got(town, ROSA)[-1]


def test_of_a_landline_that_nobody_takes_both_parts_get_their_two_calls(town: Town) -> None:
    denise = town.person(
        Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, texts=False, landline=True
    )
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    close(town, town.match(denise, luis))
    ended = town.clock.now().astimezone(CHICAGO).date()
    rung = []
    for _ in range(4):
        caller = town.until_it_rings(DENISE)
        rung.append((town.clock.now().astimezone(CHICAGO).date() - ended).days)
        caller.answers()
        caller.hears("Is this Denise?")
        caller.hangs_up()
        town.emulator.advance(timedelta(hours=20).total_seconds())
        town.settle()

    assert rung == [0, 7, 15, 24]

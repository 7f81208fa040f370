"""The plan is read back to whoever calls, as PLAN does by text, and the menu comes again."""

import pytest

from mentoring.models import Match, Mode, Plan, Role
from tests.journeys.cast import DENISE, ELLEN, LUIS
from tests.phone import Caller
from tests.town import MAIN, Town

THEIRS = "Your plan with Luis is to talk each week, Thursday at 4 pm. You both answer texts"
NONE = "You have no plan with Luis yet."


@pytest.fixture
def match(town: Town) -> Match:
    """Denise, who has a landline, and Luis."""
    denise = town.person(Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, landline=True)
    return town.match(denise, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.BOTH))


def agree(town: Town, match: Match) -> None:
    """Both have agreed to talk each Thursday at 4."""
    now = town.clock.now()
    with town.db.transaction() as session:
        agreed = {"protege_agreed_at": now, "mentor_agreed_at": now}
        how = {"rhythm": "week", "slot": "thu 16:00", "zone": "America/Chicago", "reply": "day"}
        session.add(Plan(match_id=match.id, version=1, proposed_at=now, **how, **agreed))


def calls(town: Town, number: str) -> Caller:
    caller = town.caller(number)
    caller.calls(MAIN)
    caller.hears("To hear your plan", "press 4")
    return caller


@pytest.mark.parametrize("number", [DENISE, LUIS])
def test_it_is_read_to_either_side_by_key(town: Town, match: Match, number: str) -> None:
    agree(town, match)
    caller = calls(town, number)

    caller.presses("4")

    caller.hears("is to talk each week, Thursday at 4 pm", "To call", "press 1")
    assert caller.is_in_call


def test_it_is_read_to_whoever_asks_for_it_in_words(town: Town, match: Match) -> None:
    agree(town, match)
    denise = calls(town, DENISE)

    denise.says("my plan")

    denise.hears(THEIRS, "To call Luis")


def test_without_a_plan_it_is_said_that_there_is_none_yet(town: Town, match: Match) -> None:
    denise = calls(town, DENISE)

    denise.presses("4")

    denise.hears(NONE, "To call Luis")


def test_who_has_several_matches_is_asked_which_and_who_texts_reads_it(
    town: Town, match: Match
) -> None:
    agree(town, match)
    town.match(
        town.person(Role.PROTEGE, "Ellen", ELLEN, mode=Mode.TEXT),
        match.sides[1].person,
    )
    luis = calls(town, LUIS)
    luis.presses("4")
    luis.hears("Who is the plan with?", "For Denise", "press 1", "For Ellen")
    luis.presses("1")
    luis.hears("Your plan with Denise is to talk each week")
    luis.hangs_up()

    assert town.texts(LUIS, MAIN, "MENU", "4", "2")[-2].startswith("You have no plan with Ellen")

"""A talk to come or one that was missed is told by phone, whatever question is still open there."""

from datetime import timedelta

from mentoring.models import InvitationState, Mode
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import invitations
from tests.journeys.talks import planned
from tests.town import MAIN, Town

LANDLINE: dict[str, object] = {"mode": Mode.VOICE, "landline": True, "texts": False}


def check_in_is_open(town: Town) -> None:
    """Rosa was rung about her first check-in and did not take the call."""
    planned(town, "sat 16:00", rosa=LANDLINE)
    town.days_pass(3.05)
    assert town.phone(ROSA).ringing is None
    assert invitations(town, "checkin_first")[0].state is InvitationState.ASKED
    town.texts(LUIS, MAIN, "2")


def test_a_landline_is_reminded_of_a_talk_while_a_check_in_is_open(town: Town) -> None:
    check_in_is_open(town)
    rosa = town.until_it_rings(ROSA, days=1)
    rosa.answers()
    rosa.hears("Is this Rosa")
    rosa.presses("1")
    rosa.hears("Your talk with Luis is Sat, Mar 7 at 4 pm")


def test_the_check_in_comes_again_with_its_next_try(town: Town) -> None:
    check_in_is_open(town)
    rosa = town.until_it_rings(ROSA, days=1)
    rosa.answers()
    rosa.presses("1")
    rosa.hears("Your talk with Luis")
    rosa.presses("1")
    rosa.hangs_up()
    town.settle()
    town.texts(LUIS, MAIN, "2", "Sat 5 pm")
    for _ in range(3):
        rosa = town.until_it_rings(ROSA, days=6)
        rosa.answers()
        rosa.hears("Is this Rosa")
        if "Have you and Luis talked" in rosa.presses("1"):
            return
        rosa.hangs_up()
        town.settle()
    raise AssertionError("The check-in did not come again.")


def test_a_missed_talk_is_told_on_its_day(town: Town) -> None:
    check_in_is_open(town)
    town.days_pass(0.5)
    assert "We will ring you" in town.texts(LUIS, MAIN, "1")[-1]
    town.days_pass(6)
    (told, *_) = invitations(town, "talk_missed")
    assert told.asked_at is not None
    assert told.asked_at - told.due_at < timedelta(hours=12)


def test_whose_texts_others_may_read_is_reminded_as_well(town: Town) -> None:
    """A text that names nobody says that a question waits, and MENU asks it."""
    planned(town, "sat 16:00", rosa={"mode": Mode.TEXT, "safe_contact": 2})
    town.days_pass(3.05)
    assert invitations(town, "checkin_first")[0].state is InvitationState.ASKED
    before = len(town.phone(ROSA).inbox)
    town.days_pass(1)
    assert len(town.phone(ROSA).inbox) == before + 1
    assert "Sat, Mar 7 at 4 pm" in town.texts(ROSA, MAIN, "MENU")[-1]

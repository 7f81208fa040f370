"""Who waits may have short tips from mentors, by text or on the phone, another topic each week."""

from mentoring.models import Mode
from tests.journeys.cast import DENISE, ROSA, goes_through
from tests.journeys.ending import got
from tests.journeys.proposing import luis_is_free, rosa_waits, staff_propose
from tests.town import MAIN, Town

# The town begins on a Tuesday in a week about selling online.
SELLING = "Use your own photos, made by day."
HIRING = "Try one small paid job first."


def test_by_text_the_tip_of_the_week_then_the_next_and_an_end(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    (tip,) = town.texts(ROSA, MAIN, "MENU", "4")[1:]
    assert tip.startswith(SELLING)
    assert tip.endswith("Reply 1 for the next tip, 2 for no more.")
    assert town.texts(ROSA, MAIN, "1")[0].startswith(HIRING)
    assert town.texts(ROSA, MAIN, "2")[0].startswith("That is all for now. You keep your place")


def test_next_week_another_tip_is_new(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    town.days_pass(7)
    assert town.texts(ROSA, MAIN, "MENU", "tips")[-1].startswith(HIRING)


def test_on_a_landline_by_keys_alone(town: Town) -> None:
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    denise = town.caller(DENISE)
    denise.calls(MAIN)
    denise.hears("For tips from mentors press 4")
    goes_through(
        denise, ("4", f"A tip on selling online. {SELLING}"), ("1", f"A tip on hiring. {HIRING}")
    )
    goes_through(denise, ("*", HIRING), ("2", "That is all for now. You keep your place"))


def test_tips_that_were_left_open_keep_nobody_from_a_proposal(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "MENU", "4")
    staff_propose(town)
    town.days_pass(0.3)
    assert got(town, ROSA)[-1].startswith("We may have a mentor for you: Luis")

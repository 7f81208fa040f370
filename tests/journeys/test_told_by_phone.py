"""Whoever takes no texts misses nothing that is told by text: staff are asked to tell them."""

from mentoring.models import Match, Mode, Role
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import agree_on_tuesdays, ask_after_90_days, close, got
from tests.town import MAIN, Town


def landline_pair(town: Town) -> Match:
    """Rosa, who has a landline, and Luis, who likes to text."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    return town.match(rosa, luis)


def to_tell(town: Town) -> list[str]:
    """What staff are to tell somebody by phone."""
    return [task.words for task in town.tasks() if task.rule == "tell"]


def test_both_hear_that_their_match_goes_on(town: Town) -> None:
    match = landline_pair(town)
    agree_on_tuesdays(town, match)
    ask_after_90_days(town, match)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    for key in "113411":
        rosa.presses(key)
    town.settle()
    town.texts(LUIS, MAIN, "1", "3", "4", "0", "1")

    town.days_pass(14, until=lambda: bool(to_tell(town)))

    assert "you and Rosa both want to keep going" in got(town, LUIS)[-2]
    assert to_tell(town) == [
        "Tell P01 by phone: K01 goes on; both want to. Read them the plan: every 2 weeks,"
        " Tuesday 6 pm their time, replies the same day."
    ]


def test_the_end_of_the_other_ones_pause_is_told(town: Town) -> None:
    landline_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    town.texts(LUIS, MAIN, "MENU", "1")

    assert "Tell P01 by phone: the pause of K01 is over." in to_tell(town)


def test_the_thanks_at_the_end_of_a_match_are_said(town: Town) -> None:
    close(town, landline_pair(town))

    town.days_pass(3)

    assert to_tell(town) == [
        "Tell P01 by phone: well done with K01! Pass their thanks on, if they wish."
    ]

"""No answer in the time agreed on: what the one who waits chose in their plan is done once."""

from mentoring.models import Mode
from mentoring.oversight.unanswered import follow_up_unanswered
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.test_check_ins import change
from tests.journeys.test_plans import have_met
from tests.town import MAIN, PAIRS, Town

A_DAY = 24 * 3600
ONE_MORE, JUST_WAIT, STAFF = "1", "2", "3"
NUDGE = "Rosa texted you and has no answer yet. Text or call here, whenever it suits you."


def agree(town: Town, rosas_choice: str, **rosa_is: object) -> None:
    """Both agree on a plan with answers within two days; Rosa chooses what to do without one."""
    have_met(town, **rosa_is)
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1", "Tue 6 pm", "1", rosas_choice)
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "2", "thursday at 5 pm", "2", JUST_WAIT)
    town.days_pass(0.8)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")


def sweep(town: Town) -> None:
    """Let the sweep run as often as it does in an hour."""
    for _ in range(4):
        town.db.run(lambda session: follow_up_unanswered(session, now=town.clock.now()))
        town.settle()
        town.emulator.advance(900)


def texted(town: Town, number: str) -> list[str]:
    return [text.body for text in town.phone(number).inbox if text.peer == PAIRS[0]]


def unanswered(town: Town) -> list[str]:
    return [task.words for task in town.tasks() if task.rule == "unanswered"]


def test_one_more_text_goes_to_the_other_from_their_line_once_for_each_wait(town: Town) -> None:
    agree(town, ONE_MORE)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(1.9 * A_DAY)
    sweep(town)
    assert NUDGE not in texted(town, LUIS)

    town.emulator.advance(0.2 * A_DAY)
    sweep(town)
    town.texts(ROSA, PAIRS[0], "Are you there?")
    town.emulator.advance(A_DAY)
    sweep(town)
    assert texted(town, LUIS).count(NUDGE) == 1
    assert unanswered(town) == []

    town.texts(LUIS, PAIRS[0], "Sorry, I was away")
    town.texts(ROSA, PAIRS[0], "Shall we talk?")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert texted(town, LUIS).count(NUDGE) == 2


def test_who_chose_to_wait_waits(town: Town) -> None:
    agree(town, JUST_WAIT)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert NUDGE not in texted(town, LUIS)
    assert unanswered(town) == []


def test_staff_are_asked_to_check_in_once(town: Town) -> None:
    agree(town, STAFF)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert unanswered(town) == [
        "K01: M01 has not answered P01 in the time that they agreed on. Check in with them."
    ]
    assert NUDGE not in texted(town, LUIS)


def test_an_answer_ends_the_wait(town: Town) -> None:
    agree(town, ONE_MORE)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(A_DAY)
    town.texts(LUIS, PAIRS[0], "Well, thank you")
    town.emulator.advance(2 * A_DAY)
    sweep(town)
    # Luis waits now, and has chosen to.
    assert NUDGE not in texted(town, LUIS)
    assert not [body for body in texted(town, ROSA) if body.startswith("Luis texted you")]


def test_who_has_texted_stop_is_left_to_staff(town: Town) -> None:
    agree(town, ONE_MORE)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.texts(LUIS, MAIN, "STOP")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert NUDGE not in texted(town, LUIS)
    assert len(unanswered(town)) == 1


def test_nobody_is_texted_at_night(town: Town) -> None:
    agree(town, ONE_MORE)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    # It is past ten at night in New York.
    at_night = town.clock.now().replace(hour=3, minute=30)
    town.emulator.advance((at_night - town.clock.now()).total_seconds() + 3 * A_DAY)
    sweep(town)
    assert NUDGE not in texted(town, LUIS)
    town.emulator.advance(A_DAY / 2)
    sweep(town)
    assert texted(town, LUIS).count(NUDGE) == 1


def test_where_others_may_read_it_no_name_is_told(town: Town) -> None:
    agree(town, ONE_MORE)
    change(town, LUIS, safe_contact=2)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert texted(town, LUIS)[-1] == (
        "A text to you has no answer yet. Text or call here, whenever it suits you."
    )


def test_staff_check_in_where_the_text_waits_to_be_read_aloud(town: Town) -> None:
    """Luis has come to like talking: her text waits for his call, and so does she."""
    agree(town, STAFF)
    change(town, LUIS, mode=Mode.VOICE)
    town.texts(ROSA, PAIRS[0], "How are you, Luis?")
    town.emulator.advance(2.1 * A_DAY)
    sweep(town)
    assert len(unanswered(town)) == 1

"""Answers that fit no question: too late, two at once, or no time at all. Each is met kindly."""

import pytest
from sqlalchemy import select

from mentoring.matches import move_match
from mentoring.models import InvitationState, Match, MatchState
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import answers, ask_after_90_days, close, got, invitations, text_pair
from tests.journeys.talks import HOUR, THURSDAY, planned, states, until
from tests.town import MAIN, Town

LAST_TALK = "Set one last talk for thanks and what is next."
ALL_SET = "You are all set for now. We will text or call when there is news."


def rest(town: Town, state: MatchState) -> None:
    """Staff let the match rest, or go on."""
    with town.db.transaction() as session:
        match = session.scalars(select(Match)).one()
        move_match(session, match, state, actor="staff", reason="-", now=town.clock.now())


def has_lapsed(town: Town) -> bool:
    surveys = invitations(town, "survey_protege_2")
    return [survey.state for survey in surveys] == [InvitationState.LAPSED]


def test_an_answer_to_a_survey_that_was_given_up_still_counts_for_a_month(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.days_pass(40, until=lambda: has_lapsed(town))
    assert "How easy was our phone line to use?" in got(town, ROSA)[-1]

    town.days_pass(20)
    (said,) = town.texts(ROSA, MAIN, "5")

    assert said.startswith("How likely are you to tell a friend about us?")
    assert answers(town) == {"CS7": "5"}


@pytest.mark.parametrize("words", ["I sold bread on Tuesday at 5 pm", "2 new customers", "2"])
def test_words_to_an_old_question_are_none_to_the_one_about_the_last_talk(
    town: Town, words: str
) -> None:
    """Luis says that he wants to finish while Rosa writes what good step she took."""
    ask_after_90_days(town, text_pair(town))
    town.settle()
    town.texts(ROSA, MAIN, "1", "3", "4")
    town.texts(LUIS, MAIN, "FINISH", "1")

    (said,) = town.texts(ROSA, MAIN, words)
    assert said.startswith("What now?")
    assert (states(town), answers(town)["MS2"]) == ([], "4")
    town.texts(ROSA, MAIN, "1")
    assert answers(town)["MS4"] == "keep"

    before = len(got(town, ROSA))
    town.pass_time(15 * 60)
    (asked,) = got(town, ROSA, before)
    assert LAST_TALK in asked
    town.texts(ROSA, MAIN, "Thu 4 pm")
    assert len(states(town)) == 1


def test_the_last_talk_is_asked_about_once_the_old_question_has_been_idle(town: Town) -> None:
    ask_after_90_days(town, text_pair(town))
    town.settle()
    town.texts(ROSA, MAIN, "1")
    before = len(got(town, ROSA))
    town.texts(LUIS, MAIN, "FINISH", "1")

    town.pass_time(9 * 60)
    assert got(town, ROSA, before) == []
    town.pass_time(2 * 60)
    (asked,) = got(town, ROSA, before)
    assert LAST_TALK in asked


def lapses(town: Town, flow: str) -> None:
    """Time passes until both have let these questions go by."""

    def have_lapsed() -> bool:
        both = invitations(town, flow)
        return len(both) == 2 and all(one.state is InvitationState.LAPSED for one in both)

    town.days_pass(30, until=have_lapsed)
    assert have_lapsed()


def alerts(town: Town) -> list[str]:
    """What staff have to look at after the next sweep."""
    town.ticker.oversee()
    return [task.rule for task in town.tasks() if task.done_at is None]


def test_who_answers_check_ins_late_has_answered_and_staff_need_not_call(town: Town) -> None:
    text_pair(town)
    lapses(town, "checkin_first")
    assert "check-in" in alerts(town)
    town.texts(ROSA, MAIN, "1")
    lapses(town, "checkin")
    town.texts(ROSA, MAIN, "1", "5", "2", "1", "2")

    states = {row.person_id: row.state for row in invitations(town, "checkin")}

    assert sorted(states.values()) == [InvitationState.ANSWERED, InvitationState.LAPSED]
    assert alerts(town).count("O9") == 1, "only Luis has let two go by"
    asks = [task for task in town.tasks() if "has not answered a check-in" in task.words]
    assert [(task.words[:3], task.outcome) for task in asks] == [
        ("P01", "answered late"),
        ("M01", None),
    ]


def test_who_answers_a_part_of_each_check_in_has_let_none_go_by(town: Town) -> None:
    text_pair(town)
    town.days_pass(14.2)
    town.texts(ROSA, MAIN, "1", "4")
    town.days_pass(30)
    town.texts(ROSA, MAIN, "1", "4")

    town.days_pass(14)

    assert alerts(town).count("O9") == 1, "Luis alone, who answered nothing"


def test_a_question_that_was_asked_again_a_moment_ago_is_never_too_old(town: Town) -> None:
    text_pair(town)
    town.days_pass(14.2)
    town.texts(ROSA, MAIN, "1", "4", "2")
    rest(town, MatchState.PAUSED)
    town.days_pass(29.9)
    (asked,) = town.texts(ROSA, MAIN, "MENU")

    town.days_pass(1)
    (said,) = town.texts(ROSA, MAIN, "2")

    assert asked.startswith("Are you closer to your goal than last month?")
    assert said.startswith("Would you like a call from staff?")
    assert answers(town)["CK3"] == "same"


def test_a_check_in_that_rests_for_more_than_a_month_is_asked_anew(town: Town) -> None:
    text_pair(town)
    town.days_pass(14.2)
    rest(town, MatchState.PAUSED)
    for _ in range(34):
        town.days_pass(1)
        town.ticker.blank()
    rest(town, MatchState.EARLY)
    before = len(got(town, ROSA))

    town.days_pass(2)

    assert got(town, ROSA, before)[0].startswith("BridgeLine check-in: 4 short questions")
    assert "fault" not in [task.rule for task in town.tasks()]
    (said,) = town.texts(ROSA, MAIN, "1")
    assert said.startswith("How is it going with Luis?")


def test_after_that_month_a_bare_number_is_no_answer_to_it_and_is_met_kindly(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.days_pass(80)

    (said,) = town.texts(ROSA, MAIN, "5")

    assert said.startswith(ALL_SET)
    assert answers(town) == {}


def test_one_more_answer_after_the_whole_survey_changes_none_that_was_given(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "D")
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "4", "9", "More group calls", "3", "2")
    given = answers(town)

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said.startswith(ALL_SET)
    assert answers(town) == given


def test_two_answers_in_one_text_are_asked_about_and_neither_is_guessed(town: Town) -> None:
    text_pair(town)
    town.days_pass(14.2)
    town.texts(ROSA, MAIN, "1")

    for two in ("4 2", "4, right"):
        (said,) = town.texts(ROSA, MAIN, two)
        assert said.startswith("Sorry, I did not get that. Reply with one number from 1")
    assert answers(town) == {"CK0": "start"}

    (said,) = town.texts(ROSA, MAIN, "cinco")
    assert said.startswith("Is the amount of contact right?")
    assert answers(town)["CK1"] == "5"


def test_who_is_not_understood_three_times_reaches_staff_and_can_still_answer(town: Town) -> None:
    text_pair(town)
    town.days_pass(14.2)

    said = town.texts(ROSA, MAIN, "1", "0", "11", "12")

    assert said[-1].startswith("Let me get a person. Our staff will text or call by")
    assert "O14" in [task.rule for task in town.tasks()]
    town.texts(ROSA, MAIN, "5/5")
    assert answers(town)["CK1"] == "5"


def test_what_is_no_time_is_asked_for_again_and_the_talk_stays_as_it_was(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 23 * HOUR)
    town.texts(ROSA, MAIN, "2")

    (said,) = town.texts(ROSA, MAIN, "whenever it rains")
    assert said.startswith(
        "I need just one day and one time. Text a day and a time, like Tue 6 pm."
    )
    (said,) = town.texts(ROSA, MAIN, "25:00")
    assert said.startswith("At what time?")
    assert states(town) == [("Thu Mar 05 16:00", "reminded")]

    town.texts(ROSA, MAIN, "Fri 6 pm")
    assert states(town)[-1] == ("Fri Mar 06 18:00", "planned")

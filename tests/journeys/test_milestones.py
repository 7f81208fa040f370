"""Every 90 days both are asked what they want, and the table says what follows (2.4)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.dues import hasten
from mentoring.calendar.milestones import decision_key, open_milestone
from mentoring.models import ClosureReason, Due, DueKind, InvitationState, Match, MatchState
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.ending import (
    agree_on_tuesdays,
    close,
    got,
    invitations,
    moves_of,
    now_is,
    outcome_of,
    rules,
    text_pair,
)
from tests.town import MAIN, Town

DAY = 90
KEYS = {"keep": "1", "change": "2", "finish": "3", "staff": "4"}


def on_the_day(town: Town) -> Match:
    """Rosa and Luis on the day on which both are asked what they want."""
    match = text_pair(town)
    # The check-ins of the months before are no part of these stories.
    with town.db.transaction() as session:
        for due in session.scalars(select(Due).where(Due.kind == DueKind.CALENDAR)):
            due.done_at, due.outcome = town.clock.now(), "left out"
        open_milestone(session, session.get_one(Match, match.id), DAY, now=town.clock.now())
    town.settle()
    return match


def answers(town: Town, number: str, what_now: str) -> list[str]:
    """Answer all four questions by text, and hear what comes back to the last one."""
    return town.texts(number, MAIN, "1", "3", "4", "0", KEYS[what_now])[-1:]


@pytest.mark.parametrize(
    ("protege", "mentor", "state", "has_task"),
    [
        ("change", "change", MatchState.INTRO, True),
        ("keep", "finish", MatchState.INTRO, True),
        ("finish", "keep", MatchState.CLOSING, False),
        ("finish", "none", MatchState.CLOSING, True),
        ("none", "staff", MatchState.INTRO, True),
    ],
)
def test_what_follows_is_decided_when_both_have_answered_or_been_asked_in_vain(
    town: Town, protege: str, mentor: str, state: MatchState, has_task: bool
) -> None:
    match = on_the_day(town)
    for number, choice in ((ROSA, protege), (LUIS, mentor)):
        if choice != "none":
            answers(town, number, choice)

    town.days_pass(13 if "none" in (protege, mentor) else 0.01)

    assert outcome_of(town, decision_key(match.id, DAY)) == f"{protege} / {mentor}"
    assert now_is(town, match).state is state
    assert ("milestone" in rules(town)) == has_task


def test_both_keep_going_and_are_told_so_once(town: Town) -> None:
    match = on_the_day(town)
    (first,) = answers(town, ROSA, "keep")
    assert first.startswith("Thank you, Rosa. We tell you what comes next as soon as Luis")
    before = len(got(town, LUIS))
    answers(town, LUIS, "keep")
    town.days_pass(5)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        news = [body for body in got(town, number) if body.startswith("Good news")]
        assert news == [
            f"Good news: you and {other} both want to keep going. Your line stays open."
            " Text PLAN to read your plan."
        ]
    assert len(got(town, LUIS)) > before
    assert now_is(town, match).state is MatchState.INTRO


def test_whoever_goes_on_is_read_the_plan_with_it(town: Town) -> None:
    match = on_the_day(town)
    agree_on_tuesdays(town, match)
    answers(town, ROSA, "keep")
    answers(town, LUIS, "keep")
    town.days_pass(0.1)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        news, plan = got(town, number)[-2:]
        assert news.startswith(f"Good news: you and {other} both want to keep going.")
        assert plan == (
            f"Your plan with {other}: talk every 2 weeks, Tuesday 6 pm. Answer texts the same day."
            " To change it, text PERSON."
        )


def test_nobody_is_told_what_the_other_one_wants(town: Town) -> None:
    on_the_day(town)
    answers(town, ROSA, "keep")
    before = len(got(town, ROSA))
    answers(town, LUIS, "finish")
    town.days_pass(0.1)

    (told,) = got(town, ROSA, before)
    assert "finish" not in told
    assert told.startswith("Our staff will call or text you by")
    assert got(town, LUIS)[-1] == told.replace("with Luis", "with Rosa")


def test_a_goal_that_is_reached_is_the_reason_of_the_end(town: Town) -> None:
    match = on_the_day(town)
    town.texts(ROSA, MAIN, "1", "5", "5", "0", "3")
    answers(town, LUIS, "finish")
    town.days_pass(0.1)

    assert now_is(town, match).closure_reason is ClosureReason.GOAL_MET
    assert moves_of(town, match)[-1] == ("intro", "closing", "P01 and M01")


def test_when_neither_answers_staff_are_asked_about_each_of_them(town: Town) -> None:
    match = on_the_day(town)
    town.days_pass(14)

    assert [row.state for row in invitations(town, "milestone")] == [InvitationState.LAPSED] * 2
    assert rules(town).count("O9") == 2
    assert now_is(town, match).state is MatchState.INTRO


def test_a_tick_that_comes_twice_decides_once(town: Town) -> None:
    match = on_the_day(town)
    answers(town, ROSA, "change")
    answers(town, LUIS, "staff")
    with town.db.transaction() as session:
        hasten(session, decision_key(match.id, DAY), at=town.clock.now())
        open_milestone(session, session.get_one(Match, match.id), DAY, now=town.clock.now())
    for _ in range(3):
        town.settle()

    assert rules(town).count("milestone") == 1
    assert len(invitations(town, "milestone")) == 2


def test_an_answer_after_the_decision_is_kept_and_told_to_staff(town: Town) -> None:
    match = on_the_day(town)
    answers(town, LUIS, "keep")
    town.days_pass(13)
    assert outcome_of(town, decision_key(match.id, DAY)) == "none / keep"

    (said,) = answers(town, ROSA, "finish")

    assert said.startswith("OK. Our staff will text or call you by")
    assert town.tasks()[-1].words == "P01 answered late what they want next: finish."
    assert now_is(town, match).state is not MatchState.CLOSING


def test_a_wish_to_talk_to_staff_counts_right_after_the_other_one_has_said_finish(
    town: Town,
) -> None:
    on_the_day(town)
    town.texts(ROSA, MAIN, "1", "3", "4", "0")
    town.texts(LUIS, MAIN, "FINISH", "1")

    (said,) = town.texts(ROSA, MAIN, KEYS["staff"])

    assert said.startswith("OK. Our staff will text or call you by")
    town.days_pass(2)
    wishes = [task.words for task in town.tasks() if task.rule == "milestone"]
    assert wishes == ["P01 answered late what they want next: staff."]


def test_a_wish_to_talk_to_staff_counts_though_the_other_one_then_says_finish(town: Town) -> None:
    on_the_day(town)
    answers(town, ROSA, "staff")
    town.texts(LUIS, MAIN, "FINISH", "1")

    town.days_pass(2)

    wishes = [task.words for task in town.tasks() if task.rule == "milestone"]
    assert wishes == ["P01 wanted next, before K01 was to end: staff."]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("keep", "Thank you, Rosa. That helps us and those who come next."),
        ("finish", "Thank you, Rosa. That helps us and those who come next."),
        ("change", "OK. Our staff will text or call you by"),
        ("staff", "OK. Our staff will text or call you by"),
    ],
)
def test_in_a_match_that_staff_have_closed_no_answer_of_the_other_one_is_promised(
    town: Town, choice: str, said: str
) -> None:
    match = on_the_day(town)
    town.texts(ROSA, MAIN, "1", "3", "4", "0")
    close(town, match)

    (told,) = town.texts(ROSA, MAIN, KEYS[choice])

    assert told.startswith(said)
    town.days_pass(2)
    assert rules(town).count("milestone") == (choice in ("change", "staff"))


def test_own_words_about_a_step_are_pointed_to_and_not_quoted(town: Town) -> None:
    on_the_day(town)
    town.texts(ROSA, MAIN, "1", "3", "4", "I sold my first hat", "1")

    (task,) = [task for task in town.tasks() if task.rule == "feedback"]
    assert "my first hat" not in task.words
    assert task.words == "P01 told us something in their own words (MS3). Read what they told us."


def test_in_a_pause_the_decision_waits(town: Town) -> None:
    match = on_the_day(town)
    answers(town, ROSA, "finish")
    answers_of_luis = town.texts(LUIS, MAIN, "1", "3", "4", "0")
    assert answers_of_luis
    town.texts(ROSA, MAIN, "PAUSE")
    town.texts(LUIS, MAIN, "2")
    town.days_pass(3)
    assert now_is(town, match).state is MatchState.PAUSED

    town.texts(ROSA, MAIN, "MENU", "1")
    town.days_pass(2)

    assert now_is(town, match).state is MatchState.CLOSING


def test_before_the_term_ends_both_are_asked_and_silence_closes_the_match(town: Town) -> None:
    match = text_pair(town)
    opened = town.clock.now()
    town.emulator.advance(timedelta(days=168).total_seconds())
    town.settle()
    town.days_pass(13)
    assert [row.number for row in invitations(town, "milestone")] == [168, 168]
    assert now_is(town, match).state is MatchState.INTRO

    town.days_pass(2)

    assert town.clock.now() - opened < timedelta(days=184)
    assert now_is(town, match).state is MatchState.CLOSING
    assert moves_of(town, match)[-1] == ("intro", "closing", "system")
    assert now_is(town, match).closure_reason is ClosureReason.TERM_END


def test_a_pause_right_after_the_question_of_the_term_does_not_end_the_match(town: Town) -> None:
    match = text_pair(town)
    town.emulator.advance(timedelta(days=168).total_seconds())
    town.settle()
    town.days_pass(1)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(30)

    town.days_pass(3)

    assert now_is(town, match).state is MatchState.INTRO
    assert got(town, ROSA)[-1].startswith("BridgeLine")
    answers(town, ROSA, "keep")
    town.days_pass(15)
    assert outcome_of(town, f"term-end:{match.id}:1") == "renewed"


def test_after_a_pause_silence_ends_the_match_at_the_end_of_its_new_time(town: Town) -> None:
    match = text_pair(town)
    town.emulator.advance(timedelta(days=168).total_seconds())
    town.settle()
    town.days_pass(1)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(43)
    assert now_is(town, match).state is MatchState.INTRO

    town.days_pass(4)

    assert now_is(town, match).state is MatchState.CLOSING


def test_the_term_is_renewed_while_one_of_them_wants_to_go_on(town: Town) -> None:
    match = text_pair(town)
    town.emulator.advance(timedelta(days=168).total_seconds())
    town.settle()
    town.days_pass(1)
    answers(town, ROSA, "keep")

    town.days_pass(16)

    assert now_is(town, match).state is MatchState.INTRO
    assert outcome_of(town, f"term-end:{match.id}:1") == "renewed"
    # The questions of day 180 were asked two weeks before.
    assert {row.number for row in invitations(town, "milestone")} == {168}

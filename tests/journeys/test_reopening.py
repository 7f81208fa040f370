"""An end that was begun by mistake is taken back: the match goes on as if nothing had happened."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.calendar.pauses import come_back, pause_person
from mentoring.calendar.reopening import reopen_match
from mentoring.errors import ProgrammeError
from mentoring.holds import hold_match, release_match
from mentoring.models import (
    DueKind,
    Match,
    MatchState,
    Mode,
    Person,
    Role,
    Transition,
)
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import close, got, invitations, let_end, moves_of, now_is, text_pair
from tests.journeys.talks import HOUR, THURSDAY, outcomes, planned, states, until
from tests.journeys.test_milestones import answers, on_the_day
from tests.town import MAIN, Town

GOES_ON = (
    "We wrote that you and {other} plan to finish. That was a mistake."
    " You go on as before, on the same line."
)
FIRST = "Have you and Luis talked or texted yet?"


def reopen(town: Town, match: Match) -> MatchState:
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        state = reopen_match(
            session, row, actor="staff:cleo", reason="the wrong code", now=town.clock.now()
        )
    town.settle()
    return state


def of_milestone(town: Town) -> list[str]:
    """Return what staff are asked still about what somebody wants next."""
    tasks = [task for task in town.tasks() if task.rule == "milestone" and task.done_at is None]
    return [task.words for task in tasks]


def test_both_are_told_and_one_row_says_who_why_and_when(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "a slip")
    before = town.clock.now()

    assert reopen(town, match) is MatchState.INTRO

    assert got(town, ROSA)[-1] == GOES_ON.format(other="Luis")
    assert got(town, LUIS)[-1] == GOES_ON.format(other="Rosa")
    assert moves_of(town, match)[1:] == [
        ("intro", "closing", "staff"),
        ("closing", "intro", "staff:cleo"),
    ]
    with town.db.transaction() as session:
        moved = session.scalars(select(Transition).order_by(Transition.id.desc())).first()
        assert moved is not None
        assert (moved.reason, moved.at) == ("the wrong code", before)
    assert now_is(town, match).closure_reason is None


def test_nothing_closes_it_any_more_and_no_word_of_the_end_leaves(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "a slip")
    reopen(town, match)
    before = len(got(town, ROSA))

    town.days_pass(20)

    assert now_is(town, match).state is MatchState.INTRO
    said = " ".join(got(town, ROSA, before))
    assert "Tips for the last talk" not in said
    assert "finish by" not in said
    assert FIRST in said


def test_a_question_that_the_end_had_stopped_is_asked_and_answered_all_the_same(
    town: Town,
) -> None:
    match = text_pair(town)
    town.days_pass(3.1)
    assert FIRST in got(town, ROSA)[-1]
    let_end(town, match, "a slip")
    assert {row.state.value for row in invitations(town, "checkin_first")} == {"cancelled"}
    town.days_pass(1)

    reopen(town, match)

    assert {row.state.value for row in invitations(town, "checkin_first")} == {"asked"}
    before = len(got(town, ROSA))
    town.days_pass(3)
    assert FIRST in " ".join(got(town, ROSA, before)), "the reminder comes as it would have"


def test_the_last_talk_is_called_off_and_the_plan_goes_on(town: Town) -> None:
    match = planned(town)
    until(town, THURSDAY + HOUR)
    assert states(town)[-1] == ("Thu Mar 12 16:00", "planned")
    let_end(town, match, "a slip")
    town.texts(ROSA, MAIN, "Sat 10 am")
    assert states(town)[-1] == ("Sat Mar 07 10:00", "planned")

    reopen(town, match)
    until(town, THURSDAY + 49 * HOUR)

    assert states(town)[1:] == [("Thu Mar 12 16:00", "planned"), ("Sat Mar 07 10:00", "cancelled")]
    assert outcomes(town, DueKind.LAST_TALK) == ["the match goes on"]
    assert outcomes(town, DueKind.CLOSE) == ["the match goes on"]


def test_a_term_that_ended_meanwhile_is_asked_about_after_all(town: Town) -> None:
    match = text_pair(town)
    town.days_pass(167)
    let_end(town, match, "a slip")
    town.days_pass(3)
    assert outcomes(town, DueKind.TERM) == ["the match is ending"]

    reopen(town, match)
    town.days_pass(0.1)

    assert outcomes(town, DueKind.TERM)[0] == "both asked"


@pytest.mark.parametrize("luis_answers", [True, False])
def test_what_both_said_of_the_term_before_does_not_end_it_once_more(
    town: Town, luis_answers: bool
) -> None:
    match = text_pair(town)
    town.emulator.advance(timedelta(days=168).total_seconds())
    town.settle()
    answers(town, ROSA, "finish")
    if luis_answers:
        answers(town, LUIS, "finish")
    town.days_pass(15, until=lambda: now_is(town, match).state is MatchState.CLOSING)
    town.days_pass(3)

    assert reopen(town, match) is MatchState.INTRO
    town.days_pass(30)

    assert now_is(town, match).state is MatchState.INTRO
    assert outcomes(town, DueKind.TERM_END) == ["the match goes on"]
    assert outcomes(town, DueKind.TERM) == ["both asked", None], "they are asked in the next term"


@pytest.mark.parametrize("luis_says", ["keep", "finish"])
def test_staff_ask_anew_who_had_said_finish_before_the_end_was_taken_back(
    town: Town, luis_says: str
) -> None:
    match = on_the_day(town)
    answers(town, ROSA, "finish")
    town.texts(ROSA, MAIN, "FINISH", "1")
    town.days_pass(1)
    reopen(town, match)
    town.days_pass(4)
    assert got(town, LUIS)[-1].startswith("BridgeLine: 1 months with Rosa are a good time")

    answers(town, LUIS, luis_says)
    town.days_pass(1)

    assert now_is(town, match).state is MatchState.INTRO
    assert [task.words for task in town.tasks() if task.rule == "milestone"] == [
        f"K01, day 90: call both (finish / {luis_says}). Before an end was taken back one wanted to"
        " finish. Ask both anew."
    ]
    assert got(town, ROSA)[-1].startswith("Our staff will call or text you by")


def test_who_says_finish_after_an_end_was_taken_back_is_taken_at_their_word(town: Town) -> None:
    match = on_the_day(town)
    let_end(town, match, "a slip")
    town.days_pass(1)
    reopen(town, match)
    town.days_pass(4)

    answers(town, ROSA, "finish")
    answers(town, LUIS, "keep")
    town.days_pass(1)

    assert now_is(town, match).state is MatchState.CLOSING


def test_after_a_second_finish_everything_comes_once_more(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "a slip")
    reopen(town, match)
    before = len(got(town, ROSA))

    let_end(town, match, "a slip")
    town.days_pass(1.1)
    said = got(town, ROSA, before)
    assert "Set one last talk" in said[0]
    assert said[1].startswith("Tips for the last talk")
    town.days_pass(14)

    assert now_is(town, match).state is MatchState.CLOSED


def test_a_pause_goes_on_as_long_as_somebody_is_away(town: Town) -> None:
    match = text_pair(town)
    _rosa(town, away=True)
    let_end(town, match, "a slip")
    assert reopen(town, match) is MatchState.PAUSED

    _rosa(town, away=False)

    assert now_is(town, match).state is MatchState.INTRO


def test_a_pause_that_is_over_meanwhile_does_not_come_back(town: Town) -> None:
    match = text_pair(town)
    _rosa(town, away=True)
    let_end(town, match, "a slip")
    _rosa(town, away=False)

    assert reopen(town, match) is MatchState.INTRO


def _rosa(town: Town, *, away: bool) -> None:
    now = town.clock.now()
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        if away:
            pause_person(session, rosa, actor="P01", reason="ill", now=now)
        else:
            come_back(session, rosa, actor="P01", reason="well", now=now)


def test_a_hold_in_between_does_not_count(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "a slip")
    with town.db.transaction() as session:
        row, now = session.get_one(Match, match.id), town.clock.now()
        hold_match(session, row, actor="staff", reason="a worry", now=now)
        with pytest.raises(ProgrammeError, match="is safety_hold, and not closing"):
            reopen_match(session, row, actor="staff", reason="?", now=now)
        for who in ("Charlotte", "Ines"):
            release_match(session, row, actor=who, reason="all is well", now=now)

    assert reopen(town, match) is MatchState.INTRO


def test_after_the_close_nothing_brings_it_back(town: Town) -> None:
    match = text_pair(town)
    with pytest.raises(ProgrammeError, match="is intro, and not closing"):
        reopen(town, match)
    close(town, match)

    with pytest.raises(ProgrammeError, match="is closed for good"):
        reopen(town, match)


def test_a_landline_is_told_by_staff(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    let_end(town, match, "a slip")

    reopen(town, match)

    assert [task.words for task in town.tasks() if task.rule == "tell"] == [
        "Tell P01 by phone: K01 goes on as before; that it would end was a mistake."
    ]


def test_a_wish_that_staff_were_told_for_the_end_is_one_task_with_what_is_decided(
    town: Town,
) -> None:
    match = on_the_day(town)
    answers(town, ROSA, "staff")
    town.texts(LUIS, MAIN, "FINISH", "1")
    town.days_pass(2)
    assert of_milestone(town) == ["P01 wanted next, before K01 was to end: staff."]

    reopen(town, match)
    assert of_milestone(town) == []
    answers(town, LUIS, "keep")
    town.days_pass(40)

    (decided,) = of_milestone(town)
    assert decided.startswith("K01, day 90: call both (staff / ")


def test_a_wish_from_before_an_end_that_was_taken_back_is_told_at_the_next_end(town: Town) -> None:
    match = on_the_day(town)
    answers(town, ROSA, "staff")
    for _ in range(2):
        let_end(town, match, "a slip")
        town.days_pass(1.1)
        assert of_milestone(town) == ["P01 wanted next, before K01 was to end: staff."]
        reopen(town, match)
        assert of_milestone(town) == []

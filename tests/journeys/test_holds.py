"""Staff put a match on hold or close it: within a minute nothing passes between the two (S20)."""

import pytest

from mentoring.errors import ProgrammeError
from mentoring.holds import close_by_staff, release_match
from mentoring.matches import close_match, match_with_code
from mentoring.models import ClosureReason, MatchState, Outcome, PersonState
from mentoring.people import move_person
from tests.journeys.cast import LUIS, ROSA, contacts, hold, pair, person_at
from tests.journeys.ending import CHICAGO
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town


def release(town: Town, code: str = "K01") -> MatchState:
    """Two of staff lift a hold."""
    lifts(town, "Charlotte", code)
    return lifts(town, "Ines", code)


def lifts(town: Town, who: str, code: str = "K01") -> MatchState:
    """One of staff says that a hold may be lifted."""
    with town.db.transaction() as session:
        match = match_with_code(session, code)
        return release_match(session, match, actor=who, reason="cleared", now=town.clock.now())


def closes(town: Town, who: str, code: str = "K01") -> MatchState:
    """One of staff closes a match for a reason of safety."""
    with town.db.transaction() as session:
        match = match_with_code(session, code)
        why, now = ClosureReason.SAFETY, town.clock.now()
        close_by_staff(session, match, reason=why, actor=who, now=now)
        return match.state


def asked(town: Town) -> list[tuple[str, str]]:
    """What staff are asked to do about a hold, each with the day by which."""
    return [
        (task.words, f"{task.due_at.astimezone(CHICAGO):%a %b %d}")
        for task in town.tasks()
        if task.rule == "hold" and task.done_at is None
    ]


def talking(town: Town, line: str = PAIRS[0]) -> tuple[Caller, Caller]:
    """Rosa has called Luis, and they talk."""
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(line)
    if line == MAIN:
        rosa.presses("1")
        rosa.hears("[ringing]")
    luis.answers()
    luis.presses("1")
    town.emulator.advance(200)
    rosa.talks("How are you?")
    assert "How are you?" in luis.heard
    return rosa, luis


@pytest.mark.parametrize("line", [PAIRS[0], MAIN])
def test_a_hold_in_mid_talk_ends_it_within_a_minute_and_brings_the_caller_to_a_person(
    town: Town, line: str
) -> None:
    pair(town)
    rosa, luis = talking(town, line)
    hold(town)
    town.pass_time(30)
    assert not luis.is_in_call
    rosa.hears("This match is on hold right now", "I am calling our staff now")
    assert town.phone(STAFF).ringing == line
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.TALKED
    assert "Call back: P01 was calling in a match that was put on hold." in [
        task.words for task in town.tasks()
    ]


def test_a_match_that_is_closed_in_mid_talk_ends_it_with_a_goodbye(town: Town) -> None:
    match = pair(town)
    rosa, luis = talking(town)
    with town.db.transaction() as session:
        close_match(
            session,
            match_with_code(session, match.code),
            reason=ClosureReason.SAFETY,
            actor="staff",
            now=town.clock.now(),
        )
    town.pass_time(30)
    assert not luis.is_in_call
    rosa.hears("Goodbye")
    assert not rosa.is_in_call
    assert town.phone(STAFF).ringing is None


def test_a_mentor_who_is_suspended_in_mid_talk_talks_no_longer(town: Town) -> None:
    pair(town)
    rosa, luis = talking(town)
    with town.db.transaction() as session:
        move_person(
            session,
            session.merge(person_at(town, LUIS)),
            PersonState.SUSPENDED,
            actor="staff",
            reason="a worry",
            now=town.clock.now(),
        )
    town.pass_time(30)
    assert not luis.is_in_call
    rosa.hears("I am calling our staff now")
    rosa.hears_none_of("on hold")


def test_a_talk_in_an_open_match_goes_on(town: Town) -> None:
    pair(town)
    rosa, luis = talking(town)
    town.pass_time(60)
    assert rosa.is_in_call
    assert luis.is_in_call
    rosa.hangs_up()


def test_a_carrier_that_is_out_of_reach_is_asked_again_by_the_next_sweep(town: Town) -> None:
    pair(town)
    _, luis = talking(town)
    hold(town)
    town.emulator.faults.rest_error(500, match="Calls", times=1)
    town.pass_time(30)
    assert luis.is_in_call
    town.pass_time(30)
    assert not luis.is_in_call


def test_when_a_hold_is_lifted_the_two_reach_each_other_as_before(town: Town) -> None:
    pair(town)
    hold(town)
    town.texts(ROSA, PAIRS[0], "Are you there?")
    assert town.phone(LUIS).inbox == []
    assert release(town) is MatchState.INTRO
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello Luis"]


def test_staff_are_asked_to_call_both_within_a_day_and_to_decide_within_ten(town: Town) -> None:
    pair(town)
    hold(town)

    assert asked(town) == [
        ("K01 is on hold. Call P01 and say so, in neutral words.", "Wed Mar 04"),
        ("K01 is on hold. Call M01 and say so, in neutral words.", "Wed Mar 04"),
        ("K01 is on hold. Decide, two of you, whether it goes on or is closed.", "Tue Mar 17"),
    ]


def test_it_takes_two_to_lift_a_hold_and_the_same_one_twice_is_one(town: Town) -> None:
    pair(town)
    hold(town)

    assert lifts(town, "Charlotte") is MatchState.SAFETY_HOLD
    with pytest.raises(ProgrammeError, match="It takes somebody else as well"):
        lifts(town, "Charlotte")
    town.texts(ROSA, PAIRS[0], "Are you there?")
    assert town.phone(LUIS).inbox == []

    assert lifts(town, "Ines") is MatchState.INTRO
    assert [words for words, _ in asked(town) if "Decide" in words] == []
    assert len(asked(town)) == 2, "both are to be called all the same"


def test_what_was_said_of_an_earlier_hold_decides_nothing_about_this_one(town: Town) -> None:
    pair(town)
    hold(town)
    lifts(town, "Charlotte")
    lifts(town, "Ines")
    town.pass_time(60)
    hold(town)

    assert lifts(town, "Charlotte") is MatchState.SAFETY_HOLD


def test_it_takes_two_to_close_a_match_out_of_a_hold_and_they_must_agree(town: Town) -> None:
    pair(town)
    hold(town)

    assert lifts(town, "Charlotte") is MatchState.SAFETY_HOLD
    assert closes(town, "Ines") is MatchState.SAFETY_HOLD
    assert closes(town, "Charlotte") is MatchState.CLOSED
    assert [words for words, _ in asked(town) if "Decide" in words] == []


def test_a_match_that_is_on_no_hold_is_closed_by_one(town: Town) -> None:
    pair(town)

    assert closes(town, "Charlotte") is MatchState.CLOSED

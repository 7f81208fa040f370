"""After the end of a match: two who would like to keep in touch, and what becomes of it (2.3)."""

import pytest

from mentoring.calendar.reopening import reopen_match
from mentoring.holds import hold_match
from mentoring.models import (
    ClosureReason,
    Match,
    MatchState,
    Mode,
    Person,
    PersonState,
    Role,
)
from mentoring.people import move_person
from mentoring.tasks import close_task
from tests.journeys.cast import ELLEN, KIM, LUIS, ROSA, person_at
from tests.journeys.ending import close, got, let_end, now_is, text_pair
from tests.town import MAIN, PAIRS, Town

NOTED = (
    "Thank you. We noted that you would like to keep in touch. If both of you say so, we call you"
    " both. Till then we pass nothing on."
)
BOTH = "Thank you. You both would like to keep in touch. Our staff will text or call you by"
DONE = "Thank you. We have seen to this already. If you still need something, text PERSON."
STAFF = "OK. Our staff will text or call you by"
TASK = (
    "Rosa (P01) and Luis (M01) would both like to keep in touch after K01. Call both. Pass on one"
    " contact detail each way with their consent, and note that it is outside the programme now."
)


def asked_of_staff(town: Town) -> list[str]:
    """Return what staff are asked to do so that two can keep in touch."""
    return [task.words for task in town.tasks() if task.rule == "keep in touch"]


def open_with_staff(town: Town) -> list[str]:
    """Return what of that is not done yet."""
    tasks = [task for task in town.tasks() if task.rule == "keep in touch"]
    return [task.words for task in tasks if task.done_at is None]


def staff_are_done(town: Town) -> None:
    """Let staff close all that they were asked so that two can keep in touch."""
    with town.db.transaction() as session:
        for task in town.tasks():
            if task.rule == "keep in touch" and task.done_at is None:
                close_task(session, task.id, outcome="called both", now=town.clock.now())


def becomes(town: Town, number: str, state: PersonState) -> None:
    """Let staff move somebody to a state."""
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, number).id)
        move_person(session, person, state, actor="staff", reason="asked", now=town.clock.now())


def reopen(town: Town, match: Match) -> None:
    """Let staff take the end of a match back."""
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        reopen_match(session, row, actor="staff", reason="by mistake", now=town.clock.now())


def hold(town: Town, match: Match) -> None:
    """Let staff put a match on hold."""
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        hold_match(session, row, actor="staff", reason="a worry", now=town.clock.now())


def at_home(town: Town) -> Match:
    """Rosa and Kim use one phone, and the match of Rosa and Luis ends."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT, shared=True)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))
    town.person(Role.PROTEGE, "Kim", ROSA, mode=Mode.TEXT, shared=True)
    return match


def test_once_both_have_said_so_staff_get_one_task_and_nothing_is_passed_on(town: Town) -> None:
    close(town, text_pair(town))

    assert town.texts(ROSA, PAIRS[0], "keep in touch") == [NOTED]
    assert asked_of_staff(town) == []
    (said,) = town.texts(LUIS, PAIRS[0], "Let's keep in touch!")

    assert said.startswith(BOTH)
    assert asked_of_staff(town) == [TASK]
    assert not [body for body in got(town, LUIS) if "Rosa: " in body]


def test_whoever_says_so_twice_has_said_so_once(town: Town) -> None:
    close(town, text_pair(town))
    assert town.texts(ROSA, PAIRS[0], "TOUCH", "Touch") == [NOTED, NOTED]
    assert asked_of_staff(town) == []
    town.texts(LUIS, PAIRS[0], "TOUCH", "TOUCH")
    assert asked_of_staff(town) == [TASK]


@pytest.mark.parametrize("words", ["TOUCH", "seguir en contacto", "Restons en contact"])
def test_it_may_be_said_to_the_main_line_as_well(town: Town, words: str) -> None:
    close(town, text_pair(town))
    assert town.texts(ROSA, MAIN, words) == [NOTED]
    assert town.texts(LUIS, MAIN, words)[0].startswith(BOTH)
    assert asked_of_staff(town) == [TASK]


def test_what_is_said_while_a_match_closes_counts_and_reaches_the_other_one(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "it is time")
    before = len(got(town, LUIS))

    assert NOTED in town.texts(ROSA, PAIRS[0], "Keep in touch!")
    assert got(town, LUIS, before) == ["Rosa: Keep in touch!"]
    close(town, match)
    town.texts(LUIS, PAIRS[0], "TOUCH")

    assert asked_of_staff(town) == [TASK]


def test_in_a_match_that_goes_on_the_words_are_for_the_other_one_alone(town: Town) -> None:
    text_pair(town)
    assert town.texts(ROSA, PAIRS[0], "Keep in touch") == []
    assert got(town, LUIS) == ["Rosa: Keep in touch"]
    assert "keep in touch" not in town.texts(ROSA, MAIN, "Keep in touch")[-1]


def test_what_was_said_in_an_end_that_was_taken_back_is_past(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "by mistake")
    town.texts(ROSA, PAIRS[0], "TOUCH")
    reopen(town, match)
    town.days_pass(30)
    close(town, match)

    assert town.texts(LUIS, PAIRS[0], "TOUCH") == [NOTED]
    assert asked_of_staff(town) == []


def test_after_an_end_for_safety_staff_hear_of_each_wish_alone(town: Town) -> None:
    close(town, text_pair(town), ClosureReason.SAFETY)
    assert "TOUCH" not in town.texts(ROSA, PAIRS[0], "Are you there?")[-1]

    for number in (ROSA, LUIS):
        (said,) = town.texts(number, PAIRS[0], "TOUCH")
        assert said.startswith(STAFF)

    assert asked_of_staff(town) == [
        f"{code} would like to keep in touch after K01. It ended for safety: talk with {code}"
        " alone, pass nothing on, and tell nobody what the other one wishes."
        for code in ("P01", "M01")
    ]


def test_about_somebody_who_has_left_staff_are_asked(town: Town) -> None:
    close(town, text_pair(town))
    becomes(town, LUIS, PersonState.EXITED)
    assert "TOUCH" not in town.texts(ROSA, PAIRS[0], "Are you there?")[-1]

    (said,) = town.texts(ROSA, PAIRS[0], "TOUCH")

    assert said.startswith(STAFF)
    (words,) = asked_of_staff(town)
    assert "M01 is not with us now: talk with P01 alone" in words


def test_what_is_said_while_the_other_one_is_suspended_counts_once_they_are_back(
    town: Town,
) -> None:
    close(town, text_pair(town))
    becomes(town, LUIS, PersonState.SUSPENDED)
    assert town.texts(ROSA, PAIRS[0], "TOUCH")[0].startswith(STAFF)
    (alone,) = open_with_staff(town)
    assert "M01 is not with us now: talk with P01 alone" in alone

    becomes(town, LUIS, PersonState.WAITING)
    (said,) = town.texts(LUIS, PAIRS[0], "TOUCH")

    assert said.startswith(BOTH)
    assert open_with_staff(town) == [TASK]


def test_of_two_wishes_after_an_end_for_safety_staff_never_hear_as_one(town: Town) -> None:
    close(town, text_pair(town), ClosureReason.SAFETY)
    for number in (ROSA, LUIS, ROSA, LUIS):
        town.texts(number, PAIRS[0], "TOUCH")
    assert len(asked_of_staff(town)) == 2
    assert TASK not in asked_of_staff(town)


@pytest.mark.parametrize("reason", [ClosureReason.OTHER, ClosureReason.SAFETY])
def test_what_staff_have_done_is_not_asked_of_them_anew(town: Town, reason: ClosureReason) -> None:
    close(town, text_pair(town), reason)
    town.texts(ROSA, PAIRS[0], "TOUCH")
    town.texts(LUIS, PAIRS[0], "TOUCH")
    asked = asked_of_staff(town)
    staff_are_done(town)

    for number in (ROSA, LUIS):
        assert town.texts(number, PAIRS[0], "TOUCH") == [DONE]
    assert asked_of_staff(town) == asked


def test_a_task_of_an_end_that_was_taken_back_is_ended_and_opens_at_the_next_end(
    town: Town,
) -> None:
    match = text_pair(town)
    for _ in range(2):
        let_end(town, match, "by mistake")
        town.texts(ROSA, MAIN, "TOUCH")
        town.texts(LUIS, MAIN, "TOUCH")
        assert open_with_staff(town) == [TASK]
        reopen(town, match)
        assert open_with_staff(town) == []
        town.days_pass(1)


@pytest.mark.parametrize("line", [PAIRS[0], MAIN])
def test_on_hold_it_is_said_that_the_match_is_on_hold(town: Town, line: str) -> None:
    match = text_pair(town)
    let_end(town, match, "it is time")
    hold(town, match)

    (said,) = town.texts(ROSA, line, "TOUCH")

    assert now_is(town, match).state is MatchState.SAFETY_HOLD
    assert [task.words for task in town.tasks() if task.rule == "S20"] == [
        "P01 wrote in K01, which is on hold. Please call."
    ]
    assert said.startswith("This match is on hold right now.")
    assert asked_of_staff(town) == []


def test_of_two_matches_that_end_at_once_staff_ask_which_is_meant(town: Town) -> None:
    first = text_pair(town)
    kim = town.person(Role.PROTEGE, "Kim", KIM, mode=Mode.TEXT)
    second = town.match(kim, person_at(town, LUIS))
    close(town, first)
    close(town, second)

    for said in town.texts(LUIS, MAIN, "TOUCH", "TOUCH", "TOUCH"):
        assert said.startswith(STAFF)
    assert asked_of_staff(town) == [
        "M01 would like to keep in touch. Ask after which match: K01, K02."
    ]
    assert town.texts(LUIS, PAIRS[1], "TOUCH") == [NOTED]


def test_of_two_matches_that_end_at_once_a_name_tells_which_is_meant(town: Town) -> None:
    first = text_pair(town)
    kim = town.person(Role.PROTEGE, "Kim", KIM, mode=Mode.TEXT)
    close(town, town.match(kim, person_at(town, LUIS)))
    close(town, first)

    assert town.texts(LUIS, MAIN, "I want to keep in touch with kim please") == [NOTED]
    assert town.texts(ROSA, PAIRS[0], "TOUCH") == [NOTED]
    assert town.texts(KIM, MAIN, "Let's keep in touch!")[0].startswith(BOTH)
    assert len(asked_of_staff(town)) == 1


def test_of_whom_is_no_other_one_of_theirs_nothing_is_noted(town: Town) -> None:
    match = text_pair(town)
    let_end(town, match, "it is time")
    assert town.texts(ROSA, PAIRS[0], "Keep in touch with customers") == []
    assert got(town, LUIS)[-1] == "Rosa: Keep in touch with customers"


def test_on_a_phone_of_several_staff_ask_who_said_so_before_the_name_was_told(town: Town) -> None:
    close(town, at_home(town))

    for said in town.texts(ROSA, MAIN, "TOUCH", "TOUCH"):
        assert said.startswith(STAFF)
    assert asked_of_staff(town) == [
        "P01 or P02 would like to keep in touch. Ask after which match: K01."
    ]
    town.texts(ROSA, MAIN, "Rosa")
    assert town.texts(ROSA, MAIN, "TOUCH") == [NOTED]


def test_on_a_phone_of_several_staff_ask_as_well_about_a_match_on_hold(town: Town) -> None:
    hold(town, at_home(town))

    (said,) = town.texts(ROSA, MAIN, "TOUCH")

    assert said.startswith(STAFF)
    assert len(asked_of_staff(town)) == 1


def test_on_a_phone_of_several_of_whom_none_has_an_end_it_is_asked_who_writes(town: Town) -> None:
    at_home(town)
    assert town.texts(ROSA, MAIN, "TOUCH")[0].startswith("Who is this?")
    assert asked_of_staff(town) == []


def test_a_caller_of_the_resting_line_hears_of_the_key_that_leads_to_a_person(town: Town) -> None:
    close(town, text_pair(town))
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "D")
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("To keep in touch with each other", "press 0 for a person")
    rosa.hears_none_of("Luis")
    rosa.presses("0")
    rosa.hears("I am calling our staff now")


def test_after_an_end_for_safety_no_caller_hears_of_it(town: Town) -> None:
    close(town, text_pair(town), ClosureReason.SAFETY)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("This line is not in use for you now")
    rosa.hears_none_of("keep in touch")


def test_a_stranger_on_the_line_learns_nothing_from_the_words(town: Town) -> None:
    close(town, text_pair(town))
    (said,) = town.texts(ELLEN, PAIRS[0], "TOUCH")
    assert "touch" not in said.lower()
    assert asked_of_staff(town) == []

"""After a match: how it was, in two parts on two days; what is next; and a year on."""

from datetime import timedelta

import pytest

from mentoring.models import (
    ClosureReason,
    Contact,
    ContactKind,
    Mode,
    Outcome,
    Person,
    PersonState,
    Role,
)
from mentoring.people import move_person
from tests.journeys.cast import DENISE, ELLEN, LUIS, ROSA, person_at
from tests.journeys.ending import (
    answers,
    close,
    got,
    invitations,
    moves_of_person,
    outcome_of,
    rules,
    state_at,
    text_pair,
)
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town


def test_a_deaf_protege_answers_both_parts_on_two_days_by_text(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    assert "how was it with Luis? Reply 1 (bad) to 5 (great)." in got(town, ROSA)[-1]

    said = town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "A")
    assert said[-1] == "Thank you, Rosa. That was part 1. The rest comes another day."
    town.days_pass(1.1)
    assert "How easy was our phone line to use?" in got(town, ROSA)[-1]
    said = town.texts(ROSA, MAIN, "4", "9", "More group calls", "3", "2")

    assert said[-1] == "Thank you, Rosa. That helps us and those who come next."
    assert answers(town)["CS1"] == "5"
    assert {"feedback", "debrief", "referral"} <= set(rules(town))
    assert [t.words for t in town.tasks() if t.rule == "debrief"] == [
        "P01 would tell their story by text."
    ]
    assert not [task for task in town.tasks() if "More group" in task.words]


def test_what_was_asked_about_the_life_of_a_match_keeps_no_survey_waiting(town: Town) -> None:
    match = text_pair(town)
    town.days_pass(3.1)
    assert got(town, ROSA)[-1].startswith("Have you and Luis talked or texted yet?")

    close(town, match)
    town.days_pass(1.0 / 24)

    assert "how was it with Luis? Reply 1 (bad) to 5 (great)." in got(town, ROSA)[-1]
    assert [row.state.value for row in invitations(town, "checkin_first")] == ["cancelled"] * 2


def test_a_landline_protege_answers_by_keypad_when_we_call(town: Town) -> None:
    denise = town.person(
        Role.PROTEGE, "Denise", DENISE, mode=Mode.VOICE, texts=False, landline=True
    )
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    match = town.match(denise, luis)
    close(town, match)

    caller = town.until_it_rings(DENISE)
    _is_denise(caller)
    caller.hears("how was it with Luis")
    for keys in ("5", "4", "5", "4", "3", "1", "2"):
        caller.presses(keys)
    caller.hears("That was part 1. The rest comes another day")
    town.settle()
    assert answers(town)["CS2"] == "all"

    caller = town.until_it_rings(DENISE)
    _is_denise(caller)
    caller.hears("How easy was our phone line to use")
    for keys in ("4", "9#", "1", "2", "4", "2"):
        caller.presses(keys)
    caller.hears("That helps us and those who come next")
    town.settle()
    assert answers(town)["NX1"] == "nothing"


def _is_denise(caller: Caller) -> None:
    caller.answers()
    caller.hears("Is this Denise?")
    caller.presses("1")


def test_a_protege_who_wants_a_new_mentor_waits_after_a_rest(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "D")
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "4", "9", "0", "2", "1")
    assert state_at(town, ROSA) == "alum"
    town.days_pass(12.5)
    assert state_at(town, ROSA) == "alum"

    town.days_pass(1)

    assert moves_of_person(town, ROSA)[-2:] == [
        ("matched", "alum", "staff"),
        ("alum", "waiting", "system"),
    ]


@pytest.mark.parametrize(
    ("key", "moves"),
    [
        ("1", [("active", "available", "staff")]),
        ("2", [("active", "available", "staff"), ("available", "on_break", "M01")]),
        ("3", [("active", "available", "staff"), ("available", "alum", "M01")]),
    ],
)
def test_a_mentor_takes_a_new_match_now_or_later_or_not_at_all(
    town: Town, key: str, moves: list[tuple[str, str, str]]
) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(LUIS, MAIN, "5", "4", "5", "4", "3", "4")
    town.days_pass(1.1)
    town.texts(LUIS, MAIN, key, "9", "0", "2")

    assert moves_of_person(town, LUIS)[-len(moves) :] == moves


def test_somebody_who_leaves_in_the_middle_of_the_survey_is_asked_no_more(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(ROSA, MAIN, "5", "4")
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        move_person(
            session, rosa, PersonState.EXITED, actor="staff", reason="left", now=town.clock.now()
        )
    before = len(got(town, ROSA))

    town.days_pass(20)

    assert len(got(town, ROSA)) == before
    assert answers(town)["CS2"] == "all"
    assert invitations(town, "survey_protege_2") == []
    assert outcome_of(town, f"survey:{match.id}:2") == "1 of 2 asked"


def test_whoever_opted_out_of_texts_is_not_surveyed(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "STOP")
    close(town, match)
    town.days_pass(3)
    assert invitations(town, "survey_protege_1") == []
    assert len(invitations(town, "survey_mentor_1")) == 1


def test_after_a_worry_no_machine_asks_how_it_was_and_staff_call_both(town: Town) -> None:
    match = text_pair(town)
    close(town, match, ClosureReason.SAFETY)
    town.days_pass(10)
    assert got(town, ROSA) == got(town, LUIS) == []
    assert rules(town).count("debrief") == 2


def test_half_a_year_and_a_year_later_a_former_protege_tells_how_the_business_goes(
    town: Town,
) -> None:
    match = text_pair(town)
    close(town, match)
    _be_done_with_surveys(town)
    town.days_pass(182)
    assert "it has been 6 months. Is your business open now?" in got(town, ROSA)[-1]
    town.texts(ROSA, MAIN, "1")
    town.days_pass(186)
    assert "Is your business open now?" in got(town, ROSA)[-1]
    town.texts(ROSA, MAIN, "it closed")

    assert [t.words for t in town.tasks() if t.rule == "follow-up"] == [
        "P01 told how the business goes: open.",
        "P01 told how the business goes: closed.",
    ]
    assert not [body for body in got(town, LUIS) if "business open" in body]


def _be_done_with_surveys(town: Town) -> None:
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "D")
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "4", "9", "0", "2", "5")


def test_who_is_matched_again_is_not_asked_about_the_time_before(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.match(person_at(town, ROSA), town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT))
    town.emulator.advance(timedelta(days=183).total_seconds())
    town.settle()
    assert outcome_of(town, f"follow_up:{match.id}:6") == "matched again"
    assert invitations(town, "follow_up_6") == []


def test_after_two_matches_the_half_year_is_counted_from_the_end_of_the_second(
    town: Town,
) -> None:
    first = text_pair(town)
    close(town, first)
    _be_done_with_surveys(town)
    town.days_pass(40)
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    second = town.match(person_at(town, ROSA), ellen)
    town.days_pass(110)
    close(town, second)
    _be_done_with_surveys(town)
    before = len(got(town, ROSA))

    # Half a year after the first end, a month after the second.
    town.days_pass(60)
    assert outcome_of(town, f"follow_up:{first.id}:6") == "matched again"
    assert not _asked_about_business(town, before)
    town.days_pass(123)
    assert len(_asked_about_business(town, before)) == 1
    town.texts(ROSA, MAIN, "1")
    town.days_pass(183)

    assert len(_asked_about_business(town, before)) == 2
    assert [row.match_id for row in invitations(town, "follow_up_6")] == [second.id]
    assert [row.match_id for row in invitations(town, "follow_up_12")] == [second.id]


def test_of_two_matches_at_once_the_one_that_ended_last_is_followed_up(town: Town) -> None:
    first = text_pair(town)
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    second = town.match(person_at(town, ROSA), ellen)
    close(town, second)
    town.days_pass(20)
    close(town, first)
    _be_done_with_surveys(town)
    town.days_pass(183)

    assert outcome_of(town, f"follow_up:{second.id}:6") == "matched again"
    assert [row.match_id for row in invitations(town, "follow_up_6")] == [first.id]


def _asked_about_business(town: Town, after: int) -> list[str]:
    return [body for body in got(town, ROSA, after) if "Is your business open now?" in body]


def test_a_mentor_of_two_is_thanked_with_their_hours_and_asked_to_help_new_ones(
    town: Town,
) -> None:
    first = text_pair(town)
    rosa, luis = person_at(town, ROSA), person_at(town, LUIS)
    with town.db.transaction() as session:
        session.add(
            Contact(
                kind=ContactKind.CALL,
                match_id=first.id,
                from_person_id=rosa.id,
                to_person_id=luis.id,
                outcome=Outcome.TALKED,
                two_way=True,
                seconds=7300,
                source_sid="CA1",
                attempt=1,
                started_at=town.clock.now(),
                ended_at=town.clock.now(),
            )
        )
    ben = town.person(Role.PROTEGE, "Ben", "+15155550139", mode=Mode.TEXT)
    close(town, town.match(ben, luis), ClosureReason.NO_CONTACT)
    close(town, first)
    for _ in ("about Ben", "about Rosa"):
        town.texts(LUIS, MAIN, "5", "4", "5", "4", "3", "4")
        town.days_pass(1.1)
    town.days_pass(40)

    told = " ".join(got(town, LUIS))
    assert "Luis, you gave 2 hours this year and helped 1 people." in told
    assert len(invitations(town, "peer_guide")) == 1


def test_a_mentor_who_only_texted_is_thanked_without_hours(
    town: Town,
) -> None:
    match = text_pair(town)
    town.texts(ROSA, PAIRS[0], "How are you?")
    town.texts(LUIS, PAIRS[0], "Well, and you?")
    close(town, match)
    for last in ("5", "4", "5", "4", "3", "4"):
        town.texts(LUIS, MAIN, last)
    town.days_pass(40)

    told = " ".join(got(town, LUIS))
    assert "Luis, you helped 1 people this year. Thank you. May we thank you by name" in told
    assert "hours this year" not in told

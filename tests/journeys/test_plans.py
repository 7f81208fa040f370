"""The plan of a pair: each answers alone, the less frequent wish is proposed, both agree (3.6)."""

from sqlalchemy import select

from mentoring.calendar.milestones import open_milestone
from mentoring.calendar.plans import ask_for_plan
from mentoring.models import (
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Mode,
    Plan,
    Role,
    Transition,
)
from tests.journeys.cast import LUIS, ROSA, goes_through
from tests.journeys.ending import invitations
from tests.town import MAIN, PAIRS, Town

SURE = "how sure are you that you can run this business"
GOAL = "What is one thing you want to get done with"


def plans(town: Town) -> list[Plan]:
    with town.db.transaction() as session:
        return list(session.scalars(select(Plan).order_by(Plan.id)))


def have_met(town: Town, **rosa_is: object) -> Match:
    """Rosa and Luis have written to each other, so that there is something to plan."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT, **rosa_is)  # type: ignore[arg-type]
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT, zone="America/New_York")
    match = town.match(rosa, luis)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    return match


def both_answer(town: Town) -> None:
    """Rosa would talk each week, on Tuesdays at six; Luis every other week."""
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1", "Tue 6 pm", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "2", "thursday at 5 pm", "2", "2")


def test_two_who_have_met_are_asked_apart_for_their_plan(town: Town) -> None:
    have_met(town)
    before = len(town.phone(ROSA).inbox)

    town.days_pass(1.1)

    (asked,) = [text.body for text in town.phone(ROSA).inbox[before:]]
    assert SURE in asked
    assert GOAL in town.phone(LUIS).inbox[-1].body


def test_the_less_frequent_of_two_wishes_is_proposed_to_both(town: Town) -> None:
    have_met(town)
    both_answer(town)
    town.days_pass(0.8)

    (proposal,) = plans(town)
    assert (proposal.rhythm, proposal.slot, proposal.reply) == (
        "two_weeks",
        "tue 18:00",
        "two_days",
    )
    assert proposal.goal_answer_id is not None
    assert "talk every 2 weeks, Tuesday 6 pm. Answer texts in 2 days" in (
        town.phone(ROSA).inbox[-1].body
    )
    # It is an hour later in New York.
    assert "Tuesday 7 pm" in town.phone(LUIS).inbox[-1].body


def test_who_is_still_on_the_way_is_waited_for(town: Town) -> None:
    have_met(town)
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "2", "thursday at 5 pm", "2", "2")
    assert plans(town) == []

    town.texts(ROSA, MAIN, "Tue 6 pm", "1", "1")

    (proposal,) = plans(town)
    assert (proposal.rhythm, proposal.slot) == ("two_weeks", "tue 18:00")


def test_when_both_agree_the_plan_is_in_force_and_can_be_read_back(town: Town) -> None:
    have_met(town)
    both_answer(town)
    town.days_pass(0.8)
    town.texts(ROSA, MAIN, "1")
    assert not plans(town)[0].in_force

    town.texts(LUIS, MAIN, "1")

    assert plans(town)[0].in_force
    (told,) = town.texts(ROSA, MAIN, "PLAN")
    assert told == (
        "Your plan with Luis: talk every 2 weeks, Tuesday 6 pm. Answer texts in 2 days. To change"
        " it, text PERSON."
    )
    (told,) = town.texts(LUIS, PAIRS[0], "plan")
    assert "Your plan with Rosa" in told
    assert "Tuesday 7 pm" in told


def test_without_a_plan_plan_says_so(town: Town) -> None:
    have_met(town)
    (told,) = town.texts(ROSA, MAIN, "plan")
    assert told.startswith("You have no plan with Luis yet.")


def test_who_wants_to_change_it_brings_both_back_to_the_questions_and_versions_are_kept(
    town: Town,
) -> None:
    have_met(town)
    both_answer(town)
    town.days_pass(0.8)
    town.texts(LUIS, MAIN, "2")
    town.days_pass(1)

    assert SURE in town.phone(ROSA).inbox[-1].body
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "3", "mon 9 am", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "3", "mon 9 am", "2", "2")
    town.days_pass(1)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")

    old, new = plans(town)
    assert (old.version, old.ended_at is not None) == (1, True)
    assert (new.version, new.rhythm, new.in_force) == (2, "month", True)


def test_two_who_let_the_plan_go_by_are_asked_anew_once_both_want_to_change_something(
    town: Town,
) -> None:
    match = have_met(town)
    town.days_pass(1.1)
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1", "Tue 6 pm", "1", "1")
    town.days_pass(12)
    assert [row.state for row in invitations(town, "plan")] == [
        InvitationState.ANSWERED,
        InvitationState.LAPSED,
    ]
    for number in (ROSA, LUIS):
        town.texts(number, MAIN, "MENU", "1")
    with town.db.transaction() as session:
        for due in session.scalars(select(Due).where(Due.kind == DueKind.CALENDAR)):
            due.done_at, due.outcome = town.clock.now(), "left out"
        open_milestone(session, session.get_one(Match, match.id), 90, now=town.clock.now())
    town.settle()
    town.texts(ROSA, MAIN, "1", "3", "4", "0", "2")
    town.texts(LUIS, MAIN, "1", "3", "4", "0", "2")
    town.days_pass(1.1)

    assert SURE in town.phone(ROSA).inbox[-1].body
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "3", "mon 9 am", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "3", "mon 9 am", "2", "2")
    town.days_pass(1)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    (plan,) = plans(town)
    assert (plan.rhythm, plan.in_force) == ("month", True)


def test_who_is_being_asked_for_the_plan_is_not_asked_twice(town: Town) -> None:
    match = have_met(town)
    town.days_pass(1.1)
    with town.db.transaction() as session:
        ask_for_plan(session, session.get_one(Match, match.id), now=town.clock.now())
    assert [row.number for row in invitations(town, "plan")] == [1, 1]


def test_a_plan_counts_until_both_have_agreed_to_another_one(town: Town) -> None:
    match = have_met(town)
    both_answer(town)
    town.days_pass(0.8)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    # The third day asks both whether they have talked.
    town.days_pass(1.2)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    with town.db.transaction() as session:
        ask_for_plan(session, session.get_one(Match, match.id), now=town.clock.now())
    town.settle()
    town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "3", "mon 9 am", "1", "1")
    town.texts(LUIS, MAIN, "See the numbers", "2", "1", "3", "mon 9 am", "2", "2")
    town.days_pass(3)
    assert "Your plan: talk each month" in town.phone(LUIS).inbox[-1].body

    old, proposed = plans(town)
    assert (old.in_force, proposed.in_force) == (True, False)
    (told,) = town.texts(ROSA, PAIRS[0], "PLAN")
    assert "talk every 2 weeks, Tuesday 6 pm" in told

    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    old, agreed = plans(town)
    assert (old.in_force, agreed.in_force) == (False, True)
    (told,) = town.texts(ROSA, PAIRS[0], "PLAN")
    assert "talk each month, Monday 9 am" in told


def test_a_plan_that_one_of_them_did_not_want_is_not_read_back_as_theirs(town: Town) -> None:
    have_met(town)
    both_answer(town)
    town.days_pass(0.8)
    (told,) = town.texts(ROSA, MAIN, "PLAN")
    assert "talk every 2 weeks" in told
    town.texts(LUIS, MAIN, "2")

    (told,) = town.texts(ROSA, PAIRS[0], "PLAN")

    assert told.startswith("You have no plan with Luis yet.")


def test_the_second_part_can_wait_until_tomorrow(town: Town) -> None:
    have_met(town)
    town.days_pass(1.1)
    (said,) = town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "2")[-1:]
    assert "tomorrow" in said.lower()

    town.days_pass(1.1)

    assert "A question is waiting for you." in town.phone(ROSA).inbox[-1].body
    asked = town.texts(ROSA, MAIN, "menu")
    assert "How often should you two talk?" in asked[-1]


def test_after_thirty_days_a_pair_with_a_plan_is_active(town: Town) -> None:
    match = have_met(town)
    both_answer(town)
    town.days_pass(0.8)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")

    town.days_pass(31)

    with town.db.transaction() as session:
        assert session.get_one(Match, match.id).state is MatchState.ACTIVE
        moved = session.scalars(
            select(Transition).where(Transition.entity == "match", Transition.to_state == "active")
        ).one()
        assert (moved.from_state, moved.actor, moved.reason) == (
            "early",
            "system",
            "30 days and a plan",
        )


def test_a_landline_makes_its_plan_by_keypad_in_a_call_of_ours(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    luis = town.person(Role.MENTOR, "Luis", LUIS)
    town.match(rosa, luis)
    caller, callee = town.caller(ROSA), town.caller(LUIS)
    caller.calls(PAIRS[0])
    callee.answers()
    callee.presses("1")
    town.emulator.advance(200)
    caller.hangs_up()
    town.settle()

    # Before their plan they are asked how this first talk went.
    caller = town.until_it_rings(ROSA)
    caller.answers()
    caller.hears("Is this Rosa?")
    goes_through(caller, ("1", "Rosa, thank you for your first talk with Luis"))
    goes_through(caller, ("1", "Did your talk go OK"), ("1", "[call ended]"))
    town.settle()

    caller = town.until_it_rings(ROSA)
    caller.answers()
    caller.hears("Is this Rosa?")
    caller.presses("1")
    caller.hears(SURE)
    caller.presses("3")
    caller.hears(GOAL)
    caller.records("Find ten buyers")
    goes_through(
        caller,
        ("2", "Part 2 has 4 short questions"),
        ("1", "How often should you two talk"),
        ("1", "What day and time is best"),
        ("1", "Which day"),
        ("2", "At what time"),
        ("6#", "morning"),
        ("2", "How soon should a text get an answer"),
        ("1", "If no answer comes by then"),
    )
    caller.presses("2")
    with town.db.transaction() as session:
        (mine,) = session.scalars(
            select(Invitation).where(Invitation.person_id == rosa.id, Invitation.flow == "plan")
        )
        assert mine.state is InvitationState.ANSWERED


def test_a_plan_at_night_is_refused_at_once_in_kind_words(town: Town) -> None:
    have_met(town)
    town.days_pass(1.1)

    said = town.texts(ROSA, MAIN, "3", "Find ten buyers", "2", "1", "1", "Tue 3 am", "Tue 6 pm")

    assert any("We ring from 8 am to 9 pm at each place." in body for body in said)
    assert said[-1].startswith("How soon")

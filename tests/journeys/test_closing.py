"""A match ends well: asked once more, a last talk, a day on which it is closed, a free line."""

from datetime import timedelta

from sqlalchemy import select

from mentoring.calendar.afterwards import survey
from mentoring.calendar.closing import begin_closing, close_by_clock
from mentoring.calendar.lookups import close_key
from mentoring.holds import hold_match, release_match
from mentoring.models import (
    ClosureReason,
    Due,
    DueKind,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    Mode,
    Person,
    Role,
)
from tests.journeys.cast import ELLEN, LUIS, ROSA, person_at
from tests.journeys.ending import (
    close,
    got,
    invitations,
    moves_of,
    now_is,
    state_at,
    text_pair,
)
from tests.journeys.talks import outcomes
from tests.town import MAIN, PAIRS, Town

SURE = (
    "Are you sure that you want to finish this match?"
    " Reply 1 to finish, 2 to keep going, 3 to talk to staff first."
)


def finish(town: Town, match: Match, reason: ClosureReason = ClosureReason.OTHER) -> None:
    """Let staff begin the end of a match."""
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        begin_closing(
            session, row, reason=reason, actor="staff", why="asked by both", now=town.clock.now()
        )
    town.settle()


def test_nobody_gets_tips_for_a_last_talk_that_one_of_the_two_does_not_want(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    before = len(got(town, ROSA)), len(got(town, LUIS))
    town.texts(LUIS, MAIN, "2")

    town.days_pass(2.2)

    told = got(town, ROSA, before[0]) + got(town, LUIS, before[1])
    assert not [words for words in told if "Tips for the last talk" in words]


def test_finish_by_text_is_asked_once_more_and_then_both_are_asked_for_a_last_talk(
    town: Town,
) -> None:
    match = text_pair(town)
    assert town.texts(ROSA, MAIN, "FINISH") == [SURE]
    assert now_is(town, match).state is MatchState.INTRO

    said = town.texts(ROSA, MAIN, "1")

    assert said[0] == (
        "OK. You and Luis finish by Tue, Mar 17. Your line stays open till then."
        " We ask you both about a last talk."
    )
    assert moves_of(town, match)[-1] == ("intro", "closing", "P01")
    assert got(town, LUIS)[-1] == (
        "You and Rosa plan to finish by Tue, Mar 17. Set one last talk for thanks and what is"
        " next. Text a time like Tue 6 pm, or 2 for no last talk."
    )
    town.days_pass(1.1)
    assert [body for body in got(town, LUIS) if body.startswith("Tips for the last talk.")]


def test_a_slip_ends_nothing(town: Town) -> None:
    match = text_pair(town)
    (said,) = town.texts(ROSA, MAIN, "FINISH", "2")[1:]
    assert said == "Good. Your line with Luis stays open. We wish you a good talk."
    assert now_is(town, match).state is MatchState.INTRO


def test_who_would_rather_talk_to_staff_gets_a_call_and_the_match_goes_on(town: Town) -> None:
    match = text_pair(town)
    said = town.texts(ROSA, MAIN, "FINISH", "staff")
    assert said[-1].startswith("OK. Our staff will text or call you by")
    assert town.tasks()[-1].words == f"P01 would like to talk about finishing {match.code}."
    assert now_is(town, match).state is MatchState.INTRO


def test_on_the_pair_line_the_question_comes_from_the_main_line_and_the_partner_sees_nothing(
    town: Town,
) -> None:
    text_pair(town)
    assert town.texts(ROSA, PAIRS[0], "FINISH") == [SURE]
    assert town.phone(ROSA).inbox[-1].peer == MAIN
    assert got(town, LUIS) == []


def test_a_mentor_of_two_tells_which_match_they_mean(town: Town) -> None:
    first = text_pair(town)
    ben = town.person(Role.PROTEGE, "Ben", "+15155550139", mode=Mode.TEXT)
    second = town.match(ben, person_at(town, LUIS))

    (which,) = town.texts(LUIS, MAIN, "FINISH")
    assert which == "With whom do you want to finish? Reply 1 Rosa, 2 Ben."
    town.texts(LUIS, MAIN, "2", "1")

    assert now_is(town, first).state is MatchState.INTRO
    assert now_is(town, second).state is MatchState.CLOSING


def test_finish_by_keys_alone(town: Town) -> None:
    match = text_pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("3")
    rosa.hears("To pause or finish press 3")
    rosa.presses("3")
    rosa.hears("Do you want to pause or to finish?")
    rosa.presses("2")
    rosa.hears("Are you sure that you want to finish this match?")
    rosa.presses("1")
    rosa.hears("You and Luis finish by Tue, Mar 17")
    rosa.hangs_up()
    assert moves_of(town, match)[-1] == ("intro", "closing", "P01")


def test_two_who_finish_at_once_begin_one_end(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "FINISH")
    town.texts(LUIS, MAIN, "FINISH")
    town.phone(ROSA).text(MAIN, "1")
    town.phone(LUIS).text(MAIN, "1")
    town.settle()

    assert [to for _, to, _ in moves_of(town, match)] == ["intro", "closing"]
    assert len(invitations(town, "last_talk")) == 2
    for number in (ROSA, LUIS):
        assert any("finish by Tue, Mar 17" in body for body in got(town, number))


def test_the_first_time_that_one_names_is_the_last_talk_and_each_hears_it_in_their_own_zone(
    town: Town,
) -> None:
    match = text_pair(town, zone="America/New_York")
    finish(town, match)

    said = town.texts(ROSA, MAIN, "Thu 6 pm")

    assert said == ["Your last talk with Luis is Thu, Mar 5 at 6 pm your time."]
    assert got(town, LUIS)[-1] == "Your last talk with Rosa is Thu, Mar 5 at 5 pm your time."
    states = {row.person_id: row.state for row in invitations(town, "last_talk")}
    assert states[person_at(town, LUIS).id] is InvitationState.CANCELLED


def test_who_set_the_last_talk_is_not_told_of_it_again_when_the_other_names_a_time_as_well(
    town: Town,
) -> None:
    finish(town, text_pair(town))
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("Set one last talk")
    said = town.texts(ROSA, MAIN, "Thu 6 pm")

    luis.says("friday at 5 pm")
    luis.presses("1")

    luis.hears("Rosa has set a time already. Your last talk is Thu, Mar 5 at 6 pm your time.")
    assert (
        got(town, ROSA)[-1:]
        == said
        == ["Your last talk with Luis is Thu, Mar 5 at 6 pm your time."]
    )
    assert got(town, ROSA).count(said[0]) == 1


def test_after_the_last_talk_the_match_is_closed_at_once(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    town.texts(ROSA, MAIN, "Thu 6 pm")
    with town.db.transaction() as session:
        session.get_one(Person, person_at(town, LUIS).id).mode = Mode.BOTH
    town.days_pass(2.3)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("1")
    town.emulator.advance(200)
    rosa.hangs_up()
    town.settle()

    town.days_pass(0.2)

    assert outcomes(town, DueKind.LAST_TALK) == ["they have talked"]
    assert moves_of(town, match)[-1] == ("closing", "closed", "system")
    closed_at = now_is(town, match).closed_at
    assert closed_at is not None
    assert closed_at < town.clock.now()


def test_a_last_talk_that_nobody_held_leaves_the_line_open_until_the_clock_closes_it(
    town: Town,
) -> None:
    match = text_pair(town)
    finish(town, match)
    town.texts(ROSA, MAIN, "Thu 6 pm")
    town.days_pass(10)
    assert now_is(town, match).state is MatchState.CLOSING

    town.days_pass(4.1)

    assert now_is(town, match).state is MatchState.CLOSED


def test_who_wants_no_last_talk_leaves_time_for_a_goodbye_by_text(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    (said,) = town.texts(LUIS, MAIN, "2")
    assert said == "That is fine. We will tell Rosa that there is no last talk."
    assert got(town, ROSA)[-1] == (
        "Luis would like no last talk. Your line stays open till Thu, Mar 5."
        " You can still text a goodbye."
    )
    town.texts(ROSA, PAIRS[0], "Goodbye Luis and thank you")
    assert any("Goodbye Luis" in body for body in got(town, LUIS))

    town.days_pass(2.1)

    assert now_is(town, match).state is MatchState.CLOSED


def test_nobody_ever_answers_and_the_match_is_closed_and_both_were_tried(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "FINISH", "1")

    town.days_pass(14.1)

    assert moves_of(town, match) == [
        (None, "intro", "staff"),
        ("intro", "closing", "P01"),
        ("closing", "closed", "system"),
    ]
    town.days_pass(40)
    for flow in ("survey_protege_1", "survey_protege_2", "survey_mentor_1", "survey_mentor_2"):
        assert [row.state for row in invitations(town, flow)] == [InvitationState.LAPSED], flow
    assert (state_at(town, ROSA), state_at(town, LUIS)) == ("alum", "available")
    assert [body for body in got(town, ROSA) if body.startswith("Well done, Rosa!")]


def test_an_answer_that_comes_after_the_end_is_received_kindly(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    town.days_pass(14.1)
    assert now_is(town, match).state is MatchState.CLOSED
    before = len(got(town, ROSA))

    town.texts(ROSA, MAIN, "5")
    answer = town.texts(ROSA, PAIRS[0], "Are you there?")[-1]

    assert "Did you reach your goal?" in got(town, ROSA, before)[0]
    assert answer == (
        "Hello from BridgeLine. This line is not in use for you now."
        " To keep in touch with each other, reply TOUCH. Else text or call 515 555 0100."
    )
    assert not [body for body in got(town, LUIS) if "Are you there?" in body]


def test_a_caller_hears_of_the_closed_line_kindly_and_goes_on_at_the_main_menu(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.texts(ROSA, MAIN, "5", "4", "5", "4", "3", "D")
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("This line is not in use for you now", "You are all set for now")
    rosa.hears_none_of("Luis")


def test_when_the_quarantine_is_over_the_line_serves_the_next_pair(town: Town) -> None:
    match = text_pair(town)
    close(town, match)
    town.days_pass(31)
    rosa, ellen = person_at(town, ROSA), town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)

    fresh = town.match(rosa, ellen)

    assert fresh.line_id == match.line_id
    with town.db.transaction() as session:
        sides = session.scalars(select(MatchSide).where(MatchSide.match_id == match.id)).all()
        assert all(side.released_at is not None for side in sides)
    town.texts(ROSA, PAIRS[0], "Hello Ellen")
    assert any("Hello Ellen" in body for body in got(town, ELLEN))
    assert not [body for body in got(town, LUIS) if "Hello Ellen" in body]


def test_a_hold_while_it_closes_waits_for_staff_and_takes_none_of_its_days(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        hold_match(session, row, actor="staff", reason="a worry", now=town.clock.now())
    town.days_pass(20)
    assert now_is(town, match).state is MatchState.SAFETY_HOLD

    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        for who in ("Charlotte", "Ines"):
            release_match(session, row, actor=who, reason="all is well", now=town.clock.now())
    town.days_pass(13.9)
    assert now_is(town, match).state is MatchState.CLOSING

    town.days_pass(0.2)

    assert now_is(town, match).state is MatchState.CLOSED


def test_ticks_that_come_twice_close_once_and_ask_once(town: Town) -> None:
    match = text_pair(town)
    finish(town, match)
    town.days_pass(14.1)
    with town.db.transaction() as session:
        dues = session.scalars(select(Due).where(Due.dedupe_key == close_key(match.id))).all()
        close_by_clock(session, dues, town.clock.now())
        again = session.scalars(select(Due).where(Due.dedupe_key == f"survey:{match.id}:1")).all()
        survey(session, again, town.clock.now())
    town.settle()

    assert [to for _, to, _ in moves_of(town, match)].count("closed") == 1
    assert len(invitations(town, "survey_protege_1")) == 1
    assert len([body for body in got(town, ROSA) if body.startswith("Well done")]) == 1


def test_two_who_have_not_talked_for_long_finish_for_want_of_contact(town: Town) -> None:
    match = text_pair(town)
    town.days_pass(0.1)
    with town.db.transaction() as session:
        session.get_one(Match, match.id).state = MatchState.ACTIVE
        for due in session.scalars(select(Due).where(Due.done_at.is_(None))):
            due.done_at, due.outcome = town.clock.now(), "left out"
    town.emulator.advance(timedelta(days=48).total_seconds())
    town.ticker.oversee()
    town.settle()
    assert "You and Luis have not talked for a while." in got(town, ROSA)[-1]

    assert town.texts(ROSA, MAIN, "3") == [SURE]
    town.texts(ROSA, MAIN, "1")

    assert now_is(town, match).state is MatchState.CLOSING
    assert now_is(town, match).closure_reason is ClosureReason.NO_CONTACT

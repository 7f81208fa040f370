"""A pause of a protege, a break of a mentor, and how each match is again what it was (3.3)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from mentoring.calendar.pause_days import end_pauses
from mentoring.calendar.pauses import come_back, pause_person
from mentoring.holds import hold_match, release_match
from mentoring.models import Due, DueKind, Match, MatchState, Mode, Person, Role, Transition
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import (
    got,
    moves_of,
    moves_of_person,
    now_is,
    rules,
    state_at,
    text_pair,
)
from tests.town import MAIN, PAIRS, Town

ON_PAUSE = (
    "Your match is on pause till Thu, Apr 2. Nothing is lost."
    " Text MENU to come back sooner, or PERSON for help."
)


def test_pause_by_text_tells_until_when_and_the_mentor_hears_that_it_is_not_about_them(
    town: Town,
) -> None:
    match = text_pair(town)

    assert town.texts(ROSA, MAIN, "PAUSE") == [ON_PAUSE]

    assert moves_of(town, match)[-1] == ("intro", "paused", "P01")
    assert moves_of_person(town, ROSA)[-1] == ("matched", "paused", "P01")
    assert got(town, LUIS) == [
        "Rosa needs a short break till Thu, Apr 2. It is not about you. Nothing is lost."
        " Text PERSON if you need help."
    ]
    assert state_at(town, LUIS) == "active"


def test_asking_twice_for_a_pause_changes_nothing(town: Town) -> None:
    match = text_pair(town)
    assert town.texts(ROSA, MAIN, "PAUSE", "PAUSE") == [ON_PAUSE, ON_PAUSE]
    assert [to for _, to, _ in moves_of(town, match)] == ["intro", "paused"]
    assert len(got(town, LUIS)) == 1


def test_who_is_back_and_pauses_again_on_the_same_day_is_told_of_again(town: Town) -> None:
    text_pair(town)
    for _ in range(2):
        town.texts(ROSA, MAIN, "PAUSE", "MENU", "1")
        town.days_pass(0.01)
    town.texts(ROSA, MAIN, "PAUSE")
    assert [text.split(".")[0] for text in got(town, LUIS)] == [
        "Rosa needs a short break till Thu, Apr 2",
        "Rosa is back",
        "Rosa needs a short break till Thu, Apr 2",
        "Rosa is back",
        "Rosa needs a short break till Thu, Apr 2",
    ]


def test_a_mentor_who_is_back_needs_no_cover_and_the_next_break_is_told_again(town: Town) -> None:
    text_pair(town)
    town.texts(LUIS, MAIN, "PAUSE")
    assert "Want that?" in got(town, ROSA)[-1]
    town.days_pass(0.01)
    town.texts(LUIS, MAIN, "MENU", "1")
    town.days_pass(0.01)
    assert got(town, ROSA)[-1].startswith("Luis is back.")
    town.texts(ROSA, MAIN, "1")
    assert "cover" not in rules(town)

    town.texts(LUIS, MAIN, "PAUSE")

    assert got(town, ROSA)[-1].startswith("Luis needs a short break till Thu, Apr 2.")
    assert "Want that?" in got(town, ROSA)[-1]


def test_on_the_pair_line_the_answer_comes_from_the_main_line(town: Town) -> None:
    text_pair(town)
    assert town.texts(ROSA, PAIRS[0], "pause") == [ON_PAUSE]
    assert town.phone(ROSA).inbox[-1].peer == MAIN


def test_a_pause_by_keys_alone(town: Town) -> None:
    match = text_pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("3")
    rosa.presses("3")
    rosa.hears("To pause for a while press 1")
    rosa.presses("1")
    rosa.hears("Your match is on pause till Thu, Apr 2. Nothing is lost.")
    rosa.hangs_up()
    assert now_is(town, match).state is MatchState.PAUSED


def test_menu_brings_it_back_to_what_it_was_and_the_mentor_hears_of_it(town: Town) -> None:
    match = text_pair(town)
    with town.db.transaction() as session:
        session.get_one(Match, match.id).state = MatchState.EARLY
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(3)

    (question,) = town.texts(ROSA, MAIN, "MENU")
    assert question.startswith("You are on a pause now. Reply 1 to come back, 2 to stay on pause")
    (welcome,) = town.texts(ROSA, MAIN, "1")

    assert welcome == "Welcome back, Rosa! Your pause is over. You are with us again."
    assert moves_of(town, match)[-2:] == [("early", "paused", "P01"), ("paused", "early", "P01")]
    assert moves_of_person(town, ROSA)[-1] == ("paused", "matched", "P01")
    assert got(town, LUIS)[-1].startswith("Rosa is back.")
    with town.db.transaction() as session:
        assert "away_until" not in session.get_one(Person, person_at(town, ROSA).id).profile
    # Nothing of the pause comes after it.
    town.days_pass(40)
    assert len(moves_of_person(town, ROSA)) == 4


def test_whoever_stays_on_pause_hears_until_when_and_all_else_is_the_menu(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    assert town.texts(ROSA, MAIN, "MENU", "2")[-1].startswith("You are on a pause till Thu, Apr 2.")
    assert town.texts(ROSA, MAIN, "MENU", "3")[-1].startswith("Reply 1 to call Luis")
    assert now_is(town, match).state is MatchState.PAUSED


def test_coming_back_by_phone_leads_on_to_the_menu(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("You are on a pause now", "To come back press 1")
    rosa.presses("1")
    rosa.hears("Your pause is over", "To call Luis press 1")
    assert now_is(town, match).state is MatchState.INTRO


def test_on_the_day_it_is_over_by_itself_at_the_same_hour_on_the_wall_though_the_clock_changed(
    town: Town,
) -> None:
    match = text_pair(town)
    # The third of March is winter in Chicago, the second of April is summer.
    town.texts(ROSA, MAIN, "PAUSE")

    town.days_pass(31)

    assert moves_of(town, match)[-1] == ("paused", "intro", "system")
    with town.db.transaction() as session:
        moves = select(Transition).order_by(Transition.id.desc()).limit(1)
        assert session.scalars(moves).one().at == datetime(2026, 4, 2, 14, 0, tzinfo=UTC)
    assert state_at(town, ROSA) == "matched"


def test_while_it_rests_nobody_is_asked_how_it_goes(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(20)
    assert not [body for body in (*got(town, ROSA), *got(town, LUIS)) if "talked or texted" in body]


def test_before_the_end_it_is_asked_whether_the_day_suits_and_longer_is_possible(
    town: Town,
) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    # Five days before is a Saturday, on which nobody is asked anything.
    town.days_pass(28)
    assert got(town, ROSA)[-1] == (
        "Your pause ends on Thu, Apr 2. Reply 1 to come back then, 2 for a longer pause,"
        " 3 to come back now."
    )

    (said,) = town.texts(ROSA, MAIN, "2")

    assert said.startswith("Your match is on pause till Sat, May 2.")
    assert "till Sat, May 2" in got(town, LUIS)[-1]
    town.days_pass(10)
    assert now_is(town, match).state is MatchState.PAUSED


def test_who_has_come_back_and_then_answers_for_a_longer_pause_pauses_anew(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(28)
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        come_back(session, rosa, actor="staff", reason="told us by phone", now=town.clock.now())
    (said,) = town.texts(ROSA, MAIN, "2")
    assert said.startswith("Your match is on pause till ")
    assert now_is(town, match).state is MatchState.PAUSED
    assert rules(town).count("pause") == 0


def test_beyond_the_longest_pause_staff_are_asked(town: Town) -> None:
    match = text_pair(town)
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        pause_person(session, rosa, actor="staff", reason="a birth", days=90, now=town.clock.now())
    town.days_pass(86)
    assert town.texts(ROSA, MAIN, "2")[-1].startswith("OK. Our staff will text or call you by")
    assert rules(town).count("pause") == 1

    town.days_pass(5)

    assert now_is(town, match).state is MatchState.INTRO
    assert "P01 is back after" in [t.words for t in town.tasks() if t.rule == "pause"][-1]


def test_a_break_of_a_mentor_rests_all_their_matches_and_each_protege_may_have_a_cover(
    town: Town,
) -> None:
    first = text_pair(town)
    ben = town.person(Role.PROTEGE, "Ben", "+15155550139", mode=Mode.TEXT)
    second = town.match(ben, person_at(town, LUIS))

    town.texts(LUIS, MAIN, "PAUSE")
    town.settle()

    assert state_at(town, LUIS) == "on_break"
    assert now_is(town, first).state is now_is(town, second).state is MatchState.PAUSED
    asked = (
        "Luis needs a short break till Thu, Apr 2. It is not about you. We can find someone to"
        " cover. Want that? Reply 1 yes, 2 no."
    )
    assert got(town, ROSA) == got(town, "+15155550139") == [asked]
    assert town.texts(ROSA, MAIN, "1")[-1].startswith("OK. Our staff will text or call you by")
    assert town.texts("+15155550139", MAIN, "2") == [
        "Thank you, Ben. That helps us and those who come next."
    ]
    assert [t.words for t in town.tasks() if t.rule == "cover"] == [
        "P01 would like somebody to cover for M01."
    ]
    # After three weeks it is offered to whoever has not asked for it.
    town.days_pass(22)
    assert [t.words for t in town.tasks() if t.rule == "cover"][1:] == [
        "M01 is on a break for over 3 weeks: offer P02 a cover."
    ]
    town.days_pass(10)
    assert state_at(town, LUIS) == "active"
    assert now_is(town, first).state is now_is(town, second).state is MatchState.INTRO


def test_a_match_goes_on_only_when_both_are_back(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(10)
    town.texts(LUIS, MAIN, "PAUSE")
    town.texts(ROSA, MAIN, "MENU", "1")
    assert state_at(town, ROSA) == "matched"
    assert now_is(town, match).state is MatchState.PAUSED

    town.texts(LUIS, MAIN, "MENU", "1")

    assert now_is(town, match).state is MatchState.INTRO
    assert [to for _, to, _ in moves_of(town, match)] == ["intro", "paused", "intro"]


def test_a_hold_in_a_pause_outlasts_it_and_then_the_match_is_what_it_was_before_both(
    town: Town,
) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        hold_match(session, row, actor="staff", reason="a worry", now=town.clock.now())
    town.days_pass(35)
    assert now_is(town, match).state is MatchState.SAFETY_HOLD
    assert state_at(town, ROSA) == "matched"

    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        for who in ("Charlotte", "Ines"):
            release_match(session, row, actor=who, reason="all is well", now=town.clock.now())
    town.days_pass(1.1)

    assert now_is(town, match).state is MatchState.INTRO


def test_nobody_is_asked_anything_on_hold_and_after_it_they_are(town: Town) -> None:
    match = text_pair(town)
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        hold_match(session, row, actor="staff", reason="a worry", now=town.clock.now())
    town.days_pass(12)
    assert got(town, ROSA) == got(town, LUIS) == []

    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        for who in ("Charlotte", "Ines"):
            state = release_match(session, row, actor=who, reason="well", now=town.clock.now())
    assert state is MatchState.INTRO
    town.days_pass(5)

    assert any("BridgeLine check-in" in body for body in got(town, ROSA))


def test_a_return_that_comes_twice_moves_once(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.days_pass(31)
    with town.db.transaction() as session:
        dues = session.scalars(select(Due).where(Due.kind == DueKind.RETURN)).all()
        end_pauses(session, dues, town.clock.now())
    assert [to for _, to, _ in moves_of(town, match)] == ["intro", "paused", "intro"]


def test_who_waits_for_a_mentor_can_pause_too(town: Town) -> None:
    town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    (said,) = town.texts(ROSA, MAIN, "PAUSE")
    assert said.startswith("You are on a pause till Thu, Apr 2.")
    town.days_pass(31)
    assert moves_of_person(town, ROSA)[-2:] == [
        ("waiting", "paused", "P01"),
        ("paused", "waiting", "system"),
    ]


def test_finish_in_a_pause_closes_and_the_pause_ends_without_a_match(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE", "FINISH", "1")
    town.days_pass(15)
    assert now_is(town, match).state is MatchState.CLOSED
    town.days_pass(20)
    assert state_at(town, ROSA) == "alum"


def test_a_stranger_who_texts_pause_is_brought_to_staff(town: Town) -> None:
    said = town.texts("+15155550177", MAIN, "PAUSE")
    assert said[-1].startswith("OK. Our staff will text or call you by")
    assert town.clock.now() - town.tasks()[-1].opened_at < timedelta(minutes=1)


def test_who_waits_for_a_mentor_is_asked_before_the_pause_ends_as_well(town: Town) -> None:
    town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    assert town.texts(ROSA, MAIN, "PAUSE")[0].startswith("You are on a pause till Thu, Apr 2.")
    before = len(got(town, ROSA))

    town.days_pass(29, until=lambda: len(got(town, ROSA)) > before)

    (asked,) = got(town, ROSA, before)
    assert asked.startswith("Your pause ends on")
    assert town.texts(ROSA, MAIN, "3")[0].startswith("Welcome back, Rosa!")
    assert state_at(town, ROSA) == "waiting"

"""A suspension: nothing automated goes out, and who is released goes on as things stand now."""

from datetime import timedelta

from mentoring.calendar.closing import begin_closing
from mentoring.lines import main_line
from mentoring.matches import close_match
from mentoring.models import (
    ClosureReason,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Match,
    Mode,
    Person,
    Role,
    StaffTask,
)
from mentoring.queueing import queue_text
from mentoring.suspensions import release_person, suspend_person
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import (
    agree_on_tuesdays,
    got,
    invitations,
    moves_of,
    moves_of_person,
    now_is,
    state_at,
    text_pair,
)
from tests.journeys.talks import ASKED, HOUR, THURSDAY, planned, until
from tests.journeys.test_check_in_calls import landline_pair
from tests.journeys.test_first_talks import become_a_match, talks
from tests.town import MAIN, PAIRS, Town


def suspend(town: Town, number: str = ROSA) -> None:
    """Staff suspend somebody."""
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, number).id)
        suspend_person(session, person, actor="staff", reason="a worry", now=town.clock.now())


def release(town: Town, number: str = ROSA) -> str:
    """A lead lifts the suspension; returns the state in words."""
    with town.db.transaction() as session:
        person = session.get_one(Person, person_at(town, number).id)
        return release_person(
            session, person, actor="staff", reason="talked with them", now=town.clock.now()
        ).value


def task(town: Town) -> StaffTask:
    """Return the newest task about a suspension."""
    return [each for each in town.tasks() if each.rule == "suspension"][-1]


def test_a_pause_that_ran_out_meanwhile_is_over_on_release_and_not_before(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    suspend(town)

    town.days_pass(40)

    assert state_at(town, ROSA) == "suspended"
    assert moves_of(town, match)[-1] == ("intro", "paused", "P01")

    assert release(town) == "matched"
    assert moves_of_person(town, ROSA)[-2:] == [
        ("suspended", "paused", "staff"),
        ("paused", "matched", "system"),
    ]
    assert moves_of(town, match)[-1] == ("paused", "intro", "system")
    assert "away_until" not in person_at(town, ROSA).profile


def test_a_pause_that_still_runs_goes_on_after_the_release_to_its_day(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    suspend(town)
    town.days_pass(10)

    assert release(town) == "paused"
    town.days_pass(21)

    # They come back to what they were before the pause, and not to the suspension.
    assert moves_of_person(town, ROSA)[-1] == ("paused", "matched", "system")
    assert moves_of(town, match)[-1] == ("paused", "intro", "system")


def test_who_only_waited_comes_back_to_the_list_after_a_suspended_pause(town: Town) -> None:
    town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    town.texts(ROSA, MAIN, "PAUSE")
    suspend(town)
    town.days_pass(5)
    assert release(town) == "paused"
    town.days_pass(27)
    assert state_at(town, ROSA) == "waiting"


def test_the_other_who_comes_back_does_not_wake_the_match_of_one_who_rests_under_a_hold(
    town: Town,
) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "PAUSE")
    town.texts(LUIS, MAIN, "PAUSE")
    suspend(town)
    town.texts(LUIS, MAIN, "MENU", "1")
    assert state_at(town, LUIS) == "active"
    assert now_is(town, match).state.value == "paused"


def test_who_has_no_match_any_more_is_free_after_the_release(town: Town) -> None:
    match = text_pair(town)
    suspend(town)
    with town.db.transaction() as session:
        begun = session.get_one(Match, match.id)
        begin_closing(
            session,
            begun,
            reason=ClosureReason.OTHER,
            actor="staff",
            why="other",
            now=town.clock.now(),
        )
        close_match(session, begun, reason=ClosureReason.OTHER, actor="staff", now=town.clock.now())
    assert release(town) == "alum"


def test_the_task_about_it_ends_with_the_release(town: Town) -> None:
    text_pair(town)
    suspend(town)
    assert task(town).done_at is None
    release(town)
    # Why is kept in the history alone, where not everybody reads it.
    assert task(town).outcome == "lifted"
    town.pass_time(60)
    suspend(town)
    assert task(town).done_at is None


def test_nothing_automated_reaches_the_suspended(town: Town) -> None:
    text_pair(town)
    with town.db.transaction() as session:
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        queued = queue_text(
            session,
            "Your talk is tomorrow.",
            to=rosa.phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key="a notice from before",
            person=rosa,
            not_before=town.clock.now() + timedelta(hours=1),
            now=town.clock.now(),
        )
        assert queued is not None
    suspend(town)
    before = len(got(town, ROSA))

    town.days_pass(40)

    assert got(town, ROSA)[before:] == []
    with town.db.transaction() as session:
        assert session.get_one(Delivery, queued).status is DeliveryStatus.BLOCKED
    assert town.phone(ROSA).ringing is None


def test_a_talk_is_promised_with_nobody_who_is_suspended(town: Town) -> None:
    become_a_match(town)
    suspend(town, LUIS)
    assert task(town).words == "M01 is suspended. Call them, and decide how it goes on."

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said.startswith("OK. Our staff will text or call you by ")
    assert talks(town) == [("Wed 23:00", "proposed")]
    assert town.tasks()[-1].words == (
        "P01 answered about their talk with M01, who is suspended. Tell them how it goes on."
    )


def test_staff_are_told_whose_talk_is_off_with_it(town: Town) -> None:
    become_a_match(town)
    town.texts(ROSA, MAIN, "1")

    suspend(town, LUIS)

    assert task(town).words.endswith(" Call P01 too: a talk of theirs is off meanwhile.")
    before = got(town, ROSA)
    town.days_pass(1.5)
    # Nobody reminds her of it.
    assert got(town, ROSA) == before


def test_both_are_reminded_of_a_talk_after_all_once_he_is_back(town: Town) -> None:
    planned(town)
    until(town, THURSDAY - 25 * HOUR)
    suspend(town, LUIS)
    until(town, THURSDAY - 22 * HOUR)
    assert ASKED not in got(town, ROSA)

    release(town, LUIS)
    until(town, THURSDAY - 21 * HOUR)

    assert ASKED in got(town, ROSA)
    assert ASKED.replace("Luis", "Rosa") in got(town, LUIS)


def is_watched_for(town: Town, days: int) -> None:
    """Let days pass under the eye of the oversight."""
    for _ in range(0, days, 3):
        town.days_pass(3)
        town.ticker.oversee()


def opened(town: Town) -> list[str]:
    """Return which rules have opened an alert, and what staff are to do about the pair."""
    return sorted({each.rule for each in town.tasks()} - {"suspension"})


def test_who_is_left_without_their_mentor_is_asked_nothing_about_him_nor_called_silent(
    town: Town,
) -> None:
    match = text_pair(town)
    agree_on_tuesdays(town, match)
    town.days_pass(1)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    town.texts(ROSA, PAIRS[0], "How are you?")
    suspend(town, LUIS)
    before = got(town, ROSA)

    # Over the check-ins of days 3, 14, 30 and 60, the questions of day 90, and every silence.
    is_watched_for(town, 100)

    assert got(town, ROSA) == before
    assert opened(town) == []


def test_once_he_is_back_both_are_asked_and_no_silence_reaches_back_over_it(town: Town) -> None:
    match = text_pair(town)
    agree_on_tuesdays(town, match)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    suspend(town, LUIS)
    is_watched_for(town, 100)
    assert invitations(town, "milestone") == []

    release(town, LUIS)
    is_watched_for(town, 9)

    assert got(town, ROSA)[1].startswith("Right now, how sure are you"), "their plan comes first"
    assert len(invitations(town, "milestone")) == 2
    assert opened(town) == ["support call"]
    is_watched_for(town, 15)
    assert "O2" in opened(town), "from now on a silence counts again"


def test_a_first_talk_that_staff_stand_in_the_way_of_is_missed_by_nobody(town: Town) -> None:
    town.match(town.person(Role.PROTEGE, "Rosa", ROSA), town.person(Role.MENTOR, "Luis", LUIS))
    suspend(town, LUIS)
    is_watched_for(town, 40)
    assert got(town, ROSA) == []
    assert opened(town) == []


def test_a_check_in_that_waits_for_her_is_not_asked_once_he_is_suspended(town: Town) -> None:
    landline_pair(town)
    town.days_pass(2.9)
    suspend(town, LUIS)
    town.days_pass(30)
    assert town.phone(ROSA).calls == []

    release(town, LUIS)

    town.until_it_rings(ROSA, days=40)


def test_who_picks_up_while_he_is_suspended_is_asked_nothing_about_him(town: Town) -> None:
    landline_pair(town)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    rosa.hears("Is this Rosa?")
    suspend(town, LUIS)

    rosa.presses("1")

    rosa.hears("I have nothing to ask", "Goodbye")
    rosa.hears_none_of("Luis")


def test_a_term_waits_for_who_is_suspended_and_the_match_does_not_end_by_silence(
    town: Town,
) -> None:
    match = text_pair(town)
    town.days_pass(160)
    suspend(town, LUIS)
    before = got(town, ROSA)

    town.days_pass(60)

    assert got(town, ROSA) == before
    assert now_is(town, match).state.value == "intro"

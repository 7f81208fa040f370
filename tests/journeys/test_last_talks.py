"""The last talk of a match that is closing: reminded, rung and moved like any other talk."""

from datetime import timedelta

import pytest

from mentoring.calendar.closing import begin_closing
from mentoring.calendar.pauses import come_back, pause_person
from mentoring.models import (
    ClosureReason,
    DueKind,
    Match,
    MatchState,
    Mode,
    Person,
    PersonState,
    Role,
)
from tests.journeys.cast import LUIS, ROSA, hold, person_at
from tests.journeys.ending import moves_of, now_is
from tests.journeys.talks import (
    ASKED,
    HOUR,
    MISSED,
    THURSDAY,
    drop_the_zone,
    got,
    is_rung,
    local,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    talk_for,
    talks,
    until,
)
from tests.journeys.test_suspensions import suspend
from tests.town import MAIN, Town

FRIDAY = THURSDAY + timedelta(days=1)


def closing(town: Town, **luis: object) -> Match:
    """Rosa and Luis, whose match begins to close on Tuesday at 11."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, **luis))  # type: ignore[arg-type]
    finish(town, match)
    return match


def finish(town: Town, match: Match) -> None:
    with town.db.transaction() as session:
        begin_closing(
            session,
            session.get_one(Match, match.id),
            reason=ClosureReason.GOAL_MET,
            actor="staff",
            why="asked by both",
            now=town.clock.now(),
        )
    town.settle()


RUNG = " We will ring you then."


def on_thursday(town: Town, and_then: str = RUNG) -> None:
    """Rosa names the slot of Thursday."""
    (said,) = town.texts(ROSA, MAIN, "Thu 4 pm")
    assert said == f"Your last talk with Luis is Thu, Mar 5 at 4 pm your time.{and_then}"


def test_both_are_reminded_and_rung_and_the_match_is_closed_after_it(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    assert states(town) == [("Thu Mar 05 16:00", "planned")]

    until(town, THURSDAY - 23 * HOUR)
    assert ASKED in got(town, ROSA)
    assert ASKED.replace("Luis", "Rosa") in got(town, LUIS)
    assert town.texts(ROSA, MAIN, "1") == ["Good. We will ring you at 4 pm."]
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    town.settle()
    luis = is_rung(town, LUIS)
    luis.presses("1")
    talk_for(town, rosa, luis)
    until(town, THURSDAY + 2 * HOUR)

    assert states(town) == [("Thu Mar 05 16:00", "held")]
    assert outcomes(town, DueKind.LAST_TALK) == ["they have talked"]
    assert moves_of(town, match)[-1] == ("closing", "closed", "system")


def test_the_other_one_moves_it_by_reply_and_the_match_waits_for_the_new_time(town: Town) -> None:
    match = closing(town)
    on_thursday(town)
    until(town, THURSDAY - 23 * HOUR)

    said = town.texts(LUIS, MAIN, "2", "Fri 4 pm")

    assert "Fri, Mar 6 at 4 pm" in said[-1]
    assert "Luis asked for a new time. Your talk is now Fri, Mar 6 at 4 pm" in got(town, ROSA)[-1]
    assert states(town) == [("Thu Mar 05 16:00", "moved"), ("Fri Mar 06 16:00", "planned")]
    until(town, THURSDAY + 3 * HOUR)
    assert outcomes(town, DueKind.LAST_TALK) == ["the talk was moved", None]
    until(town, FRIDAY)
    luis = is_rung(town, LUIS)
    luis.presses("1")
    luis.hears("I am calling Rosa now")
    town.settle()
    rosa = is_rung(town, ROSA)
    rosa.presses("1")
    talk_for(town, luis, rosa)
    until(town, FRIDAY + 2 * HOUR)
    assert now_is(town, match).state is MatchState.CLOSED


def test_it_cannot_be_moved_to_after_the_end(town: Town) -> None:
    closing(town)
    town.days_pass(8)
    (said,) = town.texts(ROSA, MAIN, "Mon 4 pm")
    assert said == "Your last talk with Luis is Mon, Mar 16 at 4 pm your time." + RUNG
    town.days_pass(4.5)

    said = town.texts(LUIS, MAIN, "2", "Tue 4 pm")[-1]

    assert said.startswith("OK. Our staff will text or call you by")
    assert states(town) == [("Mon Mar 16 16:00", "reminded")]
    assert [task.words for task in town.tasks() if task.rule == "last talk"] == [
        "M01 would move the last talk to after the end. Find another time."
    ]


def test_where_one_reads_texts_only_both_are_told_the_time_a_day_before(town: Town) -> None:
    closing(town, mode=Mode.TEXT)
    on_thursday(town, and_then="")

    until(town, THURSDAY - 23 * HOUR)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        assert f"You and {other} plan to be in touch Thu, Mar 5 at 4 pm" in got(town, number)[-1]


def test_a_time_at_night_or_in_the_past_is_asked_for_again(town: Town) -> None:
    closing(town, zone="Pacific/Honolulu")

    said = town.texts(ROSA, MAIN, "Thu 9 am")
    assert said[0].startswith("At that time it is early or late for one of you.")
    assert "Set one last talk" in said[1]
    said = town.texts(ROSA, MAIN, "today 8 am")
    assert said[0].startswith("That time is too close, or it has passed.")
    assert states(town) == []

    on_thursday(town)


def test_a_talk_of_the_plan_at_that_very_time_becomes_the_last_one(town: Town) -> None:
    match = planned(town)
    finish(town, match)

    on_thursday(town)

    assert states(town) == [("Thu Mar 05 16:00", "planned")]
    assert talks(town)[0].is_last
    until(town, THURSDAY + 2 * HOUR)
    assert outcomes(town, DueKind.LAST_TALK) == ["they have not talked"]


def test_when_nobody_came_both_hear_that_it_is_all_right_and_the_line_stays_open(
    town: Town,
) -> None:
    match = closing(town)
    on_thursday(town)

    until(town, THURSDAY + HOUR)

    assert (got(town, ROSA)[-1], states(town)) == (MISSED, [("Thu Mar 05 16:00", "missed")])
    assert now_is(town, match).state is MatchState.CLOSING


def test_without_a_known_zone_staff_set_it_or_tell_of_it(town: Town) -> None:
    closing(town)
    drop_the_zone(town, LUIS)
    before = got(town, LUIS)

    assert town.texts(LUIS, MAIN, "Thu 4 pm")[-1].startswith("OK. Our staff will text or call")
    assert states(town) == []
    on_thursday(town)

    assert got(town, LUIS)[len(before) + 1 :] == []
    assert [task.words for task in town.tasks() if task.rule in ("tell", "last talk")] == [
        "M01 would like a last talk. Their zone is not known: set it.",
        "Tell M01 by phone: the last talk in K01 is on Thu, Mar 5 at 4 pm by our clocks;"
        " their zone is not known.",
    ]


def test_staff_tell_who_takes_no_texts_of_it_before_its_time(town: Town) -> None:
    closing(town, mode=Mode.VOICE, landline=True, texts=False)

    (said,) = town.texts(ROSA, MAIN, "tomorrow 8 am")

    assert said.startswith("Your last talk with Luis is Wed, Mar 4 at 8 am your time.")
    (task,) = [task for task in town.tasks() if task.rule == "tell"]
    assert local(task.due_at) == "Wed Mar 04 07:00"


def wish(town: Town) -> str:
    """Return what staff are asked to do about the last talk."""
    (task,) = [task for task in town.tasks() if task.rule == "last talk"]
    return task.words


@pytest.mark.parametrize(
    ("answer", "wanted"), [("Thu 4 pm", "would like a last talk"), ("2", "wants no last talk")]
)
@pytest.mark.parametrize("now_on_hold", [True, False])
def test_an_answer_in_a_match_that_is_not_ending_any_more_goes_to_staff(
    town: Town, answer: str, wanted: str, now_on_hold: bool
) -> None:
    match = closing(town)
    hold(town)
    if not now_on_hold:
        with town.db.transaction() as session:
            session.get_one(Match, match.id).state = MatchState.ACTIVE

    (said,) = town.texts(ROSA, MAIN, answer)

    assert said.startswith("OK. Our staff will text or call you by")
    why = "on hold" if now_on_hold else "no longer closing"
    assert wish(town) == f"P01 {wanted}, but the match is {why}."


def test_no_last_talk_is_promised_with_somebody_who_is_suspended(town: Town) -> None:
    closing(town)
    suspend(town, LUIS)

    (said,) = town.texts(ROSA, MAIN, "Thu 4 pm")

    assert said.startswith("OK. Our staff will text or call you by")
    assert wish(town) == "P01 would like a last talk with M01, who is suspended."
    assert states(town) == []


def away_till_friday(town: Town, who: str) -> None:
    person_id = person_at(town, who).id
    with town.db.transaction() as session:
        person = session.get_one(Person, person_id)
        pause_person(session, person, actor="staff", reason="a trip", days=3, now=town.clock.now())


@pytest.mark.parametrize("who", [ROSA, LUIS])
def test_no_talk_is_set_for_a_time_when_one_of_the_two_is_away(town: Town, who: str) -> None:
    closing(town)
    away_till_friday(town, who)

    taken, again, set_ = town.texts(ROSA, MAIN, "Thu 4 pm", "Fri 4 pm")

    assert taken == "At that time one of you is not free."
    assert "Set one last talk" in again
    assert set_ == f"Your last talk with Luis is Fri, Mar 6 at 4 pm your time.{RUNG}"
    assert states(town) == [("Fri Mar 06 16:00", "planned")]


def reminders_of_friday(town: Town, number: str, at: str) -> list[str]:
    news = f" is Fri, Mar 6 at {at} your time. Call this number then"
    return [local(text.at) for text in town.phone(number).inbox if news in text.body]


@pytest.mark.parametrize("at", ["4 pm", "9:30 am"])
def test_of_a_talk_on_the_day_of_the_return_both_are_reminded_on_the_return(
    town: Town, at: str
) -> None:
    closing(town)
    away_till_friday(town, LUIS)
    town.texts(ROSA, MAIN, f"Fri {at}")

    until(town, FRIDAY)

    assert reminders_of_friday(town, ROSA, at) == ["Fri Mar 06 09:00"]
    assert reminders_of_friday(town, LUIS, at) == ["Fri Mar 06 09:00"]


def test_who_is_back_before_the_day_that_was_told_is_reminded_soon_after(town: Town) -> None:
    closing(town)
    away_till_friday(town, LUIS)
    town.texts(ROSA, MAIN, "Fri 4 pm")
    until(town, THURSDAY + HOUR)

    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        come_back(session, luis, actor="staff", reason="he is back", now=town.clock.now())
    until(town, THURSDAY + 2 * HOUR)

    assert reminders_of_friday(town, ROSA, "4 pm") == ["Thu Mar 05 17:15"]


def test_staff_tell_who_lives_where_no_clock_knows_that_the_talk_is_off(town: Town) -> None:
    closing(town)
    on_thursday(town)
    drop_the_zone(town, LUIS)

    town.texts(ROSA, MAIN, "PAUSE")

    assert not any("is off" in body for body in got(town, LUIS))
    (task,) = [task for task in town.tasks() if task.rule == "tell"]
    assert task.words == (
        "Tell M01 by phone: their talk on Thu, Mar 5 at 4 pm by our clocks is off for a pause of"
        " P01. Their zone is not known."
    )


def test_what_both_were_reminded_of_is_called_off_by_a_pause_as_well(town: Town) -> None:
    match = planned(town)
    until(town, THURSDAY - 23 * HOUR)
    finish(town, match)

    town.texts(LUIS, MAIN, "PAUSE")

    assert got(town, ROSA)[-1].startswith("Luis needs a short break till Fri, Apr 3. So your talk")
    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    (said,) = town.texts(ROSA, MAIN, "1")
    assert "ring you" not in said


def test_a_talk_that_has_begun_is_not_said_to_be_off(town: Town) -> None:
    match = planned(town)
    rosa_wants_to_be_rung(town)
    finish(town, match)
    until(town, THURSDAY + HOUR / 6)
    before = len(got(town, ROSA))

    town.texts(LUIS, MAIN, "PAUSE")

    assert not any("is off" in body for body in got(town, ROSA, before))


def test_who_answers_while_the_other_one_goes_on_a_break_is_promised_no_ring(town: Town) -> None:
    """Their answer is taken before the talk has been called off."""
    closing(town)
    on_thursday(town)
    until(town, THURSDAY - 23 * HOUR)
    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        luis.state, luis.profile = PersonState.ON_BREAK, {"away_until": "2026-04-02"}

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said.startswith("OK. Our staff will text or call you by")
    assert [task.words for task in town.tasks() if task.rule == "talk"] == [
        "P01 counts on a talk at which one of the two is on a pause. Find another time with both."
    ]


def test_who_counts_on_it_hears_that_a_pause_of_the_other_one_takes_it_away(town: Town) -> None:
    closing(town)
    on_thursday(town)

    town.texts(LUIS, MAIN, "PAUSE")

    assert got(town, ROSA)[-1] == (
        "Luis needs a short break till Thu, Apr 2. So your talk Thu, Mar 5 at 4 pm is off. It is"
        " not about you. Our staff will help to find another time."
    )
    assert states(town) == [("Thu Mar 05 16:00", "cancelled")]
    assert wish(town) == (
        "A talk of K01, which is to end, was called off: M01 was on a pause at its time. Find"
        " another time with both."
    )
    until(town, THURSDAY + HOUR)
    assert town.phone(ROSA).calls == []

"""Check-ins: asked on their day, in the person's own hours, along a ladder, until they answer."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from mentoring.matches import close_match, move_match
from mentoring.models import (
    Answer,
    ClosureReason,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Mode,
    Person,
    PersonState,
    Role,
)
from mentoring.people import move_person
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.town import MAIN, Town

CHICAGO = ZoneInfo("America/Chicago")
FIRST = "Have you and Luis talked or texted yet?"
START = "BridgeLine check-in: 4 short questions"
THANKS = "Thank you, Rosa. That helps. If something comes up, text WORRY or call 515 555 0100."


def text_pair(town: Town, **rosa_is: object) -> Match:
    """Rosa and Luis, who both like to text; further facts are hers."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT, **rosa_is)  # type: ignore[arg-type]
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    return town.match(rosa, luis)


def got(town: Town, number: str, after: int = 0) -> list[tuple[str, str]]:
    """Return the texts that somebody got, each with its day and hour in Chicago."""
    return [
        (f"{text.at.astimezone(CHICAGO):%a %b %d %H:%M}", text.body)
        for text in town.phone(number).inbox[after:]
    ]


def of_rosa(town: Town) -> list[Invitation]:
    with town.db.transaction() as session:
        mine = Invitation.person_id == person_at(town, ROSA).id
        return list(session.scalars(select(Invitation).where(mine).order_by(Invitation.id)))


def answers(town: Town) -> dict[str, str | None]:
    with town.db.transaction() as session:
        return {row.question: row.value for row in session.scalars(select(Answer))}


def change(town: Town, number: str, **facts: object) -> None:
    """Let somebody's facts be others from now on."""
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        person = session.get_one(Person, person_id)
        for name, value in facts.items():
            setattr(person, name, value)


def test_on_day_three_both_are_asked_whether_they_have_talked(town: Town) -> None:
    text_pair(town)
    town.days_pass(2.9)
    assert got(town, ROSA) == []

    town.days_pass(0.2)

    ((when, asked),) = got(town, ROSA)
    assert (when, FIRST in asked) == ("Fri Mar 06 11:00", True)
    assert "Have you and Rosa talked" in got(town, LUIS)[0][1]
    assert town.texts(ROSA, MAIN, "2") == [THANKS]
    assert answers(town) == {"CKA": "not_yet"}
    assert [row.state for row in of_rosa(town)] == [InvitationState.ANSWERED]


def test_who_has_answered_is_asked_no_more_and_no_member_of_staff_is_bothered(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "yes we did")
    before = len(got(town, ROSA))

    town.days_pass(10)

    assert len(got(town, ROSA)) == before
    assert [task.rule for task in town.tasks() if task.person_id == person_at(town, ROSA).id] == []


def test_without_an_answer_two_reminders_come_and_then_a_person(town: Town) -> None:
    text_pair(town)

    town.days_pass(12)

    assert [(when, body[:30]) for when, body in got(town, ROSA)] == [
        ("Fri Mar 06 11:00", "Have you and Luis talked or te"),
        # Two days later is a Sunday, on which nobody is asked anything.
        ("Mon Mar 09 09:00", "A question is waiting for you."),
        ("Tue Mar 10 12:00", "A question is waiting for you."),
    ]
    (task,) = [t for t in town.tasks() if t.person_id == person_at(town, ROSA).id]
    assert (task.rule, task.words) == (
        "check-in",
        "P01 has not answered the first check-in. Please call or text.",
    )
    assert [row.state for row in of_rosa(town)] == [InvitationState.LAPSED]


def test_a_late_answer_lands_on_its_own_question(town: Town) -> None:
    text_pair(town)
    town.days_pass(12)

    assert town.texts(ROSA, MAIN, "3") == [THANKS]

    assert answers(town) == {"CKA": "tried"}


def test_a_check_in_is_four_questions_and_each_answer_is_kept_at_once(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    assert START in got(town, ROSA)[-1][1]

    asked = town.texts(ROSA, MAIN, "1", "4 out of 5", "about right", "yes", "2")

    assert [body[:24] for body in asked] == [
        "How is it going with Lui",
        "Is the amount of contact",
        "Are you closer to your g",
        "Would you like a call fr",
        "Thank you, Rosa. That he",
    ]
    assert answers(town) == {
        "CKA": "yes",
        "CK0": "start",
        "CK1": "4",
        "CK2": "right",
        "CK3": "yes",
        "CK4": "no",
    }


def test_the_reminder_of_a_check_in_that_was_begun_asks_the_question_that_is_open(
    town: Town,
) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    town.texts(ROSA, MAIN, "1", "4")
    before = len(got(town, ROSA))

    town.days_pass(2.1)

    ((_, reminder),) = got(town, ROSA, before)
    assert reminder.startswith("A question is waiting for you.")
    assert "Is the amount of contact right?" in reminder
    town.texts(ROSA, MAIN, "2")
    assert answers(town)["CK1"] == "4"
    assert answers(town)["CK2"] == "right"


def test_a_check_in_that_made_room_for_something_else_comes_back_where_it_stood(
    town: Town,
) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    town.texts(ROSA, MAIN, "1", "4")
    town.texts(ROSA, MAIN, "FINISH", "2")
    before = len(got(town, ROSA))

    town.days_pass(2.1)

    ((_, reminder),) = got(town, ROSA, before)
    assert "Is the amount of contact right?" in reminder
    town.texts(ROSA, MAIN, "2")
    assert (answers(town)["CK1"], answers(town)["CK2"]) == ("4", "right")


def test_a_try_that_had_to_wait_for_long_is_not_followed_at_once_by_the_next(town: Town) -> None:
    match = text_pair(town)
    was = match.state
    town.days_pass(3.1)
    # While the match rests, none of the reminders can come.
    _move(town, match, MatchState.PAUSED)
    town.days_pass(6)
    _move(town, match, was)
    before = len(got(town, ROSA))

    town.days_pass(6)

    days = [when[:10] for when, body in got(town, ROSA, before) if "waiting for you" in body]
    assert len(days) == 2
    assert days[0] != days[1]


def test_half_a_check_in_is_kept_when_the_rest_never_comes(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    town.texts(ROSA, MAIN, "1", "2")

    town.days_pass(9)

    assert [row.state for row in of_rosa(town)][-1] is InvitationState.LAPSED
    assert answers(town)["CK1"] == "2"


def test_who_asks_for_later_is_reminded_by_the_ladder(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)
    (said,) = town.texts(ROSA, MAIN, "2")
    assert said.startswith("No rush.")

    town.days_pass(2.2)

    assert "short check-in is waiting" in got(town, ROSA)[-1][1]
    town.texts(ROSA, MAIN, "1", "5")
    assert answers(town)["CK1"] == "5"


def test_who_wishes_for_a_call_hears_by_when_and_staff_get_it_at_once(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    town.texts(ROSA, MAIN, "1")
    town.days_pass(11)

    said = town.texts(ROSA, MAIN, "1", "1", "1", "3", "1")

    assert said[-1].startswith("OK. Our staff will text or call you by")
    (task,) = [t for t in town.tasks() if t.rule == "O8"]
    assert task.words == "P01 would like a call (check-in)."


def test_a_check_in_comes_in_the_hours_that_the_person_chose(town: Town) -> None:
    text_pair(town)
    change(town, ROSA, profile={"hours": "3"})

    town.days_pass(4)

    assert [when for when, _ in got(town, ROSA)] == ["Fri Mar 06 17:00"]


def test_evening_people_are_asked_by_day_where_check_ins_end_at_five(town: Town) -> None:
    town.db.programme = replace(town.db.programme, check_in_until=time(17))
    text_pair(town)
    change(town, ROSA, profile={"hours": "3"})

    town.days_pass(12)

    texts = [when for when, _ in got(town, ROSA)]
    assert texts == ["Fri Mar 06 11:00", "Mon Mar 09 09:00", "Tue Mar 10 12:00"]
    lapsed = {task.words for task in town.tasks() if task.rule == "check-in"}
    assert "P01 has not answered the first check-in. Please call or text." in lapsed


def test_the_hours_are_those_of_the_persons_own_zone(town: Town) -> None:
    text_pair(town, zone="Pacific/Honolulu")

    town.days_pass(3.5)

    # Nine in the morning in Honolulu.
    assert [when for when, _ in got(town, ROSA)] == ["Fri Mar 06 13:00"]


def test_a_person_without_a_zone_is_asked_nothing_until_staff_have_found_it_out(
    town: Town,
) -> None:
    text_pair(town)
    change(town, ROSA, zone=None)
    town.days_pass(5)
    assert got(town, ROSA) == []
    assert [t.rule for t in town.tasks()].count("zone") == 1

    change(town, ROSA, zone="America/Chicago")
    town.days_pass(3)

    assert FIRST in got(town, ROSA)[0][1]


def test_in_a_pause_nobody_is_asked_and_after_it_they_are(town: Town) -> None:
    match = text_pair(town)
    _move(town, match, MatchState.PAUSED)
    town.days_pass(10)
    assert got(town, ROSA) == got(town, LUIS) == []

    _move(town, match, MatchState.INTRO)
    town.days_pass(5)

    assert START in got(town, ROSA)[0][1]


def test_when_a_match_is_closed_its_questions_stop(town: Town) -> None:
    match = text_pair(town)
    town.days_pass(3.1)
    with town.db.transaction() as session:
        close_match(
            session,
            session.get_one(Match, match.id),
            reason=ClosureReason.MOVED_TO_TRAINING,
            actor="staff",
            now=town.clock.now(),
        )
    before = len(got(town, ROSA))

    town.days_pass(30)

    assert not [body for _, body in got(town, ROSA, before) if FIRST in body or START in body]
    assert of_rosa(town)[0].state is InvitationState.CANCELLED


def test_somebody_who_has_left_is_asked_nothing(town: Town) -> None:
    text_pair(town)
    person_id = person_at(town, ROSA).id
    with town.db.transaction() as session:
        person = session.get_one(Person, person_id)
        move_person(
            session, person, PersonState.EXITED, actor="staff", reason="left", now=town.clock.now()
        )

    town.days_pass(5)

    assert got(town, ROSA) == []


def test_where_others_may_read_a_text_it_only_says_that_a_question_waits(town: Town) -> None:
    text_pair(town, shared=True)

    town.days_pass(3.1)

    ((_, told),) = got(town, ROSA)
    assert told == "A question is waiting for you. Text MENU to go on, or LATER to wait."
    assert town.texts(ROSA, MAIN, "menu") == ["Who is this? Reply 1 Rosa, 2 somebody else."]
    assert FIRST in town.texts(ROSA, MAIN, "1")[-1]
    assert town.texts(ROSA, MAIN, "1") == [THANKS]


def test_after_an_opt_out_nothing_is_texted(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "STOP")
    before = len(got(town, ROSA))

    town.days_pass(12)

    assert len(got(town, ROSA)) == before
    assert [t.rule for t in town.tasks() if t.rule == "check-in" and t.person_id] != []


def test_one_question_is_open_at_a_time_and_the_next_waits_its_turn(town: Town) -> None:
    text_pair(town)
    ben = town.person(Role.PROTEGE, "Ben", "+15155550139", mode=Mode.TEXT)
    town.match(ben, person_at(town, LUIS))
    town.days_pass(3.1)
    assert len(got(town, LUIS)) == 1

    (thanks,) = town.texts(LUIS, MAIN, "1")
    assert thanks.startswith("Thank you, Luis.")
    town.days_pass(3)

    assert "Have you and Ben talked" in got(town, LUIS)[-1][1]


def test_a_worker_that_was_away_for_weeks_asks_only_what_counts_now(town: Town) -> None:
    text_pair(town)

    town.emulator.advance(45 * 24 * 3600)
    town.settle()
    town.days_pass(2)

    assert [START in body for _, body in got(town, ROSA)] == [True]
    assert [row.number for row in of_rosa(town)] == [30]


def _move(town: Town, match: Match, to: MatchState) -> None:
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        move_match(session, row, to, actor="staff", reason="a break", now=town.clock.now())


def test_tries_that_waited_for_a_weekend_do_not_all_come_on_the_monday(town: Town) -> None:
    town.days_pass(6)
    text_pair(town)
    town.days_pass(3.1)
    assert [when for when, _ in got(town, ROSA)] == ["Thu Mar 12 12:00"]

    town.days_pass(7)

    # The try of the Saturday, and the call of which a text stands in for somebody who reads only.
    assert [when for when, _ in got(town, ROSA)[1:]] == ["Mon Mar 16 09:00", "Wed Mar 18 09:00"]

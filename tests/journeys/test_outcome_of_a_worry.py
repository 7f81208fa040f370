"""After a worry: which step is due by when, and whoever told it hears what we did."""

from datetime import datetime
from zoneinfo import ZoneInfo

from mentoring.alerts import close_alert, due_step, take_step
from mentoring.matches import close_match
from mentoring.models import ClosureReason, Match, Mode, Role, StaffTask
from mentoring.oversight.rules import OutcomeCode
from tests.journeys.cast import KIM, LUIS, ROSA, goes_through, pair
from tests.journeys.ending import text_pair
from tests.town import MAIN, Town

CHICAGO = ZoneInfo("America/Chicago")
WHEN = (
    "About what you told us: Our staff would like to tell you what we did. When is good?"
    " Text it like Tue 6 pm."
)


def worry(town: Town) -> StaffTask:
    (found,) = [task for task in town.tasks() if task.rule == "O10"]
    return found


def next_step(town: Town) -> tuple[str, str]:
    """Return which step is due, and on which day at the office."""
    alert = worry(town)
    step = due_step(alert)
    due: datetime = alert.due_at
    return (step.title if step else "", f"{due.astimezone(CHICAGO):%a %b %d}")


def takes_a_step(town: Town) -> None:
    with town.db.transaction() as session:
        take_step(session, worry(town).id, actor="Charlotte", now=town.clock.now())
    town.settle()


def closes(town: Town) -> None:
    with town.db.transaction() as session:
        close_alert(
            session,
            worry(town).id,
            code=OutcomeCode.SPOKE,
            actor="Charlotte",
            now=town.clock.now(),
        )
    town.settle()


def outcomes(town: Town) -> list[str]:
    return [task.words for task in town.tasks() if task.rule == "outcome"]


def test_first_contact_then_a_plan_then_they_are_asked_when_to_hear_the_outcome(
    town: Town,
) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "2", "2")
    assert next_step(town) == ("the first contact", "Wed Mar 04")
    takes_a_step(town)
    assert next_step(town) == ("a plan", "Fri Mar 06")
    assert WHEN not in [text.body for text in town.phone(ROSA).inbox]

    takes_a_step(town)

    assert next_step(town) == ("telling them the outcome", "Tue Mar 17")
    assert town.phone(ROSA).inbox[-1].body == WHEN
    assert town.texts(ROSA, MAIN, "Thu 6 pm") == [
        "Thank you. Our staff will call or text you then."
    ]
    assert outcomes(town) == [
        "P01 would hear what came of their worry on Thursday at 6 pm, their time."
    ]
    assert town.phone(LUIS).inbox == []


def test_an_alert_that_is_closed_sooner_asks_as_well(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "2", "2")

    closes(town)

    assert town.phone(ROSA).inbox[-1].body == WHEN


def test_once_they_were_told_nobody_asks_any_more(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "2", "2")
    takes_a_step(town)
    takes_a_step(town)

    closes(town)
    before = [text.body for text in town.phone(ROSA).inbox].count(WHEN)
    town.days_pass(2.5)

    assert before == 1
    said = [text.body for text in town.phone(ROSA).inbox]
    assert not [body for body in said if body.startswith("A question") and WHEN in body]
    assert outcomes(town) == []


def test_after_a_week_without_an_answer_staff_call(town: Town) -> None:
    text_pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "2", "2")
    closes(town)

    town.days_pass(8)

    assert "P01 has not answered when to hear about their worry. Please call or text." in [
        task.words for task in town.tasks()
    ]


def test_the_end_of_the_match_changes_nothing_about_it(town: Town) -> None:
    match = text_pair(town)
    town.texts(ROSA, MAIN, "WORRY", "2", "2", "2")
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        reason = ClosureReason.SAFETY
        close_match(session, row, reason=reason, actor="staff", now=town.clock.now())

    closes(town)

    assert town.phone(ROSA).inbox[-1].body == WHEN


def test_by_phone_they_are_asked_in_a_call_and_answer_by_the_keys(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    goes_through(caller, ("3", "To tell us a worry press 1"), ("1", "Please tell us what worries"))
    caller.hangs_up()
    town.settle()
    closes(town)

    rings = town.until_it_rings(ROSA, days=1)

    rings.answers()
    rings.hears("Is this Rosa?")
    rings.hears_none_of("what you told us")
    rings.presses("1")
    rings.hears("About what you told us", "When is good?")
    rings.says("Thursday at 6 pm")
    rings.hears("Thursday at 6 pm")
    rings.presses("1")
    rings.hears("Our staff will call you then.")
    assert outcomes(town)[0].endswith("on Thursday at 6 pm, their time.")


def test_of_somebody_whom_nobody_can_ask_staff_hear_at_once(town: Town) -> None:
    pair(town)
    town.texts(KIM, MAIN, "WORRY", "2", "2")

    closes(town)

    (words,) = outcomes(town)
    assert words == f"Tell whoever told us (alert {worry(town).id}) what came of their worry."

"""Somebody let two check-ins go by: staff call, and until then no machine asks how it goes (O9)."""

from mentoring.alerts import close_alert, list_alerts
from mentoring.models import InvitationState, Role, StaffTask
from mentoring.oversight.rules import OutcomeCode
from mentoring.tasks import open_task
from tests.journeys.cast import KIM, LUIS, ROSA, person_at
from tests.journeys.test_check_ins import FIRST, THANKS, got, of_rosa, text_pair
from tests.town import MAIN, Town


def alert_about(town: Town, number: str) -> StaffTask | None:
    with town.db.transaction() as session:
        mine = person_at(town, number).id
        alerts = [each for each in list_alerts(session) if each.rule == "O9"]
        return next((each for each in alerts if each.person_id == mine), None)


def staff_have_called(town: Town, number: str) -> None:
    alert = alert_about(town, number)
    assert alert is not None
    with town.db.transaction() as session:
        close_alert(session, alert.id, code=OutcomeCode.SPOKE, actor="staff", now=town.clock.now())


def sent_to_luis(town: Town) -> list[str]:
    luis = town.phone(LUIS)
    return [text.body for text in luis.inbox] + ["a call"] * len(luis.calls)


def test_what_was_queued_about_another_match_ends_and_does_not_come_later_either(
    town: Town,
) -> None:
    """Luis has two matches and never answers, so one question waits behind the other."""
    luis = town.person(Role.MENTOR, "Luis", LUIS)
    for name, number in (("Rosa", ROSA), ("Kim", KIM)):
        town.match(town.person(Role.PROTEGE, name, number), luis)
    while alert_about(town, LUIS) is None:
        town.days_pass(1)
        town.ticker.oversee()
    before = sent_to_luis(town)

    town.days_pass(25)
    assert sent_to_luis(town) == before
    staff_have_called(town, LUIS)
    town.days_pass(10)
    assert sent_to_luis(town) == before, "nobody wants old questions"

    texts = len(town.phone(LUIS).inbox)
    town.days_pass(12)
    assert "check-in: 4 short" in town.phone(LUIS).inbox[texts].body, "day 60 has come"


def test_who_was_asked_before_is_not_reminded_but_a_late_answer_counts(town: Town) -> None:
    text_pair(town)
    town.days_pass(3.1)
    rosa = person_at(town, ROSA)
    with town.db.transaction() as session:
        now = town.clock.now()
        open_task(session, rule="O9", words="Call.", subject=rosa.code, person=rosa, now=now)

    town.days_pass(9)
    assert [FIRST in body for _, body in got(town, ROSA)] == [True]
    assert [task.rule for task in town.tasks() if task.person_id == rosa.id] == ["O9"]

    assert town.texts(ROSA, MAIN, "2") == [THANKS]
    assert [row.state for row in of_rosa(town)] == [InvitationState.ANSWERED]

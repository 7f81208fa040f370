"""A worker was away when a question was to leave: it still leaves in the hours for it alone."""

from mentoring.calendar.invitations import open_invitation
from mentoring.models import Person
from tests.journeys.cast import ROSA, person_at
from tests.journeys.test_check_ins import FIRST, got, text_pair
from tests.town import Town


def queue_and_go_home(town: Town) -> None:
    """Let what is due be queued, and then no worker be there to send it until the next morning."""
    wake, town.db.wake = town.db.wake, lambda: None
    assert town.ticker.act()
    town.emulator.advance(23 * 3600)
    town.db.wake = wake
    town.settle()


def test_a_question_that_a_worker_left_lying_on_a_friday_is_not_asked_on_the_saturday(
    town: Town,
) -> None:
    text_pair(town)
    town.emulator.advance(3.05 * 24 * 3600)
    assert f"{town.clock.now():%a}" == "Fri"

    queue_and_go_home(town)
    assert f"{town.clock.now():%a}" == "Sat"
    assert got(town, ROSA) == []
    town.days_pass(3)

    # The reminder of the Monday asks it.
    ((when, asked),) = got(town, ROSA)
    assert (when, FIRST in asked) == ("Mon Mar 09 09:00", True)


def test_what_is_asked_only_once_waits_for_the_monday_and_is_asked_then(town: Town) -> None:
    match = text_pair(town)
    town.emulator.advance(3.0 * 24 * 3600 - 60)
    with town.db.transaction() as session:
        now = town.clock.now()
        rosa = session.get_one(Person, person_at(town, ROSA).id)
        open_invitation(session, "nudge", match_id=match.id, person=rosa, number=1, at=now, now=now)

    queue_and_go_home(town)
    assert got(town, ROSA) == []
    town.days_pass(2.5)

    assert [when for when, _ in got(town, ROSA)][:1] == ["Mon Mar 09 09:00"]

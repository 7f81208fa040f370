"""Who may take a critical alert in the call that pages them: staff, on duty or not, alone (S17)."""

from sqlalchemy import select

from mentoring.models import Staff
from tests.journeys.cast import ROSA, leave_nobody_on_duty, pair
from tests.journeys.safety import (
    danger,
    is_paged,
    pages,
    second_on_call,
    staff_named,
    waiting_pages,
)
from tests.town import PAIRS, STAFF, Town

CRY = "I want to die"


def test_who_goes_off_duty_while_it_rings_may_take_it_and_it_is_theirs(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    charlotte = is_paged(town)
    leave_nobody_on_duty(town)
    second_on_call(town)

    charlotte.presses("1")

    charlotte.hears("It is yours now", "[call ended]")
    (alert,) = danger(town)
    assert alert.accepted_at is not None
    assert alert.owner_id == staff_named(town, "Charlotte").id
    assert waiting_pages(town) == []


def test_a_phone_that_is_no_longer_of_staff_takes_nothing_and_the_next_one_is_rung(
    town: Town,
) -> None:
    pair(town)
    second_on_call(town)
    town.texts(ROSA, PAIRS[0], CRY)
    somebody = is_paged(town, STAFF)
    with town.db.transaction() as session:
        charlotte = session.scalars(select(Staff).where(Staff.name == "Charlotte")).one()
        charlotte.number_index = session.vault.index("+15155550198")

    somebody.presses("1")

    somebody.hears("I will call the next one", "[call ended]")
    (alert,) = danger(town)
    assert (alert.accepted_at, alert.owner_id) == (None, None)
    town.pass_time(10 * 60)
    assert [page[6:] for page in pages(town)][-1] == "Ben Adler"

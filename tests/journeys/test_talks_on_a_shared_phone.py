"""Two on one phone have a talk each on one day: each hears of their own (S9)."""

from mentoring.models import Role
from tests.journeys.cast import ELLEN, ROSA
from tests.journeys.talks import HOUR, THURSDAY, agree, got, planned, until
from tests.town import MAIN, Town

WAITS = "A question is waiting for you. Text MENU to go on, or LATER to wait."


def two_on_one_phone(town: Town) -> None:
    """Rosa talks with Luis at 4, and Kim with Ellen at half past; both have to be told."""
    planned(town, "thu 16:00", rosa={"shared": True})
    kim = town.person(Role.PROTEGE, "Kim", ROSA, shared=True)
    agree(town, town.match(kim, town.person(Role.MENTOR, "Ellen", ELLEN)), "thu 16:30")
    until(town, THURSDAY - 20 * HOUR)
    assert got(town, ROSA) == [WAITS]


def test_the_second_on_a_shared_phone_hears_of_their_talk_when_they_ask(town: Town) -> None:
    two_on_one_phone(town)

    who, asked = town.texts(ROSA, MAIN, "MENU", "Kim")

    assert who.startswith("Who is this?")
    assert asked == (
        "Your talk with Ellen is Thu, Mar 5 at 4:30 pm your time. Call this number then, or let us"
        " ring you. Reply 1 ring me, 2 new time."
    )
    assert town.texts(ROSA, MAIN, "1") == ["Good. We will ring you at 4:30 pm."]
    # Rosa's own question has made room, and comes back for her.
    asked = town.texts(ROSA, MAIN, "MENU", "Rosa")[-1]
    assert asked.startswith("Your talk with Luis is Thu, Mar 5 at 4 pm your time.")


def test_who_was_asked_so_is_asked_once(town: Town) -> None:
    two_on_one_phone(town)
    town.texts(ROSA, MAIN, "MENU", "Kim")

    until(town, THURSDAY - HOUR)

    assert len([body for body in got(town, ROSA) if "with Ellen" in body]) == 1

"""The page of settings says what holds, also what nobody sets: days of staff, age, and tries."""

from tests.admin.conftest import Screen


def test_it_tells_how_often_people_are_asked_and_when_staff_take_over(charlotte: Screen) -> None:
    charlotte.opens("/desk/settings")
    rows = {row[0]: row[1:] for row in charlotte.rows()}
    assert rows["a check-in"] == [
        "at first the way they like; after 2 days a text; after 3 days a text that we will call;"
        " after 4 days a call; after 7 days staff take over within 3 working days",
        "working days, in their hours",
    ]
    assert rows["a mentor for them"][1] == "any day, in their hours"
    assert rows["a talk to come"][1] == "any day, by the time of the talk"
    assert rows["the closing survey"][0].endswith("after 14 days given up")
    assert len(rows) > 20


def test_it_tells_the_days_of_staff_and_the_age(charlotte: Screen) -> None:
    charlotte.opens("/desk/settings")
    assert "Monday to Friday, but for the public holidays of US, on the clock of" in charlotte.words
    assert "Youngest who may join 18, as T-PA1 asks" in charlotte.words

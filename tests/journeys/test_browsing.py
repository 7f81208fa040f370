"""Who waits may hear of mentors and wish for one; a mentor without a match is not forgotten."""

from datetime import timedelta

from sqlalchemy import select

from mentoring.models import Mode, PersonState, PlannedMatch, Role
from mentoring.people import person_with_code
from tests.journeys.cast import DENISE, ELLEN, LUIS, ROSA, goes_through, person_at
from tests.journeys.ending import got, rules
from tests.journeys.proposing import luis_is_free, mentors_are_described, rosa_waits
from tests.town import MAIN, Town


def test_by_text_one_mentor_after_another_and_a_wish_for_staff(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    luis_is_free(town, ELLEN, "Ellen", mode=Mode.VOICE)
    mentors_are_described(town, "M01", "M02")
    (menu,) = town.texts(ROSA, MAIN, "MENU")
    assert menu.endswith("3 to hear of mentors, 4 for tips from mentors. Or text PERSON.")
    assert town.texts(ROSA, MAIN, "3", "next") == [
        "Luis, 6 to 10 years in food, helps with money and customers. Reply 1 if you would like to"
        " meet, 2 for the next one. Or text PERSON.",
        "Ellen, 6 to 10 years in food, helps with money and customers. Reply 1 if you would like to"
        " meet, 2 for the next one. Or text PERSON.",
    ]
    assert town.texts(ROSA, MAIN, "1")[0].startswith("Thank you. We will see if Ellen can be")
    (task,) = town.tasks()
    assert (task.rule, task.words) == (
        "wish",
        "P01 would like to meet M02, of whom they heard by phone or text.",
    )
    assert person_at(town, ROSA).state is PersonState.WAITING


def test_the_wish_is_for_whom_they_heard_of_whatever_the_plan_of_the_night_says(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    luis_is_free(town, ELLEN, "Ellen", mode=Mode.VOICE)
    mentors_are_described(town, "M01", "M02")
    (_, heard) = town.texts(ROSA, MAIN, "MENU", "3")
    assert heard.startswith("Luis, ")
    # Luis has gone from the plan by the morning, so that Ellen would stand in his place.
    with town.db.transaction() as session:
        planned = session.scalars(select(PlannedMatch)).one()
        planned.top = [each for each in planned.top if each[0] != "M01"]
    assert town.texts(ROSA, MAIN, "1")[0].startswith("Thank you. We will see if Luis can be")
    assert town.tasks()[-1].words.startswith("P01 would like to meet M01")


def test_who_may_not_be_told_of_any_more_is_not_named_nor_wished_for(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    mentors_are_described(town, "M01")
    town.texts(ROSA, MAIN, "MENU", "3")
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
        luis.profile = {**luis.profile, "described": "no"}
    assert town.texts(ROSA, MAIN, "AGAIN")[0].startswith("A mentor who has no time just now.")
    assert town.texts(ROSA, MAIN, "1")[0].startswith("That is all for now.")
    assert rules(town) == []


def test_by_keys_alone_and_nobody_is_told_of_who_has_not_agreed(town: Town) -> None:
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(town, mode=Mode.VOICE)
    luis_is_free(town, ELLEN, "Ellen", mode=Mode.VOICE)
    mentors_are_described(town, "M02")
    denise = town.caller(DENISE)
    denise.calls(MAIN)
    denise.hears("To hear of mentors press 3")
    goes_through(denise, ("3", "Ellen, 6 to 10 years"), ("*", "Ellen, 6 to 10 years"))
    goes_through(denise, ("2", "That is all for now. You keep your place"))
    assert rules(town) == []


def test_where_nobody_may_be_told_of_it_says_so(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    mentors_are_described(town)
    (said,) = town.texts(ROSA, MAIN, "MENU", "3")[1:]
    assert said.startswith("Nobody can be told of just now.")


def test_whoever_waits_for_nobody_is_not_offered_it(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    assert "mentors" not in town.texts(LUIS, MAIN, "MENU")[-1]


def test_after_a_month_without_a_match_a_mentor_is_asked_to_a_group_call(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE)
    with town.db.transaction() as session:
        person_with_code(session, "P01").profile = {"topics": "B"}
    town.clock.advance(timedelta(days=30, hours=1).total_seconds())
    town.ticker.oversee()
    town.settle()
    town.days_pass(0.5)  # He is free in the evening.
    assert got(town, LUIS) == [
        "Luis, we have no match for you yet. We still need you. Could you join one group call on"
        " customers? Reply 1 yes, 2 not now."
    ]
    assert rules(town) == ["O17", "O18"]
    assert town.texts(LUIS, MAIN, "1")[0].startswith("OK. Our staff will text or call you by")
    assert rules(town) == ["O17", "O18", "referral"]
    assert person_at(town, LUIS).role is Role.MENTOR

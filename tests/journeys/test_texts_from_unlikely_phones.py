"""Who texts from a phone that we took for a landline, or for out of use, has one that texts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.models import AuditEntry, LineType, Match
from mentoring.people import find_phone
from telephony.emulator import delivered, undelivered
from tests.journeys.cast import DAN, LUIS, ROSA, pair, person_at
from tests.town import MAIN, PAIRS, Town

LANDLINE, NO_SUCH_NUMBER = 30006, 30005


def becomes_a_landline(town: Town) -> Match:
    """Luis has a landline when Rosa texts him first; later his number is one of a mobile phone."""
    match = pair(town)
    luis = town.phone(LUIS, landline=True, landline_texts="refused")
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    luis.landline = False
    assert "landline" in open_tasks(town)
    return match


def is_out_of_use(town: Town) -> Match:
    """The carrier says twice that there is no such number as Luis's; later there is."""
    match = pair(town)
    luis = town.phone(LUIS)
    luis.when_texted = undelivered(NO_SUCH_NUMBER)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.days_pass(1.1)
    town.ticker.oversee()
    luis.when_texted = delivered()
    assert {"number", "O6"} <= set(open_tasks(town))
    return match


MARKS = pytest.mark.parametrize("comes_about", [becomes_a_landline, is_out_of_use])


def open_tasks(town: Town) -> list[str]:
    return [task.rule for task in town.tasks() if task.done_at is None]


@MARKS
def test_what_they_ask_is_answered_and_a_cry_for_help_above_all(
    town: Town, comes_about: Callable[[Town], Match]
) -> None:
    comes_about(town)
    (numbers,) = town.texts(LUIS, MAIN, "I want to kill myself")
    assert "988" in numbers
    (soon,) = town.texts(LUIS, MAIN, "PERSON")
    assert soon.startswith("OK. Our staff will text or call you by")


@MARKS
def test_the_partner_hears_them_and_texts_reach_them_again(
    town: Town, comes_about: Callable[[Town], Match]
) -> None:
    comes_about(town)
    town.texts(LUIS, PAIRS[0], "I am on a mobile now")
    assert town.phone(ROSA).inbox[-1].body.endswith("I am on a mobile now")
    assert town.texts(ROSA, PAIRS[0], "Good to know") == []
    assert town.phone(LUIS).inbox[-1].body.endswith("Good to know")


@MARKS
def test_staff_need_not_see_to_it_any_more_and_find_out_since_when(
    town: Town, comes_about: Callable[[Town], Match]
) -> None:
    comes_about(town)
    town.texts(LUIS, PAIRS[0], "Here I am", "And again")
    assert not {"landline", "number"} & set(open_tasks(town))
    code = person_at(town, LUIS).code
    with town.db.transaction() as session:
        written = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == code))
        (entry,) = [each for each in written if each.action == "texts go there again"]
        assert entry.actor == "system"


def test_the_alert_stays_with_staff_and_says_that_a_text_came(town: Town) -> None:
    is_out_of_use(town)
    town.texts(LUIS, PAIRS[0], "Here I am")
    (alert,) = [task for task in town.tasks() if task.rule == "O6"]
    assert alert.done_at is None
    assert "a text came from there" in alert.words


def test_a_phone_that_fails_once_more_is_a_new_task_for_staff(town: Town) -> None:
    becomes_a_landline(town)
    town.texts(LUIS, PAIRS[0], "Here I am")
    town.phone(LUIS, landline=True, landline_texts="refused")
    (told,) = town.texts(ROSA, PAIRS[0], "And now?")
    assert "can't get texts" in told
    assert "landline" in open_tasks(town)


def test_a_phone_of_nobody_is_answered_as_well(town: Town) -> None:
    town.texts(DAN, MAIN, "Hello")
    with town.db.transaction() as session:
        phone = find_phone(session, DAN)
        assert phone is not None
        phone.unusable_at, phone.line_type = town.clock.now(), LineType.LANDLINE
    assert town.texts(DAN, MAIN, "Hello again") != []

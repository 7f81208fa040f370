"""Who waits for an answer hears what is known: it arrived, or a phone may be off."""

import pytest
from sqlalchemy import select

from mentoring.models import Delivery, Mode, PersonState
from tests.journeys.cast import LUIS, ROSA, pair, person_at
from tests.journeys.ending import got
from tests.journeys.test_check_ins import change
from tests.town import MAIN, PAIRS, Town

ARRIVED = (
    "Your last message got to Luis. There is no answer yet. Some people need a few days. To talk to"
    " us, text PERSON."
)


def wrote_to_luis(town: Town) -> None:
    """Rosa wrote a first text, which arrived and was not answered for more than two days."""
    pair(town, mode=Mode.TEXT)
    assert town.texts(ROSA, PAIRS[0], "Hello Luis") == []
    town.emulator.advance(2.2 * 24 * 3600)


def of_silence(town: Town) -> list[str | None]:
    with town.db.transaction() as session:
        silent = Delivery.prompt.startswith("T-SIL")
        return list(session.scalars(select(Delivery.prompt).where(silent)))


def test_who_writes_again_after_the_agreed_time_is_told_once_a_day(town: Town) -> None:
    wrote_to_luis(town)
    assert town.texts(ROSA, PAIRS[0], "Are you there?") == [ARRIVED]
    assert town.phone(ROSA).inbox[-1].peer == PAIRS[0]
    assert town.texts(ROSA, PAIRS[0], "Hello?", "Please answer") == []
    town.emulator.advance(24 * 3600)
    assert ARRIVED in town.texts(ROSA, PAIRS[0], "It is me again")
    assert of_silence(town) == ["T-SIL1"] * 2


def test_who_has_answered_waits_like_anybody(town: Town) -> None:
    """Luis wrote, Rosa answered and heard no more: her answer is no end of her waiting."""
    pair(town, mode=Mode.TEXT)
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    town.emulator.advance(3600)
    assert town.texts(ROSA, PAIRS[0], "Hello Luis. When shall we talk?") == []
    town.emulator.advance(6 * 24 * 3600)
    assert ARRIVED in town.texts(ROSA, PAIRS[0], "Are you there?")
    assert of_silence(town) == ["T-SIL1"]


def test_of_texts_that_are_read_aloud_it_is_said_that_they_wait(town: Town) -> None:
    """Luis likes to talk; whether he has heard them is known, and that they arrived is not."""
    pair(town, mode=Mode.VOICE)
    for _ in range(3):
        town.texts(ROSA, PAIRS[0], "Are you there?")
        town.emulator.advance(2.2 * 24 * 3600)
    assert "Your last message waits for Luis to hear it" in got(town, ROSA)[-1]
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    for key in "2222":
        luis.presses(key)
    luis.hangs_up()
    town.settle()
    town.texts(ROSA, PAIRS[0], "It is me again")
    assert ARRIVED in got(town, ROSA)[-2:]


def test_within_the_agreed_time_nothing_is_said(town: Town) -> None:
    pair(town, mode=Mode.TEXT)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.emulator.advance(24 * 3600)
    assert town.texts(ROSA, PAIRS[0], "One more thing") == []


def test_after_an_answer_nobody_waits(town: Town) -> None:
    wrote_to_luis(town)
    town.texts(LUIS, PAIRS[0], "Here I am")
    assert town.texts(ROSA, PAIRS[0], "Good to hear") == []
    town.emulator.advance(24 * 3600)
    town.texts(ROSA, PAIRS[0], "And one more thing")
    assert of_silence(town) == []


def test_who_is_on_a_break_is_said_to_be_away_and_no_more(town: Town) -> None:
    wrote_to_luis(town)
    change(town, LUIS, state=PersonState.ON_BREAK)
    (said,) = town.texts(ROSA, PAIRS[0], "Are you there?")
    assert said.startswith("Luis is away for a while. What you send now is kept for them.")


def test_an_opt_out_is_never_told(town: Town) -> None:
    wrote_to_luis(town)
    town.texts(LUIS, PAIRS[0], "STOP")
    said = town.texts(ROSA, PAIRS[0], "Are you there?")
    assert ARRIVED in said
    assert not [body for body in said if "stop" in body.lower()]


def test_somebody_in_danger_is_not_told_to_be_patient(town: Town) -> None:
    wrote_to_luis(town)
    town.texts(ROSA, PAIRS[0], "I want to die")
    assert of_silence(town) == []


def test_every_webhook_told_twice_tells_it_once(town: Town) -> None:
    wrote_to_luis(town)
    town.emulator.faults.duplicate(times=10_000)
    town.texts(ROSA, PAIRS[0], "Are you there?")
    assert of_silence(town) == ["T-SIL1"]


@pytest.mark.parametrize("tried", ["text", "call"])
def test_on_the_phone_it_is_said_where_there_are_no_notes(town: Town, tried: str) -> None:
    if tried == "text":
        wrote_to_luis(town)
        expected = "Your last message got to Luis."
    else:
        pair(town)
        rosa = town.caller(ROSA)
        rosa.calls(PAIRS[0])
        town.phone(LUIS).reject()
        rosa.hears("Luis can't talk right now")
        rosa.hangs_up()
        town.pass_time(60)
        expected = "We let Luis know that you tried."
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("2")
    rosa.hears("no new", expected, "To call Luis press 1")


def test_who_does_not_wait_hears_nothing_of_it(town: Town) -> None:
    pair(town)
    assert person_at(town, ROSA)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("2")
    rosa.hears("no new", "To call Luis press 1")
    rosa.hears_none_of("Your last", "We let Luis know")

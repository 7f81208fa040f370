"""A talk did not come about: who gets no texts hears it in a call of ours, or when they call."""

from datetime import timedelta

from mentoring.models import DueKind, Mode, OptOutKind
from mentoring.optouts import refuse
from mentoring.people import find_phone
from telephony.emulator import no_answer
from tests.journeys.cast import LUIS, ROSA
from tests.journeys.talks import (
    HOUR,
    MISSED,
    THURSDAY,
    got,
    is_rung,
    outcomes,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_changed_talks import change_of
from tests.town import MAIN, PAIRS, Town

LANDLINE: dict[str, object] = {"landline": True, "texts": False, "mode": Mode.VOICE}
TOLD = (
    "You and Luis had planned a talk on Thu, Mar 5 at 4 pm. It did not come about this time."
    " That happens."
)


def luis_wanted_to_talk(town: Town) -> None:
    """Let the time of a talk pass that Luis had asked to be rung for; nobody was there."""
    until(town, THURSDAY - 23 * HOUR)
    assert town.texts(LUIS, MAIN, "1") == ["Good. We will ring you at 4 pm."]
    if town.phone(ROSA).ringing is not None:
        town.phone(ROSA).reject()
    until(town, THURSDAY)
    luis = is_rung(town, LUIS)
    luis.presses("2")
    luis.hears("[call ended]")
    town.settle()


def test_a_landline_is_called_and_the_other_one_is_a_key_away(town: Town) -> None:
    planned(town, rosa=LANDLINE)
    luis_wanted_to_talk(town)

    rosa = town.until_it_rings(ROSA, days=1)

    rosa.answers()
    rosa.hears("Is this Rosa?")
    rosa.hears_none_of("Luis")
    rosa.presses("1")
    rosa.hears(TOLD, "To call Luis now press 1")
    rosa.presses("1")
    rosa.hears("I am calling Luis now")
    assert got(town, LUIS)[-1] == MISSED.replace("Luis", "Rosa")
    assert got(town, ROSA) == []


def test_who_misses_that_call_hears_it_on_calling_back_and_is_called_no_more(town: Town) -> None:
    planned(town, rosa=LANDLINE)
    luis_wanted_to_talk(town)
    town.until_it_rings(ROSA, days=1)
    town.phone(ROSA).reject()
    town.settle()
    rosa = town.caller(ROSA)

    rosa.calls(MAIN)
    rosa.hears(TOLD)
    rosa.presses("2")
    rosa.hears("Thank you.")
    rosa.hangs_up()

    town.settle()
    before = len(town.phone(ROSA).calls)
    until(town, THURSDAY + 16 * HOUR)
    assert len(town.phone(ROSA).calls) == before


def test_who_wants_no_calls_either_hears_it_when_they_call(town: Town) -> None:
    planned(town, rosa=LANDLINE)
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=town.clock.now())
    luis_wanted_to_talk(town)
    until(town, THURSDAY + 3 * HOUR)
    assert town.phone(ROSA).calls == []

    rosa = town.caller(ROSA)
    rosa.calls(MAIN)

    rosa.hears(TOLD)


def test_who_agreed_to_no_texts_is_called_though_the_phone_takes_them(town: Town) -> None:
    planned(town, rosa={"texts": False})
    luis_wanted_to_talk(town)

    rosa = town.until_it_rings(ROSA, days=1)

    rosa.answers()
    rosa.presses("1")
    rosa.hears(TOLD)
    assert got(town, ROSA) == []


def test_where_nobody_had_asked_for_the_talk_nothing_is_said(town: Town) -> None:
    planned(town, rosa=LANDLINE)
    until(town, THURSDAY - 23 * HOUR)
    if town.phone(ROSA).ringing is not None:
        town.phone(ROSA).reject()
    town.settle()
    before = len(town.phone(ROSA).calls)

    until(town, THURSDAY + 4 * HOUR)

    assert len(town.phone(ROSA).calls) == before
    assert town.phone(LUIS).inbox[-1].peer != PAIRS[0]


def test_who_asked_second_is_rung_where_the_first_is_busy_and_then_not_there(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    assert town.texts(LUIS, MAIN, "1") == ["Good. We will ring you at 4 pm."]
    until(town, THURSDAY - timedelta(seconds=20))
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("press 1")
    until(town, THURSDAY + timedelta(minutes=1))
    town.phone(ROSA, when_rung=no_answer())

    until(town, THURSDAY + timedelta(minutes=29))

    assert town.phone(LUIS).calls, outcomes(town, DueKind.TALK_RING)


def test_two_who_were_told_to_text_and_did_have_not_missed_it(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})
    until(town, THURSDAY - 23 * HOUR)
    assert "stays" in town.texts(ROSA, MAIN, "1")[0]
    change_of(town, LUIS, mode="both")
    until(town, THURSDAY)
    town.texts(ROSA, PAIRS[0], "Hello, here I am")
    town.texts(LUIS, PAIRS[0], "Hello, so am I")

    until(town, THURSDAY + HOUR)

    assert not [body for body in got(town, ROSA) if "did not come about" in body]


def test_two_of_whom_one_was_told_to_text_in_the_call_about_a_new_time_have_not_either(
    town: Town,
) -> None:
    planned(town, "fri 16:00", rosa={"mode": Mode.TEXT}, luis={"texts": False, "mode": Mode.VOICE})
    friday = THURSDAY + 18 * HOUR
    until(town, friday - HOUR)
    # So near that nobody is reminded any more.
    assert "is now Fri, Mar 6 at 10:30 am" in town.texts(ROSA, MAIN, "2", "today 10:30 am")[-1]
    luis = town.until_it_rings(LUIS, days=0.01)
    luis.answers()
    luis.presses("1")
    luis.hears("You and Rosa plan to be in touch Fri, Mar 6 at 10:30 am")
    luis.presses("1")
    change_of(town, ROSA, mode="both")
    until(town, friday + timedelta(minutes=30))
    town.texts(ROSA, PAIRS[0], "Hello, here I am")
    town.texts(LUIS, PAIRS[0], "Hello, so am I")

    until(town, friday + 2 * HOUR)

    assert [state for _, state in states(town)][:2] == ["moved", "held"]

"""Both want to talk at six: one of them is in our menu when the other one calls."""

import pytest

from mentoring.models import Mode, Outcome, Role
from mentoring.people import person_with_code
from tests.journeys.cast import ELLEN, LUIS, ROSA, contacts, dialled, pair
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town

WAIT = "is on another call right now. I will try again in a moment."
NOTE = "is on another call right now. You can leave a voice note."
HANG_UP = "is calling you right now. Please hang up and your phone will ring."


def calls_in(town: Town, number: str, line: str) -> Caller:
    """Somebody calls their partner, from the main menu or on the line of the two."""
    caller = town.caller(number)
    caller.calls(line)
    if line == MAIN:
        caller.presses("1")
    return caller


def luis_listens_and_rosa_calls(town: Town, line: str = PAIRS[0]) -> tuple[Caller, Caller]:
    """Luis has heard the menu when Rosa calls him: she waits for a moment."""
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("To call Rosa press 1")
    rosa = calls_in(town, ROSA, line)
    rosa.hears(f"Luis {WAIT}")
    return rosa, luis


def are_joined(town: Town, waiting: Caller, rung: Caller, *, within: float = 30) -> None:
    """The phone of the one who was told to hang up rings soon, and they talk."""
    for _ in range(int(within)):
        if rung.handset.ringing:
            break
        town.emulator.advance(1)
    assert rung.handset.ringing == PAIRS[0], waiting.listens()
    rung.answers()
    rung.presses("1")
    waiting.talks("There you are")
    rung.hears("There you are")


@pytest.mark.parametrize("line", [MAIN, PAIRS[0]])
def test_who_calls_out_of_the_menu_while_the_other_one_waits_is_rung(town: Town, line: str) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town, line)
    luis.presses("1")
    luis.hears(f"Rosa {HANG_UP}", "[call ended]")
    waits, told = [(entry.outcome, entry.reason) for entry in contacts(town)]
    assert waits == (Outcome.NOT_RUNG, "in our menu")
    assert told == (Outcome.NOT_RUNG, "calling each other")
    are_joined(town, rosa, luis)
    assert dialled(town) == [LUIS]
    # The try that came out of the wait began after the one that made way for it.
    _, talk = contacts(town)
    assert talk.outcome is Outcome.ACCEPTED


def test_who_says_nothing_of_calling_is_waited_for_twice_and_then_there_is_a_note(
    town: Town,
) -> None:
    pair(town)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("3")
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears(f"Luis {WAIT}")
    for next_heard in (WAIT, NOTE):
        assert f"Luis {next_heard}" in rosa.waits()
    assert dialled(town) == []
    rosa.hangs_up()
    town.pass_time(15)
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body


def test_who_hangs_up_in_the_menu_is_rung_by_the_one_who_waits(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    luis.hangs_up()
    are_joined(town, rosa, luis)


def test_whoever_is_called_by_somebody_who_likes_texts_is_rung_all_the_same(town: Town) -> None:
    rosa_likes_texts = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT)
    town.match(rosa_likes_texts, town.person(Role.MENTOR, "Luis", LUIS))
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    rosa = calls_in(town, ROSA, PAIRS[0])
    rosa.hears(f"Luis {WAIT}")
    luis.presses("1")
    luis.hears(f"Rosa {HANG_UP}", "[call ended]")
    are_joined(town, rosa, luis)


def test_who_was_told_to_hang_up_and_does_not_answer_gets_a_note(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    luis.presses("1")
    luis.hears(HANG_UP, "[call ended]")
    town.emulator.advance(12)
    assert luis.handset.ringing == PAIRS[0]
    town.emulator.advance(40)
    rosa.hears("Luis can't talk right now", "voice note after the tone")
    assert dialled(town) == [LUIS]


def test_however_late_we_hear_that_the_line_is_free_it_is_rung(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    town.emulator.faults.delay(15, "/voice/ended")
    luis.presses("1")
    luis.hears(HANG_UP, "[call ended]")
    town.emulator.advance(8)
    rosa.hears("Luis is calling you too. I will try again in a moment.")
    are_joined(town, rosa, luis)


def test_who_calls_when_the_other_one_is_at_the_note_already_waits_in_turn(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    town.emulator.advance(30)
    rosa.hears(f"Luis {NOTE}")
    luis.presses("1")
    luis.hears(f"Rosa {WAIT}")
    rosa.hangs_up()
    are_joined(town, luis, rosa)


def test_who_waits_and_gives_up_is_rung_by_the_other_one(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    rosa.hangs_up()
    town.settle(0)
    luis.presses("1")
    luis.hears("I am calling Rosa now", "[ringing]")
    assert rosa.handset.ringing == PAIRS[0]


def test_nobody_hangs_up_for_somebody_who_has_turned_to_our_staff(town: Town) -> None:
    pair(town)
    rosa, luis = luis_listens_and_rosa_calls(town)
    rosa.presses("*")
    rosa.hears(f"Luis {WAIT}")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")
    assert town.phone(STAFF).ringing == PAIRS[0]
    luis.presses("1")
    luis.hears(f"Rosa {WAIT}")


def test_whoever_waits_for_somebody_is_not_taken_for_another_partner_of_theirs(town: Town) -> None:
    pair(town)
    ellen = town.person(Role.PROTEGE, "Ellen", ELLEN)
    with town.db.transaction() as session:
        town_luis = person_with_code(session, "M01")
    town.match(ellen, town_luis)
    luis, rosa = town.caller(LUIS), town.caller(ROSA)
    luis.calls(MAIN)
    other = town.caller(ELLEN)
    other.calls(PAIRS[1])
    other.hears(f"Luis {WAIT}")
    luis.presses("1")
    luis.presses("1")
    luis.hears("I am calling Rosa now", "[ringing]")
    rosa.answers()
    rosa.presses("1")
    luis.talks("Hello Rosa")
    rosa.hears("Hello Rosa")
    town.emulator.advance(8)
    other.hears(f"Luis {NOTE}")


def test_a_phone_that_was_busy_because_it_called_us_is_rung_again(town: Town) -> None:
    """Luis dials the main line in the very moment in which his own phone is rung."""
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    town.emulator.faults.delay(1, "/voice/inbound")
    town.emulator.faults.delay(3, "/voice/dial-ended")
    luis.handset.dial(MAIN)
    rosa.handset.dial(PAIRS[0])
    town.emulator.advance(4)
    rosa.hears(f"Luis {WAIT}")
    luis.presses("1")
    luis.hears(f"Rosa {HANG_UP}", "[call ended]")
    are_joined(town, rosa, luis)


def test_all_of_it_holds_though_every_request_comes_twice(town: Town) -> None:
    pair(town)
    town.emulator.faults.duplicate(times=10_000)
    rosa, luis = luis_listens_and_rosa_calls(town)
    town.emulator.advance(30)
    rosa.hears(f"Luis {NOTE}")
    luis.presses("1")
    luis.hears(f"Rosa {WAIT}")
    rosa.hangs_up()
    are_joined(town, luis, rosa)
    assert dialled(town) == [ROSA]

"""What was written or said before a suspension reaches nobody during it (2.2)."""

from mentoring.models import Role
from tests.journeys.cast import ELLEN, LUIS, ROSA, pair, reaches_the_note
from tests.journeys.ending import got
from tests.journeys.test_suspensions import release, suspend
from tests.town import MAIN, PAIRS, Town

WORDS = "I know where you live"


def test_a_text_that_waits_for_the_morning_never_arrives(town: Town) -> None:
    pair(town)
    town.pass_time(12 * 3600)
    town.texts(ROSA, PAIRS[0], WORDS)

    suspend(town)
    town.days_pass(1)

    assert got(town, LUIS) == []


def test_a_text_that_is_read_aloud_is_not_there_until_the_suspension_is_lifted(town: Town) -> None:
    pair(town, landline=True, texts=False)
    town.texts(ROSA, PAIRS[0], WORDS)
    suspend(town)
    town.pass_time(60)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears_none_of("sent you a text")
    luis.hangs_up()

    release(town)
    luis.calls(MAIN)

    luis.hears("Rosa sent you a text")


def test_a_voice_note_cannot_be_heard_until_the_suspension_is_lifted(town: Town) -> None:
    luis_too = pair(town).sides[1].person
    town.match(town.person(Role.PROTEGE, "Ellen", ELLEN), luis_too)
    rosa = reaches_the_note(town)
    rosa.waits_for_the_beep()
    rosa.records(WORDS)
    rosa.presses("2")
    rosa.hangs_up()
    town.pass_time(60)
    suspend(town)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("2")
    luis.hears_none_of(WORDS)
    luis.hangs_up()

    release(town)
    luis.calls(MAIN)
    luis.presses("2")

    luis.hears("You have 1 new note", f"[{WORDS}]")


def test_who_takes_a_call_that_may_not_be_connected_any_more_hears_so_in_words(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    suspend(town)

    luis.presses("1")

    luis.hears("Sorry, this call cannot go on.", "call 515 555 0100. Goodbye.", "[call ended]")


def test_who_picks_up_such_a_call_hears_no_name(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    suspend(town)

    luis.answers()

    luis.hears("Sorry, this call cannot go on.", "[call ended]")
    luis.hears_none_of("Rosa")

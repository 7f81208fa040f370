"""What the one who was called is told: T-CL2 by safe-contact code, and nothing by night."""

from datetime import time

import pytest

from mentoring.models import Mode, Outcome, Role
from mentoring.people import person_with_code
from mentoring.programme import Programme
from tests.journeys.cast import ELLEN, LUIS, ROSA, contacts, dialled, pair
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

EVENING = 11 * 3600  # from 11 in the morning to 10 in the evening, in Chicago


def misses_a_call(town: Town) -> None:
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    rosa.hangs_up()
    town.pass_time(15)


@pytest.mark.parametrize(
    ("safe_contact", "told"),
    [
        (1, ["Rosa tried to call you. To call back, just call this number. Or text here."]),
        (2, ["You missed a call on this line. To call back, just call this number. Or text here."]),
        (3, []),
    ],
)
def test_a_missed_call_is_told_as_the_person_allows(
    town: Town, safe_contact: int, told: list[str]
) -> None:
    pair(town, safe_contact=safe_contact)
    misses_a_call(town)
    town.pass_time(3600)
    assert [text.body for text in town.phone(LUIS).inbox] == told


def test_a_landline_is_told_nothing_by_text(town: Town) -> None:
    pair(town, landline=True)
    misses_a_call(town)
    town.pass_time(3600)
    assert not [r for r in town.emulator.requests if r.method == "POST"]


def test_the_news_comes_from_the_pair_line_so_that_calling_back_works(town: Town) -> None:
    pair(town)
    misses_a_call(town)
    assert town.phone(LUIS).inbox[-1].peer == PAIRS[0]
    town.caller(LUIS).calls(PAIRS[0])
    assert town.phone(ROSA).ringing == PAIRS[0]


def test_a_missed_call_is_told_once_though_many_callbacks_report_it(town: Town) -> None:
    pair(town)
    for url in ("/voice/leg", "/voice/ended", "/voice/dial-ended"):
        town.emulator.faults.duplicate(url, times=3)
    misses_a_call(town)
    town.pass_time(3600)
    assert len(town.phone(LUIS).inbox) == 1


def test_whoever_left_a_note_is_announced_by_it_alone(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    rosa.records("Please call back")
    rosa.presses("2")
    town.settle()
    town.pass_time(3600)
    (news,) = town.phone(LUIS).inbox
    assert "Rosa left you a voice note" in news.body


def test_nobody_is_rung_by_night(town: Town) -> None:
    pair(town)
    town.clock.advance(EVENING)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("It is late where Luis is", "You can leave a voice note")
    assert dialled(town) == []
    (contact,) = contacts(town)
    assert (contact.outcome, contact.reason) == (Outcome.NOT_RUNG, "late there")


def test_the_hours_are_those_of_the_one_who_is_called(town: Town) -> None:
    town.clock.advance(9.5 * 3600)  # half past 8 in the evening in Chicago, half past 6 in Phoenix
    pair(town, zone="America/New_York")
    phoenix = town.person(Role.MENTOR, "Peter", "+16025550117", zone="America/Phoenix")
    with town.db.transaction() as session:
        rosa_person = person_with_code(session, "P01")
    town.match(rosa_person, phoenix)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("It is late where Luis is")
    rosa.hangs_up()
    rosa.calls(PAIRS[1])
    assert town.phone("+16025550117").ringing == PAIRS[1]


def test_somebody_whose_zone_nobody_knows_is_not_rung(town: Town) -> None:
    pair(town, zone="")
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("Luis can't take calls right now", "You can leave a voice note")
    rosa.hears_none_of("It is late")
    assert dialled(town) == []
    rosa.hangs_up()
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert [(task.rule, task.words) for task in town.tasks()] == [
        ("zone", "Ask M01 for their time zone: until then we cannot call or text.")
    ]


def test_by_night_a_text_waits_till_eight_and_its_writer_is_told(town: Town) -> None:
    pair(town)
    town.clock.advance(EVENING)
    told = town.texts(ROSA, PAIRS[0], "Are you awake?", "Never mind")
    assert told == [
        "It is late where Luis is. I will send your text after 8 am their time."
        " For help now, call 515 555 0100."
    ]
    town.pass_time(9.9 * 3600)
    assert town.phone(LUIS).inbox == []
    town.pass_time(0.2 * 3600)
    assert [t.body for t in town.phone(LUIS).inbox] == ["Rosa: Are you awake?", "Never mind"]


def test_the_hours_that_are_told_are_those_that_are_set(town: Town) -> None:
    town.db.programme = Programme(calling_from=time(9, 30), calling_until=time(20))
    (*_, question) = town.texts(ELLEN, MAIN, "Hi", "1", "1")
    assert "We call only from 9:30 am to 8 pm your time." in question
    ellen = town.caller(ELLEN)
    ellen.calls(MAIN)
    ellen.presses("2")
    ellen.hears("We call only from 9:30 am to 8 pm your time.")
    ellen.hangs_up()
    pair(town)
    town.clock.advance(9.5 * 3600)  # half past 8 in the evening
    (told,) = town.texts(ROSA, PAIRS[0], "Are you there?")
    assert "I will send your text after 9:30 am their time." in told


def test_one_night_is_told_of_once_though_it_has_two_dates(town: Town) -> None:
    pair(town)
    town.clock.advance(EVENING)
    assert len(town.texts(ROSA, PAIRS[0], "Are you awake?")) == 1
    town.pass_time(3 * 3600)
    assert town.texts(ROSA, PAIRS[0], "I can not sleep") == []
    town.pass_time(21 * 3600)
    assert len(town.texts(ROSA, PAIRS[0], "The next night")) == 1


def test_the_missed_call_text_of_the_late_evening_waits_for_the_morning(town: Town) -> None:
    pair(town)
    town.clock.advance(10 * 3600 - 120)  # two minutes to 9 in the evening
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now")
    town.emulator.advance(150)
    if rosa.is_in_call:
        rosa.hangs_up()
    town.pass_time(15)
    assert town.phone(LUIS).inbox == []
    town.pass_time(11.1 * 3600)
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body


@pytest.mark.parametrize("mode", [Mode.BOTH, Mode.TEXT])
def test_a_call_that_did_not_ring_is_told_when_it_may_be(town: Town, mode: Mode) -> None:
    pair(town, mode=mode)
    if mode is Mode.BOTH:
        town.clock.advance(EVENING)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("voice note")
    rosa.hangs_up()
    town.pass_time(15)
    if mode is Mode.BOTH:
        assert town.phone(LUIS).inbox == []
        town.pass_time(10 * 3600)
    assert ["Rosa tried to call you" in text.body for text in town.phone(LUIS).inbox] == [True]


def says_yes_and_is_cut_off(town: Town) -> Caller:
    """Rosa calls; Luis presses 1, and his line drops before the two are joined."""
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.hears("press 1")
    (contact,) = contacts(town)
    asked = next(hook for hook in town.emulator.webhooks if "/voice/whisper?" in hook.url)
    yes = [*asked.params, ("Digits", "1")]
    town.post("/voice/whisper-answer", yes, query=f"?k={contact.id}&named=1&n=0")
    luis.hangs_up()
    return rosa


@pytest.mark.parametrize("overtaken", [False, True])
def test_whoever_is_cut_off_between_their_yes_and_the_talk_has_missed_a_call(
    town: Town, overtaken: bool
) -> None:
    """The carrier tells that their line has ended, and only then that nobody was joined."""
    pair(town)
    if overtaken:
        town.emulator.faults.delay(3, lambda _, told: told.get("CallStatus") == "completed")
    rosa = says_yes_and_is_cut_off(town)
    rosa.hears("Luis can't talk right now", "voice note after the tone")
    rosa.hangs_up()
    town.pass_time(15)
    (contact,) = contacts(town)
    assert (contact.outcome, contact.accepted_at) == (Outcome.NO_ANSWER, None)
    assert contact.seconds is None
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body

"""Calls that meet: hang-ups in mid-ring, both at once, the other one busy, one's own line."""

import pytest

from mentoring.models import MatchState, Outcome, Role
from mentoring.people import find_or_add_phone, person_with_code
from tests.journeys.cast import ELLEN, LUIS, ROSA, contacts, dialled, move, pair
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town


def both_call(town: Town) -> tuple[Caller, Caller]:
    """Let Rosa and Luis dial each other in the same moment."""
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    town.emulator.faults.delay(1, "/voice/inbound")
    # The busy tone of a phone that is dialling takes a moment to come back.
    town.emulator.faults.delay(3, "/voice/dial-ended")
    town.emulator.faults.delay(3, "/voice/leg", times=2)
    luis.handset.dial(PAIRS[0])
    rosa.handset.dial(PAIRS[0])
    town.emulator.advance(2)
    return rosa, luis


def test_a_caller_who_hangs_up_while_it_rings_is_a_missed_call(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    rosa.hangs_up()
    assert luis.handset.ringing is None
    town.settle()
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.GAVE_UP, False)
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body


def test_a_caller_who_hangs_up_in_the_whisper_was_no_contact(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    rosa.hangs_up()
    luis.hears("[call ended]")
    town.pass_time(15)
    (contact,) = contacts(town)
    assert (contact.accepted_at, contact.two_way) == (None, False)
    assert "Rosa tried to call you" in town.phone(LUIS).inbox[-1].body


def test_whoever_accepts_after_the_caller_hung_up_is_told_so(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    accepted = next(hook for hook in town.emulator.webhooks if "/voice/whisper?" in hook.url)
    rosa.hangs_up()
    town.settle()
    (contact,) = contacts(town)
    answer = town.post(
        "/voice/whisper-answer",
        [*accepted.params, ("Digits", "1")],
        query=f"?k={contact.id}&named=1&n=0",
    )
    assert "Rosa has just hung up" in answer.text
    assert "<Hangup" in answer.text
    (after,) = contacts(town)
    assert (after.accepted_at, after.two_way) == (None, False)


def test_both_call_at_once_and_are_joined_by_the_second_ring(town: Town) -> None:
    pair(town)
    rosa, luis = both_call(town)
    luis.hears("Rosa is calling you right now", "hang up and your phone will ring")
    rosa.hears("Luis is calling you too")
    town.emulator.advance(12)
    assert luis.handset.ringing == PAIRS[0]
    luis.answers()
    luis.presses("1")
    rosa.talks("There you are")
    luis.hears("There you are")


def test_somebody_in_another_call_is_not_rung_again(town: Town) -> None:
    pair(town)
    ellen = town.person(Role.PROTEGE, "Ellen", ELLEN)
    with town.db.transaction() as session:
        luis_person = person_with_code(session, "M01")
    town.match(ellen, luis_person)
    rosa, luis, other = town.caller(ROSA), town.caller(LUIS), town.caller(ELLEN)
    other.calls(PAIRS[1])
    luis.answers()
    luis.presses("1")
    rosa.calls(PAIRS[0])
    rosa.hears("Luis is on another call right now", "voice note")
    assert dialled(town) == [LUIS]
    luis.hangs_up()
    other.hears("[call ended]")
    rosa.hangs_up()
    town.settle()
    rosa.calls(PAIRS[0])
    assert luis.handset.ringing == PAIRS[0]


def once_a_strangers(town: Town, number: str) -> None:
    """Somebody called us from a number before we bought it."""
    with town.db.transaction() as session:
        find_or_add_phone(session, number, now=town.clock.now())


@pytest.mark.parametrize("was_a_strangers", [False, True])
def test_a_line_of_ours_that_calls_us_is_turned_away(town: Town, was_a_strangers: bool) -> None:
    pair(town)
    if was_a_strangers:
        once_a_strangers(town, PAIRS[0])
    for line, other in ((PAIRS[0], MAIN), (MAIN, PAIRS[0])):
        sid = f"CA{line[-4:]:0>32}"
        form = [("CallSid", sid), ("From", line), ("To", other), ("Direction", "inbound")]
        answer = town.post("/voice/inbound", form)
        assert "<Reject" in answer.text
        assert "<Dial" not in answer.text
    assert dialled(town) == []
    assert {entry.reason for entry in town.log()} == {"one of our own lines"}


@pytest.mark.parametrize("was_a_strangers", [False, True])
def test_a_text_from_a_line_of_ours_is_never_answered(town: Town, was_a_strangers: bool) -> None:
    pair(town)
    if was_a_strangers:
        once_a_strangers(town, PAIRS[0])
    form = [("MessageSid", "SM" + "7" * 32), ("From", PAIRS[0]), ("To", MAIN), ("Body", "Hi")]
    assert town.post("/sms/inbound", form).status_code == 200
    town.settle()
    assert not [r for r in town.emulator.requests if r.method == "POST"]
    assert [entry.reason for entry in town.log()] == ["one of our own lines"]


def test_calling_the_pair_line_always_means_the_other_person(town: Town) -> None:
    pair(town)
    town.caller(ROSA).calls(PAIRS[0])
    town.caller(ROSA).hangs_up()
    town.caller(LUIS).calls(PAIRS[0])
    assert dialled(town) == [LUIS, ROSA]


def test_a_match_that_staff_close_while_it_rings_leads_the_caller_to_a_person(town: Town) -> None:
    match = pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    move(town, match, MatchState.SAFETY_HOLD)
    town.phone(LUIS).reject()
    rosa.hears("I am calling our staff now")
    assert town.phone(STAFF).ringing == PAIRS[0]


def test_whoever_accepts_in_a_match_that_was_held_meanwhile_is_not_joined(town: Town) -> None:
    match = pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    move(town, match, MatchState.SAFETY_HOLD)
    luis.presses("1")
    luis.hears("[call ended]")
    rosa.hears("I am calling our staff now")
    (contact,) = contacts(town)
    assert contact.accepted_at is None


def test_a_key_is_heard_while_the_second_ring_is_awaited(town: Town) -> None:
    pair(town)
    rosa, _ = both_call(town)
    rosa.hears("Luis is calling you too")
    rosa.presses("*")
    rosa.hears("Luis is calling you too")
    rosa.presses("0")
    rosa.hears("I am calling our staff now", "[ringing]")
    assert town.phone(STAFF).ringing == PAIRS[0]

"""The service rings somebody: who is there, what they hear, and what the log tells afterwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.models import (
    Conversation,
    ConversationStatus,
    DeliveryStatus,
    Invitation,
    InvitationState,
    Match,
    Outcome,
    Person,
    PersonState,
    Phone,
    Role,
)
from mentoring.people import find_phone
from telephony.emulator import busy, no_answer, out_of_reach, voicemail
from tests.journeys.cast import ELLEN, KIM, LUIS, ROSA
from tests.journeys.service_calls import entry, is_over, legs, queue, rings, rosa_and_luis, row
from tests.phone import Caller
from tests.town import MAIN, PAIRS, STAFF, Town


def phone_of(town: Town, number: str = ROSA) -> Phone:
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        return phone


def invitation(town: Town, match: Match, person: Person) -> int:
    with town.db.transaction() as session:
        made = Invitation(
            flow="main_menu",
            match_id=match.id,
            person_id=person.id,
            number=1,
            state=InvitationState.ASKED,
            due_at=town.clock.now(),
        )
        session.add(made)
        session.flush()
        return made.id


def test_who_answers_and_says_yes_comes_to_what_the_call_is_about(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    assert caller.handset.calls[-1].shown == MAIN
    caller.hears("Hello, this is BridgeLine. Is this Rosa?", "Yes press 1", "press 9", "press 0")
    caller.hears_none_of("Luis")
    caller.presses("1")
    caller.hears("To call Luis press 1")
    caller.hangs_up()
    town.settle()
    log = entry(town)
    assert (log.outcome, log.from_person_id, log.to_person_id) == (Outcome.SERVED, None, rosa.id)
    assert (log.match_id, log.two_way, log.accepted_at is not None) == (match.id, False, True)
    assert row(town).status is DeliveryStatus.DELIVERED


def test_the_log_knows_of_the_attempt_before_the_phone_rings(town: Town) -> None:
    rosa, _ = rosa_and_luis(town)
    town.emulator.faults.drop("/voice/service-leg", times=9)
    queue(town, rosa)
    town.ticker.drain()
    assert town.phone(ROSA).ringing is None
    assert entry(town).outcome is Outcome.ATTEMPTED
    assert [leg.phone_id for leg in legs(town)] == [rosa.phone_id]


def test_everything_can_be_done_by_speech_alone(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.says("hello, who is there")
    caller.hears("Sorry, I missed that", "Is this Rosa?")
    caller.says("yes speaking")
    caller.hears("I heard yes")
    caller.says("yes")
    caller.hears("To call Luis press 1")


def test_what_was_half_answered_by_text_goes_on_by_phone_where_it_stands(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "yes", "yes", "yes", "yes", "yes", "yes", "Kim")
    with town.db.transaction() as session:
        before = session.scalars(select(Conversation)).one()
        phone = find_phone(session, KIM)
        assert phone is not None
        (kim,) = phone.people
        kim.zone, kim.first_name, kim.safe_contact = "America/Chicago", "Kim", 1
    assert before.flow == "intake_protege"
    queue(town, kim, flow="intake_protege")
    caller = rings(town, KIM)
    caller.hears("Is this Kim?")
    caller.presses("1")
    caller.hears("We go on from where you were", "How do you like to talk")
    caller.presses("2")
    caller.hangs_up()
    town.settle()
    with town.db.transaction() as session:
        (waits,) = session.scalars(
            select(Conversation).where(Conversation.status == ConversationStatus.OPEN)
        )
    assert waits.key == before.key
    assert town.texts(KIM, MAIN, "MENU")


def test_another_open_question_of_the_phone_stays_open(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.texts(ROSA, MAIN, "MENU")
    queue(town, rosa, match=match, flow="leave_note")
    caller = rings(town)
    caller.presses("1")
    caller.hears("voice note")
    caller.hangs_up()
    town.settle()
    with town.db.transaction() as session:
        (waits,) = session.scalars(
            select(Conversation).where(Conversation.status == ConversationStatus.OPEN)
        )
    assert (waits.flow, waits.lasting) == ("main_menu", True)


def test_a_wrong_person_gets_an_apology_and_no_further_call_about_it(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    about = invitation(town, match, rosa)
    queue(town, rosa, match=match, invitation_id=about)
    caller = rings(town)
    caller.presses("2")
    caller.hears("I am sorry that I rang you", "To stop these calls press 9", "Goodbye")
    caller.hears_none_of("Luis", "mentor")
    is_over(town, caller)
    log = entry(town)
    assert (log.outcome, log.reason) == (Outcome.DECLINED, "wrong person")
    assert [task.rule for task in town.tasks()] == ["wrong person"]
    queue(town, rosa, match=match, invitation_id=about, key="again")
    town.pass_time(24 * 3600)
    assert len(caller.handset.calls) == 1
    assert row(town, "again").status is DeliveryStatus.BLOCKED


@pytest.mark.parametrize("how", ["9", "stop calling me"])
def test_who_wants_no_more_calls_is_told_once_and_gets_none(town: Town, how: str) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    if how != "9":
        caller.says(how)
        caller.hears("I heard stop")
    heard = caller.presses("9" if how == "9" else "1")
    assert heard.count("You will get no more automated calls from us.") == 1
    caller.hears_none_of("press 9")
    is_over(town, caller)
    assert phone_of(town).calls_refused_at is not None
    assert entry(town).reason == "wants no automated calls"
    queue(town, rosa, match=match, key="again")
    town.pass_time(24 * 3600)
    assert len(caller.handset.calls) == 1


def test_the_last_words_of_what_the_call_was_about_offer_to_stop_these_calls(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match, flow="leave_note")
    caller = rings(town)
    caller.presses("1")
    caller.records("See you on Monday")
    caller.presses("2")
    caller.hears("To stop these calls press 9")
    caller.presses("9")
    caller.hears("You will get no more automated calls from us", "Goodbye")
    caller.hears_none_of("Thank you for calling")
    is_over(town, caller)
    assert phone_of(town).calls_refused_at is not None
    assert entry(town).outcome is Outcome.SERVED


def test_who_says_nothing_at_all_hears_goodbye_and_no_staff_are_rung(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    while caller.is_in_call:
        caller.waits()
    town.settle()
    assert "Goodbye" in " ".join(caption.text for caption in caller.handset.heard)
    caller.hears_none_of("Luis")
    assert not town.phone(STAFF).calls
    log = entry(town)
    assert (log.outcome, log.reason) == (Outcome.NO_ANSWER, "nobody pressed a key")
    assert town.tasks() == []
    assert not phone_of(town).slow


def test_zero_reaches_a_person_before_and_after_the_name(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.presses("0")
    caller.hears("I am calling our staff now")
    assert town.phone(STAFF).ringing == MAIN
    caller.hangs_up()
    town.settle()
    assert entry(town).outcome is Outcome.SERVED
    assert [task.rule for task in town.tasks()] == ["O8"]


def test_a_relay_operator_who_speaks_late_has_the_usual_time(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.waits()
    caller.hears("I did not hear you. Take your time", "Is this Rosa?")
    caller.waits()
    caller.hears("That is fine")
    caller.says("yes")
    caller.hears("I heard yes")
    caller.presses("1")
    caller.hears("To call Luis press 1")
    said = town.emulator.webhooks[-1].response_body or ""
    assert 'timeout="20"' in said


@pytest.mark.parametrize("safe_contact", [2, 3])
def test_a_name_that_nobody_else_may_hear_is_not_said(town: Town, safe_contact: int) -> None:
    rosa, match = rosa_and_luis(town, safe_contact=safe_contact)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.hears("If that is you press 1")
    caller.hears_none_of("Rosa", "BridgeLine", "Luis")
    caller.presses("2")
    caller.hears("Goodbye")
    caller.hears_none_of("Rosa", "BridgeLine", "Luis")
    is_over(town, caller)


@pytest.mark.parametrize("who", ["1", "2", "3"])
def test_on_a_shared_phone_nothing_is_said_before_the_right_one_is_there(
    town: Town, who: str
) -> None:
    rosa, match = rosa_and_luis(town, safe_contact=2, shared=True)
    town.person(Role.PROTEGE, "Ana", ROSA, shared=True)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.presses("1")
    caller.hears("Who is this?", "For Rosa press 1", "For Ana press 2")
    caller.hears_none_of("Luis")
    caller.presses(who)
    if who == "1":
        caller.hears("To call Luis press 1")
        caller.hangs_up()
    else:
        caller.hears("I am sorry that I rang you")
        caller.hears_none_of("Luis")
        is_over(town, caller)
    town.settle()
    assert entry(town).outcome is (Outcome.SERVED if who == "1" else Outcome.DECLINED)


def test_who_is_on_their_phone_twice_tells_no_name_when_we_ring(town: Town) -> None:
    rosa, match = rosa_and_luis(town, safe_contact=2)
    town.person(Role.MENTOR, "Rosa", ROSA)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.presses("1")
    caller.hears("To call Luis press 1")
    assert town.tasks() == []


def left_behind(town: Town) -> str:
    """Return what the voicemail box has heard."""
    town.settle(120)
    town.pass_time(60)
    captions = town.phone(ROSA).heard
    return " ".join(caption.text for caption in captions if caption.who == "line")


@pytest.mark.parametrize("safe_contact", [1, 2, 3])
def test_a_voicemail_hears_what_the_safe_contact_code_allows(town: Town, safe_contact: int) -> None:
    rosa, match = rosa_and_luis(town, safe_contact=safe_contact)
    town.phone(ROSA, when_rung=voicemail(after=5))
    queue(town, rosa, match=match)
    heard = left_behind(town)
    assert ("Please call 515 555 0100" in heard) is (safe_contact == 1)
    assert ("please call 515 555 0100" in heard) is (safe_contact == 2)
    assert ("BridgeLine" in heard) is (safe_contact == 1)
    assert "Rosa" not in heard
    assert "Luis" not in heard
    log = entry(town)
    assert (log.outcome, row(town).status) == (Outcome.MACHINE, DeliveryStatus.UNDELIVERED)
    assert not town.phone(STAFF).calls


def test_a_person_taken_for_a_machine_presses_a_key_and_goes_on(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    town.phone(ROSA, when_rung=voicemail(after=5))
    queue(town, rosa, match=match)
    caller = town.caller(ROSA)
    town.settle(1)
    while "Please call 515 555 0100" not in caller.listens():
        town.emulator.advance(1)
    caller.presses("5")
    caller.hears("Is this Rosa?")
    caller.presses("1")
    caller.hears("To call Luis press 1")
    caller.hangs_up()
    town.settle()
    assert (entry(town).outcome, entry(town).reason) == (Outcome.SERVED, None)


@pytest.mark.parametrize(
    ("rung", "outcome"),
    [
        (busy(), Outcome.BUSY),
        (no_answer(), Outcome.NO_ANSWER),
        (out_of_reach(), Outcome.FAILED),
    ],
)
def test_who_is_not_reached_is_in_the_log_and_is_not_rung_again(
    town: Town, rung: object, outcome: Outcome
) -> None:
    rosa, match = rosa_and_luis(town)
    town.phone(ROSA, when_rung=rung)
    queue(town, rosa, match=match)
    town.settle(60)
    town.pass_time(3600)
    assert entry(town).outcome is outcome
    assert row(town).settled_at is not None
    assert len(town.phone(ROSA).calls) <= 1
    assert town.phone(ROSA).inbox == []


def test_a_landline_is_rung_like_any_phone(town: Town) -> None:
    rosa, match = rosa_and_luis(town, landline=True, texts=False)
    queue(town, rosa, match=match)
    rings(town).hears("Is this Rosa?")


def test_who_is_in_a_call_with_us_is_rung_a_quarter_of_an_hour_later(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    queue(town, rosa, match=match)
    town.settle()
    caller.hangs_up()
    town.settle()
    assert len(caller.handset.calls) == 1
    town.pass_time(14 * 60)
    assert len(caller.handset.calls) == 1
    town.pass_time(60)
    assert caller.handset.ringing == MAIN


def test_who_is_being_rung_by_the_service_is_busy_for_a_partner(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    town.settle()
    assert town.phone(ROSA).ringing == MAIN
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    luis.hears("on another call")


def test_two_phones_are_rung_and_each_hears_its_own(town: Town) -> None:
    rosa, match = rosa_and_luis(town)
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, state=PersonState.AVAILABLE)
    queue(town, rosa, match=match)
    queue(town, ellen, flow="waiting_menu", key="other")
    town.settle()
    callers: list[Caller] = [town.caller(ROSA), town.caller(ELLEN)]
    for caller, name in zip(callers, ("Rosa", "Ellen"), strict=True):
        caller.answers()
        caller.hears(f"Is this {name}?")


def test_a_call_from_which_somebody_rings_their_partner_keeps_both_numbers_secret(
    town: Town,
) -> None:
    rosa, match = rosa_and_luis(town)
    queue(town, rosa, match=match)
    caller = rings(town)
    caller.presses("1")
    caller.presses("1")
    caller.hears("I am calling Luis now")
    luis = town.caller(LUIS)
    town.settle(timedelta(seconds=5).total_seconds())
    assert luis.handset.ringing == PAIRS[0]
    luis.answers()
    luis.presses("1")
    town.emulator.advance(180)
    luis.hangs_up()
    is_over(town, caller)
    assert {contact.outcome for contact in town.log()} == {Outcome.TALKED, Outcome.SERVED}

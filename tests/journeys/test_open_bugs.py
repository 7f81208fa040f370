"""Stories that fail today."""

from mentoring.models import (
    Answer,
    ClosureReason,
    Mode,
    Outcome,
    PersonState,
    Recording,
    Role,
)
from mentoring.matches import close_match
from mentoring.people import find_phone
from sqlalchemy import select
from telephony.emulator import answers, no_answer, voicemail
from tests.town import MAIN, PAIRS, STAFF, Town

ROSA, LUIS = "+15155550131", "+15155550112"
NEW = "+15155550149"


def pair(town: Town, **about_luis: object):
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.BOTH)
    luis = town.person(Role.MENTOR, "Luis", LUIS, **about_luis)
    return town.match(rosa, luis)


def test_01_zero_pressed_in_a_doubled_request_still_reaches_a_person(town: Town) -> None:
    caller, staff = town.caller(NEW), town.caller(STAFF)
    caller.calls(MAIN)
    town.emulator.faults.duplicate("/voice/turn")
    caller.presses("0")
    caller.hears("I am calling our staff")
    assert staff.handset.ringing


def test_02_a_doubled_first_request_still_greets(town: Town) -> None:
    caller = town.caller(NEW)
    town.emulator.faults.duplicate("/voice/inbound")
    caller.calls(MAIN)
    caller.hears("Hello. This is BridgeLine", "press 0")


def test_03_by_text_two_people_on_one_phone_can_use_the_menu(town: Town) -> None:
    town.person(Role.PROTEGE, "Ana", NEW)
    town.person(Role.PROTEGE, "Bea", NEW)
    assert "Who is this?" in town.texts(NEW, MAIN, "hi")[0]
    assert "tell us something" in town.texts(NEW, MAIN, "1")[0]
    assert "What would you like to tell us" in town.texts(NEW, MAIN, "1")[0]


def test_04_by_text_the_voice_notes_of_the_menu_get_an_answer(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "hi")
    assert town.texts(ROSA, MAIN, "2") != []


def test_05_a_worry_told_by_text_can_be_read_by_staff(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "hi", "3", "1")
    town.texts(ROSA, MAIN, "He asked me for money")
    with town.db.transaction() as session:
        assert session.scalars(select(Answer)).all() or any(
            "money" in t.words for t in town.tasks()
        )


def test_06_an_eager_texter_with_a_few_slips_gets_through_the_intake(town: Town) -> None:
    for body in ["Hi", "1", "1", "?", "1", "1", "??", "1", "1", "1", "Kim", "2", "1", "1", "1"]:
        assert town.texts(NEW, MAIN, body), body
    for body in ["2", "A nail salon", "AC", "what", "13", "2", "2"]:
        assert town.texts(NEW, MAIN, body), body


def test_07_a_sentence_opt_out_and_start_gets_a_confirmation(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "please stop texting me")
    assert any("Texts are back on" in t for t in town.texts(ROSA, MAIN, "START"))


def test_08_stop_on_a_pair_line_and_start_on_the_main_line(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    got = town.texts(ROSA, MAIN, "START")
    assert got
    town.texts(LUIS, PAIRS[0], "Are you there?")
    assert "Are you there?" in town.phone(ROSA).inbox[-1].body


def test_09_a_relayed_text_that_may_not_be_sent_is_not_lost_in_silence(town: Town) -> None:
    pair(town, texts=False)
    got = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert got


def test_10_a_relayed_text_to_somebody_without_zone_is_not_lost_in_silence(town: Town) -> None:
    match = pair(town)
    with town.db.transaction() as session:
        side = session.merge(match).sides[1]
        side.person.zone = None
    got = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert got


def test_11_a_text_held_by_night_and_then_blocked_is_told_to_its_sender(town: Town) -> None:
    pair(town)
    town.clock.advance(12 * 3600)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, MAIN, "STOP")
    before = len(town.phone(ROSA).inbox)
    town.pass_time(10 * 3600)
    assert len(town.phone(ROSA).inbox) > before


def test_12_two_equal_texts_survive_a_time_out(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "first")
    town.texts(ROSA, PAIRS[0], "ok")
    town.emulator.faults.rest_silence(match="Messages", processed=False)
    town.texts(ROSA, PAIRS[0], "ok")
    town.pass_time(150)
    town.pass_time(150)
    assert [t.body for t in town.phone(LUIS).inbox] == ["Rosa: first", "ok", "ok"]


def test_13_parts_stay_in_order_when_the_first_is_refused_for_a_moment(town: Town) -> None:
    pair(town)
    town.emulator.faults.rest_error(429, match="Messages")
    body = " ".join(f"word{n}" for n in range(400))
    town.texts(ROSA, PAIRS[0], body)
    town.pass_time(60)
    assert "".join(t.body for t in town.phone(LUIS).inbox) == f"Rosa: {body}"


def test_14_a_stop_on_the_main_line_while_matched_is_told_to_staff(town: Town) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "STOP")
    assert [t.rule for t in town.tasks()] == ["O16"]


def test_15_a_match_closed_while_it_rings_leads_to_a_person(town: Town) -> None:
    match = pair(town)
    rosa, staff = town.caller(ROSA), town.caller(STAFF)
    rosa.calls(PAIRS[0])
    with town.db.transaction() as session:
        close_match(
            session,
            session.merge(match),
            reason=ClosureReason.OTHER,
            actor="staff",
            now=town.clock.now(),
        )
    town.phone(LUIS).reject()
    rosa.hears_none_of("[call ended]")
    assert staff.handset.ringing


def test_16_notes_are_played(town: Town) -> None:
    pair(town, mode=Mode.VOICE)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("For voice notes", "press 2")
    luis.presses("2")
    luis.hears("You have 1 new note", "Rosa", "Hello Luis")


def test_17_hearing_the_own_note_before_sending_it(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.handset.reject()
    rosa.hears("can't talk right now")
    rosa.records("Call me tomorrow")
    rosa.hears("To hear it", "press 1")
    rosa.presses("1")
    rosa.hears("Call me tomorrow", "press 2")


def test_18_a_hang_up_told_before_the_recording_still_sends_the_note(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.handset.reject()
    rosa.listens()
    rosa.records("Call me tomorrow", end="")
    town.emulator.faults.reorder("recorded=1")
    rosa.hangs_up()
    town.settle()
    assert any("voice note" in t.body for t in town.phone(LUIS).inbox)


def test_19_a_lost_recording_action_still_keeps_the_note(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.handset.reject()
    rosa.listens()
    rosa.records("Call me tomorrow", end="")
    town.emulator.faults.drop("recorded=1")
    rosa.hangs_up()
    town.settle()
    assert any("voice note" in t.body for t in town.phone(LUIS).inbox) or town.tasks()


def test_20_a_note_that_was_rejected_is_not_sent_by_hanging_up(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.handset.reject()
    rosa.listens()
    rosa.records("I hate this")
    rosa.presses("3")
    rosa.hangs_up()
    town.settle()
    assert not any("voice note" in t.body for t in town.phone(LUIS).inbox)


def test_21_a_call_that_did_not_ring_by_night_is_told_in_the_morning(town: Town) -> None:
    pair(town)
    town.clock.advance(12 * 3600)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("It is late where Luis is")
    rosa.hangs_up()
    town.settle()
    assert town.phone(LUIS).inbox == []
    town.pass_time(10 * 3600)
    assert any("tried to call" in t.body for t in town.phone(LUIS).inbox)


def test_22_put_off_by_phone_and_gone_on_by_text(town: Town) -> None:
    caller = town.caller(NEW)
    caller.calls(MAIN)
    for key in "1112" if False else "1":
        caller.presses(key)
    for key in "111111":
        caller.presses(key)
    caller.presses("1")
    caller.hears("first name")
    caller.says("Kim")
    caller.presses("1")
    caller.presses("3")
    caller.presses("1")
    caller.presses("1")
    caller.hears("Part 1 is done")
    caller.presses("2")
    caller.hears("Your answers are saved")
    town.settle()
    got = town.texts(NEW, MAIN, "MENU")
    assert any("Where is your business now" in t for t in got), got


def test_23_the_recap_comes_once(town: Town) -> None:
    caller = town.caller(NEW)
    caller.calls(MAIN)
    caller.presses("1")
    caller.hears("Can this phone get texts")
    caller.hangs_up()
    town.settle()
    words = caller.calls(MAIN)
    assert words.count("We go on from where you were") == 1
    caller.hangs_up()
    town.settle()
    got = town.texts(NEW, MAIN, "hello")
    assert sum("We go on from where you were" in t for t in got) == 1, got


def test_24_a_text_in_the_middle_of_a_spoken_intake_does_not_break_the_call(town: Town) -> None:
    caller = town.caller(NEW)
    caller.calls(MAIN)
    caller.presses("1")
    town.texts(NEW, MAIN, "hello")
    caller.presses("1")
    caller.hears_none_of("something went wrong")


def test_25_a_voicemail_that_says_speaking_is_never_bridged(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_rung = voicemail(after=5, greeting="Luis speaking. Leave a message.")
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.emulator.advance(60)
    rosa.hears("can't talk right now")


def test_26_a_silent_caller_is_not_hung_up_in_two_minutes_with_nobody_on_duty(town: Town) -> None:
    from mentoring.models import Staff

    with town.db.transaction() as session:
        for member in session.scalars(select(Staff)):
            member.on_duty = False
    caller = town.caller(NEW)
    caller.calls(MAIN)
    town.emulator.advance(119)
    assert caller.is_in_call


def test_27_a_lost_last_callback_does_not_make_a_phone_busy_for_hours(town: Town) -> None:
    pair(town)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    town.emulator.faults.drop("/voice/ended")
    luis.hangs_up()
    town.settle()
    town.pass_time(1800)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    assert luis.handset.ringing


def test_28_a_short_talk_with_reordered_callbacks_is_no_two_way_contact(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    town.emulator.faults.drop(
        lambda url, params: "/voice/leg" in url and params["CallStatus"] == "in-progress"
    )
    rosa.calls(PAIRS[0])
    luis.answers()
    town.emulator.advance(15)
    luis.presses("1")
    town.emulator.advance(110)
    luis.hangs_up()
    town.settle()
    (contact,) = town.log()
    assert contact.outcome is Outcome.TALKED
    assert not contact.two_way, contact.seconds


def test_29_an_open_question_of_one_is_not_put_to_the_other_on_a_shared_phone(town: Town) -> None:
    town.person(Role.PROTEGE, "Bea", NEW, shared=True)
    caller = town.caller(NEW)
    caller.calls(MAIN)
    caller.presses("2")
    caller.presses("1")
    caller.hears("Can this phone get texts")
    caller.hangs_up()
    town.settle()
    caller.calls(MAIN)
    caller.hears("Who is this?")


def test_30_a_replayed_turn_of_a_call_whose_talk_went_on_by_text_changes_nothing(
    town: Town,
) -> None:
    caller = town.caller(NEW)
    caller.calls(MAIN)
    caller.presses("1")
    caller.hangs_up()
    town.settle()
    town.texts(NEW, MAIN, "hello")
    old = next(h for h in town.emulator.webhooks if "/voice/turn" in h.url)
    answer = town.post("/voice/turn", old.params, query="?" + old.url.partition("?")[2])
    assert answer.status_code == 200
    assert "went wrong" not in answer.text
    assert "go on from where" not in answer.text
    got = town.texts(NEW, MAIN, "1")
    assert len(got) == 1, got
    assert "call you with a computer voice" in got[0]


def test_31_a_retry_after_a_day_out_of_reach_is_told_truly(town: Town) -> None:
    from telephony.emulator import undelivered
    from telephony.emulator.behaviour import delivered

    pair(town)
    town.phone(LUIS).when_texted = undelivered(30003)
    got = town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.phone(LUIS).when_texted = delivered()
    town.pass_time(4 * 3600)
    (contact,) = [c for c in town.log() if c.match_id]
    assert town.phone(LUIS).inbox, "retried"
    assert contact.outcome is Outcome.DELIVERED
    assert got == []


def test_32_a_looping_line_is_logged(town: Town) -> None:
    answer = town.post(
        "/voice/inbound",
        [("CallSid", "CA" + "1" * 32), ("From", PAIRS[0]), ("To", MAIN), ("Direction", "inbound")],
    )
    assert "<Reject" in answer.text
    (entry,) = town.log()
    assert entry.reason == "one of our own lines"


def test_33_an_empty_text_on_a_pair_line_is_settled(town: Town) -> None:
    pair(town)
    answer = town.post(
        "/sms/inbound", [("MessageSid", "SM" + "1" * 32), ("From", ROSA), ("To", PAIRS[0])]
    )
    assert answer.status_code == 200
    town.settle()
    entries = town.log()
    assert not entries or entries[0].outcome is not Outcome.QUEUED

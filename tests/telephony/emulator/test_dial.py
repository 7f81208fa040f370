"""Dial beyond the timelines: caller IDs, several phones, limits, whispers and own numbers."""

import pytest

from telephony.emulator import APOLOGY, answers, busy, no_answer, out_of_reach, rejects, voicemail
from telephony.emulator.behaviour import WhenRung
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, PAIR_LINE, Seen, World

OTHER = "+15155550117"


def dial(attributes: str = "", inside: str = f"<Number>{MENTOR}</Number>", after: str = "") -> str:
    return (
        f"<Response><Dial callerId='{LINE}' action='/end' {attributes}>{inside}</Dial>"
        f"{after}</Response>"
    )


def start(world: World, document: str) -> None:
    world.answer("/voice", document)
    world.app.answers.setdefault("/end", "<Response><Say>Dial is over.</Say></Response>")
    world.phone().dial(LINE)


def outcome(world: World) -> Seen:
    (seen,) = world.app.at("/end")
    return seen


def test_without_a_caller_id_the_callers_own_number_is_shown(world: World) -> None:
    start(world, f"<Response><Dial>{MENTOR}</Dial></Response>")
    assert world.phone(MENTOR).ringing == CALLER


@pytest.mark.parametrize("caller_id", [LINE, PAIR_LINE, CALLER, "+15155550190"])
def test_numbers_of_the_account_the_call_or_verified_ones_may_be_shown(
    world: World, caller_id: str
) -> None:
    world.emulator.verify_caller("+15155550190")
    start(world, f"<Response><Dial callerId='{caller_id}'>{MENTOR}</Dial></Response>")
    assert world.phone(MENTOR).ringing == caller_id


@pytest.mark.parametrize("caller_id", ["+15155550191", "anonymous"])
def test_any_other_caller_id_fails_the_dial_with_a_warning(world: World, caller_id: str) -> None:
    start(world, f"<Response><Dial callerId='{caller_id}' action='/end'>{MENTOR}</Dial></Response>")
    assert world.phone(MENTOR).calls == []
    assert outcome(world)["DialCallStatus"] == "failed"
    assert "DialCallSid" not in outcome(world).params
    assert [warning.code for warning in world.emulator.warnings] == [13214]


@pytest.mark.parametrize(
    ("number", "code"), [("911", 13223), ("hello", 13223), ("+12125551234", 13227)]
)
def test_a_number_that_must_not_be_rung_fails_the_dial(
    world: World, number: str, code: int
) -> None:
    start(world, dial(inside=f"<Number>{number}</Number>"))
    assert outcome(world)["DialCallStatus"] == "failed"
    assert [warning.code for warning in world.emulator.warnings] == [code]


def test_a_plain_dial_answers_the_caller_at_once(world: World) -> None:
    start(world, dial())
    assert world.phone().calls[0].answered
    assert world.texts(world.phone()) == ["[ringing]"]


def test_an_earlier_verb_has_already_answered(world: World) -> None:
    document = dial("answerOnBridge='true'").replace("<Response>", "<Response><Say>Wait.</Say>")
    start(world, document)
    world.phone().listen()
    assert world.phone().calls[0].answered


def test_without_an_action_the_next_verb_runs_after_a_good_talk_too(world: World) -> None:
    world.answer(
        "/voice",
        f"<Response><Dial callerId='{LINE}'>{MENTOR}</Dial><Say>Nobody answered.</Say></Response>",
    )
    world.phone().dial(LINE)
    world.phone(MENTOR).answer()
    world.phone(MENTOR).hang_up()
    assert world.texts(world.phone())[-1] == "Nobody answered."


def test_with_an_action_the_verbs_after_the_dial_never_run(world: World) -> None:
    world.answer("/end", "<Response/>")
    start(world, dial(after="<Say>Never said.</Say>"))
    world.phone(MENTOR).answer()
    world.phone(MENTOR).hang_up()
    world.emulator.settle()
    assert "Never said." not in world.texts(world.phone())
    assert world.phone().call is None


def test_both_hear_each_other_while_bridged(world: World) -> None:
    start(world, dial())
    world.phone(MENTOR).answer()
    world.phone().talk("Good morning.")
    world.phone(MENTOR).say("Hello, Denise.")
    world.phone(MENTOR).press("5")
    assert world.texts(world.phone(MENTOR)) == ["Good morning."]
    assert world.texts(world.phone()) == ["[ringing]", "Hello, Denise.", "[key 5]"]
    mine = [caption.text for caption in world.phone().calls[0].captions if caption.who == "me"]
    assert mine == ["Good morning."]


def test_several_phones_ring_at_once_and_the_first_to_answer_gets_the_call(world: World) -> None:
    numbers = f"<Number statusCallback='/leg'>{MENTOR}</Number><Number>{OTHER}</Number>"
    start(world, dial(inside=numbers))
    assert world.phone(MENTOR).ringing == world.phone(OTHER).ringing == LINE
    world.phone(OTHER).answer()
    assert world.phone(MENTOR).ringing is None
    assert world.app.at("/leg")[0]["CallStatus"] == "canceled"
    world.phone().talk("Hello")
    assert world.texts(world.phone(OTHER)) == ["Hello"]


def test_phones_can_be_rung_one_after_the_other(world: World) -> None:
    numbers = f"<Number>{MENTOR}</Number><Number>{OTHER}</Number>"
    world.phone(MENTOR).when_rung = rejects(after=3)
    start(world, dial("sequential='true'", numbers))
    assert world.phone(OTHER).ringing is None
    world.emulator.advance(3)
    assert world.phone(OTHER).ringing == LINE


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (busy(), no_answer(), "no-answer"),
        (busy(), out_of_reach(), "busy"),
        (out_of_reach(), out_of_reach(), "failed"),
    ],
)
def test_when_nobody_answers_one_status_is_told(
    world: World, first: WhenRung, second: WhenRung, status: str
) -> None:
    world.phone(MENTOR).when_rung, world.phone(OTHER).when_rung = first, second
    start(world, dial(inside=f"<Number>{MENTOR}</Number><Number>{OTHER}</Number>"))
    world.emulator.advance(36)
    assert outcome(world)["DialCallStatus"] == status


def test_a_talk_ends_at_its_time_limit(world: World) -> None:
    start(world, dial("timeLimit='60'"))
    world.phone(MENTOR).answer()
    world.emulator.advance(59)
    assert world.phone(MENTOR).call is not None
    world.emulator.advance(1)
    assert world.phone(MENTOR).call is None
    assert outcome(world)["DialCallDuration"] == "60"


@pytest.mark.parametrize(("timeout", "rings"), [("1", 5), ("700", 600), ("99999999", 600)])
def test_it_rings_within_the_limits_whatever_it_is_told(
    world: World, timeout: str, rings: int
) -> None:
    world.phone(MENTOR).when_rung = no_answer()
    start(world, dial(f"timeout='{timeout}'"))
    world.emulator.advance(rings + 4)
    assert world.phone(MENTOR).ringing == LINE
    world.emulator.advance(1)
    assert outcome(world)["DialCallStatus"] == "no-answer"
    assert [warning.code for warning in world.emulator.warnings] == [12200]


def test_no_talk_is_longer_than_the_longest_that_the_carrier_allows(world: World) -> None:
    start(world, dial("timeLimit='20000'"))
    world.phone(MENTOR).answer()
    world.emulator.advance(14399)
    assert world.phone(MENTOR).call is not None
    world.emulator.advance(1)
    assert outcome(world)["DialCallDuration"] == "14400"


def test_star_of_the_caller_ends_the_talk_but_not_the_call(world: World) -> None:
    start(world, dial("hangupOnStar='true'"))
    world.phone(MENTOR).answer()
    world.phone(MENTOR).press("*")
    assert world.phone(MENTOR).call is not None
    world.phone().press("*")
    assert world.phone(MENTOR).call is None
    assert outcome(world)["DialBridged"] == "true"
    assert world.texts(world.phone())[-1] == "Dial is over."


def test_star_is_a_tone_like_any_other_unless_asked_for(world: World) -> None:
    start(world, dial())
    world.phone(MENTOR).answer()
    world.phone().press("*")
    assert world.phone(MENTOR).call is not None


def test_a_phone_in_a_call_is_busy(world: World) -> None:
    world.answer("/pair", "<Response><Pause length='60'/></Response>")
    world.phone(MENTOR).dial(PAIR_LINE)
    start(world, dial())
    assert outcome(world)["DialCallStatus"] == "busy"
    assert len(world.phone(MENTOR).calls) == 1


def test_the_callee_may_refuse(world: World) -> None:
    start(world, dial())
    world.phone(MENTOR).reject()
    assert outcome(world)["DialCallStatus"] == "busy"


WHISPER = f"<Number url='/whisper?c=7' statusCallback='/leg'>{MENTOR}</Number>"


def test_the_end_of_a_whisper_connects_the_two(world: World) -> None:
    world.answer("/whisper", "<Response><Say>A call for you.</Say></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    assert world.app.at("/whisper")[0].url == "/whisper?c=7"
    world.phone().talk("Too early to be heard.")
    world.emulator.advance(3)
    world.phone().talk("Now you hear me.")
    assert world.texts(world.phone(MENTOR)) == ["A call for you.", "Now you hear me."]


def test_a_dial_in_a_whisper_is_an_error(world: World) -> None:
    world.answer("/whisper", f"<Response><Dial>{OTHER}</Dial></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    assert world.codes() == [13201]
    assert world.phone(OTHER).calls == []
    assert outcome(world)["DialBridged"] == "false"


@pytest.mark.parametrize("verb", ["<Record/>", "<Reject/>"])
def test_some_verbs_have_no_place_in_a_whisper(world: World, verb: str) -> None:
    world.answer("/whisper", f"<Response>{verb}<Say>Hello.</Say></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    assert [warning.code for warning in world.emulator.warnings] == [12200]
    assert world.texts(world.phone(MENTOR)) == ["Hello."]


def test_a_dial_to_nobody_fails_with_a_warning(world: World) -> None:
    start(world, dial(inside=""))
    assert outcome(world)["DialCallStatus"] == "failed"
    assert [warning.code for warning in world.emulator.warnings] == [12200]


def test_a_whisper_that_cannot_be_had_ends_the_leg_with_the_apology(world: World) -> None:
    world.answer("/whisper", ("no", 500))
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    world.emulator.settle()
    assert world.texts(world.phone(MENTOR))[0] == APOLOGY
    assert APOLOGY not in world.texts(world.phone())
    assert (outcome(world)["DialCallStatus"], outcome(world)["DialBridged"]) == (
        "completed",
        "false",
    )


def test_a_callee_who_hangs_up_in_the_whisper_was_not_reached(world: World) -> None:
    world.answer("/whisper", "<Response><Pause length='20'/></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    world.phone(MENTOR).hang_up()
    assert outcome(world)["DialBridged"] == "false"
    assert outcome(world)["DialCallDuration"] == "0"


def test_a_caller_who_leaves_in_the_whisper_ends_it(world: World) -> None:
    world.answer("/whisper", "<Response><Pause length='20'/></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    world.phone().hang_up()
    assert world.phone(MENTOR).call is None
    assert world.app.at("/leg")[-1]["CallStatus"] == "completed"


def test_a_greeting_may_be_taken_for_speech_in_a_whisper(world: World) -> None:
    world.answer(
        "/whisper",
        "<Response><Gather input='speech' speechTimeout='1' action='/accept'/><Hangup/></Response>",
    )
    world.answer("/accept", "<Response><Hangup/></Response>")
    world.phone(MENTOR).when_rung = voicemail(after=3, greeting="Yes this is Ada")
    start(world, dial(inside=WHISPER))
    world.emulator.advance(10)
    assert world.app.at("/accept")[0]["SpeechResult"] == "Yes this is Ada"


def test_digits_are_sent_to_the_callee_after_the_answer(world: World) -> None:
    start(world, dial(inside=f"<Number sendDigits='ww9'>{MENTOR}</Number>"))
    world.phone(MENTOR).answer()
    assert world.texts(world.phone(MENTOR)) == ["[tones ww9]"]


def test_a_dialled_machine_is_told_by_its_own_callback(world: World) -> None:
    world.answer("/amd", ("", 204))
    world.phone(MENTOR).when_rung = voicemail(after=2)
    noun = f"<Number machineDetection='Enable' amdStatusCallback='/amd'>{MENTOR}</Number>"
    start(world, dial(inside=noun))
    world.emulator.advance(7)
    assert world.app.at("/amd")[0]["AnsweredBy"] == "machine_start"


def test_dialling_a_number_of_the_account_calls_its_own_document(world: World) -> None:
    world.answer(
        "/pair",
        "<Response><Gather numDigits='1' action='/chosen'><Say>Welcome to the pair line.</Say>"
        "</Gather></Response>",
    )
    world.answer("/chosen", "<Response/>")
    start(world, dial("answerOnBridge='true'", f"<Number>{PAIR_LINE}</Number>"))
    inbound = world.app.at("/pair")[0]
    assert (inbound["Direction"], inbound["From"], inbound["To"]) == ("inbound", LINE, PAIR_LINE)
    world.emulator.advance(3)
    assert "Welcome to the pair line." in world.texts(world.phone())
    world.phone().press("4")
    assert world.app.at("/chosen")[0]["Digits"] == "4"
    world.emulator.settle()
    assert outcome(world)["DialBridged"] == "true"


def test_dialling_an_own_number_without_a_document_fails_quietly(world: World) -> None:
    world.emulator.add_number("+15155550103")
    start(world, dial(inside="<Number>+15155550103</Number>"))
    assert outcome(world)["DialCallStatus"] == "failed"
    assert world.codes() == []


def test_redirecting_the_caller_drops_the_callee_without_an_action(world: World) -> None:
    start(world, dial())
    world.phone(MENTOR).answer()
    sid = world.app.at("/voice")[0]["CallSid"]
    world.client.calls(sid).update(twiml="<Response><Say>Taken away.</Say></Response>")
    world.emulator.run_due()
    assert world.phone(MENTOR).call is None
    assert world.texts(world.phone())[-1] == "Taken away."
    assert world.app.at("/end") == []


@pytest.mark.parametrize("stage", ["whisper", "talk"])
def test_redirecting_the_callee_ends_the_dial_and_the_caller_goes_on(
    world: World, stage: str
) -> None:
    world.answer("/whisper", "<Response><Pause length='5'/></Response>")
    start(world, dial(inside=WHISPER))
    world.phone(MENTOR).answer()
    if stage == "talk":
        world.emulator.advance(5)
    sid = world.app.at("/whisper")[0]["CallSid"]
    world.client.calls(sid).update(
        twiml="<Response><Say>You are elsewhere.</Say><Pause length='9'/></Response>"
    )
    world.emulator.run_due()
    assert world.texts(world.phone(MENTOR)) == ["You are elsewhere."]
    assert world.texts(world.phone())[-1] == "Dial is over."
    assert world.phone(MENTOR).call is not None
    world.emulator.advance(60)
    assert world.phone(MENTOR).call is None


def test_a_phone_that_answers_by_itself_needs_nobody(world: World) -> None:
    world.phone(MENTOR).when_rung = answers(after=4)
    start(world, dial())
    world.emulator.advance(3.9)
    assert world.phone(MENTOR).ringing == LINE
    world.emulator.advance(0.2)
    assert world.phone(MENTOR).ringing is None
    assert world.phone(MENTOR).call is not None


def test_recording_a_talk_is_refused_with_a_warning(world: World) -> None:
    start(world, dial("record='record-from-answer'"))
    assert [warning.code for warning in world.emulator.warnings] == [12200]

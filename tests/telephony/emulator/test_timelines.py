"""The timelines A to K of the carrier's contract, section 8.2: what reaches the application."""

from typing import Literal

import pytest

from telephony.emulator import APOLOGY, Options, answers, busy, no_answer, out_of_reach, voicemail
from telephony.emulator.behaviour import WhenRung
from tests.telephony.emulator.conftest import MakeWorld
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, World

DIAL = """<Response>
  <Dial action="/dial/end" callerId="+15155550100" timeout="20" answerOnBridge="true">
    <Number url="/whisper" statusCallback="/leg"
            statusCallbackEvent="initiated ringing answered completed">+15155550116</Number>
  </Dial>
</Response>"""
WHISPER = """<Response>
  <Gather numDigits="1" action="/accept"><Say>Press 1 to accept.</Say></Gather>
  <Hangup/>
</Response>"""


@pytest.fixture
def masked(world: World) -> World:
    """Return a world whose line connects callers to the mentor after screening."""
    script_masked_call(world)
    return world


def script_masked_call(world: World) -> None:
    world.answer("/voice", DIAL)
    world.answer("/whisper", WHISPER)
    world.answer("/accept", "<Response/>")
    world.answer("/dial/end", "<Response><Hangup/></Response>")


def story(world: World) -> list[tuple[str, str]]:
    return [(seen.path, seen["CallStatus"]) for seen in world.app.seen]


def test_a_masked_call_that_is_accepted_is_told_in_the_carriers_order(masked: World) -> None:
    caller, mentor = masked.phone(CALLER), masked.phone(MENTOR)
    call = caller.dial(LINE)
    assert mentor.ringing == LINE
    mentor.answer()
    assert not call.answered
    mentor.listen()
    mentor.press("1")
    assert call.answered
    masked.emulator.advance(60)
    mentor.hang_up()

    assert story(masked) == [
        ("/voice", "ringing"),
        ("/leg", "initiated"),
        ("/leg", "ringing"),
        ("/leg", "in-progress"),
        ("/whisper", "in-progress"),
        ("/accept", "in-progress"),
        ("/leg", "completed"),
        ("/dial/end", "in-progress"),
        ("/ended", "completed"),
    ]
    first, whisper = masked.app.at("/voice")[0], masked.app.at("/whisper")[0]
    assert (first["Direction"], first["From"], first["To"]) == ("inbound", CALLER, LINE)
    assert whisper["Direction"] == "outbound-dial"
    assert (whisper["From"], whisper["To"]) == (LINE, MENTOR)
    assert whisper["ParentCallSid"] == first["CallSid"]
    legs = masked.app.at("/leg")
    assert [leg["SequenceNumber"] for leg in legs] == ["0", "1", "2", "3"]
    assert {leg["CallbackSource"] for leg in legs} == {"call-progress-events"}
    end = masked.app.at("/dial/end")[0]
    assert (end["DialCallStatus"], end["DialBridged"]) == ("completed", "true")
    assert end["DialCallSid"] == whisper["CallSid"]
    assert end["DialCallDuration"] == legs[3]["CallDuration"]
    ended = masked.app.at("/ended")[0]
    assert (ended["CallDuration"], ended["Duration"]) == ("60", "1")
    assert masked.emulator.debugger == []


def test_b_voicemail_never_presses_so_the_call_counts_as_not_bridged(masked: World) -> None:
    masked.phone(MENTOR).when_rung = voicemail(after=12)
    caller = masked.phone(CALLER)
    caller.dial(LINE)
    masked.emulator.advance(60)

    assert story(masked)[4:] == [
        ("/whisper", "in-progress"),
        ("/leg", "completed"),
        ("/dial/end", "ringing"),
        ("/ended", "completed"),
    ]
    end = masked.app.at("/dial/end")[0]
    assert (end["DialCallStatus"], end["DialBridged"]) == ("completed", "false")
    assert "You have reached my voicemail" not in " ".join(masked.texts(caller))


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [(no_answer(), "no-answer"), (busy(), "busy"), (out_of_reach(), "failed")],
)
def test_c_a_leg_that_is_not_answered_is_told_with_its_own_status(
    masked: World, behaviour: WhenRung, status: str
) -> None:
    masked.phone(MENTOR).when_rung = behaviour
    masked.phone(CALLER).dial(LINE)
    masked.emulator.advance(25)

    last_leg = masked.app.at("/leg")[-1]
    assert last_leg["CallStatus"] == status
    assert int(last_leg["SequenceNumber"]) == len(masked.app.at("/leg")) - 1
    end = masked.app.at("/dial/end")[0]
    assert end["DialCallStatus"] == status
    assert end["DialBridged"] == "false"
    assert "DialCallDuration" not in end.params
    assert masked.app.at("/whisper") == []


def test_c_ringing_goes_on_five_seconds_longer_than_the_timeout(masked: World) -> None:
    masked.phone(CALLER).dial(LINE)
    masked.emulator.advance(24.9)
    assert masked.phone(MENTOR).ringing == LINE
    masked.emulator.advance(0.2)
    assert masked.phone(MENTOR).ringing is None


def test_d_a_caller_who_gives_up_cancels_the_ringing_leg(masked: World) -> None:
    caller = masked.phone(CALLER)
    caller.dial(LINE)
    masked.emulator.advance(6)
    caller.hang_up()
    masked.emulator.settle()

    assert story(masked)[3:] == [("/leg", "canceled"), ("/ended", "no-answer")]
    assert "CallDuration" not in masked.app.at("/ended")[0].params
    assert masked.phone(MENTOR).ringing is None


@pytest.mark.parametrize("status", ["completed", "canceled", "no-answer"])
def test_d_what_the_carrier_leaves_open_can_be_tried_either_way(
    worlds: MakeWorld, status: Literal["completed", "canceled", "no-answer"]
) -> None:
    options = Options(status_if_given_up=status, action_if_caller_leaves_ringing=True)
    world = worlds(options)
    script_masked_call(world)
    world.phone(CALLER).dial(LINE)
    world.phone(CALLER).hang_up()
    world.emulator.settle()
    assert world.app.at("/ended")[0]["CallStatus"] == status
    assert world.app.at("/dial/end")[0]["DialCallStatus"] == "canceled"


@pytest.mark.parametrize("told", [True, False])
def test_e_a_caller_who_hangs_up_in_the_talk_ends_both_legs(worlds: MakeWorld, told: bool) -> None:
    world = worlds(Options(action_if_caller_leaves_talk=told))
    script_masked_call(world)
    caller, mentor = world.phone(CALLER), world.phone(MENTOR)
    caller.dial(LINE)
    mentor.answer()
    mentor.listen()
    mentor.press("1")
    world.emulator.advance(30)
    caller.hang_up()
    world.emulator.settle()

    assert mentor.call is None
    assert world.app.at("/leg")[-1]["CallStatus"] == "completed"
    assert world.app.at("/ended")[0]["CallDuration"] == "30"
    ends = [end["DialCallStatus"] for end in world.app.at("/dial/end")]
    assert ends == (["completed"] if told else [])


def order_survey(world: World) -> str:
    call = world.client.calls.create(
        to=CALLER,
        from_=LINE,
        url=world.hook("/survey"),
        status_callback=world.hook("/status"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        timeout=20,
    )
    assert call.status == "queued"
    return str(call.sid)


def test_f_a_survey_call_asks_for_its_document_only_when_answered(world: World) -> None:
    world.answer("/survey", "<Response><Say>How are you?</Say></Response>")
    world.phone(CALLER).when_rung = answers(after=4)
    sid = order_survey(world)
    world.emulator.settle()

    assert story(world) == [
        ("/status", "initiated"),
        ("/status", "ringing"),
        ("/status", "in-progress"),
        ("/survey", "in-progress"),
        ("/status", "completed"),
    ]
    asked = world.app.at("/survey")[0]
    assert (asked["Direction"], asked["To"], asked["From"]) == ("outbound-api", CALLER, LINE)
    assert [seen["SequenceNumber"] for seen in world.app.at("/status")] == ["0", "1", "2", "3"]
    assert world.client.calls(sid).fetch().duration == "1"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [(no_answer(), "no-answer"), (busy(), "busy"), (out_of_reach(), "failed")],
)
def test_f_a_survey_call_that_is_not_answered_never_asks(
    world: World, behaviour: WhenRung, status: str
) -> None:
    world.phone(CALLER).when_rung = behaviour
    sid = order_survey(world)
    world.emulator.advance(26)
    assert world.app.at("/survey") == []
    assert world.app.at("/status")[-1]["CallStatus"] == status
    assert world.client.calls(sid).fetch().status == status


def test_g_a_recording_is_announced_before_its_file_exists(world: World) -> None:
    world.answer(
        "/voice",
        "<Response><Record action='/recorded' timeout='3' transcribe='true'"
        " recordingStatusCallback='/recording' transcribeCallback='/transcribed'/></Response>",
    )
    world.answer("/recorded", "<Response><Say>Thank you.</Say></Response>")
    world.answer("/recording", ("", 204))
    world.answer("/transcribed", ("", 204))
    caller = world.phone(CALLER)
    caller.dial(LINE)
    caller.listen()
    caller.say("I would like to talk on Tuesday please")
    world.emulator.advance(3)
    recorded = world.app.at("/recorded")[0]
    assert recorded["RecordingUrl"].endswith(recorded["RecordingSid"])
    assert world.app.at("/recording") == []
    world.emulator.advance(40)
    done = world.app.at("/recording")[0]
    assert done["RecordingStatus"] == "completed"
    assert done["RecordingDuration"] == recorded["RecordingDuration"] == "3"
    written = world.app.at("/transcribed")[0]
    assert written["TranscriptionText"] == "I would like to talk on Tuesday please"
    assert world.app.paths().index("/recording") < world.app.paths().index("/transcribed")


def test_h_a_text_is_queued_then_sent_then_delivered(world: World) -> None:
    message = world.client.messages.create(
        to=CALLER, from_=LINE, body="Hello", status_callback=world.hook("/status?m=7")
    )
    assert (message.status, message.num_segments) == ("queued", "1")
    world.emulator.settle()
    assert [seen["MessageStatus"] for seen in world.app.at("/status")] == ["sent", "delivered"]
    assert {seen.url for seen in world.app.at("/status")} == {"/status?m=7"}
    assert [text.body for text in world.phone(CALLER).inbox] == ["Hello"]


def test_j_stop_is_answered_by_the_carrier_and_told_to_the_application(world: World) -> None:
    world.answer("/sms", "<Response/>")
    phone = world.phone(CALLER)
    phone.text(LINE, " Stop ")
    assert phone.inbox[-1].carrier
    assert world.app.at("/sms")[0]["Body"] == " Stop "
    assert "OptOutType" not in world.app.at("/sms")[0].params
    phone.text(LINE, "START")
    assert world.app.at("/sms")[1]["Body"] == "START"
    assert [text.carrier for text in phone.inbox] == [True, True]


def test_k_a_failing_voice_url_is_replaced_by_the_fallback(world: World) -> None:
    number = world.emulator.store.number_named(LINE)
    assert number is not None
    number.settings["VoiceFallbackUrl"] = world.hook("/fallback")
    world.answer("/voice", ("broken", 500))
    world.answer("/fallback", "<Response><Say>Please call again.</Say></Response>")
    caller = world.phone(CALLER)
    caller.dial(LINE)
    world.emulator.settle()
    fallback = world.app.at("/fallback")[0]
    assert fallback["ErrorCode"] == "11200"
    assert fallback["ErrorUrl"] == world.hook("/voice")
    assert "Please call again." in world.texts(caller)
    assert world.app.at("/ended")[0]["CallStatus"] == "completed"


def test_k_without_a_fallback_the_caller_hears_the_apology(world: World) -> None:
    world.answer("/voice", ("broken", 500))
    caller = world.phone(CALLER)
    caller.dial(LINE)
    world.emulator.settle()
    assert world.texts(caller)[0] == APOLOGY
    assert caller.call is None
    assert world.codes() == [11200]
    assert world.app.at("/ended")[0]["CallStatus"] == "completed"

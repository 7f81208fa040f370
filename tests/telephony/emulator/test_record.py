"""Record: silence, keys, limits, hanging up, and the way of a recording back into a call."""

import pytest
import requests
from flask import Response

from telephony.emulator import Options, make_wav, read_sound, voicemail
from tests.telephony.emulator.conftest import MakeWorld
from tests.telephony.emulator.world import CALLER, LINE, Answer, Seen, World


def at_tone(world: World, attributes: str = "timeout='4'") -> None:
    """Dial, and listen until the line records."""
    world.answer(
        "/voice",
        f"<Response><Say>Speak now.</Say><Record action='/done' {attributes}/>"
        "<Say>I heard nothing.</Say></Response>",
    )
    world.app.answers.setdefault("/done", "<Response><Say>Kept.</Say></Response>")
    world.phone().dial(LINE)
    world.phone().listen()


def done(world: World) -> Seen:
    (seen,) = world.app.at("/done")
    return seen


def test_a_beep_is_heard_before_it_records(world: World) -> None:
    at_tone(world)
    assert world.texts(world.phone()) == ["Speak now.", "[beep]"]
    call = world.phone().call
    assert call is not None
    assert call.leg.recording


def test_silence_ends_the_recording_and_what_was_said_is_its_length(world: World) -> None:
    at_tone(world)
    world.phone().say("one two three four five")
    world.emulator.advance(3.9)
    assert world.app.at("/done") == []
    world.emulator.advance(0.2)
    assert done(world)["RecordingDuration"] == "2"
    assert "Digits" not in done(world).params


def test_untrimmed_silence_counts(world: World) -> None:
    at_tone(world, "timeout='4' trim='do-not-trim'")
    world.phone().say("one two three four five")
    world.emulator.advance(4)
    assert done(world)["RecordingDuration"] == "6"


def test_no_words_no_request(world: World) -> None:
    at_tone(world)
    world.emulator.advance(4)
    assert world.texts(world.phone())[-1] == "I heard nothing."
    assert world.app.at("/done") == []
    assert world.emulator.store.recordings == {}


def test_any_key_ends_the_recording_by_default(world: World) -> None:
    at_tone(world)
    world.phone().say("Hello there")
    world.phone().press("7")
    assert done(world)["Digits"] == "7"
    assert world.texts(world.phone())[-1] == "Kept."


def test_only_the_finish_keys_end_it(world: World) -> None:
    at_tone(world, "finishOnKey='#'")
    world.phone().say("Hello there")
    world.phone().press("7")
    assert world.app.at("/done") == []
    world.phone().press("#")
    assert done(world)["Digits"] == "#"


def test_a_key_that_ends_it_also_ends_what_was_being_said(world: World) -> None:
    world.answer(
        "/done",
        "<Response><Gather input='dtmf speech' numDigits='1' action='/chosen'>"
        "<Say>To send it, press 2.</Say></Gather></Response>",
    )
    world.answer("/chosen", "<Response><Say>Sent.</Say></Response>")
    at_tone(world)
    world.phone().say("These are more words than anybody says in two seconds", wait=False)
    world.emulator.advance(2)
    world.phone().press("#")
    world.phone().listen()
    assert world.app.at("/chosen") == []
    assert world.texts(world.phone())[-1] == "To send it, press 2."
    world.phone().press("2")
    (chosen,) = world.app.at("/chosen")
    assert chosen["Digits"] == "2"
    assert "SpeechResult" not in chosen.params


def test_it_stops_at_its_longest(world: World) -> None:
    at_tone(world, "maxLength='10' timeout='0'")
    world.phone().say("Hello there")
    world.emulator.advance(10)
    assert len(world.app.at("/done")) == 1


@pytest.mark.parametrize(
    ("longest", "warnings"), [("", []), ("maxLength='90'", []), ("maxLength='300'", [13612])]
)
def test_what_is_transcribed_takes_two_minutes_at_most(
    world: World, longest: str, warnings: list[int]
) -> None:
    at_tone(world, f"{longest} timeout='0' transcribe='true'")
    world.phone().say("Hello there")
    world.emulator.advance(89)
    assert world.app.at("/done") == []
    world.emulator.advance(31)
    assert len(world.app.at("/done")) == 1
    assert [warning.code for warning in world.emulator.warnings] == warnings


def test_hanging_up_in_a_recording_keeps_it_and_runs_nothing_more(world: World) -> None:
    at_tone(world)
    world.phone().say("I will call again tomorrow")
    world.phone().hang_up()
    world.emulator.settle()
    assert done(world)["Digits"] == "hangup"
    assert done(world)["CallStatus"] == "completed"
    assert "Kept." not in world.texts(world.phone())
    (recording,) = world.emulator.store.recordings.values()
    assert recording.words == "I will call again tomorrow"


def test_hanging_up_without_a_word_keeps_nothing(world: World) -> None:
    at_tone(world)
    world.phone().hang_up()
    world.emulator.settle()
    assert world.app.at("/done") == []
    assert world.emulator.store.recordings == {}


def test_stages_are_reported_as_asked_for(world: World) -> None:
    world.answer("/stage", ("", 204))
    attributes = (
        "timeout='2' recordingStatusCallback='/stage'"
        " recordingStatusCallbackEvent='in-progress completed absent'"
    )
    at_tone(world, attributes)
    world.phone().say("Hello")
    world.emulator.advance(10)
    world.phone().dial(LINE)
    world.emulator.advance(10)
    stages = [seen["RecordingStatus"] for seen in world.app.at("/stage")]
    assert stages == ["in-progress", "completed", "in-progress", "absent"]
    first = world.app.at("/stage")[0]
    assert first["RecordingSource"] == "RecordVerb"
    assert first["RecordingUrl"].endswith(first["RecordingSid"])


def test_the_file_takes_as_long_as_the_options_say(worlds: MakeWorld) -> None:
    world = worlds(Options(recording_delay=40))
    at_tone(world, "timeout='2'")
    world.phone().say("Hello")
    world.emulator.advance(41)
    (recording,) = world.emulator.store.recordings.values()
    assert recording.content is None
    world.emulator.advance(2)
    assert recording.content is not None


def test_a_recording_deleted_early_is_never_reported(world: World) -> None:
    world.answer("/stage", ("", 204))
    at_tone(world, "timeout='2' recordingStatusCallback='/stage'")
    world.phone().say("Hello")
    world.emulator.advance(2)
    world.client.recordings(done(world)["RecordingSid"]).delete()
    world.emulator.advance(20)
    assert world.app.at("/stage") == []


def test_a_voicemail_box_can_be_recorded_like_a_person(world: World) -> None:
    world.answer("/hello", "<Response><Record action='/done' timeout='2'/></Response>")
    world.answer("/done", "<Response/>")
    world.phone().when_rung = voicemail(after=1, greeting="You have reached Denise at home")
    world.client.calls.create(to=CALLER, from_=LINE, url=world.hook("/hello"))
    world.emulator.advance(20)
    (recording,) = world.emulator.store.recordings.values()
    assert recording.words.endswith("Denise at home")


def test_words_survive_the_way_through_the_application(world: World) -> None:
    at_tone(world)
    world.phone().say("See you on Tuesday")
    world.emulator.advance(60)
    path = done(world)["RecordingUrl"].replace("https://api.twilio.com", world.api_url)
    login = (world.emulator.account_sid, world.emulator.auth_token)
    stored = requests.get(f"{path}.wav", auth=login, timeout=5).content

    world.answer("/note.wav", Response(stored, content_type="audio/wav"))
    world.answer("/voice", "<Response><Play>/note.wav</Play><Say>End.</Say></Response>")
    world.phone().dial(LINE)
    assert world.texts(world.phone())[-1] == "[See you on Tuesday]"
    world.emulator.advance(1.9)
    assert world.texts(world.phone())[-1] == "[See you on Tuesday]"
    world.emulator.advance(0.2)
    assert world.texts(world.phone())[-1] == "End."


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (("gone", 404), 11200),
        (Response(b"x", content_type="text/html"), 12300),
        (Response(b"x" * (16 * 1024 * 1024 + 1), content_type="audio/wav"), 11751),
    ],
)
def test_a_sound_that_cannot_be_played_is_passed_over(
    world: World, answer: Answer, code: int
) -> None:
    world.answer("/note.wav", answer)
    world.answer("/voice", "<Response><Play>/note.wav</Play><Say>Go on.</Say></Response>")
    world.phone().dial(LINE)
    assert world.texts(world.phone()) == ["Go on."]
    assert world.codes() == [code]


def test_sounds_without_words_are_heard_as_audio(world: World) -> None:
    world.answer("/a.mp3", Response(b"ID3 whatever", content_type="audio/mpeg"))
    world.answer("/b.wav", Response(make_wav("", 1.0), content_type="audio/x-wav"))
    world.answer("/voice", "<Response><Play>/a.mp3</Play><Play>/b.wav</Play></Response>")
    world.phone().dial(LINE)
    assert world.texts(world.phone()) == ["[audio]"]
    world.emulator.advance(3)
    assert world.texts(world.phone()) == ["[audio]", "[audio]"]


def test_an_answer_that_is_audio_is_played(world: World) -> None:
    sound = Response(make_wav("A recorded welcome", 2.0), content_type="audio/wav")
    world.answer("/voice", sound)
    world.phone().dial(LINE)
    world.emulator.settle()
    assert world.texts(world.phone()) == ["[A recorded welcome]", "[call ended]"]


@pytest.mark.parametrize("words", ["", "Hello", "Grüße, Denise 😀", "odd"])
@pytest.mark.parametrize("seconds", [0.01, 1.0, 12.5])
def test_a_sound_file_tells_its_words_and_length(words: str, seconds: float) -> None:
    content = make_wav(words, seconds)
    sound = read_sound(content)
    assert sound.words == words
    assert sound.seconds == pytest.approx(seconds, abs=0.001)
    assert int.from_bytes(content[4:8], "little") == len(content) - 8


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"MThd" * 20])
def test_other_bytes_are_no_sound_file(content: bytes) -> None:
    with pytest.raises(ValueError, match="WAV"):
        read_sound(content)

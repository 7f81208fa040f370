"""Say, Play, Pause, Reject and Hangup: what is heard, when, and what answers a call."""

import pytest

from tests.telephony.emulator.world import CALLER, LINE, World


def dial(world: World, inside: str) -> None:
    world.answer("/voice", f"<Response>{inside}</Response>")
    world.phone().dial(LINE)


def test_speaking_takes_time_at_150_words_a_minute(world: World) -> None:
    dial(world, "<Say>one two three four five</Say><Say>Next.</Say>")
    world.emulator.advance(1.9)
    assert world.texts(world.phone()) == ["one two three four five"]
    world.emulator.advance(0.2)
    assert world.texts(world.phone())[-1] == "Next."


def test_breaks_take_time_and_are_not_read(world: World) -> None:
    dial(
        world,
        "<Say voice='Polly.Joanna'>To agree<break time='700ms'/> press 1.<break time='2s'/>"
        "<break strength='strong'/></Say><Say>Next.</Say>",
    )
    assert world.texts(world.phone()) == ["To agree press 1."]
    world.emulator.advance(4 * 0.4 + 0.7 + 2 + 1 - 0.1)
    assert len(world.texts(world.phone())) == 1
    world.emulator.advance(0.2)
    assert world.texts(world.phone())[-1] == "Next."


def test_markup_inside_speech_is_heard_as_plain_words(world: World) -> None:
    dial(
        world,
        "<Say voice='Polly.Joanna'>Call <say-as interpret-as='telephone'>5 5 5</say-as>\n"
        "   <emphasis>now</emphasis> &amp; here.</Say>",
    )
    assert world.texts(world.phone()) == ["Call 5 5 5 now & here."]
    assert world.emulator.warnings == []


def test_speech_is_repeated_as_often_as_asked(world: World) -> None:
    dial(world, "<Say loop='3'>Hello.</Say>")
    world.emulator.settle()
    assert world.texts(world.phone())[:-1] == ["Hello."] * 3


def test_zero_loops_go_on_until_the_caller_hangs_up(world: World) -> None:
    dial(world, "<Say loop='0'>Please hold the line now.</Say>")
    world.emulator.advance(100)
    assert len(world.texts(world.phone())) == 51
    world.phone().hang_up()
    assert world.emulator.engine.next_due() is None


@pytest.mark.parametrize(
    ("say", "code"),
    [
        ("<Say>Hi<break/></Say>", 13520),
        ("<Say/>", 13520),
        (f"<Say>{'x' * 4097}</Say>", 13521),
        (f"<Say voice='Polly.Joanna'>{'x' * 3001}</Say>", 13521),
        (f"<Say voice='Google.en-US-Standard-A'>{'x' * 5001}</Say>", 13521),
    ],
)
def test_speech_that_cannot_be_spoken_brings_a_warning(world: World, say: str, code: int) -> None:
    dial(world, say)
    assert [warning.code for warning in world.emulator.warnings] == [code]


def test_a_long_text_is_fine_for_a_voice_that_takes_it(world: World) -> None:
    dial(world, f"<Say voice='Google.en-US-Standard-A'>{'x' * 4999}</Say>")
    assert world.emulator.warnings == []


def test_a_pause_does_not_answer_the_call_but_speech_does(world: World) -> None:
    dial(world, "<Pause length='3'/><Say>Hello.</Say><Pause length='3'/>")
    (call,) = world.phone().calls
    world.emulator.advance(2.9)
    assert not call.answered
    world.emulator.advance(0.2)
    assert call.answered
    world.emulator.advance(10)
    assert world.app.at("/ended")[0]["CallDuration"] == "3"


def test_tones_are_played(world: World) -> None:
    dial(world, "<Play digits='12'/>")
    assert world.texts(world.phone()) == ["[tones 12]"]


@pytest.mark.parametrize(
    ("verb", "status", "heard"),
    [
        ("<Reject/>", "no-answer", "The number you have dialed is not in service."),
        ("<Reject reason='busy'/>", "busy", "[busy tone]"),
    ],
)
def test_a_rejected_call_is_never_answered(
    world: World, verb: str, status: str, heard: str
) -> None:
    dial(world, f"{verb}<Say>Never said.</Say>")
    assert world.texts(world.phone()) == [heard, "[call ended]"]
    ended = world.app.at("/ended")[0]
    assert ended["CallStatus"] == status
    assert "CallDuration" not in ended.params


def test_rejecting_an_answered_call_only_ends_it(world: World) -> None:
    dial(world, "<Say>Hello.</Say><Reject/>")
    world.emulator.settle()
    assert world.app.at("/ended")[0]["CallStatus"] == "completed"


def test_hanging_up_first_answers_the_call(world: World) -> None:
    dial(world, "<Hangup/>")
    assert world.app.at("/ended")[0]["CallStatus"] == "completed"
    assert world.app.at("/ended")[0]["CallDuration"] == "0"


def test_a_redirect_replaces_the_document_and_resolves_against_it(world: World) -> None:
    world.answer("/a/next", "<Response><Redirect>../b</Redirect></Response>")
    world.answer("/b", "<Response><Say>Arrived.</Say></Response>")
    dial(world, "<Redirect method='GET'>/a/next?x=1</Redirect><Say>Never said.</Say>")
    assert world.texts(world.phone()) == ["Arrived."]
    assert [(seen.path, seen.method) for seen in world.app.seen] == [
        ("/voice", "POST"),
        ("/a/next", "GET"),
        ("/b", "POST"),
    ]


def test_a_number_without_a_voice_address_does_not_take_calls(world: World) -> None:
    world.emulator.add_number("+15155550104")
    world.phone().dial("+15155550104")
    assert world.phone().call is None
    assert world.client.calls.list(from_=CALLER)[0].status == "failed"

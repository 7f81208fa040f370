"""The documents of a static host, as the carrier runs them: a message is taken once, by GET."""

from collections.abc import Callable

from mentoring.programme import Programme
from telephony.fallback import spoken_fallback, thanks_for_message
from tests.telephony.emulator.world import LINE, Answer, Seen, World

FOLDER = "/some/folder"
LEFT = "fallback-left.xml"


def hosted(document: str) -> Callable[[Seen], str | tuple[str, int]]:
    """Answer as a host of files does: to GET alone."""
    return lambda seen: document if seen.method == "GET" else ("method not allowed", 405)


def calls_when_all_is_down(world: World, *files: tuple[str, Answer]) -> None:
    for name, answer in files:
        world.answer(f"{FOLDER}/{name}", answer)
    number = world.emulator.store.number_named(LINE)
    assert number is not None
    number.settings["VoiceFallbackUrl"] = world.hook(f"{FOLDER}/fallback-voice.xml")
    number.settings["VoiceFallbackMethod"] = "GET"
    world.answer("/voice", ("down", 503))
    world.phone().dial(LINE)
    world.phone().listen()


def test_a_message_is_taken_and_thanked_for_and_the_call_ends(world: World) -> None:
    voice = hosted(spoken_fallback(Programme(), then=LEFT, method="GET"))
    calls_when_all_is_down(
        world, ("fallback-voice.xml", voice), (LEFT, hosted(thanks_for_message(Programme())))
    )
    world.phone().say("Please call me back")
    world.emulator.advance(60)
    heard = " ".join(world.texts(world.phone()))
    assert heard.count("[beep]") == 1
    assert heard.index("You can leave a message") < heard.index("Your message is kept")
    assert world.phone().call is None
    (listed,) = world.client.recordings.list(call_sid=world.client.calls.list()[0].sid)
    assert listed.source == "RecordVerb"


def test_silence_is_told_goodbye(world: World) -> None:
    voice = hosted(spoken_fallback(Programme(), then=LEFT, method="GET"))
    calls_when_all_is_down(world, ("fallback-voice.xml", voice))
    world.emulator.advance(60)
    assert "Thank you for calling" in " ".join(world.texts(world.phone()))
    assert world.phone().call is None
    assert world.client.recordings.list() == []

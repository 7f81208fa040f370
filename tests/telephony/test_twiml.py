"""TwiML: sentences with pauses, waiting for an answer, a Dial that shows and records nobody."""

from collections.abc import Sequence
from itertools import product
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from mentoring.flows.render import Listen
from mentoring.models import (
    Role,
)
from telephony.twiml import Answers, Sound, Voice, ask, bridge, say
from tests.make import (
    MAIN,
)
from tests.post import ADA, BEN
from tests.town import Town

CHOICE = Listen(
    mode="choice",
    num_digits=1,
    timeout=10,
    speech_timeout=3,
    speech=True,
    hints=("yes", "no"),
    max_seconds=0,
)
DIGITS = Listen("digits", None, 20, 5, True, (), 0)
KEYS_ONLY = Listen("choice", 1, 10, 3, False, (), 0)
OPEN = Listen("open", 1, 10, 3, True, (), 0)
RECORD = Listen("record", 1, 5, 3, True, ("person", "again"), 120)
TO = Answers(
    answer="https://line.example.org/voice/turn?c=1&t=2",
    recorded="https://line.example.org/voice/turn?c=1&t=2&recorded=1",
    silence="https://line.example.org/voice/turn?c=1&t=2&no_input=1",
    file="https://line.example.org/voice/recording",
)
HOSTILE = [
    "</Say><Dial>+15155550199</Dial><Say>",
    '" onload="x',
    "&amp;&lt;",
    "<![CDATA[",
    "]]>",
    "<!-- -->",
    "%s {name} {0}",
    "Zoë Ñandú 李 🙂",
    "\u202eneB",
    "O'Brien & Söhne <b>",
]


def said(*pieces: str | Sound, voice: Voice | None = None) -> Element:
    """Return the parsed document that speaks these pieces."""
    response = VoiceResponse()
    say(response, pieces, voice or Voice())
    return ElementTree.fromstring(str(response))  # noqa: S314 - our own document.


def asked(listen: Listen, *pieces: str, voice: Voice | None = None) -> Element:
    response = VoiceResponse()
    ask(response, pieces or ("Press 1.",), listen, TO, voice or Voice())
    return ElementTree.fromstring(str(response))  # noqa: S314 - our own document.


def words_of(element: Element) -> str:
    """Return all that is spoken, with a bar for each pause."""
    heard = element.text or ""
    for child in element:
        heard += ("|" if child.tag == "break" else words_of(child)) + (child.tail or "")
    return heard


def tags(element: Element) -> list[str]:
    return [child.tag for child in element]


def one(document: Element, path: str) -> Element:
    (found,) = document.findall(path)
    return found


def test_a_sentence_is_spoken_by_the_voice_of_its_language() -> None:
    for language, (locale, voice) in {
        "en": ("en-US", "Polly.Joanna"),
        "es": ("es-US", "Polly.Lupe"),
        "fr": ("fr-CA", "Polly.Chantal"),
    }.items():
        verb = one(said("Hola.", voice=Voice(language)), "Say")
        assert (verb.get("language"), verb.get("voice")) == (locale, voice)


def test_a_language_that_we_cannot_speak_falls_back_to_english() -> None:
    verb = one(said("Hallo.", voice=Voice("de")), "Say")
    assert (verb.get("language"), verb.get("voice")) == ("en-US", "Polly.Joanna")


def test_between_two_pieces_there_is_a_pause() -> None:
    assert words_of(one(said("Hello.", "Press 1."), "Say")) == "Hello.| Press 1."


def test_every_pause_lasts_700_milliseconds() -> None:
    document = said("For a mentor, [p] press 1. [p] For staff, [p] press 0.")
    pauses = document.findall("Say/break")
    assert [pause.get("time") for pause in pauses] == ["700ms"] * 3
    assert words_of(one(document, "Say")) == "For a mentor,| press 1.| For staff,| press 0."


@pytest.mark.parametrize(
    "pieces", [["[p]Hello."], ["Hello.[p]"], ["", "Hello.", ""], ["[p][p]Hello."]]
)
def test_no_pause_stands_at_an_end_or_beside_another(pieces: Sequence[str]) -> None:
    document = said(*pieces)
    assert words_of(one(document, "Say")).strip("| ") == "Hello."
    assert document.findall("Say/break") == []


@pytest.mark.parametrize("pieces", [[], [""], ["", ""]])
def test_nothing_to_say_is_no_verb(pieces: Sequence[str]) -> None:
    assert tags(said(*pieces)) == []


def test_slow_speech_is_at_85_per_cent_with_the_same_words_and_pauses() -> None:
    slow = said("Hello. [p] Press 1.", voice=Voice("en", slow=True))
    prosody = one(slow, "Say/prosody")
    assert prosody.get("rate") == "85%"
    assert words_of(prosody) == "Hello.| Press 1."
    assert tags(one(slow, "Say")) == ["prosody"]


def test_usual_speech_has_no_prosody() -> None:
    assert said("Hello.").findall(".//prosody") == []


def test_a_sound_is_played_between_what_is_said_before_and_after() -> None:
    document = said("From Ada.", Sound("https://line.example.org/audio/x"), "Press 1.", "Or 2.")
    assert tags(document) == ["Say", "Play", "Say"]
    assert one(document, "Play").text == "https://line.example.org/audio/x"
    assert words_of(document[2]) == "Press 1.| Or 2."


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("slow", [False, True])
def test_a_hostile_name_is_spoken_and_never_obeyed(name: str, slow: bool) -> None:
    document = said(f"Hello {name}, [p] press 1.", voice=Voice("en", slow))
    verb = one(document, "Say")
    assert words_of(verb) == f"Hello {name},| press 1."
    assert {element.tag for element in document.iter()} <= {"Response", "Say", "prosody", "break"}


@given(
    name=st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cn")), max_size=40
    )
)
def test_every_printable_name_makes_a_document_that_parses(name: str) -> None:
    assert tags(said(f"Hello {name}.")) == ["Say"]


def test_a_question_waits_for_keys_and_words_and_then_goes_on_to_silence() -> None:
    document = asked(CHOICE)
    assert tags(document) == ["Gather", "Redirect"]
    gather = document[0]
    assert gather.attrib == {
        "input": "dtmf speech",
        "action": TO.answer,
        "timeout": "10",
        "language": "en-US",
        "numDigits": "1",
        "finishOnKey": "",
        "speechTimeout": "3",
        "profanityFilter": "false",
        "hints": "yes,no",
    }
    assert document[1].text == TO.silence


@pytest.mark.parametrize("listen", [CHOICE, DIGITS, OPEN, RECORD])
def test_no_sound_cuts_off_a_prompt_for_whoever_wants_it_slow(listen: Listen) -> None:
    assert asked(listen, voice=Voice("en", slow=True))[0].get("bargeIn") == "false"
    assert "bargeIn" not in asked(listen)[0].attrib


def test_a_question_is_spoken_inside_the_wait_so_that_any_key_interrupts_it() -> None:
    assert tags(asked(CHOICE, "One.", "Two.")[0]) == ["Say"]


def test_a_number_of_unknown_length_ends_with_pound() -> None:
    gather = asked(DIGITS)[0]
    assert "numDigits" not in gather.attrib
    assert gather.get("finishOnKey", "#") == "#"


def test_a_question_for_keys_only_listens_for_no_words() -> None:
    gather = asked(KEYS_ONLY)[0]
    assert gather.get("input") == "dtmf"
    assert not {"speechTimeout", "hints", "profanityFilter"} & gather.attrib.keys()


def test_an_open_question_has_no_hints() -> None:
    assert "hints" not in asked(OPEN)[0].attrib


def test_words_are_listened_for_in_the_callers_language() -> None:
    assert asked(CHOICE, voice=Voice("fr"))[0].get("language") == "fr-CA"


@pytest.mark.parametrize("listen", [CHOICE, DIGITS, KEYS_ONLY, OPEN, RECORD])
def test_silence_never_ends_a_call(listen: Listen) -> None:
    document = asked(listen)
    assert document[-1].tag == "Redirect"
    assert document[-1].text == TO.silence
    assert document.findall(".//Hangup") == []


def test_a_recording_is_announced_where_a_key_is_still_heard() -> None:
    document = asked(RECORD, "Speak after the tone.")
    assert tags(document) == ["Gather", "Record", "Redirect"]
    gather, record, _ = document
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("1", "")
    assert (gather.get("input"), gather.get("timeout")) == ("dtmf speech", "2")
    assert words_of(gather) == "Speak after the tone."
    assert record.attrib == {
        "action": TO.recorded,
        "timeout": "5",
        "maxLength": "120",
        "finishOnKey": "1234567890*#",
        "playBeep": "true",
        "recordingStatusCallback": TO.file,
        "recordingStatusCallbackEvent": "completed absent",
    }


def bridged(**changes: object) -> Element:
    facts: dict[str, object] = {
        "to_number": "+15155550112",
        "line_number": "+15155550101",
        "whisper": "https://line.example.org/voice/whisper?k=1",
        "leg": "https://line.example.org/voice/leg?k=1",
        "ended": "https://line.example.org/voice/dial-ended?k=1",
        "ring_seconds": 25,
        "limit_seconds": 3600,
    }
    response = VoiceResponse()
    bridge(response, **{**facts, **changes})  # type: ignore[arg-type]
    return ElementTree.fromstring(str(response))  # noqa: S314 - our own document.


def test_a_bridge_always_shows_our_line_and_has_an_end_and_a_whisper() -> None:
    document = bridged()
    assert tags(document) == ["Dial"]
    assert document[0].attrib == {
        "action": "https://line.example.org/voice/dial-ended?k=1",
        "callerId": "+15155550101",
        "timeout": "25",
        "timeLimit": "3600",
        "answerOnBridge": "true",
    }
    assert tags(document[0]) == ["Number"]
    assert document[0][0].text == "+15155550112"
    assert document[0][0].attrib == {
        "url": "https://line.example.org/voice/whisper?k=1",
        "statusCallback": "https://line.example.org/voice/leg?k=1",
        "statusCallbackEvent": "initiated ringing answered completed",
    }


def test_no_bridge_records_or_transcribes_whatever_the_programme_is_set_to() -> None:
    for ring, limit in product((5, 25, 60), (300, 3600, 14_400)):
        document = bridged(ring_seconds=ring, limit_seconds=limit)
        words = [name.lower() for element in document.iter() for name in element.attrib]
        assert not [name for name in words if "record" in name or "transcri" in name]
        assert not {"Record", "Start", "Stream", "Conference"} & {e.tag for e in document.iter()}


def test_the_real_number_stands_in_the_one_number_noun_and_nowhere_else() -> None:
    document = bridged()
    others = [value for element in document.iter() for value in element.attrib.values()]
    others += [element.text or "" for element in document.iter() if element.tag != "Number"]
    assert not [text for text in others if "5550112" in text]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_hint_stays_one_attribute(name: str) -> None:
    listen = Listen("choice", 1, 10, 3, True, (name, "no"), 0)
    assert asked(listen)[0].get("hints") == f"{name},no"


@pytest.mark.parametrize("letter", ["\x0b", "\x1b", "\x01", "\ufffe", "\ud83d"])
def test_a_sign_that_no_document_may_hold_is_left_out(letter: str) -> None:
    response = VoiceResponse()
    say(response, [f"From A{letter}da."], Voice())
    document = str(response).encode()
    verb = ElementTree.fromstring(document)[0]  # noqa: S314 - our own document.
    assert verb.text == "From Ada."


def test_a_text_that_is_read_aloud_cannot_make_us_play_another_address(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", BEN)
    luis = town.person(Role.MENTOR, "Luis", ADA, landline=True)
    line = town.match(rosa, luis).line.number
    town.texts(BEN, line, "AUDIO:https://evil.example/x.mp3")
    caller = town.caller(ADA)
    caller.calls(MAIN)
    caller.presses("1")
    caller.presses("2")
    caller.hears("From Rosa")
    documents = [hook.response_body or "" for hook in town.emulator.webhooks]
    assert not [text for text in documents if "<Play>https://evil.example" in text]


@pytest.mark.parametrize("length", [3_200, 5_000])
@pytest.mark.parametrize("sentence", ["Sentence about our stall. ", "words and words ", "x"])
def test_a_long_text_is_read_aloud_to_its_end_in_several_says(
    town: Town, length: int, sentence: str
) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", BEN)
    luis = town.person(Role.MENTOR, "Luis", ADA, landline=True)
    line = town.match(rosa, luis).line.number
    body = (sentence * length)[:length].strip()
    town.texts(BEN, line, body)
    caller = town.caller(ADA)
    caller.calls(MAIN)
    caller.presses("1")
    caller.presses("2")
    heard = "".join(caller.heard.split())
    assert "".join(body.split()) in heard
    caller.presses("*")
    assert "".join(body.split()) in "".join(caller.heard.split())


@given(
    st.lists(st.tuples(st.text("ab .!?é\n😀", max_size=9), st.integers(1, 900)), max_size=3),
    st.booleans(),
)
def test_no_say_holds_more_than_the_carrier_speaks_and_no_word_is_lost(
    drawn: list[tuple[str, int]], slow: bool
) -> None:
    response = VoiceResponse()
    pieces = [words * times for words, times in drawn]
    say(response, pieces, Voice(slow=slow))
    verbs = ElementTree.fromstring(str(response)).findall("Say")  # noqa: S314 - our own document.
    said = ["".join(verb.itertext()) for verb in verbs]
    assert all(len(words) <= 3_000 for words in said)
    assert "".join("".join(said).split()) == "".join("".join(pieces).split())


def test_a_number_of_two_digits_ends_after_four_seconds_and_its_first_key_has_twelve() -> None:
    listen = Listen("digits", 2, 4, 3, True, ("5",), 0, waits=3)
    document = asked(listen, "Enter a number.")
    assert tags(document) == ["Gather", "Gather", "Gather", "Redirect"]
    gathers = document.findall("Gather")
    assert len({tuple(sorted(gather.attrib.items())) for gather in gathers}) == 1
    wait = gathers[0].attrib
    assert (wait["numDigits"], wait["finishOnKey"], wait["timeout"]) == ("2", "", "4")
    assert wait["action"] == TO.answer
    assert [tags(gather) for gather in gathers] == [["Say"], [], []]

"""Reading documents: every word that the carrier would not know becomes a warning."""

import json
import os
from pathlib import Path

import pytest

from telephony.emulator.desk import PARAMETERS
from telephony.emulator.twiml import VOCABULARY, Document, Medium, parse
from tests.telephony.emulator.world import LINE, World

SHARED = Path(__file__).parents[4] / "shared" / "twilio-oai"


def shared(name: str) -> dict[str, object]:
    """Return one of the carrier's documents that lie beside this repository."""
    if not (SHARED / name).exists():
        if os.environ.get("CI"):
            pytest.fail(f"The shared {name} is missing.")
        pytest.skip(f"The shared {name} is not beside this repository.")
    found: dict[str, object] = json.loads((SHARED / name).read_text(encoding="utf-8"))
    return found


def warnings(inside: str, medium: Medium = "voice") -> list[int]:
    document = parse(f"<Response>{inside}</Response>", "http://127.0.0.1/", medium)
    assert isinstance(document, Document), document
    return [warning.code for warning in document.warnings]


@pytest.mark.parametrize(
    "inside",
    [
        "<Say voice='Polly.Joanna' language='en-US' loop='2'>Hi<break time='700ms'/></Say>",
        "<Say><lang xml:lang='fr-CA'>Bonjour</lang> <say-as interpret-as='digits'>1</say-as></Say>",
        "<Gather input='dtmf speech' numDigits='1' timeout='10' speechTimeout='3' hints='yes, no'"
        " finishOnKey='' actionOnEmptyResult='false' action='/x' method='POST'><Say>Hi</Say>"
        "<Pause length='1'/><Play>/a.wav</Play></Gather>",
        "<Dial action='/e' callerId='+15155550100' timeout='20' timeLimit='3600'"
        " answerOnBridge='true' hangupOnStar='false' ringTone='us'><Number url='/w'"
        " statusCallback='/l' statusCallbackEvent='initiated ringing answered completed'>"
        "+15155550116</Number></Dial>",
        "<Record action='/r' maxLength='120' timeout='10' finishOnKey='1234567890*#'"
        " recordingStatusCallback='/s' trim='trim-silence' playBeep='true'/>",
        "<Redirect method='POST'>/x</Redirect>",
        "<Reject reason='busy'/>",
        "<Hangup/>",
        "<Play digits='ww12'/>",
        "<!-- a comment --><Pause length='2'/>",
    ],
)
def test_documents_that_the_carrier_knows_bring_no_warning(inside: str) -> None:
    assert warnings(inside) == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Speak>Hi</Speak>", 12200),
        ("<say>Hi</say>", 12200),
        ("<Gather acton='/x'/>", 12200),
        ("<Gather><Dial>+15155550116</Dial></Gather>", 12200),
        ("<Gather><Gather/></Gather>", 12200),
        ("<Gather>Say this</Gather>", 12200),
        ("Loose words", 12200),
        ("<Say>Hi<Play>/a.wav</Play></Say>", 12200),
        ("<Say loop='often'>Hi</Say>", 12200),
        ("<Say language='english please'>Hi</Say>", 12200),
        ("<Pause length='0'/>", 12200),
        ("<Pause length='1.5'/>", 12200),
        ("<Gather input='voice'/>", 12200),
        ("<Gather input=''/>", 12200),
        ("<Gather numDigits='0'/>", 12200),
        ("<Gather timeout='soon'/>", 12200),
        ("<Gather finishOnKey='12'/>", 12200),
        ("<Gather method='PUT'/>", 12200),
        ("<Gather action=''/>", 12200),
        ("<Gather actionOnEmptyResult='yes'/>", 12200),
        ("<Gather speechTimeout='long'/>", 13335),
        (f"<Gather hints='{'x' * 101}'/>", 13330),
        ("<Gather language='EN'/>", 13331),
        ("<Gather profanityFilter='no'/>", 13332),
        ("<Dial timeout='4'>+15155550116</Dial>", 12200),
        ("<Dial timeout='601'>+15155550116</Dial>", 12200),
        ("<Dial timeLimit='14401'>+15155550116</Dial>", 12200),
        ("<Dial timeLimit='0'>+15155550116</Dial>", 12200),
        ("<Dial recordingTrack='mine'>+15155550116</Dial>", 12200),
        ("<Dial><Number machineDetectionTimeout='61'>+15155550116</Number></Dial>", 12200),
        ("<Dial answerOnBridge='1'>+15155550116</Dial>", 12200),
        ("<Dial ringTone='xx'>+15155550116</Dial>", 12200),
        ("<Dial><Number statusCallbackEvent='answer'>+15155550116</Number></Dial>", 12200),
        ("<Dial><Number calledId='x'>+15155550116</Number></Dial>", 12200),
        ("<Dial><Say>Hi</Say></Dial>", 12200),
        ("<Dial><Conference>room</Conference></Dial>", 12200),
        ("<Dial><Queue>line</Queue></Dial>", 12200),
        ("<Enqueue>line</Enqueue>", 12200),
        ("<Number>+15155550116</Number>", 12200),
        ("<Record maxLength='0'/>", 13612),
        ("<Record maxLength='14401'/>", 13612),
        ("<Record timeout='-1'/>", 13611),
        ("<Record finishOnKey='x'/>", 13613),
        ("<Record transcribe='maybe'/>", 13614),
        ("<Reject reason='no'/>", 12200),
        ("<Play digits='abc'/>", 12200),
        ("<Message>Hi</Message>", 12200),
    ],
)
def test_what_the_carrier_does_not_know_is_noticed(inside: str, code: int) -> None:
    assert warnings(inside) == [code]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Say>Hi</Say>", 14110),
        ("<Message too='x'>Hi</Message>", 12200),
        ("<Message><Say>Hi</Say></Message>", 14110),
    ],
)
def test_documents_for_texts_have_their_own_words(inside: str, code: int) -> None:
    assert warnings(inside, "messaging") == [code]
    assert warnings("<Message to='+15155550116'><Body>Hi</Body></Message>", "messaging") == []


def test_an_unknown_verb_is_skipped_and_the_rest_runs(world: World) -> None:
    world.answer("/voice", "<Response><Speak>Lost.</Speak><Say>Heard.</Say></Response>")
    world.phone().dial(LINE)
    assert world.texts(world.phone()) == ["Heard."]
    (warning,) = world.emulator.warnings
    assert warning.code == 12200
    assert "Speak" in warning.message
    assert warning.resource_sid == world.app.at("/voice")[0]["CallSid"]


def test_a_bad_value_is_replaced_by_the_default(world: World) -> None:
    world.answer("/voice", "<Response><Gather timeout='soon'/><Say>Silence.</Say></Response>")
    world.phone().dial(LINE)
    world.emulator.advance(4.9)
    assert world.texts(world.phone()) == []
    world.emulator.advance(0.2)
    assert world.texts(world.phone()) == ["Silence."]


def test_the_vocabulary_is_that_of_the_official_client() -> None:
    official = shared("twiml-vocabulary.json")
    for medium, words in VOCABULARY.items():
        elements = official[medium]
        assert isinstance(elements, dict)
        for name, entry in words.items():
            if name == "Response":
                top = [each for each, known in elements.items() if "Response" in known["parents"]]
                assert entry["children"] == sorted(top)
            else:
                assert entry == {key: elements[name][key] for key in entry}, name


def test_the_parameters_are_those_of_the_official_interface() -> None:
    account = "/2010-04-01/Accounts/{AccountSid}/"
    documents = {"v2": shared("lookups_v2.trimmed.json"), "": shared("api_v2010.trimmed.json")}
    for operation, known in PARAMETERS.items():
        method, _, path = operation.partition(" ")
        lookup = path.startswith("v2/")
        paths = documents["v2" if lookup else ""]["paths"]
        assert isinstance(paths, dict)
        described = paths[f"/{path}" if lookup else account + path][method.lower()]
        if method == "POST":
            (body,) = described["requestBody"]["content"].values()
            assert known == list(body["schema"]["properties"])
        else:
            found = [each["name"] for each in described["parameters"] if each["in"] == "query"]
            assert known == found


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('<?xml version="1.1"?><Response/>', 12101),
        (' <?xml version="1.0"?><Response/>', 12100),
        ("<Response>", 12100),
        ("<Answer/>", 12102),
    ],
)
def test_what_is_no_document_has_the_carriers_code(document: str, code: int) -> None:
    found = parse(document, "http://127.0.0.1/", "voice")
    assert not isinstance(found, Document)
    assert found.code == code


def test_a_document_may_say_that_it_is_xml_1_0() -> None:
    assert isinstance(parse("<?xml version='1.0'?><Response/>", "", "voice"), Document)

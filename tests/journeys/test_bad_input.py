"""What no phone would send: each gets a clear answer in its own medium, and nothing is lost."""

import pytest

from mentoring.models import Outcome
from tests.journeys.cast import KIM, LUIS, ROSA, contacts, dialled, pair
from tests.town import MAIN, PAIRS, Pairs, Town

CALL = ("CallSid", "CA" + "1" * 32)
TEXT = ("MessageSid", "SM" + "1" * 32)


def calls(town: Town, *form: tuple[str, str], query: str = "", path: str = "inbound") -> str:
    """Let a call come in with these parameters; returns what is answered."""
    answer = town.post(f"/voice/{path}", [CALL, *form], query=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "went wrong" not in answer.text
    return answer.text


def texts(town: Town, *form: tuple[str, str], sid: str = TEXT[1]) -> None:
    """Let a text come in with these parameters, and everything happen that follows."""
    answer = town.post("/sms/inbound", [("MessageSid", sid), *form])
    assert answer.status_code == 200, answer.text
    assert answer.text.rstrip().endswith("<Response/>")
    town.settle()


# -- calls ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        [("To", MAIN)],
        [("From", ""), ("To", MAIN)],
        [("From", "not a number"), ("To", MAIN)],
        [("From", "+999999999999999999999"), ("To", MAIN)],
        [("From", "sip:somebody@example.org"), ("To", MAIN)],
        [("From", "12345"), ("To", MAIN)],
        [("From", "+266696687"), ("To", MAIN)],
        [("From", "\0"), ("To", MAIN)],
    ],
    ids=["absent", "empty", "words", "too long", "SIP", "short code", "withheld", "NUL"],
)
def test_a_caller_whose_number_makes_no_sense_is_offered_a_person(town: Town, form: Pairs) -> None:
    assert "Your number is hidden" in calls(town, *form)


@pytest.mark.parametrize("to", [None, "", "+15155550199", "nonsense"])
def test_a_call_to_no_line_of_ours_is_welcomed_and_reaches_nobody(
    town: Town, to: str | None
) -> None:
    pair(town)
    answer = calls(town, ("From", ROSA), *([("To", to)] if to is not None else []))
    assert "Luis" not in answer
    assert "<Dial" not in answer


def test_of_a_repeated_parameter_the_first_one_counts(town: Town) -> None:
    pair(town)
    answer = calls(town, ("From", KIM), ("From", ROSA), ("To", MAIN), ("To", PAIRS[0]))
    assert "Luis" not in answer
    assert dialled(town) == []


@pytest.mark.parametrize("digits", ["*0#", "1" * 40, "#", "**", "١", "1 OR 1=1", "\0", "-1", "A"])
def test_keys_that_mean_nothing_ask_the_question_again(town: Town, digits: str) -> None:
    calls(town, ("From", KIM), ("To", MAIN))
    answer = calls(
        town, ("From", KIM), ("To", MAIN), ("Digits", digits), path="turn", query="?c=1&t=1"
    )
    assert "Sorry, I missed that." in answer or "To get a mentor" in answer
    assert "press 1" in answer.replace('<break time="700ms" />', "")


@pytest.mark.parametrize("confidence", [None, "", "0", "NaN", "-5", "inf", "high", "1e999"])
def test_speech_without_a_good_confidence_is_read_back(town: Town, confidence: str | None) -> None:
    calls(town, ("From", KIM), ("To", MAIN))
    heard = [("SpeechResult", "get a mentor")]
    if confidence is not None:
        heard.append(("Confidence", confidence))
    answer = calls(town, ("From", KIM), ("To", MAIN), *heard, path="turn", query="?c=1&t=1")
    assert "I heard" in answer


@pytest.mark.parametrize(
    "words", ["🙂" * 50, "مرحبا", "one\0two", "x" * 20_000, "<Hangup/>", "{name}", "' OR 1=1 --"]
)
def test_strange_speech_asks_the_question_again(town: Town, words: str) -> None:
    calls(town, ("From", KIM), ("To", MAIN))
    answer = calls(
        town,
        ("From", KIM),
        ("To", MAIN),
        ("SpeechResult", words),
        ("Confidence", "0.9"),
        path="turn",
        query="?c=1&t=1",
    )
    assert "Sorry, I missed that." in answer
    assert "<Hangup" not in answer


def test_a_hostile_name_is_spoken_as_words_and_not_as_a_document(town: Town) -> None:
    rosa_name = '<Dial>911</Dial> & "Co"'
    match = pair(town)
    with town.db.transaction() as session:
        session.get_one(type(match), match.id).sides[1].person.first_name = rosa_name
    answer = calls(town, ("From", ROSA), ("To", MAIN))
    assert "&lt;Dial&gt;911&lt;/Dial&gt; &amp;" in answer
    assert "<Dial>" not in answer


@pytest.mark.parametrize(
    "form",
    [
        [],
        [("CallSid", "")],
        [("CallSid", "CA1")],
        [("CallSid", "SM" + "1" * 32)],
        [("CallSid", "CA" + "g" * 32)],
        [("CallSid", "CA" + "1" * 5000)],
    ],
    ids=["none", "empty", "short", "of a text", "no hex", "endless"],
)
def test_a_call_without_a_right_id_is_refused_in_a_sentence(town: Town, form: Pairs) -> None:
    answer = town.post("/voice/inbound", [*form, ("From", KIM), ("To", MAIN)])
    assert answer.status_code == 400
    assert answer.text.startswith("CallSid is ")
    assert town.log() == []


# -- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "🙂",
        "مرحبا بالعالم",
        "a\0b",
        "\u202e\u202dabc",
        "\n\n",
        "👩‍👩‍👧‍👦" * 40,
        "%s {0} {name}",
        "\ud800",
    ],
    ids=["emoji", "right to left", "NUL", "overrides", "blank", "families", "formats", "half"],
)
def test_a_strange_text_to_the_main_line_is_answered_in_words(town: Town, body: str) -> None:
    texts(town, ("From", KIM), ("To", MAIN), ("Body", body.encode("utf-8", "replace").decode()))
    (answer,) = town.phone(KIM).inbox
    assert answer.body.startswith("Hi, this is BridgeLine")


def test_a_strange_answer_keeps_the_question_open(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    for number, body in enumerate(["*0#", "9" * 40]):
        sid = f"SM{number + 2:0>32}"
        texts(town, ("From", KIM), ("To", MAIN), ("Body", body), sid=sid)
        assert town.phone(KIM).inbox[-1].body.startswith("Sorry, I did not get that.")
    assert "computer voice" in town.texts(KIM, MAIN, "1")[-1]


@pytest.mark.parametrize("form", [[], [("Body", "")], [("Body", "  ")]])
def test_an_empty_text_on_a_pair_line_leaves_no_entry_that_never_ends(
    town: Town, form: Pairs
) -> None:
    pair(town)
    texts(town, ("From", ROSA), ("To", PAIRS[0]), *form)
    assert [entry.outcome for entry in contacts(town)] in ([], [Outcome.DELIVERED])


def test_a_text_larger_than_any_phone_sends_is_refused_in_a_sentence(town: Town) -> None:
    form = [TEXT, ("From", ROSA), ("To", MAIN), ("Body", "x" * 100_000)]
    answer = town.post("/sms/inbound", form)
    assert answer.status_code == 413
    assert answer.text == "The request is larger than 64 kB.\n"


def test_the_longest_text_that_is_let_in_arrives_whole(town: Town) -> None:
    pair(town)
    body = "word " * 6000
    texts(town, ("From", ROSA), ("To", PAIRS[0]), ("Body", body))
    town.pass_time(900)
    assert "".join(text.body for text in town.phone(LUIS).inbox) == f"Rosa: {body}"


@pytest.mark.parametrize(
    "sender", ["", "anonymous", "+266696687", "sip:dan@example.org", "12345", "nonsense"]
)
def test_a_text_that_cannot_be_answered_is_logged(town: Town, sender: str) -> None:
    pair(town)
    for number, line in enumerate((MAIN, PAIRS[0])):
        form = [("From", sender), ("To", line), ("Body", "Hi")]
        texts(town, *form, sid=f"SM{number:0>32}")
    assert [entry.outcome for entry in town.log()] == [Outcome.REFUSED] * 2
    assert not [r for r in town.emulator.requests if r.method == "POST"]


@pytest.mark.parametrize("number", ["-1", "1e9", "ten", "99999999999999999999", "", "3.5"])
def test_a_strange_count_of_pictures_loses_no_text(town: Town, number: str) -> None:
    pair(town)
    texts(town, ("From", ROSA), ("To", PAIRS[0]), ("Body", "Hello"), ("NumMedia", number))
    assert town.phone(LUIS).inbox[-1].body.startswith("Rosa: Hello")


def test_a_text_without_a_right_id_is_refused_in_a_sentence(town: Town) -> None:
    for form in ([], [("MessageSid", "SM1")], [("MessageSid", CALL[1])]):
        answer = town.post("/sms/inbound", [*form, ("From", KIM), ("To", MAIN), ("Body", "Hi")])
        assert answer.status_code == 400
        assert answer.text.startswith("MessageSid is ")


# -- callbacks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sms/status?d=x&n=1", [TEXT]),
        ("/sms/status?d=x&n=1", [TEXT, ("MessageStatus", "")]),
        ("/voice/leg?k=1", [CALL]),
        ("/voice/ended", [CALL, ("CallStatus", "1" * 400)]),
        ("/voice/recording", [CALL]),
        ("/voice/recording", [CALL, ("RecordingSid", "RE1")]),
        ("/voice/dial-ended?k=1", [CALL]),
    ],
)
def test_a_callback_that_says_nothing_is_refused_in_a_sentence(
    town: Town, path: str, form: Pairs
) -> None:
    answer = town.post(path, form)
    assert answer.status_code == 400
    assert answer.text.endswith(".\n")


@pytest.mark.parametrize("word", ["exploded", "QUEUED", "delivered-ish", "__class__"])
def test_a_status_that_nobody_knows_changes_nothing(town: Town, word: str) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    (hook, *_) = [h for h in town.emulator.webhooks if "/sms/status" in h.url]
    form = [(k, word if k == "MessageStatus" else v) for k, v in hook.params]
    query = hook.url.partition("?")[2]
    assert town.post("/sms/status", form, query=f"?{query}").status_code in (204, 400)
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_refused(town: Town, method: str) -> None:
    assert town.ask(method, "/voice/inbound").status_code == 405


def test_a_form_in_another_shape_is_refused(town: Town) -> None:
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = town.ask("POST", "/sms/inbound", data=b'{"From": 1}', content_type=kind)
        assert answer.status_code in (403, 415)

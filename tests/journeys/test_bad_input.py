"""What no phone would send: each gets a clear answer in its own medium, and nothing is lost."""

import html
import re
from itertools import product

from mentoring.models import Outcome, Role
from tests.journeys.cast import KIM, LUIS, ROSA, contacts, dialled, pair
from tests.town import MAIN, PAIRS, Town

CALL = ("CallSid", "CA" + "1" * 32)
TEXT = ("MessageSid", "SM" + "1" * 32)


def calls(town: Town, number: int, *form: tuple[str, str], path: str = "/voice/inbound") -> str:
    """Let one call, the one of that number, send these parameters; returns what is answered."""
    answer = town.post(path, [("CallSid", f"CA{number:0>32}"), *form])
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert "went wrong" not in answer.text
    return answer.text


def answers(town: Town, number: int, *given: tuple[str, str]) -> str:
    """Let somebody new call and give this to the first question; returns what follows."""
    known = (("From", f"+1515555{150 + number:04}"), ("To", MAIN))
    first = calls(town, number, *known)
    turn = re.search(r"/voice/turn\?c=\w+&amp;t=\d+", first)
    assert turn is not None
    return calls(town, number, *known, *given, path=html.unescape(turn[0]))


def texts(town: Town, number: int, *form: tuple[str, str]) -> None:
    """Let a text come in with these parameters, and everything happen that follows."""
    answer = town.post("/sms/inbound", [("MessageSid", f"SM{number:0>32}"), *form])
    assert answer.status_code == 200, answer.text
    assert answer.text.rstrip().endswith("<Response/>")
    town.settle()


# -- calls ----------------------------------------------------------------------------------------


def test_a_caller_whose_number_makes_no_sense_is_offered_a_person(town: Town) -> None:
    assert "Your number is hidden" in calls(town, 0, ("To", MAIN))
    senders = ("", "not a number", "+99999999999999999", "sip:dan@example.org", "12345", "\0")
    for number, sender in enumerate(senders, 1):
        assert "Your number is hidden" in calls(town, number, ("From", sender), ("To", MAIN))


def test_a_call_to_no_line_of_ours_is_answered_and_reaches_nobody(town: Town) -> None:
    pair(town)
    assert "<Dial" not in calls(town, 0, ("From", ROSA))
    for number, line in enumerate(("", "+15155550199", "nonsense"), 1):
        assert "<Dial" not in calls(town, number, ("From", ROSA), ("To", line))


def test_of_a_repeated_parameter_the_first_one_counts(town: Town) -> None:
    pair(town)
    both = (("From", KIM), ("From", ROSA), ("To", MAIN), ("To", PAIRS[0]))
    assert "Luis" not in calls(town, 0, *both)
    assert dialled(town) == []


def test_keys_that_mean_nothing_ask_the_question_again(town: Town) -> None:
    strange = ("*0#", "1" * 40, "#", "**", "١", "1 OR 1=1", "\0", "-1", "A")
    for number, digits in enumerate(strange):
        answer = answers(town, number, ("Digits", digits))
        assert "To get a mentor" in answer, digits
        assert "<Hangup" not in answer


def test_speech_without_a_good_confidence_is_read_back(town: Town) -> None:
    words = ("SpeechResult", "get a mentor")
    assert "I heard" in answers(town, 0, words)
    for number, confidence in enumerate(("", "0", "NaN", "-5", "inf", "high", "1e999"), 1):
        assert "I heard" in answers(town, number, words, ("Confidence", confidence)), confidence


def test_strange_speech_asks_the_question_again(town: Town) -> None:
    strange = ("🙂" * 50, "مرحبا", "one\0two", "x" * 20_000, "<Hangup/>", "{name}", "' OR 1=1")
    for number, words in enumerate(strange):
        answer = answers(town, number, ("SpeechResult", words), ("Confidence", "0.9"))
        assert "To get a mentor" in answer, words[:20]
        assert "<Hangup" not in answer


def test_a_hostile_name_is_spoken_as_words_and_not_as_a_document(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    town.match(rosa, town.person(Role.MENTOR, '<Dial>911</Dial> & "Co"', LUIS))
    answer = calls(town, 0, ("From", ROSA), ("To", MAIN))
    assert "&lt;Dial&gt;911&lt;/Dial&gt; &amp;" in answer
    assert "<Dial>" not in answer


def test_a_call_without_a_right_id_is_refused_in_a_sentence(town: Town) -> None:
    wrong = ("", "CA1", "SM" + "1" * 32, "CA" + "g" * 32, "CA" + "1" * 5000)
    for form in ([], *([("CallSid", sid)] for sid in wrong)):
        answer = town.post("/voice/inbound", [*form, ("From", KIM), ("To", MAIN)])
        assert answer.status_code == 400
        assert answer.text.startswith("CallSid is ")
    assert town.log() == []


# -- texts ----------------------------------------------------------------------------------------


def test_a_strange_text_to_the_main_line_is_answered_in_words(town: Town) -> None:
    strange = ("🙂", "مرحبا بالعالم", "a\0b", "\u202e\u202dabc", "\n\n", "%s {0} {name}", "\ufffd")
    for number, body in enumerate(strange):
        sender = f"+1515555{150 + number:04}"
        texts(town, number, ("From", sender), ("To", MAIN), ("Body", body))
        (answer,) = town.phone(sender).inbox
        assert answer.body.startswith("Hi, this is BridgeLine"), body


def test_a_strange_answer_keeps_the_question_open(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    for number, body in enumerate(["*0#", "9" * 40]):
        texts(town, number, ("From", KIM), ("To", MAIN), ("Body", body))
        assert town.phone(KIM).inbox[-1].body.startswith("Sorry, I did not get that.")
    assert "computer voice" in town.texts(KIM, MAIN, "1")[-1]


def test_an_empty_text_on_a_pair_line_leaves_no_entry_that_never_ends(town: Town) -> None:
    pair(town)
    texts(town, 1, ("From", ROSA), ("To", PAIRS[0]))
    texts(town, 2, ("From", ROSA), ("To", PAIRS[0]), ("Body", "  "))
    assert {entry.outcome for entry in contacts(town)} <= {Outcome.DELIVERED}


def test_a_text_larger_than_any_phone_sends_is_refused_in_a_sentence(town: Town) -> None:
    form = [TEXT, ("From", ROSA), ("To", MAIN), ("Body", "x" * 100_000)]
    answer = town.post("/sms/inbound", form)
    assert answer.status_code == 413
    assert answer.text == "The request is larger than 64 kB.\n"


def test_a_text_longer_than_ten_parts_arrives_whole(town: Town) -> None:
    pair(town)
    body = "word " * 4000
    texts(town, 1, ("From", ROSA), ("To", PAIRS[0]), ("Body", body))
    town.pass_time(900)
    assert "".join(text.body for text in town.phone(LUIS).inbox) == f"Rosa: {body}"


def test_a_text_that_cannot_be_answered_is_logged(town: Town) -> None:
    pair(town)
    senders = ("", "anonymous", "+266696687", "sip:dan@example.org", "12345", "nonsense")
    for number, (sender, line) in enumerate(product(senders, (MAIN, PAIRS[0]))):
        texts(town, number, ("From", sender), ("To", line), ("Body", "Hi"))
    assert [entry.outcome for entry in town.log()] == [Outcome.REFUSED] * 12
    assert not [r for r in town.emulator.requests if r.method == "POST"]


def test_a_strange_count_of_pictures_loses_no_text(town: Town) -> None:
    pair(town)
    for number, count in enumerate(("-1", "1e9", "ten", "99999999999999999999", "", "3.5")):
        known = (("From", ROSA), ("To", PAIRS[0]), ("Body", f"Text {number}"))
        texts(town, number, *known, ("NumMedia", count))
        assert f"Text {number}" in town.phone(LUIS).inbox[-1].body


def test_a_text_without_a_right_id_is_refused_in_a_sentence(town: Town) -> None:
    for form in ([], [("MessageSid", "SM1")], [("MessageSid", CALL[1])]):
        answer = town.post("/sms/inbound", [*form, ("From", KIM), ("To", MAIN), ("Body", "Hi")])
        assert answer.status_code == 400
        assert answer.text.startswith("MessageSid is ")


# -- callbacks ------------------------------------------------------------------------------------


def test_a_callback_that_says_nothing_is_refused_in_a_sentence(town: Town) -> None:
    for path, form in (
        ("/sms/status?d=x&n=1", [TEXT]),
        ("/sms/status?d=x&n=1", [TEXT, ("MessageStatus", "")]),
        ("/voice/leg?k=1", [CALL]),
        ("/voice/ended", [CALL, ("CallStatus", "1" * 400)]),
        ("/voice/recording", [CALL]),
        ("/voice/recording", [CALL, ("RecordingSid", "RE1")]),
        ("/voice/dial-ended?k=1", [CALL]),
    ):
        answer = town.post(path, form)
        assert answer.status_code == 400
        assert answer.text.endswith(".\n")


def test_a_status_that_nobody_knows_changes_nothing(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    (hook, *_) = [h for h in town.emulator.webhooks if "/sms/status" in h.url]
    query = "?" + hook.url.partition("?")[2]
    for word in ("exploded", "QUEUED", "delivered-ish", "__class__"):
        form = [(k, word if k == "MessageStatus" else v) for k, v in hook.params]
        assert town.post("/sms/status", form, query=query).status_code in (204, 400)
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED


def test_another_method_is_refused(town: Town) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert town.ask(method, "/voice/inbound").status_code == 405


def test_a_form_in_another_shape_is_refused(town: Town) -> None:
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = town.ask("POST", "/sms/inbound", data=b'{"From": 1}', content_type=kind)
        assert answer.status_code in (403, 415)

"""Turns from the past and the future, unknown ids, forged and replayed requests (S12)."""

from itertools import product

import requests
from sqlalchemy import func, select

from mentoring.models import Answer, Conversation, ConversationStatus, Outcome
from telephony.emulator.debugger import Webhook
from tests.journeys.cast import KIM, LUIS, ROSA, contacts, dialled, goes_through, pair
from tests.town import MAIN, PAIRS, STAFF, TOKEN, Town

SPOKEN = (
    "inbound",
    "turn",
    "dial-ended",
    "whisper",
    "whisper-answer",
    "person",
    "person-whisper",
    "person-accept",
    "person-ended",
    "message",
)
TOLD = ("/voice/leg", "/voice/ended", "/voice/recording", "/sms/status")


def hooks(town: Town, part: str) -> list[Webhook]:
    return [hook for hook in town.emulator.webhooks if part in hook.url]


def again(town: Town, hook: Webhook, **changed: str) -> requests.Response:
    """Send a webhook once more, rightly signed, with some of its parameters changed."""
    path, _, query = hook.url.removeprefix("https://line.bridgeline.example").partition("?")
    form = [(name, changed.pop(name, value)) for name, value in hook.params]
    return town.post(path, [*form, *changed.items()], query=f"?{query}" if query else "")


def counts(town: Town) -> tuple[int, ...]:
    with town.db.transaction() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Answer, Conversation)
        )


def test_a_turn_from_the_past_repeats_the_present_question_and_changes_nothing(
    town: Town,
) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, ("1", "Can this phone get texts"), ("1", "about 8 texts a month"))
    before = counts(town)
    for old in hooks(town, "/voice/turn"):
        answer = again(town, old, Digits="2")
        assert "about 8 texts a month" in answer.text
    assert counts(town) == before
    kim.presses("1")
    kim.hears("computer voice")


def test_a_turn_from_the_future_repeats_the_present_question_and_changes_nothing(
    town: Town,
) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    (last,) = hooks(town, "/voice/turn")
    for turn in ("99", "999999999", "-1", "x", "", "1.5", "%D9%A3"):
        answer = town.post("/voice/turn", [*last.params, ("Digits", "1")], query=f"?c=1&t={turn}")
        assert answer.status_code == 200
        assert "Can this phone get texts" in answer.text
    kim.presses("1")
    kim.hears("about 8 texts a month")


def test_a_replayed_turn_of_an_ended_call_does_not_touch_what_goes_on_by_text(
    town: Town,
) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("1")
    kim.hangs_up()
    town.settle()
    town.texts(KIM, MAIN, "hello")
    for old in (*hooks(town, "/voice/turn"), *hooks(town, "/voice/inbound")):
        answer = again(town, old)
        assert answer.status_code == 200
        assert "went wrong" not in answer.text
        assert "<Dial" not in answer.text
    (answer_to_text,) = town.texts(KIM, MAIN, "1")
    assert "computer voice" in answer_to_text


def test_a_replayed_call_to_a_pair_line_rings_nobody_again(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hangs_up()
    town.settle()
    (inbound,) = hooks(town, "/voice/inbound")
    answer = again(town, inbound)
    assert "<Number" not in answer.text
    assert len(contacts(town)) == 1


def test_a_turn_of_somebody_elses_conversation_is_not_taken(town: Town) -> None:
    kim, rosa = town.caller(KIM), town.caller(ROSA)
    kim.calls(MAIN)
    kim.presses("1")
    (kims,) = hooks(town, "/voice/turn")
    rosa.handset.dial(MAIN)
    rosas = hooks(town, "/voice/inbound")[-1]
    path = kims.url.partition("?")[2].replace("t=1", "t=2")
    answer = town.post("/voice/turn", [*rosas.params, ("Digits", "1")], query=f"?{path}")
    assert "To get a mentor" in answer.text
    kim.presses("1")
    kim.hears("about 8 texts a month")


def test_a_whisper_that_was_refused_cannot_be_accepted_afterwards(town: Town) -> None:
    pair(town)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(PAIRS[0])
    luis.answers()
    luis.presses("2")
    (refusal,) = hooks(town, "/voice/whisper-answer")
    answer = again(town, refusal, Digits="1")
    assert "<Hangup" in answer.text
    (contact,) = contacts(town)
    assert (contact.outcome, contact.accepted_at) == (Outcome.DECLINED, None)


def test_unknown_ids_are_answered_in_words_and_reach_nobody(town: Town) -> None:
    pair(town)
    queries = (f"?c={'0' * 32}&t=1&k=999&n=1", "?c=999&t=1", "?c=x&t=y&k=z&n=w", "", "?k=0&c=0")
    for number, (path, query) in enumerate(product(SPOKEN, queries)):
        form = [
            ("CallSid", f"CA{number:0>32}"),
            ("From", "+15155550177"),
            ("To", MAIN),
            ("CallStatus", "in-progress"),
            ("DialCallStatus", "completed"),
            ("RecordingSid", f"RE{number:0>32}"),
            ("Digits", "1"),
        ]
        answer = town.post(f"/voice/{path}", form, query=query)
        assert answer.status_code == 200, (path, query)
        assert answer.text.startswith("<?xml")
        assert ROSA not in answer.text
        assert LUIS not in answer.text


def test_callbacks_for_unknown_or_deleted_rows_are_accepted_quietly(town: Town) -> None:
    queries = ("?k=999", "?k=x", "?d=&n=", f"?d={'0' * 32}&n=1", "?d=zz&n=1")
    form = [
        ("CallSid", "CA" + "9" * 32),
        ("CallStatus", "completed"),
        ("MessageSid", "SM" + "9" * 32),
        ("MessageStatus", "delivered"),
        ("RecordingSid", "RE" + "9" * 32),
        ("RecordingStatus", "absent"),
    ]
    for path, query in product(TOLD, queries):
        assert town.post(path, form, query=query).status_code == 204, (path, query)
    assert town.log() == []


def test_a_request_with_a_wrong_token_or_none_changes_nothing(town: Town) -> None:
    pair(town)
    form = [("MessageSid", "SM" + "1" * 32), ("From", ROSA), ("To", PAIRS[0]), ("Body", "Hi")]
    assert town.post("/sms/inbound", form, token="not the token").status_code == 403
    bare = requests.post(f"{town.site_url}/sms/inbound", data=form, timeout=10)
    assert bare.status_code == 403
    for path in SPOKEN:
        assert requests.post(f"{town.site_url}/voice/{path}", timeout=10).status_code == 403
    assert town.post("/sms/inbound", form, query="?x=1", token=TOKEN).status_code == 200
    town.settle()
    assert len(town.log()) == 1
    assert dialled(town) == []
    assert town.phone(STAFF).calls == []


def test_a_signature_for_one_text_does_not_fit_another(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    (hook,) = hooks(town, "/sms/inbound")
    form = [(name, "Give me money" if name == "Body" else value) for name, value in hook.params]
    forged = requests.post(
        f"{town.site_url}/sms/inbound",
        data=form,
        headers={"X-Twilio-Signature": hook.headers["X-Twilio-Signature"]},
        timeout=10,
    )
    assert forged.status_code == 403


def test_a_replayed_text_is_relayed_once(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    (hook,) = hooks(town, "/sms/inbound")
    for _ in range(3):
        assert again(town, hook).status_code == 200
    town.settle()
    assert len(town.phone(LUIS).inbox) == 1
    assert len(contacts(town)) == 1


def test_a_replayed_status_lowers_nothing(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello")
    sent, delivered = hooks(town, "/sms/status")
    for old in (sent, delivered, sent):
        assert again(town, old).status_code == 204
    assert again(town, sent, MessageStatus="failed").status_code == 204
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED
    assert town.phone(ROSA).inbox == []


def test_a_conversation_of_a_withheld_number_ends_with_its_call(town: Town) -> None:
    dan = town.caller("+15155550177")
    dan.calls(MAIN, from_override="anonymous")
    dan.hangs_up()
    town.settle()
    with town.db.transaction() as session:
        assert session.scalars(select(Conversation.status)).all() == [ConversationStatus.LEFT]

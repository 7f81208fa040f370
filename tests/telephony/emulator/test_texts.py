"""Texts between phones and the application: replies, the carrier's opt-out, segments."""

from contextlib import suppress

import pytest
from flask import Response
from smsutil import split
from twilio.base.exceptions import TwilioRestException

from telephony.emulator import PhoneError
from telephony.emulator.segments import count_segments
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, PAIR_LINE, World

TOLL_FREE = "+18005550100"


def text(world: World, body: str, reply: str = "<Response/>", to: str = LINE) -> None:
    world.answer("/sms", reply)
    world.answer("/pair-sms", reply)
    world.phone().text(to, body)
    world.emulator.settle()


def may_send(world: World, sender: str, to: str = CALLER) -> bool:
    with suppress(TwilioRestException):
        world.client.messages.create(to=to, from_=sender, body="Hello")
        return True
    return False


def test_a_text_arrives_with_its_parameters(world: World) -> None:
    text(world, "Line one\nline two ")
    (seen,) = world.app.at("/sms")
    assert seen["Body"] == "Line one\nline two "
    assert seen["MessageSid"] == seen["SmsSid"] == seen["SmsMessageSid"]
    assert (seen["From"], seen["To"]) == (CALLER, LINE)
    assert (seen["NumMedia"], seen["NumSegments"]) == ("0", "1")
    assert (seen["SmsStatus"], seen["ApiVersion"]) == ("received", "2010-04-01")
    assert "MessagingServiceSid" not in seen.params
    assert world.client.messages(seen["MessageSid"]).fetch().direction == "inbound"


def test_half_a_character_travels_as_a_question_mark(world: World) -> None:
    text(world, "broken \ud83d here")
    assert world.app.at("/sms")[0]["Body"] == "broken ? here"


def test_a_document_can_answer_with_texts(world: World) -> None:
    reply = (
        "<Response><Message>Plain.</Message><Message statusCallback='/status'><Body>First\n"
        f"second.</Body></Message><Message to='{MENTOR}' from='{PAIR_LINE}'>To another.</Message>"
        "</Response>"
    )
    text(world, "hello", reply)
    assert [each.body for each in world.phone().inbox] == ["Plain.", "First\nsecond."]
    assert [(each.peer, each.body) for each in world.phone(MENTOR).inbox] == [
        (PAIR_LINE, "To another.")
    ]
    assert [seen["MessageStatus"] for seen in world.app.at("/status")] == ["sent", "delivered"]
    directions = {each.direction for each in world.client.messages.list(from_=LINE)}
    assert directions == {"outbound-reply"}


def test_a_reply_may_have_its_progress_told_by_get(world: World) -> None:
    text(world, "hello", "<Response><Message action='/s' method='GET'>Hi.</Message></Response>")
    assert [(s.method, s["MessageStatus"]) for s in world.app.at("/s")] == [
        ("GET", "sent"),
        ("GET", "delivered"),
    ]


def test_a_document_can_send_on_to_another(world: World) -> None:
    world.answer("/more", "<Response><Message>From there.</Message></Response>")
    text(world, "hello", "<Response><Redirect>/more</Redirect></Response>")
    assert world.app.at("/more")[0]["Body"] == "hello"
    assert [each.body for each in world.phone().inbox] == ["From there."]


def test_plain_text_is_texted_back(world: World) -> None:
    world.answer("/sms", Response("Thanks", content_type="text/plain"))
    world.phone().text(LINE, "hello")
    world.emulator.settle()
    assert [each.body for each in world.phone().inbox] == ["Thanks"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("<Message></Message>", 14103),
        ("<Message from='+15155550199'>x</Message>", 14108),
        ("<Message to='+12125551234'>x</Message>", 14101),
        ("<Message to='Denise'>x</Message>", 14101),
        ("<Message>x</Message>" * 11, 14109),
        ("<Redirect>/sms</Redirect>", 14106),
    ],
)
def test_a_reply_that_cannot_be_sent_brings_a_warning(world: World, reply: str, code: int) -> None:
    text(world, "hello", f"<Response>{reply}</Response>")
    assert [warning.code for warning in world.emulator.warnings] == [code]


def test_a_text_to_a_number_in_a_service_is_asked_about_where_the_service_says(
    world: World,
) -> None:
    world.answer("/service", ("", 204))
    service = world.emulator.add_service(LINE, inbound_url=world.hook("/service"))
    text(world, "hello")
    assert world.app.paths() == ["/service"]
    assert world.app.at("/service")[0]["MessagingServiceSid"] == service


@pytest.mark.parametrize(("asks_numbers", "asked"), [(False, []), (True, ["/sms"])])
def test_a_service_without_an_address_drops_texts_unless_it_leaves_them_to_the_number(
    world: World, asks_numbers: bool, asked: list[str]
) -> None:
    world.emulator.add_service(LINE, asks_numbers=asks_numbers)
    text(world, "hello")
    assert world.app.paths() == asked


def test_two_robots_that_answer_each_other_are_stopped(world: World) -> None:
    for _ in range(20):
        world.answer("/sms", "<Response><Message>Me too.</Message></Response>")
        world.phone().text(LINE, "me too")
    assert world.codes() == [14107] * 5


@pytest.mark.parametrize(
    "word",
    ["STOP", "stop", " Unsubscribe\n", "END", "quit", "STOPALL", "Revoke", "OPTOUT", "cancel"],
)
def test_an_opt_out_word_blocks_the_pair_and_nobody_else(world: World, word: str) -> None:
    text(world, word)
    with pytest.raises(TwilioRestException) as caught:
        world.client.messages.create(to=CALLER, from_=LINE, body="Hello")
    assert (caught.value.code, caught.value.status) == (21610, 400)
    assert may_send(world, PAIR_LINE)
    assert may_send(world, LINE, MENTOR)
    assert "unsubscribed" in world.phone().inbox[0].body
    assert world.phone().inbox[0].carrier
    assert world.app.at("/sms")[0]["Body"] == word


@pytest.mark.parametrize("word", ["stop it", "please stop", "STOP.", "stopp", "ARRET"])
def test_other_texts_block_nothing(world: World, word: str) -> None:
    text(world, word)
    assert may_send(world, LINE)
    assert not any(each.carrier for each in world.phone().inbox)


@pytest.mark.parametrize("word", ["START", "yes", "UnStop"])
def test_a_returning_word_lifts_the_block_with_a_reply_of_the_carrier(
    world: World, word: str
) -> None:
    text(world, "STOP")
    text(world, word)
    assert may_send(world, LINE)
    assert "re-subscribed" in world.phone().inbox[1].body


def test_an_own_number_that_says_stop_gets_no_word_of_the_carrier(world: World) -> None:
    world.answer("/pair-sms", "<Response/>")
    world.client.messages.create(to=PAIR_LINE, from_=LINE, body="STOP")
    world.emulator.settle()
    assert world.app.at("/pair-sms")[0]["Body"] == "STOP"


def test_yes_of_somebody_who_never_left_is_an_ordinary_text(world: World) -> None:
    text(world, "YES")
    assert world.phone().inbox == []
    assert world.app.at("/sms")[0]["Body"] == "YES"


def test_stop_said_twice_is_confirmed_once(world: World) -> None:
    text(world, "STOP")
    text(world, "STOP")
    assert len(world.phone().inbox) == 1
    assert len(world.app.at("/sms")) == 2


def test_help_is_answered_by_the_carrier_and_told_to_the_application(world: World) -> None:
    text(world, "Help")
    assert world.phone().inbox[0].carrier
    assert world.app.at("/sms")[0]["Body"] == "Help"


def test_a_second_answer_after_stop_is_not_sent_and_brings_a_warning(world: World) -> None:
    text(world, "STOP", "<Response><Message>Sorry to see you go.</Message></Response>")
    assert [each.carrier for each in world.phone().inbox] == [True]
    assert [warning.code for warning in world.emulator.warnings] == [21610]


def test_toll_free_numbers_know_fewer_words(world: World) -> None:
    world.emulator.add_number(TOLL_FREE, sms_url=world.hook("/sms"))
    text(world, "QUIT", to=TOLL_FREE)
    assert may_send(world, TOLL_FREE)
    text(world, "STOP", to=TOLL_FREE)
    assert not may_send(world, TOLL_FREE)
    text(world, "YES", to=TOLL_FREE)
    assert not may_send(world, TOLL_FREE)
    text(world, "UNSTOP", to=TOLL_FREE)
    assert may_send(world, TOLL_FREE)
    carried = [each.body for each in world.phone().inbox if each.carrier]
    assert all(body.startswith("NETWORK MSG") for body in carried)


def test_a_landline_cannot_send_texts(world: World) -> None:
    world.phone().landline = True
    with pytest.raises(PhoneError):
        world.phone().text(LINE, "hello")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "a" * 160,
        "a" * 161,
        "a" * 306,
        "a" * 307,
        "€" * 80,
        "€" * 81,
        "a" * 152 + "€" + "a" * 20,
        "é" * 160,
        "á" * 70,
        "á" * 71,
        "😀" * 35,
        "😀" * 36,
        "x" * 66 + "😀" + "x" * 10,
        "Curly “quotes” are costly",
        "[brackets] {braces} ~ | \\ ^",
    ],
)
def test_segments_are_counted_as_by_an_independent_library(body: str) -> None:
    expected = len(split(body).parts) if body else 1
    assert count_segments(body) == expected


@pytest.mark.parametrize(
    ("body", "parts"), [("a" * 304, 2), ("a" * 305, 3), ("á" * 132, 2), ("á" * 133, 3)]
)
def test_toll_free_parts_are_one_shorter(body: str, parts: int) -> None:
    assert count_segments(body, toll_free=True) == parts

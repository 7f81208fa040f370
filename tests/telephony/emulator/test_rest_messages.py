"""Texts by REST, asked by the unmodified official client over real HTTP."""

from datetime import timedelta

import pytest
import requests
from flask import Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest.api.v2010.account.message import MessageInstance

from telephony.emulator import fails, sent_only, undelivered
from tests.telephony.emulator.world import CALLER, LINE, MENTOR, PAIR_LINE, World


def send(world: World, **changes: object) -> MessageInstance:
    given: dict[str, object] = {"to": CALLER, "from_": LINE, "body": "Hello"}
    return world.client.messages.create(**(given | changes))


def refusal(world: World, **changes: object) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        send(world, **changes)
    assert caught.value.uri.endswith("/Messages.json")
    return caught.value.code, caught.value.status


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "banana"}, 21211),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"to": "+12125551234"}, 21408),
        ({"to": LINE}, 21266),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": "not a number"}, 21212),
        ({"from_": "+15155550177"}, 21606),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"media_url": ["x"] * 2}, 21620),
        ({"media_url": ["https://example.org/a.png"] * 11}, 21623),
        ({"status_callback": "/relative"}, 21609),
        ({"validity_period": 0}, 20001),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_the_carriers_code(
    world: World, changes: dict[str, object], code: int
) -> None:
    assert refusal(world, **changes) == (code, 400)
    assert world.client.messages.list() == []


def test_a_number_without_texts_is_no_sender(world: World) -> None:
    world.emulator.add_number("+15155550102", sms=False)
    assert refusal(world, from_="+15155550102") == (21606, 400)


def test_the_magic_sender_sends_nothing_and_reports_nothing(world: World) -> None:
    message = send(world, from_="+15005550006", status_callback=world.hook("/status"))
    world.emulator.advance(60)
    assert message.status == "queued"
    assert world.app.seen == []
    assert world.phone().inbox == []


def test_the_magic_sender_may_write_to_its_own_number(world: World) -> None:
    assert send(world, to="+15005550006", from_="+15005550006").status == "queued"


def test_a_text_that_fails_never_leaves_the_carrier(world: World) -> None:
    world.phone().when_texted = fails(30002)
    sid = send(world, status_callback=world.hook("/status")).sid
    world.emulator.settle()
    (seen,) = world.app.at("/status")
    assert (seen["MessageStatus"], seen["ErrorCode"]) == ("failed", "30002")
    assert world.client.messages(sid).fetch().error_code == 30002
    assert world.phone().inbox == []


@pytest.mark.parametrize(("last", "code"), [("3", 30003), ("5", 30005), ("7", 30007)])
def test_some_magic_numbers_fail_later(world: World, last: str, code: int) -> None:
    sid = send(world, to=f"+1500555100{last}", status_callback=world.hook("/status")).sid
    world.emulator.settle()
    assert world.app.at("/status")[-1]["ErrorCode"] == str(code)
    assert world.client.messages(sid).fetch().error_code == code


def test_a_text_to_a_landline_is_refused_or_fails_later(world: World) -> None:
    phone = world.phone()
    phone.landline = True
    assert refusal(world) == (21614, 400)
    phone.landline_texts = "undelivered"
    sid = send(world, status_callback=world.hook("/status")).sid
    world.emulator.settle()
    assert world.app.at("/status")[-1]["MessageStatus"] == "undelivered"
    assert world.client.messages(sid).fetch().error_code == 30006
    assert phone.inbox == []


def test_a_failed_delivery_brings_its_code_and_no_text(world: World) -> None:
    world.phone().when_texted = undelivered(30003)
    send(world, status_callback=world.hook("/status"))
    world.emulator.settle()
    statuses = [seen.params.get("ErrorCode") for seen in world.app.at("/status")]
    assert statuses == [None, "30003"]
    assert world.phone().inbox == []


def test_a_carrier_without_receipts_stays_at_sent(world: World) -> None:
    world.phone().when_texted = sent_only()
    sid = send(world, status_callback=world.hook("/status")).sid
    world.emulator.advance(86400)
    assert [seen["MessageStatus"] for seen in world.app.at("/status")] == ["sent"]
    assert world.client.messages(sid).fetch().status == "sent"
    assert [text.body for text in world.phone().inbox] == ["Hello"]


def test_texts_of_one_sender_leave_a_segment_a_second(world: World) -> None:
    send(world, body="a" * 161)
    send(world, to=MENTOR, body="second")
    send(world, to=MENTOR, from_=PAIR_LINE, body="other sender")
    world.emulator.advance(1)
    assert [text.body for text in world.phone(MENTOR).inbox] == ["other sender"]
    world.emulator.advance(1.9)
    assert [text.body for text in world.phone(MENTOR).inbox] == ["other sender"]
    world.emulator.advance(0.2)
    assert [text.body for text in world.phone(MENTOR).inbox] == ["other sender", "second"]


def test_a_text_that_waits_past_its_validity_fails(world: World) -> None:
    send(world, body="a" * 1600)
    sid = send(world, body="late", validity_period=5, status_callback=world.hook("/status")).sid
    world.emulator.advance(20)
    message = world.client.messages(sid).fetch()
    assert (message.status, message.error_code) == ("failed", 30036)
    assert world.app.at("/status")[0]["MessageStatus"] == "failed"


def test_a_full_queue_refuses_more(world: World) -> None:
    world.emulator.hold_sender(LINE, seconds=36001)
    assert refusal(world) == (21611, 400)


def test_a_queued_text_can_be_cancelled_and_a_sent_one_cannot(world: World) -> None:
    first = send(world, body="a" * 1600)
    second = send(world, status_callback=world.hook("/status"))
    assert world.client.messages(second.sid).update(status="canceled").status == "canceled"
    world.emulator.advance(60)
    assert [seen["MessageStatus"] for seen in world.app.at("/status")] == ["canceled"]
    assert len(world.phone().inbox) == 1
    with pytest.raises(TwilioRestException):
        world.client.messages(first.sid).update(status="canceled")


def test_a_body_can_be_emptied_and_a_text_deleted_once_it_is_sent(world: World) -> None:
    sid = send(world).sid
    with pytest.raises(TwilioRestException) as caught:
        world.client.messages(sid).delete()
    assert caught.value.code == 20009
    with pytest.raises(TwilioRestException) as caught:
        world.client.messages(sid).update(body="")
    assert caught.value.code == 20009
    world.emulator.settle()
    assert world.client.messages(sid).update(body="").body == ""
    with pytest.raises(TwilioRestException):
        world.client.messages(sid).update(body="new words")
    assert world.client.messages(sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        world.client.messages(sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_lists_filter_by_numbers_and_by_moment(world: World) -> None:
    start = world.emulator.engine.now()
    send(world, body="first")
    world.emulator.advance(3600)
    send(world, body="second")
    send(world, to=MENTOR, body="third")
    world.emulator.settle()

    def bodies(**filters: object) -> list[str]:
        return [message.body for message in world.client.messages.list(**filters)]

    assert bodies() == ["third", "second", "first"]
    assert bodies(to=CALLER) == ["second", "first"]
    assert bodies(from_=LINE, to=MENTOR) == ["third"]
    assert bodies(date_sent_after=start + timedelta(seconds=1800)) == ["third", "second"]
    assert bodies(date_sent_before=start + timedelta(seconds=1800)) == ["first"]
    assert len(bodies(date_sent=start.date())) == 3
    assert bodies(date_sent=start.date() + timedelta(days=1)) == []
    assert bodies(date_sent_after=start.date()) == ["third", "second", "first"]
    assert bodies(date_sent_before=start.date()) == []
    assert world.emulator.warnings == []


def test_a_queued_text_is_found_by_the_day_it_was_created(world: World) -> None:
    send(world)
    found = world.client.messages.list(to=CALLER, date_sent_after=world.emulator.engine.now())
    assert [message.status for message in found] == ["queued"]


def test_lists_are_cut_into_pages_that_the_client_follows(world: World) -> None:
    for index in range(5):
        send(world, body=str(index))
    listed = world.client.messages.list(page_size=2)
    assert [message.body for message in listed] == ["4", "3", "2", "1", "0"]
    lists = [seen for seen in world.emulator.requests if seen.method == "GET"]
    assert len(lists) == 3
    page = world.client.messages.page(page_size=2, page_number=1)
    assert page.previous_page_url is not None
    assert world.emulator.warnings == []


@pytest.mark.parametrize("size", ["0", "1001", "x"])
def test_an_impossible_page_size_is_refused(world: World, size: str) -> None:
    path = f"{world.api_url}/2010-04-01/Accounts/{world.emulator.account_sid}/Messages.json"
    login = (world.emulator.account_sid, world.emulator.auth_token)
    assert requests.get(path, params={"PageSize": size}, auth=login, timeout=5).status_code == 400


def test_a_misspelt_parameter_is_dropped_but_noticed(world: World) -> None:
    path = f"{world.api_url}/2010-04-01/Accounts/{world.emulator.account_sid}/Messages.json"
    form = {"To": CALLER, "From": LINE, "Body": "x", "StatusCallBack": "http://127.0.0.1/"}
    login = (world.emulator.account_sid, world.emulator.auth_token)
    assert requests.post(path, form, auth=login, timeout=5).status_code == 201
    (warning,) = world.emulator.warnings
    assert warning.code == 20001
    assert "StatusCallBack" in warning.message


@pytest.mark.parametrize(
    "login", [None, ("AC" + "9" * 32, "x"), ("AC00000000000000000000000000000001", "wrong")]
)
def test_without_the_right_login_nothing_is_told(
    world: World, login: tuple[str, str] | None
) -> None:
    path = f"{world.api_url}/2010-04-01/Accounts/{world.emulator.account_sid}/Messages.json"
    answer = requests.get(path, auth=login, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["code"] == 20003
    assert "Basic" in answer.headers["WWW-Authenticate"]


def test_an_api_key_logs_in_and_a_foreign_account_is_not_found(world: World) -> None:
    world.emulator.add_api_key("SK" + "1" * 32, "secret")
    base = f"{world.api_url}/2010-04-01/Accounts"
    login = ("SK" + "1" * 32, "secret")
    own = f"{base}/{world.emulator.account_sid}/Messages.json"
    assert requests.get(own, auth=login, timeout=5).status_code == 200
    other = requests.get(f"{base}/AC{'7' * 32}/Messages.json", auth=login, timeout=5)
    assert (other.status_code, other.json()["code"]) == (404, 20404)


def test_products_are_told_apart_by_host(world: World) -> None:
    path = f"{world.api_url}/2010-04-01/Accounts/{world.emulator.account_sid}/Messages.json"
    login = (world.emulator.account_sid, world.emulator.auth_token)
    for host, status in (("api.twilio.com:443", 200), ("lookups.twilio.com", 404)):
        answer = requests.get(path, headers={"Host": host}, auth=login, timeout=5)
        assert answer.status_code == status
    unknown = requests.get(
        f"{world.api_url}/v9/Nothing", headers={"Host": "api.twilio.com"}, auth=login, timeout=5
    )
    assert (unknown.status_code, unknown.json()["code"]) == (404, 20404)


def test_a_text_to_another_number_of_the_account_arrives_there(world: World) -> None:
    world.answer("/pair-sms", "<Response/>")
    send(world, to=PAIR_LINE, status_callback=world.hook("/status"))
    world.emulator.settle()
    assert world.app.at("/pair-sms")[0]["From"] == LINE
    assert world.app.at("/status")[-1]["MessageStatus"] == "delivered"


def test_pictures_are_fetched_when_the_text_leaves(world: World) -> None:
    world.answer("/cat.png", Response(b"a picture", content_type="image/png"))
    sid = send(world, media_url=[world.hook("/cat.png")]).sid
    assert sid.startswith("MM")
    world.emulator.settle()
    assert world.client.messages(sid).fetch().num_media == "1"
    (media,) = world.client.messages(sid).media.list()
    assert media.content_type == "image/png"
    asked = world.app.at("/cat.png")
    assert [request.method for request in asked] == ["HEAD", "GET"]
    assert "X-Twilio-Signature" not in asked[0].headers


def test_a_file_of_no_known_kind_is_not_even_fetched(world: World) -> None:
    world.answer("/cat", Response(b"a picture", content_type="picture"))
    sid = send(world, media_url=[world.hook("/cat")]).sid
    world.emulator.settle()
    assert world.client.messages(sid).fetch().error_code == 12300
    assert [request.method for request in world.app.at("/cat")] == ["HEAD"]


def test_a_picture_that_cannot_be_had_fails_the_text(world: World) -> None:
    sid = send(world, media_url=[world.hook("/gone.png")]).sid
    world.emulator.settle()
    message = world.client.messages(sid).fetch()
    assert (message.status, message.error_code) == ("failed", 11200)


def test_media_of_a_phone_lie_behind_a_login_and_a_redirect(world: World) -> None:
    world.answer("/sms", "<Response/>")
    world.phone().text(LINE, "", media=[(b"picture", "image/jpeg")])
    told = world.app.at("/sms")[0]
    assert (told["NumMedia"], told["MediaContentType0"]) == ("1", "image/jpeg")
    assert told["MessageSid"].startswith("MM")
    assert told["MediaUrl0"].startswith("https://api.twilio.com/2010-04-01/Accounts/AC")
    url = told["MediaUrl0"].replace("https://api.twilio.com", world.api_url)
    login = (world.emulator.account_sid, world.emulator.auth_token)
    assert requests.get(url, timeout=5).status_code == 401
    first = requests.get(url, auth=login, allow_redirects=False, timeout=5)
    assert first.status_code == 307
    place = first.headers["Location"]
    assert place.startswith("http://localhost:")
    stored = requests.get(place, timeout=5)
    assert (stored.content, stored.headers["Content-Type"]) == (b"picture", "image/jpeg")
    media = world.client.messages(told["MessageSid"]).media.list()[0]
    assert world.client.messages(told["MessageSid"]).media(media.sid).delete()
    assert requests.get(url, auth=login, timeout=5).status_code == 404
    with pytest.raises(TwilioRestException) as caught:
        world.client.messages(told["MessageSid"]).media(media.sid).delete()
    assert caught.value.status == 404


def test_a_login_that_follows_the_redirect_to_another_host_is_refused_there(world: World) -> None:
    world.answer("/sms", "<Response/>")
    world.phone().text(LINE, "", media=[(b"picture", "image/jpeg")])
    url = world.app.at("/sms")[0]["MediaUrl0"].replace("https://api.twilio.com", world.api_url)
    login = (world.emulator.account_sid, world.emulator.auth_token)
    place = requests.get(url, auth=login, allow_redirects=False, timeout=5).headers["Location"]
    assert requests.get(place, auth=login, timeout=5).status_code == 400
    # A client that keeps its login to the host it is meant for gets the file.
    assert requests.get(url, auth=login, timeout=5).content == b"picture"


def test_a_service_accepts_a_text_then_queues_sends_and_delivers_it(world: World) -> None:
    service = world.emulator.add_service(LINE, PAIR_LINE)
    message = world.client.messages.create(
        to=CALLER,
        messaging_service_sid=service,
        body="Hello",
        status_callback=world.hook("/status"),
    )
    assert (message.status, message.from_) == ("accepted", None)
    assert message.messaging_service_sid == service

    world.emulator.settle()

    told = [dict(seen.params) for seen in world.app.at("/status")]
    assert [each["MessageStatus"] for each in told] == ["queued", "sent", "delivered"]
    assert {each["MessagingServiceSid"] for each in told} == {service}
    assert message.fetch().from_ == LINE
    assert world.emulator.phone(CALLER).inbox[-1].peer == LINE


def test_a_service_sends_from_the_number_that_is_asked_for_if_it_has_it(world: World) -> None:
    service = world.emulator.add_service(LINE, PAIR_LINE)
    send(world, from_=PAIR_LINE, messaging_service_sid=service)
    world.emulator.settle()
    assert world.emulator.phone(CALLER).inbox[-1].peer == PAIR_LINE


def test_a_service_that_cannot_send_says_why(world: World) -> None:
    empty, other = world.emulator.add_service(), world.emulator.add_service(PAIR_LINE)
    unknown = "MG" + "0" * 32
    assert refusal(world, messaging_service_sid=unknown) == (21701, 400)
    assert refusal(world, messaging_service_sid=empty) == (21704, 400)
    assert refusal(world, messaging_service_sid=other) == (21712, 400)

"""The official client's way to the emulator, and its refusal to go anywhere else."""

import pytest
import requests
from flask import Flask
from twilio.rest import Client
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from telephony.twilio_http import ForeignHostError, MappedHttpClient
from tests.seats import Seat
from tests.telephony.emulator.world import World


def test_the_product_stays_in_the_host_header(world: World) -> None:
    world.client.messages.list()
    world.client.lookups.v2.phone_numbers("+15155550135").fetch()
    hosts = [request.headers["Host"] for request in world.emulator.requests]
    assert hosts == ["api.twilio.com", "lookups.twilio.com"]


def test_requests_are_shown_to_a_listener_as_they_were_meant(world: World) -> None:
    seen: list[tuple[object, ...]] = []
    client = MappedHttpClient(base_url=world.api_url, record=lambda *each: seen.append(each))
    login = (world.emulator.account_sid, world.emulator.auth_token)
    url = f"https://api.twilio.com/2010-04-01/Accounts/{login[0]}/Messages.json"
    client.request("get", url, params={"To": "+15155550135"}, auth=login)
    assert seen == [("GET", url, {"To": "+15155550135"}, None)]
    client.session.close()


def test_a_stand_in_may_be_mounted_below_a_path(world: World) -> None:
    seat = Seat()
    seat.app = DispatcherMiddleware(Flask("site"), {"/carrier": world.emulator.wsgi_app})
    http = MappedHttpClient(base_url=f"{seat.url}/carrier")
    client = Client(world.emulator.account_sid, world.emulator.auth_token, http_client=http)
    for body in ("one", "two"):
        client.messages.create(to="+15155550135", from_="+15155550100", body=body)
    assert [message.body for message in client.messages.list(page_size=1)] == ["two", "one"]
    urls = {request.url.partition("?")[0] for request in world.emulator.requests}
    account = world.emulator.account_sid
    assert urls == {f"https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json"}
    http.session.close()
    seat.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/2010-04-01/x",
        "https://api.twilio.com.example.org/x",
        "https://eviltwilio.com/x",
        "https://api.twilio.com@example.org/x",
        "nonsense",
    ],
)
def test_no_other_host_is_ever_asked(world: World, url: str) -> None:
    client = MappedHttpClient(base_url=world.api_url)
    with pytest.raises(ForeignHostError):
        client.request("GET", url, auth=("user", "secret"))
    assert world.emulator.requests == []


def test_without_another_address_it_is_the_plain_client_with_a_time_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[str | None, object]] = []

    def send(
        _self: requests.Session, request: requests.PreparedRequest, **settings: object
    ) -> requests.Response:
        sent.append((request.url, settings["timeout"]))
        answer = requests.Response()
        answer.status_code = 200
        answer._content = b"{}"
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    client = MappedHttpClient(timeout=7)
    client.request("GET", "https://api.twilio.com/2010-04-01/x")
    assert sent == [("https://api.twilio.com/2010-04-01/x", 7)]

"""Where a try to sign in comes from, and where cookies go, when a proxy stands before us."""

import re
from dataclasses import replace

import pytest
from flask import request
from werkzeug.test import TestResponse

from admin.credentials import Passwords
from admin.pages import COOKIE
from app.settings import read_settings
from app.site import create_app, office_of
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from tests.admin.conftest import PASSWORD, QUICK, Site
from tests.recording_carrier import RecordingCarrier


@pytest.mark.parametrize(
    ("proxies", "told", "place"),
    [
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        # What the visitor wrote there himself comes first, and is not believed.
        (1, "10.0.0.1, 192.0.2.1", "192.0.2.1"),
        (2, "192.0.2.1, 198.51.100.2", "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxies_say_is_believed(
    db: Database, clock: ManualClock, proxies: int, told: str, place: str
) -> None:
    settings = read_settings(
        PROXIES=proxies, TWILIO_ACCOUNT_SID="AC" + "0" * 32, TWILIO_AUTH_TOKEN="a-token"
    )
    app = create_app(assemble(settings, db=db, carrier=RecordingCarrier(), clock=clock))
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    headers = {"X-Forwarded-For": told, "X-Forwarded-Host": "elsewhere.example"}

    app.test_client().get("/desk/about", headers=headers)

    assert seen == [place]


_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.mark.parametrize(
    "said", [{}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https"}]
)
def test_behind_https_cookies_go_nowhere_else_and_nobody_is_led_out_of_it(
    db: Database, clock: ManualClock, said: dict[str, str]
) -> None:
    settings = read_settings(
        PUBLIC_BASE_URL="https://line.example.org",
        PROXIES=1,
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="a-token",
    )
    parts = assemble(settings, db=db, carrier=RecordingCarrier(), clock=clock)
    office = replace(office_of(parts), passwords=Passwords(QUICK), wall_clock=clock)
    site = Site(create_app(parts, office=office), db, clock, clock, office)
    email = site.add()
    clock.advance(30)
    # The proxy speaks http to us, whatever it says of how it was spoken to.
    browser, told = site.app.test_client(), said | {"Host": "line.example.org"}

    def sends(address: str, **fields: str) -> TestResponse:
        page = browser.get("/desk/sign-in", base_url="https://line.example.org", headers=told)
        token = _TOKEN.search(page.text)
        assert token is not None
        return browser.post(
            address,
            base_url="https://line.example.org",
            data=fields | {"csrf_token": token[1]},
            headers=told | {"Referer": "https://line.example.org/desk/sign-in"},
            environ_overrides={"wsgi.url_scheme": "http"},
        )

    answers = [sends("/desk/sign-in", email=email, password=PASSWORD)]
    answers.append(sends("/desk/sign-in/code", code=site.code(email)))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert all(answer.headers["Location"].startswith("/desk/") for answer in answers)
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} >= {COOKIE}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"} <= set(cookie.split("; "))
    assert answers[0].headers["Strict-Transport-Security"] == "max-age=31536000"
    forged = browser.post(
        "/desk/sign-in",
        base_url="https://line.example.org",
        data={"email": email, "password": PASSWORD},
        headers=told | {"Referer": "https://elsewhere.example/"},
    )
    assert forged.status_code == 400

"""Where a try to sign in comes from, when a proxy stands before us."""

import pytest
from flask import request

from app.settings import read_settings
from app.site import create_app
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
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

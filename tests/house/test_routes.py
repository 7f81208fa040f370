"""Every address of the site is known: guarded unless there is a reason, and written down."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.settings import Settings
from app.site import create_app
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from tests.databases import StatementCounter
from tests.recording_carrier import RecordingCarrier
from tests.tree import ROOT

# Why an address is open to anybody.
OPEN = {
    "/fallback/voice": "must speak when the guard cannot; tells nothing about anybody",
    "/fallback/left": "must thank when the guard cannot; tells nothing about anybody",
    "/fallback/text": "must answer when the guard cannot; tells nothing about anybody",
    "/audio/<token>": "the carrier does not sign it; the address itself is a signed key",
    "/healthz": "tells a monitor one word and nothing about anybody",
}
PAGE = "/desk/"
MEDIA = {"/voice/": {"voice", "callback"}, "/sms/": {"text", "callback"}}

_WRITTEN_DOWN = re.compile(r"`(/[^`\s]+)`")


@pytest.fixture
def site(db: Database, clock: ManualClock) -> Flask:
    settings = Settings(
        PUBLIC_BASE_URL="https://line.example.org",
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="a-token",
    )
    return create_app(assemble(settings, db=db, carrier=RecordingCarrier(), clock=clock))


def rules(site: Flask) -> list[Rule]:
    """Return the addresses of the site that the carrier asks; the others are left out.

    Those of the coordinators' page are held against their permissions: tests/admin.
    """
    return [
        rule
        for rule in site.url_map.iter_rules()
        if rule.rule not in OPEN and not rule.rule.startswith(PAGE)
    ]


def test_every_address_that_is_not_open_is_guarded(site: Flask) -> None:
    bare = [
        rule.rule
        for rule in rules(site)
        if getattr(site.view_functions[rule.endpoint], "guarded", None) is None
    ]

    assert bare == []


def test_an_address_is_guarded_for_its_own_medium(site: Flask) -> None:
    wrong = [
        rule.rule
        for rule in rules(site)
        for start, media in MEDIA.items()
        if rule.rule.startswith(start)
        and getattr(site.view_functions[rule.endpoint], "guarded", None) not in media
    ]

    assert wrong == []


def test_there_are_webhooks_for_calls_and_for_texts(site: Flask) -> None:
    for start in MEDIA:
        assert [rule for rule in rules(site) if rule.rule.startswith(start)]


def test_an_open_address_exists(site: Flask) -> None:
    assert set(OPEN) <= {rule.rule for rule in site.url_map.iter_rules()}


def test_an_unsigned_request_is_refused_at_every_guarded_address_without_a_query(
    site: Flask, queries: StatementCounter
) -> None:
    client = site.test_client()
    with queries() as statements:
        answers = {
            rule.rule: client.post(rule.rule, data={"CallSid": "CA" + "0" * 32}).status_code
            for rule in rules(site)
        }

    assert set(answers.values()) == {403}, answers
    assert statements == []


def test_every_address_is_written_down_and_every_written_address_exists(site: Flask) -> None:
    section = (ROOT / "docs" / "architecture.md").read_text().partition("## Addresses")[2]
    written = set(_WRITTEN_DOWN.findall(section.partition("\n## ")[0]))

    ours = {rule.rule for rule in site.url_map.iter_rules() if not rule.rule.startswith(PAGE)}
    assert written == ours | {PAGE}

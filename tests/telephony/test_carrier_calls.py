"""What the adapter finds among the calls of the account."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from telephony.carrier import PlacedCall
from tests.telephony.scripted_server import LINE, PERSON, ScriptedServer, failure_of, json_answer

SINCE = datetime(2026, 3, 3, 17, 0, 0, 500_000, tzinfo=UTC)
AT_THAT_SECOND = "Tue, 03 Mar 2026 17:00:00 +0000"
BEFORE = "Tue, 03 Mar 2026 16:59:59 +0000"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    running = ScriptedServer()
    yield running
    running.stop()


def lists(server: ScriptedServer, *calls: tuple[str, str, str]) -> None:
    """Let the account have these calls, newest first: id, direction, time."""
    rows = [
        {"sid": sid, "direction": direction, "date_created": at, "status": "ringing"}
        for sid, direction, at in calls
    ]
    server.answers = [json_answer(json.dumps({"calls": rows, "next_page_uri": None}))]


def found(server: ScriptedServer) -> PlacedCall | None:
    return server.carrier().find_call(to=PERSON, from_line=LINE, since=SINCE)


def test_a_leg_that_a_document_has_dialled_is_not_taken_for_a_placed_call(
    server: ScriptedServer,
) -> None:
    lists(
        server,
        ("CA1", "outbound-dial", AT_THAT_SECOND),
        ("CA2", "outbound-api", AT_THAT_SECOND),
    )
    assert found(server) == PlacedCall("CA2", "ringing")
    assert server.asked[0].args["To"] == PERSON
    assert server.asked[0].args["From"] == LINE


def test_an_older_call_is_not_found(server: ScriptedServer) -> None:
    lists(server, ("CA1", "outbound-api", BEFORE))
    assert found(server) is None


def test_a_moment_without_a_zone_is_refused_before_anything_is_asked(
    server: ScriptedServer,
) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        server.carrier().find_call(to=PERSON, from_line=LINE, since=datetime(2026, 3, 3))  # noqa: DTZ001
    assert server.asked == []


def test_a_look_up_that_fails_is_an_error_without_any_number(server: ScriptedServer) -> None:
    server.answers = [json_answer("{}", 503)]
    assert not failure_of(lambda: found(server)).permanent

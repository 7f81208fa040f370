"""What a person gets when a view fails, and what the log gets: never a number, never a word."""

import logging
from collections.abc import Callable

import pytest
from flask import abort, make_response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from mentoring.clock import ManualClock
from mentoring.programme import Programme
from telephony.failures import FailureWatch
from telephony.requests import UnusableRequest
from tests.telephony.guarded_app import GuardedApp

SECRET = "+1 515 555 0177 said: I cannot go on"


def _break() -> ResponseReturnValue:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise RuntimeError(f"(row: {SECRET})") from error


def _apology(medium: str) -> str:
    return {"voice": "<Response><Say>Sorry.</Say></Response>"}.get(
        medium, "<Response><Message>Sorry.</Message></Response>"
    )


def _broken() -> GuardedApp:
    return GuardedApp(_break, apology=_apology)


@pytest.mark.parametrize(("target", "verb"), [("/voice", "Say"), ("/text", "Message")])
def test_a_failing_view_apologises_in_the_medium_of_the_person(target: str, verb: str) -> None:
    answer = _broken().post(target)
    assert answer.status_code == 200
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.text == f"<Response><{verb}>Sorry.</{verb}></Response>"


def test_a_failing_callback_answers_500_because_nobody_is_listening() -> None:
    answer = _broken().post("/callback")
    assert answer.status_code == 500
    assert answer.mimetype == "text/plain"
    assert answer.text == "The request could not be handled.\n"


@pytest.mark.parametrize("target", ["/voice", "/text", "/callback"])
def test_a_fault_is_logged_with_its_places_but_without_any_value(target: str) -> None:
    app = _broken()
    app.post(target)
    assert len(app.log.texts) == 1
    assert app.log.levels == [logging.ERROR]
    fault = app.log.last["fault"]
    assert fault[0] == "RuntimeError"
    assert "KeyError" in fault
    assert any("test_guard_faults.py" in place and place.endswith("_break") for place in fault)
    assert "0177" not in app.log.texts[0]
    assert "cannot" not in app.log.texts[0]


def test_the_traceback_of_an_endless_recursion_is_kept_short() -> None:
    def recurse() -> ResponseReturnValue:
        return recurse()

    app = GuardedApp(recurse)
    assert app.post().status_code == 200
    assert app.log.last["fault"][0] == "RecursionError"
    assert len(app.log.texts[0]) < 6_000


@pytest.mark.parametrize("target", ["/voice", "/text"])
def test_when_even_the_apology_fails_the_carrier_is_left_to_its_fallback(target: str) -> None:
    def fail(_: str) -> str:
        raise LookupError(SECRET)

    app = GuardedApp(_break, apology=fail)
    answer = app.post(target)
    assert answer.status_code == 500
    assert app.log.last["apology"][0] == "LookupError"
    assert app.log.last["fault"][0] == "RuntimeError"
    assert "0177" not in app.log.texts[0]


@pytest.mark.parametrize("target", ["/voice", "/text", "/callback"])
def test_an_http_error_of_a_view_passes_and_is_logged(target: str) -> None:
    def conflict() -> ResponseReturnValue:
        raise Conflict(SECRET)

    app = GuardedApp(conflict)
    assert app.post(target).status_code == 409
    assert app.log.last["status"] == 409
    assert app.log.levels == [logging.WARNING]
    assert "0177" not in app.log.texts[0]


def test_an_aborted_response_passes_with_its_own_status() -> None:
    app = GuardedApp(lambda: abort(make_response("gone", 410)))
    assert app.post().status_code == 410
    assert app.log.last["status"] == 410


def test_parameters_that_make_no_sense_get_a_400_with_one_plain_sentence() -> None:
    def refuse() -> ResponseReturnValue:
        raise UnusableRequest("CallSid is missing.")

    app = GuardedApp(refuse)
    answer = app.post()
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "CallSid is missing.\n"
    assert app.log.last["why"] == "CallSid is missing."


@pytest.mark.parametrize(
    ("view", "status"),
    [(lambda: ("", 204), 204), (lambda: make_response("x", 201), 201), (lambda: b"x", 200)],
)
def test_a_view_may_answer_in_any_way_that_flask_knows(
    view: Callable[[], ResponseReturnValue], status: int
) -> None:
    app = GuardedApp(view)
    assert app.post("/callback").status_code == status
    assert app.log.last["status"] == status


def test_faults_are_counted_and_what_a_stranger_sends_is_not(clock: ManualClock) -> None:
    told: list[tuple[int, int]] = []
    watch = FailureWatch(clock, Programme, lambda failed, total: told.append((failed, total)))
    app = GuardedApp(_break, apology=_apology, failures=watch)
    for _ in range(5):
        app.post("/voice", token="another token")
    for target in ("/voice", "/text", "/callback"):
        assert told == []
        app.post(target)

    assert told == [(3, 3)]

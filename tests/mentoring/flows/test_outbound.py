"""How a call of ours opens: nothing private before a key, and no machine is brought to staff."""

import pytest

from mentoring.flows.events import Answered, Finished
from tests.mentoring.flows.caller import Caller

NAMED = {"says_name": "yes"}
UNNAMED = {"says_name": "no"}


def test_the_name_is_said_only_where_it_may_be() -> None:
    assert Caller("outbound", facts=NAMED).heard == (
        "Hello, this is BridgeLine. Is this Denise? Yes [p] press 1. [p] No [p] press 2. [p]"
        " For a wrong number [p] press 3. [p] To stop these calls [p] press 9."
    )
    for facts in (UNNAMED, {}):
        caller = Caller("outbound", facts=facts)
        assert "If that is you [p] press 1." in caller.heard
        for _ in range(2):
            assert "Denise" not in caller.silent().heard
            assert "Ellen" not in caller.heard


@pytest.mark.parametrize("facts", [NAMED, UNNAMED])
@pytest.mark.parametrize(
    ("key", "outcome"), [("1", "yes"), ("2", "no"), ("3", "wrong"), ("9", "stop")]
)
def test_it_is_answered_by_a_key(facts: dict[str, str], key: str, outcome: str) -> None:
    assert Caller("outbound", facts=facts).press(key).outcome == outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("yes, speaking", "yes"),
        ("wrong person", "no"),
        ("no, wrong number", "wrong"),
        ("stop calling me", "stop"),
        ("don't call me again", "stop"),
        ("nine", "stop"),
    ],
)
def test_a_word_counts_once_it_is_confirmed(words: str, outcome: str) -> None:
    caller = Caller("outbound", facts=NAMED).say(words)
    assert caller.asked.form == "confirm"
    assert caller.say("yes").outcome == outcome


def test_four_is_no_key_here_and_nine_keeps_its_wording() -> None:
    caller = Caller("outbound", facts=NAMED).press("4")
    assert caller.outcome is None
    caller.press("9")
    assert caller.stored == [Answered("OUT", "V-OUT", 2, "stop", None, "keys")]


def test_a_machine_that_says_nothing_ends_the_call() -> None:
    caller = Caller("outbound", facts=NAMED).silent().silent().silent()
    assert caller.events == (Finished("nobody"),)
    assert caller.stored == []


def test_a_machine_that_speaks_ends_the_call_and_is_never_brought_to_staff() -> None:
    greeting = "You have reached Denise. Please leave a message after the tone."
    caller = Caller("outbound", facts=NAMED)
    for _ in range(3):
        caller.say(greeting)
        assert not caller.gave_up
        assert not caller.wants_person
    assert caller.outcome == "nobody"


def test_a_yes_that_nobody_confirms_says_nothing_private() -> None:
    caller = Caller("outbound", facts=NAMED).say("Yes hi this is Denise leave a message")
    for _ in range(3):
        caller.silent()
    assert caller.outcome == "nobody"


def test_a_person_is_one_key_away() -> None:
    assert Caller("outbound", facts=NAMED).press("0").wants_person
    assert Caller("outbound", facts=NAMED).press("*").asked.form == "again"

"""The table of the carrier's errors: complete, without contradictions, and readable by staff."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from telephony.reactions import TABLE, ReactionName, ReactionTable, reaction_for, reaction_in

CONTRACT = Path(__file__).parents[3] / "shared" / "twilio-contract.md"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (21211, ReactionName.NUMBER_INVALID),
        (21217, ReactionName.NUMBER_INVALID),
        (21614, ReactionName.LANDLINE),
        (21635, ReactionName.CHECK_LINE),
        (30006, ReactionName.CHECK_LINE),
        (21610, ReactionName.OPTED_OUT),
        (30004, ReactionName.OPTED_OUT),
        (21408, ReactionName.BLOCKED),
        (21216, ReactionName.BLOCKED),
        (30007, ReactionName.SPAM_FILTERED),
        (21606, ReactionName.CONFIG_ALERT),
        (20003, ReactionName.CONFIG_ALERT),
        (30034, ReactionName.CONFIG_ALERT),
        (21617, ReactionName.DROP),
        (30036, ReactionName.EXPIRED),
        (21220, ReactionName.ENDED),
    ],
)
def test_an_error_that_no_retry_can_cure_is_final(code: int, name: ReactionName) -> None:
    reaction = reaction_for(code)
    assert (reaction.name, reaction.permanent, reaction.max_retries) == (name, True, 0)
    assert reaction.wait_before(1) is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (20429, ReactionName.RETRY_SOON),
        (10004, ReactionName.RETRY_SOON),
        (21611, ReactionName.RETRY_LATER),
        (30001, ReactionName.RETRY_LATER),
        (30003, ReactionName.CHECK_HANDSET),
        (30005, ReactionName.NUMBER_INVALID),
        (30008, ReactionName.RETRY_ONCE),
        (30023, ReactionName.WAIT_WINDOW),
        (63038, ReactionName.WAIT_WINDOW),
    ],
)
def test_an_error_that_may_pass_is_tried_again_a_limited_number_of_times(
    code: int, name: ReactionName
) -> None:
    reaction = reaction_for(code)
    assert reaction.name == name
    assert not reaction.permanent
    assert reaction.wait_before(reaction.max_retries) is not None
    assert reaction.wait_before(reaction.max_retries + 1) is None


def test_a_phone_that_is_off_is_tried_three_times_within_a_day() -> None:
    reaction = reaction_for(30003)
    waits = [reaction.wait_before(retry) for retry in (1, 2, 3)]
    assert waits == [timedelta(hours=3), timedelta(hours=6), timedelta(hours=12)]


def test_an_unknown_number_of_the_network_is_tried_once_more_the_next_day() -> None:
    assert reaction_for(30005).wait_before(1) == timedelta(days=1)
    assert reaction_for(30005).max_retries == 1


def test_there_is_no_retry_number_zero() -> None:
    assert reaction_for(30003).wait_before(0) is None


@pytest.mark.parametrize("code", [401, 403, 404, 20003, 20005, 20404, 30002])
def test_a_refusal_of_the_whole_account_is_known_for_one(code: int) -> None:
    assert reaction_for(code).whole_account
    assert "TWILIO_ACCOUNT_SID" in reaction_for(code).staff_words


@pytest.mark.parametrize("code", [20429, 21606, 21610, 30034, 63038])
def test_a_refusal_of_one_line_or_number_is_none_of_the_whole_account(code: int) -> None:
    assert not reaction_for(code).whole_account


def test_unlisted_codes_go_by_family() -> None:
    assert reaction_for(21999).permanent
    assert reaction_for(30999).max_retries == 1
    assert reaction_for(30999).name == ReactionName.RETRY_ONCE


def test_unlisted_codes_of_no_family_go_by_the_status_of_the_answer() -> None:
    assert reaction_for(20500, 500).name == ReactionName.RETRY_LATER
    assert reaction_for(45000, 429).name == ReactionName.RETRY_SOON
    assert reaction_for(45000, 400).name == ReactionName.DROP
    assert reaction_for(45000).name == ReactionName.DROP


@pytest.mark.parametrize(
    ("status", "name", "permanent"),
    [
        (400, ReactionName.DROP, True),
        (401, ReactionName.CONFIG_ALERT, True),
        (404, ReactionName.CONFIG_ALERT, True),
        (418, ReactionName.DROP, True),
        (429, ReactionName.RETRY_SOON, False),
        (500, ReactionName.RETRY_LATER, False),
        (502, ReactionName.RETRY_LATER, False),
        (503, ReactionName.RETRY_SOON, False),
        (599, ReactionName.RETRY_LATER, False),
    ],
)
def test_a_low_code_is_read_as_the_http_status_of_a_gateway(
    status: int, name: ReactionName, permanent: bool
) -> None:
    assert (reaction_for(status).name, reaction_for(status).permanent) == (name, permanent)
    assert reaction_for(None, status) == reaction_for(status)


def test_a_failure_without_any_code_is_not_tried_for_ever() -> None:
    assert reaction_for(None).permanent
    assert reaction_in("unreachable").max_retries > 0


def test_every_reaction_is_used_and_tells_staff_what_to_do_in_a_text_of_fair_length() -> None:
    everything = [*TABLE.codes.values(), *TABLE.statuses.values()]
    everything += [*TABLE.families.values(), *TABLE.situations.values()]
    assert {reaction.name for reaction in everything} == set(ReactionName)
    for reaction in everything:
        assert reaction.staff_words.endswith(".")
        assert 30 < len(reaction.staff_words) <= 120


def test_no_wait_takes_longer_than_three_days_in_all() -> None:
    for code, reaction in TABLE.codes.items():
        waits = [reaction.wait_before(retry) for retry in range(1, reaction.max_retries + 1)]
        assert sum((w for w in waits if w), timedelta()) <= timedelta(days=3), code


def _table_of(*rules: dict[str, object]) -> ReactionTable:
    usual = {"codes": [21211], "reaction": "drop", "staff": "Look it up."}
    return ReactionTable(
        {"rule": [usual | rule for rule in rules], "http": [], "family": [], "situation": {}}
    )


def test_a_table_with_one_code_in_two_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="21211 stands in two rules"):
        _table_of({}, {"reaction": "expired"})


def test_a_table_with_an_unknown_reaction_is_refused() -> None:
    with pytest.raises(ValueError, match="shrug"):
        _table_of({"reaction": "shrug"})


def test_a_table_with_retries_but_no_wait_is_refused() -> None:
    with pytest.raises(ValueError, match="both a wait and a number"):
        _table_of({"max_retries": 2})


def test_a_table_with_a_status_among_the_codes_is_refused() -> None:
    with pytest.raises(ValueError, match="no codes of the carrier"):
        _table_of({"codes": [429]})


def test_every_code_of_the_carrier_contract_is_in_the_table() -> None:
    if not CONTRACT.exists() and not os.environ.get("CI"):
        pytest.skip(f"the carrier contract is not at {CONTRACT}")
    text = CONTRACT.read_text("utf-8")
    on_create = text.split("### 3.2", 1)[1].split("### 3.3", 1)[0]
    reactions = text.split("### 4.5", 1)[1].split("### 4.6", 1)[0]
    cells = re.findall(r"^\| ([\d /,()a-zA-Z]+?) \|", on_create + reactions, re.MULTILINE)
    codes = {int(code) for cell in cells for code in re.findall(r"\b\d{5}\b", cell)}
    assert len(codes) > 50
    assert codes - TABLE.codes.keys() == set()

"""The addresses of notes: nobody can make one, use an old one, or turn one into another."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.crypto import Vault
from telephony.audio import AudioTokens
from tests.make import NOW

KEY = UUID("0123456789abcdef0123456789abcdef")
OTHER = UUID("fedcba9876543210fedcba9876543210")
TOKENS = AudioTokens(Vault({1: b"1" * 32}, b"i" * 32))
HOUR = timedelta(hours=1)


def test_a_token_opens_its_own_recording() -> None:
    assert TOKENS.read(TOKENS.issue(KEY, now=NOW), now=NOW) == KEY


@pytest.mark.parametrize(
    ("later", "opens"),
    [
        (timedelta(), True),
        (HOUR - timedelta(seconds=1), True),
        (HOUR, True),
        (HOUR + timedelta(seconds=1), False),
        (timedelta(days=365), False),
    ],
)
def test_a_token_lasts_an_hour(later: timedelta, opens: bool) -> None:
    token = TOKENS.issue(KEY, now=NOW)
    assert (TOKENS.read(token, now=NOW + later) == KEY) is opens


def test_a_token_of_one_recording_opens_no_other() -> None:
    _, until, signature = TOKENS.issue(KEY, now=NOW).split("-")
    assert TOKENS.read(f"{OTHER.hex}-{until}-{signature}", now=NOW) is None


def test_a_token_cannot_be_made_to_last_longer() -> None:
    key, until, signature = TOKENS.issue(KEY, now=NOW).split("-")
    assert TOKENS.read(f"{key}-{int(until) + 1}-{signature}", now=NOW) is None
    assert TOKENS.read(f"{key}-{10**11}-{signature}", now=NOW) is None


def test_a_token_of_another_house_does_not_open() -> None:
    elsewhere = AudioTokens(Vault({1: b"1" * 32}, b"x" * 32))
    assert TOKENS.read(elsewhere.issue(KEY, now=NOW), now=NOW) is None


def test_a_token_still_opens_after_the_field_keys_were_changed() -> None:
    newer = AudioTokens(Vault({2: b"2" * 32}, b"i" * 32))
    assert newer.read(TOKENS.issue(KEY, now=NOW), now=NOW) == KEY


def test_a_blind_index_of_our_own_is_no_token() -> None:
    # The same key signs tokens and indexes numbers, so the two must not be alike.
    until = int((NOW + HOUR).timestamp())
    index = Vault({1: b"1" * 32}, b"i" * 32).index(f"{KEY.hex}:{until}")[:16].hex()
    assert TOKENS.read(f"{KEY.hex}-{until}-{index}", now=NOW) is None


@given(place=st.integers(0, 75), letter=st.sampled_from("0123456789abcdefxyz-"))
def test_a_token_with_any_letter_changed_does_not_open(place: int, letter: str) -> None:
    token = TOKENS.issue(KEY, now=NOW)
    spoiled = token[:place] + letter + token[place + 1 :]
    assert TOKENS.read(spoiled, now=NOW) == (KEY if spoiled == token else None)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "-",
        "--",
        KEY.hex,
        f"{KEY.hex}-",
        f"{KEY.hex}--",
        f"{KEY.hex}-1772560800-",
        f"{KEY}-1772560800-00",
        f"{'g' * 32}-1772560800-00",
        f"{KEY.hex}-soon-00",
        f"{KEY.hex}--1-00",
        f"{KEY.hex}-{'9' * 13}-00",
        f"{KEY.hex}-{'9' * 5000}-00",
        f"{KEY.hex}-²-00",
        f"{KEY.hex}-1772560800-ключ",
        "../../etc/passwd",
        "%00",
        "\0",
        "x" * 100_000,
    ],
)
def test_what_was_never_a_token_opens_nothing(token: str) -> None:
    assert TOKENS.read(token, now=NOW) is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=120))
def test_no_text_whatever_breaks_the_reader(token: str) -> None:
    assert TOKENS.read(token, now=NOW) is None


def test_a_token_names_no_person_and_cannot_be_guessed() -> None:
    key, until, signature = TOKENS.issue(KEY, now=NOW).split("-")
    assert (key, int(until)) == (KEY.hex, int((NOW + HOUR).timestamp()))
    assert len(bytes.fromhex(signature)) == 16

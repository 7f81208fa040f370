"""Sealed fields open only where they belong; a number is found without being readable."""

import base64
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.crypto import (
    Vault,
    VaultError,
    read_keys,
    vault_from_file,
    vault_from_text,
    write_keys,
)
from tests.make import (
    all_at_once,
)

OLD, NEW, OTHER, INDEX = b"1" * 32, b"2" * 32, b"x" * 32, b"i" * 32
PLACE = "phones.number_sealed:one"
RING = Vault({1: OLD, 2: NEW}, INDEX)


def text_of(key: bytes) -> str:
    return base64.b64encode(key).decode()


@given(st.text(max_size=200))
def test_what_was_sealed_opens_in_its_place(words: str) -> None:
    assert RING.open(RING.seal(words, place=PLACE), place=PLACE) == words


def test_sealed_bytes_come_back_as_bytes() -> None:
    audio = bytes(range(256))
    assert RING.open_bytes(RING.seal(audio, place=PLACE), place=PLACE) == audio


def test_a_sealed_value_shows_nothing_of_its_words_and_is_never_the_same_twice() -> None:
    first, second = (RING.seal("Hello Ben", place=PLACE) for _ in range(2))
    assert b"Ben" not in first
    assert first != second


@pytest.mark.parametrize(
    "elsewhere", ["phones.number_sealed:two", "phones.other:one", "staff.number_sealed:one", ""]
)
def test_a_value_copied_to_another_row_or_column_does_not_open(elsewhere: str) -> None:
    sealed = RING.seal("+15155550135", place=PLACE)
    with pytest.raises(VaultError, match="does not belong"):
        RING.open(sealed, place=elsewhere)


def test_a_value_does_not_open_with_another_key_of_the_same_number() -> None:
    sealed = RING.seal("Hello", place=PLACE)
    with pytest.raises(VaultError, match="does not belong"):
        Vault({1: OLD, 2: OTHER}, INDEX).open(sealed, place=PLACE)


def test_a_missing_key_is_named() -> None:
    sealed = RING.seal("Hello", place=PLACE)
    with pytest.raises(VaultError, match="key 2 is missing"):
        Vault({1: OLD}, INDEX).open(sealed, place=PLACE)


@given(place=st.integers(0, 35), flip=st.integers(1, 255))
def test_no_changed_byte_goes_unnoticed(place: int, flip: int) -> None:
    sealed = bytearray(RING.seal("Hello Ben", place=PLACE))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(VaultError):
        RING.open(bytes(sealed), place=PLACE)


def test_after_rotation_the_new_key_seals_and_the_old_one_still_opens() -> None:
    before = Vault({1: OLD}, INDEX)
    sealed = before.seal("Hello", place=PLACE)

    assert RING.open(sealed, place=PLACE) == "Hello"
    assert RING.key_of(sealed) == 1
    assert RING.key_of(RING.seal("Hello", place=PLACE)) == RING.current == 2


def test_the_highest_key_number_seals_whatever_the_order() -> None:
    assert Vault({7: NEW, 3: OLD}, INDEX).current == 7
    assert Vault({3: OLD, 255: NEW, 0: OTHER}, INDEX).current == 255


def test_the_blind_index_of_a_number_stays_the_same_while_the_field_keys_change() -> None:
    number = "+15155550135"
    assert Vault({9: OTHER}, INDEX).index(number) == RING.index(number)
    assert len(RING.index(number)) == 32


def test_the_blind_index_tells_numbers_apart_and_cannot_be_made_without_its_key() -> None:
    assert RING.index("+15155550135") != RING.index("+15155550136")
    assert Vault({1: OLD}, OTHER).index("+15155550135") != RING.index("+15155550135")


def test_a_log_line_gets_eight_characters_in_place_of_a_number() -> None:
    short = RING.short_hash("+15155550135")
    assert len(short) == 8
    assert short == RING.index("+15155550135").hex()[:8]


@pytest.mark.parametrize(
    ("ring", "index", "says"),
    [
        ({}, INDEX, "no encryption key"),
        ({1: b"short"}, INDEX, "32 bytes"),
        ({1: OLD}, b"", "32 bytes"),
        ({256: OLD}, INDEX, "between 0 and 255"),
        ({-1: OLD}, INDEX, "between 0 and 255"),
    ],
)
def test_keys_that_make_no_sense_are_refused_in_a_sentence(
    ring: dict[int, bytes], index: bytes, says: str
) -> None:
    with pytest.raises(VaultError, match=says):
        Vault(ring, index)


def test_keys_are_read_from_settings_in_any_order_and_with_spaces() -> None:
    vault = vault_from_text(f" 1:{text_of(OLD)}, 2:{text_of(NEW)} ", text_of(INDEX))
    assert vault.current == 2
    assert vault.open(RING.seal("Hello", place=PLACE), place=PLACE) == "Hello"


SECRET = text_of(b"secret" * 5)


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("", text_of(INDEX)),
        (text_of(OLD), text_of(INDEX)),
        (f"1:{text_of(OLD)},", text_of(INDEX)),
        (f"one:{text_of(OLD)}", text_of(INDEX)),
        (f"1:{text_of(OLD)}", ""),
        (f"1:{text_of(OLD)}", "not base64!"),
        (f"1:{SECRET}", text_of(INDEX)),
        (f"300:{text_of(OLD)}", text_of(INDEX)),
        ("1:ключ", text_of(INDEX)),
    ],
)
def test_a_wrong_key_setting_is_refused_in_a_sentence_without_the_key(
    keys: str, index: str
) -> None:
    with pytest.raises(VaultError, match=r"^[A-Z].*\.$") as refused:
        vault_from_text(keys, index)
    assert SECRET not in str(refused.value)
    assert text_of(OLD) not in str(refused.value)


def test_a_key_file_is_made_on_the_first_run_and_read_on_the_second(tmp_path: Path) -> None:
    path = tmp_path / "var" / "keys.json"
    sealed = vault_from_file(path).seal("Hello", place=PLACE)
    again = vault_from_file(path)
    assert again.open(sealed, place=PLACE) == "Hello"


def test_a_key_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    vault_from_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_that_is_written_anew_stays_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{}")
    path.chmod(0o644)
    write_keys(path, {1: OLD}, INDEX)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_new_key_file_has_keys_of_its_own(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("one.json", "two.json"))
    vault_from_file(first)
    vault_from_file(second)
    assert read_keys(first) != read_keys(second)


def test_what_is_written_to_a_key_file_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_keys(path, {1: OLD, 2: NEW}, INDEX)
    assert read_keys(path) == ({1: OLD, 2: NEW}, INDEX)


def test_a_key_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    write_keys(path, {1: OLD}, INDEX)

    def no_space(*_args: object, **_kwargs: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(json, "dump", no_space)
    with pytest.raises(OSError, match="No space"):
        write_keys(path, {1: OLD, 2: NEW}, INDEX)
    assert read_keys(path) == ({1: OLD}, INDEX)


def test_no_half_written_copy_is_left_beside_a_key_file(tmp_path: Path) -> None:
    write_keys(tmp_path / "keys.json", {1: OLD}, INDEX)
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text(""),
        lambda path: path.write_text("not json"),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text('{"field_keys": [], "index_key": ""}'),
        lambda path: path.write_text(path.read_text()[:-20]),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text(
            json.dumps({"field_keys": {"1": "eA=="}, "index_key": "eA=="})
        ),
    ],
)
def test_a_spoiled_key_file_is_named_and_never_made_anew(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "keys.json"
    vault_from_file(path)
    spoil(path)
    spoiled = path.read_bytes()
    with pytest.raises(VaultError, match=r"^[A-Z].*\.$"):
        vault_from_file(path)
    assert path.read_bytes() == spoiled


def test_processes_that_start_together_on_a_first_run_have_the_same_keys(
    tmp_path: Path,
) -> None:
    for step in range(10):
        path = tmp_path / str(step) / "keys.json"
        made = all_at_once(*(lambda path=path: vault_from_file(path).index("x") for _ in range(6)))
        assert len(set(made)) == 1


def test_a_key_number_that_is_given_twice_is_refused() -> None:
    one, two = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    with pytest.raises(VaultError, match=r"^[A-Z].*\.$"):
        vault_from_text(f"1:{one},1:{two}", one)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01short", b"\x01" + b"n" * 12])
def test_a_cut_off_value_is_refused_like_any_other_wrong_one(sealed: bytes) -> None:
    with pytest.raises(VaultError):
        Vault({1: b"1" * 32}, b"i" * 32).open_bytes(sealed, place="here")


@pytest.mark.parametrize(
    "text", ["[]", "null", "1", '{"field_keys": {"1": null}, "index_key": ""}']
)
def test_a_key_file_of_another_shape_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(VaultError, match="cannot be read"):
        vault_from_file(path)

"""No number in this repository can ring at anybody's home."""

import re
from collections.abc import Iterator
from pathlib import Path

import phonenumbers
import pytest

from tests.tree import files, name_of

# Numbers that belong to nobody, and who keeps them free.
NOBODYS = {
    "stories in North America": re.compile(r"\+1[2-9]\d\d55501\d\d"),
    "the carrier's own magic numbers": re.compile(r"\+1500555\d{4}"),
    "stories in London, kept free by Ofcom": re.compile(r"\+442079460\d{3}"),
    "ANONYMOUS, RESTRICTED and UNAVAILABLE on a keypad": re.compile(
        r"\+1?(?:266696687|7378742833|86282452253)"
    ),
}

# What tests must see refused, and why it still rings nowhere. Only tests may write these.
REFUSED = {
    "+12125551234": "in the 555 exchange nobody has a phone",
    "+15155550200": "the first number behind those of stories",
    "+15155550235": "in the 555 exchange nobody has a phone",
    "+15512345678": "digits counted up",
    "+881612345678": "digits counted up, behind the prefix of a satellite",
}

# With its country, or as people in North America write it.
_WRITTEN = re.compile(
    r"(?<![\w.])"
    r"(?:\+[1-9](?:[ .()/-]{0,2}\d){6,14}"
    r"|\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]?\d{4})"
    r"(?!\w)"
)


def real_numbers(text: str) -> Iterator[tuple[str, str]]:
    """Return the numbers in a text that could be somebody's: as E.164, and as they are written."""
    for written in _WRITTEN.findall(text):
        try:
            number = phonenumbers.parse(written, "US")
        except phonenumbers.NumberParseException:  # A country that does not exist.
            continue
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number) and not any(
            form.fullmatch(e164) for form in NOBODYS.values()
        ):
            yield e164, written


# Put together here, so that this file passes its own test.
@pytest.mark.parametrize(
    "written",
    ["+1515" + "5551234", "(515) " + "555-1234", "515.555" + ".1234", "+49 30 " + "23125 000"],
)
def test_a_real_number_would_be_found(written: str) -> None:
    assert [found for _, found in real_numbers(f"Call {written}, please.")] == [written]


@pytest.mark.parametrize("harmless", ["+15155550135", "2026-03-03 17:00", "+15005550006", "1.2.3"])
def test_what_is_nobodys_number_is_let_pass(harmless: str) -> None:
    assert list(real_numbers(harmless)) == []


@pytest.fixture(scope="module")
def found() -> set[tuple[str, str]]:
    """Return every number in the tree that could be somebody's, with its file."""
    return {
        (name_of(path), e164)
        for path in files()
        if not path.name.startswith("requirements")  # Nothing but hashes.
        for e164, _ in real_numbers(path.read_bytes().decode(errors="replace"))
    }


def test_no_file_holds_a_number_that_could_be_somebodys(found: set[tuple[str, str]]) -> None:
    strays = {
        (file, number)
        for file, number in found
        if number not in REFUSED or not file.startswith("tests/")
    }

    assert strays == set()


def test_every_number_that_tests_must_see_refused_is_in_use(found: set[tuple[str, str]]) -> None:
    here = name_of(Path(__file__))

    assert {number for file, number in found if file != here} >= set(REFUSED)

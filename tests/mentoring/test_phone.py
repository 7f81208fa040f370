"""Phone numbers are read in every way people write them, and some are never dialled."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from mentoring.phone import (
    is_fictional,
    masked,
    parse_number,
    reason_not_dialable,
    relay_prefix,
    written,
    zones_of,
)

HERE = ("US", "CA", "PR")
# It begins like the prefix of a relay and the number after it, and is nobody's own.
_TOLL_FREE = "-".join(("1", "800", "203", "4567"))


@pytest.mark.parametrize(
    "text",
    [
        "515 555 0135",
        "(515) 555-0135",
        "515.555.0135",
        "5155550135",
        "1-515-555-0135",
        "+1 515 555 0135",
        "+15155550135",
        "  +1 (515) 555 0135 ",
        "tel:+1-515-555-0135",
        "٥١٥٥٥٥٠١٣٥",
    ],
)
def test_a_number_is_understood_in_every_way_people_write_it(text: str) -> None:
    assert parse_number(text) == "+15155550135"


@pytest.mark.parametrize("text", ["011 44 20 7946 0018", "+44 20 7946 0018", "+44 (0)20 7946 0018"])
def test_a_foreign_number_is_understood_with_its_country(text: str) -> None:
    assert parse_number(text) == "+442079460018"


def test_a_national_number_is_read_in_the_country_it_was_written_in() -> None:
    assert parse_number("020 7946 0018", "GB") == "+442079460018"
    assert parse_number("020 7946 0018") is None


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("18002 020 7946 0018", "18002"),
        ("18001020 7946 0018", "18001"),
        (" 18002-+44 20 7946 0018", "18002"),
        ("020 7946 0018", ""),
        (_TOLL_FREE, ""),
        ("18002 515 555 0135", ""),
        ("18002", ""),
    ],
)
def test_the_prefix_of_a_text_relay_is_told_from_the_number(text: str, prefix: str) -> None:
    assert relay_prefix(text) == prefix
    if prefix:
        assert parse_number(text) == "+442079460018"


def test_a_toll_free_number_is_no_prefix_of_a_relay() -> None:
    assert parse_number(_TOLL_FREE) == "+" + _TOLL_FREE.replace("-", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "+",
        "Anonymous",
        "sip:+15155550135@carrier.example",
        " SIP:+15155550135@carrier.example",
        "sips:+15155550135@carrier.example",
        "client:charlotte",
        "12345",
        "+12345",
        "911",
        "+1911",
        "555 0135",
        "+1 555 123 4567",
        "515 555 0135 ext 5",
        "+15155550135,,,9",
        "515 555 0135 or 515 555 0136",
        "515 555\n0135",
        "+999 515 555 0135",
        "5" * 41,
        "+" + "1" * 100_000,
        "\0",
        "🙂" * 10,
    ],
)
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@given(st.text(max_size=45))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    found = parse_number(text)
    assert found is None or (found[0] == "+" and found[1:].isascii() and found[1:].isdigit())


@pytest.mark.parametrize("number", ["+15155550135", "+16135550142", "+17875550136"])
def test_numbers_of_the_countries_that_the_programme_calls_may_be_dialled(number: str) -> None:
    assert reason_not_dialable(number, HERE) is None


@pytest.mark.parametrize("number", ["911", "+911", "112", "999", "988", "+1911", "+1112", "+1988"])
def test_emergency_and_crisis_numbers_are_never_dialled(number: str) -> None:
    assert reason_not_dialable(number, HERE) is not None


def test_the_reason_names_an_emergency_number_as_one() -> None:
    assert reason_not_dialable("911", HERE) == "it is an emergency number"
    assert reason_not_dialable("999", ("GB",)) == "it is an emergency number"


@pytest.mark.parametrize(
    ("region", "kind", "reason"),
    [
        ("US", PhoneNumberType.PREMIUM_RATE, "it is a premium-rate number"),
        ("GB", PhoneNumberType.PREMIUM_RATE, "it is a premium-rate number"),
        ("FR", PhoneNumberType.SHARED_COST, "it is a shared-cost number"),
        ("GB", PhoneNumberType.UAN, "it is a company-wide access number"),
        ("GB", PhoneNumberType.PAGER, "it is a pager"),
        ("CZ", PhoneNumberType.VOICEMAIL, "it is a voicemail access number"),
    ],
)
def test_a_number_that_charges_its_caller_or_where_nobody_answers_is_never_dialled(
    region: str, kind: int, reason: str
) -> None:
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert reason_not_dialable(number, (region,)) == reason


@pytest.mark.parametrize("number", ["+442079460018", "+1876" + "5550123", "+52" + "5512345678"])
def test_a_number_abroad_is_not_dialled_even_if_it_looks_like_one_from_here(number: str) -> None:
    assert reason_not_dialable(number, HERE) == "its country is not one that the programme calls"


@pytest.mark.parametrize("number", ["", "12345", "+12345", "5155550135", "sip:ada@carrier.example"])
def test_what_is_no_full_number_is_not_dialled(number: str) -> None:
    assert reason_not_dialable(number, HERE) is not None


def test_every_dialable_number_was_read_first() -> None:
    # What the reader makes of a text can be judged, so no third form exists in between.
    assert reason_not_dialable(parse_number("515 555 0135") or "", HERE) is None


@pytest.mark.parametrize(
    ("number", "fictional"),
    [
        ("+15155550100", True),
        ("+17875550199", True),
        ("+15155550200", False),
        ("+1515555010", False),
        ("+151555501000", False),
        ("15155550100", False),
        ("+11155550100", False),
        ("+442079460018", False),
        (" +15155550100", False),
        ("+15155550100\n", False),
    ],
)
def test_only_area_code_555_01xx_is_fictional(number: str, fictional: bool) -> None:
    assert is_fictional(number) is fictional


@pytest.mark.parametrize(
    ("number", "shown"), [("+15155550135", "ends in 35"), ("911", "hidden"), ("", "hidden")]
)
def test_a_masked_number_shows_two_digits_at_most(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_our_own_lines_are_written_as_people_write_them() -> None:
    assert written("+15155550100") == "515 555 0100"
    assert written("+442079460018") == "+44 20 7946 0018"


@pytest.mark.parametrize(
    ("number", "zone"),
    [
        ("+15155550135", "America/Chicago"),
        ("+16025550117", "America/Phoenix"),
        ("+17875550118", "America/Puerto_Rico"),
    ],
)
def test_a_prefix_suggests_a_zone(number: str, zone: str) -> None:
    assert zones_of(number) == (zone,)


def test_a_number_without_a_place_suggests_many_zones_or_none() -> None:
    assert len(zones_of("+18005550123")) > 10
    assert zones_of("911") == ()
    assert zones_of("nothing") == ()


@pytest.mark.parametrize("number", ["+1500" + "5550123", "+1212" + "5551212", "+1212" + "9761234"])
def test_a_number_that_charges_its_caller_within_an_area_code_is_not_dialled(
    number: str,
) -> None:
    assert reason_not_dialable(number, ("US", "CA", "PR")) is not None

"""What a mentor says of themselves is checked before anybody hears it."""

import pytest

from mentoring.applications.own_line import LIMIT, checked_own_line
from mentoring.errors import ProgrammeError


def test_it_is_one_line_that_ends() -> None:
    assert checked_own_line("  I began at\n a kitchen table ") == "I began at a kitchen table."
    assert checked_own_line("Ask me!") == "Ask me!"
    assert checked_own_line(" ") == ""
    assert checked_own_line("Open since 2009, 14 hours a day, 3 shops.").startswith(
        "Open since 2009"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Call me at 515 555 0131.",
        "Write to ellen@example.org.",
        "See www.ellensbread.example.",
        "See ellensbread.com first.",
        "See https://example.org/me.",
        "I am {mentor}.",
        "Wait [p] now.",
        "A bell\x07.",
        "x" * (LIMIT + 1),
    ],
)
def test_no_number_no_address_no_page_no_signs_and_not_too_long(line: str) -> None:
    with pytest.raises(ProgrammeError):
        checked_own_line(line)

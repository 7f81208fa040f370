"""One sentence in a mentor's own words, heard by whoever may be matched with them (V-MP).

It is in the mentor's own language. Staff write it down as it was told, and it is checked before
anybody hears it.
"""

import re

from mentoring.errors import ProgrammeError
from mentoring.sharing import holds_number_or_address

# What the profile of a mentor holds it under.
OWN_LINE = "own_line"
LIMIT = 90
_LINK = re.compile(r"https?:|www\.|\w\.(?:com|org|net|info|biz|io|me)\b", re.IGNORECASE)
_ENDS = (".", "!", "?")


def checked_own_line(typed: str) -> str:
    """Return a typed line, ended by a full stop; empty for none. Raises ProgrammeError."""
    line = " ".join(typed.split())
    if not line:
        return ""
    if not line.isprintable() or "{" in line or "[" in line:
        raise ProgrammeError("Write the line in plain words, without { or [.")
    if holds_number_or_address(line) or _LINK.search(line):
        raise ProgrammeError(
            "The line holds a number, an address or a page. Leave it out: the two reach each other"
            " by our lines."
        )
    line = line if line.endswith(_ENDS) else f"{line}."
    if len(line) > LIMIT:
        raise ProgrammeError(f"The line has up to {LIMIT} letters. Make it shorter.")
    return line

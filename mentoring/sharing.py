"""What reaches somebody past our lines, found in words that others get to see or hear."""

import re

_PHONE_NUMBER = re.compile(
    r"(?<![\d•])(?:\+?1[ .-]?)?(?:\([2-9]\d\d\)|[2-9]\d\d)[ .-]?\d{3}[ .-]?\d{4}(?!\d)"
)
# It begins where a word begins: tried at each letter of a huge text, it would take half a minute.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def holds_number_or_address(body: str) -> bool:
    """Tell whether a text holds what reaches somebody past this line: a phone number, an address.

    Times, prices and dates are no numbers: a phone number here has ten digits, or eleven from a 1.
    """
    return _ADDRESS.search(body) is not None or _PHONE_NUMBER.search(body) is not None

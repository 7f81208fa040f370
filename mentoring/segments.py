"""How a text is counted by the network: what each character takes, and what each segment holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_GSM7_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as an escape and a second septet.
_GSM7_EXTENSION = "^{}\\[]~|€\f"
_ESCAPE = "\x1b"
_BEYOND_GSM7 = re.compile(f"[^{re.escape(_GSM7_BASIC + _GSM7_EXTENSION)}]")


@dataclass(frozen=True)
class Segments:
    """What a text costs to send: its units (septets or UTF-16 units) and its segments."""

    encoding: Literal["gsm7", "ucs2"]
    units: int
    count: int


def segments_of(text: str) -> Segments:
    """Count a text as the network does; an empty one is one segment.

    GSM-7 holds 160 septets alone and 153 in each of several segments, UCS-2 70 and 67 UTF-16
    units. An escaped character or a surrogate pair never straddles two segments. One character
    outside the GSM-7 table makes the whole text UCS-2.
    """
    if _BEYOND_GSM7.search(text):
        wire = text.encode("utf-16-le", "surrogatepass")
        units = len(wire) // 2
        return Segments("ucs2", units, _count(units, 70, 67, lambda at: is_high(wire, at)))
    septets = text
    for letter in _GSM7_EXTENSION:
        septets = septets.replace(letter, _ESCAPE + letter)
    units = len(septets)
    return Segments("gsm7", units, _count(units, 160, 153, lambda at: septets[at] == _ESCAPE))


def beyond_gsm7(text: str) -> frozenset[str]:
    """Return the characters that make a text UCS-2, which holds less than half as much."""
    return frozenset(_BEYOND_GSM7.findall(text))


def _count(units: int, alone: int, joined: int, is_first_half: Callable[[int], bool]) -> int:
    if units <= alone:
        return 1
    count = end = 0
    while end < units:
        end += joined
        if end < units and is_first_half(end - 1):
            end -= 1
        count += 1
    return count


def is_high(wire: bytes, at: int) -> bool:
    """Tell whether the unit of UTF-16 (little-endian) there opens a surrogate pair."""
    return 0xD8 <= wire[2 * at + 1] <= 0xDB

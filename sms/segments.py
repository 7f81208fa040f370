"""How a long text is split without harm.

A short text goes in one segment; a longer one is sent in several that the phone joins again. Every
segment is paid for. The carrier takes no text over 1,600 characters, so we split those ourselves.
"""

import re
import unicodedata

from mentoring.segments import is_high

LONGEST_TEXT = 1600
# Below two units not even one emoji would fit.
_SHORTEST_LIMIT = 2

_ZWNJ, _ZWJ = "\u200c", "\u200d"
# Letters that look like marks: Thai and Lao AM, and the half-width Japanese voice marks.
_MARKLIKE = "\u0e33\u0eb3\uff9e\uff9f"
_FLAG_LETTERS = "".join(chr(code) for code in range(0x1F1E6, 0x1F200))
# The text process of Unicode never sees more than some thirty marks on a letter. This many is no
# writing any more, and looking for its beginning would cost time that a sender could abuse.
_LONGEST_SIGN = 64

# A space that asks not to be broken (French puts one before a question mark) is no word boundary.
_SPACE = r"[^\S\xa0\u2007\u202f]"
# A character that surely begins something: never a mark that belongs to the space before it.
_BEGINNING = (
    rf"(?=[^\W{_MARKLIKE}]|[!-~¡-¿‐-‧‰-⁞₠-⃀←-⯿　-〟\U0001f000-\U0001f3fa\U0001f400-\U0001faff])"
)
# Both patterns are greedy up to their end, so that they find the last boundary in the window. What
# follows a line's end holds no other line's end, or blank lines would be looked at again and again.
_WORD_END = re.compile(rf"(?s:.*){_SPACE}{_BEGINNING}")
_SENTENCE_END = re.compile(
    rf"(?s:.*)(?:[.!?…؟۔।][\"'”’»)\]]*{_SPACE}|[。！？][」』”’）]*|\n)"
    rf"[^\S\n\xa0\u2007\u202f]*{_BEGINNING}"
)


def split_text(
    text: str, limit: int = LONGEST_TEXT, *, first_limit: int | None = None
) -> tuple[str, ...]:
    """Split a text into parts that fit. Joined, the parts are the text again, to the character.

    Limits are UTF-16 units, the strictest way to count characters. `first_limit` is what is left
    beside a prefix. A part ends after a sentence (if that leaves it three quarters full), else
    after a word, else between two signs as a reader sees them: an emoji family, a flag or a letter
    with its accents is only cut when it alone is longer than the part. A text that fits is one
    part, the empty one too. Raises ValueError for limits under 2.
    """
    room = limit if first_limit is None else first_limit
    if min(room, limit) < _SHORTEST_LIMIT:
        raise ValueError(f"A part must hold at least {_SHORTEST_LIMIT} units.")
    parts: list[str] = []
    start = 0
    while not parts or start < len(text):
        end = _end_of_part(text, start, room)
        parts.append(text[start:end])
        start, room = end, limit
    return tuple(parts)


def _end_of_part(text: str, start: int, room: int) -> int:
    most = _reach(text, start, room)
    if most == len(text):
        return most
    # The character after the window is looked at, for a boundary may be exactly there.
    ended = _SENTENCE_END.match(text, (start + 3 * most) // 4, most + 1)
    if not ended and len(text[start : most + 1].split(None, 1)) > 1:
        ended = _WORD_END.match(text, start, most + 1)
    return ended.end() if ended else _end_of_sign(text, start, most)


def _reach(text: str, start: int, room: int) -> int:
    """Return how far the text may go for so many UTF-16 units."""
    wire = text[start : start + room].encode("utf-16-le", "surrogatepass")
    if len(wire) <= 2 * room:
        return min(start + room, len(text))
    if is_high(wire, room - 1):
        room -= 1
    return start + len(wire[: 2 * room].decode("utf-16-le", "surrogatepass"))


def _end_of_sign(text: str, start: int, most: int) -> int:
    for at in range(most, max(start, most - _LONGEST_SIGN), -1):
        if not _is_inside_sign(text, start, at):
            return at
    return most


def _is_inside_sign(text: str, start: int, at: int) -> bool:
    """Tell whether a reader sees the characters on both sides of a place as one sign.

    The rules of Unicode for such clusters, kept a little too careful: when in doubt it is one.
    """
    before, after = text[at - 1], text[at]
    if before in _FLAG_LETTERS and after in _FLAG_LETTERS:
        letters = text[start:at]
        return (len(letters) - len(letters.rstrip(_FLAG_LETTERS))) % 2 == 1
    return (
        before == _ZWJ
        or after in (_ZWJ, _ZWNJ)
        or unicodedata.category(after).startswith("M")
        or after in _MARKLIKE
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # tags, as in the flag of Wales
        or (before == "\r" and after == "\n")
        or _is_open_syllable(before, after)
    )


def _is_open_syllable(before: str, after: str) -> bool:
    """Tell whether a Korean or Indic syllable goes on between two characters."""
    return (
        "\u1160" <= after <= "\u11ff"  # Korean vowels and finals, one by one
        or "\ud7b0" <= after <= "\ud7ff"
        or "\u1100" <= before <= "\u115f"  # Korean initials
        or "\ua960" <= before <= "\ua97f"
        or unicodedata.combining(before) == 9  # a virama binds the next letter
    )

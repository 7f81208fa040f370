"""How many parts a text takes: GSM-7 where every character allows it, else UCS-2."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[]~|€\f")
_GSM_ONE, _UCS_ONE = 160, 70


def count_segments(body: str, *, toll_free: bool = False) -> int:
    """Return the number of parts a body is sent in; an empty body is one part.

    Joined parts lose room to their header: 7 septets or 3 UTF-16 units, one more from toll-free
    numbers. Characters of the extension table take two septets and do not straddle a part, nor
    does a surrogate pair in UCS-2.
    """
    extra = 1 if toll_free else 0
    if all(char in _BASIC or char in _EXTENDED for char in body):
        widths = [2 if char in _EXTENDED else 1 for char in body]
        return _parts(widths, _GSM_ONE, _GSM_ONE - 7 - extra)
    widths = [2 if ord(char) > 0xFFFF else 1 for char in body]
    return _parts(widths, _UCS_ONE, _UCS_ONE - 3 - extra)


def _parts(widths: list[int], single: int, joined: int) -> int:
    if sum(widths) <= single:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return parts

"""Charts as pictures: bars, drawn here as SVG, with every number written beside its bar.

They carry their own white ground and need neither a sheet nor a script, so they look the same on a
dark screen, in high contrast and on paper. The table under each says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from textwrap import wrap

_ROW, _BAR, _LINE = 30, 18, 20
_LABELS, _LONGEST_LABEL = 165, 17
# What the longest words without a bar take, and a letter of the bold title, in the widest of the
# usual fonts (DejaVu Sans).
_WORDS, _LETTER = 175, 11
_INK, _FILL, _AXIS = "#1a1a1a", "#1d5a96", "#595959"


@dataclass(frozen=True)
class Sheet:
    """How wide a chart is, and how much of that is kept for the values beside the bars."""

    width: int
    values: int


WIDE = Sheet(width=640, values=170)
# As wide as the window of a phone: a wide chart would shrink there, and its letters with it.
NARROW = Sheet(width=360, values=80)


@dataclass(frozen=True)
class Bar:
    """One bar. `words` stand beside it; without a value they stand alone and say why."""

    label: str
    value: Decimal | None
    words: str


def bar_chart(title: str, bars: Sequence[Bar], sheet: Sheet = WIDE) -> str:
    """Return a chart as an SVG document, whose title and words are read as well."""
    lines = wrap(title, sheet.width // _LETTER)
    top = 24 + _LINE * len(lines)
    width, height = sheet.width, top + _ROW * len(bars) + 10
    values = [bar.value for bar in bars if bar.value is not None]
    lowest, highest = min([Decimal(), *values]), max([Decimal(), *values])
    room = width - _LABELS - sheet.values
    scale = room / (highest - lowest) if highest > lowest else Decimal()
    zero = _LABELS - lowest * scale
    drawn = [
        _drawn(bar, top=top + _ROW * place, zero=zero, scale=scale, width=width)
        for place, bar in enumerate(bars)
    ]
    heading = "".join(
        f'<text x="8" y="{24 + _LINE * at}" font-weight="bold" fill="{_INK}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    said = escape(told(title, bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' width="{width}" height="{height}" font-family="sans-serif" font-size="15">'
        f"<title>{said}</title>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f"{heading}{''.join(drawn)}"
        f'<line x1="{_at(zero)}" y1="{top - 4}" x2="{_at(zero)}" y2="{height - 6}"'
        f' stroke="{_AXIS}"/>'
        "</svg>"
    )


def told(title: str, bars: Sequence[Bar]) -> str:
    """Return a chart as one sentence, for whoever cannot see it."""
    parts = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return f"{title}. {parts}." if parts else f"{title}. There is nothing to show."


def _drawn(bar: Bar, *, top: int, zero: Decimal, scale: Decimal, width: int) -> str:
    line = top + 15
    label = bar.label if len(bar.label) <= _LONGEST_LABEL else f"{bar.label[:_LONGEST_LABEL]}…"
    name = f'<text x="8" y="{line}" fill="{_INK}">{escape(label)}</text>'
    length = (bar.value or Decimal()) * scale
    left, right = min(zero, zero + length), max(zero, zero + length)
    rect = ""
    if bar.value is not None:
        rect = (
            f'<rect x="{_at(left)}" y="{top}" width="{_at(right - left)}" height="{_BAR}"'
            f' fill="{_FILL}"/>'
        )
    # Without a bar the words are long; beside a zero far to the right they would leave the picture.
    beside = right + 8 if bar.value is not None else min(right + 8, Decimal(width - _WORDS))
    words = f'<text x="{_at(beside)}" y="{line}" fill="{_INK}">{escape(bar.words)}</text>'
    return f"{name}{rect}{words}"


def _at(place: Decimal) -> str:
    return f"{place:.1f}"

"""Charts as pictures: bars, drawn here as SVG, with every number written beside its bar.

They carry their own white ground and need neither a sheet nor a script, so they look the same on a
dark screen, in high contrast and on paper. The table under each says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

_WIDTH, _ROW, _BAR, _TOP = 640, 30, 18, 44
_LABELS, _VALUES = 150, 170
_LONGEST_LABEL = 20
_INK, _FILL, _AXIS = "#1a1a1a", "#1d5a96", "#595959"


@dataclass(frozen=True)
class Bar:
    """One bar. `words` stand beside it; without a value they stand alone and say why."""

    label: str
    value: Decimal | None
    words: str


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """Return a chart as an SVG document, whose title and words are read as well."""
    height = _TOP + _ROW * len(bars) + 10
    values = [bar.value for bar in bars if bar.value is not None]
    lowest, highest = min([Decimal(), *values]), max([Decimal(), *values])
    room = _WIDTH - _LABELS - _VALUES
    scale = room / (highest - lowest) if highest > lowest else Decimal()
    zero = _LABELS - lowest * scale
    drawn = [
        _drawn(bar, top=_TOP + _ROW * place, zero=zero, scale=scale)
        for place, bar in enumerate(bars)
    ]
    said = escape(told(title, bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="15">'
        f"<title>{said}</title>"
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="8" y="24" font-weight="bold" fill="{_INK}">{escape(title)}</text>'
        f"{''.join(drawn)}"
        f'<line x1="{_at(zero)}" y1="{_TOP - 4}" x2="{_at(zero)}" y2="{height - 6}"'
        f' stroke="{_AXIS}"/>'
        "</svg>"
    )


def told(title: str, bars: Sequence[Bar]) -> str:
    """Return a chart as one sentence, for whoever cannot see it."""
    parts = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
    return f"{title}. {parts}." if parts else f"{title}. There is nothing to show."


def _drawn(bar: Bar, *, top: int, zero: Decimal, scale: Decimal) -> str:
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
    words = f'<text x="{_at(right + 8)}" y="{line}" fill="{_INK}">{escape(bar.words)}</text>'
    return f"{name}{rect}{words}"


def _at(place: Decimal) -> str:
    return f"{place:.1f}"

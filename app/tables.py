"""What a command prints: aligned plain text for people, the same facts as JSON for machines."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moment:
    """A moment and the zone in which somebody reads it. JSON always gets UTC."""

    at: datetime
    zone: ZoneInfo


Cell = str | int | bool | Moment | Sequence[str] | None


@dataclass(frozen=True)
class Table:
    """Rows under one header row. `empty` is said when there are no rows, `note` after them.

    `failed` makes the command end with exit code 1 although it has answered.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str
    note: str = ""
    failed: bool = False

    def text(self) -> str:
        """Return the aligned table, or the sentence that stands for no rows."""
        if not self.rows:
            return self.empty
        shown = [self.columns, *([shown_cell(cell) for cell in row] for row in self.rows)]
        widths = [max(width_of(row[place]) for row in shown) for place in range(len(self.columns))]
        lines = [_line(row, widths) for row in shown]
        return "\n".join([*lines, "", self.note] if self.note else lines)

    def data(self) -> list[dict[str, object]]:
        """Return one object a row, keyed by the column titles."""
        return [
            {_key(title): _plain(cell) for title, cell in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]


@dataclass(frozen=True)
class Card:
    """The facts of one thing, one a line, and the tables that belong to it."""

    fields: Sequence[tuple[str, Cell]]
    tables: Sequence[tuple[str, Table]] = ()
    failed: bool = False

    def text(self) -> str:
        """Return the aligned facts, then each table under its title."""
        widths = [max(width_of(title) for title, _ in self.fields), 0]
        facts = [_line((title, shown_cell(cell)), widths) for title, cell in self.fields]
        below = [f"\n{title}\n{table.text()}" for title, table in self.tables]
        return "\n".join([*facts, *below])

    def data(self) -> dict[str, object]:
        """Return one object with the facts, and the tables as lists in it."""
        facts = {_key(title): _plain(cell) for title, cell in self.fields}
        return facts | {_key(title): table.data() for title, table in self.tables}


@dataclass(frozen=True)
class Done:
    """Something was done: one or more sentences about it, and its facts for machines."""

    sentence: str
    facts: Sequence[tuple[str, Cell]] = ()
    failed: bool = False

    def text(self) -> str:
        """Return the sentences."""
        return self.sentence

    def data(self) -> dict[str, object]:
        """Return the sentences as `done`, and the facts."""
        return {"done": self.sentence} | {_key(title): _plain(cell) for title, cell in self.facts}


Reply = Table | Card | Done


def render(reply: Reply, *, as_json: bool) -> str:
    """Return what is printed for a reply: text, or one JSON document."""
    if as_json:
        return json.dumps(reply.data(), ensure_ascii=False, indent=2)
    return reply.text()


def shown_cell(cell: Cell) -> str:
    """Return a cell as people read it. Signs that steer a terminal are taken out."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Moment():
            return f"{cell.at.astimezone(cell.zone):%a %Y-%m-%d %H:%M %Z}"
        case str() | int():
            return _printable(str(cell))
        case _:
            return _printable(" ".join(cell))


def width_of(text: str) -> int:
    """Return how many places a text takes in a terminal: accents none, wide signs two."""
    places = 0
    for sign in text:
        if not unicodedata.combining(sign):
            places += 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
    return places


def _printable(text: str) -> str:
    # Names come from strangers by text; one with an escape sequence could rewrite the screen.
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    padded = (
        text + " " * (width - width_of(text)) for text, width in zip(row, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _plain(cell: Cell) -> object:
    match cell:
        case Moment():
            return cell.at.astimezone(UTC).isoformat()
        case None | str() | int():
            return cell
        case _:
            return list(cell)


def _key(title: str) -> str:
    return title.lower().replace(" ", "_").replace("-", "_")

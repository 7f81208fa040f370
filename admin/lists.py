"""Lists: filtered, sorted, one page at a time at an address of its own, and as CSV.

A page shows 50 rows and asks for one more to know whether there is another page: counting a long
table would take longer than showing it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from admin.office import Visit
from admin.permissions import Permission
from admin.rendering import render

PAGE = 50
CSV_ROWS = 20_000
_DEEPEST_PAGE = 400
# A spreadsheet would run a cell that begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = TypeVar("Row")
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Link:
    """Words that lead to a page.

    `told` says the same and more to whoever hears the link away from its row, as in a list of all
    links: it begins with the words, which are what one says to press it by voice.
    """

    words: str
    address: str
    told: str = ""


@dataclass(frozen=True)
class When:
    """A moment, shown in the zone of staff and in those of the one or two people concerned."""

    at: datetime
    zone: str | None = None
    other_zone: str | None = None


@dataclass(frozen=True)
class Tag:
    """A word with a colour; the word alone says everything."""

    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Phrase:
    """Words in a language that may be another one than the page's, so that they are read right."""

    words: str
    language: str


@dataclass(frozen=True)
class Folded:
    """A few words that open to what is too long to be read in a table, such as an id."""

    words: str
    whole: str


# A date is a day at the office: shown in words, and in a file as a spreadsheet reads it.
Cell = str | int | date | None | Link | When | Tag | Phrase | Folded


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. `sort` is what the database sorts by, if it can be sorted by this.

    For rows that stand in no table it is a function of the row.
    """

    title: str
    cell: Callable[[Row], Cell]
    sort: Any = None

    @property
    def key(self) -> str:
        """How the column is called in an address."""
        return self.title.lower().replace(" ", "-")


@dataclass(frozen=True)
class Filter:
    """One field above a list: a choice, or without `options` words to look for.

    `unasked` says what is shown while nothing is chosen. What `is_sealed` is kept by the form
    without being shown.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""
    is_sealed: bool = False
    unasked: str = "any"

    def value(self) -> str:
        """Return what is asked for now; a choice that is not offered counts as none."""
        asked = request.args.get(self.name, "").strip()[:100]
        if self.options and asked not in {value for value, _ in self.options}:
            return ""
        return asked


@dataclass(frozen=True)
class Above:
    """A short table above a list: what waits before it gets there. `then` heads the list itself."""

    title: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    then: str


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: what it is called, where its rows come from, and what is said without any.

    `statement` is filtered but neither sorted nor cut. `rows_of` turns what it finds into rows,
    with a few statements for all of them together. `tie` sorts what is equal, so that no row moves.
    What stands in no table, and has an end, is given as a sequence that is filtered and sorted.
    """

    title: str
    statement: Statement | Sequence[Any]
    columns: Sequence[Column[Row]]
    tie: Any
    empty: str
    rows_of: Callable[[Sequence[Any]], Sequence[Row]]
    filters: Sequence[Filter] = ()
    # How it is sorted until somebody asks for something else.
    order: Sequence[Any] = ()
    lead: str = ""
    above: Above | None = None
    links: Sequence[Link] = field(default_factory=tuple)
    # Where the filters are sent if what is looked for must not stand in an address.
    find_at: str = ""


def show(visit: Visit, listing: Listing[Any]) -> ResponseReturnValue:
    """Return a list as a page, or as CSV when the address asks for it."""
    if request.args.get("as") == "csv":
        return _csv(visit, listing)
    page = _page_number()
    start = (page - 1) * PAGE
    found = _found(visit, listing, start=start, most=PAGE + 1)
    return render(
        "list.html",
        visit,
        listing=listing,
        rows=list(_cells(listing, found[:PAGE])),
        page=page,
        next_page=_address(page=str(page + 1)) if len(found) > PAGE else None,
        last_page=_address(page=str(page - 1)) if page > 1 else None,
        first_page=_address(page=None),
        csv_address=_address(page=None) + ("&" if request.args else "?") + "as=csv",
        sort_address=lambda column: _address(
            page=None, sort=f"-{column.key}" if _sort() == column.key else column.key
        ),
        sort_word=_sort_word,
        sorted_by=_column(listing),
        is_filtered=any(each.value() for each in listing.filters),
    )


def _found(visit: Visit, listing: Listing[Any], *, start: int, most: int) -> Sequence[Any]:
    if not isinstance(listing.statement, Select):
        return _in_order(listing, listing.statement)[start : start + most]
    statement = _sorted(listing, listing.statement).offset(start).limit(most)
    return visit.session.execute(statement).unique().all()


def _sorted(listing: Listing[Any], statement: Statement) -> Statement:
    column, down = _column(listing), _sort().startswith("-")
    if column is None:
        return statement.order_by(*(listing.order or (listing.tie.asc(),)))
    order = column.sort.desc() if down else column.sort.asc()
    return statement.order_by(order.nulls_last(), listing.tie.desc() if down else listing.tie.asc())


def _in_order(listing: Listing[Any], rows: Sequence[Any]) -> Sequence[Any]:
    column = _column(listing)
    if column is None:
        return rows
    found = sorted(rows, key=column.sort)
    return found[::-1] if _sort().startswith("-") else found


def _column(listing: Listing[Any]) -> Column[Any] | None:
    """Return the column by which somebody asks to sort, if the list has such a one."""
    asked = _sort().removeprefix("-")
    sortable = (each for each in listing.columns if each.sort is not None)
    return next((each for each in sortable if each.key == asked), None)


def _sort() -> str:
    return request.args.get("sort", "")[:40]


def _sort_word(column: Column[Any]) -> str:
    """Return how a list is sorted by a column, in the words of `aria-sort`."""
    return {column.key: "ascending", f"-{column.key}": "descending"}.get(_sort(), "none")


def _page_number() -> int:
    asked = request.args.get("page", "1")
    if not asked.isdecimal() or not 1 <= int(asked[:9]) <= _DEEPEST_PAGE:
        abort(404)
    return int(asked)


def _address(**changes: str | None) -> str:
    """Return the address of this list with some of its words changed; None takes one away."""
    words = {key: value for key, value in request.args.items() if value and key != "as"}
    kept = {key: value for key, value in (words | changes).items() if value is not None}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def _cells(listing: Listing[Any], found: Sequence[Any]) -> Iterator[list[Cell]]:
    for row in listing.rows_of(found):
        yield [column.cell(row) for column in listing.columns]


def _csv(visit: Visit, listing: Listing[Any]) -> Response:
    if not visit.may(Permission.EXPORT):
        abort(403, f"You may not {Permission.EXPORT.value}. An admin can change that.")
    found = _found(visit, listing, start=0, most=CSV_ROWS)
    rows = ([_plain(cell, visit) for cell in row] for row in _cells(listing, found))
    name = listing.title.lower().replace(" ", "-")
    return csv_file(name, [column.title for column in listing.columns], rows)


def csv_file(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return rows of plain cells as a CSV file that a browser saves under a name."""
    return Response(
        csv_text(titles, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows of plain cells as CSV; words that a spreadsheet would run are made harmless."""
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow(titles)
    for row in rows:
        sheet.writerow([_harmless(cell) for cell in row])
    return written.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _plain(cell: Cell, visit: Visit) -> str | int:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return cell
    if isinstance(cell, When):
        return cell.at.astimezone(visit.zone).isoformat(timespec="seconds")
    if isinstance(cell, Folded):
        return cell.whole
    return cell.words if isinstance(cell, Link | Tag | Phrase) else cell or ""

"""A cursor of psycopg that describes its columns only to whoever looks at them.

SQLAlchemy asks every result whether it has columns, but reads what they are only the first time
that it runs a statement. psycopg describes them anew each time, and the records behind a relayed
text have ninety.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from psycopg import Column, Cursor


class _Columns(Sequence[Column]):
    """As many columns as a result has, described when the first of them is looked at."""

    def __init__(self, count: int, describe: Callable[[], Sequence[Column]]) -> None:
        self._count = count
        self._describe = describe

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Column]:
        return iter(self._describe())

    @overload
    def __getitem__(self, place: int) -> Column: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Column]: ...
    def __getitem__(self, place: int | slice) -> Column | Sequence[Column]:
        return self._describe()[place]


class BriefCursor(Cursor[Any]):
    """A cursor as any other, but for its description, which is made when it is read."""

    @property
    def description(self) -> Any:
        """The columns of the result that is current when they are looked at; None without one."""
        result = self.pgresult
        if result is None or not result.nfields:
            return super().description
        return _Columns(result.nfields, lambda: super(BriefCursor, self).description or ())

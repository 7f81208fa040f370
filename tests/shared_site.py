"""The sites of a run: built once, because putting their addresses together takes long for one test.

One serves the phones of the journeys, the other one the screens of the coordinators.
"""

from dataclasses import replace
from typing import Any, cast

from flask import Flask

from admin.office import Office
from app.site import create_app
from app.wiring import Parts
from mentoring.clock import Clock
from mentoring.db import Database


class Lent:
    """Stands for what each test brings anew, and does as that one does."""

    def __init__(self) -> None:
        self.own: object = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.own, name)


class SharedSite:
    """One application, which works on the database and the clock of the test that is running."""

    def __init__(self) -> None:
        self._db, self._clock = Lent(), Lent()
        self._first: Parts | None = None
        self._app: Flask | None = None

    def on(self, parts: Parts) -> Flask:
        """Return the application, at work on these parts from now on."""
        self._db.own, self._clock.own = parts.db, parts.clock
        if self._app is None or self._first is None:
            lent = replace(parts, db=cast(Database, self._db), clock=cast(Clock, self._clock))
            self._first, self._app = parts, create_app(lent)
        # All else was built in: it has to be the same for every test.
        assert parts.settings == self._first.settings
        return self._app


class SharedDesk:
    """One application with the coordinators' page, at work for the test that is running."""

    def __init__(self) -> None:
        self._db, self._clock, self._wall_clock = Lent(), Lent(), Lent()
        self._app: Flask | None = None

    def on(self, parts: Parts, office: Office) -> Flask:
        """Return the application, at work on these parts and this office from now on."""
        self._db.own, self._clock.own = parts.db, parts.clock
        self._wall_clock.own = office.wall_clock
        if self._app is None:
            db, clock = cast(Database, self._db), cast(Clock, self._clock)
            wall_clock = cast(Clock, self._wall_clock)
            lent = replace(office, db=db, clock=clock, wall_clock=wall_clock)
            self._app = create_app(replace(parts, db=db, clock=clock), office=lent)
        return self._app

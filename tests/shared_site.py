"""The site of a run: built once, because putting its addresses together takes long for one test."""

from dataclasses import replace
from typing import Any, cast

from flask import Flask

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

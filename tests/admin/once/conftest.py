"""What is the same whichever database is behind the page, and takes long: once in each run.

The fictional programme is in a file of SQLite here, so these tests belong to the part of the run
that needs no database.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from mentoring.clock import ManualClock
from mentoring.crypto import Vault
from mentoring.db import Database, make_engine
from mentoring.programme import Programme
from tests.admin.conftest import Site, make_site
from tests.conftest import engine_with_seed
from tests.databases import SqliteFiles
from tests.shared_site import SharedDesk
from tests.window import Window, open_window


@pytest.fixture(scope="session")
def seeded_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The fictional programme in a file of SQLite, whichever database the run is about."""
    files = SqliteFiles(tmp_path_factory.mktemp("once"))
    with engine_with_seed(files.fresh()) as engine:
        yield engine
    files.close()


@pytest.fixture
def own_site(tmp_path: Path, clock: ManualClock, desk: SharedDesk, vault: Vault) -> Iterator[Site]:
    """The page over a programme in which nothing has happened yet."""
    files = SqliteFiles(tmp_path)
    engine = make_engine(files.fresh())
    yield make_site(Database(engine, vault=vault, programme=Programme()), clock, desk)
    engine.dispose()
    files.close()


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[Window]:
    """A window in which Charlotte is signed in."""
    with open_window(site, browser) as opened:
        yield opened

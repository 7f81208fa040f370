"""What is the same whichever database is behind the page, and takes long: once in each run.

The fictional programme is in a file of SQLite here, so these tests belong to the part of the run
that needs no database.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.admin.conftest import Site
from tests.conftest import engine_with_seed
from tests.databases import SqliteFiles
from tests.window import Window, open_window


@pytest.fixture(scope="session")
def seeded_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The fictional programme in a file of SQLite, whichever database the run is about."""
    files = SqliteFiles(tmp_path_factory.mktemp("once"))
    with engine_with_seed(files.fresh()) as engine:
        yield engine
    files.close()


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[Window]:
    """A window in which Charlotte is signed in."""
    with open_window(site, browser) as opened:
        yield opened

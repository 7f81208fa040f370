"""What every test may ask for: a database, a clock, keys, a programme, Redis, a statement count."""

import gc
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import Engine

from app.seed import cast, seed
from mentoring.clock import ManualClock
from mentoring.crypto import Vault
from mentoring.db import Database, Session, make_engine
from mentoring.matching.kept_plan import keep_plan
from mentoring.programme import Programme
from tests import leaks
from tests.browser import launched
from tests.databases import (
    Databases,
    PostgresServer,
    SqliteFiles,
    StatementCounter,
    keep_prepared,
    rolled_back,
    shorten_savepoints,
)
from tests.loopback import LoopbackOnly
from tests.needs import absent
from tests.seats import Seat, Seats
from tests.shared_site import SharedSite
from tests.suite import part_of
from tests.town import Town, open_town
from tests.tree import setting_names

# Two keys, so that the newer one has something to be newer than.
_KEYS = {1: b"1" * 32, 2: b"2" * 32}
_INDEX_KEY = b"i" * 32
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep to the part of the tests that TEST_PART names; without it, run them all.

    What touches no database need not be run on both: it is a part of its own. Tests that wait for
    other processes come first, so that no worker is left alone with them at the end.
    """
    items.sort(key=lambda item: "scheduling" not in item.path.parts)
    wanted = os.environ.get("TEST_PART")
    if not wanted:
        return
    parts = [(item, part_of(getattr(item, "fixturenames", ()))) for item in items]
    config.hook.pytest_deselected(items=[item for item, part in parts if part != wanted])
    items[:] = [item for item, part in parts if part == wanted]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell tests/suite.py, where it asks for that, which files hold tests of which part."""
    wanted = os.environ.get("TEST_FILES")
    if wanted:
        files: dict[str, set[str]] = {}
        for item in session.items:
            part = part_of(getattr(item, "fixturenames", ()))
            files.setdefault(part, set()).add(str(item.path))
        Path(wanted).write_text(json.dumps({part: sorted(files[part]) for part in files}))
    # What was imported and collected stays to the end, and looking through it for garbage again and
    # again takes a tenth of the time of all tests.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    # What a developer's own shell sets for a real line, or for the way out, must reach no test.
    for name in (*setting_names(), *_PROXIES, *map(str.upper, _PROXIES)):
        os.environ.pop(name, None)
    config.pluginmanager.register(LoopbackOnly())
    config.pluginmanager.register(leaks.LeakCheck(leaks.RUN))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes further databases: on the server of TEST_DATABASE_URL if it is set, else SQLite."""
    url = os.environ.get("TEST_DATABASE_URL")
    made = PostgresServer(url) if url else SqliteFiles(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def engine(databases: Databases) -> Iterator[Engine]:
    """The engine of the run's one shared database. What a test writes there is rolled back."""
    shared = make_engine(databases.fresh())
    shorten_savepoints(shared)
    keep_prepared(shared)
    yield shared
    shared.dispose()


@pytest.fixture(scope="session")
def count_statements(engine: Engine) -> StatementCounter:
    """Counts what is asked through the shared engine."""
    return StatementCounter(engine)


@pytest.fixture
def queries(count_statements: StatementCounter, db: Database) -> StatementCounter:
    """Counts the SQL statements on `db`: `with queries() as statements: ...`."""
    return count_statements


@pytest.fixture
def db(
    engine: Engine, count_statements: StatementCounter, vault: Vault, programme: Programme
) -> Iterator[Database]:
    """A database whose transactions are savepoints in one that is rolled back after the test.

    Other threads may use it as well: the Database lets them in one after the other.
    """
    with rolled_back(engine, vault, programme) as lent:
        yield lent


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    """An open transaction on `db`, for tests that need no more than a session."""
    with db.transaction() as opened:
        yield opened


@pytest.fixture
def real_db(databases: Databases, vault: Vault, programme: Programme) -> Iterator[Database]:
    """A database of the test's own, with real commits: for what several connections do at once."""
    url = databases.fresh()
    own = make_engine(url)
    yield Database(own, vault=vault, programme=programme)
    own.dispose()
    databases.drop(url)


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still on a Tuesday, 11 in the morning in Chicago."""
    return ManualClock(datetime(2026, 3, 3, 17, 0, tzinfo=UTC))


class WatchedVault(Vault):
    """A vault that names every phone number it seals to the leak check."""

    def seal(self, plain: bytes | str, *, place: str) -> bytes:
        if place.startswith("phones.") and isinstance(plain, str) and leaks.is_fictional(plain):
            leaks.participant(plain)
        return super().seal(plain, place=place)


@pytest.fixture
def vault() -> Vault:
    """A vault with two keys."""
    return WatchedVault(_KEYS, _INDEX_KEY)


@pytest.fixture
def programme() -> Programme:
    """The programme as the default settings describe it."""
    return Programme()


@pytest.fixture
def redis_url() -> str:
    """The URL of an empty Redis database, one for each worker, at the given TEST_REDIS_URL.

    The database that the URL names is emptied, and so are the ones after it.
    """
    given = os.environ.get("TEST_REDIS_URL")
    if not given:
        absent("This test needs Redis: set TEST_REDIS_URL, such as redis://127.0.0.1:6379/8.")
    parts = urlsplit(given)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = parts._replace(path=f"/{int(parts.path.strip('/') or 0) + worker}").geturl()
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the run."""
    with launched() as opened:
        yield opened


@pytest.fixture(scope="session")
def seats() -> Iterator[Seats]:
    """The two servers of the run, for one test after the other."""
    found = Seats(Seat(), Seat(), SharedSite())
    yield found
    found.api.close()
    found.site.close()


@pytest.fixture
def town(db: Database, clock: ManualClock, seats: Seats) -> Iterator[Town]:
    """Phones, a pretend carrier and our site, over real HTTP, on the test's clock."""
    with open_town(db, clock, seats) as opened:
        yield opened


@pytest.fixture(scope="session")
def seeded_engine(databases: Databases) -> Iterator[Engine]:
    """A database with the fictional programme. What a test writes there is rolled back."""
    with engine_with_seed(databases.fresh()) as engine:
        yield engine


@contextmanager
def engine_with_seed(url: str) -> Iterator[Engine]:
    """Write the fictional programme into an empty database."""
    engine = make_engine(url)
    shorten_savepoints(engine)
    keep_prepared(engine)
    database = Database(engine, vault=Vault(_KEYS, _INDEX_KEY), programme=Programme())
    with database.transaction() as session:
        now = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
        seed(session, now=now)
        keep_plan(session, now=now)
    yield engine
    engine.dispose()


@pytest.fixture
def seeded(seeded_engine: Engine, vault: Vault, programme: Programme) -> Iterator[Database]:
    """The fictional programme, for one test. Its people's numbers must not be printed."""
    for member in cast():
        leaks.participant(member.number)
    with rolled_back(seeded_engine, vault, programme) as lent:
        yield lent

"""The one place that knows every part: settings in, a working service out."""

from dataclasses import dataclass

from sqlalchemy import Engine, inspect, select

from app.settings import Settings
from mentoring.clock import Clock, SystemClock
from mentoring.crypto import VaultError
from mentoring.db import Database, make_engine
from mentoring.migrations import upgrade
from mentoring.models import Phone
from mentoring.programme_editions import begin_with_newest
from telephony.addresses import Addresses
from telephony.carrier import Carrier
from telephony.dispatch import Dispatcher
from telephony.twilio_carrier import TwilioCarrier


@dataclass(frozen=True)
class Parts:
    """Everything that the site, the worker and the command line are made of."""

    settings: Settings
    db: Database
    clock: Clock
    carrier: Carrier
    addresses: Addresses
    dispatcher: Dispatcher


def open_engine(settings: Settings) -> Engine:
    """Return the engine of the settings' database; the folder of a new SQLite file is made."""
    engine = make_engine(settings.DATABASE_URL)
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        settings.folder_of(engine.url.database).mkdir(parents=True, exist_ok=True)
    return engine


def database_on(engine: Engine, settings: Settings) -> Database:
    """Return the database as it is, with its keys, which are made on a first run only.

    Whatever starts, a process or a command, gets its keys here: VaultError when they are lost.
    """
    _refuse_new_keys(settings, engine)
    return Database(engine, vault=settings.vault(), programme=settings.programme())


def _refuse_new_keys(settings: Settings, engine: Engine) -> None:
    """Refuse to make a new key file beside a database whose numbers an older one has sealed."""
    if settings.ENCRYPTION_KEYS or settings.KEY_FILE.exists():
        return
    with engine.connect() as connection:
        has_phones = inspect(connection).has_table("phones")
        is_sealed = has_phones and connection.scalar(select(Phone.id).limit(1)) is not None
    if is_sealed:
        # Whoever starts stops here, and nobody else would close the connection.
        engine.dispose()
        raise VaultError(
            f"The key file {settings.KEY_FILE} is missing, but the database holds numbers that"
            " it has sealed. Restore it from a backup."
        )


def open_database(settings: Settings) -> Database:
    """Open the database with the newest schema, making its folder and its keys on a first run."""
    engine = open_engine(settings)
    database = database_on(engine, settings)
    upgrade(engine)
    begin_with_newest(database)
    return database


def make_carrier(settings: Settings) -> TwilioCarrier:
    """Return the carrier that the settings name; raises SettingsError without credentials."""
    settings.require_carrier()
    return TwilioCarrier(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        base_url=settings.TWILIO_API_BASE or None,
        api_key=settings.TWILIO_API_KEY or None,
        api_secret=settings.TWILIO_API_SECRET or None,
    )


def assemble(
    settings: Settings,
    *,
    db: Database | None = None,
    carrier: Carrier | None = None,
    clock: Clock | None = None,
) -> Parts:
    """Put the service together; tests and the demo bring parts of their own."""
    database = db or open_database(settings)
    ours = carrier or make_carrier(settings)
    time = clock or SystemClock()
    addresses = Addresses(settings.PUBLIC_BASE_URL)
    dispatcher = Dispatcher(database, ours, time, addresses)
    return Parts(settings, database, time, ours, addresses, dispatcher)

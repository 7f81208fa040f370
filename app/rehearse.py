"""The rehearsal: the demo under the name, the hours and the settings of this programme.

It has a database, keys and a pretend carrier of its own, and knows none of the real people. Of the
real database one row is read, what staff have set on the page; nothing is written there.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.demo import serve
from app.demo_place import Own
from app.settings import ROOT, Settings, SettingsError, read_settings
from app.settings_shown import told
from mentoring.db import make_engine
from mentoring.models import ProgrammeEdition

FOLDER = ROOT / "var" / "rehearsal"


def run(words: Sequence[str]) -> int:
    """Serve the rehearsal until it is interrupted; returns the exit code."""
    try:
        own = what_is_ours(read_settings())
    except SettingsError as error:
        print(error)
        return 1
    return serve(words, name="rehearse", what="The rehearsal", folder=FOLDER, own=own)


def what_is_ours(settings: Settings) -> Own:
    """Return what a rehearsal takes over: settings of the programme, and what staff have set."""
    chosen = settings.model_fields_set
    ours = {name: getattr(settings, name) for _, name, _ in told() if name in chosen}
    # The demo has a name of its own for who calls back.
    ours["STAFF_NAME"] = settings.STAFF_NAME
    # The pretend phones have numbers of these countries, whatever the programme itself calls.
    regions = dict.fromkeys((*settings.DIAL_REGIONS, "US", "CA", "PR"))
    return Own({**ours, "DIAL_REGIONS": tuple(regions)}, _facts(settings))


def _facts(settings: Settings) -> dict[str, Any]:
    """Return what staff have set on the page; nothing where there is no such database yet."""
    url = make_url(settings.DATABASE_URL)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return {}
    engine = make_engine(settings.DATABASE_URL)
    newest = select(ProgrammeEdition.facts).order_by(ProgrammeEdition.id.desc()).limit(1)
    try:
        with engine.connect() as connection:
            return dict(connection.scalar(newest) or {})
    except DBAPIError:
        print("The database does not tell what staff have set, so only the settings count.")
        return {}
    finally:
        engine.dispose()

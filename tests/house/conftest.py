"""The line whose questions to the database are counted."""

import pytest

from app.bench_site import furnish
from app.settings import Settings
from app.site import create_app
from app.wiring import assemble
from mentoring.clock import ManualClock
from mentoring.db import Database
from mentoring.programme_editions import begin_with_newest
from tests.databases import StatementCounter
from tests.house.line import LUIS, MAIN, PAIR, PUBLIC, ROSA, STAFF, TOKEN, Line
from tests.recording_carrier import RecordingCarrier


@pytest.fixture
def carrier() -> RecordingCarrier:
    """The carrier behind the line."""
    return RecordingCarrier()


@pytest.fixture
def line(
    db: Database, clock: ManualClock, queries: StatementCounter, carrier: RecordingCarrier
) -> Line:
    now = clock.now()
    furnish(db, main=MAIN, staff=STAFF, pair_lines=(PAIR,), pairs=((ROSA, LUIS),), now=now)
    begin_with_newest(db)
    settings = Settings(
        PUBLIC_BASE_URL=PUBLIC, TWILIO_ACCOUNT_SID="AC" + "0" * 32, TWILIO_AUTH_TOKEN=TOKEN
    )
    site = create_app(assemble(settings, db=db, carrier=carrier, clock=clock))
    return Line(site.test_client(), queries)

"""Where the demo keeps its things, so that `bridgeline --demo ...` can join in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.settings import ROOT, Settings, SettingsError, read_settings
from mentoring.clock import PushedClock, zone_named

FOLDER = ROOT / "var" / "demo"
ACCOUNT = "AC" + "0" * 32
TOKEN = "pretend-carrier"  # noqa: S105  # It opens nothing: the carrier is pretended as well.
_OFFICE = "America/Chicago"
_TUESDAY, _FRIDAY = 1, 4
_CLOCK = "clock"
_ADDRESS = "address"

_NONE_YET = "There is no demo yet. Start it first: python3 run.py demo"


@dataclass(frozen=True)
class Own:
    """What a rehearsal takes over from the real programme: settings, and what staff have set."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


# The demo itself takes over nothing; its fictional programme has a set-up of its own.
PLAIN = Own(
    facts={
        "purpose": "Mentors by phone and text for people who are starting a business, many of them"
        " people with disabilities.",
        "place": "The United States and Canada.",
        "businesses": "Businesses of one to five people, from the idea to the third year.",
        "annual": {
            "en": [
                "Last year we had one goal: pairs talk within ten days of being matched. We wanted"
                " 9 of 10 to do so, and a few more did. Our staff now set the first talk in the"
                " call about the match. You asked us to compare free hours first. We read them"
                " aloud to both sides now, before anybody is matched.",
                "Our goal: 9 of 10 pairs talk within ten days. A few more did. And we read free"
                " hours aloud to both sides now, before anybody is matched.",
            ],
        },
    }
)


def demo_settings(folder: Path, url: str, own: Own = PLAIN) -> Settings:
    """Return the settings of the demo: its own database and keys, and the pretend carrier."""
    given: dict[str, Any] = {"STAFF_NAME": "Charlotte", "LANGUAGES": "en,es,fr", **own.settings}
    # Whatever is taken over, nothing of it can lead to a real number or the real carrier.
    given |= {
        "DATABASE_URL": f"sqlite:///{folder / 'bridgeline.db'}",
        "KEY_FILE": folder / "keys.json",
        "ENCRYPTION_KEYS": "",
        "INDEX_KEY": "",
        "PUBLIC_BASE_URL": url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE": f"{url}/carrier",
        "FICTIONAL_NUMBERS_ONLY": True,
    }
    return read_settings(**given)


class DemoClock(PushedClock):
    """The demo's clock. How far it was pushed is kept in a file, for the command line to follow."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = folder / _CLOCK
        if self._file.exists():
            super().advance(float(self._file.read_text()))
        else:
            self._start_at_the_office()

    def advance(self, seconds: float) -> None:
        """Push the clock forward."""
        super().advance(seconds)
        keep_pushed(self._file.parent, self.pushed)

    def _start_at_the_office(self) -> None:
        now = self.now()
        self.advance((start_of_demo(now) - now).total_seconds())


def start_of_demo(now: datetime) -> datetime:
    """Return the next 11 in the morning at the office, from a Tuesday to a Friday (UTC).

    At night the service rings nobody, so a demo begun late would show a silent line. What falls due
    on a weekend is asked on the Monday after it, which is past the week that begins on a Monday.
    """
    local = now.astimezone(zone_named(_OFFICE))
    start = local.replace(hour=11, minute=0, second=0, microsecond=0)
    while start < local or not _TUESDAY <= start.weekday() <= _FRIDAY:
        start += timedelta(days=1)
    return start.astimezone(UTC)


def keep_pushed(folder: Path, pushed: timedelta) -> None:
    """Write down how far the clock was pushed."""
    (folder / _CLOCK).write_text(str(pushed.total_seconds()))


def keep_address(folder: Path, url: str) -> None:
    """Write down where the demo is reached, for its port can be chosen."""
    (folder / _ADDRESS).write_text(url)


def running_settings(folder: Path = FOLDER) -> Settings:
    """Return the settings of the demo that was started; raises SettingsError when there is none."""
    if not (folder / _ADDRESS).exists():
        raise SettingsError(_NONE_YET)
    return demo_settings(folder, (folder / _ADDRESS).read_text())


def running_clock(folder: Path = FOLDER) -> DemoClock:
    """Return the clock of the demo that was started; raises SettingsError when there is none."""
    if not (folder / _CLOCK).exists():
        raise SettingsError(_NONE_YET)
    return DemoClock(folder)

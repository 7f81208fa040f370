"""What the coordinators' page works with, and one visit to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from admin.credentials import Passwords, default_passwords
from admin.permissions import Permission, may
from admin.scope import Scope
from admin.settings_shown import SettingShown
from mentoring.clock import Clock, SystemClock
from mentoring.db import Database, Session
from mentoring.models import StaffAccount, StaffSession


@dataclass(frozen=True)
class Office:
    """The parts behind the page.

    `clock` is the programme's, which the demo pushes; `wall_clock` is that of the people at their
    screens, by which sessions end and authenticators count. Cookies are `secure` behind
    https. `base_url` is where people find the page. `settings` are those of the environment that
    concern the programme; `handsets` is the address of the phones of a rehearsal, empty otherwise.
    """

    db: Database
    clock: Clock
    base_url: str
    secure: bool = True
    settings: Sequence[SettingShown] = ()
    handsets: str = ""
    wall_clock: Clock = field(default_factory=SystemClock)
    passwords: Passwords = field(default_factory=default_passwords)


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is signed in, in its one transaction.

    `now` is the programme's present moment. What they may see of people and matches is in `scope`.
    """

    session: Session
    office: Office
    account: StaffAccount
    browser: StaffSession
    now: datetime

    @property
    def actor(self) -> str:
        """How they are called in every log."""
        return f"staff:{self.account.name}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which staff read times."""
        return self.session.programme.office

    @property
    def scope(self) -> Scope:
        """Whose records they may see."""
        return Scope(self.account.communities)

    def may(self, permission: Permission) -> bool:
        """Tell whether they may do something."""
        return may(self.account.role, permission)

"""Our own site as the bench serves it, and the people in its database.

It is the real site, whole, as production serves it. Two things are given: nobody is woken after a
commit, for there is no worker to wake; and the clock shows daytime, for at night a relayed text
has one answer more.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from flask import Flask

from app.memory import keep_what_is_loaded
from app.settings import read_settings
from app.site import create_app
from app.wiring import assemble
from mentoring.clock import PushedClock, zone_named
from mentoring.consents import record_all_parts
from mentoring.db import Database, Session
from mentoring.lines import add_line
from mentoring.matches import move_match, open_match
from mentoring.models import Channel, LineKind, MatchState, Mode, Person, PersonState, Role
from mentoring.operators import add_staff
from mentoring.people import add_person, find_or_add_phone
from mentoring.programme_editions import count_as_live
from sms.letters import load_words

_ZONE = "America/Chicago"


def make_app() -> Flask:
    """Return the site that the settings in the environment describe."""
    settings = read_settings()
    logging.basicConfig(level=settings.LOG_LEVEL, format="%(message)s")
    app = create_app(assemble(settings, clock=daytime()))
    load_words()
    keep_what_is_loaded()
    return app


def daytime() -> PushedClock:
    """Return a clock that starts at 11 in the morning of today, where everybody lives."""
    clock = PushedClock()
    local = clock.now().astimezone(zone_named(_ZONE))
    morning = local.replace(hour=11, minute=0, second=0, microsecond=0)
    clock.advance((morning - local).total_seconds())
    return clock


def furnish(
    db: Database,
    *,
    main: str,
    staff: str,
    pair_lines: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    now: datetime,
) -> list[tuple[str, str]]:
    """Add lines, one member of staff and matched pairs; returns every (number, its pair line)."""
    with db.transaction() as session:
        add_line(session, main, LineKind.MAIN, now=now)
        for number in pair_lines:
            add_line(session, number, LineKind.PAIR, now=now)
        add_staff(session, name="Charlotte", number=staff, now=now)
        count_as_live(session, actor="bench", now=now)
        sides = []
        for theirs, ours in pairs:
            match = open_match(
                session,
                protege=_enrolled(session, Role.PROTEGE, theirs, now=now),
                mentor=_enrolled(session, Role.MENTOR, ours, now=now),
                actor="staff",
                now=now,
            )
            # Whoever is not introduced yet may be asked for a first time, which is a rare text.
            move_match(
                session,
                match,
                MatchState.EARLY,
                actor="bench",
                reason="they have met",
                now=now,
            )
            sides += [(theirs, match.line.number), (ours, match.line.number)]
    return sides


def _enrolled(session: Session, role: Role, number: str, *, now: datetime) -> Person:
    """Add somebody who has agreed to everything and is ready to be matched."""
    phone = find_or_add_phone(session, number, now=now)
    person = add_person(
        session,
        role=role,
        phone=phone,
        first_name="Denise" if role is Role.PROTEGE else "Luis",
        state=PersonState.WAITING if role is Role.PROTEGE else PersonState.AVAILABLE,
        actor="staff",
        reason="bench",
        now=now,
    )
    person.mode, person.zone, person.safe_contact = Mode.BOTH, _ZONE, 1
    record_all_parts(
        session, person, channel=Channel.STAFF, proof="bench", known_by="staff", now=now
    )
    return person

"""`bridgeline doctor`: is everything there that the line needs? One row for each finding."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from redis import Redis, RedisError
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.commands.desk import Desk
from app.commands.keys import count_stale
from app.commands.menu import Menu
from app.commands.numbers import lines_in_use, standings, wanted_hooks
from app.tables import Reply, Table
from mentoring.calendar.dues import oldest_waiting
from mentoring.crypto import FORGOTTEN, VaultError
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.lines import main_line_or_none
from mentoring.marks import MarkName, mark_of
from mentoring.migrations import newest
from mentoring.models import Line, LineKind, Phone, Staff
from mentoring.outbox import oldest_due
from mentoring.people import number_of
from mentoring.phone import written
from mentoring.programme_editions import newest_edition
from mentoring.safety.numbers import missing_numbers
from mentoring.trouble import open_troubles, paused_until
from scheduling.pulse import worker_answers
from telephony.carrier import CarrierError

GOOD, WATCH, BAD = "good", "watch", "bad"

# The dispatcher looks every few seconds, so a text that is due for minutes is stuck.
_SLOW = timedelta(minutes=2)
_STUCK = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """What one check found: good, watch or bad, and a sentence that says what to do."""

    check: str
    state: str
    words: str


def add_to(menu: Menu) -> None:
    """Add the command."""
    menu.command("doctor", "check that everything the line needs is there", examine)


def examine(desk: Desk, args: Namespace) -> Reply:
    """Run all checks. Nothing is changed, not even the schema. Exit code 1 if one is bad."""
    del args
    findings = [*_check_settings(desk), *_check_database(desk), *_check_carrier(desk)]
    findings += _check_background(desk)
    return Table(
        ("check", "state", "finding"),
        [(f.check, f.state, f.words) for f in findings],
        empty="",
        failed=any(f.state == BAD for f in findings),
    )


def _check_settings(desk: Desk) -> list[Finding]:
    place = make_url(desk.settings.DATABASE_URL).render_as_string(hide_password=True)
    findings = [Finding("settings", GOOD, f"They can be read. The database is {place}.")]
    missing = missing_numbers(desk.settings.COUNTRY)
    if missing is not None:
        findings.append(Finding("crisis numbers", BAD, missing))
    if desk.is_live and desk.settings.FICTIONAL_NUMBERS_ONLY:
        findings.append(
            Finding(
                "settings",
                WATCH,
                "FICTIONAL_NUMBERS_ONLY is on, so nobody with a real number can be reached.",
            )
        )
    return findings


def _check_database(desk: Desk) -> list[Finding]:
    try:
        database = desk.connect()
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
    except (DBAPIError, OSError, VaultError) as error:
        return [Finding("database", BAD, _first_line(error))]
    schema = _check_schema(database)
    if schema.state == BAD:
        return [schema]
    checks: Sequence[Callable[[Desk, Session], Finding]] = (
        _check_keys,
        _check_live,
        _check_main_line,
        _check_pair_lines,
        _check_staff,
        _check_outbox,
        _check_dues,
        _check_troubles,
    )
    with database.transaction() as session:
        return [schema, *(check(desk, session) for check in checks)]


def _first_line(error: Exception) -> str:
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    # Our own sentences end with a full stop, those of the drivers do not.
    return f"It cannot be used: {str(origin).strip().splitlines()[0].rstrip('.')}."


def _check_schema(database: Database) -> Finding:
    try:
        with database.transaction() as session:
            found = session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        return Finding("database", BAD, "It is empty. Run: bridgeline migrate")
    if found != newest():
        return Finding(
            "database",
            BAD,
            f"Its schema is {found}, but this programme needs {newest()}. Run: bridgeline migrate",
        )
    return Finding("database", GOOD, f"It is reachable, and its schema is the newest ({found}).")


def _check_keys(desk: Desk, session: Session) -> Finding:
    del desk
    # A number that was purged is sealed by no key.
    sealed = select(Phone).where(Phone.number_sealed != FORGOTTEN)
    sample = session.scalars(sealed.order_by(Phone.id.desc()).limit(1)).first()
    if sample is None:
        return Finding("keys", GOOD, "There are keys; nothing is sealed yet.")
    try:
        number_of(session, sample)
    except VaultError as error:
        return Finding("keys", BAD, f"{error} Restore the keys that belong to this database.")
    stale = count_stale(session)
    if stale:
        return Finding(
            "keys",
            WATCH,
            f"They open a sealed number; {stale} rows are sealed by an older key."
            " Run: bridgeline keys reseal",
        )
    return Finding("keys", GOOD, f"They open a sealed number. Key {session.vault.current} seals.")


def _check_live(desk: Desk, session: Session) -> Finding:
    newest = newest_edition(session)
    if newest is not None and newest.live:
        return Finding("live", GOOD, "Callers are let in.")
    address = f"{desk.settings.PUBLIC_BASE_URL}/desk/setup"
    return Finding(
        "live", WATCH, f"Callers hear that the service has not started. An admin goes on: {address}"
    )


def _check_main_line(desk: Desk, session: Session) -> Finding:
    del desk
    line = main_line_or_none(session)
    if line is None:
        return Finding("main line", BAD, "There is none. Run: bridgeline lines add NUMBER --main")
    return Finding("main line", GOOD, f"It is {written(line.number)}.")


def _check_pair_lines(desk: Desk, session: Session) -> Finding:
    del desk
    count = session.scalar(
        select(func.count(Line.id)).where(Line.kind == LineKind.PAIR, Line.retired_at.is_(None))
    )
    if not count:
        return Finding("pair lines", BAD, "There is none. Run: bridgeline lines add NUMBER")
    return Finding("pair lines", GOOD, f"There are {count}: so many matches a phone can have.")


def _check_staff(desk: Desk, session: Session) -> Finding:
    del desk
    count = session.scalar(select(func.count(Staff.id)).where(Staff.on_duty.is_(True)))
    if not count:
        return Finding("staff", WATCH, "Nobody is on duty: who presses 0 can only leave a message.")
    return Finding("staff", GOOD, f"{count} on duty.")


def _check_outbox(desk: Desk, session: Session) -> Finding:
    oldest = oldest_due(session)
    if oldest is None or oldest > desk.now:
        return Finding("outbox", GOOD, "No text is due.")
    age = desk.now - oldest
    minutes = int(age.total_seconds() // 60)
    if age < _SLOW:
        return Finding("outbox", GOOD, "Texts are due since less than 2 minutes.")
    return Finding(
        "outbox",
        BAD if age >= _STUCK else WATCH,
        f"The oldest text is due since {minutes} minutes. Are the worker and beat running?",
    )


def _check_dues(desk: Desk, session: Session) -> Finding:
    oldest = oldest_waiting(session)
    if oldest is None or desk.now - oldest < _SLOW:
        return Finding("dues", GOOD, "Nothing planned is late.")
    minutes = int((desk.now - oldest).total_seconds() // 60)
    return Finding(
        "dues",
        BAD if desk.now - oldest >= _STUCK else WATCH,
        f"What was planned is late by {minutes} minutes. Are the worker and beat running?",
    )


def _check_troubles(desk: Desk, session: Session) -> Finding:
    troubles = open_troubles(session)
    until = paused_until(session, now=desk.now)
    pause = "" if until is None else " Sending pauses and is tried again within 5 minutes."
    if not troubles:
        return Finding("sending", WATCH if pause else GOOD, f"Nothing is refused.{pause}")
    more = f" {len(troubles) - 1} more: bridgeline tasks." if len(troubles) > 1 else ""
    return Finding("sending", BAD, f"{troubles[0].words} (task {troubles[0].id}){pause}{more}")


def _check_carrier(desk: Desk) -> list[Finding]:
    if not desk.settings.TWILIO_ACCOUNT_SID:
        return [Finding("carrier", WATCH, "No credentials are set, so only the demo can run.")]
    try:
        found = standings(lines_in_use(desk.connect()), desk.carrier(), wanted_hooks(desk))
    except (CarrierError, ProgrammeError, DBAPIError, VaultError, OSError) as error:
        words = _first_line(error) if isinstance(error, DBAPIError) else str(error)
        return [Finding("carrier", BAD, words)]
    faults = [Finding("carrier", BAD, f"{s.number}: {s.fault}") for s in found if s.fault]
    strays = [
        Finding("carrier", BAD, f"{s.number} does not point here. Run: bridgeline numbers sync")
        for s in found
        if not s.fault and not s.points_here
    ]
    if faults or strays:
        return [*faults, *strays]
    return [Finding("carrier", GOOD, f"It answers, and {len(found)} lines point here.")]


def _check_background(desk: Desk) -> list[Finding]:
    """Check the broker, and through it the worker; beat, by what it last asked for."""
    if not desk.is_live:
        return [Finding("redis", GOOD, "It is not needed without a real carrier.")]
    redis = _check_redis(desk)
    return [redis] if redis.state == BAD else [redis, _check_worker_and_beat(desk)]


def _check_worker_and_beat(desk: Desk) -> Finding:
    try:
        with desk.connect().transaction() as session:
            swept_at = mark_of(session, MarkName.SWEPT)
    except (DBAPIError, VaultError, OSError):
        return Finding("worker, beat", WATCH, "The database does not tell when they last worked.")
    if swept_at is not None and desk.now - swept_at < _SLOW:
        return Finding("worker, beat", GOOD, "Both are at work.")
    since = f"since {swept_at:%Y-%m-%d %H:%M} UTC" if swept_at is not None else "and never was"
    if not worker_answers(desk.settings.REDIS_URL):
        return Finding(
            "worker, beat",
            BAD,
            f"The worker is dead: nothing was looked after {since}. Start it (docs/runbook.md).",
        )
    return Finding(
        "worker, beat",
        BAD,
        f"The worker answers, but beat is dead: it has asked for nothing {since}. Start beat"
        " (docs/runbook.md).",
    )


def _check_redis(desk: Desk) -> Finding:
    try:
        with Redis.from_url(
            desk.settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
        ) as client:
            client.ping()
    except (RedisError, ValueError):
        return Finding(
            "redis",
            BAD,
            "REDIS_URL cannot be reached, so neither the site nor beat can wake the worker.",
        )
    return Finding("redis", GOOD, "It answers.")

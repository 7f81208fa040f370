"""What staff set about the programme on the page: kept as rows, and taken up without a restart.

The settings say what holds until staff set something else. Every process keeps the programme that
it has put together; the number of the newest row comes along with statements that are made anyway
(a call or text that arrives, a step of a conversation, a tick, a visit to the page), and only when
it has risen is the row itself looked up.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select

from mentoring.annual import AnnualMessage, Messages
from mentoring.audit import write_audit
from mentoring.db import Database, Session
from mentoring.errors import ProgrammeError
from mentoring.models import ProgrammeEdition
from mentoring.programme import Programme, hours_fault
from mentoring.rows import insert_row
from mentoring.safety.numbers import CrisisNumbers, has_numbers

# The number of the newest edition, as a column of another statement; None before the first one.
NEWEST = select(func.max(ProgrammeEdition.id)).scalar_subquery()

Facts = Mapping[str, Any]

_HOURS = ("The start of the calling hours", "their end", "The start of the check-ins", "their end")


def _numbers(rows: Mapping[str, list[str]]) -> Mapping[str, CrisisNumbers]:
    return {country: CrisisNumbers(*numbers) for country, numbers in rows.items()}


def _messages(rows: Mapping[str, list[str]]) -> Messages:
    return {language: AnnualMessage(*forms) for language, forms in rows.items()}


# What staff may set, and how it is read from the row.
READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("org_name", "staff_name", "purpose", "place", "businesses"), str),
    **dict.fromkeys(("office_zone", "country"), str),
    **dict.fromkeys(
        ("calling_from", "calling_until", "check_in_from", "check_in_until"), time.fromisoformat
    ),
    "languages": tuple,
    "crisis_numbers": _numbers,
    "annual": _messages,
}


def heed(session: Session, newest: int | None) -> None:
    """Take up what staff have set, when the newest edition is newer than the one known here."""
    if newest is None or newest <= session.edition:
        return
    row = session.get_one(ProgrammeEdition, newest)
    session.programme = programme_of(session.default, row.facts, live=row.live)
    session.edition = newest
    session.adopt(newest, session.programme)


def begin_with_newest(database: Database) -> None:
    """Take up what staff have set, when a process starts; without any row nothing is live yet."""
    with database.transaction() as session:
        newest = session.scalar(select(NEWEST))
        heed(session, newest)
    if newest is None:
        database.programme = replace(database.programme, is_live=False)


def programme_of(default: Programme, facts: Facts, *, live: bool) -> Programme:
    """Return the programme with what staff have set in place of what the settings say."""
    known = {name: READERS[name](value) for name, value in facts.items() if name in READERS}
    if "crisis_numbers" in known:
        known["crisis_numbers"] = {**default.crisis_numbers, **known["crisis_numbers"]}
    return replace(default, **known, is_live=live)


def newest_edition(session: Session) -> ProgrammeEdition | None:
    """Return what staff have set last, or None when they never did."""
    return session.scalars(
        select(ProgrammeEdition).order_by(ProgrammeEdition.id.desc()).limit(1)
    ).first()


def change_programme(
    session: Session,
    changes: Facts,
    *,
    follows: int,
    what: str,
    actor: str,
    now: datetime,
    live: bool = False,
) -> bool:
    """Set some facts of the programme as a new edition; returns whether anything was to change.

    `follows` is the edition that whoever changes it has seen, 0 without any; `what` says in a few
    words what is changed; `live` lets callers in from now on. Raises ProgrammeError when somebody
    else was faster, when the hours contradict each other, or when a programme that is live would
    have nobody to name to somebody in danger.
    """
    before = newest_edition(session)
    facts = dict(before.facts) if before else {}
    wanted = {**facts, **changes}
    was_live = before is not None and before.live
    if wanted == facts and was_live is (was_live or live):
        return False
    if (before.id if before else 0) != follows:
        raise ProgrammeError(_overtaken(before))
    programme = programme_of(session.default, wanted, live=was_live or live)
    _refuse_nonsense(programme)
    row = {
        "follows": follows,
        "facts": wanted,
        "live": programme.is_live,
        "what": what,
        "actor": actor,
        "at": now,
    }
    made = insert_row(session, ProgrammeEdition, row, "follows")
    if made is None:
        raise ProgrammeError(_overtaken(newest_edition(session)))
    write_audit(
        session,
        actor=actor,
        action="went live" if programme.is_live and not was_live else "changed the programme",
        entity="programme",
        entity_id=str(made),
        reason=what,
        now=now,
    )
    return True


def count_as_live(
    session: Session, *, actor: str, now: datetime, facts: Facts | None = None
) -> None:
    """Let a programme count as live that was made ready without the page, such as the demo."""
    row = {"follows": 0, "facts": {**(facts or {})}, "live": True, "what": "live from the start"}
    insert_row(session, ProgrammeEdition, {**row, "actor": actor, "at": now}, "follows")


def fault_of_hours(programme: Programme) -> str | None:
    """Say what is wrong with the hours of the programme as it is set, or None."""
    return hours_fault(
        (programme.calling_from, programme.calling_until),
        (programme.check_in_from, programme.check_in_until),
        names=_HOURS,
    )


def _refuse_nonsense(programme: Programme) -> None:
    fault = fault_of_hours(programme)
    if fault is not None:
        raise ProgrammeError(f"{fault}.")
    lacking = [
        each for each in programme.countries if not has_numbers(each, programme.crisis_numbers)
    ]
    if programme.is_live and lacking:
        raise ProgrammeError(
            f"{', '.join(lacking)}: without an emergency number and a crisis line of the country"
            " nobody may call from there. Enter both first."
        )


def _overtaken(newest: ProgrammeEdition | None) -> str:
    who = newest.actor.removeprefix("staff:") if newest else "Somebody"
    return (
        f"{who} has changed the programme meanwhile, so nothing of yours was kept."
        " Look at what it says now, then change it again."
    )

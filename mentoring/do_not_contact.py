"""Somebody tells staff that they want no texts or automated calls, or that they want them again."""

from collections.abc import Collection
from datetime import datetime

from mentoring.audit import write_about
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.lines import main_line_or_none
from mentoring.models import DeliveryKind, OptOutKind, Person
from mentoring.notices import queue_prompt
from mentoring.optouts import lines_blocked_by_carrier, refuse, restore
from mentoring.people import refuse_forgotten
from mentoring.phone import written

_SOURCE = "staff"


def refused_kinds(person: Person) -> list[OptOutKind]:
    """Return what a person's phone wants none of."""
    phone = person.phone
    refused = {OptOutKind.TEXTS: phone.texts_refused_at, OptOutKind.CALLS: phone.calls_refused_at}
    return [kind for kind, at in refused.items() if at is not None]


def write_opt_out(
    session: Session,
    person: Person,
    kinds: Collection[OptOutKind],
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    """Let no text, or no automated call, leave for a phone any more; the one confirmation may."""
    _see_as_it_is(session, person)
    fresh = [kind for kind in kinds if refuse(session, person.phone, kind, source=_SOURCE, now=now)]
    if not fresh:
        raise ProgrammeError(f"That is written down about {person.code} already.")
    _note(session, person, "wrote down an opt-out", fresh, actor=actor, reason=reason, now=now)
    line = main_line_or_none(session)
    if OptOutKind.TEXTS in fresh and line is not None:
        queue_prompt(
            session,
            "T-STOP",
            to=person.phone,
            line=line,
            kind=DeliveryKind.NOTICE,
            dedupe_key=f"stop by staff:{person.phone_id}:{now.isoformat()}",
            person=person,
            now=now,
        )


def write_return(
    session: Session, person: Person, kind: OptOutKind, *, actor: str, reason: str, now: datetime
) -> None:
    """Lift an opt-out because its owner asked for it; only they can lift a block of the carrier."""
    _see_as_it_is(session, person)
    blocked = lines_blocked_by_carrier(session, person.phone) if kind is OptOutKind.TEXTS else []
    if blocked:
        numbers = " and ".join(written(line.number) for line in blocked)
        raise ProgrammeError(
            f"The carrier itself blocks texts from {numbers}. Ask {person.code} to text START"
            " there."
        )
    if not restore(session, person.phone, kind, source=_SOURCE, now=now):
        raise ProgrammeError(f"{person.code} has not opted out of {kind}.")
    _note(session, person, "lifted an opt-out", [kind], actor=actor, reason=reason, now=now)


def _see_as_it_is(session: Session, person: Person) -> None:
    refused = ["texts_refused_at", "calls_refused_at"]
    session.refresh(person.phone, refused, with_for_update=True)
    # Nothing can reach it as it is, so nothing is refused or confirmed either.
    refuse_forgotten(person.phone)


def _note(
    session: Session,
    person: Person,
    action: str,
    kinds: Collection[OptOutKind],
    *,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    named = f"{action}: {' and '.join(kinds)}"
    write_about(session, person, named, actor=actor, reason=reason, now=now)

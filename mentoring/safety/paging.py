"""Paging: whoever is on call is rung about a critical alert until somebody accepts it (S17).

Each page is a due row, and the call that it asks for has the same key: a tick that comes twice
pages once, and after a crash the row stands where it was. First on duty first, then the next in
ring order, round and round, at any hour. Nobody on duty means that everybody is rung.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from mentoring.calendar.dues import call_off, finish, plan
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.errors import ProgrammeError
from mentoring.lines import main_line_or_none
from mentoring.models import AuditEntry, Delivery, Due, DueKind, Phone, Severity, Staff, StaffTask
from mentoring.people import find_or_add_phone
from mentoring.queueing import queue_call
from mentoring.safety.crisis import page_key
from mentoring.service_calls.answers import person_is_there, service_call_of
from mentoring.service_calls.gate import PAGE
from mentoring.tasks import find_task

log = logging.getLogger("bridgeline.paging")


def page(session: Session, dues: Sequence[Due], now: datetime) -> None:
    """Ring the next member of staff for each page that is due: the deed of DueKind.PAGE."""
    on_call = _on_call(session)
    for due in dues:
        alert = session.get_one(StaffTask, due.task_id)
        ended = "closed" if alert.done_at is not None else "accepted"
        if alert.done_at is not None or alert.accepted_at is not None:
            finish(due, ended, now=now)
            continue
        member = on_call[(due.round - 1) % len(on_call)] if on_call else None
        finish(due, _ring(session, due, member, now=now), now=now)
        _plan_next(session, due, now=now)


_IN_ORDER = select(Staff).order_by(Staff.ring_order, Staff.id)


def _on_call(session: Session) -> list[Staff]:
    """Return whom to page, in order: those on duty, or everybody when nobody is."""
    everybody = session.scalars(_IN_ORDER).all()
    return [member for member in everybody if member.on_duty] or list(everybody)


def _ring(session: Session, due: Due, member: Staff | None, *, now: datetime) -> str:
    """Ask for one call; returns in a few words for staff what came of it."""
    line = main_line_or_none(session)
    if member is None or line is None:
        log.error("A critical alert waits, and there is nobody to page: bridgeline staff add")
        return "nobody to page"
    number = session.vault.open(member.number_sealed, place=member.place("number_sealed"))
    queue_call(
        session,
        flow=PAGE,
        phone=find_or_add_phone(session, number, now=now),
        line=line,
        dedupe_key=due.dedupe_key,
        keep_for=timedelta(minutes=session.programme.page_minutes),
        now=now,
    )
    return f"paged {member.name}"


def _plan_next(session: Session, due: Due, *, now: datetime) -> None:
    round_ = due.round + 1
    plan(
        session,
        DueKind.PAGE,
        at=now + timedelta(minutes=session.programme.page_minutes),
        key=page_key(due.task_id or 0, round_),
        task_id=due.task_id,
        round_=round_,
        now=now,
    )


_PAGED_BY = (
    select(StaffTask)
    .join(Due, Due.task_id == StaffTask.id)
    .where(Due.dedupe_key == bindparam("dedupe_key"), Due.kind == DueKind.PAGE)
    # Two may press 1 at the same moment: one of them has it.
    .with_for_update(of=StaffTask)
)


def alert_paged_by(session: Session, row: Delivery) -> StaffTask | None:
    """Return the alert that a call is about, if that call is a page."""
    return session.scalar(_PAGED_BY, {"dedupe_key": row.dedupe_key})


def after_page(ended: Ended) -> Sequel:
    """Somebody on call has answered: whoever accepts has the alert from now on."""
    session, now = ended.session, ended.now
    call = service_call_of(session, ended.conversation, now=now)
    if ended.outcome == "nobody":
        return Sequel(effect=Goodbye())
    member = _member_at(session, ended.conversation.phone)
    # Whoever has the phone of somebody who is no longer with us must not stop the paging.
    if call is None or member is None or ended.outcome != "yes":
        return Sequel(("V-PAGE-NO",), effect=Goodbye())
    person_is_there(call, now=now)
    alert = alert_paged_by(session, call.row)
    if alert is None or alert.done_at is not None or alert.accepted_at is not None:
        mine = alert is not None and alert.owner_id == member.id
        return Sequel(("V-PAGED" if mine else "V-PAGE-GONE",), effect=Goodbye())
    _accept(session, alert, member, actor=f"staff:{member.name}", now=now)
    return Sequel(("V-PAGED",), effect=Goodbye())


_AT_NUMBER = select(Staff).where(Staff.number_index == bindparam("number_index"))


def _member_at(session: Session, phone: Phone | None) -> Staff | None:
    """Return the member of staff behind a phone, whose number has the same blind index."""
    if phone is None:
        return None
    return session.scalar(_AT_NUMBER, {"number_index": phone.number_index})


def accept_alert(
    session: Session, alert_id: int, name: str | None, *, actor: str, now: datetime
) -> StaffTask:
    """Accept a critical alert, so that nobody is paged any more; raises ProgrammeError."""
    alert = find_task(session, alert_id)
    if alert.severity is not Severity.CRITICAL:
        raise ProgrammeError(f"Alert {alert_id} is not critical, so nobody is paged about it.")
    if alert.accepted_at is not None:
        raise ProgrammeError(f"Alert {alert_id} was accepted already.")
    member = None
    if name is not None:
        member = session.scalar(select(Staff).where(func.lower(Staff.name) == name.strip().lower()))
        if member is None:
            raise ProgrammeError(
                f"There is no member of staff called {name}. `bridgeline staff` lists them."
            )
    _accept(session, alert, member, actor=actor, now=now)
    return alert


def _accept(
    session: Session, alert: StaffTask, member: Staff | None, *, actor: str, now: datetime
) -> None:
    alert.accepted_at = now
    # What comes after this is another alert, and pages anew.
    alert.open_key = None
    if member is not None:
        alert.owner_id = member.id
    call_off(session, task_id=alert.id, outcome="accepted", now=now)
    session.add(
        AuditEntry(
            actor=actor,
            action="accepted alert",
            entity="alert",
            entity_id=str(alert.id),
            reason=f"{alert.rule} by {member.name if member else actor}"[:200],
            at=now,
        )
    )

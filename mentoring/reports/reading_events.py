"""Reading what concerns no single match: worries, proposals, alerts, and what things cost."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select

from mentoring.clock import midnight
from mentoring.db import Session
from mentoring.models import (
    AuditEntry,
    CallLeg,
    Contact,
    ContactKind,
    Delivery,
    DeliveryKind,
    Line,
    Proposal,
    ProposalState,
    StaffTask,
)
from mentoring.oversight.rules import CONCERNS, OutcomeCode
from mentoring.proposals.ending import SAID_NO
from mentoring.reports.facts import Concern, Costs, Note, Offer
from mentoring.reports.periods import Period, month_of

Span = tuple[datetime, datetime]

_WORRY = "O10"
ASKED_FOR_A_PERSON, NO_HELP = "O8", "O14"
# Nobody has said why they said no.
NOT_SAID = "not_said"
_AN_HOUR = timedelta(hours=1)
# What staff did with an alert first is the first contact about it.
_FIRST_ACTS = ("took step", "closed alert")
_CAME_TO_NOTHING = (OutcomeCode.NO_ACTION.value, OutcomeCode.FALSE_ALARM.value)


def read_concerns(session: Session) -> Iterator[Concern]:
    """Return every worry and danger that was told, with the first contact about it."""
    acts = dict(
        session.execute(
            select(AuditEntry.entity_id, func.min(AuditEntry.at))
            .where(AuditEntry.entity == "alert", AuditEntry.action.in_(_FIRST_ACTS))
            .group_by(AuditEntry.entity_id)
        ).all()
    )
    alerts = session.execute(
        select(
            *(StaffTask.id, StaffTask.rule, StaffTask.person_id, StaffTask.match_id),
            *(StaffTask.opened_at, StaffTask.accepted_at, StaffTask.outcome, StaffTask.done_at),
        )
        .where(StaffTask.rule.in_(CONCERNS))
        .order_by(StaffTask.id)
    )
    programme = session.programme
    for row in alerts:
        moments = (row.accepted_at, acts.get(str(row.id)), row.done_at)
        promised = row.opened_at + _AN_HOUR
        if row.rule == _WORRY:
            days = programme.call_back_working_days
            promised = programme.add_working_days(row.opened_at, days)
        yield Concern(
            id=row.id,
            person=row.person_id,
            match=row.match_id,
            opened_at=row.opened_at,
            promised_by=promised,
            first_contact_at=min((each for each in moments if each is not None), default=None),
            is_upheld=_is_upheld(row.outcome) if row.done_at is not None else None,
        )


def _is_upheld(outcome: str | None) -> bool:
    """Tell whether something came of a worry: the code before the note says so."""
    return (outcome or "").partition(":")[0] not in _CAME_TO_NOTHING


def read_offers(session: Session) -> Mapping[int, Sequence[Offer]]:
    """Return every proposal that was sent, by its protege. A draft was never one."""
    found: dict[int, list[Offer]] = defaultdict(list)
    chosen = (
        select(
            *(Proposal.protege_id, Proposal.sent_at, Proposal.settled_at),
            *(Proposal.state, Proposal.reason),
        )
        .where(Proposal.sent_at.is_not(None))
        .order_by(Proposal.sent_at, Proposal.id)
    )
    for protege_id, sent_at, ended_at, state, reason in session.execute(chosen):
        if sent_at is not None:
            is_accepted = None if ended_at is None else state is ProposalState.ACCEPTED
            found[protege_id].append(Offer(sent_at, ended_at, is_accepted, _why_not(state, reason)))
    return found


def _why_not(state: ProposalState, reason: str | None) -> str:
    """Return why a proposal came to nothing, as one of a few codes: words of staff are not told."""
    if state is ProposalState.DECLINED:
        return reason if reason in SAID_NO else NOT_SAID
    return {ProposalState.LAPSED: "no_answer", ProposalState.WITHDRAWN: "taken_back"}.get(state, "")


def read_notes(session: Session, span: Span) -> Sequence[Note]:
    """Return the voice notes of a period that people left each other."""
    since, until = span
    rows = session.execute(
        select(Contact.from_person_id, Contact.started_at, Contact.seconds)
        .where(Contact.kind == ContactKind.NOTE, Contact.seconds > 0)
        .where(Contact.started_at >= since, Contact.started_at < until)
        .order_by(Contact.id)
    )
    return [Note(person_id, at, seconds or 0) for person_id, at, seconds in rows]


def read_alerts(session: Session, span: Span, rule: str) -> Sequence[tuple[int | None, datetime]]:
    """Return about whom an alert of a rule was opened in a period, and when."""
    since, until = span
    rows = session.execute(
        select(StaffTask.person_id, StaffTask.opened_at)
        .where(StaffTask.rule == rule)
        .where(StaffTask.opened_at >= since, StaffTask.opened_at < until)
        .order_by(StaffTask.id)
    )
    return [(person_id, at) for person_id, at in rows]


def read_costs(session: Session, period: Period) -> Sequence[Costs] | None:
    """Return what each month of a period cost by the rates that are set; None without rates.

    A leg is paid by the minute, each begun one as a whole one. A line, and the hours of staff, are
    paid by the month; a month that the period cuts is paid by its days.
    """
    rates, office = session.programme.rates, session.programme.office
    if rates is None:
        return None
    found = []
    for _, month in period.months():
        since, until = midnight(month.since, office), midnight(month.until, office)
        minutes = session.scalar(
            select(func.sum((CallLeg.seconds + 59) // 60)).where(
                CallLeg.started_at >= since, CallLeg.started_at < until, CallLeg.seconds > 0
            )
        )
        texts = session.scalar(
            select(func.count(Delivery.id)).where(
                Delivery.created_at >= since,
                Delivery.created_at < until,
                Delivery.kind != DeliveryKind.CALL,
                Delivery.carrier_sid.is_not(None),
            )
        )
        lines = session.scalar(
            select(func.count(Line.id)).where(
                Line.created_at < until, Line.retired_at.is_(None) | (Line.retired_at > since)
            )
        )
        whole = month_of(month.since)
        part = Fraction((month.until - month.since).days, (whole.until - whole.since).days)
        by_month = (lines or 0) * Fraction(rates.line_month)
        by_month += Fraction(rates.staff_hours_month) * Fraction(rates.staff_hour)
        total = (minutes or 0) * Fraction(rates.minute) + (texts or 0) * Fraction(rates.text)
        found.append(Costs(month.since, total + part * by_month))
    return found

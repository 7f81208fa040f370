"""Our numbers and what becomes of texts: whether everything that leaves here also arrives."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy import case, func, select

from admin.labels import in_words
from admin.lists import Cell, Tag, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_link, task_link
from admin.rendering import render, render_news
from mentoring.calendar.dues import oldest_waiting
from mentoring.marks import MarkName, mark_of
from mentoring.models import (
    UNSETTLED,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Line,
    LineKind,
    Match,
    MatchSide,
    MatchState,
    Person,
    is_unsettled,
)
from mentoring.phone import written
from mentoring.trouble import open_troubles, paused_until
from telephony.reactions import reaction_for

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_SHOWN = 20
_LINES_SHOWN = 200
# The sweep runs every 30 seconds, and what is due leaves within seconds.
_SLOW = timedelta(minutes=2)
_STUCK = timedelta(minutes=10)
_LOST = (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED)
_STATES = {
    DeliveryStatus.ACCEPTED: "with the carrier",
    DeliveryStatus.SENT: "sent, not reported as delivered yet",
    DeliveryStatus.UNCERTAIN: "being looked up at the carrier",
    DeliveryStatus.UNDELIVERED: "not delivered",
    DeliveryStatus.BLOCKED: "stopped by our own rules",
    DeliveryStatus.EXPIRED: "too old to be sent",
}


def add_to(pages: Pages) -> None:
    """Add the page, and what its script asks for."""
    pages.get("/lines", Permission.SEE, show_lines)
    pages.get("/lines/news", Permission.SEE, lines_news)


def show_lines(visit: Visit) -> ResponseReturnValue:
    """Show our numbers, what waits, and what became of the texts and calls of a week."""
    return render("lines.html", visit, **_facts(visit))


def lines_news(visit: Visit) -> ResponseReturnValue:
    """Return the moving part of the page, if it is not what the browser has already."""
    facts = _facts(visit)
    return render_news("lines_part.html", visit, facts)


def _facts(visit: Visit) -> dict[str, Any]:
    queue = _queue(visit)
    troubles = open_troubles(visit.session)
    return {
        "queue": queue,
        "said": _said(queue, len(troubles)),
        "troubles": [(task_link(task), When(task.opened_at)) for task in troubles[:_SHOWN]],
        "lines": _lines(visit),
        "states": _states(visit),
        "errors": _errors(visit),
        "phones": _phones(visit),
    }


def _said(queue: Sequence[tuple[str, Cell]], troubles: int) -> str:
    """Return how it stands in a sentence, which is shown and, when it changes, announced."""
    ill = [title for title, cell in queue if isinstance(cell, Tag) and cell.tone != "plain"]
    if not ill and not troubles:
        return "Everything is at work."
    refused = f"{troubles} refused by the carrier" if troubles else ""
    return "Look at: " + ", ".join(part for part in (*ill, refused) if part).lower() + "."


def _queue(visit: Visit) -> list[tuple[str, Cell]]:
    """Return what waits and who is at work, each as a fact with its state in words."""
    session, now = visit.session, visit.now
    due, later, oldest = session.execute(
        select(
            func.count().filter(Delivery.not_before <= now),
            func.count().filter(Delivery.not_before > now),
            func.min(Delivery.not_before),
        ).where(is_unsettled(Delivery))
    ).one()
    pause = paused_until(session, now=now)
    return [
        ("Worker and beat", _at_work(mark_of(session, MarkName.SWEPT), now)),
        ("Due texts and calls", str(due)),
        ("Waiting for their hour", str(later)),
        ("Oldest text or call", _late(oldest, now, "nothing is due")),
        ("Oldest planned thing", _late(oldest_waiting(session), now, "nothing is late")),
        ("Sending", Tag("pauses for minutes", "high") if pause else Tag("goes on")),
    ]


def _at_work(swept_at: datetime | None, now: datetime) -> Tag:
    if swept_at is not None and now - swept_at < _SLOW:
        return Tag("both are at work")
    since = f"for {_minutes(now - swept_at)}" if swept_at is not None else "ever"
    return Tag(f"nothing was looked after {since}: run bridgeline doctor", "critical")


def _late(since: datetime | None, now: datetime, none: str) -> Tag:
    age = now - since if since is not None else timedelta(0)
    if age < _SLOW:
        return Tag(none if age <= timedelta(0) else "due for less than 2 minutes")
    return Tag(f"due for {_minutes(age)}", "critical" if age >= _STUCK else "middling")


def _minutes(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes >= 120:
        return f"{minutes // 60} hours"
    return f"{minutes} minutes"


def _lines(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return each line of ours: its matches, and what the carrier said of it last."""
    is_closed = Match.state == MatchState.CLOSED
    rows = visit.session.execute(
        select(
            Line,
            func.count(func.distinct(case((~is_closed, Match.id)))),
            func.count(func.distinct(case((is_closed, Match.id)))),
        )
        .outerjoin(MatchSide, (MatchSide.line_id == Line.id) & MatchSide.released_at.is_(None))
        .outerjoin(Match, Match.id == MatchSide.match_id)
        .where(Line.retired_at.is_(None))
        .group_by(Line.id)
        .order_by(Line.kind, Line.id)
        .limit(_LINES_SHOWN)
    )
    return [
        (
            written(line.number),
            *_held(line, held, resting),
            _standing(line),
            When(line.checked_at) if line.checked_at else None,
        )
        for line, held, resting in rows
    ]


def _held(line: Line, held: int, resting: int) -> tuple[Cell, ...]:
    if line.kind is LineKind.MAIN:
        return ("the main line", "everybody's", "")
    return ("a pair line", held, resting)


def _standing(line: Line) -> Tag:
    if line.fault:
        return Tag(line.fault, "high")
    if line.checked_at is None:
        return Tag("not known: run bridgeline numbers sync", "middling")
    return Tag("points here")


def _states(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return how many texts and calls of a day and a week came how far."""
    since = visit.now - _DAY
    is_call = Delivery.kind == DeliveryKind.CALL
    rows = visit.session.execute(
        select(
            Delivery.status,
            func.count().filter(~is_call, Delivery.created_at >= since),
            func.count().filter(~is_call),
            func.count().filter(is_call, Delivery.created_at >= since),
            func.count().filter(is_call),
        )
        .where(Delivery.created_at >= visit.now - _WEEK)
        .group_by(Delivery.status)
    ).all()
    order = list(DeliveryStatus)
    return [
        (_state_in_words(status), *counts)
        for status, *counts in sorted(rows, key=lambda row: order.index(row[0]))
    ]


def _state_in_words(status: DeliveryStatus) -> Tag:
    words = _STATES.get(status, in_words(status.value))
    tone = "high" if status in _LOST else "middling" if status in UNSETTLED[2:] else "plain"
    return Tag(words, tone)


def _errors(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return the carrier's errors of a week, the most frequent first, with what to do."""
    rows = visit.session.execute(
        select(
            Delivery.error_code,
            func.count().filter(Delivery.created_at >= visit.now - _DAY),
            func.count(),
        )
        .where(Delivery.created_at >= visit.now - _WEEK, Delivery.error_code.is_not(None))
        .group_by(Delivery.error_code)
        .order_by(func.count().desc(), Delivery.error_code)
        .limit(_SHOWN)
    )
    return [(reaction_for(code).staff_words, code, day, week) for code, day, week in rows]


def _phones(visit: Visit) -> list[tuple[Cell, ...]]:
    """Return whom texts did not reach in a week, the most often first."""
    newest = func.max(Delivery.created_at)
    rows = visit.session.execute(
        select(Person, func.count(Delivery.id), newest)
        .join(Delivery, Delivery.to_person_id == Person.id)
        .where(
            Delivery.created_at >= visit.now - _WEEK,
            Delivery.status.in_(_LOST),
            visit.scope.people(),
        )
        .group_by(Person.id)
        .order_by(func.count(Delivery.id).desc(), Person.id)
        .limit(_SHOWN)
    )
    return [
        (
            person_link(person),
            count,
            When(last, person.zone),
        )
        for person, count, last in rows
    ]

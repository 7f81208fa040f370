"""What the handsets page asks of the demo: the contact log, staff tasks, the cast and the clock."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, send_from_directory
from sqlalchemy import select

from app.seed import cast
from app.wiring import Parts
from mentoring.clock import PushedClock, spoken_day, spoken_time
from mentoring.db import Session
from mentoring.models import Contact, ContactKind, Line, Match, MatchSide, Person, StaffTask
from mentoring.phone import written
from telephony import emulator

_PAGE = Path(emulator.__file__).parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
)
_NEWEST = 200
# Who it was that is no person of ours.
_NAMELESS = {ContactKind.SERVICE: "the service", ContactKind.STAFF: "staff"}
_LONGEST_PUSH = 7 * 24 * 3600


def demo_blueprint(
    parts: Parts, clock: PushedClock, *, let_pass: Callable[[float], None]
) -> Blueprint:
    """Return the page at `/` and its two sources of facts. For the demo only, never production.

    `let_pass` lets so many seconds pass on the clock, with all that they bring.
    """
    blueprint = Blueprint("demo", __name__)

    @blueprint.get("/")
    def page() -> Response:
        return _strict(send_from_directory(_PAGE, "handsets.html"))

    @blueprint.get("/<path:name>")
    def part_of_page(name: str) -> Response:
        return _strict(send_from_directory(_PAGE, name))

    @blueprint.get("/demo/log")
    def log() -> Response:
        with parts.db.transaction() as session:
            body = _facts(session, parts)
        version = _version_of(body, pushed=clock.pushed)
        if request.args.get("version") == str(version):
            return Response(status=304)
        return _json({"version": version, "clock": clock.now().isoformat(), **body})

    @blueprint.post("/demo/clock")
    def push() -> Response:
        seconds = (request.get_json(silent=True) or {}).get("advance")
        if not isinstance(seconds, int | float) or not 0 < seconds <= _LONGEST_PUSH:
            return _json({"error": "The clock goes forward only, a week at most."}, 400)
        let_pass(seconds)
        return _json({"clock": clock.now().isoformat()})

    return blueprint


def _version_of(body: dict[str, Any], *, pushed: timedelta) -> int:
    """Return a number that stands for the whole answer, so an unchanged log costs nothing.

    The clock goes on by itself in every page; only a push of it is news, for the other tabs.
    """
    seen = json.dumps([pushed.total_seconds(), body])
    return int(hashlib.sha256(seen.encode()).hexdigest()[:12], 16)


def _strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _facts(session: Session, parts: Parts) -> dict[str, Any]:
    office = parts.db.programme.office
    waiting = select(StaffTask).where(StaffTask.done_at.is_(None)).order_by(StaffTask.due_at)
    return {
        "entries": _entries(session, office),
        "tasks": [
            {"id": task.id, "words": task.words, "due": spoken_day(task.due_at, office)}
            for task in session.scalars(waiting)
        ],
        "people": _people(session),
    }


def _entries(session: Session, office: ZoneInfo) -> list[dict[str, Any]]:
    """Return the newest entries of the contact log, with the names that belong to them."""
    people = {p.id: p for p in session.scalars(select(Person))}
    lines = {line.id: written(line.number) for line in session.scalars(select(Line))}
    matches = dict(session.execute(select(Match.id, Match.code)).all())
    newest_first = (Contact.started_at.desc(), Contact.id.desc())
    newest = session.scalars(select(Contact).order_by(*newest_first).limit(_NEWEST)).all()

    def name(person_id: int | None) -> str:
        person = people.get(person_id) if person_id is not None else None
        if person is None:
            return ""
        return f"{person.first_name} ({person.code})" if person.first_name else person.code

    return [
        {
            "id": entry.id,
            "at": f"{spoken_day(entry.started_at, office)},"
            f" {spoken_time(entry.started_at, office)}",
            "kind": entry.kind.value,
            "who": name(entry.from_person_id) or _NAMELESS.get(entry.kind, "somebody unknown"),
            "to": name(entry.to_person_id),
            "line": lines.get(entry.line_id or 0, ""),
            "match": matches.get(entry.match_id or 0, ""),
            "outcome": entry.outcome.value,
            "seconds": entry.seconds,
            "two_way": entry.two_way,
            "reason": entry.reason,
        }
        for entry in newest
    ]


def _people(session: Session) -> list[dict[str, Any]]:
    """Return the cast, each with the lines of their matches."""
    held: dict[str, list[str]] = {}
    for code, number in session.execute(
        select(Person.code, Line.number)
        .join(MatchSide, MatchSide.person_id == Person.id)
        .join(Line, Line.id == MatchSide.line_id)
        .where(MatchSide.released_at.is_(None))
    ):
        held.setdefault(code, []).append(number)
    return [
        {
            "code": member.code,
            "name": member.name,
            "number": member.number,
            "note": member.note,
            "role": member.role,
            "landline": member.landline,
            "lines": held.get(member.code, []),
        }
        for member in cast()
    ]

"""`bridgeline lines`: our own numbers, the main line and the pool of pair lines."""

from argparse import Namespace
from datetime import datetime

from sqlalchemy import func, select

from app.commands.desk import Desk
from app.commands.menu import Menu
from app.tables import Done, Moment, Reply, Table
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.lines import take_into_use
from mentoring.models import Line, LineKind, Match, MatchSide, MatchState
from mentoring.people import read_number
from mentoring.phone import written


def add_to(menu: Menu) -> None:
    """Add the group of commands about lines."""
    group = menu.group("lines", "our own numbers", lists=True)
    group.command("list", "list our lines and the matches on them", list_lines)
    adding = group.command("add", "add a number that was bought at the carrier", add)
    adding.add_argument("number", metavar="NUMBER")
    adding.add_argument("--main", action="store_true", help="the public main line")
    retiring = group.command("retire", "stop using a number", retire)
    retiring.add_argument("number", metavar="NUMBER")


def list_lines(desk: Desk, args: Namespace) -> Reply:
    """List our lines: how many matches are open on each, and how many rest in quarantine."""
    del args
    with desk.database().transaction() as session:
        rows = [
            (
                line.number,
                line.kind.value,
                _count_held(session, line, closed=False),
                _count_held(session, line, closed=True),
                line.carrier_sid,
                Moment(line.retired_at, session.programme.office) if line.retired_at else None,
            )
            for line in session.scalars(select(Line).order_by(Line.kind, Line.number))
        ]
    return Table(
        ("number", "kind", "open matches", "resting", "carrier id", "retired"),
        rows,
        empty="There is no line yet. `bridgeline lines add NUMBER --main` adds the first.",
    )


def _count_held(session: Session, line: Line, *, closed: bool) -> int:
    is_closed = Match.state == MatchState.CLOSED
    held = (
        select(func.count(func.distinct(Match.id)))
        .join(MatchSide, MatchSide.match_id == Match.id)
        .where(
            MatchSide.line_id == line.id,
            MatchSide.released_at.is_(None),
            is_closed if closed else ~is_closed,
        )
    )
    return session.scalar(held) or 0


def add(desk: Desk, args: Namespace) -> Reply:
    """Add one of our numbers, or take a retired one back into use."""
    kind = LineKind.MAIN if args.main else LineKind.PAIR
    with desk.database().transaction() as session:
        line = take_into_use(session, args.number, kind, now=desk.now)
        return Done(
            f"{written(line.number)} is a {kind.value} line of ours now."
            " Run `bridgeline numbers sync` to point it here at the carrier.",
            (("number", line.number), ("kind", kind.value)),
        )


def retire(desk: Desk, args: Namespace) -> Reply:
    """Stop using a number. Refused while open matches talk on it."""
    number = read_number(args.number)
    with desk.database().transaction() as session:
        line = session.scalar(select(Line).where(Line.number == number))
        if line is None:
            raise ProgrammeError("That is not one of our lines. `bridgeline lines` lists them.")
        _refuse_while_in_use(session, line)
        _retire(line, desk.now)
        rests_until = _rests_until(session, line, desk.now)
        keep_until = Moment(rests_until, session.programme.office) if rests_until else None
        return Done(
            f"{written(number)} is retired. {_may_go(line, keep_until)}",
            (("number", number), ("kind", line.kind.value), ("keep until", keep_until)),
        )


def _rests_until(session: Session, line: Line, now: datetime) -> datetime | None:
    """Return when the last closed match lets go of a line, or None when none holds it."""
    return session.scalar(
        select(func.max(Match.line_free_at))
        .join(MatchSide, MatchSide.match_id == Match.id)
        .where(
            MatchSide.line_id == line.id,
            MatchSide.released_at.is_(None),
            Match.line_free_at > now,
        )
    )


def _may_go(line: Line, keep_until: Moment | None) -> str:
    """Say from when on the number may be given back: it must not ring at a stranger's."""
    if line.kind is LineKind.MAIN:
        return "Keep it at the carrier until everybody who calls it knows the new number."
    if keep_until is not None:
        day = f"{keep_until.at.astimezone(keep_until.zone):%a %Y-%m-%d}"
        return f"Keep it at the carrier until {day}: a closed match may still call it."
    return "You may give it back at the carrier."


def _refuse_while_in_use(session: Session, line: Line) -> None:
    codes = session.scalars(
        select(Match.code)
        .where(Match.line_id == line.id, Match.state != MatchState.CLOSED)
        .order_by(Match.id)
    ).all()
    if codes:
        raise ProgrammeError(
            f"{written(line.number)} is in use by {', '.join(codes)}. Close them first."
        )


def _retire(line: Line, now: datetime) -> None:
    if line.retired_at is not None:
        raise ProgrammeError(f"{written(line.number)} was retired already.")
    line.retired_at = now

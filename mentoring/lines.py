"""Our lines: the main line, the pool of pair lines, and which pair line a new match gets.

A match needs a line that neither phone holds already, because a call is routed by (phone, line).
So the pool is as large as the most matches that any one phone has, however many pairs there are.
"""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from mentoring.db import Memo, Session
from mentoring.errors import ProgrammeError
from mentoring.models import Line, LineKind, Match, MatchSide, Person, UtcDateTime
from mentoring.people import find_phone, read_number
from mentoring.phone import written


def add_line(
    session: Session, number: str, kind: LineKind, *, now: datetime, carrier_sid: str | None = None
) -> Line:
    """Add one of our own numbers, or return it when it is there already."""
    line = session.scalar(select(Line).where(Line.number == number))
    if line is None:
        if kind is LineKind.MAIN and main_line_or_none(session) is not None:
            raise ProgrammeError("There is a main line already. Retire it before adding another.")
        line = Line(number=number, kind=kind, created_at=now)
        session.add(line)
    line.carrier_sid = carrier_sid or line.carrier_sid
    session.flush()
    return line


def take_into_use(session: Session, typed: str, kind: LineKind, *, now: datetime) -> Line:
    """Add one of our own numbers as staff typed it, or take a retired one back into use.

    Raises ProgrammeError for a number that is none, a participant's, or a line of the other kind.
    """
    number = read_number(typed)
    phone = find_phone(session, number)
    # A stranger who once called from it is nobody's business: numbers change hands.
    if phone is not None and phone.people:
        raise ProgrammeError("That is the phone of a participant, not a line of ours.")
    line = add_line(session, number, kind, now=now)
    if line.kind is not kind:
        raise ProgrammeError(
            f"{written(line.number)} is the {line.kind.value} line already."
            if line.kind is LineKind.MAIN
            else f"{written(line.number)} is a pair line already, so it cannot be the main line."
        )
    if line.retired_at is not None:
        if kind is LineKind.MAIN and main_line_or_none(session) is not None:
            raise ProgrammeError(
                "There is another main line by now. Retire it before taking this one back."
            )
        line.retired_at = None
    return line


def note_check(session: Session, number: str, *, fault: str, now: datetime) -> None:
    """Keep what the carrier said about a line of ours: `fault` is empty when all is well."""
    line = session.scalars(select(Line).where(Line.number == number)).one()
    line.checked_at, line.fault = now, fault[:200] or None


def remember_main_line(session: Session, line: Line) -> None:
    """Spare this transaction from looking the main line up again."""
    session.memo[Memo.MAIN_LINE] = line


_MAIN = select(Line).where(Line.kind == LineKind.MAIN, Line.retired_at.is_(None)).limit(1)


def main_line_or_none(session: Session) -> Line | None:
    """Return the main line, or None before one is added."""
    return session.scalar(_MAIN)


def main_line(session: Session) -> Line:
    """Return the main line; raises ProgrammeError when there is none yet."""
    line: Line | None = session.memo.get(Memo.MAIN_LINE)
    if line is None or line.retired_at is not None:
        line = main_line_or_none(session)
    if line is None:
        raise ProgrammeError("There is no main line yet. Run: bridgeline lines add NUMBER --main")
    remember_main_line(session, line)
    return line


def main_number(session: Session) -> str:
    """Return the main line as people write it, for prompts."""
    return written(main_line(session).number)


_QUARANTINED = (
    select(MatchSide)
    .join(Match)
    .where(
        MatchSide.released_at.is_(None),
        Match.line_free_at <= bindparam("now", type_=UtcDateTime()),
    )
)


def free_quarantined(session: Session, *, now: datetime) -> int:
    """Give back the lines of matches closed long enough ago; returns how many sides let go."""
    due = session.scalars(_QUARANTINED, {"now": now}).all()
    for side in due:
        side.released_at = now
    session.flush()
    return len(due)


def draw_line(session: Session, protege: Person, mentor: Person, *, now: datetime) -> Line:
    """Choose the pair line for a new match: one that neither phone holds, the least used first.

    Raises ProgrammeError naming what to buy when every line is taken for one of the two.
    """
    free_quarantined(session, now=now)
    held = select(MatchSide.line_id).where(
        MatchSide.released_at.is_(None),
        MatchSide.phone_id.in_([protege.phone_id, mentor.phone_id]),
    )
    uses = func.count(MatchSide.id)
    line = session.scalar(
        select(Line)
        .outerjoin(MatchSide, and_(MatchSide.line_id == Line.id, MatchSide.released_at.is_(None)))
        .where(Line.kind == LineKind.PAIR, Line.retired_at.is_(None), Line.id.not_in(held))
        .group_by(Line.id)
        .order_by(uses, Line.id)
        .limit(1)
    )
    if line is not None:
        return line
    raise ProgrammeError(_exhausted(session, protege, mentor))


def _exhausted(session: Session, protege: Person, mentor: Person) -> str:
    total = session.scalar(
        select(func.count(Line.id)).where(Line.kind == LineKind.PAIR, Line.retired_at.is_(None))
    )
    if not total:
        return (
            "There is no pair line yet. Buy a number for voice and texts at the carrier, then run:"
            " bridgeline lines add NUMBER"
        )
    next_free = session.scalar(
        select(func.min(Match.line_free_at))
        .join(MatchSide)
        .where(
            MatchSide.released_at.is_(None),
            or_(
                MatchSide.phone_id == protege.phone_id,
                MatchSide.phone_id == mentor.phone_id,
            ),
        )
    )
    wait = f" A line comes free on {next_free:%Y-%m-%d}." if next_free else ""
    every = "The only pair line is" if total == 1 else f"All {total} pair lines are"
    return (
        f"{every} in use for {protege.code} or {mentor.code}. Buy one more"
        " number for voice and texts at the carrier, run `bridgeline lines add NUMBER` and"
        f" `bridgeline numbers sync`, and open the match again.{wait}"
    )

"""`bridgeline match`: staff bring two people together on a pair line, and part them again."""

from argparse import Namespace
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.commands import matching, partings, proposals
from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Cell, Done, Moment, Reply, Table
from mentoring.alerts import is_at_risk
from mentoring.consents import answers_to
from mentoring.db import Session
from mentoring.holds import close_by_staff, hold_match, release_match, takes_another
from mentoring.matches import match_with_code
from mentoring.models import ClosureReason, Contact, Match, MatchSide, MatchState, Person, Role
from mentoring.people import person_with_code
from mentoring.phone import written
from mentoring.proposals.opening import bring_together


def add_to(menu: Menu) -> None:
    """Add the group of commands about matches."""
    group = menu.group(
        "match", "suggest, propose, open, hold, pause, finish, close and list matches", lists=True
    )
    opening = group.command("open", "open a match at once, without asking the two", open_one)
    opening.add_argument("protege", metavar="PROTEGE", help="a code such as P05")
    opening.add_argument("mentor", metavar="MENTOR", help="a code such as M06")
    closing = group.command("close", "close a match; its line rests before others get it", close)
    closing.add_argument("code", metavar="CODE", help="such as K03")
    closing.add_argument("--reason", required=True, choices=[r.value for r in ClosureReason])
    holding = group.command("hold", "stop all contact between two people at once", hold)
    lifting = group.command("release", "lift a hold; the match is again what it was", release)
    for command in (holding, lifting):
        command.add_argument("code", metavar="CODE", help="such as K03")
        command.add_argument("--reason", required=True, help="why; only staff see it")
    partings.add_to(group)
    matching.add_to(group)
    proposals.add_to(group)
    listing = group.command("list", "list all matches", list_matches)
    listing.add_argument("--state", choices=[state.value for state in MatchState])


def open_one(desk: Desk, args: Namespace) -> Reply:
    """Open a match, and say which number both sides save and who has not agreed to what yet."""
    with desk.database().transaction() as session:
        protege = person_with_code(session, args.protege)
        mentor = person_with_code(session, args.mentor)
        match = bring_together(
            session, protege=protege, mentor=mentor, actor=desk.actor, now=desk.now
        )
        line = written(match.line.number)
        return Done(
            " ".join(
                [
                    f"{match.code} is open: {protege.shown_name} ({protege.code}) and"
                    f" {mentor.shown_name} ({mentor.code}) reach each other on {line}.",
                    *_warnings(session, protege, mentor),
                ]
            ),
            (
                ("code", match.code),
                ("line", match.line.number),
                ("protege", protege.code),
                ("mentor", mentor.code),
            ),
        )


def _warnings(session: Session, protege: Person, mentor: Person) -> list[str]:
    """Say what would keep these two from reaching each other."""
    people = (protege, mentor)
    joined = answers_to(session, "C5", {p.phone_id for p in people})
    asked = [p for p in people if not joined.agreed(p.phone_id, p.id)]
    return [
        *(f"{p.code} has not agreed to take part yet." for p in asked),
        *(
            f"The time zone of {p.code} is not known, so nobody can ring them yet."
            for p in people
            if p.zone is None
        ),
    ]


def close(desk: Desk, args: Namespace) -> Reply:
    """Close a match with the reason that staff give."""
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        reason = ClosureReason(args.reason)
        close_by_staff(session, match, reason=reason, actor=desk.actor, now=desk.now)
        if match.state is MatchState.SAFETY_HOLD:
            return _takes_another(match)
        free_at = match.line_free_at or desk.now
        return Done(
            f"{match.code} is closed ({reason.value}). Its line {written(match.line.number)} stays"
            f" with it until {free_at.astimezone(session.programme.office):%a %Y-%m-%d}.",
            (
                ("code", match.code),
                ("reason", reason.value),
                ("line free at", Moment(free_at, session.programme.office)),
            ),
        )


def hold(desk: Desk, args: Namespace) -> Reply:
    """Put a match on hold. A talk that goes on at this moment is ended by the next sweep."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        hold_match(session, match, actor=desk.actor, reason=reason, now=desk.now)
        return Done(
            f"{match.code} is on hold: no call, text or note passes between the two, and a talk"
            " that goes on now ends within a minute. Call both of them within a working day.",
            (("code", match.code), ("state", match.state.value)),
        )


def release(desk: Desk, args: Namespace) -> Reply:
    """Lift a hold, so that the two reach each other as before: the second who says so does."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        state = release_match(session, match, actor=desk.actor, reason=reason, now=desk.now)
        if state is MatchState.SAFETY_HOLD:
            return _takes_another(match)
        return Done(
            f"{match.code} is {state.value} again, as before the hold.",
            (("code", match.code), ("state", state.value)),
        )


def _takes_another(match: Match) -> Done:
    """Say that a hold is not decided yet."""
    return Done(
        takes_another(match),
        (("code", match.code), ("state", match.state.value)),
    )


def list_matches(desk: Desk, args: Namespace) -> Reply:
    """List matches in the order in which they were opened, with their newest two-way contact."""
    chosen = (
        select(Match)
        .order_by(Match.id)
        .options(joinedload(Match.line), selectinload(Match.sides).joinedload(MatchSide.person))
    )
    if args.state:
        chosen = chosen.where(Match.state == MatchState(args.state))
    with desk.database().transaction() as session:
        newest = _newest_contacts(session)
        at_risk = set(session.scalars(select(Match.id).where(is_at_risk())))
        rows = [_row(session, match, newest, at_risk) for match in session.scalars(chosen)]
    return Table(
        (
            *("code", "state", "at risk", "protege", "mentor", "line"),
            *("opened", "last two-way contact", "closed", "reason"),
        ),
        rows,
        empty="There is no such match. `bridgeline match open PROTEGE MENTOR` opens one.",
    )


def _newest_contacts(session: Session) -> Mapping[int | None, datetime]:
    rows = session.execute(
        select(Contact.match_id, func.max(Contact.started_at))
        .where(Contact.two_way.is_(True), Contact.match_id.is_not(None))
        .group_by(Contact.match_id)
    )
    return {match_id: at for match_id, at in rows}  # noqa: C416


def _row(
    session: Session, match: Match, newest: Mapping[int | None, datetime], at_risk: Collection[int]
) -> tuple[Cell, ...]:
    office = session.programme.office
    names = {side.role: f"{side.person.code} {side.person.first_name}" for side in match.sides}
    last = newest.get(match.id)
    return (
        match.code,
        match.state.value,
        match.id in at_risk,
        names.get(Role.PROTEGE),
        names.get(Role.MENTOR),
        match.line.number,
        Moment(match.opened_at, office),
        Moment(last, office) if last else None,
        Moment(match.closed_at, office) if match.closed_at else None,
        match.closure_reason.value if match.closure_reason else None,
    )

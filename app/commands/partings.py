"""`bridgeline match pause, resume, finish, reopen, touch`: rests and good ends, by staff."""

from argparse import Namespace

from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Done, Moment, Reply
from mentoring.calendar.closing import begin_closing
from mentoring.calendar.lookups import closing_day
from mentoring.calendar.reopening import reopen_match
from mentoring.calendar.rests import rest_match, resume_match
from mentoring.clock import spoken_date
from mentoring.errors import ProgrammeError
from mentoring.keeping_touch import FOR_STAFF, note_for
from mentoring.matches import match_with_code
from mentoring.models import ClosureReason, Match, MatchSide


def add_to(group: Menu) -> None:
    """Add the actions that let a match rest, wake it, or begin its end."""
    pausing = group.command("pause", "let somebody rest, with all their matches", pause)
    pausing.add_argument("code", metavar="CODE", help="such as K03")
    pausing.add_argument("--by", required=True, metavar="PERSON", help="who needs the rest: P05")
    pausing.add_argument("--days", metavar="N", type=int, help="how long (PAUSE_DAYS)")
    pausing.add_argument("--reason", required=True, help="why; only staff see it")
    resuming = group.command("resume", "end a pause; the match is again what it was", resume)
    resuming.add_argument("code", metavar="CODE", help="such as K03")
    resuming.add_argument("--reason", required=True, help="why; only staff see it")
    finishing = group.command("finish", "let a match end well, with a last talk", finish)
    finishing.add_argument("code", metavar="CODE", help="such as K03")
    finishing.add_argument("--reason", required=True, choices=[r.value for r in ClosureReason])
    reopening = group.command("reopen", "take back an end that was begun by mistake", reopen)
    reopening.add_argument("code", metavar="CODE", help="such as K03")
    reopening.add_argument("--reason", required=True, help="why; only staff see it")
    touching = group.command("touch", "note that one would like to keep in touch after it", touch)
    touching.add_argument("code", metavar="CODE", help="such as K03")
    touching.add_argument("--by", required=True, metavar="PERSON", help="who has said so: P05")


def pause(desk: Desk, args: Namespace) -> Reply:
    """Let one of the two rest. All matches of that person rest with it."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        person = _side_with_code(match, args.by).person
        rest = rest_match(
            session,
            match,
            person,
            days=args.days,
            actor=desk.actor,
            reason=reason,
            now=desk.now,
        )
        return Done(
            f"{person.code} rests until {spoken_date(rest.until)}, and {match.code} is"
            f" {match.state.value}. Tell {person.code} that they come back by themselves.",
            (("code", match.code), ("state", match.state.value), ("until", str(rest.until))),
        )


def _side_with_code(match: Match, code: str) -> MatchSide:
    sides = {side.person.code: side for side in match.sides}
    side = sides.get(code.strip().upper())
    if side is None:
        raise ProgrammeError(f"{code} is not in {match.code}: it is {' and '.join(sides)}.")
    return side


def resume(desk: Desk, args: Namespace) -> Reply:
    """Bring back whoever of the two is away, and wake the match."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        state = resume_match(session, match, actor=desk.actor, reason=reason, now=desk.now)
        return Done(
            f"{match.code} is {state.value} again, as before the pause.",
            (("code", match.code), ("state", state.value)),
        )


def finish(desk: Desk, args: Namespace) -> Reply:
    """Let a match end: both are asked for a last talk, and it is closed by the clock."""
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        begun = begin_closing(
            session,
            match,
            reason=ClosureReason(args.reason),
            actor=desk.actor,
            why=args.reason,
            now=desk.now,
        )
        if not begun:
            raise ProgrammeError(f"{match.code} is {match.state} already.")
        office = session.programme.office
        closes_at = closing_day(session, match.id) or desk.now
        return Done(
            f"{match.code} is closing: both are asked for a last talk, and it is closed on"
            f" {closes_at.astimezone(office):%a %Y-%m-%d} at the latest.",
            (
                ("code", match.code),
                ("state", match.state.value),
                ("closes at", Moment(closes_at, office)),
            ),
        )


def reopen(desk: Desk, args: Namespace) -> Reply:
    """Let a match that is closing go on as before. After it is closed nothing brings it back."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        state = reopen_match(session, match, actor=desk.actor, reason=reason, now=desk.now)
        return Done(
            f"{match.code} is {state.value} again, as before it began to close. Both are told.",
            (("code", match.code), ("state", state.value)),
        )


def touch(desk: Desk, args: Namespace) -> Reply:
    """Note what somebody has said to a person on the phone, as TOUCH does by text."""
    with desk.database().transaction() as session:
        match = match_with_code(session, args.code)
        side = _side_with_code(match, args.by)
        heard = note_for(session, side, actor=desk.actor, now=desk.now)
        return Done(FOR_STAFF[heard], (("code", match.code), ("heard", heard.value)))

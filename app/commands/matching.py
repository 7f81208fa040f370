"""`bridgeline match suggest, gaps, bar, unbar`: whom to bring together, and who fits nobody."""

from argparse import Namespace

from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Card, Done, Reply, Table
from mentoring.errors import ProgrammeError
from mentoring.matching.bars import lift_bar
from mentoring.matching.board import Board, read_board
from mentoring.matching.judged import Suggestions
from mentoring.models import BarReason
from mentoring.people import person_with_code
from mentoring.proposals.apart import keep_apart as keep_two_apart

_NOBODY_WAITS = "Nobody waits for a mentor."


def add_to(group: Menu) -> None:
    """Add the actions about whom to match."""
    suggest = group.command("suggest", "whom the plan picks for whom, and why", show_suggestions)
    suggest.add_argument("protege", metavar="PROTEGE", nargs="?", help="a code such as P04")
    group.command("gaps", "what mentors are missing, by those who fit nobody", show_gaps)
    bar = group.command("bar", "keep two from being suggested to each other", keep_apart)
    unbar = group.command("unbar", "let two be suggested to each other again", let_together)
    for command in (bar, unbar):
        command.add_argument("protege", metavar="PROTEGE", help="a code such as P05")
        command.add_argument("mentor", metavar="MENTOR", help="a code such as M06")
    bar.add_argument("--reason", required=True, choices=[each.value for each in BarReason])
    unbar.add_argument("--reason", required=True, help="why; it is kept in the audit log")


def show_suggestions(desk: Desk, args: Namespace) -> Reply:
    """Show the plan for all, or everything about one protege."""
    with desk.database().transaction() as session:
        if args.protege:
            code = person_with_code(session, args.protege).code
        board = read_board(session, now=desk.now)
    if not args.protege:
        return _plan(board)
    found = board.suggestions(code)
    if found is None:
        raise ProgrammeError(
            f"{code} does not wait for a mentor. `bridgeline match suggest` lists who does."
        )
    return _about(found)


def _plan(board: Board) -> Table:
    return Table(
        ("protege", "name", "days", "pick", "top"),
        [
            (
                *(each.code, each.name, each.days_waiting, board.plan.picks.get(each.code)),
                [f"{mentor} {score}" for mentor, score in board.plan.top[each.code]],
            )
            for each in board.pool.proteges
        ],
        empty=_NOBODY_WAITS,
        note="The plan is advice: nobody is matched until somebody of the staff opens a match.",
    )


def _about(found: Suggestions) -> Card:
    protege = found.protege
    everybody = (*found.top, *found.near_misses)
    return Card(
        (
            ("protege", protege.code),
            ("name", protege.name),
            ("days waiting", protege.days_waiting),
            ("bonus", found.bonus),
            ("pick", found.pick),
        ),
        (
            (
                "top",
                Table(
                    ("mentor", "name", "score", "told to the protege"),
                    [
                        (each.mentor.code, each.mentor.name, each.score, each.explanation.spoken)
                        for each in found.top
                    ],
                    empty="No mentor fits.",
                ),
            ),
            (
                "near misses",
                Table(
                    ("mentor", "name", "score", "fails", "why", "what would change it"),
                    [
                        (
                            *(each.mentor.code, each.mentor.name, each.score),
                            *(failed.id, failed.words, failed.change),
                        )
                        for each in found.near_misses
                        for failed in each.failed
                    ],
                    empty="Nobody comes near.",
                ),
            ),
            (
                "points",
                Table(
                    ("mentor", "part", "points", "of", "why"),
                    [
                        (each.mentor.code, part.title, part.points, part.most, part.words)
                        for each in everybody
                        for part in each.parts
                    ],
                    empty="There is nobody to give points to.",
                ),
            ),
        ),
    )


def show_gaps(desk: Desk, _args: Namespace) -> Reply:
    """Show what is missing: language, hours and topic of those who fit nobody."""
    with desk.database().transaction() as session:
        gaps = read_board(session, now=desk.now).gaps
    return Table(
        ("needed", "people", "longest", "proteges"),
        [(gap.needed, len(gap.codes), gap.longest, list(gap.codes)) for gap in gaps],
        empty="Whoever waits fits a mentor.",
    )


def keep_apart(desk: Desk, args: Namespace) -> Reply:
    """Tick that two people are not to be brought together."""
    reason = BarReason(args.reason)
    with desk.database().transaction() as session:
        protege = person_with_code(session, args.protege)
        mentor = person_with_code(session, args.mentor)
        keep_two_apart(session, protege, mentor, reason=reason, actor=desk.actor, now=desk.now)
        return Done(
            f"{protege.code} and {mentor.code} are not suggested to each other any more.",
            (("protege", protege.code), ("mentor", mentor.code), ("reason", reason.value)),
        )


def let_together(desk: Desk, args: Namespace) -> Reply:
    """Take a tick back."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        protege = person_with_code(session, args.protege)
        mentor = person_with_code(session, args.mentor)
        lift_bar(session, protege, mentor, reason=reason, actor=desk.actor, now=desk.now)
        return Done(
            f"{protege.code} and {mentor.code} may be suggested to each other again.",
            (("protege", protege.code), ("mentor", mentor.code)),
        )

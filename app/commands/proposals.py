"""`bridgeline match propose, proposals, withdraw`: asking both before there is a match."""

from argparse import Namespace

from app.commands.desk import Desk, reason_given
from app.commands.menu import Menu
from app.tables import Done, Moment, Reply, Table
from mentoring.people import person_with_code
from mentoring.proposals.proposing import OverrideReason, propose, withdraw_proposal
from mentoring.proposals.records import open_proposals, proposal_between
from mentoring.proposals.told import standings

# So many stand in the list; the page Matching has the same.
_SHOWN = 200


def add_to(group: Menu) -> None:
    """Add the actions about proposals."""
    proposing = group.command("propose", "ask a protege, then a mentor, for a match", propose_one)
    withdrawing = group.command("withdraw", "take an open proposal back", withdraw_one)
    for command in (proposing, withdrawing):
        command.add_argument("protege", metavar="PROTEGE", help="a code such as P05")
        command.add_argument("mentor", metavar="MENTOR", help="a code such as M06")
    proposing.add_argument(
        "--reason",
        choices=[each.value for each in OverrideReason],
        help="why this mentor and not whom the plan picks",
    )
    proposing.add_argument(
        "--draft", action="store_true", help="keep it for 7 days and ask nobody yet"
    )
    withdrawing.add_argument("--reason", required=True, help="why; only staff see it")
    group.command("proposals", "list the open proposals", list_open)


def propose_one(desk: Desk, args: Namespace) -> Reply:
    """Pick a mentor for a protege, and ask the protege first."""
    reason = OverrideReason(args.reason) if args.reason else None
    with desk.database().transaction() as session:
        protege = person_with_code(session, args.protege)
        mentor = person_with_code(session, args.mentor)
        proposal = propose(
            session,
            protege=protege,
            mentor=mentor,
            reason=reason,
            send=not args.draft,
            actor=desk.actor,
            now=desk.now,
        )
        said = f"{protege.code} is asked in their own hours. {mentor.code} is asked after a yes."
        if args.draft:
            said = "The draft is kept for 7 days. Nobody is asked yet."
        return Done(
            said,
            (
                ("protege", protege.code),
                ("mentor", mentor.code),
                ("state", proposal.state.value),
                ("score", proposal.score),
            ),
        )


def withdraw_one(desk: Desk, args: Namespace) -> Reply:
    """Take a proposal back; whoever was asked hears neutral words."""
    reason = reason_given(args.reason)
    with desk.database().transaction() as session:
        protege = person_with_code(session, args.protege)
        mentor = person_with_code(session, args.mentor)
        proposal = proposal_between(session, protege, mentor)
        withdraw_proposal(session, proposal, reason=reason, actor=desk.actor, now=desk.now)
        return Done(
            f"The proposal is withdrawn, and {protege.code} keeps their place.",
            (("protege", protege.code), ("mentor", mentor.code), ("state", proposal.state.value)),
        )


def list_open(desk: Desk, _args: Namespace) -> Reply:
    """List the open proposals, the oldest first."""
    with desk.database().transaction() as session:
        office = session.programme.office
        found = standings(session, list(open_proposals(session, limit=_SHOWN)))
        rows = [
            (
                *(each.proposal.protege.code, each.proposal.mentor.code, each.state),
                Moment(each.until, office) if each.until is not None else None,
                each.next_step,
            )
            for each in found
        ]
    return Table(
        ("protege", "mentor", "state", "runs out", "next step"),
        rows,
        empty="No proposal is open.",
    )

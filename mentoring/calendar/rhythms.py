"""How often two would like to talk: where their wishes are far apart, each hears both (O15).

They are asked once more before a plan is proposed. Staff have an alert about it and may help.
"""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.calendar.dues import call_off, plan
from mentoring.calendar.invitations import open_invitation
from mentoring.calendar.settling import OPEN, settle
from mentoring.db import Session
from mentoring.flows.plan import PLAN_RHYTHM
from mentoring.models import DueKind, Invitation, InvitationState, Match
from mentoring.oversight.rules import days

# The round of a DueKind.PLAN at which the plan is proposed whether or not both have said it again.
ANYWAY = 2
# All tries of the ladder are over by then, though they had to wait for a weekend.
_WAITED_FOR = days(10)


def ask_again(session: Session, match: Match, version: int, *, now: datetime) -> None:
    """Invite both to say once more how often they would like to talk."""
    for side in match.sides:
        open_invitation(
            session,
            PLAN_RHYTHM.name,
            match_id=match.id,
            person=side.person,
            number=version,
            at=now,
            now=now,
        )
    plan(
        session,
        DueKind.PLAN,
        at=now + _WAITED_FOR,
        key=f"plan:{match.id}:{version}:anyway",
        match_id=match.id,
        round_=ANYWAY,
        now=now,
    )


_ASKED_AGAIN = select(Invitation.state).where(
    Invitation.flow == PLAN_RHYTHM.name,
    Invitation.match_id == bindparam("match_id"),
    Invitation.number == bindparam("version"),
)


def asked_again(session: Session, match_id: int, version: int) -> list[InvitationState]:
    """Return how far each of the two is with saying it once more; none if they were not asked."""
    wanted = {"match_id": match_id, "version": version}
    return list(session.columns(_ASKED_AGAIN, wanted).scalars())


def is_awaited(states: list[InvitationState]) -> bool:
    """Tell whether one of the two has still to say it once more."""
    return any(state in OPEN for state in states)


def ask_no_more(session: Session, match_id: int, *, now: datetime) -> None:
    """A plan is proposed now: whoever has not said it again need not, and nothing waits for it."""
    said = "plan proposed"
    asked = Invitation.flow == PLAN_RHYTHM.name, Invitation.match_id == match_id
    settle(session, *asked, state=InvitationState.CANCELLED, outcome=said, now=now)
    call_off(session, match_id=match_id, kinds=(DueKind.PLAN,), outcome=said, now=now)

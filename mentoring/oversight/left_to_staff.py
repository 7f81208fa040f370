"""Whom the service leaves alone until staff have closed an alert about them (O6, O9).

What staff do themselves, what a partner does, and what answers somebody's own words goes on.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from mentoring.db import Session
from mentoring.models import Delivery, DeliveryKind, Invitation, StaffTask
from mentoring.optouts import confirms_opt_out
from mentoring.oversight.rules import RULES, Pauses

# What waits for an O9 waits for an O6 as well.
_PAUSED_BY = {
    Pauses.CHECK_INS: [name for name, rule in RULES.items() if rule.pauses is not None],
    Pauses.AUTOMATED: [name for name, rule in RULES.items() if rule.pauses is Pauses.AUTOMATED],
}
# Staff brought these questions about: a proposal that they sent, a worry of which they tell.
BY_STAFF = ("proposal_protege", "proposal_mentor", "match_news", "first_talk", "concern_outcome")
# A partner has called, spoken or cried for help, or staff have opened a match.
_FROM_SOMEBODY = (
    *("T-CL2", "T-CL2N", "T-CL3", "T-CL3N", "T-CL3W", "T-CL3WN", "T-X2"),
    *("T-MP3", "T-MP3F", "T-MP3S", "T-R1", "T-R1N"),
)

# Each text and each person is asked about here, so the statements are made once.
_LEFT = select(StaffTask.person_id).where(
    StaffTask.rule.in_(bindparam("rules", expanding=True)),
    StaffTask.done_at.is_(None),
    StaffTask.person_id.in_(bindparam("person_ids", expanding=True)),
)
_BY_STAFF = select(Invitation.id).where(
    Invitation.id.in_(bindparam("asked", expanding=True)), Invitation.flow.in_(BY_STAFF)
)


def left_to_staff(session: Session, person_ids: Collection[int], what: Pauses) -> set[int]:
    """Return those of the people whom the service sends none of these until staff have seen to."""
    if not person_ids:
        return set()
    wanted = {"rules": _PAUSED_BY[what], "person_ids": list(person_ids)}
    found = session.columns(_LEFT, wanted).scalars()
    return {person_id for person_id in found if person_id is not None}


def texts_left_to_staff(session: Session, rows: Sequence[Delivery]) -> set[int]:
    """Return those of the texts that wait until staff have closed an alert, by their id."""
    automated = [row for row in rows if _is_automated(row)]
    people = {row.to_person_id for row in automated if row.to_person_id is not None}
    left = left_to_staff(session, people, Pauses.AUTOMATED)
    waiting = [row for row in automated if row.to_person_id in left]
    if not waiting:
        return set()
    asked = {row.invitation_id for row in waiting if row.invitation_id is not None}
    by_staff = set(session.columns(_BY_STAFF, {"asked": list(asked)}).scalars()) if asked else set()
    return {row.id for row in waiting if row.invitation_id not in by_staff}


def _is_automated(row: Delivery) -> bool:
    """Tell whether the service sends a text by itself, and not for somebody else or as an answer.

    A note that staff have typed has neither a prompt nor an invitation.
    """
    if row.kind is not DeliveryKind.NOTICE or confirms_opt_out(row.prompt):
        return False
    return row.invitation_id is not None or (
        row.prompt is not None and row.prompt not in _FROM_SOMEBODY
    )

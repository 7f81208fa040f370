"""Keeping two apart: a proposal of the two that is open is off at that very moment."""

from datetime import datetime

from mentoring.db import Session
from mentoring.matching.bars import bar_pair
from mentoring.models import BarReason, Person
from mentoring.proposals.proposing import withdraw_proposal
from mentoring.proposals.records import open_proposal_of


def keep_apart(
    session: Session,
    protege: Person,
    mentor: Person,
    *,
    reason: BarReason,
    actor: str,
    now: datetime,
) -> None:
    """Tick that two are not to be brought together; raises ProgrammeError with a sentence.

    Whoever of them was asked about the other hears in neutral words that it is off.
    """
    bar_pair(session, protege, mentor, reason=reason, actor=actor, now=now)
    proposal = open_proposal_of(session, protege)
    if proposal is not None and proposal.mentor_id == mentor.id:
        why = "the two are kept apart"
        withdraw_proposal(session, proposal, reason=why, actor=actor, now=now)

"""A proposal of the fictional programme: asked and reminded, and not answered yet."""

from datetime import datetime

from sqlalchemy import select

from app.seed_story import Story
from mentoring.calendar.ladders import LADDERS
from mentoring.conversations import begin
from mentoring.models import Channel, Due, Invitation, Person
from mentoring.proposals.proposing import OverrideReason, propose
from mentoring.proposals.records import FLOW_OF

# The tries that lie behind: the question and the first reminder.
_TRIES = 2


def propose_to(story: Story, protege: Person, mentor: Person, at: datetime) -> None:
    """Let staff propose a mentor, and the protege be asked by text at that very moment."""
    session = story.session
    proposal = propose(
        session,
        protege=protege,
        mentor=mentor,
        reason=OverrideReason.KNOWS_PERSON,
        actor=story.coordinator,
        now=at,
    )
    begin(
        session,
        FLOW_OF[protege.role],
        channel=Channel.TEXT,
        phone=protege.phone,
        person=protege,
        call_sid=None,
        now=at,
    )
    session.flush()
    invitation = session.get_one(Invitation, proposal.protege_invitation_id)
    due = session.scalars(select(Due).where(Due.invitation_id == invitation.id)).one()
    due.round, due.dedupe_key = _TRIES + 1, f"invite:{invitation.id}:{_TRIES + 1}"
    due.due_at = at + LADDERS[invitation.flow].rungs[_TRIES].after

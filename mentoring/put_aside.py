"""An open question that makes room on its phone for another one, and comes back for whom it was.

A phone has one open question (A23). It makes room while a worry is told, and where several use the
phone and another one of them writes (S9). Nothing that was answered is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import defer

from mentoring.calendar.ladders import LASTING
from mentoring.conversation_queries import leave
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Invitation,
    InvitationState,
    Person,
)

# What a conversation keeps that has made room.
ASIDE = "aside"
# A late answer to what was given up by us counts as well; what is over asks nothing more.
_MAY_BE_ANSWERED = (InvitationState.ASKED, InvitationState.LAPSED)


def set_aside(session: Session, other: Conversation, *, now: datetime) -> None:
    """Let an open question make room; it comes back where it stood."""
    touched_at = other.touched_at
    leave(other, now=now)
    other.touched_at, other.effect = touched_at, ASIDE
    session.flush()


def make_room(session: Session, other: Conversation, *, now: datetime) -> None:
    """Let whatever is open give way to somebody else: questions come back, a menu begins anew."""
    if other.flow in LASTING:
        set_aside(session, other, now=now)
        return
    leave(other, now=now)
    session.flush()


@dataclass(frozen=True)
class Beside:
    """What a phone has beside the present conversation: the open question, and what made room."""

    open: Conversation | None
    aside: Sequence[Conversation]

    def aside_of(self, person: Person | None) -> Conversation | None:
        """Return what made room of one person's; without one, of somebody who has no name yet."""
        if person is None:
            return next((each for each in self.aside if is_of_nobody_named(each)), None)
        return next((each for each in self.aside if each.person_id == person.id), None)


def is_of_nobody_named(question: Conversation) -> bool:
    """Tell whether a question is for somebody whose name we do not know so far."""
    return question.person is None or not question.person.first_name


_BESIDE = (
    select(Conversation)
    .outerjoin(Invitation, Invitation.id == Conversation.invitation_id)
    .where(
        Conversation.phone_id == bindparam("phone_id"),
        Conversation.id != bindparam("present_id"),
        or_(
            and_(
                Conversation.status == ConversationStatus.OPEN,
                Conversation.lasting.is_(True),
            ),
            and_(
                Conversation.status == ConversationStatus.LEFT,
                # In the very words of the index, or it would not be used.
                Conversation.effect == literal_column(f"'{ASIDE}'"),
                # Where an older one stood is forgotten by now.
                Conversation.touched_at > bindparam("since"),
                Conversation.state_sealed != FORGOTTEN,
                or_(Invitation.id.is_(None), Invitation.state.in_(_MAY_BE_ANSWERED)),
            ),
        ),
    )
    .order_by(Conversation.touched_at.desc(), Conversation.id.desc())
    .options(defer(Conversation.spoken_sealed))
)


def questions_beside(session: Session, present: Conversation, *, now: datetime) -> Beside:
    """Look up what else the phone of a conversation has."""
    if present.phone_id is None:
        return Beside(None, ())
    since = now - timedelta(days=session.programme.resume_days)
    wanted = {"phone_id": present.phone_id, "present_id": present.id or 0, "since": since}
    found = session.scalars(_BESIDE, wanted).all()
    waiting = [each for each in found if each.status is ConversationStatus.OPEN]
    aside = [each for each in found if each.status is ConversationStatus.LEFT]
    return Beside(waiting[0] if waiting else None, aside)

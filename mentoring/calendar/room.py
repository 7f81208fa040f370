"""Whether a phone has room for a question of ours: one is open there at a time (A23)."""

from datetime import datetime, timedelta

from mentoring.calendar.asking_hours import is_asked_once, is_past
from mentoring.calendar.invitees import Batch, Invitee, is_same_question
from mentoring.calendar.ladders import LADDERS, LASTING, Ladder
from mentoring.calendar.settling import ANSWERING
from mentoring.conversation_queries import leave
from mentoring.models import Conversation
from mentoring.people import reads_alone

# What somebody opened by themselves and left open by text, such as a menu or FINISH, gives way to a
# question of ours after a while; an enrolment never does.
_IS_LEFT_AFTER = timedelta(hours=1)
_IS_HALF_TOLD_AFTER = timedelta(days=1)


def is_free_for(batch: Batch, one: Invitee) -> bool:
    """Tell whether a phone has no other open question; one that has ended makes room."""
    other = batch.question_on(one)
    if other is None or other.invitation_id == one.invitation.id:
        return True
    if is_same_question(other, one):
        # They began by themselves, before we asked.
        other.invitation_id = one.invitation.id
        return True
    is_own = other.flow not in LASTING
    idle = batch.now - other.touched_at
    makes_room = (
        (_has_ended(batch, other) and idle >= ANSWERING)
        or other.flow in LADDERS[one.invitation.flow].goes_before
        # Staff have had a worry since its first word; half told, it stops no other question.
        or (other.flow == "concern" and idle > _IS_HALF_TOLD_AFTER)
        or (is_own and idle > _IS_LEFT_AFTER)
    )
    return makes_room and _leave(batch, other, one)


def free_soon(batch: Batch, one: Invitee) -> datetime | None:
    """Return when a question makes room that has ended but may be answered just now, if one may."""
    other = batch.question_on(one)
    if other is None or not _has_ended(batch, other):
        return None
    return other.touched_at + ANSWERING


def steps_aside(batch: Batch, one: Invitee, ladder: Ladder) -> bool:
    """Let questions of ours make room for what cannot wait, where no text may tell of it.

    They come again with their next try; one that has none keeps its place.
    """
    other = batch.question_on(one)
    rests = other is not None and batch.now - other.touched_at > _IS_LEFT_AFTER
    if other is None or other.invitation_id is None or not rests or is_asked_once(other.flow):
        return False
    is_told = one.reach.texts and reads_alone(one.person, one.person.phone)
    return ladder.by_the_clock and not is_told and _leave(batch, other, one)


def _has_ended(batch: Batch, other: Conversation) -> bool:
    """Tell whether nobody waits for the answer to a question any more."""
    settled = other.invitation_id is not None and other.invitation_id in batch.settled
    return settled or is_past(other.flow, other.person)


def _leave(batch: Batch, other: Conversation, one: Invitee) -> bool:
    leave(other, now=batch.now)
    batch.session.flush()
    del batch.questions[one.person.phone_id]
    return True

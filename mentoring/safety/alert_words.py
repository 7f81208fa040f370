"""The words behind an alert: what somebody wrote or said while it was open, opened for a reason.

What was told in a worry, or in danger, stands behind that alert alone: another one about the same
person, such as a wish for a call, is opened by many more of the staff (S11).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from mentoring.audit import write_look
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Conversation,
    Person,
    Purpose,
    Recording,
    RecordingState,
    StaffTask,
)
from mentoring.oversight.rules import CONCERNS

# The question that is answered with what worries somebody, in their own words.
WORRY = "WORRY"
# How the audit log calls a look at these words, with the number of the alert after it.
LOOKED = "read words of alert"


def has_words(session: Session, alert: StaffTask) -> bool:
    """Tell whether words of somebody are kept with an alert. It opens none of them."""
    kept = or_(*(each.exists() for each in _kept_with(alert)))
    return bool(session.scalar(select(kept)))


def read_words(
    session: Session, alert: StaffTask, *, reason: str, actor: str, now: datetime
) -> list[tuple[datetime, str]]:
    """Open the words behind an alert for staff; the look is kept, where known on their page (S11).

    Returns when each was told (UTC) and the words, oldest first.
    """
    person = session.get(Person, alert.person_id) if alert.person_id is not None else None
    write_look(
        session,
        person,
        f"{LOOKED} {alert.id}",
        otherwise=("alert", str(alert.id)),
        actor=actor,
        reason=reason,
        now=now,
    )
    return words_told(session, alert)


def words_told(session: Session, alert: StaffTask) -> list[tuple[datetime, str]]:
    """Open what somebody wrote or said while an alert about them was open, oldest first."""
    told = [
        (each.at if isinstance(each, Answer) else each.made_at, _opened(session, each))
        for chosen in _kept_with(alert)
        for each in session.scalars(chosen)
    ]
    return sorted(told, key=lambda one: one[0])


def _kept_with(alert: StaffTask) -> Sequence[Select[Recording] | Select[Answer]]:
    if alert.rule in CONCERNS:
        return _messages(alert), _worries(alert)
    return (_messages(alert).where(~is_of_a_worry()),)


def is_of_a_worry() -> ColumnElement[bool]:
    """Return the condition that a message was told in a worry, or danger, and to no other alert."""
    of_worry = StaffTask.rule.in_(CONCERNS)
    carries = StaffTask.recording_id == Recording.id
    was_open = and_(
        StaffTask.person_id == Recording.from_person_id,
        StaffTask.opened_at <= Recording.made_at,
        or_(StaffTask.done_at.is_(None), StaffTask.done_at >= Recording.made_at),
    )
    return or_(
        exists().where(of_worry, carries),
        and_(exists().where(of_worry, was_open), ~exists().where(~of_worry, carries)),
    )


def _opened(session: Session, kept: Recording | Answer) -> str:
    return session.vault.open(kept.words_sealed or b"", place=kept.place("words_sealed"))


def _messages(alert: StaffTask) -> Select[Recording]:
    """Choose what is kept as a message: texts of a crisis, and what was said on the phone."""
    meanwhile = _while_open(alert, Recording.from_person_id == alert.person_id, Recording.made_at)
    return (
        select(Recording)
        .where(
            Recording.purpose == Purpose.MESSAGE,
            Recording.state == RecordingState.WRITTEN,
            Recording.words_sealed.is_not(None),
            or_(Recording.id == alert.recording_id, meanwhile),
        )
        .order_by(Recording.id)
    )


def _worries(alert: StaffTask) -> Select[Answer]:
    """Choose what was answered by text when we asked what worries them."""
    if alert.person_id is not None:
        theirs = Conversation.person_id == alert.person_id
    else:
        theirs = Conversation.phone_id == alert.phone_id
    return (
        select(Answer)
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(
            Answer.question == WORRY,
            Answer.words_sealed.is_not(None),
            _while_open(alert, theirs, Answer.at),
        )
        .order_by(Answer.id)
    )


def _while_open(
    alert: StaffTask,
    theirs: ColumnElement[bool],
    at: InstrumentedAttribute[datetime],
) -> ColumnElement[bool]:
    meanwhile = and_(theirs, at >= alert.opened_at)
    return meanwhile if alert.done_at is None else and_(meanwhile, at <= alert.done_at)

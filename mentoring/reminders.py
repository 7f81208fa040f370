"""Asking again, because we said so: one text about a question that somebody put off.

It waits in the outbox like any text, and is judged once more when it is due: whoever has answered
meanwhile, or has put the question off anew, is not asked, nor anybody whose match rests by then.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update

from mentoring.calendar.asking_hours import rests_with_match
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.clock import zone_named
from mentoring.consents import may_be_texted
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import write
from mentoring.lines import main_line
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Invitation,
    InvitationState,
    Match,
)
from mentoring.people import reads_alone
from mentoring.put_aside import ASIDE
from mentoring.queueing import queue_text
from mentoring.wording import language_for, params_for

REMINDER = "T-REMIND"
_ANSWERED, _RESTS = "answered meanwhile", "the match rests"


def ask_again_in(
    session: Session,
    conversation: Conversation,
    wait: timedelta,
    *,
    question: str = "",
    now: datetime,
) -> bool:
    """Queue one reminder of an open question; False when it could not be sent, so never promise it.

    `question` is the question as texted, or empty where it was not asked by text yet. It is left
    out as well where others may read it (S8, S9).
    """
    phone, person = conversation.phone, conversation.person
    if phone is None or person is None or not _may_be_reminded(session, conversation):
        return False
    _forget_reminders(session, conversation, now=now)
    params = params_for(session, phone=phone, person=person, now=now)
    words = write(
        REMINDER, catalog=catalog_for(session, person), language=language_for(person), params=params
    )
    made = queue_text(
        session,
        f"{words} {question}".strip() if reads_alone(person, phone) else words,
        to=phone,
        line=main_line(session),
        kind=DeliveryKind.NOTICE,
        dedupe_key=f"{_key(conversation)}{conversation.turn}:{now.isoformat()}",
        person=person,
        prompt=REMINDER,
        not_before=now + wait,
        now=now,
    )
    return made is not None


def _may_be_reminded(session: Session, conversation: Conversation) -> bool:
    """Tell whether the gate will let a reminder pass: consent, a phone for texts, and a zone."""
    phone, person = conversation.phone, conversation.person
    if phone is None or person is None or person.safe_contact == 3:
        return False
    return zone_named(person.zone) is not None and may_be_texted(session, person)


def _key(conversation: Conversation) -> str:
    return f"remind:{conversation.key.hex}:"


def _forget_reminders(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Only the newest promise about a question counts."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.dedupe_key.startswith(_key(conversation)),
            Delivery.status == DeliveryStatus.QUEUED,
        )
        .values(status=DeliveryStatus.EXPIRED, settled_at=now)
    )


_INVITATION = select(Invitation.state).where(Invitation.id == bindparam("invitation_id"))
_QUESTION = (
    select(
        Conversation.status,
        Conversation.effect,
        Conversation.touched_at,
        Conversation.flow,
        Match.state,
        ONE_IS_OUT,
    )
    .outerjoin(Match, Match.id == Conversation.match_id)
    .where(Conversation.key == bindparam("key"))
)


def why_needless(session: Session, row: Delivery) -> str:
    """Say why a text that is due is about a question that waits no longer; empty when it waits."""
    if row.invitation_id is not None:
        asked = session.columns(_INVITATION, {"invitation_id": row.invitation_id})
        return _ANSWERED if asked.scalar_one() is not InvitationState.ASKED else ""
    if row.prompt != REMINDER:
        return ""
    key = UUID(row.dedupe_key.split(":")[1])
    waiting = session.columns(_QUESTION, {"key": key}).first()
    if waiting is None:
        return _ANSWERED
    status, effect, touched_at, flow, match_state, one_is_out = waiting
    is_open = status is ConversationStatus.OPEN or effect == ASIDE
    # Every answer, by text or by phone, touches the conversation.
    if not is_open or touched_at > row.created_at:
        return _ANSWERED
    return _RESTS if rests_with_match(flow, match_state, one_is_out=one_is_out) else ""

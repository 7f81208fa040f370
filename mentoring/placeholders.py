"""What fills the placeholders of a conversation: the partner's name, and what its flow is about."""

from collections.abc import Callable, Mapping
from datetime import datetime

from mentoring.clock import spoken_day
from mentoring.db import Session
from mentoring.facts import partner_in
from mentoring.models import Conversation, Recording
from mentoring.notes import count_waiting
from mentoring.wording import Params, likely_zone, params_for

Maker = Callable[[Session, Conversation, datetime], str]


def params_in(session: Session, conversation: Conversation | None, *, now: datetime) -> Params:
    """Return the placeholders for prompts in a conversation; each is looked up when it is named."""
    if conversation is None:
        return params_for(session, phone=None, person=None, now=now)
    base = params_for(session, phone=conversation.phone, person=conversation.person, now=now)
    makers = {"mentor": _partner_name, **_MAKERS.get(conversation.flow, {})}
    return base.later(
        **{name: _bound(maker, session, conversation, now) for name, maker in makers.items()}
    )


def _bound(
    maker: Maker, session: Session, conversation: Conversation, now: datetime
) -> Callable[[], str]:
    return lambda: maker(session, conversation, now)


def _partner_name(session: Session, conversation: Conversation, _now: datetime) -> str:
    partner = partner_in(session, conversation)
    return partner.name if partner else session.programme.staff_name


def _note_day(session: Session, conversation: Conversation, now: datetime) -> str:
    """Return the day on which the note in question was left, at the listener's place."""
    note = session.get(Recording, conversation.recording_id or 0)
    zone = likely_zone(session, conversation.phone, conversation.person)
    return spoken_day(note.made_at if note else now, zone)


def _notes_waiting(session: Session, conversation: Conversation, _now: datetime) -> str:
    person_id = conversation.person_id
    return str(count_waiting(session, person_id) if person_id is not None else 0)


_MAKERS: Mapping[str, Mapping[str, Maker]] = {
    "play_notes": {"day": _note_day, "n": _notes_waiting},
}

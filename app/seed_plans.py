"""What the pairs of the fictional programme have agreed on, and one pair who could not agree."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from app.seed_story import Story
from mentoring.crypto import FORGOTTEN
from mentoring.models import (
    Answer,
    Channel,
    Conversation,
    ConversationStatus,
    Mode,
    Person,
    Plan,
)

# Days after the opening: when both sides are asked about a plan, and when they have agreed.
_ASKED_AFTER, _AGREED_AFTER = 4, 6
_USUAL = "two_weeks"


def plan_agreement(story: Story, row: Mapping[str, Any]) -> None:
    """Plan what a pair agrees on. `wishes` are two answers to GP3 from which no plan came."""
    pair = (row["protege"], row["mentor"])
    if row["opened"] - row.get("closed", 0) <= _AGREED_AFTER or not row.get("reached", True):
        return
    if "wishes" in row:
        for code, wish in zip(pair, row["wishes"], strict=True):
            at = story.ago(row["opened"] - _ASKED_AFTER)
            story.then(at, partial(_wish, story, pair, code, wish))
        return
    rhythm = row.get("rhythm", _USUAL)
    story.then(story.ago(row["opened"] - _AGREED_AFTER), partial(_agree, story, pair, rhythm))


def _agree(story: Story, pair: tuple[str, str], rhythm: str, at: datetime) -> None:
    story.session.add(
        Plan(
            match_id=story.matches[pair].id,
            version=1,
            rhythm=rhythm,
            slot="tue 16:00",
            zone=story.people[pair[0]].zone or "",
            reply="two_days",
            proposed_at=at - timedelta(days=1),
            protege_agreed_at=at,
            mentor_agreed_at=at,
        )
    )


def _wish(story: Story, pair: tuple[str, str], code: str, wish: str, at: datetime) -> None:
    """Write down one side's answer to how often they want to talk."""
    person = story.people[code]
    conversation = _asked(story, pair, person, at)
    story.session.add(
        Answer(
            conversation_id=conversation.id,
            person_id=person.id,
            question="GP3",
            prompt_version=1,
            turn=1,
            value=wish,
            channel=conversation.channel,
            at=at,
        )
    )


def _asked(story: Story, pair: tuple[str, str], person: Person, at: datetime) -> Conversation:
    by_text = person.mode is Mode.TEXT
    conversation = Conversation(
        key=uuid4(),
        phone_id=person.phone_id,
        person_id=person.id,
        flow="plan",
        state_sealed=FORGOTTEN,
        lasting=False,
        status=ConversationStatus.FINISHED,
        channel=Channel.TEXT if by_text else Channel.VOICE,
        match_id=story.matches[pair].id,
        turn=1,
        started_at=at,
        touched_at=at,
    )
    story.session.add(conversation)
    story.session.flush()
    return conversation

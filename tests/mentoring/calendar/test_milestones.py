"""The decision table: each of the 25 pairs of answers leads where it says, whoever answers how."""

from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import select

from mentoring.calendar.milestones import (
    CHOICES,
    MATRIX,
    NO_ANSWER,
    Act,
    decide,
    decision_key,
    open_milestone,
)
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Channel,
    Conversation,
    ConversationStatus,
    Due,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    MatchState,
    StaffTask,
)
from tests.make import NOW, make_lines, make_match

DAY = 90
CLOSING = {
    *(("finish", "keep"), ("finish", "change"), ("finish", "finish")),
    *(("finish", "none"), ("none", "finish")),
}
# Within how many working days staff call both; nothing else in the table asks for staff.
STAFF_DAYS = {
    **dict.fromkeys([("keep", "change"), ("change", "keep"), ("change", "change")], 5),
    **dict.fromkeys([("keep", "finish"), ("change", "finish"), ("finish", "staff")], 2),
    **dict.fromkeys([("keep", "staff"), ("change", "staff"), ("none", "staff")], 2),
    **dict.fromkeys([("staff", other) for other in CHOICES], 2),
    **dict.fromkeys([("finish", "none"), ("none", "finish"), ("change", "none")], 5),
    **dict.fromkeys([("none", "keep"), ("none", "change")], 5),
    ("keep", "none"): 10,
}


def test_the_table_has_every_pair_of_answers() -> None:
    assert set(MATRIX) == set(product(CHOICES, CHOICES))
    assert len(MATRIX) == 25


@pytest.mark.parametrize(("protege", "mentor"), sorted(MATRIX))
def test_each_pair_of_answers_leads_where_the_table_says(
    session: Session, protege: str, mentor: str
) -> None:
    make_lines(session)
    match = make_match(session)
    open_milestone(session, match, DAY, now=NOW)
    for side, choice in zip(match.sides, (protege, mentor), strict=True):
        answer(session, match, side, choice)
    due = session.scalars(select(Due).where(Due.dedupe_key == decision_key(match.id, DAY))).one()

    decide(session, [due], NOW)

    session.flush()
    assert (due.outcome, due.done_at) == (f"{protege} / {mentor}", NOW)
    assert (match.state is MatchState.CLOSING) == ((protege, mentor) in CLOSING)
    tasks = session.scalars(select(StaffTask).where(StaffTask.rule == "milestone")).all()
    assert len(tasks) == int((protege, mentor) in STAFF_DAYS)
    for task in tasks:
        days = STAFF_DAYS[protege, mentor]
        assert task.due_at == session.programme.add_working_days(NOW, days)
    plans = session.scalars(select(Invitation).where(Invitation.flow == "plan")).all()
    asked_anew = any(step.act is Act.NEW_PLAN for step in MATRIX[protege, mentor])
    assert bool(plans) == asked_anew


def answer(session: Session, match: Match, side: MatchSide, choice: str) -> None:
    """Let one side answer the last of the questions, or none of them."""
    invitation = session.scalars(
        select(Invitation).where(
            Invitation.flow == "milestone", Invitation.person_id == side.person_id
        )
    ).one()
    if choice == NO_ANSWER:
        invitation.state = InvitationState.LAPSED
        return
    invitation.state = InvitationState.ANSWERED
    conversation = Conversation(
        key=uuid4(),
        phone_id=side.phone_id,
        person_id=side.person_id,
        flow="milestone",
        state_sealed=b"",
        lasting=True,
        status=ConversationStatus.FINISHED,
        channel=Channel.TEXT,
        match_id=match.id,
        invitation_id=invitation.id,
        turn=5,
        started_at=NOW,
        touched_at=NOW,
    )
    session.add(conversation)
    session.flush()
    session.add(
        Answer(
            key=uuid4(),
            conversation_id=conversation.id,
            person_id=side.person_id,
            question="MS4",
            prompt_version=1,
            turn=4,
            value=choice,
            channel=Channel.TEXT,
            at=NOW,
        )
    )

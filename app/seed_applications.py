"""How the people of the fictional programme were screened, taught, and taken on."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.seed_story import Story
from mentoring.applications.checklist import ORIENTATION_TALK, SCREENING_TALK
from mentoring.applications.orientation import FLOW_OF, LESSONS_OF
from mentoring.applications.screening import (
    add_reference,
    decide,
    note_talk,
    reference_answered,
    tick,
)
from mentoring.calendar.ladders import LADDERS
from mentoring.conversations import begin, take
from mentoring.db import Session
from mentoring.flows.inputs import Input, Keys, Text
from mentoring.models import (
    Channel,
    Conversation,
    DecisionOutcome,
    DecisionReason,
    Due,
    How,
    Invitation,
    InvitationState,
    Mode,
    Person,
    Role,
    Verdict,
)

# Two people who know each mentor; the numbers are reserved for fiction.
_REFERENCES = (("Mia", "515 555 0188"), ("Tom", "515 555 0189"))
# Lena has stopped before her third lesson.
_LESSONS_BEFORE_A_BREAK = 2
_AN_ANSWER = timedelta(seconds=45)


def name_references(
    session: Session, person: Person, *, answered: int, actor: str, at: datetime
) -> None:
    """Write down who knows a mentor, and let some of them answer."""
    for place, (name, number) in enumerate(_REFERENCES):
        reference = add_reference(
            session,
            person,
            name=name,
            number=number,
            agreed="Told the mentor that we may call.",
            actor=actor,
            now=at,
        )
        if place < answered:
            reference_answered(
                session,
                person,
                reference.id,
                verdict=Verdict.GOOD,
                words="Patient and reliable.",
                actor=actor,
                now=at,
            )


def find_eligible(session: Session, person: Person, *, actor: str, at: datetime) -> None:
    """Hold the talk, hear the references of a mentor, and decide."""
    if person.role is Role.MENTOR:
        name_references(session, person, answered=len(_REFERENCES), actor=actor, at=at)
    hold_talk(session, person, SCREENING_TALK, actor=actor, at=at)
    likes = {"motive": "give_back"} if person.role is Role.MENTOR else {}
    note_talk(
        session,
        person,
        {**likes, "advice": "either", "planning": "plan", "pace": "brief"},
        actor=actor,
        now=at,
    )
    decide(
        session,
        person,
        outcome=DecisionOutcome.ELIGIBLE,
        reason=DecisionReason.FITS,
        words="",
        actor=actor,
        now=at,
    )


def hold_talk(session: Session, person: Person, item: str, *, actor: str, at: datetime) -> None:
    """Write down that staff and somebody have talked."""
    tick(
        session,
        person,
        item,
        held_on=at.astimezone(session.programme.office).date(),
        how=How.TEXT if person.mode is Mode.TEXT else How.CALL,
        words="",
        actor=actor,
        now=at,
    )


def begin_lessons(story: Story, person: Person, at: datetime) -> None:
    """Let somebody do the first lessons and stop there, asked and reminded as it is due."""
    invitation = story.session.scalars(
        select(Invitation).where(Invitation.person_id == person.id)
    ).one()
    invitation.state, invitation.asked_at = InvitationState.ASKED, invitation.due_at
    due = story.session.scalars(select(Due).where(Due.invitation_id == invitation.id)).one()
    last = len(LADDERS[invitation.flow].rungs)
    due.round, due.dedupe_key = last, f"invite:{invitation.id}:{last}"
    due.due_at = invitation.due_at + LADDERS[invitation.flow].rungs[-1].after
    conversation = _learn(story, person, at, lessons=_LESSONS_BEFORE_A_BREAK)
    conversation.invitation_id = invitation.id


def finish_lessons(story: Story, person: Person, at: datetime) -> None:
    """Let somebody do all lessons and promise; a mentor has talked with staff before."""
    if person.role is Role.MENTOR:
        talk, actor = ORIENTATION_TALK, story.coordinator
        hold_talk(story.session, person, talk, actor=actor, at=at)
    _learn(story, person, at, lessons=len(LESSONS_OF[person.role]))


def _learn(story: Story, person: Person, at: datetime, *, lessons: int) -> Conversation:
    """Let somebody answer, the last time at that moment: their next state is counted from it."""
    by_text = person.mode is Mode.TEXT
    sid = story.sid("SM" if by_text else "CA")
    taught = LESSONS_OF[person.role]
    right = [lesson.answers.index(lesson.right) + 1 for lesson in taught[:lessons]]
    promise = [1] if lessons == len(taught) else []
    given_keys = [1, *right, *promise]
    conversation = begin(
        story.session,
        FLOW_OF[person.role],
        channel=Channel.TEXT if by_text else Channel.VOICE,
        phone=person.phone,
        person=person,
        call_sid=None if by_text else sid,
        now=at - len(given_keys) * _AN_ANSWER,
    ).conversation
    for place, key in enumerate(given_keys, start=1):
        given: Input = Text(str(key)) if by_text else Keys(str(key))
        proof = story.sid("SM") if by_text else sid
        then = at - (len(given_keys) - place) * _AN_ANSWER
        take(story.session, conversation, given, proof=proof, now=then)
    return conversation

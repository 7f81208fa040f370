"""Interest that people leave before the programme is live, and the invitation that follows it (Q3).

They are leads: nothing automated reaches them but the one text or call that they agreed to.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, update

from mentoring.calendar.answered import after_questions
from mentoring.calendar.invitations import open_invitations
from mentoring.consents import (
    BEGIN,
    INTEREST_PART,
    INTEREST_VERSION,
    agreed_to,
    has_agreed,
    record_consent,
)
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.enrollment import begin_as
from mentoring.errors import ProgrammeError
from mentoring.facts import language_of
from mentoring.flows.interest import INTEREST, INTEREST_KEPT, INTEREST_NAME
from mentoring.models import (
    Answer,
    Channel,
    Consent,
    Conversation,
    ConversationStatus,
    Invitation,
    Mode,
    Person,
    PersonState,
    Phone,
    Role,
    StaffTask,
)
from mentoring.people import JOINS_ANEW, add_person, move_person, number_of, person_before
from mentoring.phone import zones_of
from mentoring.rows import change_row
from mentoring.tasks import end_task

REASON = "interest"
TAKEN_BACK = "interest taken back"
# So many are invited by one press, so that no page takes long.
MOST_AT_ONCE = 500


def early_flow(session: Session, phone: Phone | None) -> str:
    """Return what somebody hears before the programme is live.

    A hidden number can leave nothing, and whoever is with us already has nothing to leave.
    """
    if phone is None or any(each.state not in JOINS_ANEW for each in phone.people):
        return "not_started"
    return INTEREST.name if interested(session, phone) is None else INTEREST_KEPT.name


def interested(session: Session, phone: Phone) -> Person | None:
    """Return who has left their interest from a phone, if anybody has."""
    leads = [person for person in phone.people if person.state is PersonState.LEAD]
    return leads[-1] if leads and has_agreed(session, leads[-1], INTEREST_PART) else None


def after_interest(ended: Ended) -> Sequel:
    """They agreed to hear when it starts, and are a lead from now on; or they left nothing."""
    if ended.outcome != "agreed":
        return Sequel(effect=Goodbye())
    _keep(ended.session, ended.conversation, Role(ended.answers["INT"]), now=ended.now)
    return Sequel(flow=INTEREST_NAME.name)


def _keep(session: Session, conversation: Conversation, role: Role, *, now: datetime) -> None:
    phone = conversation.phone
    if phone is None:
        raise ValueError("Without a number nobody can leave their interest.")
    person, language = person_before(phone, role), language_of(conversation)
    if person is None:
        person = add_person(session, role=role, phone=phone, actor="caller", reason=REASON, now=now)
    else:
        move_person(session, person, PersonState.LEAD, actor=person.code, reason=REASON, now=now)
    zones = zones_of(number_of(session, phone))
    by_text = conversation.channel is Channel.TEXT
    change_row(
        session,
        person,
        language=language,
        # They came by it, so they are reached by it until they are asked.
        mode=Mode.TEXT if by_text else Mode.VOICE,
        # Where the prefix leaves more than one zone open, staff are asked before anything is sent.
        zone=person.zone or (zones[0] if len(zones) == 1 else None),
    )
    conversation.person = person
    conversation.person_id = person.id
    given = Consent.conversation_id == conversation.id, Consent.part == INTEREST_PART
    session.execute(update(Consent).where(*given).values(person_id=person.id))


def after_interest_name(_ended: Ended) -> Sequel:
    """Name and needs are written down; where no name was told, staff have a task to ask for it."""
    return Sequel(effect=Goodbye())


def after_interest_kept(ended: Ended) -> Sequel:
    """They leave it as it is, or take it back."""
    if ended.outcome == "back":
        _take_back(ended)
    return Sequel(effect=Goodbye())


def after_interest_begin(ended: Ended) -> Sequel:
    """They were told that it has started: begin, not now, or not any more."""
    sequel = after_questions(ended)
    if ended.person.state is not PersonState.LEAD:
        return sequel
    if ended.outcome == "back":
        _take_back(ended)
    if ended.outcome != "begin":
        return sequel
    role, actor = ended.person.role, ended.actor
    # What follows is an enrolment, which makes room for no other question.
    ended.conversation.invitation_id = None
    begin_as(ended.session, ended.conversation, role, actor=actor, now=ended.now)
    return Sequel(flow="consent")


def _take_back(ended: Ended) -> None:
    """Nothing more is sent, and name and needs are kept nowhere: no name as an answer either."""
    session, person, conversation = ended.session, ended.person, ended.conversation
    record_consent(
        session,
        phone=person.phone,
        person=person,
        part=INTEREST_PART,
        agreed=False,
        channel=conversation.channel,
        language=language_of(conversation),
        proof=ended.proof,
        known_by="caller id" if conversation.channel is Channel.VOICE else "sender id",
        now=ended.now,
        conversation_id=conversation.id,
        text_version=INTEREST_VERSION,
    )
    out = PersonState.EXITED
    move_person(session, person, out, actor=ended.actor, reason=TAKEN_BACK, now=ended.now)
    change_row(session, person, first_name="", profile={})
    _forget_name(session, person, now=ended.now)


def _forget_name(session: Session, person: Person, *, now: datetime) -> None:
    """Blank the name that they told, and where it was told. Nobody is to ask for it any more."""
    asks = StaffTask.dedupe_key == f"name:{person.id}", StaffTask.done_at.is_(None)
    for task in session.scalars(select(StaffTask).where(*asks)):
        end_task(task, outcome=TAKEN_BACK, now=now)
    unsynced = {"synchronize_session": False}
    told = Answer.person_id == person.id, Answer.question == INTEREST_NAME.first
    session.execute(
        update(Answer).where(*told).values(words_sealed=None), execution_options=unsynced
    )
    held_in = Conversation.person_id == person.id, Conversation.flow == INTEREST_NAME.name
    over = Conversation.status != ConversationStatus.OPEN
    session.execute(
        update(Conversation).where(*held_in, over).values(state_sealed=FORGOTTEN),
        execution_options=unsynced,
    )


def has_left_interest() -> ColumnElement[bool]:
    """Return the condition that somebody has left their interest, and has not begun yet."""
    return (Person.state == PersonState.LEAD) & Person.phone_id.in_(agreed_to(INTEREST_PART))


def is_invited() -> ColumnElement[bool]:
    """Return the condition that somebody was invited to begin."""
    return Person.id.in_(_invited())


def _invited() -> Select[int]:
    return select(Invitation.person_id).where(Invitation.flow == BEGIN)


def invitations_of(session: Session, people: Collection[Person]) -> dict[int, Invitation]:
    """Return the invitations to begin, by the person's id."""
    rows = session.scalars(
        select(Invitation).where(
            Invitation.flow == BEGIN,
            Invitation.person_id.in_([person.id for person in people]),
        )
    )
    return {each.person_id: each for each in rows}


def invite_interested(session: Session, seen: ColumnElement[bool], *, now: datetime) -> int:
    """Invite those who left their interest and are `seen` to begin; returns how many.

    Each is called or texted once, in their own hours. Nobody is invited twice, and never more than
    MOST_AT_ONCE at one time. Raises ProgrammeError before the programme is live.
    """
    if not session.programme.is_live:
        raise ProgrammeError("The programme is not live yet, so there is nothing to invite to.")
    waiting = select(Person).where(has_left_interest(), ~is_invited(), seen)
    people = session.scalars(waiting.order_by(Person.id).limit(MOST_AT_ONCE)).all()
    open_invitations(session, BEGIN, people=people, at=now, now=now)
    return len(people)

"""Everything about a batch of invitations, looked up in a few statements and written in a few."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from mentoring.calendar.days import CHECK_INS
from mentoring.calendar.ladders import Reach
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.calendar.second_parts import not_before
from mentoring.consents import BEGIN, INTEREST_PART, Answers, answers_to, has_agreed
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import write
from mentoring.lines import main_line
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Delivery,
    DeliveryKind,
    Due,
    Invitation,
    InvitationState,
    Match,
    Mode,
    Person,
)
from mentoring.oversight.left_to_staff import left_to_staff
from mentoring.oversight.rules import Pauses
from mentoring.partners import remember_partners
from mentoring.placeholders import params_in
from mentoring.queueing import text_row
from mentoring.rows import insert_rows
from mentoring.wording import language_for

# A question that could not be sent for so long is not sent at all; its next try is on its way.
_KEEP_FOR = timedelta(days=1)
ENDED = (InvitationState.ANSWERED, InvitationState.LAPSED, InvitationState.CANCELLED)


@dataclass
class Invitee:
    """One invitation with its person, and with its match if it is about one."""

    invitation: Invitation
    person: Person
    match: Match | None
    reach: Reach
    # One of the two in the match is suspended or gone, whichever of them it is.
    one_is_out: bool = False


@dataclass
class Batch:
    """The invitations of a batch by their id, and the rows that it brings about."""

    session: Session
    now: datetime
    invitees: dict[int, Invitee]
    # The one question that each phone has open, by the phone's id.
    questions: dict[int, Conversation]
    # Questions of these invitations that made room for others, by the invitation's id.
    left: dict[int, Conversation]
    # Invitations that have ended, whose open questions may give way to others.
    settled: set[int]
    # Whom no machine asks anything until staff have closed an alert about them (O6).
    left_to_staff: set[int]
    # Whom no machine asks how it goes until then (O9).
    asked_by_staff: set[int]
    # Until when second parts wait for the first, by their invitation's id.
    not_before: Mapping[int, datetime]
    conversations: list[Conversation] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    rounds: list[dict[str, Any]] = field(default_factory=list)

    def invitee(self, due: Due) -> Invitee:
        """Return whom a due try is for."""
        if due.invitation_id is None:
            raise ValueError(f"The due {due.id} names no invitation.")
        return self.invitees[due.invitation_id]

    def question_on(self, one: Invitee) -> Conversation | None:
        """Return the question that a person's phone has open, whatever it is about."""
        return self.questions.get(one.person.phone_id)

    def add_question(self, question: Conversation, one: Invitee) -> None:
        """Open a question on a person's phone."""
        self.questions[one.person.phone_id] = question
        self.conversations.append(question)

    def bring_back(self, one: Invitee) -> bool:
        """Open the question again that made room for another one, where it stood; if it did."""
        question = self.left.get(one.invitation.id)
        if question is None:
            return False
        question.status, question.effect = ConversationStatus.OPEN, None
        self.questions[one.person.phone_id] = question
        return True

    def add_prompt(self, prompt: str, one: Invitee, due: Due, **known: str) -> None:
        """Text one prompt of the catalog to a person; `known` fills further placeholders."""
        about = self.question_on(one)
        if about is None or about.invitation_id != one.invitation.id:
            # Another question is open: what is told here is about this invitation all the same.
            about = new_question(one, now=self.now)
        params = params_in(self.session, about, now=self.now).plus(**known)
        language = language_for(one.person)
        self.add_text(
            write(
                prompt,
                catalog=catalog_for(self.session, one.person),
                language=language,
                params=params,
            ),
            one,
            due,
            prompt=prompt,
        )

    def add_text(self, body: str, one: Invitee, due: Due, *, prompt: str | None) -> None:
        """Text some words to a person, once for this try."""
        self.texts.append(
            text_row(
                self.session,
                body,
                to_phone_id=one.person.phone_id,
                to_person_id=one.person.id,
                line_id=main_line(self.session).id,
                kind=DeliveryKind.NOTICE,
                dedupe_key=due.dedupe_key,
                prompt=prompt,
                keep_for=_KEEP_FOR,
                invitation_id=one.invitation.id,
                now=self.now,
            )
        )

    def write(self, session: Session) -> None:
        """Write what the batch has brought about."""
        session.flush()
        insert_rows(session, Conversation, [_row_of(each) for each in self.conversations])
        insert_rows(session, Delivery, self.texts)
        insert_rows(session, Due, self.rounds)
        if self.texts:
            session.wakes_dispatcher = True


def _row_of(conversation: Conversation) -> dict[str, Any]:
    given = conversation.__dict__
    names = Conversation.__table__.columns.keys()
    return {**{name: given.get(name) for name in names if name != "id"}, "revision": 1}


_BATCH = (
    select(Invitation, Person, Match, ONE_IS_OUT)
    .join(Person, Person.id == Invitation.person_id)
    .outerjoin(Match, Match.id == Invitation.match_id)
    .where(Invitation.id.in_(bindparam("ids", expanding=True)))
    .options(joinedload(Match.line))
)


def load_batch(session: Session, dues: Sequence[Due], *, now: datetime) -> Batch:
    """Look up everything about the invitations of a batch of due tries."""
    ids = {due.invitation_id for due in dues}
    rows = session.execute(_BATCH, {"ids": list(ids)}).all()
    phones = {person.phone_id for _, person, *_ in rows}
    texts = answers_to(session, "C1", phones)
    calls = answers_to(session, "C2", phones)
    # Whoever left their interest agreed to this one call or text, whatever else they agreed to.
    early = {person.phone_id for invitation, person, *_ in rows if invitation.flow == BEGIN}
    begins = answers_to(session, INTEREST_PART, early)
    questions = _open_questions(session, phones)
    remember_partners(session, {person.id for _, person, *_ in rows})
    invitees = {
        invitation.id: Invitee(
            invitation,
            person,
            match,
            reach_of(
                person,
                texts=_is_yes(person, texts, begins if invitation.flow == BEGIN else None),
                calls=_is_yes(person, calls, begins if invitation.flow == BEGIN else None),
            ),
            one_is_out,
        )
        for invitation, person, match, one_is_out in rows
    }
    asked = [each.id for each, *_ in rows if each.state is InvitationState.ASKED]
    left = _left_questions(session, asked)
    settled = _settled(session, questions.values())
    people = {person.id for _, person, *_ in rows}
    waiting = left_to_staff(session, people, Pauses.AUTOMATED)
    checked = {person.id for invitation, person, *_ in rows if invitation.flow in CHECK_INS}
    by_staff = left_to_staff(session, checked, Pauses.CHECK_INS)
    later = not_before(session, [each for each, *_ in rows], now=now)
    return Batch(session, now, invitees, questions, left, settled, waiting, by_staff, later)


def _is_yes(person: Person, *given: Answers | None) -> bool:
    return any(each is not None and each.agreed(person.phone_id, person.id) for each in given)


def reach_of(person: Person, *, texts: bool, calls: bool) -> Reach:
    """Return by which ways the service may reach a person by itself (S1, S2, S8, A18).

    `texts` and `calls` say whether they have agreed to either.
    """
    phone = person.phone
    # STOP in a text is no wish for calls instead: from then on only a person turns to them (O16).
    refused = phone.calls_refused_at is not None or phone.texts_refused_at is not None
    usable = not refused and phone.unusable_at is None
    return Reach(
        texts=texts and phone.takes_texts and person.safe_contact != 3,
        # Whoever reads texts is never given something that takes a call.
        calls=calls and usable and person.mode is not Mode.TEXT,
        prefers_calls=person.mode is Mode.VOICE,
    )


def reach_now(session: Session, person: Person) -> Reach:
    """Look up by which ways the service may reach one person by itself."""
    texts, calls = has_agreed(session, person, "C1"), has_agreed(session, person, "C2")
    return reach_of(person, texts=texts, calls=calls)


_QUESTIONS = (
    select(Conversation)
    .where(Conversation.lasting.is_(True))
    .options(
        joinedload(Conversation.phone),
        joinedload(Conversation.person),
        defer(Conversation.spoken_sealed),
    )
)
_LEFT = _QUESTIONS.where(
    Conversation.invitation_id.in_(bindparam("invitation_ids", expanding=True)),
    Conversation.status == ConversationStatus.LEFT,
    Conversation.state_sealed != FORGOTTEN,
).order_by(Conversation.id)
_STILL_OPEN = _QUESTIONS.where(
    Conversation.phone_id.in_(bindparam("phone_ids", expanding=True)),
    Conversation.status == ConversationStatus.OPEN,
)
_ENDED_AMONG = select(Invitation.id).where(
    Invitation.id.in_(bindparam("ids", expanding=True)), Invitation.state.in_(ENDED)
)


def _left_questions(session: Session, invitation_ids: Sequence[int]) -> dict[int, Conversation]:
    """Return the questions of invitations that wait for an answer, but made room for others.

    After a month of rest nobody knows any more where one stood: then it is asked from its start.
    """
    if not invitation_ids:
        return {}
    found = session.scalars(_LEFT, {"invitation_ids": list(invitation_ids)})
    return {each.invitation_id: each for each in found if each.invitation_id is not None}


def _open_questions(session: Session, phone_ids: set[int]) -> dict[int, Conversation]:
    found = session.scalars(_STILL_OPEN, {"phone_ids": list(phone_ids)})
    return {each.phone_id: each for each in found if each.phone_id is not None}


def _settled(session: Session, questions: Iterable[Conversation]) -> set[int]:
    """Return those invitations of open questions that have ended."""
    ids = {each.invitation_id for each in questions if each.invitation_id is not None}
    if not ids:
        return set()
    return set(session.columns(_ENDED_AMONG, {"ids": list(ids)}).scalars())


def new_question(one: Invitee, *, now: datetime) -> Conversation:
    """Return a conversation that waits for an answer, not yet written."""
    question = Conversation(
        key=uuid4(),
        phone_id=one.person.phone_id,
        person_id=one.person.id,
        flow=one.invitation.flow,
        lasting=True,
        status=ConversationStatus.OPEN,
        match_id=one.invitation.match_id,
        invitation_id=one.invitation.id,
        turn=1,
        heard=0,
        misheard=0,
        started_at=now,
        touched_at=now,
    )
    set_committed_value(question, "phone", one.person.phone)
    set_committed_value(question, "person", one.person)
    return question


def is_same_question(other: Conversation, one: Invitee) -> bool:
    """Tell whether a question that is open is what this invitation would ask, begun without it."""
    same = (other.flow, other.person_id) == (one.invitation.flow, one.person.id)
    return same and other.invitation_id is None

"""What the tests of oversight share: a log in a few words, and what a sweep finds in it."""

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from mentoring.alerts import close_alert, list_alerts
from mentoring.contacts import log_between
from mentoring.db import Session
from mentoring.matches import move_match
from mentoring.models import (
    Answer,
    Channel,
    Contact,
    ContactKind,
    Conversation,
    ConversationStatus,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Outcome,
    Person,
    Plan,
    Role,
    StaffTask,
)
from mentoring.oversight.rules import OutcomeCode
from mentoring.oversight.sweep import oversee
from tests.make import NOW, make_lines, make_match, way_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECOND = timedelta(seconds=1)

_sids = count(1)


def make_pair(
    session: Session, state: MatchState = MatchState.ACTIVE, *, plan: bool = True
) -> Match:
    """Open a match now, in a state of the test's choice, with a plan of two weeks or without."""
    make_lines(session, 1)
    match = make_match(session)
    move(session, match, state)
    if plan:
        agree_on(session, match, "two_weeks")
    return match


def move(session: Session, match: Match, state: MatchState, *, at: datetime = NOW) -> None:
    """Bring a match into a state."""
    move_match(session, match, state, actor="staff", reason="test", now=at)
    session.flush()


def agree_on(session: Session, match: Match, rhythm: str, *, reply: str = "two_days") -> Plan:
    """Let both sides agree to a plan, in place of the one before."""
    for earlier in session.scalars(select(Plan).where(Plan.match_id == match.id)):
        earlier.ended_at = NOW
    plan = Plan(
        match_id=match.id,
        version=next(_sids),
        rhythm=rhythm,
        slot="tue 18:00",
        zone="America/Chicago",
        reply=reply,
        proposed_at=NOW,
        protege_agreed_at=NOW,
        mentor_agreed_at=NOW,
    )
    session.add(plan)
    session.flush()
    return plan


def person_of(match: Match, role: Role = Role.PROTEGE) -> Person:
    """Return one of the two."""
    return next(side.person for side in match.sides if side.role is role)


def log(
    session: Session,
    match: Match,
    kind: ContactKind = ContactKind.CALL,
    outcome: Outcome = Outcome.TALKED,
    *,
    at: datetime = NOW,
    back: bool = False,
    seconds: int | None = None,
    reason: str | None = None,
) -> Contact:
    """Write one entry. A talk is two-way contact, and so is nothing else here."""
    contact = log_between(
        session,
        way_of(session, match, back=back),
        kind,
        source_sid=f"CA{next(_sids)}",
        outcome=outcome,
        seconds=seconds,
        reason=reason,
        ended=True,
        now=at,
    )
    if outcome is Outcome.TALKED:
        contact.accepted_at = at
        contact.two_way = True
    session.flush()
    return contact


def answer(
    session: Session,
    match: Match,
    question: str,
    *values: str,
    flow: str = "checkin",
    role: Role = Role.PROTEGE,
    at: datetime = NOW,
) -> None:
    """Answer one question in a conversation; of several values the last one stays."""
    person = person_of(match, role)
    conversation = Conversation(
        phone_id=person.phone_id,
        person_id=person.id,
        flow=flow,
        state_sealed=b"",
        lasting=False,
        status=ConversationStatus.FINISHED,
        channel=Channel.TEXT,
        match_id=match.id,
        started_at=at,
        touched_at=at,
    )
    session.add(conversation)
    session.flush()
    for turn, value in enumerate(values, 1):
        session.add(
            Answer(
                conversation_id=conversation.id,
                person_id=person.id,
                question=question,
                prompt_version=1,
                turn=turn,
                value=value,
                channel=Channel.TEXT,
                at=at,
            )
        )
    session.flush()


def invite(
    session: Session, match: Match, state: InvitationState, *, at: datetime, flow: str = "checkin"
) -> None:
    """Invite the protege to a check-in that ended so."""
    session.add(
        Invitation(
            flow=flow,
            match_id=match.id,
            person_id=person_of(match).id,
            number=next(_sids),
            state=state,
            due_at=at,
            asked_at=at,
            settled_at=at,
        )
    )
    session.flush()


def found(session: Session, *, at: datetime) -> list[str]:
    """Sweep, and return the rules of all alerts that are open then."""
    oversee(session, now=at)
    return sorted(alert.rule for alert in list_alerts(session))


def the_alert(session: Session, rule: str) -> StaffTask:
    """Return the one open alert of a rule."""
    (alert,) = (alert for alert in list_alerts(session) if alert.rule == rule)
    return alert


def close(session: Session, rule: str, *, at: datetime) -> None:
    """Close the one open alert of a rule."""
    alert = the_alert(session, rule)
    close_alert(session, alert.id, code=OutcomeCode.SPOKE, actor="staff", now=at)
    session.flush()

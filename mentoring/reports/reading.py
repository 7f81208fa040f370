"""Reading the log for the figures: a few statements, whatever the size of the programme."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from mentoring.applications.training import training_of
from mentoring.calendar.days import CHECK_INS
from mentoring.db import Session
from mentoring.models import (
    Answer,
    Consent,
    Contact,
    ContactKind,
    Conversation,
    Due,
    DueKind,
    Invitation,
    InvitationState,
    Match,
    MatchSide,
    Person,
    Plan,
    Role,
    Transition,
)
from mentoring.oversight.log import UNWATCHED
from mentoring.oversight.rules import GAP_DAYS
from mentoring.reports.facts import (
    NOT_KNOWN,
    Agreed,
    Asked,
    Facts,
    Move,
    Pair,
    Reply,
    Someone,
    Talked,
)
from mentoring.reports.periods import Period
from mentoring.reports.reading_calls import read_calls
from mentoring.reports.reading_events import (
    ASKED_FOR_A_PERSON,
    NO_HELP,
    read_alerts,
    read_concerns,
    read_costs,
    read_notes,
    read_offers,
)

# Everything that a figure asks for; whatever else was answered is nobody's business here.
_QUESTIONS = (
    *("PB1", "GP0", "CKA", "CK1", "CK2", "CK3", "CK4", "MS1", "MS2", "MS4"),
    *("CS1", "CS2", "CS3", "CS4", "CS5", "CS6", "CS7", "CS8"),
    *("CM2", "CM3", "CM4", "CM5", "CM6", "CM7", "FU6", "FU12"),
)
_NO_COMMUNITY, _SEVERAL, _NOT_ASKED = "no community", "several", "not asked"
_AT_ONCE = 10_000


def read_facts(session: Session, *, period: Period, community: str | None, now: datetime) -> Facts:
    """Return what the figures of a period are worked out from, as the log has it now.

    What a community costs is not known, because lines and staff are shared.
    """
    programme = session.programme
    span = period.moments(programme.office)
    replies = list(_replies(session))
    return Facts(
        period=period,
        zone=programme.office,
        now=now,
        term_days=programme.term_days,
        people=_people(session, replies),
        pairs=_pairs(session, programme.office),
        offers=read_offers(session),
        replies=replies,
        asked=[Asked(*row) for row in _rows(session, _ASKED)],
        tries=_tries(session, span),
        concerns=list(read_concerns(session)),
        calls=list(read_calls(session, span)),
        calls_for_a_person=read_alerts(session, span, ASKED_FOR_A_PERSON),
        lost=read_alerts(session, span, NO_HELP),
        notes=read_notes(session, span),
        training=list(training_of(session, days=(period.since, period.until))),
        costs=read_costs(session, period) if community is None else None,
    )


_ASKED = (
    select(
        Invitation.id,
        Invitation.flow,
        Invitation.match_id,
        Invitation.person_id,
        (Invitation.state == InvitationState.ANSWERED).label("is_complete"),
        Invitation.asked_at,
    )
    .where(Invitation.asked_at.is_not(None))
    .order_by(Invitation.id)
)


def _people(session: Session, replies: Iterable[Reply]) -> Mapping[int, Someone]:
    stages = {reply.person: reply.value for reply in replies if reply.question == "PB1"}
    moves = defaultdict(list)
    chosen = select(
        Transition.entity_id, Transition.from_state, Transition.to_state, Transition.at
    ).where(Transition.entity == "person")
    for person_id, before, to, at in _rows(session, chosen.order_by(Transition.id)):
        moves[person_id].append(Move(before, to, at))
    joined = _joined_by(session)
    people = {}
    for row in session.execute(
        select(
            *(Person.id, Person.code, Person.role, Person.state, Person.state_since),
            *(Person.created_at, Person.mode, Person.language, Person.community, Person.profile),
        ).order_by(Person.id)
    ):
        profile = row.profile or {}
        people[row.id] = Someone(
            id=row.id,
            code=row.code,
            role=row.role,
            state=row.state.value,
            state_since=row.state_since,
            created_at=row.created_at,
            groups={
                "role": row.role.value,
                "mode": row.mode.value if row.mode else _NOT_ASKED,
                "language": row.language,
                "access": _access(str(profile.get("access", ""))),
                "community": row.community or _NO_COMMUNITY,
            },
            # What was answered counts; what staff have corrected since is how it is now.
            stage=stages.get(row.id, str(profile.get("stage", ""))),
            topics=tuple(each for each in str(profile.get("topics", "")).split(",") if each),
            joined_by=joined.get(row.id, NOT_KNOWN),
            moves=moves[row.id],
        )
    return people


def _access(picked: str) -> str:
    """Return the one group that somebody's access options put them in."""
    options = [each for each in picked.split(",") if each]
    return _SEVERAL if len(options) > 1 else options[0] if options else _NOT_ASKED


def _joined_by(session: Session) -> Mapping[int, str]:
    """Return the channel in which each person first agreed to something."""
    found: dict[int, str] = {}
    rows = session.execute(
        select(Consent.person_id, Consent.channel)
        .where(Consent.person_id.is_not(None), Consent.agreed.is_(True))
        .order_by(Consent.id)
    )
    for person_id, channel in rows:
        if person_id is not None:
            found.setdefault(person_id, channel.value)
    return found


def _pairs(session: Session, office: Any) -> Mapping[int, Pair]:
    contacts = _contacts(session, office)
    rests, plans = _rests(session), _plans(session)
    protege, mentor = aliased(MatchSide), aliased(MatchSide)
    rows = session.execute(
        select(
            *(Match.id, Match.code, protege.person_id, mentor.person_id),
            *(Match.opened_at, Match.closed_at, Match.closure_reason),
        )
        .join(protege, (protege.match_id == Match.id) & (protege.role == Role.PROTEGE))
        .join(mentor, (mentor.match_id == Match.id) & (mentor.role == Role.MENTOR))
        .order_by(Match.id)
    )
    return {
        row[0]: Pair(
            *row,
            contacts=contacts.get(row[0], ()),
            rests=rests.get(row[0], ()),
            plans=plans.get(row[0], ()),
        )
        for row in rows
    }


def _contacts(session: Session, office: Any) -> Mapping[int, Sequence[Talked]]:
    """Return the two-way contacts of each match: each call, and one for each day with texts."""
    chosen = (
        select(Contact.match_id, Contact.kind, Contact.seconds, Contact.started_at)
        .where(Contact.two_way.is_(True), Contact.match_id.is_not(None))
        .order_by(Contact.started_at, Contact.id)
    )
    found: dict[int, list[Talked]] = defaultdict(list)
    written_on = set()
    for match_id, kind, seconds, at in _rows(session, chosen):
        if kind is ContactKind.CALL:
            found[match_id].append(Talked(at, seconds or 0, True))
            continue
        day = (match_id, at.astimezone(office).toordinal())
        if day not in written_on:
            written_on.add(day)
            found[match_id].append(Talked(at, 0, False))
    return found


def _rests(session: Session) -> Mapping[int, Sequence[tuple[datetime, datetime | None]]]:
    """Return when each match had paused, was held, was closing or was closed."""
    quiet = {state.value for state in UNWATCHED}
    found: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    begun: dict[int, datetime] = {}
    chosen = select(Transition.entity_id, Transition.to_state, Transition.at).where(
        Transition.entity == "match"
    )
    for match_id, to, at in _rows(session, chosen.order_by(Transition.id)):
        if to in quiet:
            begun.setdefault(match_id, at)
        elif match_id in begun:
            found[match_id].append((begun.pop(match_id), at))
    for match_id, at in begun.items():
        found[match_id].append((at, None))
    return found


def _plans(session: Session) -> Mapping[int, Sequence[Agreed]]:
    found = defaultdict(list)
    rows = session.execute(
        select(
            Plan.match_id, Plan.rhythm, Plan.protege_agreed_at, Plan.mentor_agreed_at, Plan.ended_at
        )
        .where(Plan.protege_agreed_at.is_not(None), Plan.mentor_agreed_at.is_not(None))
        .order_by(Plan.match_id, Plan.version)
    )
    for match_id, rhythm, one, other, ended_at in rows:
        if one is not None and other is not None and rhythm in GAP_DAYS:
            found[match_id].append(Agreed(GAP_DAYS[rhythm], max(one, other), ended_at))
    return found


def _replies(session: Session) -> Iterator[Reply]:
    """Return the answers that figures ask for, the newest last: a corrected one counts as left."""
    chosen = (
        select(
            *(Answer.question, Answer.value, Answer.at, Answer.person_id),
            *(Conversation.match_id, Conversation.invitation_id, Answer.channel),
        )
        .join(Conversation, Conversation.id == Answer.conversation_id)
        .where(Answer.question.in_(_QUESTIONS), Answer.value.is_not(None))
        .order_by(Answer.at, Answer.conversation_id, Answer.turn)
    )
    for question, value, at, person_id, match_id, invitation_id, channel in _rows(session, chosen):
        yield Reply(question, value, at, person_id, match_id, invitation_id, channel.value)


def _tries(session: Session, span: tuple[datetime, datetime]) -> Mapping[int, Sequence[datetime]]:
    """Return when each check-in of the period was tried."""
    found: dict[int, list[datetime]] = defaultdict(list)
    since, until = span
    chosen = (
        select(Due.invitation_id, Due.done_at)
        .join(Invitation, Invitation.id == Due.invitation_id)
        .where(Due.kind == DueKind.INVITE, Due.done_at.is_not(None))
        .where(Due.outcome.in_(_REACHED), Invitation.flow.in_(CHECK_INS))
        .where(Invitation.asked_at >= since, Invitation.asked_at < until)
    )
    for invitation_id, at in _rows(session, chosen):
        found[invitation_id].append(at)
    return found


# What a try is said to have come to when a question went out (mentoring/calendar/invitations.py).
_REACHED = ("texted", "to be called")


def _rows(session: Session, chosen: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Read a long result a part at a time."""
    return iter(session.execute(chosen.execution_options(yield_per=_AT_ONCE)))

"""The first talk: with the news of a match a time is proposed at which both are free (3.7)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from mentoring.calendar.invitations import open_invitation, open_question_of
from mentoring.calendar.settling import settle
from mentoring.calendar.talk_times import is_taken, times_taken
from mentoring.calendar.talk_words import moment_words
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.hours import own_hours
from mentoring.models import (
    Conversation,
    ConversationStatus,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Person,
    Role,
    Talk,
    TalkState,
)
from mentoring.programme import Programme
from mentoring.rows import insert_row

FLOW = "first_talk"
# The mentor is to hear of it in good time, and the first talk is wanted within a week (O1).
_SOONEST, _LATEST = timedelta(days=1), timedelta(days=7)
_HOUR, _TO_THE_LAST_MINUTE = timedelta(hours=1), timedelta(minutes=59)


def time_for_both(
    people: Sequence[Person],
    programme: Programme,
    *,
    now: datetime,
    taken: Collection[datetime] = (),
) -> datetime | None:
    """Return the first whole hour (UTC) in which all are free, each by the clocks of their place.

    `taken` is when their talks with others begin. Whoever has named no hours is free whenever we
    may ring. None where no such hour comes within a week, or where a time zone is not known.
    """
    zones = [zone_named(person.zone) for person in people]
    hours = [own_hours(person, programme) for person in people]
    moment = (now + _SOONEST).replace(minute=0, second=0, microsecond=0) + _HOUR
    while moment <= now + _LATEST:
        ends = (moment, moment + _TO_THE_LAST_MINUTE)
        if not is_taken(moment, taken) and all(
            zone is not None and free.allow(end.astimezone(zone))
            for zone, free in zip(zones, hours, strict=True)
            for end in ends
        ):
            return moment
        moment += _HOUR
    return None


def propose_first_talk(session: Session, match: Match, *, now: datetime) -> Talk | None:
    """Ask the protege whether a time that suits both is right; None where none is known.

    It is a talk once they say so. Until then nobody is reminded of it or rung for it.
    """
    people = [side.person for side in match.sides]
    at = time_for_both(people, session.programme, now=now, taken=times_taken(session, match))
    if at is None:
        return None
    row = {"match_id": match.id, "at": at, "state": TalkState.PROPOSED, "created_at": now}
    made = insert_row(session, Talk, row | {"is_last": False})
    if made is None:
        return None
    protege = next(person for person in people if person.role is Role.PROTEGE)
    open_invitation(session, FLOW, match_id=match.id, person=protege, number=made, at=now, now=now)
    return session.get_one(Talk, made)


_QUESTION_OF = select(Invitation).where(
    Invitation.flow == FLOW, Invitation.number == bindparam("talk_id")
)


def news_of_match(session: Session, match: Match, *, now: datetime) -> tuple[str, dict[str, str]]:
    """Return the text that tells the protege of the match, with what it names.

    Where they read it alone it asks for the time as well, and either line takes the answer.
    """
    talk = propose_first_talk(session, match, now=now)
    if talk is None:
        return "T-MP3F", {}
    asked = session.scalars(_QUESTION_OF, {"talk_id": talk.id}).one()
    if not open_question_of(session, asked, now=now):
        return "T-MP3S", {}
    protege = next(side.person for side in match.sides if side.role is Role.PROTEGE)
    return "T-MP3", moment_words(session, talk.at, protege)


_PROPOSED = select(Talk.id).where(
    Talk.match_id == bindparam("match_id"), Talk.state == TalkState.PROPOSED
)


def forget_proposed_time(session: Session, match_id: int, *, now: datetime) -> None:
    """The two have talked by themselves: nobody is asked about a first time any more."""
    talk_ids = session.columns(_PROPOSED, {"match_id": match_id}).scalars().all()
    if not talk_ids:
        return
    waits = Talk.match_id == match_id, Talk.state == TalkState.PROPOSED
    asked = Invitation.flow == FLOW, Invitation.number.in_(talk_ids)
    settle(session, *asked, state=InvitationState.CANCELLED, outcome="they have talked", now=now)
    is_open = Conversation.status == ConversationStatus.OPEN
    about_it = Conversation.invitation_id.in_(select(Invitation.id).where(*asked))
    session.execute(
        update(Conversation).where(about_it, is_open).values(status=ConversationStatus.LEFT)
    )
    session.execute(update(Talk).where(*waits).values(state=TalkState.CANCELLED))


_STATE = select(Match.state).where(Match.id == bindparam("match_id"))


def is_off(session: Session, conversation: Conversation) -> bool:
    """Tell whether the question about a first time has gone: the two do not go on as it stands."""
    if conversation.flow != FLOW:
        return False
    state = session.columns(_STATE, {"match_id": conversation.match_id}).scalar()
    return state in (MatchState.SAFETY_HOLD, MatchState.CLOSING, MatchState.CLOSED)


_ABOUT_IT = (
    select(Invitation)
    .where(
        Invitation.flow == FLOW,
        Invitation.match_id == bindparam("match_id"),
        Invitation.person_id == bindparam("person_id"),
        Invitation.state.in_((InvitationState.WAITING, InvitationState.ASKED)),
    )
    .limit(1)
)


def question_about_it(
    session: Session, match_id: int | None, person: Person, *, now: datetime
) -> Invitation | None:
    """Return the open invitation to say whether that time is right, as asked from now on."""
    found = session.scalar(_ABOUT_IT, {"match_id": match_id, "person_id": person.id})
    if found is not None and found.asked_at is None:
        found.state, found.asked_at = InvitationState.ASKED, now
    return found

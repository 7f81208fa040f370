"""What will happen to whom in the next days, and why: the waiting dues, in words for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from mentoring.calendar.asking_hours import asking_hours
from mentoring.calendar.days import flow_on, has_support_call
from mentoring.calendar.ladders import LADDERS, Way
from mentoring.calendar.rhythms import ANYWAY
from mentoring.clock import zone_named
from mentoring.db import Session
from mentoring.hours import next_opening
from mentoring.models import (
    OPEN_TALKS,
    OUT,
    RESTING,
    Delivery,
    DeliveryStatus,
    Due,
    DueKind,
    Invitation,
    Match,
    MatchSide,
    MatchState,
    Person,
    PersonState,
    Proposal,
    Talk,
    UtcDateTime,
    is_unsettled,
)
from mentoring.proposals.records import waits_for

_WAYS = {
    Way.PREFERRED: "is asked in the way they like",
    Way.TEXT: "is reminded by text",
    Way.ANNOUNCE: "is told that we will call",
    Way.CALL: "is called",
    Way.STAFF: "staff are asked to call",
    Way.GIVE_UP: "it is given up",
}


_PLANNED = {
    DueKind.MILESTONE: ("what both want is compared", "once both have answered, or will not"),
    DueKind.TERM: ("both are asked what they want next", "the term ends soon"),
    DueKind.TERM_END: ("the term is renewed, or the match closes", "the term is over"),
    DueKind.PAUSE_CHECK: ("is asked whether the day of the return suits", "the pause ends soon"),
    DueKind.COVER: ("staff are asked to offer a cover", "the mentor is away for 3 weeks"),
    DueKind.RETURN: ("all is as it was before", "the pause is over"),
    DueKind.LAST_TALK: ("the match is closed if they have talked", "the last talk is over"),
    DueKind.CLOSE: ("the match is closed", "it has been closing for long enough"),
    DueKind.SURVEY: ("both are asked how it was", "the match was closed"),
    DueKind.REST: ("waits for a new mentor", "has rested after a match"),
    DueKind.APPRECIATE: ("the mentor is thanked", "a week after the end"),
    DueKind.WAITING: ("is asked whether they still wait", "news every two weeks"),
    DueKind.PROPOSAL: (
        "a proposal runs out, if it is open still",
        "72 hours, or 7 days for a draft",
    ),
    DueKind.MATCH_PLAN: ("the plan of matching is worked out", "every night, and when staff ask"),
    DueKind.FOLLOW_UP: ("the protege is asked about the business", "months after the end"),
    DueKind.REPORT: ("a report is worked out", "staff have asked for it"),
}


# What these would do is for a match that goes on, or for one that is not closed yet.
_WHILE_IT_GOES_ON = (
    *(DueKind.CALENDAR, DueKind.PLAN, DueKind.MILESTONE, DueKind.TERM, DueKind.TERM_END),
)
_UNTIL_CLOSED = (DueKind.TALKED, DueKind.LAST_TALK, DueKind.CLOSE, DueKind.RETURN)
# These ask a person, and so wait for the hours of such questions; of an invitation most tries do.
_ASKS_BY = {DueKind.PAUSE_CHECK: "pause_check", DueKind.WAITING: "waiting_update"}
# Whatever waits for something that has ended or was called off finds nothing to do.
_STILL_CONCERNS = (
    or_(Talk.id.is_(None), Talk.state.in_(OPEN_TALKS)),
    or_(
        Match.id.is_(None),
        Match.state.not_in((MatchState.CLOSING, MatchState.CLOSED)),
        Due.kind.not_in(_WHILE_IT_GOES_ON),
    ),
    or_(Match.id.is_(None), Match.state != MatchState.CLOSED, Due.kind.not_in(_UNTIL_CLOSED)),
    or_(Person.id.is_(None), Person.state.not_in(OUT)),
    or_(Due.kind != DueKind.WAITING, Person.state == PersonState.WAITING),
)
_AFTER = bindparam("after", type_=UtcDateTime())
# Made once, for whoever lets time pass asks at every moment.
_NEXT = select(
    select(func.min(Due.due_at))
    .where(Due.done_at.is_(None), Due.due_at > _AFTER)
    .scalar_subquery(),
    select(func.min(Delivery.not_before))
    .where(
        is_unsettled(Delivery),
        Delivery.status == DeliveryStatus.QUEUED,
        Delivery.not_before > _AFTER,
    )
    .scalar_subquery(),
)


@dataclass(frozen=True)
class Prospect:
    """One thing that will happen: when, to whom, in which match, what, and why."""

    at: datetime
    zone: str | None
    person: str | None
    match: str | None
    what: str
    why: str


def next_moment(session: Session, *, after: datetime) -> datetime | None:
    """Return the next moment after another at which something will be due or may leave, if any."""
    moments = session.columns(_NEXT, {"after": after}).one()
    return min((moment for moment in moments if moment is not None), default=None)


def outlook(
    session: Session,
    *,
    now: datetime,
    days: int,
    person_id: int | None = None,
    match_id: int | None = None,
) -> Sequence[Prospect]:
    """Return what will happen within some days, soonest first; of one person or match, if named.

    What is planned for a match as a whole, such as a check-in, is of both its people.

    Where somebody is asked, the moment is the one at which their hours are open; whether it comes
    to it is decided then, for they may have answered by that time.
    """
    chosen = (
        select(Due, Person, Match, Invitation, Talk, Proposal)
        .outerjoin(Person, Person.id == Due.person_id)
        .outerjoin(Match, Match.id == Due.match_id)
        .outerjoin(Invitation, Invitation.id == Due.invitation_id)
        .outerjoin(Talk, Talk.id == Due.talk_id)
        .where(Due.done_at.is_(None), Due.due_at < now + timedelta(days=days))
        .outerjoin(
            Proposal,
            (Due.kind == DueKind.PROPOSAL)
            & (Proposal.protege_id == Due.person_id)
            & Proposal.settled_at.is_(None),
        )
        .where(*_STILL_CONCERNS)
        .options(joinedload(Person.phone))
    )
    if person_id is not None:
        mine = select(MatchSide.match_id).where(MatchSide.person_id == person_id)
        of_my_match = and_(Due.person_id.is_(None), Due.match_id.in_(mine))
        chosen = chosen.where(or_(Due.person_id == person_id, of_my_match))
    if match_id is not None:
        chosen = chosen.where(Due.match_id == match_id)
    found = [
        _prospect(session, due, _About(person, match, invitation, talk), now=now)
        for due, person, match, invitation, talk, proposal in session.execute(chosen)
        if due.kind is not DueKind.PROPOSAL or _runs_out(due, proposal)
    ]
    return sorted(found, key=lambda prospect: prospect.at)


def _runs_out(due: Due, proposal: Proposal | None) -> bool:
    """Tell whether a proposal that is open runs out by this, and not by what came after it."""
    return proposal is not None and due.dedupe_key == waits_for(proposal)


@dataclass(frozen=True)
class _About:
    """What a due row is about, as far as it names it."""

    person: Person | None
    match: Match | None
    invitation: Invitation | None
    talk: Talk | None


def _prospect(session: Session, due: Due, about: _About, *, now: datetime) -> Prospect:
    at, person = max(due.due_at, now), about.person
    what, why = _words(due, about)
    if _waits_for_match(due, about.match):
        why = f"{why}; once the match goes on"
    zone = zone_named(person.zone) if person is not None else None
    flow = _asks_by(due, about.invitation)
    if person is not None and flow is not None:
        if zone is None:
            why = f"{why}; waits for their time zone"
        else:
            hours = asking_hours(flow, person, session.programme)
            at = next_opening(at, zone, hours) or at
    return Prospect(
        at,
        zone.key if zone is not None else None,
        person.code if person is not None else None,
        about.match.code if about.match is not None else None,
        what,
        why,
    )


def _waits_for_match(due: Due, match: Match | None) -> bool:
    return match is not None and match.state in RESTING and due.kind in _WHILE_IT_GOES_ON


def _asks_by(due: Due, invitation: Invitation | None) -> str | None:
    """Return the questions whose hours a row waits for; None where it asks nobody anything."""
    if due.kind is not DueKind.INVITE or invitation is None:
        return _ASKS_BY.get(due.kind)
    rung = LADDERS[invitation.flow].rung(due.round)
    reaches = rung is not None and rung.way not in (Way.STAFF, Way.GIVE_UP)
    return invitation.flow if reaches else None


def _words(due: Due, about: _About) -> tuple[str, str]:
    invitation, talk = about.invitation, about.talk
    match due.kind:
        case DueKind.CALENDAR:
            staff = ", and staff are asked to call" if has_support_call(due.round) else ""
            name = LADDERS[flow_on(due.round)].name
            return f"both are invited to {name}{staff}", f"day {due.round} of the match"
        case DueKind.PLAN:
            if due.round == ANYWAY:
                return "the less frequent rhythm is proposed", "their wishes are far apart"
            return "both are asked for their plan", "once they have met"
        case DueKind.INVITE if invitation is not None:
            ladder = LADDERS[invitation.flow]
            rung = ladder.rung(due.round)
            why = ladder.name if due.round == 1 else f"{ladder.name}: no answer yet"
            return _WAYS[rung.way] if rung else "no more tries", why
    return _PLANNED.get(due.kind) or _words_of_talk(due, talk, about.match)


def _words_of_talk(due: Due, talk: Talk | None, match: Match | None) -> tuple[str, str]:
    if due.kind is DueKind.TALKED:
        return "both are asked how a talk went, or thanked, if it is time", "they have talked"
    is_rung = talk is not None and talk.rings
    what = {
        DueKind.TALK_REMINDER: "both are reminded of their talk",
        DueKind.TALK_TOLD: "staff are to tell the new time, if no call has told it",
        DueKind.TALK_RING: "who asked for it is rung for a talk" if is_rung else "time of a talk",
        DueKind.TALK_OVER: "it is looked whether they have talked",
    }
    return what.get(due.kind, due.kind.value), _why_a_talk(talk, match)


def _why_a_talk(talk: Talk | None, match: Match | None) -> str:
    is_planned = talk is None or talk.booked_by_id is None
    why = "their plan" if is_planned else "one of them chose this time"
    is_resting = match is not None and match.state in RESTING
    return f"{why}; if the match goes on before it" if is_resting else why

"""The gate of automated calls, at the moment of dialling and in the recipient's own zone (S1, S4).

Other than a partner's call, such a call needs consent of its own (C2) and comes rarely: so many a
day to one phone, so many about one invitation, and none after a wrong person has answered. A talk
that somebody asked to be rung for is their own call: it needs neither C2 nor a turn of the day.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from mentoring.calendar.asking_hours import asking_hours, is_past, rests_with_match
from mentoring.calendar.ladders import LADDERS
from mentoring.calendar.pairs import ONE_IS_OUT
from mentoring.clock import zone_named
from mentoring.consents import BEGIN, INTEREST_PART, has_agreed
from mentoring.contacts import believed, is_on_a_call
from mentoring.db import Session
from mentoring.dialling import ask_about_number, refusal_to_dial
from mentoring.effects import CONNECT, Connect, effect_from_text
from mentoring.gate import NO_HOURS, NO_ZONE, OTHER_PHONE, REST_WAIT, STAFF_WAIT, ZONE_WAIT, Verdict
from mentoring.hours import Hours, hard_hours, is_open, next_opening, own_hours
from mentoring.models import (
    OUT,
    RESTING,
    Contact,
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    Invitation,
    InvitationState,
    Match,
    MatchState,
    Mode,
    Person,
    Phone,
    UtcDateTime,
)
from mentoring.oversight.left_to_staff import BY_STAFF, left_to_staff
from mentoring.oversight.rules import Pauses
from mentoring.people import number_of
from mentoring.phone import is_fictional, reason_not_dialable
from mentoring.tasks import ask_for_zone

TOO_LATE = "could not be made in time"
# The flow in which somebody on call is rung about a critical alert.
PAGE = "page"
WRONG_PERSON = "wrong person"
# Whoever is in a call with us is rung when they may have hung up.
_BUSY_WAIT = timedelta(minutes=15)
_AT_REST = (*RESTING, MatchState.CLOSED)
# The carrier has these, or may have them: the phone has rung, or will.
_WITH_CARRIER = (DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)


def judge_call(session: Session, row: Delivery, person: Person | None, *, now: datetime) -> Verdict:
    """Judge one automated call; staff are asked where they can remove what is in the way."""
    if row.expires_at <= now:
        return Verdict(stop=DeliveryStatus.EXPIRED, reason=TOO_LATE)
    if row.flow == PAGE:
        return _judge_page(session, row)
    refusal = _refusal(session, row, person, now=now)
    if person is None or refusal is not None:
        return _blocked(refusal or "nobody to call")
    if _waits_for_staff(session, row, person):
        return Verdict(hold_until=now + STAFF_WAIT)
    if _rests(session, row):
        return Verdict(hold_until=now + REST_WAIT)
    zone = zone_named(person.zone)
    if zone is None:
        ask_for_zone(session, person, now=now)
        keeps = now + ZONE_WAIT < row.expires_at
        return Verdict(hold_until=now + ZONE_WAIT) if keeps else _blocked(NO_ZONE)
    return _judge_moment(session, row, _hours_of(session, row, person), zone, now=now)


def _judge_page(session: Session, row: Delivery) -> Verdict:
    """Judge a page to a member of staff: at any hour, however often, as long as it can be dialled.

    They asked for it with their work. A number that failed once is tried again all the same.
    """
    number = number_of(session, row.to_phone)
    if session.programme.fictional_numbers_only and not is_fictional(number):
        return _blocked("only numbers reserved for fiction are called here")
    bad = reason_not_dialable(number, session.programme.dial_regions)
    return _blocked(bad) if bad is not None else Verdict()


def _hours_of(session: Session, row: Delivery, person: Person) -> Hours:
    """Return the hours in which a person gets this call: their own, on working days if we ask."""
    if _is_talk(row):
        return hard_hours(session.programme)
    if row.invitation_id is not None:
        return asking_hours(row.flow, person, session.programme)
    return own_hours(person, session.programme)


def _is_talk(row: Delivery) -> bool:
    """Tell whether the call goes on to a partner: a talk that this person asked to be rung for."""
    return isinstance(effect_from_text(row.flow), Connect)


def _waits_for_staff(session: Session, row: Delivery, person: Person) -> bool:
    """Tell whether staff are to see to somebody first, whom calls or texts did not reach (O6)."""
    if _is_talk(row) or row.flow in BY_STAFF:
        return False
    return bool(left_to_staff(session, {person.id}, Pauses.AUTOMATED))


def _blocked(reason: str) -> Verdict:
    return Verdict(stop=DeliveryStatus.BLOCKED, reason=reason)


def _refusal(
    session: Session, row: Delivery, person: Person | None, *, now: datetime
) -> str | None:
    """Say why a call must never be made, or None."""
    phone = row.to_phone
    if person is None or person.state in OUT:
        return "not with us"
    if person.phone_id != phone.id:
        return OTHER_PHONE
    if phone.calls_refused_at is not None:
        return "wants no automated calls"
    if phone.texts_refused_at is not None and not _is_talk(row):
        return "opted out of texts"
    part = INTEREST_PART if row.flow == BEGIN else "C2"
    if not _is_talk(row) and not has_agreed(session, person, part):
        return "no consent to automated calls"
    if person.mode is Mode.TEXT:
        return "reads texts"
    bad = refusal_to_dial(session, phone)
    if bad is not None:
        ask_about_number(session, person, phone, bad, now=now)
        return "number not dialable"
    return (
        _refusal_of_talk(session, row)
        if _is_talk(row)
        else _refusal_of_invitation(session, row, person)
    )


_MATCH_STATE = select(Match.state, ONE_IS_OUT).where(Match.id == bindparam("match_id"))


def _refusal_of_talk(session: Session, row: Delivery) -> str | None:
    """Nobody is rung for a talk that was called off a moment ago."""
    match_state, _ = _match_state(session, row)
    return "the match rests" if match_state in _AT_REST else None


def _rests(session: Session, row: Delivery) -> bool:
    """Tell whether a call would ask about a match that has begun to rest since it was queued."""
    if row.invitation_id is None or row.match_id is None:
        return False
    match_state, one_is_out = _match_state(session, row)
    return rests_with_match(row.flow, match_state, one_is_out=one_is_out)


def _match_state(session: Session, row: Delivery) -> tuple[MatchState | None, bool]:
    """Return the state of the match that a call is about, and whether one of the two is out."""
    found = session.columns(_MATCH_STATE, {"match_id": row.match_id}).first()
    return (found[0], found[1]) if found is not None else (None, False)


# Automated calls that the carrier took, or may have taken.
_MADE = select(func.count(Delivery.id)).where(
    Delivery.kind == DeliveryKind.CALL,
    or_(Delivery.carrier_sid.is_not(None), Delivery.status.in_(_WITH_CARRIER)),
)
_ABOUT_INVITATION = Delivery.invitation_id == bindparam("invitation_id")
_INVITATION_STATE = select(Invitation.state).where(Invitation.id == bindparam("invitation_id"))
_WRONG_BEFORE = (
    select(Contact.id)
    .join(Delivery, Delivery.contact_id == Contact.id)
    .where(_ABOUT_INVITATION, Contact.reason == WRONG_PERSON)
    .limit(1)
)
_MADE_ABOUT_INVITATION = _MADE.where(_ABOUT_INVITATION)
_IN_TOUCH_SINCE = (
    select(Contact.id)
    .where(
        Contact.match_id == bindparam("match_id"),
        Contact.two_way,
        Contact.started_at > bindparam("since", type_=UtcDateTime()),
    )
    .limit(1)
)


def _refusal_of_invitation(session: Session, row: Delivery, person: Person) -> str | None:
    if row.invitation_id is None:
        return None
    if is_past(row.flow, person):
        return "is further on"
    about = {"invitation_id": row.invitation_id}
    if session.columns(_INVITATION_STATE, about).scalar() is not InvitationState.ASKED:
        return "answered meanwhile"
    if session.columns(_WRONG_BEFORE, about).first() is not None:
        return "a wrong person answered before"
    made = session.columns(_MADE_ABOUT_INVITATION, about).scalar_one()
    if made >= session.programme.service_calls_per_invitation:
        return "called often enough"
    ladder = LADDERS.get(row.flow or "")
    if ladder is None or not ladder.of_silence:
        return None
    since = {"match_id": row.match_id, "since": row.created_at}
    has_ended = session.columns(_IN_TOUCH_SINCE, since).first() is not None
    return "they are in touch again" if has_ended else None


_MADE_TODAY = _MADE.where(
    Delivery.to_phone_id == bindparam("phone_id"),
    Delivery.claimed_at >= bindparam("today", type_=UtcDateTime()),
    ~Delivery.flow.startswith(CONNECT),
)
_IS_BUSY = select(is_on_a_call())


def _judge_moment(
    session: Session, row: Delivery, hours: Hours, zone: ZoneInfo, *, now: datetime
) -> Verdict:
    """Judge whether this is the moment: hours, calls of the day, and a call that goes on."""
    if not is_open(now, zone, hours):
        return _held(next_opening(now, zone, hours))
    _wait_for_others(session, row.to_phone)
    turn = now if _is_talk(row) else next_turn(session, row.to_phone_id, hours, zone, now=now)
    if turn != now:
        return _held(turn)
    busy = session.columns(_IS_BUSY, believed(session, row.to_phone_id, now=now)).scalar()
    return Verdict(hold_until=now + _BUSY_WAIT) if busy else Verdict()


def next_turn(
    session: Session, phone_id: int, hours: Hours, zone: ZoneInfo, *, now: datetime
) -> datetime | None:
    """Return when a phone may get an automated call next, by its hours and the calls of the day."""
    today, tomorrow = _day_around(now, zone)
    is_enough = _rings_enough(session, phone_id, today)
    return next_opening(tomorrow if is_enough else now, zone, hours)


def _held(opening: datetime | None) -> Verdict:
    return _blocked(NO_HOURS) if opening is None else Verdict(hold_until=opening)


def _rings_enough(session: Session, phone_id: int, today: datetime) -> bool:
    """Tell whether a phone has had as many automated calls as it may have in a day."""
    made = session.columns(_MADE_TODAY, {"phone_id": phone_id, "today": today}).scalar_one()
    return made >= session.programme.service_calls_a_day


_LOCKED = select(Phone.id).where(Phone.id == bindparam("phone_id")).with_for_update(key_share=True)


def _wait_for_others(session: Session, phone: Phone) -> None:
    """Let another dispatcher finish with the same phone, so that both count the same calls."""
    session.columns(_LOCKED, {"phone_id": phone.id}).close()


def _day_around(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the local day began and when the next one begins."""
    day = now.astimezone(zone).date()
    starts = (datetime.combine(day + timedelta(days=n), time(), tzinfo=zone) for n in (0, 1))
    today, tomorrow = starts
    return today, tomorrow

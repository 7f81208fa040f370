"""The one gate that every text passes at the moment it would leave (S1, S2, S4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mentoring.clock import zone_named
from mentoring.hours import Hours, hard_hours, next_opening
from mentoring.models import (
    Delivery,
    DeliveryKind,
    DeliveryStatus,
    LineType,
    Person,
    PersonState,
    Phone,
)
from mentoring.optouts import confirms_opt_out
from mentoring.programme import Programme
from mentoring.safety.numbers import answers_danger

NO_ZONE = "no time zone"
NO_HOURS = "no hours are open"
ECHO = "the same words over and over"
# Its seal is broken: no key will ever open it.
BROKEN = "cannot be opened"
# Staff have written down another number since this was queued.
OTHER_PHONE = "has another phone by now"
OUT_OF_USE, NO_TEXTS = "the number is out of use", "the phone takes no texts"
# What waits for somebody's time zone is looked at again so often.
ZONE_WAIT = timedelta(hours=1)
# So often it is looked whether staff have closed the alert about somebody who is not reached (O6).
STAFF_WAIT = timedelta(hours=1)
# What asks about a match that rests by now is looked at again so often, until it is too old.
REST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Verdict:
    """What the gate says: send now (all empty), hold until a moment, or stop; with a reason."""

    hold_until: datetime | None = None
    stop: DeliveryStatus | None = None
    reason: str = ""


def judge(
    row: Delivery,
    *,
    phone: Phone,
    person: Person | None,
    agreed: bool,
    programme: Programme,
    now: datetime,
    zone_name: str | None = None,
    left_to_staff: bool = False,
    hours: Hours | None = None,
) -> Verdict:
    """Judge one text: expiry, opt-out, landline, consent, then the hours in the recipient's zone.

    What somebody in danger is answered waits for nothing: not for hours, not for consent, and not
    for the end of an opt-out, for it answers their own words (S17).

    A reply within `reply_minutes` of the person's own message needs neither consent nor hours:
    they wrote first. So theirs is a phone that texts, whatever we took it for before. The one
    confirmation of an opt-out passes the opt-out itself. Nothing else goes to somebody who is
    suspended: a person of staff talks with them (2.1). `zone_name` is that of somebody who is no
    person of ours, but has agreed to be asked. `left_to_staff` says that the service sends this by
    itself, to somebody whom staff are to see to first (O6). `hours` are those of a question that
    the service asks by itself; without them the hard ones count.
    """
    if row.expires_at <= now:
        return Verdict(stop=DeliveryStatus.EXPIRED, reason="too old to be useful")
    refusal = _refusal(row, phone, person)
    if refusal is not None:
        return Verdict(stop=DeliveryStatus.BLOCKED, reason=refusal)
    if answers_danger(row.prompt) or _answers_just_now(row, programme, now):
        return Verdict()
    if (reason := _reason_against(row, phone, person, agreed=agreed)) is not None:
        return Verdict(stop=DeliveryStatus.BLOCKED, reason=reason)
    if left_to_staff:
        return Verdict(hold_until=now + STAFF_WAIT)
    zone = zone_named(person.zone if person else zone_name)
    hours = hours or hard_hours(programme)
    return _judge_hours(hours, zone, now) if zone is not None else _without_zone(row, person, now)


def _refusal(row: Delivery, phone: Phone, person: Person | None) -> str | None:
    if person is not None and person.phone_id != row.to_phone_id:
        return OTHER_PHONE
    passes = confirms_opt_out(row.prompt) or answers_danger(row.prompt)
    if phone.texts_refused_at is not None and not passes:
        return "opted out"
    if phone.disowned and not passes:
        return OUT_OF_USE
    return None


def _reason_against(
    row: Delivery, phone: Phone, person: Person | None, *, agreed: bool
) -> str | None:
    """Return why a text may not go out that answers nobody who has just written."""
    if phone.unusable_at is not None and not phone.disowned:
        return OUT_OF_USE
    if phone.line_type is LineType.LANDLINE:
        return NO_TEXTS
    is_suspended = person is not None and person.state is PersonState.SUSPENDED
    if is_suspended and not confirms_opt_out(row.prompt):
        return "suspended"
    return None if agreed else "no consent to texts"


def _answers_just_now(row: Delivery, programme: Programme, now: datetime) -> bool:
    window = timedelta(minutes=programme.reply_minutes)
    return row.reply_to_at is not None and now - row.reply_to_at <= window


def _judge_hours(hours: Hours, zone: ZoneInfo, now: datetime) -> Verdict:
    opening = next_opening(now, zone, hours)
    if opening is None:
        return Verdict(stop=DeliveryStatus.BLOCKED, reason=NO_HOURS)
    return Verdict() if opening == now else Verdict(hold_until=opening)


def _without_zone(row: Delivery, person: Person | None, now: datetime) -> Verdict:
    if person is not None and row.kind is DeliveryKind.NOTICE:
        # Nobody waits for an answer, so it keeps until staff have found out where they live.
        return Verdict(hold_until=now + ZONE_WAIT, reason=NO_ZONE)
    return Verdict(stop=DeliveryStatus.BLOCKED, reason=NO_ZONE)

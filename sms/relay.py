"""Relaying a text to the other side of a match: logged, prefixed, split and never cut."""

import re
from datetime import date, datetime

from mentoring.clock import zone_named
from mentoring.contacts import log_between
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import write
from mentoring.hours import hard_hours, next_opening
from mentoring.models import Contact, ContactKind, DeliveryKind, LineType, Mode, Outcome
from mentoring.notes import keep_written
from mentoring.notices import queue_prompt
from mentoring.oversight.rules import SHARED, days
from mentoring.queueing import queue_text, talks_to_a_machine
from mentoring.routing import Route
from mentoring.setbacks import local_day, name_before
from mentoring.sharing import holds_number_or_address
from mentoring.wording import language_for
from sms.segments import split_text

# The carrier takes no more than this in one text (contract 4.1).
LONGEST_TEXT = 1600
# Card and social-security numbers are never relayed or stored (S10).
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_SSN = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")


def relay(
    session: Session, route: Route, body: str, *, message_sid: str, media: int, now: datetime
) -> Contact:
    """Log a text and put it into the outbox for the other side, from the same line.

    A person whose phone takes no texts gets it read aloud; the one who wrote is told so. What holds
    it back (night, opt-out) is told as well, never more than is ours to tell.
    """
    contact = log_between(
        session,
        route,
        ContactKind.TEXT,
        source_sid=message_sid,
        outcome=Outcome.QUEUED,
        # One word in an entry that is written anyway: whoever texts waits for no further statement.
        reason=SHARED if holds_number_or_address(body) else None,
        now=now,
    )
    words = mask_private_digits(body)
    if contact.reason == SHARED:
        _tip_about_sharing(session, route, contact, now=now)
    if media:
        words = f"{words}\n{_word(session, 'T-PHOTO', route)}".strip()
        if not talks_to_a_machine(session, route.mine.phone, now=now):
            _tell(session, route, contact, "T-R3", key=f"photo:{message_sid}", now=now)
    other = route.other
    is_landline = other.phone.line_type is LineType.LANDLINE
    if is_landline or other.person.mode is Mode.VOICE:
        keep_written(session, words, route, contact=contact, now=now)
        # Nobody reads a name before it, but a writer who waits for days is told so by this day.
        route.mine.last_text_day = date.fromisoformat(local_day(session, route.other, now=now))
        today = local_day(session, route.mine, now=now)
        # Of a mobile phone whose owner likes to talk it is not true that it can't get texts.
        said = "T-LAND" if is_landline else "T-READ"
        _tell(session, route, contact, said, key=f"land:{route.mine.id}:{today}", now=now)
        return contact
    _queue_parts(session, route, contact, words, message_sid=message_sid, now=now)
    _tell_if_held_back(session, route, contact, now=now)
    return contact


def _queue_parts(
    session: Session, route: Route, contact: Contact, words: str, *, message_sid: str, now: datetime
) -> None:
    prefix = ""
    # A text that is held overnight is the first of the day on which it is read.
    arrives = date.fromisoformat(local_day(session, route.other, now=_arrival(session, route, now)))
    if route.mine.last_text_day != arrives:
        prefix = name_before(route.mine)
        route.mine.last_text_day = arrives
    parts = split_text(words, LONGEST_TEXT, first_limit=LONGEST_TEXT - len(prefix))
    for number, part in enumerate(parts, 1):
        queue_text(
            session,
            prefix + part if number == 1 else part,
            to=route.other.phone,
            line=route.line,
            kind=DeliveryKind.RELAY,
            dedupe_key=f"relay:{message_sid}:{number}",
            person=route.other.person,
            contact=contact,
            now=now,
        )


def _arrival(session: Session, route: Route, now: datetime) -> datetime:
    """Return when a text of now may reach the other side: at once, or when their hours begin."""
    zone = zone_named(route.other.person.zone)
    return (zone and next_opening(now, zone, hard_hours(session.programme))) or now


def _tell_if_held_back(session: Session, route: Route, contact: Contact, *, now: datetime) -> None:
    arrives = _arrival(session, route, now)
    # An opt-out is told by the gate, which decides it at the moment of sending.
    if route.other.phone.texts_refused_at is None and arrives > now:
        # One night is told of once, though it has two dates.
        key = f"night:{route.mine.id}:{arrives.isoformat()}"
        _tell(session, route, contact, "T-NITE", key=key, now=now)


def _tell(
    session: Session, route: Route, contact: Contact, prompt: str, *, key: str, now: datetime
) -> None:
    """Answer the one who wrote, in the same thread."""
    queue_prompt(
        session,
        prompt,
        to=route.mine.phone,
        line=route.line,
        kind=DeliveryKind.REPLY,
        dedupe_key=key,
        person=route.mine.person,
        reply_to_at=contact.started_at,
        known={
            "name": route.other.person.shown_name,
            "mentor": route.other.person.shown_name,
        },
        now=now,
    )


def _word(session: Session, prompt: str, route: Route) -> str:
    other = route.other.person
    return write(
        prompt, catalog=catalog_for(session, other), language=language_for(other), params={}
    )


def _tip_about_sharing(session: Session, route: Route, contact: Contact, *, now: datetime) -> None:
    """Say once a day, in the first months of a match, what this line is good for."""
    early = days(session.programme.thresholds.sharing_days)
    if now - route.match.opened_at < early:
        today = local_day(session, route.mine, now=now)
        _tell(session, route, contact, "T-R2", key=f"tip:{route.mine.id}:{today}", now=now)


def mask_private_digits(body: str) -> str:
    """Replace card numbers and social-security numbers by dots; all else stays as it is."""
    masked = _SSN.sub("•••-••-••••", body)
    return _CARD.sub(lambda found: "••••" if _is_card(found[0]) else found[0], masked)


def _is_card(text: str) -> bool:
    """Tell whether digits pass the check sum that every payment card has."""
    digits = [int(c) for c in text if c.isdecimal()]
    total = sum(digits[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return total % 10 == 0

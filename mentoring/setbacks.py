"""When a text does not arrive: what we learn about the phone, and what its sender is told."""

from datetime import datetime

from mentoring.contacts import ARRIVED
from mentoring.crypto import VaultError
from mentoring.db import Session
from mentoring.gate import BROKEN, ECHO, NO_ZONE
from mentoring.models import (
    Contact,
    Delivery,
    DeliveryKind,
    Line,
    LineType,
    MatchSide,
    OptOutKind,
    Person,
    Phone,
)
from mentoring.notes import keep_written
from mentoring.notices import queue_prompt
from mentoring.optouts import lines_blocked_by_carrier, refuse
from mentoring.outbox import Setback, setback_of_stop
from mentoring.partners import partners_of
from mentoring.queueing import talks_to_a_machine
from mentoring.routing import Route, route_in_match, side_in_match
from mentoring.tasks import ask_for_zone, open_task
from mentoring.trouble import tell_about_line
from mentoring.typing_notes import TYPED
from mentoring.wording import likely_zone

_WORDS_FOR_SENDER = {
    Setback.LANDLINE: "T-LAND",
    Setback.NO_TEXTS: "T-READ",
}


def learn_from_failure(
    session: Session,
    delivery: Delivery,
    setback: Setback,
    *,
    words: str,
    tried_again: bool = False,
    now: datetime,
) -> None:
    """Let a failed text mark the phone, tell the sender in words, and ask staff where needed.

    `words` tell staff what happened and what to do. The carrier's opt-out (21610) is mirrored
    for all lines; a landline gets the text read aloud at the next call instead.
    """
    phone = session.get_one(Phone, delivery.to_phone_id)
    if setback is Setback.OPTED_OUT:
        line = session.get_one(Line, delivery.from_line_id)
        # After a return by START on another line this block is old news, and undoes nothing.
        if line.id not in [known.id for known in lines_blocked_by_carrier(session, phone)]:
            fresh = refuse(session, phone, OptOutKind.TEXTS, source="carrier", line=line, now=now)
            if fresh:
                ask_about_opt_out(session, phone, now=now)
    elif setback is Setback.OURS_TO_MEND:
        line = session.get_one(Line, delivery.from_line_id)
        tell_about_line(session, line, code=delivery.error_code, words=words, now=now)
    elif setback is Setback.LANDLINE:
        phone.line_type = LineType.LANDLINE
        _ask_staff(session, delivery, rule="landline", words=words, now=now)
    elif setback is Setback.NUMBER_BAD:
        phone.unusable_at = phone.unusable_at or now
        _ask_staff(session, delivery, rule="number", words=words, now=now)
    if delivery.kind is DeliveryKind.RELAY and delivery.contact_id is not None:
        _name_again(session, delivery)
        tell_sender(session, delivery, setback, now=now)
    if not tried_again:
        _see_to_typed_note(session, delivery, now=now)


def _see_to_typed_note(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """A note that staff had typed was lost: its words are somebody's, so staff read them out."""
    if delivery.prompt != TYPED:
        return
    person = session.get(Person, delivery.to_person_id) if delivery.to_person_id else None
    open_task(
        session,
        rule="lost text",
        words=f"{person.code if person else 'Somebody'}: a note that was typed for them did not"
        " arrive. Read it to them by call.",
        key=f"typed-lost:{delivery.id}",
        person=person,
        now=now,
    )


def ask_about_opt_out(session: Session, phone: Phone, *, now: datetime) -> None:
    """Texts are off from now on: whoever is matched must be reached another way (O16)."""
    for person in phone.people:
        partners = partners_of(session, person.id)
        if partners:
            open_task(
                session,
                rule="O16",
                words=f"{person.code} opted out of texts while matched. Reach them another way.",
                subject=person.code,
                person=person,
                phone=phone,
                match_id=partners[0].match_id,
                now=now,
            )


def tell_about_stop(session: Session, delivery: Delivery, reason: str, *, now: datetime) -> None:
    """The gate stopped a text for good: its sender is told, and staff where they can help."""
    if reason == ECHO:
        # A machine that is told so would answer that as well.
        _look_into_echo(session, delivery, now=now)
        return
    _see_to_typed_note(session, delivery, now=now)
    setback = setback_of_stop(delivery, reason)
    if reason == BROKEN and delivery.kind is not DeliveryKind.RELAY:
        words = "A text of ours to them cannot be opened. Look into the log, and tell them by call."
        _ask_staff(session, delivery, rule="lost text", words=words, now=now)
    staff_know = reason == NO_ZONE
    if staff_know:
        _ask_for_zone(session, delivery, now=now)
    if delivery.kind is DeliveryKind.RELAY and delivery.contact_id is not None:
        _name_again(session, delivery)
        tell_sender(session, delivery, setback, staff_know=staff_know, now=now)


def _ask_for_zone(session: Session, delivery: Delivery, *, now: datetime) -> None:
    person = session.get(Person, delivery.to_person_id) if delivery.to_person_id else None
    if person is not None:
        ask_for_zone(session, person, now=now)
    else:
        _ask_staff(session, delivery, rule="zone", words="Ask for their time zone.", now=now)


def _ask_staff(
    session: Session, delivery: Delivery, *, rule: str, words: str, now: datetime
) -> None:
    person = session.get(Person, delivery.to_person_id) if delivery.to_person_id else None
    open_task(
        session,
        rule=rule,
        words=f"{person.code if person else 'A caller'}: {words}"[:200],
        key=f"{rule}:{delivery.to_phone_id}",
        person=person,
        now=now,
    )


def name_before(writer: MatchSide) -> str:
    """Return what stands before the first text that somebody reads from a writer on one day."""
    return f"{writer.person.shown_name}: "


def _name_again(session: Session, delivery: Delivery) -> None:
    """The day's first text was lost, and the name with it: the next one carries it again."""
    contact = session.get_one(Contact, delivery.contact_id)
    writer = side_in_match(session, contact.match_id, contact.from_person_id)
    if writer is not None and _words_of(session, delivery).startswith(name_before(writer)):
        writer.last_text_day = None


def _words_of(session: Session, delivery: Delivery) -> str:
    if delivery.body_sealed is None:
        return ""
    try:
        return session.vault.open(delivery.body_sealed, place=delivery.place("body_sealed"))
    except VaultError:
        # Its words are lost, but whoever wrote them is told so all the same.
        return ""


def tell_sender(
    session: Session,
    delivery: Delivery,
    setback: Setback,
    *,
    now: datetime,
    staff_know: bool = False,
) -> None:
    """Tell whoever wrote a relayed text that it did not arrive, once per text and in words.

    The reason is never more than is ours to tell: an opt-out reads like a phone that is off.
    `staff_know`: they have been asked already to remove what was in the way.
    """
    contact = session.get_one(Contact, delivery.contact_id)
    route = route_in_match(session, contact.match_id, contact.from_person_id)
    if route is None or contact.outcome in ARRIVED:
        return
    prompt = _WORDS_FOR_SENDER.get(setback, "T-NOR")
    words = _words_of(session, delivery).removeprefix(name_before(route.mine))
    if setback in (Setback.LANDLINE, Setback.NO_TEXTS) and words:
        # Whoever reads it aloud says who wrote it.
        keep_written(session, words, route, contact=contact, now=now)
    if talks_to_a_machine(session, route.mine.phone, now=now):
        return
    told = queue_prompt(
        session,
        prompt,
        to=route.mine.phone,
        line=route.line,
        kind=DeliveryKind.REPLY,
        dedupe_key=f"nor:{contact.id}",
        person=route.mine.person,
        reply_to_at=contact.started_at,
        known={"name": route.other.person.shown_name},
        now=now,
    )
    # Of an opt-out they have been told when it came (O16).
    staff_know = staff_know or setback is Setback.OPTED_OUT
    staff_know = staff_know or delivery.to_phone.unusable_at is not None
    if told is not None and prompt == "T-NOR" and not staff_know:
        _look_into_it(session, delivery, route, now=now)


def _look_into_it(session: Session, delivery: Delivery, route: Route, *, now: datetime) -> None:
    """T-NOR promises that we look into it: one task for each phone and day."""
    other = route.other.person
    open_task(
        session,
        rule="lost text",
        words=f"{other.code} did not get a text from {route.mine.person.code}. Find out why: "
        "the contact log has the entry. Ask them by call.",
        key=f"lost:{delivery.to_phone_id}:{now:%Y-%m-%d}",
        person=other,
        phone=delivery.to_phone,
        match_id=route.match.id,
        now=now,
    )


def _look_into_echo(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """A phone sends the same words over and over: one task for each writer and day."""
    contact = session.get_one(Contact, delivery.contact_id)
    route = route_in_match(session, contact.match_id, contact.from_person_id)
    if route is None:
        return
    open_task(
        session,
        rule="automatic answers",
        words=f"The phone of {route.mine.person.code} sends {route.other.person.code} the same"
        " words over and over. We pass on no more of it. Ask whether it answers by itself.",
        key=f"echo:{route.mine.id}:{now:%Y-%m-%d}",
        person=route.mine.person,
        phone=route.mine.phone,
        match_id=route.match.id,
        now=now,
    )


def local_day(session: Session, side: MatchSide, *, now: datetime) -> str:
    """Return the calendar day at a person's place, as ISO text, for what happens once a day."""
    return now.astimezone(likely_zone(session, side.phone, side.person)).date().isoformat()

"""The front desk: where a call or text goes first. Everybody is welcome; nobody learns anything."""

from dataclasses import dataclass, replace
from datetime import datetime

from mentoring.calendar.first_talks import is_off
from mentoring.calendar.ladders import LASTING
from mentoring.calling import NoRing, Ring, plan_call
from mentoring.contacts import begin_leg, call_is_over, log_menu_call, log_refusal
from mentoring.conversation_queries import conversation_of_call, leave, waiting_conversation
from mentoring.conversations import Exchange, begin, change_to, take_up
from mentoring.crossed_calls import DIRECT
from mentoring.db import Session
from mentoring.flows.interest import EARLY
from mentoring.interest import early_flow, interested
from mentoring.models import (
    Channel,
    ContactKind,
    Conversation,
    Person,
    Phone,
)
from mentoring.people import add_phone
from mentoring.proposals.asking import is_called_off
from mentoring.put_aside import make_room
from mentoring.routing import Reached, Refusal, Route, find_reached, take_match
from mentoring.sequel import first_flow, flow_for
from mentoring.wording import language_for

# A hold is named, and kindly. Of a match that has ended it is only said that its line is at rest,
# and that a person can help the two to keep in touch, where staff do not stand between them.
_LEADS = {
    Refusal.HELD: ("V-HOLD",),
    Refusal.CLOSED: ("T-ENDED",),
    Refusal.PARTED: ("T-CLOSED",),
}


@dataclass(frozen=True)
class Loop:
    """One of our own lines is calling: end it, or two machines talk for ever."""


@dataclass(frozen=True)
class OnPairLine:
    """One of a pair calls their line: ring the other side, or say why not and offer a note."""

    route: Route
    plan: Ring | NoRing


@dataclass(frozen=True)
class Over:
    """This call has ended: what is asked of us now comes late or twice."""


@dataclass(frozen=True)
class ToldTwice:
    """This call is in a conversation already: it hears the same again, and nothing changes."""

    conversation: Conversation


Answered = Exchange | OnPairLine | Loop | Over | ToldTwice


def receive_call(
    session: Session,
    *,
    number: str | None,
    line_number: str | None,
    call_sid: str,
    now: datetime,
) -> Answered:
    """Answer a call that has just reached one of our lines.

    `number` is the caller's E.164 number, or None when it is withheld or none that we can know. The
    same call told twice gets the same answer and changes nothing.
    """
    reached = find_reached(session, number=number, line_number=line_number or "")
    if reached.is_loop:
        _log_loop(session, reached, number=number, call_sid=call_sid, now=now)
        return Loop()
    phone = reached.phone
    if phone is None and number is not None:
        phone = add_phone(session, number, now=now)
    phone_id = phone.id if phone else None
    is_new = begin_leg(session, call_sid=call_sid, phone_id=phone_id, now=now)
    if not is_new and call_is_over(session, call_sid):
        return Over()
    if isinstance(reached.way, Route):
        take_match(session, reached.way.match.id)
        plan = plan_call(session, reached.way, call_sid=call_sid, attempt=DIRECT, now=now)
        return OnPairLine(reached.way, plan)
    running = None if is_new else conversation_of_call(session, call_sid)
    if running is not None:
        return ToldTwice(running)
    waiting = waiting_conversation(session, phone, now=now) if phone else None
    _log_arrival(session, reached, phone, number=number, call_sid=call_sid, now=now)
    # A stranger hears what the main line says to everybody.
    lead = _LEADS.get(reached.way, ()) if isinstance(reached.way, Refusal) else ()
    return welcome(
        session,
        phone=phone,
        waiting=waiting,
        channel=Channel.VOICE,
        call_sid=call_sid,
        lead=lead,
        now=now,
    )


def _log_loop(
    session: Session, reached: Reached, *, number: str | None, call_sid: str, now: datetime
) -> None:
    log_refusal(
        session,
        Refusal.OUR_OWN_LINE,
        ContactKind.CALL,
        number=number,
        line_id=reached.line.id if reached.line else None,
        person_id=None,
        source_sid=call_sid,
        now=now,
    )


def _log_arrival(
    session: Session,
    reached: Reached,
    phone: Phone | None,
    *,
    number: str | None,
    call_sid: str,
    now: datetime,
) -> None:
    person = phone.only_person if phone is not None else None
    person_id = person.id if person is not None else None
    line_id = reached.line.id if reached.line else None
    if isinstance(reached.way, Refusal):
        log_refusal(
            session,
            reached.way,
            ContactKind.CALL,
            number=number,
            line_id=line_id,
            person_id=person_id,
            source_sid=call_sid,
            now=now,
        )
        return
    log_menu_call(
        session,
        number=number,
        line_id=line_id,
        person_id=person_id,
        call_sid=call_sid,
        now=now,
    )


def welcome(
    session: Session,
    *,
    phone: Phone | None,
    waiting: Conversation | None,
    channel: Channel,
    call_sid: str | None,
    now: datetime,
    lead: tuple[str, ...] = (),
    language: str = "",
) -> Exchange:
    """Greet whoever is there: go on with an open question, else offer the menu that fits them.

    `waiting` is the open question of the phone, from `waiting_conversation`; `language` is what
    somebody has asked for of whom nothing is known yet.
    """
    start = _Start(session, channel, phone, call_sid, now, language or shared_language(phone))
    if not session.programme.is_live:
        return _before_the_start(start, waiting, lead)
    waiting = without_what_is_off(session, waiting, now=now)
    if phone is None:
        return start.stranger((*lead, "V-GREET"))
    if phone.disowned and phone.people:
        # Whoever has this phone now is asked first whether they are the one, and hears no name.
        return start.flow("disowned", None, (*lead, "V-GREET2"))
    if phone.asks_who and channel is Channel.VOICE:
        return start.flow("who", None, (*lead, "V-GREET2"))
    if phone.asks_who:
        # Whatever is open is for one of them: the name comes first, and then that goes on.
        if waiting is not None:
            make_room(session, waiting, now=now)
        return start.flow("who", None, lead)
    if waiting is not None and waiting.flow in LASTING:
        # The flow itself says that it goes on from where it was.
        greeting = () if channel is Channel.TEXT else ("V-GREET2",)
        return start.goes_on(waiting, (*lead, *greeting))
    if waiting is not None:
        leave(waiting, now=now)
        session.flush()
    person = phone.here[0] if phone.people else None
    return greet_person(start, person, lead)


def without_what_is_off(
    session: Session, waiting: Conversation | None, *, now: datetime
) -> Conversation | None:
    """Give up an open question about a match that is called off, so that nobody is offered it."""
    if waiting is None or not (is_called_off(session, waiting) or is_off(session, waiting)):
        return waiting
    leave(waiting, now=now)
    session.flush()
    return None


def _before_the_start(
    start: "_Start", waiting: Conversation | None, lead: tuple[str, ...]
) -> Exchange:
    """Say that the service has not started; whoever is not with us yet may leave their interest."""
    by_text, phone = start.channel is Channel.TEXT, start.phone
    greeting = () if by_text else ("V-GREET2",)
    if waiting is not None and (by_text or waiting.flow in EARLY):
        return start.goes_on(waiting, (*lead, *greeting))
    if phone is None or not phone.people:
        return start.stranger((*lead, "V-GREET"))
    flow = early_flow(start.session, phone)
    return start.flow(flow, interested(start.session, phone), (*lead, *greeting))


def shared_language(phone: Phone | None) -> str:
    """Return the language of everybody who uses a phone, if they speak one and the same."""
    spoken = {language_for(person) for person in phone.here} if phone is not None else set()
    return spoken.pop() if len(spoken) == 1 else ""


@dataclass(frozen=True)
class _Start:
    """Begins a flow with somebody: the facts that every beginning shares."""

    session: Session
    channel: Channel
    phone: Phone | None
    call_sid: str | None
    now: datetime
    language: str = ""

    def stranger(self, lead: tuple[str, ...]) -> Exchange:
        """Begin with somebody unknown: the language first, where there is a choice and a voice."""
        many = len(self.session.programme.languages) > 1
        if many and self.channel is Channel.VOICE:
            return replace(self.flow("language", None, lead), opens_call=False)
        return self.flow(first_flow(self.session, self.phone), None, lead)

    def goes_on(self, waiting: Conversation, lead: tuple[str, ...]) -> Exchange:
        """Go on with an open question in this channel."""
        exchange = take_up(
            self.session,
            waiting,
            channel=self.channel,
            call_sid=self.call_sid,
            lead=lead,
            now=self.now,
        )
        return replace(exchange, opens_call=self.channel is Channel.VOICE)

    def flow(self, name: str, person: Person | None, lead: tuple[str, ...]) -> Exchange:
        """Begin the flow of that name. Sentences of a greeting are for the voice only."""
        spoken = self.channel is Channel.VOICE
        exchange = begin(
            self.session,
            name,
            channel=self.channel,
            phone=self.phone,
            person=person,
            call_sid=self.call_sid,
            lead=lead if spoken else (),
            lasting=None if spoken else self.phone is not None,
            language=self.language,
            now=self.now,
        )
        return replace(exchange, opens_call=spoken)


def greet_person(start: _Start, person: Person | None, lead: tuple[str, ...]) -> Exchange:
    """Begin the flow that fits one person, or the welcome when there is nobody yet."""
    if person is None:
        return start.stranger((*lead, "V-GREET"))
    name = flow_for(start.session, person, spoken=start.channel is Channel.VOICE)
    greeting = "V-GREET" if name == "welcome" else "V-GREET2"
    return start.flow(name, person, (*lead, greeting))


def instead_of_ringing(
    session: Session,
    route: Route,
    *,
    call_sid: str,
    lead: tuple[str, ...],
    conversation: Conversation | None,
    now: datetime,
) -> Exchange:
    """The other side was not reached: offer a voice note, in the conversation of this call."""
    if conversation is not None:
        return change_to(
            session, conversation, "leave_note", match_id=route.match.id, lead=lead, now=now
        )
    return begin(
        session,
        "leave_note",
        channel=Channel.VOICE,
        phone=route.mine.phone,
        person=route.mine.person,
        call_sid=call_sid,
        lead=lead,
        match_id=route.match.id,
        now=now,
    )

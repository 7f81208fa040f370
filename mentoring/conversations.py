"""Conversations with people: the engine's events become rows, and one flow leads to the next.

A run of flows is one row. Its `turn` rises with every answer and travels in the address of the next
one, so an answer that the carrier delivers twice is seen as past and changes nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from mentoring import enrollment
from mentoring.asked_as import as_asked, with_edition
from mentoring.calendar.ladders import LASTING
from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.effects import GAVE_UP, Effect, Sequel, ToPerson, effect_from_text, effect_to_text
from mentoring.facts import facts_for, is_slow, language_of, state_of
from mentoring.flows import FLOWS, engine
from mentoring.flows.engine import State, Turn
from mentoring.flows.events import (
    Answered,
    Finished,
    GaveUp,
    RefusesCalls,
    WantsPerson,
    WantsSlow,
)
from mentoring.flows.inputs import Input, Text
from mentoring.flows.steps import Kind
from mentoring.models import (
    Answer,
    Channel,
    Conversation,
    ConversationStatus,
    OptOutKind,
    Person,
    Phone,
)
from mentoring.optouts import refuse
from mentoring.proposals.asking import take_for_asked, while_it_stands
from mentoring.rows import change_row, insert_row, write_and_let_go
from mentoring.safety.heeding import heed_speech
from mentoring.safety.worry import FLOW as CONCERN
from mentoring.safety.worry import heed_answer
from mentoring.sequel import sequel_of


@dataclass(frozen=True)
class Played:
    """What is to be said or written next: single sentences, then perhaps a turn of a flow."""

    prompts: tuple[str, ...] = ()
    flow: str | None = None
    turn: Turn | None = None
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """The outcome of one step: what to say or write, in order, and what happens after it."""

    conversation: Conversation
    played: tuple[Played, ...]
    effect: Effect | None = None
    # The first question of a call also says which keys always work (V-KEYS).
    opens_call: bool = False


def begin(
    session: Session,
    flow: str,
    *,
    channel: Channel,
    phone: Phone | None,
    person: Person | None,
    call_sid: str | None,
    now: datetime,
    lead: tuple[str, ...] = (),
    match_id: int | None = None,
    recording_id: int | None = None,
    lasting: bool | None = None,
    language: str = "",
) -> Exchange:
    """Start a flow in a new conversation. `lead` is said before its first question.

    `language` is the one that somebody chose of whom nothing is known yet.
    """
    conversation = Conversation(
        key=uuid4(),
        phone=phone,
        phone_id=phone.id if phone else None,
        person=person,
        person_id=person.id if person else None,
        flow=flow,
        lasting=phone is not None and (flow in LASTING if lasting is None else lasting),
        status=ConversationStatus.OPEN,
        channel=channel,
        call_sid=call_sid,
        match_id=match_id,
        recording_id=recording_id,
        heard=0,
        misheard=0,
        started_at=now,
        touched_at=now,
    )
    take_for_asked(session, conversation, now=now)
    facts = facts_for(session, conversation)
    proof = call_sid or ""
    turn = _first_turn(conversation, facts, language=language)
    return _settle(session, conversation, [Played(lead)], turn, facts, proof=proof, now=now)


def change_to(
    session: Session,
    conversation: Conversation,
    flow: str,
    *,
    match_id: int,
    now: datetime,
    lead: tuple[str, ...] = (),
) -> Exchange:
    """Go on with another flow in the same conversation, whatever it was about before."""
    conversation.flow = flow
    conversation.lasting = _lasts(conversation, flow)
    conversation.status = ConversationStatus.OPEN
    conversation.match_id = match_id
    conversation.recording_id = None
    facts = facts_for(session, conversation)
    turn = _first_turn(conversation, facts)
    proof = conversation.call_sid or ""
    return _settle(session, conversation, [Played(lead)], turn, facts, proof=proof, now=now)


def take(
    session: Session, conversation: Conversation, given: Input, *, proof: str, now: datetime
) -> Exchange:
    """Take one answer. `proof` is the carrier's id of the call or message that holds it."""
    facts = facts_for(session, conversation)
    before = state_of(session, conversation)
    turn = engine.answer(
        FLOWS[conversation.flow],
        before,
        given,
        facts=facts,
        catalog=catalog_in(session, conversation),
        language=language_of(conversation),
    )
    turn = while_it_stands(session, conversation, as_asked(turn, before))
    lead = heed_speech(session, conversation, given, now=now)
    played = [Played(lead)] if lead else []
    # By key or voice: one answer more, and one more that was not understood, or not (E19).
    heard = (0, 0) if isinstance(given, Text) else (1, int(turn.is_missed))
    return _settle(session, conversation, played, turn, facts, proof=proof, heard=heard, now=now)


def hear_silence(
    session: Session, conversation: Conversation, *, proof: str, now: datetime
) -> Exchange:
    """Nothing was pressed or said in time."""
    facts = facts_for(session, conversation)
    state = state_of(session, conversation)
    turn = engine.no_input(FLOWS[conversation.flow], state, facts=facts)
    return _settle(session, conversation, [], turn, facts, proof=proof, now=now)


def take_up(
    session: Session,
    conversation: Conversation,
    *,
    channel: Channel,
    call_sid: str | None,
    now: datetime,
    lead: tuple[str, ...] = (),
) -> Exchange:
    """Go on with an open question in this channel, whichever channel it was asked in before."""
    was_asked, conversation.channel = conversation.was_asked, channel
    conversation.call_sid = call_sid
    conversation.status = ConversationStatus.OPEN
    facts = facts_for(session, conversation)
    flow, state = FLOWS[conversation.flow], state_of(session, conversation)
    turn = engine.resume(flow, state, channel=channel.value, facts=facts, was_asked=was_asked)
    proof = call_sid or ""
    return _settle(session, conversation, [Played(lead)], turn, facts, proof=proof, now=now)


def ask_again(session: Session, conversation: Conversation) -> Exchange:
    """Say what comes now once more and change nothing: for a turn from the past or the future.

    Where the newest answer led to a call, a person or goodbye, it leads there again.
    """
    effect = effect_from_text(conversation.effect)
    if effect is not None:
        return Exchange(conversation, (), effect)
    state = state_of(session, conversation)
    facts = facts_for(session, conversation)
    turn = engine.again(FLOWS[conversation.flow], state, facts=facts)
    return Exchange(conversation, (Played(flow=conversation.flow, turn=turn),))


def remember_spoken(session: Session, conversation: Conversation, document: str) -> None:
    """Keep the document that answers the newest turn, for a second request about the same turn.

    It is the last thing that a step does to its conversation, which is written with it.
    """
    conversation.spoken_sealed = session.vault.seal(
        document, place=conversation.place("spoken_sealed")
    )
    write_and_let_go(session, conversation)


def spoken_before(session: Session, conversation: Conversation, turn: int) -> str | None:
    """Return the document that answered a turn, if that was the newest one; else None."""
    if conversation.spoken_sealed is None or turn != conversation.turn - 1:
        return None
    return session.vault.open(conversation.spoken_sealed, place=conversation.place("spoken_sealed"))


def _settle(
    session: Session,
    conversation: Conversation,
    played: list[Played],
    turn: Turn,
    facts: Mapping[str, object],
    *,
    proof: str,
    heard: tuple[int, int] = (0, 0),
    now: datetime,
) -> Exchange:
    """Write down what a turn brought about, and go on into the next flow while there is one."""
    effect: Effect | None = None
    opens_call = False
    while True:
        sequel = _write_events(session, conversation, turn, proof=proof, now=now)
        known = sequel.known if sequel else {}
        played.append(Played(flow=conversation.flow, turn=turn, known=known))
        if sequel is None:
            break
        played.append(Played(sequel.prompts, known=sequel.known))
        effect = sequel.effect
        if sequel.switch_to is not None:
            _count(conversation, heard)
            return _switch(session, conversation, sequel.switch_to, played, turn, now=now)
        if sequel.resume_at is not None:
            answers = {**turn.state.answers, **sequel.as_if}
            later = replace(turn.state, step=sequel.resume_at, phase="asking", answers=answers)
            turn = replace(turn, state=later)
        if sequel.flow is None:
            break
        conversation.flow = sequel.flow
        conversation.lasting = _lasts(conversation, sequel.flow) and not sequel.brief
        conversation.status = ConversationStatus.OPEN
        take_for_asked(session, conversation, now=now)
        facts = facts_for(session, conversation)
        language = sequel.language or turn.state.language
        turn = _first_turn(conversation, facts, slow=turn.state.slow, language=language)
        opens_call = opens_call or bool(sequel.language)
    conversation.effect = effect_to_text(effect)
    _count(conversation, heard)
    asked = with_edition(session, conversation, turn)
    slow = replace(asked, slow=asked.slow or is_slow(conversation.phone))
    _keep_state(session, conversation, slow, now=now)
    return Exchange(conversation, tuple(played), effect, opens_call)


def _count(conversation: Conversation, heard: tuple[int, int]) -> None:
    """Count an answer, last of all: so it is written in one statement with the new state."""
    conversation.heard += heard[0]
    conversation.misheard += heard[1]


def _first_turn(
    conversation: Conversation,
    facts: Mapping[str, object],
    *,
    slow: bool = False,
    language: str = "",
) -> Turn:
    """Start the flow that a conversation has come to; `slow` where it was slow until now."""
    return engine.start(
        FLOWS[conversation.flow],
        channel=conversation.channel.value,
        facts=facts,
        slow=slow or is_slow(conversation.phone),
        language=language,
    )


def _lasts(conversation: Conversation, flow: str) -> bool:
    """Tell whether a flow waits for days: an enrolment always, by text every question."""
    by_text = conversation.channel is Channel.TEXT
    return conversation.phone is not None and (flow in LASTING or by_text)


def _switch(
    session: Session,
    conversation: Conversation,
    other: Conversation,
    played: list[Played],
    turn: Turn,
    *,
    now: datetime,
) -> Exchange:
    """Go on with another open conversation of this phone, in this channel and call."""
    _keep_state(session, conversation, turn.state, now=now)
    call_sid, channel = conversation.call_sid, conversation.channel
    conversation.call_sid = None
    session.flush()
    rest = take_up(session, other, channel=channel, call_sid=call_sid, now=now)
    return Exchange(rest.conversation, (*played, *rest.played), rest.effect)


def _write_events(
    session: Session, conversation: Conversation, turn: Turn, *, proof: str, now: datetime
) -> Sequel | None:
    for event in turn.events:
        if isinstance(event, Answered):
            _write_answer(session, conversation, event, turn, proof=proof, now=now)
        elif isinstance(event, WantsSlow) and conversation.phone is not None:
            conversation.phone.slow = True
        elif isinstance(event, RefusesCalls) and conversation.phone is not None:
            source = "voice" if conversation.channel is Channel.VOICE else "text"
            refuse(session, conversation.phone, OptOutKind.CALLS, source=source, now=now)
        elif isinstance(event, WantsPerson):
            return Sequel(effect=ToPerson())
        elif isinstance(event, GaveUp):
            return Sequel(effect=ToPerson(GAVE_UP))
        elif isinstance(event, Finished):
            sequel = sequel_of(
                session, conversation, event.outcome, turn.state.answers, proof=proof, now=now
            )
            is_put_off = sequel.resume_at is not None
            conversation.status = (
                ConversationStatus.OPEN if is_put_off else ConversationStatus.FINISHED
            )
            return sequel
    return None


def _write_answer(
    session: Session,
    conversation: Conversation,
    event: Answered,
    turn: Turn,
    *,
    proof: str,
    now: datetime,
) -> None:
    """Keep an answer with its wording. Consent parts are kept as consents, menu keys not."""
    given = enrollment.Given(
        event.key, event.value, conversation.channel, proof, now, event.edition
    )
    if conversation.id is None:
        # An answer points to its conversation, so that must be there first.
        _keep_state(session, conversation, turn.state, now=now)
        session.flush()
    enrollment.apply_answer(session, conversation, given)
    if conversation.flow == CONCERN:
        heed_answer(session, conversation, event.key, event.value, proof=proof, now=now)
    ask = FLOWS[conversation.flow].ask(event.key)
    in_words = ask is not None and ask.kind in (Kind.OPEN, Kind.NAME)
    kept = conversation.flow in LASTING or (in_words and bool(event.value))
    if not kept or enrollment.is_proof(event.key):
        return
    answer = Answer(key=uuid4())
    place = answer.place("words_sealed")
    row = {
        "key": answer.key,
        "conversation_id": conversation.id,
        "person_id": conversation.person_id,
        "question": event.key,
        "prompt_version": event.version,
        "edition_id": event.edition,
        "turn": conversation.turn,
        "value": None if in_words else event.value,
        "words_sealed": session.vault.seal(event.value, place=place) if in_words else None,
        "channel": conversation.channel,
        "at": now,
    }
    insert_row(session, Answer, row, "conversation_id", "question", "turn")


def go_on_in(session: Session, conversation: Conversation, language: str, *, now: datetime) -> None:
    """Hold a conversation in another language from now on, and keep it with the person if any."""
    if conversation.person is not None:
        change_row(session, conversation.person, language=language)
    state = replace(state_of(session, conversation), language=language)
    _keep_state(session, conversation, state, now=now)


def _keep_state(
    session: Session, conversation: Conversation, state: State, *, now: datetime
) -> None:
    conversation.state_sealed = session.vault.seal(
        json.dumps(state.to_json()), place=conversation.place("state_sealed")
    )
    conversation.touched_at = now
    conversation.turn = (conversation.turn or 0) + 1
    session.add(conversation)

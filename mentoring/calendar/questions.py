"""Putting the question of an invitation: as a text, or as a call that will open with it.

Where others may read a text, it says only that a question waits (S8, S9). The question itself then
comes once the person asks for it, by text or by calling.
"""

import json
from datetime import datetime, timedelta

from mentoring.asked_as import with_edition
from mentoring.calendar.asking_hours import is_asked_once
from mentoring.calendar.invitees import Batch, Invitee, new_question
from mentoring.calendar.ladders import LADDERS, Ladder
from mentoring.db import Session
from mentoring.editions.current import catalog_in
from mentoring.facts import facts_for, is_slow, language_of, state_of
from mentoring.flows import FLOWS, engine
from mentoring.flows.render import write, written
from mentoring.flows.state import State, Turn
from mentoring.lines import main_line
from mentoring.models import Channel, Conversation, Due
from mentoring.people import reads_alone
from mentoring.placeholders import params_in
from mentoring.queueing import queue_call
from mentoring.reminders import REMINDER

# A call that could not be placed for so long is not placed at all: its next try asks.
_KEEP_CALL_FOR = timedelta(hours=8)
# What cannot wait for a working day waits at most for the one call of the next day, and there for
# as long: whoever likes evenings is rung a whole day later.
_KEEP_URGENT_FOR = timedelta(days=1) + _KEEP_CALL_FOR


def prepare_question(batch: Batch, one: Invitee, *, by_text: bool) -> Turn:
    """Open the conversation that waits for the answer, and return its first turn.

    In the text channel a reply is taken for the answer, so that is only for a question that was
    texted in full; in any other case the question is put first.
    """
    question = new_question(one, now=batch.now)
    in_full = by_text and reads_alone(one.person, one.person.phone)
    question.channel = Channel.TEXT if in_full else Channel.VOICE
    turn = engine.start(
        FLOWS[question.flow],
        channel=question.channel.value,
        facts=facts_for(batch.session, question),
        slow=is_slow(question.phone),
    )
    # What is only told to wait is put later, in the words of that day.
    state = with_edition(batch.session, question, turn) if in_full else turn.state
    _seal_state(batch.session, question, state)
    batch.add_question(question, one)
    return turn


def _seal_state(session: Session, question: Conversation, state: State) -> None:
    question.state_sealed = session.vault.seal(
        json.dumps(state.to_json()), place=question.place("state_sealed")
    )


def ask_by_text(
    batch: Batch, one: Invitee, due: Due, ladder: Ladder, *, first: Turn | None
) -> None:
    """Text the question with its `first` turn; from the second try on, remind of what is open."""
    question = batch.question_on(one)
    if question is None:
        return
    if not reads_alone(one.person, one.person.phone) or question.channel is not Channel.TEXT:
        batch.add_prompt(ladder.discreet or REMINDER, one, due)
        return
    if first is not None:
        batch.add_text(_as_text(batch, question, first), one, due, prompt=None)
        return
    # Asked now, so the next words are its answer, also where it had been put off.
    question.effect = None
    state = state_of(batch.session, question)
    flow = FLOWS[question.flow]
    if ladder.reminder is not None and state.step == flow.first:
        batch.add_prompt(ladder.reminder, one, due)
        return
    if (ask := flow.ask(state.step)) is not None and ask.lesson:
        # A lesson with its question takes several texts: it comes when they want to go on.
        batch.add_prompt(REMINDER, one, due)
        return
    turn = engine.again(flow, state, facts=facts_for(batch.session, question))
    _seal_state(batch.session, question, with_edition(batch.session, question, turn))
    params = params_in(batch.session, question, now=batch.now)
    reminder = write(
        REMINDER,
        catalog=catalog_in(batch.session, question),
        language=language_of(question),
        params=params,
    )
    body = f"{reminder} {_as_text(batch, question, turn)}"
    batch.add_text(body, one, due, prompt=REMINDER)


def _as_text(batch: Batch, question: Conversation, turn: Turn) -> str:
    """Return what a turn asks, as a text."""
    texts = written(
        FLOWS[question.flow],
        turn,
        catalog=catalog_in(batch.session, question),
        language=language_of(question),
        params=params_in(batch.session, question, now=batch.now),
        facts=facts_for(batch.session, question),
    )
    return " ".join(texts)


def ask_for_call(session: Session, one: Invitee, due: Due, *, now: datetime) -> None:
    """Let the person be called: the call comes to the question once they have said who they are."""
    queue_call(
        session,
        flow=one.invitation.flow,
        person=one.person,
        line=main_line(session),
        dedupe_key=due.dedupe_key,
        match_id=one.invitation.match_id,
        invitation_id=one.invitation.id,
        keep_for=_kept_for(one.invitation.flow),
        now=now,
    )


def _kept_for(flow: str) -> timedelta:
    """Return for how long a call waits for its moment: to the end, where nothing else would ask."""
    ladder = LADDERS[flow]
    if ladder.any_day:
        return _KEEP_URGENT_FOR
    return ladder.rungs[1].after if is_asked_once(flow) else _KEEP_CALL_FOR

"""The people of a simulation: what each does with their phone, by temper and by chance.

They know what everybody would: who they are matched with, the line of their pair, what their phone
shows and what they hear.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from app.simulation.answers import WORDS, answer_to
from app.simulation.somebody import Somebody
from app.simulation.tempers import SAYINGS, Habit
from app.simulation.world import MAIN, World
from mentoring.db import Session
from mentoring.facts import state_of
from mentoring.flows import FLOWS
from mentoring.flows.state import State
from mentoring.flows.steps import Ask
from mentoring.models import Conversation, ConversationStatus, Phone
from telephony.emulator.leg import RINGING

# What somebody who is in the middle of answering takes for the next answer, in seconds.
_AT_ONCE = (15, 90)
# Who was lost in menus for so long puts the receiver down.
_MOST_STEPS = 60
_STAFF_COMES = "I will get a person."
# Made once, for it is asked some thousands of times in a year.
_KEPT = select(Conversation.key, Conversation.state_sealed)
_OPEN_QUESTION = _KEPT.join(Phone, Phone.id == Conversation.phone_id).where(
    Phone.number_index == bindparam("index"),
    Conversation.lasting.is_(True),
    Conversation.status == ConversationStatus.OPEN,
)
_QUESTION_OF_CALL = (
    _KEPT.where(Conversation.call_sid == bindparam("call_sid"))
    .order_by(Conversation.id.desc())
    .limit(1)
)


def open_question(session: Session, who: Somebody) -> tuple[Ask, State] | None:
    """Return the question that somebody's phone has, as it stands in their texts.

    It is read and no more: what the service does with a question that is too old is left to it.
    """
    return _question(session, _OPEN_QUESTION, index=session.vault.index(who.number))


def question_of_call(session: Session, call_sid: str) -> tuple[Ask, State] | None:
    """Return the question that a call waits for an answer to."""
    return _question(session, _QUESTION_OF_CALL, call_sid=call_sid)


def _question(
    session: Session, statement: Select[UUID, bytes], **wanted: object
) -> tuple[Ask, State] | None:
    found = session.columns(statement, wanted).first()
    if found is None:
        return None
    state = state_of(session, Conversation(key=found.key, state_sealed=found.state_sealed))
    step = FLOWS[state.flow].by_key.get(state.step)
    return (step, state) if isinstance(step, Ask) and state.phase != "done" else None


def text_back(world: World, who: Somebody, peer: str, is_partner: bool, rng: Random) -> None:
    """Answer the newest text: the partner in words, the service with an answer to its question."""
    if is_partner:
        who.phone.text(peer, WORDS)
        return
    with world.parts.db.transaction() as session:
        question = open_question(session, who)
    if question is None or question[1] == who.answered:
        # Nothing is asked, or only again what they have just answered.
        return
    now = world.clock.now()
    who.answered = question[1]
    who.acted.append(now)
    who.phone.text(peer, answer_to(who, *question, now, rng, in_call=False))
    who.answering_until = now + timedelta(minutes=10)


def wait_before_reply(who: Somebody, now: datetime, rng: Random) -> timedelta:
    """Return how long they take to answer: at once when they are answering anyway."""
    if who.answering_until is not None and now <= who.answering_until:
        return timedelta(seconds=rng.randint(*_AT_ONCE))
    if who.is_joining:
        return timedelta(minutes=rng.randint(1, 20))
    return timedelta(minutes=rng.randint(*who.temper.waits))


def act_in_call(world: World, who: Somebody, rng: Random) -> timedelta | None:
    """Do the next thing in a call that waits for them; returns after how long they act again."""
    call = who.phone.call
    if call is None or call.state != "in-call":
        return None
    leg = call.leg
    who.steps += 1
    if leg.peer is not None:
        # They talk, and one of them ends it.
        who.phone.hang_up()
        return None
    if who.steps > _MOST_STEPS:
        who.phone.hang_up()
        return None
    if leg.recording:
        who.phone.say(WORDS, wait=False)
        return timedelta(seconds=8)
    with world.parts.db.transaction() as session:
        question = question_of_call(session, call.sid)
    if question is None and (call.direction == "out" or who.steps > 1):
        # Nothing is asked any more; only whoever is rung by the partner is asked to accept first.
        who.phone.hang_up()
        return None
    now = world.clock.now()
    who.acted.append(now)
    given = "1" if question is None else answer_to(who, *question, now, rng, in_call=True)
    if not given.strip("0123456789#"):
        who.phone.press(given)
    else:
        who.phone.say(given, wait=False)
    return None


def ends_talks(who: Somebody) -> bool:
    """Tell whether it is they who put the receiver down: who dialled, else the one with the name
    that comes first, for a talk that the service has rung both for.
    """
    call = who.phone.call
    if call is None or call.leg.peer is None:
        return False
    other = who.partner
    theirs = other.phone.call if other is not None else None
    if call.direction == "out" or theirs is None:
        return call.direction == "out"
    return theirs.direction == "in" and who.number < other.number if other else False


def talk_lasts(rng: Random) -> timedelta:
    """Return how long two people talk: now and then too briefly to count."""
    return timedelta(seconds=rng.choice([40, 400, 700, 1200, 1800]))


def hears_ringing(who: Somebody) -> bool:
    """Tell whether all that somebody hears is that it rings at the other end."""
    call = who.phone.call
    return call is not None and bool(call.captions) and call.captions[-1].text == RINGING


def hears_of_staff(who: Somebody) -> bool:
    """Tell whether the line has said that it did not get on with them and fetches somebody."""
    call = who.phone.call
    return call is not None and any(_STAFF_COMES in heard.text for heard in call.captions)


def reach_out(who: Somebody, rng: Random) -> None:
    """Call or text the partner, as they like best."""
    if who.phone.call is not None or not who.line:
        return
    both_talk = who.likes_calls and who.partner is not None and who.partner.likes_calls
    if who.phone.landline or (both_talk and rng.random() < 0.8):
        who.phone.dial(who.line if rng.random() < 0.9 else MAIN)
        who.steps = 0
    else:
        who.phone.text(who.line, f"Hello {who.partner.name if who.partner else ''}, how are you?")


def join(who: Somebody) -> None:
    """Come in for the first time, by a call or a text to the line that is in the leaflet."""
    who.is_joining = True
    if who.likes_calls:
        who.phone.dial(MAIN)
        who.steps = 0
    else:
        who.phone.text(MAIN, "Hello, I have read about you")


def texts_of_a_day(who: Somebody) -> list[str]:
    """Return what somebody texts who texts all day long."""
    return [f"Thought {place} for {who.name}" for place in range(1, 83)]


def indulge(who: Somebody, habit: Habit, now: datetime) -> None:
    """Do what somebody does once, where it can be done on that phone at that moment."""
    if who.phone.call is not None:
        return
    if habit in (Habit.ASKS_BY_KEY, Habit.SAYS_NOTHING):
        who.phone.dial(MAIN)
        who.steps = 0
        who.is_mute, who.wants_staff = habit is Habit.SAYS_NOTHING, habit is Habit.ASKS_BY_KEY
        return
    if who.phone.landline:
        return
    saying = SAYINGS.get(habit)
    if saying is not None:
        who.phone.text(who.line if saying.to_partner else MAIN, saying.words)
        who.sayings.append((now, saying.rules))
    elif habit is Habit.LEAVES_OPEN:
        who.leaves_open = True
        who.phone.text(MAIN, "FINISH")
    elif habit is Habit.ASKS_BY_TEXT:
        who.phone.text(MAIN, "PERSON")
        who.asked_for_staff.append(now)
    elif habit is Habit.SHARES_NUMBER:
        digits = who.number.removeprefix("+1")
        who.phone.text(who.line, f"My own number is {digits[:3]} {digits[3:6]} {digits[6:]}")
        who.shared_number.append(now)

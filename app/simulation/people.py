"""The people of a simulation: what each does with their phone, by temper and by chance.

They know what everybody would: who they are matched with, the line of their pair, what their phone
shows and what they hear. What a question wants of them they read from the flow, so that no answer
of theirs hangs on the wording of a prompt.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.simulation.tempers import Temper
from app.simulation.world import MAIN, World
from mentoring.conversation_queries import conversation_of_call
from mentoring.conversations import state_of
from mentoring.db import Session
from mentoring.flows import FLOWS
from mentoring.flows.state import State
from mentoring.flows.steps import Ask, Kind
from mentoring.models import Conversation, ConversationStatus, Phone, Role
from telephony.emulator import Phone as Handset
from telephony.emulator import Text
from telephony.emulator.leg import RINGING

NEVER = datetime.max.replace(tzinfo=UTC)
_WORDS = "It goes well, thank you."
_USUAL = {"CHECK": "send", "CK2": "right", "CK4": "no"}
_SLOTS = ("Tue 6 pm", "Thursday at 5 pm", "Mon 10 am", "Sat 11 am")
# What somebody who is in the middle of answering takes for the next answer, in seconds.
_AT_ONCE = (15, 90)
# Who was lost in menus for so long puts the receiver down.
_MOST_STEPS = 40
_RARELY = 0.03


@dataclass
class Somebody:
    """One person. `zone` is where they are now; `line` is set while they have a partner."""

    number: str
    name: str
    role: Role
    zone: ZoneInfo
    temper: Temper
    phone: Handset
    likes_calls: bool = False
    code: str = ""
    partner: "Somebody | None" = None
    line: str = ""
    matched_at: datetime | None = None
    texts_seen: int = 0
    calls_seen: int = 0
    steps: int = 0
    # Whether they have made up their mind and will act: on a text, and in a call.
    will_reply: bool = False
    will_act: bool = False
    answering_until: datetime | None = None
    answered: State | None = None
    # When they opted out of texts, and when they came back.
    stops: list[tuple[datetime, datetime]] = field(default_factory=list)

    def is_silent(self, now: datetime) -> bool:
        """Tell whether they have turned away from the programme by now."""
        after = self.temper.goes_silent_after
        return (
            after is not None
            and self.matched_at is not None
            and now >= self.matched_at + timedelta(days=after)
        )

    def is_from_partner(self, text: Text) -> bool:
        return self.partner is not None and text.body.startswith(f"{self.partner.name}: ")


def open_question(session: Session, who: Somebody) -> tuple[Ask, State] | None:
    """Return the question that somebody's phone has, as it stands in their texts.

    It is read and no more: what the service does with a question that is too old is left to it.
    """
    question = (
        select(Conversation)
        .join(Phone, Phone.id == Conversation.phone_id)
        .where(
            Phone.number_index == session.vault.index(who.number),
            Conversation.lasting.is_(True),
            Conversation.status == ConversationStatus.OPEN,
        )
    )
    return _question_of(session, session.scalar(question))


def question_of_call(session: Session, call_sid: str) -> tuple[Ask, State] | None:
    """Return the question that a call waits for an answer to."""
    return _question_of(session, conversation_of_call(session, call_sid))


def _question_of(session: Session, found: Conversation | None) -> tuple[Ask, State] | None:
    if found is None:
        return None
    state = state_of(session, found)
    step = next((s for s in FLOWS[state.flow].steps if s.key == state.step), None)
    return (step, state) if isinstance(step, Ask) and state.phase != "done" else None


def answer_to(ask: Ask, state: State, rng: Random) -> str:
    """Return an answer as it is texted, or as it is pressed or said in a call."""
    if state.phase in ("confirming", "told"):
        return "1"
    if state.phase == "picking":
        return "2"
    if ask.kind in (Kind.CHOICE, Kind.PICKS):
        return _choice(ask, rng)
    if ask.kind is Kind.RATING:
        return str(rng.choice([ask.low, *[ask.high] * 4, *range(ask.low, ask.high + 1)]))
    if ask.kind in (Kind.SLOT, Kind.CLOCK, Kind.HOUR):
        return rng.choice(_SLOTS)
    return _WORDS


def _choice(ask: Ask, rng: Random) -> str:
    keys = {option.value: option.key or str(place) for place, option in enumerate(ask.options, 1)}
    if not keys:
        return "1"
    # The first answer of a menu is what most people want of it, but for these.
    usual = keys.get(_USUAL.get(ask.key, "")) or next(iter(keys.values()))
    return usual if rng.random() > _RARELY * len(keys) else rng.choice(list(keys.values()))


def text_back(world: World, who: Somebody, text: Text, rng: Random) -> None:
    """Answer the newest text: the partner in words, the service with an answer to its question."""
    if who.is_from_partner(text):
        who.phone.text(text.peer, _WORDS)
        return
    with world.parts.db.transaction() as session:
        question = open_question(session, who)
    if question is None or question[1] == who.answered:
        # Nothing is asked, or only again what they have just answered.
        return
    who.answered = question[1]
    who.phone.text(text.peer, answer_to(*question, rng))
    who.answering_until = world.clock.now() + timedelta(minutes=10)


def wait_before_reply(who: Somebody, now: datetime, rng: Random) -> timedelta:
    """Return how long they take to answer: at once when they are answering anyway."""
    if who.answering_until is not None and now <= who.answering_until:
        return timedelta(seconds=rng.randint(*_AT_ONCE))
    return timedelta(minutes=rng.randint(*who.temper.waits))


def act_in_call(world: World, who: Somebody, rng: Random) -> timedelta | None:
    """Do the next thing in a call that waits for them; returns after how long they act again."""
    call = who.phone.call
    if call is None or call.state != "in-call":
        return None
    leg = call.leg
    who.steps += 1
    if leg.peer is not None:
        # They talk, and the one who called ends it.
        if call.direction == "out":
            who.phone.hang_up()
        return None
    if who.steps > _MOST_STEPS:
        who.phone.hang_up()
        return None
    if leg.recording:
        who.phone.say(_WORDS, wait=False)
        return timedelta(seconds=8)
    with world.parts.db.transaction() as session:
        question = question_of_call(session, call.sid)
    if question is None and (call.direction == "out" or who.steps > 1):
        # Nothing is asked any more; only whoever is rung by the partner is asked to accept first.
        who.phone.hang_up()
        return None
    given = "1" if question is None else answer_to(*question, rng)
    if given.isdecimal():
        who.phone.press(given)
    else:
        who.phone.say(given, wait=False)
    return None


def talk_lasts(rng: Random) -> timedelta:
    """Return how long two people talk: now and then too briefly to count."""
    return timedelta(seconds=rng.choice([40, 200, 400, 700, 1200]))


def hears_ringing(who: Somebody) -> bool:
    """Tell whether all that somebody hears is that it rings at the other end."""
    call = who.phone.call
    return call is not None and bool(call.captions) and call.captions[-1].text == RINGING


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

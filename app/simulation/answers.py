"""What the people of a simulation answer, by who they are and by chance.

What a question wants of them they read from the flow, so that no answer of theirs hangs on the
wording of a prompt.
"""

from datetime import datetime, timedelta
from random import Random

from app.simulation.somebody import Said, Somebody
from mentoring.flows.menus import PER_PAGE, TURN_KEY, WHOLE
from mentoring.flows.orientation import LESSONS
from mentoring.flows.state import State
from mentoring.flows.steps import Ask, Kind
from mentoring.models import Role

WORDS = "It goes well, thank you."
_SLOTS = ("Tue 6 pm", "Thursday at 5 pm", "Mon 10 am", "Sat 11 am")
# Elsewhere the first answer is what most people want of a question.
_USUAL = {
    "CHECK": "send",
    "CK2": "right",
    "CK4": "no",
    "PB5": "none",
    "NX1": "nothing",
    # A worry is no danger here, and the match goes on.
    "N1": "no",
    "N4": "no",
    "DEB": "no",
}
_TURNS_THE_PAGE = str(TURN_KEY)
_RARELY = 0.01
_WRONG_NUMBER = "wrong"
# Who joins knows what they want; at all else some people now and then pick something odd.
_EARNEST = (
    *("welcome", "consent", "intake_protege", "intake_mentor"),
    *("orientation_protege", "orientation_mentor", "plan", "plan_rhythm", "milestone"),
)
_NEARLY = timedelta(days=40)


def answer_to(
    who: Somebody, ask: Ask, state: State, now: datetime, rng: Random, *, in_call: bool
) -> str:
    """Return an answer as it is texted, or as it is pressed or said in a call, and remember it."""
    if state.phase in ("confirming", "told"):
        return "1"
    if state.phase == "picking":
        return "2"
    if ask.kind in (Kind.CHOICE, Kind.PICKS, Kind.CLOCK):
        value = _choice(who, ask, state, now, rng)
        key = _key_for(ask, value, state, in_call=in_call)
        if not (in_call and key == _TURNS_THE_PAGE and len(ask.options) > WHOLE):
            who.said.append(Said(now, state.flow, ask.key, value))
        return key
    if ask.kind is Kind.RATING:
        rating = str(_rating(who, ask, rng))
        who.said.append(Said(now, state.flow, ask.key, rating))
        # In a call a bare 0 reaches a person, so an answer of up to two keys is ended by the pound.
        return f"{rating}#" if in_call and ask.is_two_digits else rating
    if ask.kind is Kind.NAME:
        return who.name
    if ask.kind in (Kind.SLOT, Kind.HOUR):
        return rng.choice(_SLOTS)
    return WORDS


def is_answer(body: str) -> bool:
    """Tell whether a text is an answer to a question, and not words for the partner."""
    return body.isdecimal() or body in _SLOTS


def _key_for(ask: Ask, value: str, state: State, *, in_call: bool) -> str:
    """Return the key for an option; in a call a longer list comes in pages."""
    place = [option.value for option in ask.options].index(value) if ask.options else 0
    if in_call and len(ask.options) > WHOLE:
        is_here = state.page == place // PER_PAGE
        return str(place % PER_PAGE + 1) if is_here else _TURNS_THE_PAGE
    return (ask.options[place].key if ask.options else "") or str(place + 1)


def _rating(who: Somebody, ask: Ask, rng: Random) -> int:
    """How it goes is told in fifths of what a question offers."""
    fifth = rng.choice(who.temper.rates)
    return ask.low + round((ask.high - ask.low) * (fifth - 1) / 4)


def _choice(who: Somebody, ask: Ask, state: State, now: datetime, rng: Random) -> str:
    # Nobody's number changes hands here, so nobody says that it is a wrong one.
    values = [option.value for option in ask.options if option.value != _WRONG_NUMBER]
    if not values:
        return ""
    if state.page == 0 and state.flow not in _EARNEST and rng.random() < _RARELY * len(values):
        return rng.choice(values)
    wanted = _wanted(who, ask.key, now)
    usual = wanted if wanted in values else _USUAL.get(ask.key, "")
    return usual if usual in values else values[0]


def _wanted(who: Somebody, question: str, now: datetime) -> str:
    """Return what somebody wants of a question that concerns them alone."""
    lesson = LESSONS.get(question)
    if lesson is not None:
        return lesson.right
    lived = now - who.matched_at if who.matched_at is not None else timedelta()
    is_there = lived >= timedelta(days=who.goal_after)
    wishes = {
        "WEL": who.role.value,
        "C0": "no" if who.phone.landline else "yes",
        "PA3": "voice" if who.likes_calls else "text",
        "GP3": who.rhythm,
        "MS1": "done" if is_there else "nearly" if lived + _NEARLY > timedelta(90) else "half",
        "MS4": "finish" if is_there and who.role is Role.PROTEGE else "keep",
    }
    if max(who.temper.rates) <= 3:
        wishes["CK2"] = "little"
    return wishes.get(question, "")

"""The moment that somebody meant who told a day and a time, perhaps in pieces and over days."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from mentoring.calendar.slot_times import next_moment
from mentoring.effects import Ended
from mentoring.flows import FLOWS
from mentoring.flows.slot_words import TODAY, TOMORROW
from mentoring.flows.slots import WEEKDAYS, day_in, whole_slot
from mentoring.flows.timing import slot_told
from mentoring.models import Answer


def moment_told(ended: Ended, question: str, *, zone: ZoneInfo) -> datetime:
    """Return the moment that was told in answer to a question, by the clocks of a zone.

    A day counts from when it was named: who says "tomorrow" and the hour on the next morning means
    that morning's day. So the moment may have passed.
    """
    slot = _slot_told(ended, question)
    return next_moment(slot, zone=zone, after=_day_named_at(ended, question))


def weekday_told(ended: Ended, question: str, *, zone: ZoneInfo) -> str:
    """Return the day and time that were told, with a weekday in place of today or tomorrow."""
    day, clock = _slot_told(ended, question).split()
    ahead = {TODAY: 0, TOMORROW: 1}.get(day)
    if ahead is None:
        return f"{day} {clock}"
    named = _day_named_at(ended, question).astimezone(zone).date() + timedelta(days=ahead)
    return f"{WEEKDAYS[named.weekday()]} {clock}"


def _slot_told(ended: Ended, question: str) -> str:
    """Return the day and time that were told in answer to a question, like `tue 18:00`."""
    flow = FLOWS[ended.conversation.flow]
    slot = flow.ask(question)
    return slot_told(flow, slot, ended.answers) if slot is not None else ""


# The questions for the pieces of a day and time: mentoring/flows/timing.py.
_PARTS = ("D", "T", "M")
_PIECES = (
    select(Answer.question, Answer.value, Answer.turn, Answer.at)
    .where(
        Answer.conversation_id == bindparam("conversation_id"),
        Answer.question.in_(bindparam("questions", expanding=True)),
    )
    .order_by(Answer.id.desc())
)


def _day_named_at(ended: Ended, question: str) -> datetime:
    """Return when the day was named; that is now where day and time were told at once."""
    parts = [f"{question}{part}" for part in _PARTS]
    if not any(part in ended.answers for part in parts):
        return ended.now
    wanted = {"conversation_id": ended.conversation.id, "questions": [question, *parts]}
    told = ended.session.columns(_PIECES, wanted).all()
    # What the last piece makes whole is kept in the same turn as that piece.
    in_pieces = any(each.question in parts for each in told if each.turn == told[0].turn)
    pieces = [((each.value or "").split(), each.at) for each in told if in_pieces]
    return next((at for words, at in pieces if day_in(words) and not whole_slot(words)), ended.now)

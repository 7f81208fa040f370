"""The cast of the journeys, and what they do in many of them."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from mentoring.models import (
    Contact,
    Match,
    MatchState,
    Person,
    Recording,
    Role,
)
from mentoring.people import find_phone
from tests.phone import Caller
from tests.town import Town

DENISE = "+15155550135"  # a protege with a landline
ROSA = "+15155550131"
LUIS = "+15155550112"  # a mentor
ELLEN = "+15155550111"  # another one
KIM = "+15155550148"  # somebody new, or a protege who cannot speak
DAN = "+15155550177"  # a stranger


def pair(town: Town, **mentor: object) -> Match:
    """Match Rosa, who talks and texts, with Luis; further facts are his."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA)
    luis = town.person(Role.MENTOR, "Luis", LUIS, **mentor)  # type: ignore[arg-type]
    return town.match(rosa, luis)


def goes_through(caller: Caller, *steps: tuple[str, str]) -> None:
    """Answer one question after the other, by keys or in words, and hear what comes next."""
    for given, next_heard in steps:
        if given.strip("0123456789*#"):
            caller.says(given)
        else:
            caller.presses(given)
        caller.hears(next_heard)


def person_at(town: Town, number: str) -> Person:
    """Return the one person behind a number."""
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        (person,) = phone.people
        return person


def contacts(town: Town) -> list[Contact]:
    """Return what the log says about matches, oldest first: no menu calls, no strangers."""
    return [entry for entry in town.log() if entry.match_id is not None]


def recordings(town: Town) -> list[Recording]:
    """Return all recordings and notes, oldest first."""
    with town.db.transaction() as session:
        audible = undefer(Recording.audio_sealed)
        return list(session.scalars(select(Recording).order_by(Recording.id).options(audible)))


def move(town: Town, match: Match, to: MatchState) -> None:
    """Put a match into a state, as staff would."""
    with town.db.transaction() as session:
        session.get_one(Match, match.id).state = to


def dialled(town: Town) -> list[str]:
    """Return every number that was dialled for somebody, in order."""
    return [
        call.called
        for call in town.emulator.store.calls.values()
        if call.direction == "outbound-dial"
    ]


def learn_nothing(heard: str) -> None:
    """Check that words name nobody of the cast and no number but the main line."""
    for name in ("Rosa", "Luis", "Denise", "Ellen", "mentor for", "match"):
        assert name not in heard, heard

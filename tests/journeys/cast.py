"""The cast of the journeys, and what they do in many of them."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from mentoring.holds import hold_match
from mentoring.matches import match_with_code
from mentoring.models import (
    Contact,
    Match,
    MatchState,
    Person,
    Recording,
    Role,
    Staff,
    StaffTask,
)
from mentoring.notes import audio_of
from mentoring.people import find_phone
from telephony.emulator import read_sound
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

DENISE = "+15155550135"  # a protege with a landline
ROSA = "+15155550131"
LUIS = "+15155550112"  # a mentor
ELLEN = "+15155550111"  # another one
KIM = "+15155550148"  # somebody new, or a protege who cannot speak
DAN = "+15155550177"  # a stranger

# How a protege with a landline answers, question by question, and what comes next.
TO_C3 = (
    ("1", "Can this phone get texts"),
    ("1", "about 8 texts a month"),
    ("1", "computer voice"),
    ("1", "We do not record your talks"),
)
CONSENT_BY_KEYS = (
    ("1", "Can this phone get texts"),
    ("2", "May we also call you with a computer voice"),
    ("1", "We do not record your talks"),
    ("1", "private"),
    ("1", "You can leave at any time"),
    ("1", "Are you 18 or older"),
)
INTAKE_BY_KEYS = (
    ("1", "What first name"),
    ("Denise", "I heard Denise"),
    ("1", "How do you like to talk"),
    ("1", "I think it is 11:0"),
    ("1", "show our name"),
    ("1", "Thanks, Denise. Part 1 is done"),
    ("1", "Where is your business now"),
    ("4", "speak after the tone"),
)
AFTER_THE_OPEN_QUESTION = (
    ("1", "You chose money"),
    ("1", "What help do you want"),
    ("4", "For planning press 1"),
    ("2", "You chose money and selling online"),
    ("2", "When can you talk"),
    ("1", "You chose mornings"),
    ("2", "How can we make this easy"),
    ("4", "For none of these press 2"),
    ("2", "Would you like a mentor who has a disability"),
    ("2", "All done, Denise!"),
)


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


def words_of(town: Town, task: StaffTask) -> str:
    """Return what staff hear when they listen to what a task holds."""
    (message,) = (each for each in recordings(town) if each.id == task.recording_id)
    with town.db.transaction() as session:
        audio = audio_of(session, message)
    assert audio is not None
    return read_sound(audio).words


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


def asks_for_a_person(town: Town) -> Caller:
    """Kim, of whom nothing is known, asks for a person."""
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.presses("0")
    kim.hears("I am calling our staff now. This may take a minute.")
    return kim


def leave_nobody_on_duty(town: Town) -> None:
    with town.db.transaction() as session:
        for member in session.scalars(select(Staff)):
            member.on_duty = False


def reaches_the_note(town: Town) -> Caller:
    """Rosa calls Luis, who cannot talk."""
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    town.phone(LUIS).reject()
    rosa.hears("Luis can't talk right now", "leave a voice note after the tone")
    return rosa


def hold(town: Town, code: str = "K01") -> None:
    with town.db.transaction() as session:
        match = match_with_code(session, code)
        hold_match(session, match, actor="staff", reason="a worry", now=town.clock.now())

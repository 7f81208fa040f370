"""Somebody with only a landline does everything by voice."""

from mentoring.models import LineType, Mode, Outcome, PersonState, Role
from mentoring.people import find_phone
from tests.town import MAIN, PAIRS, Town

CALLER, MENTOR = "+15155550149", "+15155550112"


def heard_since(town: Town, number: str, start: int) -> str:
    return " ".join(c.text for c in town.phone(number).heard[start:])


def answer_all(town: Town, number: str, *answers: str) -> list[str]:
    """Press keys one question after another, or say the words; returns what was heard each time."""
    phone = town.phone(number)
    heard = []
    for given in answers:
        start = len(phone.heard)
        if given[0] in "0123456789*#":
            phone.press(given)
        else:
            phone.say(given)
        phone.listen()
        heard.append(heard_since(town, number, start))
    return heard


def test_from_a_first_call_to_a_bridged_talk_and_a_voice_note(town: Town) -> None:
    caller = town.phone(CALLER, landline=True)
    caller.dial(MAIN)
    caller.listen()
    print(heard_since(town, CALLER, 0))
    for line in answer_all(town, CALLER, "1", "2", "1", "1", "1", "1"):
        print("  ", line)
    for line in answer_all(town, CALLER, "1", "Denise", "1", "1", "1", "3", "1"):
        print("  ", line)
    for line in answer_all(town, CALLER, "4"):
        print("  ", line)
    start = len(caller.heard)
    caller.listen()
    caller.say("I alter clothes")
    caller.press("#")
    caller.listen()
    print("REC", heard_since(town, CALLER, start))
    for line in answer_all(town, CALLER, "1", "2", "1", "1", "2"):
        print("  ", line)
    print([ (c.who,c.text) for c in caller.heard[-8:]])
    for line in answer_all(town, CALLER, "1","1"):
        print("  ", line)
    town.settle()
    with town.db.transaction() as session:
        phone = find_phone(session, CALLER)
        assert phone is not None
        (person,) = phone.people
        print(person.first_name, person.state, person.profile, person.mode, person.zone)
    for t in town.tasks(): print(t.rule, t.words)
    assert 0

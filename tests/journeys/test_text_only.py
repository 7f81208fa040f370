"""Somebody who cannot speak or hear does everything by text."""

from mentoring.models import Mode, Outcome, PersonState, Role
from mentoring.people import find_phone
from tests.town import MAIN, PAIRS, Town

KIM, ELLEN = "+15155550148", "+15155550111"


def say_and_read(town: Town, number: str, *bodies: str) -> list[str]:
    phone = town.phone(number)
    seen = len(phone.inbox)
    for body in bodies:
        phone.text(MAIN, body)
        town.settle()
        town.emulator.advance(3)
    return [text.body for text in phone.inbox[seen:]]


def test_a_text_only_protege_goes_from_the_first_text_to_relayed_texts(town: Town) -> None:
    kim = town.phone(KIM)
    heard = say_and_read(town, KIM, "Hi")
    print(heard)
    heard = say_and_read(town, KIM, "1", "1", "yes", "1", "ok", "1")
    print(heard)
    heard = say_and_read(town, KIM, "1", "Kim", "2", "1", "1", "1")
    print(heard)
    heard = say_and_read(town, KIM, "2", "A nail salon", "AC", "13", "2", "2")
    print(heard)
    with town.db.transaction() as session:
        phone = find_phone(session, KIM)
        assert phone is not None
        (person,) = phone.people
        assert person.first_name == "Kim"
        assert person.state is PersonState.SCREENING
        assert person.mode is Mode.TEXT
        assert person.zone == "America/Chicago"
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN, mode=Mode.TEXT)
    town.match(person, ellen)
    kim.text(PAIRS[0], "Hello Ellen, how do I find buyers?")
    town.settle()
    assert town.phone(ELLEN).inbox[-1].body == "Kim: Hello Ellen, how do I find buyers?"
    assert town.phone(ELLEN).inbox[-1].peer == PAIRS[0]
    town.phone(ELLEN).text(PAIRS[0], "Ask the ones you have 🙂")
    town.settle()
    assert kim.inbox[-1].body == "Ellen: Ask the ones you have 🙂"
    first, second = [c for c in town.log() if c.match_id]
    assert (first.outcome, second.outcome) == (Outcome.DELIVERED, Outcome.DELIVERED)
    assert second.two_way

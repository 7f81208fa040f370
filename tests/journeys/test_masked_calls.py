"""Masked calls, played as the phones hear them."""

from mentoring.models import Mode, Outcome, Role
from tests.town import MAIN, PAIRS, Town

DENISE, AMINA = "+15155550135", "+15155550116"
ROSA, LUIS = "+15155550131", "+15155550112"


def pair(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE)
    luis = town.person(Role.MENTOR, "Luis", LUIS)
    town.match(rosa, luis)


def test_a_protege_calls_the_pair_line_and_talks_with_the_mentor(town: Town) -> None:
    pair(town)
    rosa, luis = town.phone(ROSA), town.phone(LUIS)
    rosa.dial(PAIRS[0])
    rosa.listen()
    assert luis.ringing == PAIRS[0]
    luis.answer()
    luis.listen()
    assert "Rosa would like to talk" in " ".join(c.text for c in luis.heard)
    luis.press("1")
    rosa.talk("Hello Luis")
    assert luis.heard[-1].text == "Hello Luis"
    town.emulator.advance(200)
    luis.hang_up()
    town.settle()
    (contact,) = town.log()
    assert contact.outcome is Outcome.TALKED
    assert contact.two_way
    assert contact.seconds is not None
    assert 195 <= contact.seconds <= 205

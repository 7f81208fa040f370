"""Two people on one number: nothing private before it is clear who is there (S9)."""

from sqlalchemy import delete

from mentoring.models import Consent, Mode, Outcome, Person, Role
from tests.journeys.cast import KIM, LUIS, contacts, goes_through
from tests.journeys.service_calls import queue, rings
from tests.town import MAIN, PAIRS, Town

HOME = "+15155550149"


def household(town: Town) -> tuple[Person, Person]:
    """Ana, who has a match with Luis, and Bea, who waits, share a phone."""
    ana = town.person(Role.PROTEGE, "Ana", HOME, shared=True)
    bea = town.person(Role.PROTEGE, "Bea", HOME, shared=True)
    town.match(ana, town.person(Role.MENTOR, "Luis", LUIS))
    return ana, bea


def test_a_call_from_a_shared_phone_asks_who_it_is_first(town: Town) -> None:
    household(town)
    home = town.caller(HOME)
    words = home.calls(MAIN)
    home.hears("Who is this?", "For Ana press 1", "For Bea press 2", "somebody else")
    assert "Luis" not in words
    home.presses("1")
    home.hears("To call Luis press 1")
    home.hangs_up()
    home.calls(MAIN)
    home.says("Bea")
    home.hears("You are all set for now")
    home.hears_none_of("Luis")


def test_somebody_else_on_a_shared_phone_is_welcomed_like_anybody(town: Town) -> None:
    household(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    home.presses("3")
    home.hears("To get a mentor press 1")
    home.hears_none_of("Luis")


def test_a_text_from_a_shared_phone_asks_who_it_is_first(town: Town) -> None:
    household(town)
    (question,) = town.texts(HOME, MAIN, "Hello")
    assert question == "Who is this? Reply 1 Ana, 2 Bea, 3 somebody else."
    (menu,) = town.texts(HOME, MAIN, "Ana")
    assert "Reply 1 to call Luis" in menu


def test_the_whisper_on_a_shared_phone_asks_for_the_name_before_anything_else(town: Town) -> None:
    household(town)
    luis, home = town.caller(LUIS), town.caller(HOME)
    luis.calls(PAIRS[0])
    words = home.answers()
    home.hears("Is this Ana?", "Yes press 1", "No press 2")
    assert "Luis" not in words
    home.presses("1")
    home.hears("Luis would like to talk")
    home.presses("1")
    luis.talks("Hello Ana")
    home.hears("Hello Ana")


def test_a_wrong_person_at_the_whisper_learns_nothing_and_joins_nobody(town: Town) -> None:
    household(town)
    luis, home = town.caller(LUIS), town.caller(HOME)
    luis.calls(PAIRS[0])
    home.answers()
    home.says("no")
    home.hears("[call ended]")
    home.hears_none_of("Luis")
    luis.hears("Ana can't talk right now")
    (contact,) = contacts(town)
    assert (contact.outcome, contact.accepted_at) == (Outcome.NO_ANSWER, None)
    luis.hangs_up()
    town.pass_time(15)
    assert "You missed a call on this line" in town.phone(HOME).inbox[-1].body


def test_two_proteges_on_one_phone_reach_their_own_mentors(town: Town) -> None:
    _, bea = household(town)
    town.match(bea, town.person(Role.MENTOR, "Kim", KIM, mode=Mode.BOTH))
    home = town.caller(HOME)
    home.calls(PAIRS[0])
    assert town.phone(LUIS).ringing == PAIRS[0]
    home.hangs_up()
    home.calls(PAIRS[1])
    assert town.phone(KIM).ringing == PAIRS[1]
    home.hangs_up()
    town.settle()
    town.texts(HOME, PAIRS[1], "Good morning")
    assert town.phone(KIM).inbox[-1].body == "Bea: Good morning"


def test_a_bare_one_of_a_couple_can_have_a_phone_marked_as_shared(town: Town) -> None:
    town.person(Role.PROTEGE, "Ana", HOME, shared=True)
    home = town.caller(HOME)
    home.calls(MAIN)
    home.hears("Who is this?", "For Ana press 1", "For somebody else press 2")


def test_by_text_each_of_the_two_can_use_the_menu(town: Town) -> None:
    household(town)
    town.texts(HOME, MAIN, "hi")
    assert "tell us something" in town.texts(HOME, MAIN, "2")[0]
    assert "What would you like to tell us" in town.texts(HOME, MAIN, "1")[0]


def test_the_open_question_of_one_is_not_put_to_the_other(town: Town) -> None:
    town.person(Role.PROTEGE, "Bea", HOME, shared=True)
    home = town.caller(HOME)
    home.calls(MAIN)
    goes_through(home, ("2", "To be a mentor"), ("2", "Can this phone get texts"))
    home.hangs_up()
    town.settle()
    home.calls(MAIN)
    home.hears("Who is this?")
    home.presses("1")
    home.hears("You are all set for now")


def test_whoever_began_on_a_shared_phone_goes_on_after_saying_who_it_is(town: Town) -> None:
    town.person(Role.PROTEGE, "Bea", HOME, shared=True)
    home = town.caller(HOME)
    home.calls(MAIN)
    goes_through(home, ("2", "To be a mentor"), ("2", "Can this phone get texts"))
    home.hangs_up()
    town.settle()
    home.calls(MAIN)
    home.hears("For Bea press 1", "somebody else press 2")
    home.hears_none_of("M01")
    home.presses("2")
    home.hears("Can this phone get texts")


def test_who_says_no_to_texts_says_it_for_nobody_else_on_the_phone(town: Town) -> None:
    ana = town.person(Role.PROTEGE, "Ana", HOME, shared=True, mode=Mode.TEXT)
    town.match(ana, town.person(Role.MENTOR, "Luis", LUIS))
    home = town.caller(HOME)
    home.calls(MAIN)
    home.hears("Who is this?")
    goes_through(
        home,
        ("2", "To be a mentor"),
        ("2", "Can this phone get texts"),
        ("1", "about 8 texts a month"),
        ("2", "press 1"),
    )
    home.hangs_up()
    town.settle()
    assert town.texts(LUIS, PAIRS[0], "See you at ten") == []
    assert town.phone(HOME).inbox[-1].body == "Luis: See you at ten"


def test_who_says_no_to_automated_calls_says_it_for_nobody_else_on_the_phone(town: Town) -> None:
    ana, _ = household(town)
    home = town.caller(HOME)
    home.calls(MAIN)
    goes_through(
        home,
        ("3", "To get a mentor"),
        ("2", "Can this phone get texts"),
        ("1", "about 8 texts a month"),
        ("1", "computer voice"),
        ("2", "We do not record your talks"),
    )
    home.hangs_up()
    town.settle()
    queue(town, ana)
    rings(town, HOME).hears("Is this Ana?")


def test_nobody_is_texted_because_another_one_on_the_phone_agreed(town: Town) -> None:
    town.person(Role.PROTEGE, "Ana", HOME, shared=True)
    bea = town.person(Role.PROTEGE, "Bea", HOME, shared=True)
    with town.db.transaction() as session:
        session.execute(delete(Consent).where(Consent.person_id == bea.id))
    town.match(bea, town.person(Role.MENTOR, "Luis", LUIS))
    (told,) = town.texts(LUIS, PAIRS[0], "See you at ten")
    assert "Bea does not use texts" in told
    assert town.phone(HOME).inbox == []

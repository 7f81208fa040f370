"""A mentor joins by phone, and by text."""

from mentoring.models import Mode, PersonState, Role
from tests.journeys.cast import ELLEN, TO_C3, goes_through, person_at
from tests.town import MAIN, Town


def test_a_mentor_does_the_whole_intake_by_phone(town: Town) -> None:
    ellen = town.caller(ELLEN)
    ellen.calls(MAIN)
    goes_through(
        ellen,
        ("2", "Can this phone get texts"),
        *TO_C3[1:],
        ("1", "private"),
        ("1", "Do you want to join"),
        ("1", "18 or older"),
        ("1", "What first name"),
        ("Ellen", "I heard Ellen"),
        ("1", "How do you like to talk"),
        ("1", "I think it is 11:0"),
        ("1", "show our name"),
        ("1", "How long have you run a business"),
        ("4", "What kind of business have you run"),
    )
    ellen.records("A bakery for 21 years")
    ellen.hears("What can you help with", "For money press 1", "More choices press 4")
    goes_through(
        ellen,
        ("1", "You chose money"),
        ("1", "What can you help with"),
        ("2", "You chose money and customers"),
        ("1", "What can you help with"),
        ("3", "You chose money, customers and rules"),
        ("1", "What can you help with"),
        ("4", "For planning press 1"),
        ("1", "You chose money, customers, rules and planning"),
        ("2", "How many people can you mentor"),
        ("2", "How much time can you give each month"),
        ("2", "When can you talk"),
        ("3", "You chose evenings"),
        ("2", "May we tell them you have one"),
        ("2", "We ask 2 people who know you"),
    )
    ellen.presses("1")
    ellen.hears("Thank you, Ellen", "Next comes a short training", "[call ended]")
    town.settle()
    person = person_at(town, ELLEN)
    assert (person.role, person.state) == (Role.MENTOR, PersonState.SCREENING)
    assert person.mode is Mode.VOICE
    assert person.profile["topics"] == "A,B,C,D"
    assert person.profile["capacity"] == "2"
    assert person.profile["may_share_disability"] == "no"
    assert "screening" in [task.rule for task in town.tasks()]


def test_a_mentor_does_the_whole_intake_by_text(town: Town) -> None:
    town.texts(ELLEN, MAIN, "Hello", "2", "1", "1", "1", "1")
    asked = town.texts(ELLEN, MAIN, "1")
    assert asked[-1] == "Are you 18 or older? Reply 1 for yes, 2 for no."
    town.pass_time(1200)
    town.texts(ELLEN, MAIN, "1", "Ellen", "texts", "1", "1")
    town.texts(ELLEN, MAIN, "over 10", "A bakery", "a, b and c", "1", "3-4 hours")
    town.pass_time(1200)
    assert "May we tell them you have one" in town.texts(ELLEN, MAIN, "evenings")[-1]
    assert "2 people who know you" in town.texts(ELLEN, MAIN, "1")[-1]
    (done,) = town.texts(ELLEN, MAIN, "My sister Mia, ask me for the number")
    assert done.startswith("Thank you, Ellen.")
    person = person_at(town, ELLEN)
    assert (person.role, person.state) == (Role.MENTOR, PersonState.SCREENING)
    assert person.profile["topics"] == "A,B,C"
    assert person.profile["may_share_disability"] == "yes"

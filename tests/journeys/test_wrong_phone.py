"""An answer that comes from another phone than the one that was asked: it answers nothing there."""

from sqlalchemy import select

from mentoring.models import Answer, Role
from tests.journeys.cast import DAN, KIM, LUIS, ROSA, goes_through, learn_nothing, person_at
from tests.journeys.ending import text_pair
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

FIRST = "Have you and Luis talked or texted yet?"
THANKS = "Thank you, Rosa. That helps. If something comes up, text WORRY or call 515 555 0100."


def both_are_asked(town: Town) -> None:
    """Let the third day come, on which Rosa and Luis are asked by text."""
    text_pair(town)
    town.days_pass(3.1)
    assert FIRST in town.phone(ROSA).inbox[-1].body


def answers_at(town: Town, number: str) -> dict[str, str | None]:
    person_id = person_at(town, number).id
    with town.db.transaction() as session:
        rows = session.scalars(select(Answer).where(Answer.person_id == person_id))
        return {row.question: row.value for row in rows}


def rosa_answers_all_the_same(town: Town) -> None:
    """Her question is open as before, and her own phone answers it."""
    assert answers_at(town, ROSA) == {}
    assert town.texts(ROSA, MAIN, "3") == [THANKS]
    assert answers_at(town, ROSA) == {"CKA": "tried"}


def test_the_phone_of_nobody_is_welcomed_like_any_stranger(town: Town) -> None:
    both_are_asked(town)

    (welcome,) = town.texts(DAN, MAIN, "1")

    assert welcome.startswith("Hi, this is BridgeLine")
    learn_nothing(welcome)
    rosa_answers_all_the_same(town)


def test_a_friend_whose_phone_she_borrows_to_text_gets_their_own_menu(town: Town) -> None:
    both_are_asked(town)
    town.person(Role.PROTEGE, "Kim", KIM)

    (menu,) = town.texts(KIM, MAIN, "1")

    assert menu.startswith("You are all set for now.")
    learn_nothing(menu)
    assert answers_at(town, KIM) == {}
    rosa_answers_all_the_same(town)


def test_the_partners_phone_answers_the_partners_own_question(town: Town) -> None:
    both_are_asked(town)

    assert "Thank you, Luis." in town.texts(LUIS, MAIN, "2")[0]

    assert answers_at(town, LUIS) == {"CKA": "not_yet"}
    rosa_answers_all_the_same(town)


def test_a_partner_who_has_answered_already_answers_for_nobody_else(town: Town) -> None:
    both_are_asked(town)
    town.texts(LUIS, MAIN, "2")

    town.texts(LUIS, MAIN, "1")

    assert answers_at(town, LUIS) == {"CKA": "not_yet"}
    rosa_answers_all_the_same(town)


def test_on_the_pair_line_a_number_answers_nobody_and_reaches_nobody(town: Town) -> None:
    both_are_asked(town)

    (said,) = town.texts(ROSA, PAIRS[0], "3")

    assert said.startswith("Was that for Luis or for BridgeLine?")
    assert "Rosa: 3" not in [text.body for text in town.phone(LUIS).inbox]
    rosa_answers_all_the_same(town)


def test_whoever_calls_from_a_borrowed_phone_learns_nothing_of_the_question(town: Town) -> None:
    both_are_asked(town)
    borrowed: Caller = town.caller(DAN)

    borrowed.calls(MAIN)

    borrowed.hears("To get a mentor")
    learn_nothing(borrowed.heard)
    borrowed.hangs_up()
    town.settle()
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears(FIRST)
    goes_through(rosa, ("1", "Thank you, Rosa. That helps."))
    assert answers_at(town, ROSA) == {"CKA": "yes"}

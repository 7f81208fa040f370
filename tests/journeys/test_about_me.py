"""A mentor says by phone or text what others may hear of them; staff read a line first (V-MP)."""

from sqlalchemy import select

from mentoring.models import Answer, Mode
from mentoring.people import person_with_code
from tests.journeys.cast import LUIS, ROSA, goes_through, recordings
from tests.journeys.ending import got
from tests.journeys.proposing import luis_is_free, rosa_waits, staff_propose
from tests.town import MAIN, Town

ASKED = (
    "Those who wait may hear your first name, years, kind of business and topics. OK? Reply 1 for"
    " yes, 2 for no."
)
OWN = (
    "What would you like to say to somebody we may match you with? One sentence, without numbers or"
    " addresses. Or reply 0 to skip."
)
TASK = (
    "M01 has said a line of their own. Look at it in what they told us, and write it down among"
    " their details if others may hear it."
)


def profile(town: Town) -> dict[str, object]:
    with town.db.transaction() as session:
        return dict(person_with_code(session, "M01").profile)


def words(town: Town) -> str:
    """Return what was written to the question for a line, as staff read it."""
    with town.db.transaction() as session:
        answer = session.scalars(select(Answer).where(Answer.question == "OWN")).one()
        assert answer.words_sealed is not None
        return session.vault.open(answer.words_sealed, place=answer.place("words_sealed"))


def test_by_text_the_permission_holds_at_once_and_the_line_waits_for_staff(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    menu, asked, own, thanks = town.texts(LUIS, MAIN, "MENU", "3", "1", "I began with one pan")
    assert "3 for what others hear of you" in menu
    assert (asked, own) == (ASKED, OWN)
    assert thanks.startswith("Thank you. Our staff read it first.")
    assert profile(town)["described"] == "yes"
    assert "own_line" not in profile(town)
    assert words(town) == "I began with one pan"
    assert [task.words for task in town.tasks()] == [TASK]


def test_nobody_hears_a_line_that_staff_have_not_written_down(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    town.texts(LUIS, MAIN, "MENU", "3", "1", "I began with one pan")
    rosa_waits(town, mode=Mode.TEXT)
    staff_propose(town)
    assert not any("one pan" in text for text in town.texts(ROSA, MAIN, "3"))


def test_a_no_takes_the_permission_back_and_the_line_may_be_left_out(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    town.texts(LUIS, MAIN, "MENU", "3", "1", "0")
    assert profile(town)["described"] == "yes"
    said = town.texts(LUIS, MAIN, "MENU", "3", "2", "0")
    assert said[-1] == "Thank you. We have noted it. To change it, text MENU any time."
    assert profile(town)["described"] == "no"
    assert town.tasks() == []


def test_by_phone_the_line_is_said_after_the_tone(town: Town) -> None:
    luis_is_free(town, mode=Mode.VOICE, landline=True, texts=False)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.hears("For what others hear of you press 3")
    goes_through(
        luis,
        ("3", "Is that OK?"),
        ("1", "What would you like to say to somebody we may match you with?"),
    )
    luis.records("I began with one pan")
    luis.hears("Thank you. Our staff listen to it first.")
    luis.hangs_up()
    town.settle()
    (task,) = town.tasks()
    assert task.words == TASK
    assert [task.recording_id] == [each.id for each in recordings(town)]
    assert profile(town)["described"] == "yes"


def test_in_a_match_a_mentor_finds_it_behind_all_else(town: Town) -> None:
    luis_is_free(town, mode=Mode.TEXT)
    rosa_waits(town, mode=Mode.TEXT)
    with town.db.transaction() as session:
        luis, rosa = (person_with_code(session, code) for code in ("M01", "P01"))
    town.match(rosa, luis)
    menu = town.texts(LUIS, MAIN, "MENU", "3", "4")
    assert "4 for what others hear of you" in menu[1]
    assert menu[2] == ASKED
    # Whoever is no mentor is not offered it.
    assert "others hear of you" not in town.texts(ROSA, MAIN, "MENU", "3")[1]
    assert got(town, LUIS)[-1] == ASKED

"""Both said yes: how each hears of it, by what may be said where others read or listen (S8, S9)."""

import pytest

from mentoring.models import Mode
from telephony.emulator import voicemail
from tests.journeys.cast import LUIS, ROSA, goes_through
from tests.journeys.ending import got, state_at
from tests.journeys.proposing import luis_is_free, rosa_waits, staff_propose
from tests.town import MAIN, PAIRS, Town


def both_say_yes(town: Town, protege_says: tuple[str, ...] = ("1",)) -> None:
    """Staff propose, and the two say yes by text."""
    staff_propose(town)
    town.texts(ROSA, MAIN, *protege_says)
    town.texts(LUIS, MAIN, "1")
    assert state_at(town, ROSA) == "matched"


@pytest.mark.parametrize("privacy", [{"safe_contact": 2}, {"shared": True}])
def test_where_others_read_texts_the_news_names_nobody_and_waits_for_her(
    town: Town, privacy: dict[str, object]
) -> None:
    rosa_waits(town, mode=Mode.TEXT, **privacy)  # type: ignore[arg-type]
    luis_is_free(town, mode=Mode.TEXT)
    opens = ("MENU", "1") if "shared" in privacy else ("MENU",)
    staff_propose(town)
    assert not any("Luis" in text for text in got(town, ROSA))
    town.texts(ROSA, MAIN, *opens, "1")
    before = len(got(town, ROSA))
    town.texts(LUIS, MAIN, "1")
    news = got(town, ROSA, after=before)
    assert news
    assert not any("Luis" in text for text in news)
    told = town.texts(ROSA, MAIN, *opens)
    assert any(text.startswith("Good news! Luis said yes too.") for text in told)


def test_whose_messages_may_not_be_left_gets_no_text_of_it_and_staff_tell(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT, safe_contact=3)
    luis_is_free(town, mode=Mode.TEXT)
    both_say_yes(town, ("MENU", "1"))
    assert not any(text.peer in PAIRS for text in town.phone(ROSA).inbox)
    told = [task.words for task in town.tasks() if task.rule == "tell"]
    assert told == ["Tell P01 by phone: M01 said yes too, and they are a match: K01."]


def test_on_the_shared_phone_of_a_mentor_the_new_line_names_nobody(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT, shared=True)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "MENU", "1", "1")
    (line,) = [text.body for text in town.phone(LUIS).inbox if text.peer in PAIRS]
    assert line.startswith("You have a new line with us.")


@pytest.mark.parametrize(
    ("safe_contact", "left"),
    [(1, "this is BridgeLine"), (2, "Hello, please call"), (3, "")],
)
def test_a_voicemail_hears_of_the_news_only_what_the_code_allows(
    town: Town, safe_contact: int, left: str
) -> None:
    rosa_waits(town, mode=Mode.VOICE, landline=True, texts=False, safe_contact=safe_contact)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    rosa = town.caller(ROSA)
    rosa.answers()
    goes_through(rosa, ("1", "It is Luis"), ("1", "Thank you. Now we ask Luis"))
    rosa.hangs_up()
    town.settle()
    town.texts(LUIS, MAIN, "1")
    handset = town.phone(ROSA, when_rung=voicemail(after=5))
    town.days_pass(2)
    town.pass_time(60)
    _, call = handset.calls
    said = " ".join(each.text for each in call.captions if each.who == "line")
    assert left in said
    assert "Luis" not in said
    assert (said == "[call ended]") is (safe_contact == 3)


@pytest.mark.parametrize(
    ("safe_contact", "left"),
    [(1, "this is BridgeLine"), (2, "Hello, please call"), (3, "[call ended]")],
)
def test_a_voicemail_hears_nothing_of_a_proposal_either(
    town: Town, safe_contact: int, left: str
) -> None:
    rosa_waits(town, mode=Mode.VOICE, landline=True, texts=False, safe_contact=safe_contact)
    luis_is_free(town, mode=Mode.TEXT)
    handset = town.phone(ROSA, when_rung=voicemail(after=5))
    staff_propose(town)
    town.pass_time(60)
    said = " ".join(each.text for each in handset.heard if each.who == "line")
    assert left in said
    assert "Luis" not in said
    assert (said == "[call ended]") is (safe_contact == 3)

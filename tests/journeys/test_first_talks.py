"""With the news of a match comes a time for the first talk at which both are free (T-MP3)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from mentoring.holds import hold_match
from mentoring.matches import close_match
from mentoring.models import ClosureReason, Match, Mode, Talk
from mentoring.people import person_with_code
from tests.journeys.cast import DENISE, LUIS, ROSA, goes_through
from tests.journeys.ending import got
from tests.journeys.proposing import luis_is_free, rosa_waits, staff_propose
from tests.town import MAIN, PAIRS, Town

# Both are free in the evening; it is a Tuesday.
ASKS = (
    "Good news! Luis said yes too. First talk: Wed, Mar 4, 5 pm your time. Save this number: it"
    " reaches Luis. Reply 1 OK, 2 new time."
)
BOOKED = "Your talk with Luis is now Wed, Mar 4 at 5 pm your time. We will tell Luis."


def talks(town: Town) -> list[tuple[str, str]]:
    """Return the talks there are by UTC, with their states."""
    with town.db.transaction() as session:
        rows = session.query(Talk).order_by(Talk.id)
        return [(f"{talk.at:%a %H:%M}", talk.state.value) for talk in rows]


def the_match(town: Town) -> Match:
    with town.db.transaction() as session:
        return session.scalars(select(Match)).one()


def become_a_match(town: Town, **luis: object) -> None:
    """Rosa and Luis say yes to each other by text."""
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT, **luis)  # type: ignore[arg-type]
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")


def test_one_text_from_the_number_to_save_tells_asks_and_is_answered(town: Town) -> None:
    become_a_match(town)
    news = town.phone(ROSA).inbox[-1]
    assert (news.body, news.peer) == (ASKS, PAIRS[0])
    assert talks(town) == [("Wed 23:00", "proposed")]
    assert town.texts(ROSA, PAIRS[0], "1") == [BOOKED]
    answer = town.phone(ROSA).inbox[-1]
    assert (answer.body, answer.peer) == (BOOKED, PAIRS[0])
    assert not any(text.startswith("Rosa: ") for text in got(town, LUIS))
    assert talks(town) == [("Wed 23:00", "planned")]
    # From now on a number is for the other one, as all else is.
    town.texts(ROSA, PAIRS[0], "1")
    assert got(town, LUIS)[-1] == "Rosa: 1"


def test_another_time_is_set_on_the_number_to_save_too(town: Town) -> None:
    become_a_match(town)
    asked, said = town.texts(ROSA, PAIRS[0], "2", "Thu 6 pm")
    assert asked.startswith("What day and time would suit you?")
    assert said.startswith("Your talk with Luis is now Thu, Mar 5 at 6 pm your time.")
    assert talks(town) == [("Wed 23:00", "moved"), ("Fri 00:00", "planned")]


def test_a_greeting_on_that_number_goes_to_the_other_one_and_the_question_stays(town: Town) -> None:
    become_a_match(town)
    assert town.texts(ROSA, PAIRS[0], "Hello Luis!") == []
    assert got(town, LUIS)[-1] == "Rosa: Hello Luis!"
    assert town.texts(ROSA, PAIRS[0], "1") == [BOOKED]


def test_once_they_have_written_to_each_other_a_number_is_for_the_other_one(town: Town) -> None:
    become_a_match(town)
    town.texts(ROSA, PAIRS[0], "Hello Luis!")
    town.texts(LUIS, PAIRS[0], "Hello Rosa! How many cafes do you run?")
    town.texts(ROSA, PAIRS[0], "1")
    assert got(town, LUIS)[-1] == "1"
    assert talks(town) == [("Wed 23:00", "proposed")]


def test_whose_phone_has_another_question_open_hears_the_news_and_is_asked_later(
    town: Town,
) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1", "WORRY")
    town.texts(LUIS, MAIN, "1")
    assert got(town, ROSA)[-1].endswith("Next we ask you about a time for your first talk.")
    # It is no answer to what was not asked there, and perhaps not meant for Luis.
    (said,) = town.texts(ROSA, PAIRS[0], "1")
    assert said.startswith("Was that for Luis or for BridgeLine?")
    assert "Rosa: 1" not in got(town, LUIS)
    assert talks(town) == [("Wed 23:00", "proposed")]


def two_who_like_to_talk(town: Town) -> None:
    """Rosa and Luis say yes to each other on the phone; both have mobile phones."""
    rosa_waits(town, mode=Mode.VOICE)
    luis_is_free(town, mode=Mode.VOICE)
    staff_propose(town)
    for number, other, end in (
        (ROSA, "It is Luis", "Thank you. Now we ask Luis"),
        (LUIS, "It is Rosa", "You and Rosa are a match."),
    ):
        phone = town.caller(number)
        phone.answers()
        goes_through(phone, ("1", other), ("1", end))
        phone.hangs_up()
        town.settle()


def test_whoever_likes_to_talk_may_answer_the_text_or_a_call(town: Town) -> None:
    two_who_like_to_talk(town)
    assert got(town, ROSA)[-1] == ASKS
    rosa = town.until_it_rings(ROSA, days=2)
    rosa.answers()
    rosa.hears("Is this Rosa?")
    goes_through(rosa, ("1", "Your first talk with Luis could be"), ("2", "What day and time"))


def test_whoever_likes_to_talk_and_has_answered_the_text_is_not_called_about_it(town: Town) -> None:
    two_who_like_to_talk(town)
    assert town.texts(ROSA, PAIRS[0], "1") == [f"{BOOKED} We will ring you then."]
    with pytest.raises(AssertionError):
        town.until_it_rings(ROSA, days=0.5)


def test_an_opt_out_on_the_number_to_save_holds_for_all_lines(town: Town) -> None:
    become_a_match(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    assert talks(town) == [("Wed 23:00", "proposed")]
    told = len(got(town, ROSA))
    town.days_pass(2)
    assert got(town, ROSA)[told:] == []


def test_one_word_books_it_and_the_mentor_hears_of_it(town: Town) -> None:
    become_a_match(town)
    assert town.texts(ROSA, MAIN, "1") == [BOOKED]
    assert got(town, LUIS)[-1] == (
        "Rosa would like the first talk Wed, Mar 4 at 5 pm your time. If it does not suit you, text"
        " PERSON."
    )
    assert talks(town) == [("Wed 23:00", "planned")]
    # Both are reminded, as of any talk that is booked.
    town.days_pass(1)
    assert any("Luis" in text and "Wed, Mar 4 at 5 pm" in text for text in got(town, ROSA)[-1:])


def test_another_time_is_told_like_that_of_any_talk(town: Town) -> None:
    become_a_match(town)
    asked, said = town.texts(ROSA, MAIN, "2", "Thu 6 pm")
    assert asked.startswith("What day and time would suit you?")
    assert said.startswith("Your talk with Luis is now Thu, Mar 5 at 6 pm your time.")
    assert got(town, LUIS)[-1].startswith("Rosa would like the first talk Thu, Mar 5 at 6 pm")
    assert talks(town) == [("Wed 23:00", "moved"), ("Fri 00:00", "planned")]


def test_each_hears_the_time_by_the_own_clocks(town: Town) -> None:
    become_a_match(town, zone="America/Denver")
    # The first hour of his evening that lies in hers as well.
    assert "Wed, Mar 4, 6 pm your time" in got(town, ROSA)[-1]
    town.texts(ROSA, MAIN, "1")
    assert "Wed, Mar 4 at 5 pm your time" in got(town, LUIS)[-1]


def test_a_mentor_of_two_is_asked_for_no_hour_twice(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    rosa_waits(town, DENISE, "Denise", mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
        luis.profile = {**luis.profile, "capacity": "2"}
    # In the first two months a mentor has one place.
    town.days_pass(61.25)
    for code, number in (("P01", ROSA), ("P02", DENISE)):
        staff_propose(town, code)
        town.texts(number, MAIN, "1")
        town.texts(LUIS, MAIN, "1")
    town.texts(ROSA, MAIN, "1")

    assert "Mon, May 4, 8 pm your time" in got(town, DENISE)[-1]
    assert talks(town) == [("Tue 00:00", "planned"), ("Tue 01:00", "proposed")]


def test_a_yes_after_that_time_asks_for_another_one(town: Town) -> None:
    become_a_match(town)
    town.days_pass(2)
    late = town.texts(ROSA, MAIN, "1")
    assert late[0].startswith("That time is too close, or it has passed.")
    assert talks(town) == [("Wed 23:00", "proposed")]


def test_without_an_hour_in_common_the_news_comes_without_a_time(town: Town) -> None:
    rosa_waits(town, mode=Mode.TEXT)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
        luis.profile = {**luis.profile, "hours": "1"}
    with town.db.transaction() as session:
        rosa = person_with_code(session, "P01")
        rosa.profile = {**rosa.profile, "hours": "2"}
    town.days_pass(1)
    town.texts(LUIS, MAIN, "1")
    assert got(town, ROSA)[-1].endswith("Call or text it to find a time for your first talk.")
    assert talks(town) == []


def test_by_voice_it_is_asked_in_the_call_that_brings_the_news(town: Town) -> None:
    rosa_waits(town, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(town, mode=Mode.TEXT)
    staff_propose(town)
    denise = town.caller(DENISE)
    denise.answers()
    goes_through(denise, ("1", "It is Luis"), ("1", "Thank you. Now we ask Luis"))
    denise.hangs_up()
    town.settle()
    town.texts(LUIS, MAIN, "1")
    denise = town.until_it_rings(DENISE, days=2)
    denise.answers()
    denise.hears("Is this Denise?")
    goes_through(
        denise,
        ("1", "Good news! Luis said yes too."),
        ("2", "Your first talk with Luis could be Wed, Mar 4 at 5 pm your time."),
        ("*", "Your first talk with Luis could be Wed, Mar 4 at 5 pm your time."),
        ("1", "Your talk with Luis is now Wed, Mar 4 at 5 pm your time."),
    )
    denise.hangs_up()
    town.settle()
    assert [state for _, state in talks(town)] == ["planned"]
    assert "first talk" in got(town, LUIS)[-1]


def test_two_who_have_talked_by_themselves_are_not_asked_any_more(town: Town) -> None:
    rosa_waits(town, mode=Mode.BOTH)
    luis_is_free(town, mode=Mode.BOTH)
    staff_propose(town)
    town.texts(ROSA, MAIN, "1")
    town.texts(LUIS, MAIN, "1")
    line = next(text.peer for text in town.phone(ROSA).inbox if "Good news" in text.body)
    rosa, luis = town.caller(ROSA), town.caller(LUIS)
    rosa.calls(line)
    luis.answers()
    luis.hears("would like to talk")
    luis.presses("1")
    town.emulator.advance(180)
    rosa.hangs_up()
    town.days_pass(0.3)
    assert talks(town) == [("Wed 23:00", "cancelled")]
    assert not any("First talk" in text for text in town.texts(ROSA, MAIN, "MENU"))


def held(town: Town, match: Match) -> None:
    with town.db.transaction() as session:
        found = session.get_one(Match, match.id)
        hold_match(session, found, actor="staff:Ben", reason="a worry", now=town.clock.now())


def closed(town: Town, match: Match) -> None:
    with town.db.transaction() as session:
        found, why = session.get_one(Match, match.id), ClosureReason.OTHER
        close_match(session, found, reason=why, actor="staff:Ben", now=town.clock.now())


@pytest.mark.parametrize("end", [held, closed])
def test_who_asks_for_the_menu_when_the_two_do_not_go_on_is_not_asked_for_a_time(
    town: Town, end: Callable[[Town, Match], None]
) -> None:
    become_a_match(town)
    end(town, the_match(town))
    assert not any("First talk" in text for text in town.texts(ROSA, MAIN, "MENU"))


def test_no_talk_is_promised_and_no_line_offered_in_a_match_that_is_on_hold(town: Town) -> None:
    become_a_match(town)
    held(town, the_match(town))
    (said,) = town.texts(ROSA, MAIN, "1")
    assert said.startswith("OK. Our staff will text or call you by")
    assert town.tasks()[-1].words == (
        "P01 answered about their talk in K01, which is on hold. Tell them how it goes on."
    )

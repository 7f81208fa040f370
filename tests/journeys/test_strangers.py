"""Whoever is not on the other side of a pair line learns nothing from it (S6)."""

from mentoring.matches import close_match
from mentoring.models import ClosureReason, Match, MatchState, Outcome, Role
from mentoring.people import person_with_code
from telephony.emulator import WITHHELD
from tests.journeys.cast import DAN, ELLEN, LUIS, ROSA, dialled, learn_nothing, move, pair
from tests.town import MAIN, PAIRS, STAFF, Town


def close(town: Town, match: Match) -> None:
    with town.db.transaction() as session:
        close_match(
            session,
            session.get_one(Match, match.id),
            reason=ClosureReason.GOAL_MET,
            actor="staff",
            now=town.clock.now(),
        )


def test_a_stranger_who_calls_a_pair_line_hears_what_the_main_line_says(town: Town) -> None:
    pair(town)
    dan = town.caller(DAN)
    on_pair_line = dan.calls(PAIRS[0])
    dan.hangs_up()
    learn_nothing(on_pair_line.replace("a mentor", ""))
    other = town.caller("+15155550178")
    assert other.calls(MAIN) == on_pair_line
    assert dialled(town) == []


def test_a_stranger_who_texts_a_pair_line_is_sent_to_the_main_line(town: Town) -> None:
    pair(town)
    (answer,) = town.texts(DAN, PAIRS[0], "Who is this?")
    assert answer == (
        "Hello from BridgeLine. This line can't help you from this phone."
        " Please text or call 515 555 0100."
    )
    assert town.phone(ROSA).inbox == town.phone(LUIS).inbox == []


def test_a_strangers_attempts_are_logged_without_the_number(town: Town) -> None:
    pair(town)
    town.texts(DAN, PAIRS[0], "Hello?")
    dan = town.caller(DAN)
    dan.calls(PAIRS[0])
    dan.hangs_up()
    entries = town.log()
    assert [entry.outcome for entry in entries] == [Outcome.REFUSED, Outcome.REFUSED]
    assert {entry.reason for entry in entries} == {"unknown caller"}
    assert entries[0].caller_index == entries[1].caller_index is not None


def test_a_person_of_ours_on_the_line_of_others_is_a_stranger_there(town: Town) -> None:
    pair(town)
    ellen = town.person(Role.PROTEGE, "Ellen", ELLEN)
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
    town.match(ellen, luis)
    rosa = town.caller(ROSA)
    words = rosa.calls(PAIRS[1])
    assert "Ellen" not in words
    rosa.hangs_up()
    (answer,) = town.texts(ROSA, PAIRS[1], "Hello")
    learn_nothing(answer)
    assert town.phone(LUIS).inbox == town.phone(ELLEN).inbox == []
    assert dialled(town) == []


def test_a_closed_match_connects_nobody_and_says_nothing_about_it(town: Town) -> None:
    match = pair(town)
    close(town, match)
    rosa = town.caller(ROSA)
    words = rosa.calls(PAIRS[0])
    assert "Luis" not in words
    assert "Hello again from BridgeLine" in words
    rosa.hangs_up()
    town.settle()
    answer = town.texts(ROSA, PAIRS[0], "Are you still there?")[-1]
    learn_nothing(answer)
    assert "still there" not in " ".join(text.body for text in town.phone(LUIS).inbox)
    assert dialled(town) == []


def test_the_line_of_a_closed_match_reaches_nobody_new_for_thirty_days(town: Town) -> None:
    match = pair(town)
    close(town, match)
    ellen = town.person(Role.MENTOR, "Ellen", ELLEN)
    with town.db.transaction() as session:
        rosa = person_with_code(session, "P01")
    fresh = town.match(rosa, ellen)
    assert fresh.line_id != match.line_id


def test_a_held_match_is_named_kindly_and_connects_nobody(town: Town) -> None:
    match = pair(town)
    move(town, match, MatchState.SAFETY_HOLD)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.hears("This match is on hold right now", "For a person press 0")
    rosa.presses("0")
    assert town.phone(STAFF).ringing == PAIRS[0]
    rosa.hangs_up()
    (answer,) = town.texts(ROSA, PAIRS[0], "Hello")
    assert "This match is on hold right now" in answer
    assert town.phone(LUIS).inbox == []
    assert LUIS not in dialled(town)


def test_a_held_match_is_not_offered_in_the_main_menu(town: Town) -> None:
    match = pair(town)
    move(town, match, MatchState.SAFETY_HOLD)
    rosa = town.caller(ROSA)
    assert "Luis" not in rosa.calls(MAIN)


def test_a_caller_with_a_hidden_number_is_offered_a_person_on_any_line(town: Town) -> None:
    pair(town)
    dan = town.caller(DAN)
    for shown in (WITHHELD, "anonymous", "Restricted", "", "+7378742833"):
        for line in (MAIN, PAIRS[0]):
            dan.calls(line, from_override=shown)
            dan.hears("Your number is hidden", "Do you want to talk to our staff?")
            dan.hangs_up()
    dan.calls(PAIRS[0], from_override=WITHHELD)
    dan.presses("1")
    dan.hears("I am calling our staff now")
    assert dialled(town) == [STAFF]


def test_a_caller_with_a_hidden_number_can_still_hear_what_we_do(town: Town) -> None:
    dan = town.caller(DAN)
    dan.calls(MAIN, from_override=WITHHELD)
    dan.presses("2")
    dan.hears("We pair you with a mentor", "Do you want to talk to our staff?")


def test_nobody_is_texted_at_the_number_that_stands_for_a_hidden_one(town: Town) -> None:
    pair(town)
    for line in (MAIN, PAIRS[0]):
        number = town.emulator.store.number_named(line)
        assert number is not None
        town.emulator.send_text(WITHHELD, number, "Hello", ())
    town.settle()
    assert not [r for r in town.emulator.requests if r.method == "POST"]
    assert [entry.reason for entry in town.log()] == ["withheld number"] * 2


def test_an_address_that_is_no_number_is_treated_like_a_hidden_one(town: Town) -> None:
    pair(town)
    dan = town.caller(DAN)
    for shown in ("sip:dan@example.org", "12345", "client:dan"):
        dan.calls(PAIRS[0], from_override=shown)
        dan.hears("Your number is hidden")
        dan.hangs_up()
    assert dialled(town) == []

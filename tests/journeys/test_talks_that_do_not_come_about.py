"""A talk is called off, comes too late, or cannot be offered: nobody is rung or told wrongly."""

import pytest
from sqlalchemy import select

from mentoring.matches import close_match, move_match
from mentoring.models import (
    ClosureReason,
    Consent,
    Match,
    MatchState,
    Mode,
    OptOutKind,
    Person,
    PersonState,
)
from mentoring.optouts import refuse
from mentoring.people import find_phone
from telephony.emulator import voicemail
from tests.journeys.cast import LUIS, ROSA, dialled, hold, person_at
from tests.journeys.talks import (
    HOUR,
    MISSED,
    THURSDAY,
    got,
    is_rung,
    planned,
    rosa_wants_to_be_rung,
    states,
    until,
)
from tests.journeys.test_check_ins import change
from tests.town import MAIN, PAIRS, Town


def move(town: Town, match: Match, to: MatchState) -> None:
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        move_match(session, row, to, actor="staff", reason="test", now=town.clock.now())


def test_a_hold_between_the_ring_and_the_answer_keeps_them_apart(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    rosa = is_rung(town, ROSA)
    hold(town)
    rosa.presses("1")
    rosa.hears("I am calling our staff now")
    assert dialled(town) == ["+15155550190"]


def test_a_match_that_is_closed_has_no_talks_any_more(town: Town) -> None:
    match = planned(town)
    rosa_wants_to_be_rung(town)
    with town.db.transaction() as session:
        row = session.get_one(Match, match.id)
        reason = ClosureReason.GOAL_MET
        close_match(session, row, reason=reason, actor="staff", now=town.clock.now())

    until(town, THURSDAY + 3 * HOUR)

    assert [state for _, state in states(town)] == ["cancelled"]
    assert town.phone(ROSA).calls == []


def test_doubled_ticks_ring_once_and_tell_once(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    until(town, THURSDAY)
    for _ in range(3):
        town.ticker.drain()
        town.settle()
    rosa = is_rung(town, ROSA)
    rosa.presses("2")
    rosa.hears("[call ended]")
    for _ in range(3):
        until(town, THURSDAY + HOUR)
        town.ticker.drain()
        town.settle()
    assert got(town, ROSA).count(MISSED) == 1
    assert len(town.phone(ROSA).calls) == 1


def test_a_worker_that_was_away_for_days_reminds_of_nothing_that_is_over(town: Town) -> None:
    planned(town)

    town.emulator.advance(4 * 24 * 3600)
    town.settle()

    assert not [body for body in got(town, ROSA) if "talk with Luis" in body]
    assert states(town) == [("Thu Mar 05 16:00", "missed"), ("Thu Mar 12 16:00", "planned")]


def test_a_worker_that_was_away_rings_nobody_late_and_tells_nobody_late(town: Town) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    before = len(got(town, ROSA))

    town.emulator.advance(3 * 24 * 3600)
    town.settle()

    assert town.phone(ROSA).calls == []
    assert not [body for body in got(town, ROSA, before) if "had planned" in body]


def test_a_pair_of_which_one_only_reads_texts_is_offered_no_call(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})

    until(town, THURSDAY + 5 * HOUR)

    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        (told,) = got(town, number)
        assert told == (
            f"You and {other} plan to be in touch Thu, Mar 5 at 4 pm your time. Text on your line"
            " then. Reply 1 OK, 2 new time."
        )
    assert states(town)[0] == ("Thu Mar 05 16:00", "missed")


def test_two_who_text_each_other_at_the_time_have_held_their_talk(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})
    until(town, THURSDAY - 23 * HOUR)
    assert "stays Thu, Mar 5 at 4 pm" in town.texts(ROSA, MAIN, "1")[-1]
    until(town, THURSDAY)
    town.texts(ROSA, PAIRS[0], "Hello Luis, do you have a moment?")
    town.texts(LUIS, PAIRS[0], "Yes! How are you?")
    until(town, THURSDAY + 5 * HOUR)
    assert states(town)[0] == ("Thu Mar 05 16:00", "held")


def test_who_only_reads_texts_moves_a_talk_by_reply(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})
    until(town, THURSDAY - 23 * HOUR)
    town.texts(LUIS, MAIN, "2")
    assert "Fri, Mar 6 at 5 pm" in town.texts(LUIS, MAIN, "Fri 5 pm")[-1]
    assert "Luis asked for a new time" in got(town, ROSA)[-1]
    assert ("Fri Mar 06 17:00", "planned") in states(town)


def test_a_yes_shortly_before_the_time_is_a_yes(town: Town) -> None:
    planned(town, luis={"mode": Mode.TEXT})
    until(town, THURSDAY - 23 * HOUR)
    until(town, THURSDAY - HOUR / 6)
    assert "stays Thu, Mar 5 at 4 pm" in town.texts(LUIS, MAIN, "1")[-1]


def test_a_new_time_by_whoever_reads_texts_offers_the_other_one_no_ring(town: Town) -> None:
    landline: dict[str, object] = {"mode": Mode.VOICE, "landline": True, "texts": False}
    planned(town, rosa=landline, luis={"mode": Mode.TEXT})
    until(town, THURSDAY - 22 * HOUR)
    town.texts(LUIS, MAIN, "2", "Fri 5 pm")
    rosa = town.until_it_rings(ROSA, days=2)
    rosa.answers()
    rosa.hears("Is this Rosa")
    rosa.presses("1")
    rosa.hears("You and Luis plan to be in touch Fri, Mar 6 at 5 pm")
    rosa.hears_none_of("ring you")


def test_where_others_may_read_a_text_no_name_and_no_time_is_told(town: Town) -> None:
    planned(town, rosa={"shared": True})

    until(town, THURSDAY - 23 * HOUR)

    assert got(town, ROSA) == [
        "A question is waiting for you. Text MENU to go on, or LATER to wait."
    ]


def test_who_has_another_question_open_is_told_without_being_asked(town: Town) -> None:
    planned(town, "mon 16:00")
    until(town, THURSDAY + 24 * HOUR)
    assert "talked or texted yet" in got(town, ROSA)[-1]

    until(town, THURSDAY + 90 * HOUR)

    assert (
        "Your talk with Luis is Mon, Mar 9 at 4 pm your time. To talk, just call this number"
        in (" ".join(got(town, ROSA)))
    )
    assert town.texts(ROSA, MAIN, "1")[0].startswith("Thank you, Rosa.")


def test_a_talk_that_somebody_asked_for_needs_no_consent_to_automated_calls_and_no_turn(
    town: Town,
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    with town.db.transaction() as session:
        for consent in session.scalars(select(Consent).where(Consent.part == "C2")):
            consent.agreed = False

    until(town, THURSDAY)

    assert town.phone(ROSA).ringing == PAIRS[0]


def test_who_wants_no_automated_calls_is_promised_none(town: Town) -> None:
    planned(town)
    with town.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        refuse(session, phone, OptOutKind.CALLS, source="voice", now=town.clock.now())
    until(town, THURSDAY - 23 * HOUR)

    (said,) = town.texts(ROSA, MAIN, "1")

    assert said.startswith("You asked us not to call this phone")
    until(town, THURSDAY + HOUR)
    assert town.phone(ROSA).calls == []


def test_nobody_is_reminded_of_a_talk_while_the_other_is_away_and_the_next_one_is_planned(
    town: Town,
) -> None:
    planned(town)
    with town.db.transaction() as session:
        luis = session.get_one(Person, person_at(town, LUIS).id)
        luis.state = PersonState.ON_BREAK

    until(town, THURSDAY + HOUR)

    assert got(town, ROSA) == []
    assert states(town) == [("Thu Mar 05 16:00", "cancelled"), ("Thu Mar 12 16:00", "planned")]


@pytest.mark.parametrize(
    ("code", "left"),
    [
        (1, "Hello, this is BridgeLine with the call for your talk. Please call 515 555 0101."),
        (2, "Hello, please call 515 555 0101. Thank you."),
    ],
)
def test_a_voicemail_that_takes_the_call_for_a_talk_hears_which_number_to_call_back(
    town: Town, code: int, left: str
) -> None:
    planned(town)
    rosa_wants_to_be_rung(town)
    change(town, ROSA, safe_contact=code)
    handset = town.phone(ROSA, when_rung=voicemail(after=5))

    until(town, THURSDAY + HOUR / 6)

    assert next(each.text for each in handset.heard if each.who == "line") == left

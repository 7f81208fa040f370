"""A pair goes quiet, shares a number, opts out: staff see it, and the two hear nothing of it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from mentoring.alerts import close_alert, list_alerts
from mentoring.matches import move_match
from mentoring.models import Invitation, Match, MatchState, Mode, Person, Role
from mentoring.oversight.nudge import nudge
from mentoring.oversight.rules import OutcomeCode
from mentoring.oversight.silence_words import silence_words
from tests.journeys.cast import LUIS, ROSA, goes_through, pair
from tests.town import PAIRS, Town

DAY = 24 * 3600
TIP = (
    "Tip: this line keeps your own number private. You shared a phone number or email."
    " Want to talk about it? Text PERSON."
)


def open_rules(town: Town) -> list[str]:
    with town.db.transaction() as session:
        return sorted(alert.rule for alert in list_alerts(session))


def asked_whether_they_have_talked(town: Town) -> list[tuple[str, datetime]]:
    """Return who has been invited to say whether they have talked, and for when."""
    chosen = select(Invitation).where(Invitation.flow == "checkin_first").order_by(Invitation.id)
    with town.db.transaction() as session:
        invited = session.scalars(chosen).all()
        return [(session.get_one(Person, each.person_id).code, each.due_at) for each in invited]


def grow_active(town: Town, match: Match) -> None:
    with town.db.transaction() as session:
        found = session.get_one(Match, match.id)
        move_match(
            session, found, MatchState.ACTIVE, actor="staff", reason="t", now=town.clock.now()
        )


def test_a_pair_that_never_talks_is_seen_after_a_week_and_hears_nothing_of_it(town: Town) -> None:
    pair(town)
    town.pass_time(7 * DAY - 60)
    assert town.ticker.oversee() == 0
    town.pass_time(60)
    assert town.ticker.oversee() == 1
    assert town.ticker.oversee() == 0
    town.pass_time(60)
    assert open_rules(town) == ["O1"]
    # What they get are the questions of a check-in, which tell nothing of an alert.
    told = [text.body for number in (ROSA, LUIS) for text in town.phone(number).inbox]
    assert told != []
    assert all("talked or texted yet?" in body for body in told)


def test_who_is_still_asked_whether_they_have_talked_is_not_asked_it_a_second_time(
    town: Town,
) -> None:
    pair(town)
    town.pass_time(4 * DAY)
    first = asked_whether_they_have_talked(town)
    assert len(first) == 2
    town.pass_time(4 * DAY)
    town.ticker.oversee()
    town.days_pass(1)
    assert "O1" in open_rules(town)
    assert asked_whether_they_have_talked(town) == first


def test_texts_both_ways_end_a_silence_and_staff_close_what_it_opened(town: Town) -> None:
    match = pair(town)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    grow_active(town, match)
    town.pass_time(21 * DAY)
    town.ticker.oversee()
    assert open_rules(town) == ["O15", "O2"]
    with town.db.transaction() as session:
        for alert in list_alerts(session):
            close_alert(
                session,
                alert.id,
                code=OutcomeCode.PLAN_CHANGED,
                actor="staff",
                now=town.clock.now(),
            )
    town.texts(LUIS, PAIRS[0], "How are you?")
    town.texts(ROSA, PAIRS[0], "Fine!")
    town.pass_time(10 * DAY)
    town.ticker.oversee()
    assert open_rules(town) == []


def grow_quiet(town: Town, match: Match) -> None:
    """Let two who have written once be silent until the first rule about it opens."""
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.texts(LUIS, PAIRS[0], "Hello Rosa")
    grow_active(town, match)
    town.pass_time(21 * DAY)
    town.ticker.oversee()
    town.settle()


def test_a_pair_that_has_gone_quiet_is_told_once_how_to_reach_each_other(town: Town) -> None:
    grow_quiet(town, pair(town))
    town.pass_time(DAY)
    assert town.ticker.oversee() == 0
    town.settle()
    for number, other in ((ROSA, "Luis"), (LUIS, "Rosa")):
        nudges = [text for text in town.phone(number).inbox if "for a while" in text.body]
        assert [(text.peer, text.body) for text in nudges] == [
            (
                PAIRS[0],
                f"You and {other} have not talked for a while. That happens."
                " Call or text here to talk or to set a time.",
            )
        ]


def test_a_landline_is_called_about_a_silence_and_the_other_one_is_a_key_away(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    match = town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    with town.db.transaction() as session:
        found = session.get_one(Match, match.id)
        nudge(session, found, number=1, now=town.clock.now())
        nudge(session, found, number=1, now=town.clock.now())
    town.settle()
    called = town.until_it_rings(ROSA)
    called.answers()
    goes_through(called, ("1", "You and Luis have not talked for a while."))
    called.presses("1")
    called.hears("I am calling Luis now")
    assert [text.body for text in town.phone(LUIS).inbox if "for a while" in text.body] != []


def test_texts_that_nobody_answers_are_seen_and_their_writer_is_told_kindly(town: Town) -> None:
    match = pair(town)
    for word in ("Hello", "Are you there?", "I have a question"):
        town.texts(ROSA, PAIRS[0], word)
    town.pass_time(5 * DAY)
    town.ticker.oversee()
    assert open_rules(town) == ["O5"]
    with town.db.transaction() as session:
        found = session.get_one(Match, match.id)
        rosa = found.sides[0].person
        words = silence_words(session, found.id, rosa, town.clock.now())
    assert words == ("T-SIL1", {"name": "Luis"})


def test_who_takes_a_call_of_the_service_has_not_answered_their_partner(town: Town) -> None:
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    for word in ("Hello", "Are you there?", "I have a question"):
        town.texts(LUIS, PAIRS[0], word)
    called = town.until_it_rings(ROSA)
    called.answers()
    goes_through(called, ("1", "Luis sent you a text"))
    goes_through(called, ("1", "Have you and Luis talked"), ("2", "Thank you, Rosa."))
    town.pass_time(5 * DAY)
    town.ticker.oversee()
    assert "O5" in open_rules(town)


@pytest.mark.parametrize(
    "body",
    [
        "Call me on 515 555 0188",
        "My cell: (515) 555-0188.",
        "+15155550188",
        "1-515-555-0188 is mine",
        "write to rosa.d@example.org please",
    ],
)
def test_a_number_or_address_arrives_gets_one_tip_and_is_seen_by_staff(
    town: Town, body: str
) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], body) == [TIP]
    assert town.phone(LUIS).inbox[-1].body == f"Rosa: {body}"
    assert town.texts(ROSA, PAIRS[0], body) == []
    town.ticker.oversee()
    assert open_rules(town) == ["O20"]


@pytest.mark.parametrize(
    "body",
    [
        "At 5 pm on 03/04/2026",
        "Order 1234567890123 costs 1,250.00",
        "2026-03-04 10:30-11:45",
        "me @ the stall",
        "Room 555-0188",
    ],
)
def test_dates_prices_and_times_are_no_numbers(town: Town, body: str) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], body) == []
    town.ticker.oversee()
    assert open_rules(town) == []


def test_after_the_first_months_a_number_is_theirs_to_share(town: Town) -> None:
    pair(town)
    town.clock.advance(90 * DAY)
    town.texts(ROSA, PAIRS[0], "Call me on 515 555 0188")
    town.ticker.oversee()
    assert "O20" not in open_rules(town)


def test_an_opt_out_is_one_alert_however_it_is_learned(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "STOP")
    town.ticker.oversee()
    assert open_rules(town) == ["O16"]
    assert town.phone(LUIS).inbox == []

"""Somebody with a landline who wants no automated calls: nothing is asked, so a person asks."""

from sqlalchemy import select

from mentoring.consents import record_consent
from mentoring.matches import close_match
from mentoring.models import (
    Channel,
    ClosureReason,
    Delivery,
    DeliveryKind,
    Match,
    Mode,
    Person,
    Role,
)
from tests.journeys.cast import LUIS, ROSA, person_at
from tests.journeys.ending import invitations
from tests.town import MAIN, Town


def unreached_pair(town: Town) -> Match:
    """Rosa, to whom no text and no automated call may go, and Luis, who likes to text."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.VOICE, landline=True, texts=False)
    with town.db.transaction() as session:
        person = session.get_one(Person, rosa.id)
        record_consent(
            session,
            phone=person.phone,
            person=person,
            part="C2",
            agreed=False,
            channel=Channel.VOICE,
            language="en",
            proof="a call",
            known_by="test",
            now=town.clock.now(),
        )
    return town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT))


def asked_of_staff(town: Town) -> list[str]:
    """What staff are to ask Rosa, as nothing else can."""
    return [
        task.words.removeprefix("P01 has not answered ").removesuffix(". Please call or text.")
        for task in town.tasks()
        if task.rule == "check-in" and "P01" in task.words and task.done_at is None
    ]


def calls_to_rosa(town: Town) -> int:
    with town.db.transaction() as session:
        to_her = Delivery.to_person_id == person_at(town, ROSA).id
        calls = select(Delivery.id).where(Delivery.kind == DeliveryKind.CALL, to_her)
        return len(session.scalars(calls).all())


def test_staff_tell_of_the_end_and_ask_how_it_was(town: Town) -> None:
    unreached_pair(town)
    town.days_pass(0.1)
    town.texts(LUIS, MAIN, "FINISH", "1", "1")
    town.days_pass(45)

    assert calls_to_rosa(town) == 0
    asked = asked_of_staff(town)
    assert "the last talk" in asked
    assert "the closing survey" in asked
    assert "the closing survey, part 2" in asked


def closed(town: Town, reason: ClosureReason) -> None:
    match = unreached_pair(town)
    with town.db.transaction() as session:
        close_match(
            session,
            session.get_one(Match, match.id),
            reason=reason,
            actor="staff",
            now=town.clock.now(),
        )


def test_staff_ask_half_a_year_after_a_match_without_contact(town: Town) -> None:
    closed(town, ClosureReason.NO_CONTACT)
    town.days_pass(200)
    assert "the question after 6 months" in asked_of_staff(town)


def test_who_calls_and_answers_all_the_same_need_not_be_called(town: Town) -> None:
    closed(town, ClosureReason.GOAL_MET)
    town.days_pass(200, until=lambda: "the question after 6 months" in asked_of_staff(town))
    (asked,) = invitations(town, "follow_up_6")
    assert asked.asked_at is not None
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Is your business open now")
    rosa.presses("1")
    rosa.hangs_up()
    town.settle()
    assert "the question after 6 months" not in asked_of_staff(town)


def test_whoever_reads_texts_is_asked_by_text_and_staff_are_not(town: Town) -> None:
    """Nobody is called who reads texts only, but each try that is a text is made."""
    luis = town.person(Role.MENTOR, "Luis", LUIS, mode=Mode.TEXT)
    town.match(town.person(Role.PROTEGE, "Rosa", ROSA, mode=Mode.TEXT), luis)
    town.days_pass(0.1)
    town.texts(LUIS, MAIN, "FINISH", "1", "1")
    town.days_pass(45)
    assert asked_of_staff(town) == []

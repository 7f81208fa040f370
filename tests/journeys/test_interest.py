"""Before the programme is live people leave their interest; then they are invited on (Q3)."""

from dataclasses import replace

import pytest
from sqlalchemy import select, true

from mentoring.interest import invite_interested
from mentoring.models import Answer, Consent, Mode, PersonState, Role
from tests.journeys.cast import DAN, DENISE, KIM, goes_through, person_at
from tests.journeys.ending import got, moves_of_person
from tests.town import MAIN, STAFF, Town

TOLD = "Hello. You asked us to tell you when we start. We have started now. Text MENU to go on, or"


MONEY_IN_THE_MORNING = (("1", "money"), ("2", "When can you talk?"), ("1", "mornings"))


@pytest.fixture
def too_early(town: Town) -> Town:
    """A town whose staff are still setting the programme up."""
    town.db.programme = replace(town.db.programme, is_live=False)
    return town


def consents(town: Town, number: str) -> list[tuple[str, bool, str, str, bool]]:
    """Return what was agreed to from a phone: part, yes or no, version, channel, with proof."""
    person = person_at(town, number)
    with town.db.transaction() as session:
        return [
            (row.part, row.agreed, row.text_version, row.channel.value, bool(row.proof))
            for row in session.scalars(
                select(Consent).where(Consent.person_id == person.id).order_by(Consent.id)
            )
        ]


def goes_live(town: Town) -> int:
    """Let callers in and press the button that invites; returns how many were invited."""
    town.db.programme = replace(town.db.programme, is_live=True)
    with town.db.transaction() as session:
        invited = invite_interested(session, true(), now=town.clock.now())
    town.settle()
    return invited


def kim_leaves_interest(town: Town) -> None:
    town.texts(KIM, MAIN, "Hello", "1", "1", "Kim", "AB", "1")


def test_a_landline_leaves_interest_by_keys_alone_and_is_rung_when_it_starts(
    too_early: Town,
) -> None:
    too_early.phone(DENISE, landline=True)
    denise = too_early.caller(DENISE)
    denise.calls(MAIN)
    goes_through(
        denise,
        ("1", "May we call or text you once when we start?"),
        ("*", "May we call or text you once"),
        ("1", "What first name should we use?"),
        ("1", "What help do you want?"),
        *MONEY_IN_THE_MORNING,
        ("2", "We have you down. We will call or text you when we start."),
    )
    denise.hears("[call ended]")
    lead = person_at(too_early, DENISE)
    assert (lead.state, lead.role, lead.mode) == (PersonState.LEAD, Role.PROTEGE, Mode.VOICE)
    assert consents(too_early, DENISE) == [("CI", True, "C-I 1", "voice", True)]
    # A name cannot be given by keys, so staff ask for it; nothing else is asked of staff.
    assert [task.rule for task in too_early.tasks()] == ["name"]

    denise.calls(MAIN)
    denise.hears("We have you down")
    denise.presses("1")
    denise.hears("That is fine", "[call ended]")
    assert too_early.phone(DENISE).ringing is None

    assert goes_live(too_early) == 1
    assert goes_live(too_early) == 0
    denise.answers()
    goes_through(denise, ("1", "We have started. You asked us to tell you."))
    goes_through(denise, ("1", "Can this phone get texts"))
    assert person_at(too_early, DENISE).state is PersonState.CONSENTING
    goes_through(denise, ("2", "May we also call you"))


def test_somebody_leaves_interest_by_speech_alone_and_takes_it_back(too_early: Town) -> None:
    dan = too_early.caller(DAN)
    dan.calls(MAIN)
    goes_through(
        dan,
        ("I want to be a mentor", "May we call or text you once when we start?"),
        ("yes", "yes"),
        ("yes", "What first name should we use?"),
        ("Dan", "I heard Dan"),
        ("yes", "What can you help with?"),
        ("customers", "customers"),
        ("that is all", "When can you talk?"),
        ("mornings", "mornings"),
        ("that is all", "We have you down."),
    )
    dan.hears("[call ended]")
    assert person_at(too_early, DAN).first_name == "Dan"
    dan.calls(MAIN)
    dan.hears("We have you down")
    goes_through(dan, ("take it back", "take it back"), ("yes", "You are off our list."))

    dan.hears("[call ended]")
    lead = person_at(too_early, DAN)
    assert (lead.state, lead.first_name) == (PersonState.EXITED, "")
    assert [agreed for _, agreed, *_ in consents(too_early, DAN)] == [True, False]
    assert names_kept(too_early) == []
    assert goes_live(too_early) == 0


def names_kept(town: Town) -> list[Answer]:
    """Return the answers that still hold a name, wherever it was told."""
    with town.db.transaction() as session:
        held = Answer.question == "PA2", Answer.words_sealed.is_not(None)
        return list(session.scalars(select(Answer).where(*held)))


def test_who_takes_it_back_before_staff_know_the_name_is_not_asked_for_it(too_early: Town) -> None:
    denise = too_early.caller(DENISE, landline=True)
    denise.calls(MAIN)
    goes_through(
        denise,
        ("1", "May we call or text you once when we start?"),
        ("1", "What first name should we use?"),
        ("1", "What help do you want?"),
        *MONEY_IN_THE_MORNING,
        ("2", "We have you down."),
    )
    denise.hears("[call ended]")
    denise.calls(MAIN)
    denise.hears("We have you down")
    goes_through(denise, ("2", "You are off our list."))
    (task,) = [task for task in too_early.tasks() if task.rule == "name"]
    assert task.outcome == "interest taken back"


def test_a_texter_leaves_interest_and_begins_when_it_starts(too_early: Town) -> None:
    (asked,) = too_early.texts(KIM, MAIN, "Hello")
    assert "Reply 1 to get a mentor, 2 to be a mentor" in asked
    (consent,) = too_early.texts(KIM, MAIN, "1")
    assert consent.startswith("May we call or text you once when we start?")
    too_early.texts(KIM, MAIN, "1")
    (needs, hours, down) = too_early.texts(KIM, MAIN, "Kim", "AB", "1")
    assert needs.startswith("What help do you want? Pick up to 3")
    assert hours.startswith("When can you talk?")
    assert down.startswith("Thank you. We have you down.")
    lead = person_at(too_early, KIM)
    assert (lead.state, lead.first_name, lead.zone) == (PersonState.LEAD, "Kim", "America/Chicago")
    assert lead.profile == {"topics": "A,B", "hours": "1"}
    assert consents(too_early, KIM) == [("CI", True, "C-I 1", "text", True)]
    (again,) = too_early.texts(KIM, MAIN, "MENU")
    assert "We have you down" in again

    told = len(got(too_early, KIM))
    assert goes_live(too_early) == 1
    (news,) = got(too_early, KIM, after=told)
    assert news.startswith(TOLD)
    (*_, begin) = too_early.texts(KIM, MAIN, "MENU")
    assert begin.startswith("BridgeLine has started! You asked us to tell you. Reply 1 to begin")
    (first,) = too_early.texts(KIM, MAIN, "1")
    assert "about 8 texts a month" in first.lower()
    assert moves_of_person(too_early, KIM) == [
        (None, "lead", "caller"),
        ("lead", "consenting", "P01"),
    ]


def test_a_texter_takes_it_back_and_hears_no_more(too_early: Town) -> None:
    kim_leaves_interest(too_early)
    too_early.texts(KIM, MAIN, "MENU")
    (off,) = too_early.texts(KIM, MAIN, "2")
    assert off.startswith("OK. You are off our list")
    gone = person_at(too_early, KIM)
    assert (gone.state, gone.profile) == (PersonState.EXITED, {})
    # They may change their mind, and are the same person then.
    kim_leaves_interest(too_early)
    assert moves_of_person(too_early, KIM) == [
        (None, "lead", "caller"),
        ("lead", "exited", "P01"),
        ("exited", "lead", "P01"),
    ]


def test_without_a_yes_nothing_is_kept(too_early: Town) -> None:
    (left,) = too_early.texts(KIM, MAIN, "Hello", "1", "2")[-1:]
    assert left.startswith("That is fine.")
    with too_early.db.transaction() as session:
        assert [row.agreed for row in session.scalars(select(Consent))] == [False]
    assert goes_live(too_early) == 0


def test_a_person_is_one_key_away_at_every_question(too_early: Town) -> None:
    kim, staff = too_early.caller(KIM), too_early.caller(STAFF)
    kim.calls(MAIN)
    goes_through(kim, ("2", "May we call or text you once"))
    kim.presses("0")
    staff.answers()
    staff.presses("1")
    kim.talks("I have a question first.")

    staff.hears("I have a question first.")


def test_whoever_stopped_texts_meanwhile_gets_none(too_early: Town) -> None:
    kim_leaves_interest(too_early)
    too_early.texts(KIM, MAIN, "STOP")
    told = len(got(too_early, KIM))
    assert goes_live(too_early) == 1

    assert got(too_early, KIM, after=told) == []


def test_where_several_languages_are_spoken_it_is_left_in_the_own_one(too_early: Town) -> None:
    too_early.db.programme = replace(too_early.db.programme, languages=("en", "es", "fr"))
    kim = too_early.caller(KIM)
    kim.calls(MAIN)
    kim.hears("For English, just wait")
    goes_through(kim, ("2", "Aún no hemos comenzado"), ("1", "¿Podemos llamarle o escribirle"))
    goes_through(kim, ("1", "nombre"))
    kim.hangs_up()

    lead = person_at(too_early, KIM)
    assert (lead.state, lead.language) == (PersonState.LEAD, "es")
    with too_early.db.transaction() as session:
        assert [row.language for row in session.scalars(select(Consent))] == ["es"]
    (asked,) = too_early.texts(KIM, MAIN, "Hola")
    assert "Está en nuestra lista" in asked

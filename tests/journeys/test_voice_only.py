"""Somebody with only a landline does everything by voice."""

import pytest
from sqlalchemy import select

from mentoring.models import (
    Answer,
    Consent,
    LineType,
    Match,
    MatchState,
    Mode,
    Outcome,
    PersonState,
    RecordingState,
    Role,
)
from mentoring.people import find_phone
from mentoring.typing_notes import spoken_answer
from tests.journeys.cast import (
    AFTER_THE_OPEN_QUESTION,
    CONSENT_BY_KEYS,
    DENISE,
    ELLEN,
    INTAKE_BY_KEYS,
    KIM,
    LUIS,
    TO_C3,
    contacts,
    goes_through,
    person_at,
    recordings,
)
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town


def joins_by_keys(town: Town) -> None:
    denise = town.caller(DENISE, landline=True)
    denise.calls(MAIN)
    denise.hears("Hello. This is BridgeLine", "To get a mentor press 1", "for a person press 0")
    goes_through(denise, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS)
    denise.records("I alter clothes")
    denise.hears("What help do you want")
    goes_through(denise, *AFTER_THE_OPEN_QUESTION)
    denise.hears("Goodbye", "[call ended]")
    town.settle()


def test_from_a_first_call_to_a_match_a_talk_and_a_voice_note(town: Town) -> None:
    joins_by_keys(town)
    protege = person_at(town, DENISE)
    mentor = town.person(Role.MENTOR, "Luis", LUIS)
    match = town.match(protege, mentor)

    denise, luis = town.caller(DENISE), town.caller(LUIS)
    denise.calls(MAIN)
    denise.hears(
        "Hello again from BridgeLine", "To call Luis press 1", "For voice notes", "press 2"
    )
    denise.presses("1")
    denise.hears("I am calling Luis now", "[ringing]")
    assert luis.handset.ringing == PAIRS[0]
    luis.answers()
    luis.hears("BridgeLine. Denise would like to talk", "press 1 or say yes")
    luis.presses("1")
    denise.talks("Hello Luis")
    luis.hears("Hello Luis")
    town.emulator.advance(300)
    denise.hangs_up()
    town.settle()
    (talk,) = contacts(town)
    assert (talk.outcome, talk.two_way) == (Outcome.TALKED, True)
    assert talk.seconds is not None
    assert 295 <= talk.seconds <= 305
    with town.db.transaction() as session:
        assert session.get_one(Match, match.id).state is MatchState.EARLY

    denise.calls(PAIRS[0])
    luis.handset.reject()
    denise.hears("Luis can't talk right now", "leave a voice note after the tone")
    denise.records("Can you call me on Monday?")
    denise.hears("To hear it press 1", "To send it press 2", "To try again press 3")
    denise.presses("2")
    denise.hears("Your voice note is sent", "Goodbye", "[call ended]")
    town.settle()
    assert "Denise left you a voice note" in town.phone(LUIS).inbox[-1].body
    assert town.phone(DENISE).inbox == []


def test_the_intake_by_phone_keeps_each_answer_and_each_part_of_the_consent(town: Town) -> None:
    joins_by_keys(town)
    person = person_at(town, DENISE)
    assert (person.first_name, person.state) == ("Denise", PersonState.SCREENING)
    assert (person.mode, person.zone, person.safe_contact) == (Mode.VOICE, "America/Chicago", 1)
    assert person.profile["topics"] == "A,E"
    assert person.profile["hours"] == "1"
    assert person.profile["stage"] == "4"
    assert person.profile["access"] == "none"
    with town.db.transaction() as session:
        parts = {row.part: row.agreed for row in session.scalars(select(Consent))}
        answered = {row.question for row in session.scalars(select(Answer))}
    assert parts == {"C2": True, "C3": True, "C4": True, "C5": True}
    assert {"PA1", "PA2", "PB1", "PB2", "PB3", "PB4", "PB5", "PB6"} <= answered
    assert [task.rule for task in town.tasks()] == ["screening"]


def test_an_answer_in_ones_own_words_is_fetched_sealed_and_erased_at_the_carrier(
    town: Town,
) -> None:
    joins_by_keys(town)
    (spoken,) = recordings(town)
    assert spoken.state is RecordingState.ERASED
    with town.db.transaction() as session:
        answer = spoken_answer(session, spoken)
    assert answer is not None
    assert answer.question == "PB2"
    assert spoken.audio_sealed is not None
    assert b"clothes" not in spoken.audio_sealed
    assert all(copy.deleted for copy in town.emulator.store.recordings.values())


def test_a_landline_never_gets_a_text(town: Town) -> None:
    joins_by_keys(town)
    town.match(person_at(town, DENISE), town.person(Role.MENTOR, "Luis", LUIS))
    with town.db.transaction() as session:
        phone = find_phone(session, DENISE)
        assert phone is not None
        phone.line_type = LineType.LANDLINE
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    town.emulator.advance(40)
    luis.hears("Denise can't talk right now")
    luis.hangs_up()
    town.pass_time(600)
    assert not [r for r in town.emulator.requests if r.url.endswith("Messages.json")]


def test_the_whole_intake_can_be_done_by_speech_alone(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(
        kim,
        ("tell me more", "We pair you with a mentor who has run a business"),
        ("I want to get a mentor", "Can this phone get texts"),
        ("yes", "I heard yes"),
        ("that is right", "about 8 texts a month"),
        ("yes", "I heard yes"),
        ("yes", "computer voice"),
        ("no", "I heard no"),
        ("yes", "We do not record your talks"),
        ("I agree", "I heard yes"),
        ("yes", "private"),
        ("sure", "I heard yes"),
        ("right", "Do you want to join"),
        ("I want to join", "I heard yes"),
        ("yes", "Are you 18 or older"),
        ("yes", "What first name"),
        ("my name is Kim", "I heard Kim"),
        ("yes", "How do you like to talk"),
        ("both", "I think it is 11:0"),
        ("yes", "I heard yes"),
        ("yes", "show our name"),
        ("show your name", "Thanks, Kim"),
        ("now", "Where is your business now"),
        ("just an idea", "speak after the tone"),
    )
    kim.records("I want to make candles", end="")
    assert "I have that. To go on press 1. To say more press 2." in kim.waits()
    goes_through(
        kim,
        ("that is all", "What help do you want"),
        ("customers", "You chose customers"),
        ("add another", "What help do you want"),
        ("money", "You chose money and customers"),
        ("that is all", "When can you talk"),
        ("in the evening", "You chose evenings"),
        ("add another", "When can you talk"),
        ("weekends", "How can we make this easy"),
        ("none", "Would you like a mentor who has a disability"),
        ("either", "All done, Kim!"),
    )
    person = person_at(town, KIM)
    assert person.state is PersonState.SCREENING
    assert person.profile["topics"] == "A,B"
    assert person.profile["hours"] == "3,4"
    with town.db.transaction() as session:
        parts = {row.part: row.agreed for row in session.scalars(select(Consent))}
    assert parts == {"C1": True, "C2": False, "C3": True, "C4": True, "C5": True}


def test_words_heard_badly_are_read_back_before_they_count(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.says("be a mentor", confidence=0.4)
    kim.hears("I heard", "If that is right press 1", "To try again press 2")
    kim.says("no")
    kim.hears("To get a mentor press 1")
    kim.says("get a mentor", confidence=None)
    kim.hears("I heard")
    kim.presses("1")
    kim.hears("Can this phone get texts")


def without_texts_until(caller: Caller, *steps: tuple[str, str]) -> None:
    """Somebody who joins by phone and wants no texts, up to some question of the intake."""
    caller.calls(MAIN)
    goes_through(caller, *CONSENT_BY_KEYS, *INTAKE_BY_KEYS[:3], *steps)


ASKED_AFTER_ALL = "We will send you about 8 texts a month"


def test_who_wants_no_texts_and_then_likes_them_best_is_asked_to_agree_to_them(town: Town) -> None:
    denise = town.caller(DENISE)
    without_texts_until(denise, ("2", ASKED_AFTER_ALL), ("1", "I think it is"), INTAKE_BY_KEYS[4])
    denise.hangs_up()
    town.settle()
    town.match(person_at(town, DENISE), town.person(Role.MENTOR, "Luis", LUIS))
    assert person_at(town, DENISE).mode is Mode.TEXT
    assert town.texts(LUIS, PAIRS[0], "Good morning") == []
    assert town.phone(DENISE).inbox[-1].body == "Luis: Good morning"


def test_who_likes_texts_best_but_agrees_to_none_is_called(town: Town) -> None:
    denise = town.caller(DENISE)
    without_texts_until(denise, ("3", ASKED_AFTER_ALL), ("2", "I think it is"), INTAKE_BY_KEYS[4])
    denise.hangs_up()
    town.settle()
    assert person_at(town, DENISE).mode is Mode.VOICE
    town.match(person_at(town, DENISE), town.person(Role.MENTOR, "Luis", LUIS))
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    assert denise.handset.ringing == PAIRS[0]


@pytest.mark.parametrize(("agrees", "mode"), [("1", Mode.TEXT), ("2", Mode.VOICE)])
def test_who_needs_texts_only_is_asked_to_agree_to_them(
    town: Town, agrees: str, mode: Mode
) -> None:
    denise = town.caller(DENISE)
    without_texts_until(denise, *INTAKE_BY_KEYS[3:])
    denise.records("I alter clothes")
    denise.hears("What help do you want")
    goes_through(
        denise,
        *AFTER_THE_OPEN_QUESTION[:-3],
        ("2", ASKED_AFTER_ALL),
        (agrees, "a mentor who has a disability"),
    )
    assert person_at(town, DENISE).mode is mode
    denise.hangs_up()
    town.settle()
    denise.calls(MAIN)
    denise.hears("a mentor who has a disability")


def test_who_has_just_said_no_to_texts_is_not_asked_for_them_again(town: Town) -> None:
    denise = town.caller(DENISE)
    without_texts_until(denise, ("2", ASKED_AFTER_ALL), ("2", "I think it is"), *INTAKE_BY_KEYS[4:])
    denise.records("I alter clothes")
    denise.hears("What help do you want")
    goes_through(denise, *AFTER_THE_OPEN_QUESTION[:-3], ("2", "a mentor who has a disability"))
    denise.hears_none_of(ASKED_AFTER_ALL)
    assert person_at(town, DENISE).mode is Mode.VOICE


def test_who_has_agreed_to_texts_before_is_not_asked_again(town: Town) -> None:
    kim = town.caller(KIM)
    kim.calls(MAIN)
    goes_through(kim, *TO_C3, *CONSENT_BY_KEYS[3:], *INTAKE_BY_KEYS[:1], ("Kim", "I heard Kim"))
    goes_through(kim, INTAKE_BY_KEYS[2], ("2", "I think it is"))
    assert person_at(town, KIM).mode is Mode.TEXT


def test_a_mentor_who_wants_no_texts_is_asked_in_the_intake_as_well(town: Town) -> None:
    ellen = town.caller(ELLEN)
    ellen.calls(MAIN)
    goes_through(
        ellen,
        ("2", "Can this phone get texts"),
        *CONSENT_BY_KEYS[1:],
        *INTAKE_BY_KEYS[:3],
        ("2", ASKED_AFTER_ALL),
        ("2", "I think it is"),
    )
    assert person_at(town, ELLEN).mode is Mode.VOICE


def test_a_landline_that_no_text_reaches_is_called_whatever_its_owner_likes_best(
    town: Town,
) -> None:
    denise = town.caller(DENISE)
    without_texts_until(denise)
    with town.db.transaction() as session:
        phone = find_phone(session, DENISE)
        assert phone is not None
        phone.line_type = LineType.LANDLINE
    goes_through(denise, ("2", "I think it is"))
    denise.hears_none_of(ASKED_AFTER_ALL)
    assert person_at(town, DENISE).mode is Mode.VOICE

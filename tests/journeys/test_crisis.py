"""A cry for help: answered at any hour, and somebody on call is rung until one accepts (S17)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from mentoring.alerts import close_alert
from mentoring.calendar import deeds
from mentoring.db import Session
from mentoring.models import Answer, Due, DueKind, Mode, Outcome, Recording
from mentoring.oversight.rules import OutcomeCode
from mentoring.safety.numbers import CRISIS_NUMBERS, CrisisNumbers
from mentoring.safety.paging import accept_alert, page
from mentoring.typing_notes import type_out
from telephony.emulator import voicemail
from tests.journeys.cast import (
    KIM,
    LUIS,
    ROSA,
    contacts,
    hold,
    leave_nobody_on_duty,
    pair,
    recordings,
)
from tests.journeys.safety import (
    BEN_ADLER,
    HELP,
    IN_DANGER,
    at_night,
    danger,
    is_paged,
    kept,
    pages,
    rules,
    second_on_call,
    staff_named,
    told,
    waiting_pages,
)
from tests.journeys.service_calls import entries, is_over
from tests.town import MAIN, PAIRS, STAFF, Town

CRY = "I want to die"
OTTAWA = "+16135550142"


def test_a_text_at_three_at_night_is_answered_at_once_and_staff_are_rung_until_one_accepts(
    town: Town,
) -> None:
    pair(town)
    second_on_call(town)
    at_night(town)
    written_at = town.clock.now()
    assert town.texts(ROSA, PAIRS[0], CRY)[0] == HELP
    assert town.phone(ROSA).inbox[-1].at - written_at < timedelta(minutes=1)
    assert town.phone(STAFF).ringing == MAIN
    town.pass_time(9 * 60)
    assert pages(town) == ["03:00 Charlotte"]

    town.pass_time(60)
    assert pages(town)[1:] == ["03:10 Ben Adler"]
    town.pass_time(10 * 60)
    assert pages(town)[2:] == ["03:20 Charlotte"]

    charlotte = is_paged(town)
    charlotte.hears("BridgeLine. A critical alert waits for someone on call. To take it press 1.")
    charlotte.hears_none_of("Rosa", "P01", "die", "To stop these calls")
    charlotte.presses("1")
    charlotte.hears("Thank you. It is yours now.", "[call ended]")
    town.pass_time(3600)
    assert len(pages(town)) == 3
    assert waiting_pages(town) == []
    (alert,) = danger(town)
    assert (alert.owner_id, alert.done_at) == (staff_named(town, "Charlotte").id, None)
    assert alert.accepted_at is not None


def test_the_partner_gets_the_text_in_their_own_hours_and_with_it_what_they_can_do(
    town: Town,
) -> None:
    pair(town)
    at_night(town)
    town.texts(ROSA, PAIRS[0], CRY)
    assert town.phone(LUIS).inbox == []
    is_paged(town).presses("1")
    town.days_pass(0.5)
    relayed, warning = [text.body for text in town.phone(LUIS).inbox]
    assert relayed == f"Rosa: {CRY}"
    assert warning.startswith("A text from Rosa may be a cry for help. Ask if they are safe.")


def test_by_day_the_two_texts_arrive_together(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    assert [text.body[:12] for text in town.phone(LUIS).inbox] == ["Rosa: I want", "A text from "]
    assert contacts(town)[0].outcome is Outcome.DELIVERED


def test_where_texts_are_read_aloud_the_warning_is_read_right_after(town: Town) -> None:
    pair(town, mode=Mode.VOICE)
    assert HELP in town.texts(ROSA, PAIRS[0], CRY)
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("2")
    luis.hears("You have 2 new notes", CRY)
    luis.presses("2")
    luis.hears("A text from Rosa may be a cry for help.")


def test_what_was_written_is_kept_for_staff_alone(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    (alert,) = danger(town)
    assert alert.words == "P01 wrote words that may be a cry for help."
    assert kept(town, alert) == [CRY]


def test_every_webhook_told_twice_answers_once_and_pages_once(town: Town) -> None:
    pair(town)
    town.emulator.faults.duplicate(times=10_000)
    assert town.texts(ROSA, PAIRS[0], CRY) == [HELP]
    for _ in range(3):
        town.ticker.drain()
    charlotte = is_paged(town)
    charlotte.presses("1")
    charlotte.hears("It is yours now", "[call ended]")
    town.pass_time(3600)
    assert len(pages(town)) == len(danger(town)) == 1
    assert len(town.phone(LUIS).inbox) == 2


def test_somebody_who_writes_again_is_answered_again_and_joins_the_alert_that_is_open(
    town: Town,
) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], CRY, "i cant go on") == [HELP, HELP]
    (alert,) = danger(town)
    assert kept(town, alert) == [CRY, "i cant go on"]
    assert len(waiting_pages(town)) == 1


def test_a_cry_after_somebody_has_accepted_pages_anew(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    charlotte = is_paged(town)
    charlotte.presses("1")
    is_over(town, charlotte)
    town.pass_time(60)

    town.texts(ROSA, PAIRS[0], "I will kill myself tonight")

    assert len(danger(town)) == 2
    is_paged(town).hears("A critical alert waits")


def test_who_has_opted_out_of_texts_is_answered_all_the_same_and_staff_are_told_to_call(
    town: Town,
) -> None:
    pair(town)
    town.texts(ROSA, MAIN, "please stop texting me")
    assert town.texts(ROSA, PAIRS[0], CRY)[0] == HELP
    (alert,) = danger(town)
    assert alert.words.endswith("Their phone takes no texts from us, so call.")
    assert town.texts(LUIS, PAIRS[0], "How are you?")[-1].startswith(
        "Your text did not reach Rosa."
    )
    assert HELP in town.phone(ROSA).inbox[-1].body


def test_a_wish_for_no_more_texts_that_is_a_cry_as_well_is_answered_as_both(town: Town) -> None:
    pair(town)
    answers = town.texts(ROSA, MAIN, "Stop texting me. I want to die.")
    assert HELP in answers
    assert any("no more texts from any of our lines" in body for body in answers)


def test_an_answer_that_is_a_cry_is_kept_and_the_next_question_waits_for_the_next_text(
    town: Town,
) -> None:
    town.texts(KIM, MAIN, "Hi", "1", "yes", "yes", "yes", "yes", "yes", "1", "Kim", "2", "1", "1")
    town.texts(KIM, MAIN, "now", "2")
    assert town.texts(KIM, MAIN, "A nail salon, but I do not want to live anymore") == [HELP]
    assert told(town)["PB2"] == "A nail salon, but I do not want to live anymore"
    assert [alert.rule for alert in danger(town)] == ["O11"]
    with town.db.transaction() as session:
        # By its moment the page knows that the answer is a cry, which few may read.
        at = session.scalars(select(Answer.at).where(Answer.question == "PB2")).one()
        assert session.scalars(select(Recording.made_at)).all() == [at]
    assert "What help do you want" in town.texts(KIM, MAIN, "thank you")[-1]


def test_a_cry_that_answers_nothing_is_no_miss_and_the_question_stays(town: Town) -> None:
    town.texts(KIM, MAIN, "Hi", "1")
    assert town.texts(KIM, MAIN, CRY) == [HELP]
    assert "We pair you with a volunteer mentor" in " ".join(town.texts(KIM, MAIN, "AGAIN"))
    assert rules(town) == ["O11"]


def test_a_stranger_with_nothing_open_is_answered_and_greeted_with_no_menu(town: Town) -> None:
    assert town.texts(KIM, MAIN, "Je veux mourir") == [IN_DANGER["fr"]]
    (alert,) = danger(town)
    assert alert.words.startswith("Somebody not yet known to us wrote words")
    assert kept(town, alert) == ["Je veux mourir"]
    # Nobody has accepted it yet, so what is told meanwhile joins it.
    town.texts(KIM, MAIN, "Je vais me tuer")
    assert kept(town, alert) == ["Je veux mourir\nJe vais me tuer"]


@pytest.mark.parametrize(
    "words", ["Quiero morir", "j'ai envie de mourir", "Mi esposo me pega", "Il va me tuer"]
)
def test_it_may_be_said_in_spanish_or_french(town: Town, words: str) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[0], words) == [HELP]
    assert len(danger(town)) == 1


def test_whoever_cries_for_help_is_told_the_numbers_of_their_own_country(town: Town) -> None:
    theirs = {**CRISIS_NUMBERS, "CA": CrisisNumbers("112", "116 123")}
    town.db.programme = replace(town.db.programme, crisis_numbers=theirs)
    answer = town.texts(OTTAWA, MAIN, CRY)[0]
    assert "You can call or text 116 123" in answer
    assert "In danger now? Call 112." in answer
    assert town.texts(KIM, MAIN, CRY)[0] == HELP


def test_what_only_sounds_like_it_wakes_nobody(town: Town) -> None:
    pair(town)
    for words in ("This printer is killing me", "I can't go on Tuesday", "dead tired today"):
        assert town.texts(ROSA, PAIRS[0], words) == []
    assert town.tasks() == []
    assert len(town.phone(LUIS).inbox) == 3


def test_a_cry_said_on_the_phone_is_answered_before_anything_else(town: Town) -> None:
    pair(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.says("I want to kill myself")
    rosa.hears("You can call 988 to reach a person, day or night.", "To call Luis press 1")
    (alert,) = danger(town)
    assert kept(town, alert) == ["I want to kill myself"]
    # It rings while she still hears what she can do.
    assert pages(town) == ["11:00 Charlotte"]


def test_on_a_line_that_is_on_hold_a_cry_is_answered_too(town: Town) -> None:
    pair(town)
    hold(town)
    answers = town.texts(ROSA, PAIRS[0], CRY)
    assert answers[0] == HELP
    assert "on hold" in answers[1]
    assert town.phone(LUIS).inbox == []


def test_a_machine_accepts_nothing_and_the_next_one_is_rung(town: Town) -> None:
    pair(town)
    second_on_call(town)
    town.phone(STAFF).when_rung = voicemail()
    town.texts(ROSA, PAIRS[0], CRY)
    town.pass_time(10 * 60)
    ben = is_paged(town, BEN_ADLER)
    ben.presses("2")
    ben.hears("I will call the next one", "[call ended]")
    town.pass_time(10 * 60)
    assert [page[6:] for page in pages(town)] == ["Charlotte", "Ben Adler", "Charlotte"]
    assert danger(town)[0].accepted_at is None


def test_who_answers_when_another_has_accepted_hears_so(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    charlotte = is_paged(town)
    (alert,) = danger(town)
    with town.db.transaction() as session:
        accept_alert(session, alert.id, None, actor="staff:ben", now=town.clock.now())
    charlotte.presses("1")
    charlotte.hears("Someone else has it by now.", "[call ended]")


def test_with_nobody_on_duty_everybody_is_rung_in_turn(town: Town) -> None:
    pair(town)
    second_on_call(town)
    leave_nobody_on_duty(town)
    town.texts(ROSA, PAIRS[0], CRY)
    town.pass_time(10 * 60)
    assert [page[6:] for page in pages(town)] == ["Charlotte", "Ben Adler"]


def test_an_alert_that_is_closed_pages_nobody_any_more(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    (alert,) = danger(town)
    with town.db.transaction() as session:
        close_alert(session, alert.id, code=OutcomeCode.SPOKE, actor="staff", now=town.clock.now())
    town.pass_time(3600)
    assert len(pages(town)) == 1


def test_pages_are_no_calls_to_a_participant_so_none_is_spared(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], CRY)
    for _ in range(6):
        town.pass_time(10 * 60)
    assert len(pages(town)) == 7
    assert all(entry.to_person_id is None for entry in entries(town))


def test_a_worker_that_was_away_pages_at_once_when_it_is_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    at_night(town)
    monkeypatch.setattr(town.db, "wake", lambda: None)
    town.phone(ROSA).text(PAIRS[0], CRY)
    town.emulator.advance(45 * 60)
    assert pages(town) == []
    town.settle()
    assert len(pages(town)) == 1
    assert town.phone(ROSA).inbox[-1].body == HELP


def test_a_page_that_fails_by_a_fault_of_ours_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(town)
    broken = [True]

    def page_or_fail(session: Session, dues: Sequence[Due], now: datetime) -> None:
        if broken:
            raise RuntimeError("The database hiccups.")
        page(session, dues, now)

    monkeypatch.setitem(deeds.DEEDS, DueKind.PAGE, page_or_fail)
    town.texts(ROSA, PAIRS[0], CRY)
    assert pages(town) == []
    broken.clear()
    town.pass_time(5 * 60)
    is_paged(town)


def test_a_voice_note_that_staff_type_is_heeded_like_a_text(town: Town) -> None:
    pair(town, mode=Mode.TEXT)
    rosa = town.caller(ROSA)
    rosa.calls(PAIRS[0])
    rosa.records("I do not want to live any more")
    rosa.presses("2")
    town.settle()
    (note,) = recordings(town)
    with town.db.transaction() as session:
        type_out(session, note.id, "I do not want to live any more", now=town.clock.now())
    town.settle()
    assert [body.body[:12] for body in town.phone(LUIS).inbox][-2:] == [
        "Rosa (voice ",
        "A text from ",
    ]
    (alert,) = danger(town)
    assert alert.words == "P01 left a voice note that may be a cry for help."
    is_paged(town)

"""Whoever takes no texts hears at the next call what others are texted, before anything else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentoring.matches import close_match
from mentoring.models import (
    ClosureReason,
    Match,
    MatchState,
    Mode,
    Person,
    Role,
    SpokenNotice,
)
from mentoring.retention import blank_old_content
from tests.journeys.cast import LUIS, ROSA, hold, move, person_at
from tests.journeys.ending import ask_after_90_days, let_end
from tests.town import MAIN, PAIRS, Town

MISSED = "Luis tried to call you on Tue, Mar 3"
GO_ON = "To go on press 1"


def landline_pair(town: Town, *, safe_contact: int = 1) -> Match:
    """Rosa, who takes no texts, and Luis, who does both."""
    rosa = town.person(
        *(Role.PROTEGE, "Rosa", ROSA),
        mode=Mode.VOICE,
        landline=True,
        texts=False,
        safe_contact=safe_contact,
    )
    return town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))


def luis_misses_her(town: Town, note: str = "") -> None:
    luis = town.caller(LUIS)
    luis.calls(PAIRS[0])
    town.phone(ROSA).reject()
    luis.hears("leave a voice note after the tone")
    if note:
        luis.records(note)
        luis.presses("2")
    luis.hangs_up()
    town.settle()
    town.pass_time(15)


def they_talk(town: Town) -> None:
    luis, rosa = town.caller(LUIS), town.caller(ROSA)
    luis.calls(PAIRS[0])
    rosa.answers()
    rosa.presses("1")
    town.emulator.advance(600)
    luis.hangs_up()
    town.settle()


def waiting(town: Town) -> list[SpokenNotice]:
    with town.db.transaction() as session:
        return list(session.scalars(select(SpokenNotice).where(SpokenNotice.said_at.is_(None))))


def test_a_missed_call_is_said_once_and_the_menu_follows(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Hello again", MISSED, GO_ON)
    rosa.presses("1")
    rosa.hears("To call Luis press 1")
    rosa.hangs_up()
    town.settle()

    rosa.calls(MAIN)
    rosa.hears("Hello again", "To call Luis press 1")
    rosa.hears_none_of(MISSED)
    assert town.phone(ROSA).inbox == []


def test_it_can_be_heard_again_and_needs_no_key(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears(MISSED)
    rosa.presses("*")
    rosa.hears(MISSED, GO_ON)
    rosa.waits()
    rosa.hears("To call Luis press 1")


def test_whoever_hangs_up_in_the_middle_hears_it_at_the_next_call(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    for _ in range(2):
        rosa.calls(MAIN)
        rosa.hears(MISSED)
        rosa.hangs_up()
        town.settle()
    assert len(waiting(town)) == 1


def test_a_person_is_one_key_away(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears(MISSED)
    rosa.presses("0")
    rosa.hears("I am calling our staff now")
    rosa.hangs_up()
    town.settle()
    assert len(waiting(town)) == 1


def test_several_missed_calls_are_said_as_one(town: Town) -> None:
    landline_pair(town)
    for _ in range(3):
        luis_misses_her(town)
    assert len(waiting(town)) == 1


def test_a_doubled_callback_makes_no_second_notice(town: Town) -> None:
    landline_pair(town)
    for url in ("/voice/leg", "/voice/ended", "/voice/dial-ended"):
        town.emulator.faults.duplicate(url, times=3)
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    town.pass_time(3600)
    assert waiting(town) == []


def test_a_note_stands_for_the_call(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town, note="Please call back")
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Luis left you a voice note", GO_ON)
    rosa.hears_none_of(MISSED)
    rosa.presses("1")
    rosa.presses("2")
    rosa.hears("You have 1 new note")


def test_on_hold_nothing_of_the_other_one_is_said_and_after_it_everything(town: Town) -> None:
    match = landline_pair(town)
    luis_misses_her(town)
    hold(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears_none_of("Luis")
    rosa.hangs_up()
    town.settle()

    move(town, match, MatchState.EARLY)
    rosa.calls(MAIN)
    rosa.hears(MISSED)


def test_after_the_end_nothing_of_the_other_one_is_said(town: Town) -> None:
    match = landline_pair(town)
    luis_misses_her(town, note="Please call back")
    with town.db.transaction() as session:
        ended = session.get_one(Match, match.id)
        close_match(
            session, ended, reason=ClosureReason.SAFETY, actor="staff", now=town.clock.now()
        )
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears_none_of("Luis")


def test_a_late_callback_brings_no_old_try_back(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    (missed,) = [hook for hook in town.emulator.webhooks if hook.url.endswith("/voice/ended")]
    they_talk(town)
    town.post("/voice/ended", list(missed.params))
    town.settle()
    assert waiting(town) == []


def test_after_a_talk_an_earlier_try_is_no_news(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    they_talk(town)
    assert waiting(town) == []


def test_a_text_that_is_to_be_read_aloud_is_told(town: Town) -> None:
    landline_pair(town)
    town.texts(LUIS, PAIRS[0], "See you on Monday")
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Luis sent you a text", GO_ON)


def test_the_thanks_after_a_first_talk_are_said(town: Town) -> None:
    landline_pair(town)
    they_talk(town)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    rosa.hears("Is this Rosa")
    rosa.hears_none_of("Luis")
    rosa.presses("1")
    rosa.hears("Rosa, thank you for your first talk with Luis", GO_ON)
    rosa.presses("1")
    rosa.hears("Did your talk go OK")
    assert [text.body for text in town.phone(LUIS).inbox][-2].startswith("Luis, thank you")


@pytest.mark.parametrize("safe_contact", [1, 3])
def test_it_is_said_in_their_own_language(town: Town, safe_contact: int) -> None:
    """Code 3 lets no message be left; what somebody hears when they call is none."""
    landline_pair(town, safe_contact=safe_contact)
    town.db.programme = replace(town.db.programme, languages=("en", "es"))
    with town.db.transaction() as session:
        session.get_one(Person, person_at(town, ROSA).id).language = "es"
    luis_misses_her(town)
    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Luis intentó llamarle", "Para seguir oprima 1")


def test_it_is_said_before_the_questions_of_a_call_of_ours(town: Town) -> None:
    match = landline_pair(town)
    luis_misses_her(town)
    ask_after_90_days(town, match)
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    rosa.hears("Is this Rosa")
    rosa.hears_none_of("Luis")
    rosa.presses("1")
    rosa.hears(MISSED, GO_ON)
    rosa.presses("1")
    rosa.hears("with Luis", "press 1")
    assert waiting(town) == []


def test_whoever_wants_no_message_left_hears_it_when_they_call(town: Town) -> None:
    """Her phone takes texts, but others may see what comes there (S8)."""
    rosa = town.person(Role.PROTEGE, "Rosa", ROSA, safe_contact=3)
    town.match(rosa, town.person(Role.MENTOR, "Luis", LUIS))
    luis_misses_her(town, note="Please call back")
    caller = town.caller(ROSA)
    caller.calls(MAIN)
    caller.hears("Luis left you a voice note", GO_ON)
    assert town.phone(ROSA).inbox == []


def test_on_a_shared_phone_it_is_said_to_nobody_else(town: Town) -> None:
    landline_pair(town)
    town.person(Role.PROTEGE, "Marta", ROSA, mode=Mode.VOICE, texts=False)
    luis_misses_her(town)
    marta = town.caller(ROSA)
    marta.calls(MAIN)
    marta.hears("Marta")
    marta.hears_none_of("Luis")
    marta.presses("2")
    marta.hears_none_of("Luis")
    marta.hangs_up()
    town.settle()

    rosa = town.caller(ROSA)
    rosa.calls(MAIN)
    rosa.presses("1")
    rosa.hears(MISSED)


def test_what_nobody_called_for_is_forgotten_in_time(town: Town) -> None:
    landline_pair(town)
    luis_misses_her(town)
    town.clock.advance(timedelta(days=91).total_seconds())
    with town.db.transaction() as session:
        blank_old_content(session, now=town.clock.now())
    assert waiting(town) == []


TIPS = "Tips for the last talk"


def test_the_tips_for_the_last_talk_are_said_once_the_other_one_has_set_it(town: Town) -> None:
    let_end(town, landline_pair(town), "a good end")
    rosa = town.until_it_rings(ROSA)
    rosa.handset.reject()
    assert waiting(town) == []
    town.texts(LUIS, MAIN, "Fri 6 pm")

    # The day before it she is rung about the talk.
    rosa = town.until_it_rings(ROSA)
    rosa.answers()
    rosa.presses("1")

    rosa.hears(TIPS, GO_ON)
    rosa.presses("1")
    rosa.hears("Your talk with Luis is Fri, Mar 6 at 6 pm")
    rosa.hangs_up()
    town.days_pass(2)
    assert [TIPS in text.body for text in town.phone(LUIS).inbox].count(True) == 1


def test_tips_that_nobody_heard_are_not_said_after_the_end(town: Town) -> None:
    let_end(town, landline_pair(town), "a good end")
    town.texts(LUIS, MAIN, "Fri 6 pm")
    assert [notice.prompt for notice in waiting(town)] == ["T-Z2"]

    town.days_pass(20)

    assert waiting(town) == []


def test_whoever_hears_the_tips_at_the_end_of_the_questions_is_not_told_again(town: Town) -> None:
    let_end(town, landline_pair(town), "a good end")
    rosa = town.until_it_rings(ROSA)
    rosa.handset.reject()
    town.texts(LUIS, MAIN, "Fri 6 pm")

    rosa.calls(MAIN)
    rosa.hears("Set one last talk")
    rosa.says("Friday at 6 pm")
    rosa.presses("1")

    rosa.hears("Luis has set a time already. Your last talk is Fri, Mar 6 at 6 pm", TIPS)
    assert waiting(town) == []

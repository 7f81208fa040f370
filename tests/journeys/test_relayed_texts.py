"""Texts between the two: whole, in order, and never lost without a word to the writer."""

import pytest

from mentoring.models import LineType, MatchState, Mode, Outcome, Role
from mentoring.people import find_phone, person_with_code
from telephony.emulator import sent_only, undelivered
from telephony.emulator.behaviour import delivered
from tests.journeys.cast import ELLEN, LUIS, ROSA, contacts, move, pair
from tests.journeys.ending import invitations, now_is, rules, text_pair
from tests.town import MAIN, PAIRS, Town

STORY = " ".join(f"Sentence {n} is about our stall." for n in range(1, 101))


def test_a_text_arrives_as_it_was_written(town: Town) -> None:
    pair(town)
    bodies = ("Hello", "🙂", "שלום", "a\nb", "  spaces  ", "<b>&amp;</b>", "{name}")
    assert town.texts(ROSA, PAIRS[0], *bodies) == []
    assert [t.body for t in town.phone(LUIS).inbox] == ["Rosa: Hello", *bodies[1:]]


def test_texts_of_two_matches_do_not_mix(town: Town) -> None:
    pair(town)
    ellen = town.person(Role.PROTEGE, "Ellen", ELLEN)
    with town.db.transaction() as session:
        luis = person_with_code(session, "M01")
    town.match(ellen, luis)
    town.texts(LUIS, PAIRS[0], "For Rosa")
    town.texts(LUIS, PAIRS[1], "For Ellen")
    assert [t.body for t in town.phone(ROSA).inbox] == ["Luis: For Rosa"]
    assert [t.body for t in town.phone(ELLEN).inbox] == ["Luis: For Ellen"]


def test_a_text_that_was_not_delivered_is_told_to_its_writer_once(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30007)
    told = town.texts(ROSA, PAIRS[0], STORY)
    town.pass_time(60)
    told = [text.body for text in town.phone(ROSA).inbox]
    assert len(told) == 1
    assert told[0].startswith("Your text did not reach Luis.")
    (contact,) = contacts(town)
    assert (contact.outcome, contact.two_way) == (Outcome.UNDELIVERED, False)


def test_a_text_of_which_nothing_more_is_heard_counts_as_sent(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = sent_only()
    assert town.texts(ROSA, PAIRS[0], "Hello") == []
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.SENT


def test_a_reply_that_did_not_arrive_is_no_first_contact(town: Town) -> None:
    match = text_pair(town)
    town.texts(LUIS, PAIRS[0], "Hi Rosa, shall we talk?")
    town.phone(LUIS).when_texted = undelivered(30003)
    town.texts(ROSA, PAIRS[0], "Yes please, when?")
    town.days_pass(8)
    town.ticker.oversee()

    assert [contact.two_way for contact in contacts(town)] == [False, False]
    assert invitations(town, "plan") == []
    assert now_is(town, match).state is MatchState.INTRO
    assert "O1" in rules(town)


def test_a_reply_of_which_only_its_leaving_is_told_is_the_first_contact_after_a_day(
    town: Town,
) -> None:
    match = text_pair(town)
    town.texts(LUIS, PAIRS[0], "Hi Rosa, shall we talk?")
    town.phone(LUIS).when_texted = sent_only()
    town.texts(ROSA, PAIRS[0], "Yes please, when?")
    assert now_is(town, match).state is MatchState.INTRO

    town.pass_time(25 * 3600)

    assert now_is(town, match).state is MatchState.EARLY
    assert [contact.two_way for contact in contacts(town)] == [False, True]


@pytest.mark.parametrize("how", ["refused", "undelivered"])
def test_a_landline_is_learned_told_and_read_to(town: Town, how: str) -> None:
    pair(town)
    luis = town.phone(LUIS, landline=True, landline_texts=how)
    (told,) = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert told == (
        "Luis's phone can't get texts. We will read your text to them when they call."
        " You can also call them on this number."
    )
    with town.db.transaction() as session:
        phone = find_phone(session, LUIS)
        assert phone is not None
        assert phone.line_type is LineType.LANDLINE
    assert [task.rule for task in town.tasks()] == ["landline"]
    requests = len(town.emulator.requests)
    town.texts(ROSA, PAIRS[0], "And again")
    assert not [r for r in town.emulator.requests[requests:] if dict(r.form).get("To") == LUIS]
    assert luis.inbox == []
    caller = town.caller(LUIS)
    caller.calls(MAIN)
    caller.hears("Rosa sent you a text")
    caller.presses("1")
    caller.presses("2")
    caller.hears("From Rosa", "Hello Luis")
    caller.presses("2")
    caller.hears("And again")


@pytest.mark.parametrize("facts", [{"mode": Mode.VOICE}, {"texts": False}])
def test_of_whoever_just_does_not_use_texts_nobody_says_that_the_phone_can_not_get_them(
    town: Town, facts: dict[str, object]
) -> None:
    pair(town, **facts)
    assert town.texts(ROSA, PAIRS[0], "Hello Luis") == [
        "Luis does not use texts. We will read your text to them when they call."
        " You can also call them on this number."
    ]


def test_a_number_out_of_use_is_told_to_staff_and_to_the_writer(town: Town) -> None:
    pair(town)
    town.emulator.faults.rest_error(400, match="Messages")
    town.phone(LUIS).when_texted = undelivered(30006)
    town.texts(ROSA, PAIRS[0], "Hello")
    town.pass_time(60)
    assert any("Luis" in text.body for text in town.phone(ROSA).inbox)


def test_a_photo_is_told_to_both(town: Town) -> None:
    pair(town)
    phone = town.phone(ROSA)
    phone.text(PAIRS[0], "My new sign", media=[(b"not really", "image/png")])
    town.settle()
    assert "can't get photos" in phone.inbox[-1].body
    received = town.phone(LUIS).inbox[-1].body
    assert received.startswith("Rosa: My new sign\n")
    assert "sent a photo" in received


def test_card_and_id_numbers_never_pass(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "My card is 4111 1111 1111 1111 and my number 123-45-6789")
    received = town.phone(LUIS).inbox[-1].body
    assert "4111" not in received
    assert "6789" not in received
    assert "My card is" in received


def test_texts_both_ways_within_three_days_are_two_way_contact_and_later_ones_not(
    town: Town,
) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    town.pass_time(4 * 24 * 3600)
    town.texts(LUIS, PAIRS[0], "Sorry, I was away")
    town.pass_time(3600)
    town.texts(ROSA, PAIRS[0], "Welcome back")
    assert [contact.two_way for contact in contacts(town)] == [False, False, True]


def test_only_the_open_match_hears_what_is_written_on_its_line(town: Town) -> None:
    pair(town)
    assert town.texts(ROSA, PAIRS[1], "Hello?")[0].startswith("Hello from BridgeLine")
    assert town.phone(LUIS).inbox == []


def test_somebody_who_agreed_to_no_texts_has_them_read_aloud(town: Town) -> None:
    pair(town, texts=False)
    (told,) = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert "Luis" in told
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("1")
    luis.presses("2")
    luis.hears("From Rosa", "Hello Luis")


def test_a_text_to_somebody_without_a_zone_is_not_lost_in_silence(town: Town) -> None:
    pair(town, zone="")
    assert town.texts(ROSA, PAIRS[0], "Hello Luis") != []


def test_a_text_held_by_night_and_then_blocked_is_told_to_its_writer(town: Town) -> None:
    pair(town)
    town.clock.advance(11 * 3600)
    (night,) = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert "after 8 am" in night
    town.texts(LUIS, MAIN, "STOP")
    town.pass_time(10 * 3600)
    assert [text.body for text in town.phone(ROSA).inbox[1:]] == [
        "Your text did not reach Luis. Their phone may be off. We will look into it."
        " Text PERSON if it can't wait."
    ]


def test_a_text_that_is_tried_again_later_ends_as_what_became_of_it(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30003)
    (told,) = town.texts(ROSA, PAIRS[0], "Hello Luis")
    assert told.startswith("Your text did not reach Luis.")
    town.phone(LUIS).when_texted = delivered()
    town.pass_time(4 * 3600)
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Hello Luis"]
    (contact,) = contacts(town)
    assert contact.outcome is Outcome.DELIVERED
    assert len(town.phone(ROSA).inbox) == 1


def test_the_name_stands_before_the_first_text_of_the_day_on_which_it_is_read(town: Town) -> None:
    pair(town)
    town.texts(ROSA, PAIRS[0], "Eleven in the morning")
    town.pass_time(12 * 3600)
    town.texts(ROSA, PAIRS[0], "Eleven at night")
    town.pass_time(10 * 3600)
    town.texts(ROSA, PAIRS[0], "Nine in the morning")
    assert [text.body for text in town.phone(LUIS).inbox] == [
        "Rosa: Eleven in the morning",
        "Rosa: Eleven at night",
        "Nine in the morning",
    ]


def test_a_name_that_was_lost_with_its_text_stands_before_the_next_one(town: Town) -> None:
    pair(town)
    town.phone(LUIS).when_texted = undelivered(30007)
    town.texts(ROSA, PAIRS[0], "Hello")
    town.phone(LUIS).when_texted = delivered()
    town.texts(ROSA, PAIRS[0], "Are you there?", "It is about Monday")
    assert [text.body for text in town.phone(LUIS).inbox] == [
        "Rosa: Are you there?",
        "It is about Monday",
    ]


def test_a_name_that_a_hold_kept_back_stands_before_the_next_text(town: Town) -> None:
    match = pair(town)
    town.clock.advance(12 * 3600)
    town.texts(ROSA, PAIRS[0], "Are you awake?")
    move(town, match, MatchState.SAFETY_HOLD)
    town.pass_time(9.5 * 3600)
    move(town, match, MatchState.INTRO)
    town.texts(ROSA, PAIRS[0], "Good morning")
    assert [text.body for text in town.phone(LUIS).inbox] == ["Rosa: Good morning"]


def test_a_text_that_is_read_aloud_after_all_does_not_name_its_writer_twice(town: Town) -> None:
    pair(town)
    town.phone(LUIS, landline=True, landline_texts="refused")
    town.texts(ROSA, PAIRS[0], "Hello Luis")
    luis = town.caller(LUIS)
    luis.calls(MAIN)
    luis.presses("1")
    luis.presses("2")
    luis.hears("From Rosa", "Hello Luis")
    luis.hears_none_of("Rosa: ")


@pytest.mark.parametrize("why", ["lost", "opted out", "photo"])
def test_a_phone_that_answers_by_itself_does_not_answer_ours_for_ever(town: Town, why: str) -> None:
    pair(town)
    if why == "lost":
        town.phone(LUIS).when_texted = undelivered(30007)
    elif why == "opted out":
        town.texts(LUIS, PAIRS[0], "STOP")
    rosa = town.phone(ROSA)
    signature = [(b"not really", "image/png")] if why == "photo" else []
    rosa.text(PAIRS[0], "I am driving", media=signature)
    town.settle()
    answered = 0
    while len(rosa.inbox) > answered:
        answered = len(rosa.inbox)
        assert answered < 50
        rosa.text(PAIRS[0], f"I am driving. Missed: {answered}", media=signature)
        town.settle()
    assert answered == 40
    # What they wrote is passed on, or in the log, all the same.
    assert len(contacts(town)) == 41

    town.pass_time(601)
    rosa.text(PAIRS[0], "It is me now", media=signature)
    town.settle()
    assert len(rosa.inbox) == answered + 1


def test_two_phones_that_answer_by_themselves_do_not_answer_each_other_for_ever(town: Town) -> None:
    pair(town)
    rosa, luis = town.phone(ROSA), town.phone(LUIS)
    rosa.text(PAIRS[0], "Hello Luis")
    town.settle()
    heard = {ROSA: 0, LUIS: 0}
    answers = {ROSA: "I am driving", LUIS: "I am in the workshop"}
    for _ in range(100):
        for phone in (luis, rosa):
            fresh = len(phone.inbox) > heard[phone.number]
            heard[phone.number] = len(phone.inbox)
            if fresh:
                phone.text(PAIRS[0], answers[phone.number])
                town.settle()
    assert 20 < len(luis.inbox) < 25
    assert 20 < len(rosa.inbox) < 25
    assert contacts(town)[-1].outcome is Outcome.BLOCKED
    (task,) = town.tasks()
    assert "sends M01 the same words over and over" in task.words

    town.texts(ROSA, PAIRS[0], "It is me now")
    assert luis.inbox[-1].body == "It is me now"


def test_a_long_text_of_parts_that_are_all_alike_arrives_whole(town: Town) -> None:
    pair(town)
    form = [("MessageSid", "SM" + "1" * 32), ("From", ROSA), ("To", PAIRS[0])]
    town.post("/sms/inbound", [*form, ("Body", "a" * 50_000)])
    town.settle()
    town.pass_time(900)
    assert sum(text.body.count("a") for text in town.phone(LUIS).inbox) == 50_000 + 1

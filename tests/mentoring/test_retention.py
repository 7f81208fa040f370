"""Old words are blanked, and nothing else: rows stay, young words stay, and a worry stops it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from mentoring.alerts import close_alert
from mentoring.contacts import log_between
from mentoring.conversation_queries import waiting_conversation
from mentoring.conversations import begin
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.facts import state_of
from mentoring.holds import hold_match
from mentoring.matches import close_match
from mentoring.models import (
    Answer,
    Channel,
    ClosureReason,
    Contact,
    ContactKind,
    ConversationStatus,
    Delivery,
    DeliveryStatus,
    Match,
    MatchState,
    Outcome,
    Person,
    Purpose,
    Recording,
    Reference,
)
from mentoring.notes import (
    audio_of,
    keep_spoken,
    keep_written,
    mark_heard,
    store_audio,
    waiting_notes,
)
from mentoring.oversight.rules import OutcomeCode
from mentoring.retention import blank_old_content
from mentoring.safety.alert_words import words_told
from mentoring.safety.crisis import raise_crisis
from mentoring.tasks import end_task, open_task
from tests.make import (
    NOW,
    make_lines,
    make_match,
    make_person,
    make_phone,
    make_relay,
    make_spoken,
    make_text,
    way_of,
)

DAY = timedelta(days=1)


@pytest.fixture
def match(session: Session) -> Match:
    make_lines(session, 1)
    return make_match(session)


def settled(session: Session, match: Match, words: str = "Hello Ada") -> int:
    """A text from the protege that arrived now; returns its id."""
    (row,) = make_relay(session, match, words)
    row.status = DeliveryStatus.DELIVERED
    session.flush()
    return row.id


def has_words(session: Session, row_id: int) -> bool:
    session.expire_all()
    row = session.get_one(Delivery, row_id)
    # The contact log stays, whatever is blanked.
    assert session.get(Contact, row.contact_id) is not None
    return row.body_sealed is not None


def test_a_text_keeps_its_words_for_half_a_year(session: Session, match: Match) -> None:
    row = settled(session, match)
    assert blank_old_content(session, now=NOW + 180 * DAY) == 0
    assert has_words(session, row)
    assert blank_old_content(session, now=NOW + 181 * DAY) == 1
    assert not has_words(session, row)
    assert blank_old_content(session, now=NOW + 181 * DAY) == 0


def test_after_a_match_was_closed_its_texts_go_sooner(session: Session, match: Match) -> None:
    row = settled(session, match)
    close(session, match, at=NOW + DAY)
    blank_old_content(session, now=NOW + 90 * DAY)
    assert has_words(session, row)
    blank_old_content(session, now=NOW + 92 * DAY)
    assert not has_words(session, row)


def test_a_text_that_waits_still_keeps_its_words(session: Session, match: Match) -> None:
    (row,) = make_relay(session, match, "Hello Ada")
    session.flush()
    blank_old_content(session, now=NOW + 400 * DAY)
    assert has_words(session, row.id)


def test_an_answer_of_ours_goes_as_well(session: Session, match: Match) -> None:
    side = match.sides[0]
    row = make_text(session, "Hello from us", to=side.phone, line=match.line)
    row.status = DeliveryStatus.SENT
    session.flush()
    assert blank_old_content(session, now=NOW + 181 * DAY) == 1
    session.refresh(row)
    assert row.body_sealed is None


@pytest.mark.parametrize("is_known", [True, False])
def test_what_was_told_in_danger_outside_any_match_stays_while_that_is_open(
    session: Session, is_known: bool
) -> None:
    ben = make_person(session) if is_known else None
    phone = ben.phone if ben else make_phone(session)
    alert = raise_crisis(
        session, words="wrote.", person=ben, phone=phone, told="I want to die", now=NOW
    )
    session.flush()
    blank_old_content(session, now=NOW + 400 * DAY)
    assert words_told(session, alert) == [(NOW, "I want to die")]
    alert.done_at = NOW + 400 * DAY
    session.flush()
    blank_old_content(session, now=NOW + 400 * DAY)
    assert words_told(session, alert) == []


@pytest.mark.parametrize("about", ["match", "person"])
def test_while_a_worry_is_open_nothing_of_the_two_is_blanked(
    session: Session, match: Match, about: str
) -> None:
    row, note = settled(session, match), spoken(session, match)
    task = open_task(
        session,
        rule="O10",
        words="P01 has a worry.",
        key="O10:1",
        person=match.sides[0].person if about == "person" else None,
        match_id=match.id if about == "match" else None,
        now=NOW,
    )
    session.flush()
    assert blank_old_content(session, now=NOW + 400 * DAY) == 0
    close_alert(session, task.id, code=OutcomeCode.SPOKE, actor="staff", now=NOW + 400 * DAY)
    session.flush()
    assert blank_old_content(session, now=NOW + 400 * DAY) == 2
    assert not has_words(session, row)
    assert is_silent(session, note)


def test_the_number_of_a_reference_whom_staff_are_to_call_is_kept_till_they_have(
    session: Session, match: Match
) -> None:
    phone = make_phone(session, 41)
    row = Reference(
        key=uuid4(),
        person_id=match.sides[1].person_id,
        phone_id=phone.id,
        agreed="told",
        added_by="staff",
        added_at=NOW,
    )
    session.add(row)
    task = open_task(session, rule="O8", words="Call back.", phone=phone, key="O8:1", now=NOW)
    session.flush()

    blank_old_content(session, now=NOW + 2 * DAY)
    assert phone.number_sealed != FORGOTTEN
    end_task(task, outcome="answered", now=NOW + 3 * DAY)
    session.flush()
    blank_old_content(session, now=NOW + 3 * DAY)
    assert phone.number_sealed == FORGOTTEN


def worry(session: Session, match: Match | None = None) -> Answer:
    """What worries the first of the make-believe people, in their own words, told now."""
    phone = make_phone(session, 40)
    person = make_person(session, phone=phone)
    conversation = begin(
        session,
        "concern",
        channel=Channel.TEXT,
        phone=phone,
        person=person,
        call_sid=None,
        match_id=match.id if match else None,
        now=NOW,
    ).conversation
    session.flush()
    answer = Answer(key=uuid4(), question="WORRY", prompt_version=1, turn=1, at=NOW)
    answer.conversation_id, answer.person_id = conversation.id, person.id
    answer.channel = Channel.TEXT
    answer.words_sealed = session.vault.seal("He shouts.", place=answer.place("words_sealed"))
    session.add(answer)
    session.flush()
    return answer


def keeps(session: Session, answer: Answer, days: int) -> bool:
    """Let the clock run, and tell whether the words are still there."""
    while blank_old_content(session, now=NOW + days * DAY):
        pass
    session.refresh(answer)
    return answer.words_sealed is not None


def test_what_worries_somebody_keeps_its_words_as_long_as_a_text(session: Session) -> None:
    make_lines(session, 1)
    told = worry(session)
    assert keeps(session, told, 180)
    assert not keeps(session, told, 181)


def test_after_the_match_was_closed_the_words_of_a_worry_go_sooner(
    session: Session, match: Match
) -> None:
    told = worry(session, match)
    close(session, match, at=NOW)
    assert keeps(session, told, 90)
    assert not keeps(session, told, 91)


def test_the_words_of_a_worry_that_is_open_are_kept(session: Session) -> None:
    make_lines(session, 1)
    told = worry(session)
    person = session.get_one(Person, told.person_id)
    open_task(session, rule="O10", words="A worry.", subject="x", person=person, now=NOW)
    session.flush()
    assert keeps(session, told, 400)


def test_while_a_match_is_on_hold_nothing_of_it_is_blanked(session: Session, match: Match) -> None:
    row = settled(session, match)
    hold_match(session, match, actor="staff", reason="a worry", now=NOW)
    session.flush()
    blank_old_content(session, now=NOW + 400 * DAY)
    assert has_words(session, row)


def test_a_note_goes_a_month_after_it_was_heard(session: Session, match: Match) -> None:
    note = spoken(session, match)
    mark_heard(note, now=NOW + 5 * DAY)
    session.flush()
    blank_old_content(session, now=NOW + 35 * DAY)
    assert not is_silent(session, note)
    blank_old_content(session, now=NOW + 36 * DAY)
    assert is_silent(session, note)


def test_a_note_that_nobody_hears_goes_after_three_months_and_is_offered_no_more(
    session: Session, match: Match
) -> None:
    note = spoken(session, match)
    blank_old_content(session, now=NOW + 90 * DAY)
    assert not is_silent(session, note)
    blank_old_content(session, now=NOW + 91 * DAY)
    assert is_silent(session, note)
    session.memo.clear()
    assert waiting_notes(session, note.to_person_id or 0) == []


def test_a_text_that_is_read_aloud_goes_like_a_note(session: Session, match: Match) -> None:
    way = way_of(session, match)
    contact = log_between(
        session, way, ContactKind.TEXT, source_sid="SM9", outcome=Outcome.NOTE_LEFT, now=NOW
    )
    note = keep_written(session, "Hello", way, contact=contact, now=NOW)
    session.flush()
    blank_old_content(session, now=NOW + 91 * DAY)
    session.refresh(note)
    assert note.words_sealed is None


def test_a_recording_that_is_not_fetched_yet_is_let_alone(session: Session, match: Match) -> None:
    note = spoken(session, match, stored=False)
    assert blank_old_content(session, now=NOW + 400 * DAY) == 0
    assert note.deleted_at is None


def test_what_was_spoken_goes_after_a_day_and_the_place_when_it_cannot_be_gone_on_with(
    session: Session,
) -> None:
    make_lines(session, 1)
    conversation = make_spoken(session)
    blank_old_content(session, now=NOW + DAY)
    session.refresh(conversation)
    assert conversation.spoken_sealed is not None
    blank_old_content(session, now=NOW + 2 * DAY)
    session.refresh(conversation)
    assert conversation.spoken_sealed is None
    assert state_of(session, conversation).step
    assert blank_old_content(session, now=NOW + 30 * DAY) == 0
    # The place goes, and with it the number, from which nothing else ever came.
    assert blank_old_content(session, now=NOW + 31 * DAY) == 2
    session.refresh(conversation)
    assert (conversation.state_sealed, conversation.status) == (FORGOTTEN, ConversationStatus.LEFT)
    assert conversation.phone is not None
    assert waiting_conversation(session, conversation.phone, now=NOW + 31 * DAY) is None
    assert blank_old_content(session, now=NOW + 31 * DAY) == 0


def test_a_finished_conversation_stays_finished(session: Session) -> None:
    make_lines(session, 1)
    conversation = make_spoken(session)
    conversation.status = ConversationStatus.FINISHED
    session.flush()
    blank_old_content(session, now=NOW + 31 * DAY)
    session.refresh(conversation)
    assert conversation.status is ConversationStatus.FINISHED


def test_it_is_done_in_batches(session: Session, match: Match) -> None:
    for _ in range(5):
        settled(session, match)
    blanked = [blank_old_content(session, now=NOW + 181 * DAY, limit=2) for _ in range(4)]
    assert blanked == [2, 2, 1, 0]


def close(session: Session, match: Match, *, at: datetime) -> None:
    close_match(session, match, reason=ClosureReason.OTHER, actor="staff", now=at)
    session.flush()
    assert match.state is MatchState.CLOSED


def spoken(session: Session, match: Match, *, stored: bool = True) -> Recording:
    """A voice note from the protege to the mentor, recorded and sent now."""
    note = keep_spoken(
        session,
        purpose=Purpose.NOTE,
        recording_sid="RE1",
        call_sid="CA1",
        seconds=5,
        route=way_of(session, match),
        now=NOW,
    )
    note.sent_at = NOW
    if stored:
        store_audio(session, note.id, b"sound", now=NOW)
    session.flush()
    return note


def is_silent(session: Session, note: Recording) -> bool:
    session.expire_all()
    return audio_of(session, note) is None

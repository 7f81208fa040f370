"""The words behind an alert: those that were told while it was open, and nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import (
    Answer,
    AuditEntry,
    Channel,
    Conversation,
    Person,
    Phone,
    StaffTask,
)
from mentoring.safety.alert_words import has_words, read_words, words_told
from mentoring.safety.crisis import keep_told
from mentoring.safety.worry import open_worry
from mentoring.tasks import open_task
from tests.make import NOW, make_person, make_phone

HOUR = timedelta(hours=1)


def worry(session: Session, person: Person | None, phone: Phone) -> StaffTask:
    key = str(phone.id)
    return open_worry(session, key=key, person=person, phone=phone, match_id=None, now=NOW)


def tells(session: Session, phone: Phone, person: Person | None, words: str, hours: int) -> None:
    """Let somebody answer what worries them, so many hours after the alert was opened."""
    at = NOW + hours * HOUR
    conversation = Conversation(
        key=uuid4(),
        phone=phone,
        person=person,
        flow="concern",
        lasting=False,
        channel=Channel.TEXT,
        started_at=at,
        touched_at=at,
        state_sealed=b"",
    )
    session.add(conversation)
    session.flush()
    answer = Answer(
        key=uuid4(),
        conversation_id=conversation.id,
        person_id=person.id if person else None,
        question="WORRY",
        prompt_version=1,
        turn=1,
        channel=Channel.TEXT,
        at=at,
    )
    answer.words_sealed = session.vault.seal(words, place=answer.place("words_sealed"))
    session.add(answer)
    session.flush()


@pytest.mark.parametrize("is_known", [True, False])
def test_what_worries_them_is_kept_with_the_alert_while_it_is_open(
    session: Session, is_known: bool
) -> None:
    ben = make_person(session) if is_known else None
    phone = ben.phone if ben else make_phone(session)
    other = make_person(session, name="Kim", which=1)
    alert = worry(session, ben, phone)
    tells(session, other.phone, other, "Mine is another one", 1)
    assert (has_words(session, alert), words_told(session, alert)) == (False, [])

    tells(session, phone, ben, "He wants my van", 1)
    alert.done_at = NOW + 2 * HOUR
    tells(session, phone, ben, "And now my house", 3)

    assert has_words(session, alert)
    assert words_told(session, alert) == [(NOW + HOUR, "He wants my van")]


def test_another_alert_about_them_holds_nothing_of_their_worry(session: Session) -> None:
    ben = make_person(session)
    wish, rude = (
        open_task(session, rule=rule, words="", subject=ben.code, person=ben, now=NOW)
        for rule in ("O8", "O12")
    )
    alert = worry(session, ben, ben.phone)
    tells(session, ben.phone, ben, "He wants my van", 1)
    for task, words in ((alert, "I am afraid of him"), (alert, "Very much"), (rude, "You fool")):
        keep_told(session, task, words, ben, now=NOW + HOUR)
    session.flush()

    assert [words for _, words in words_told(session, alert)][-1] == "He wants my van"
    assert len(words_told(session, alert)) == 4
    for task in (wish, rude):
        assert [words for _, words in words_told(session, task)] == ["You fool"]
    session.delete(rude)
    session.flush()
    assert not has_words(session, wish)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_look_is_kept_where_it_is_found_again(session: Session, is_known: bool) -> None:
    ben = make_person(session) if is_known else None
    alert = worry(session, ben, ben.phone if ben else make_phone(session))
    read_words(session, alert, reason="It is mine", actor="staff:Charlotte", now=NOW)

    look = session.scalars(select(AuditEntry)).one()
    assert (look.entity, look.entity_id) == (
        ("person", ben.code) if ben else ("alert", str(alert.id))
    )
    assert (look.action, look.reason) == (f"read words of alert {alert.id}", "It is mine")

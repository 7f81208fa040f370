"""What somebody in danger is answered waits for nothing: no hours, no consent, no other text."""

from datetime import timedelta

import pytest

from mentoring.claims import claim_due
from mentoring.db import Session
from mentoring.models import Delivery, DeliveryKind, DeliveryStatus, Line, OptOutKind, Person
from mentoring.optouts import refuse
from mentoring.safety.numbers import ANSWERS
from tests.make import NOW, make_lines, make_person, make_text

# 3 in the morning in Chicago, and hours after what they wrote.
NIGHT = NOW + timedelta(hours=16)


def answer(session: Session, person: Person, prompt: str, line: Line | None = None) -> Delivery:
    """Queue an answer to what a person wrote NOW."""
    return make_text(
        session,
        "Call 988.",
        to=person.phone,
        line=line or make_lines(session, 1)[0],
        kind=DeliveryKind.REPLY,
        person=person,
        prompt=prompt,
        reply_to_at=NOW,
    )


@pytest.mark.parametrize("prompt", ANSWERS)
def test_it_leaves_by_night_hours_later_without_consent_and_after_an_opt_out(
    session: Session, prompt: str
) -> None:
    ben = make_person(session, texts=False, zone=None)
    refuse(session, ben.phone, OptOutKind.TEXTS, source="text", now=NOW)
    row = answer(session, ben, prompt)
    assert [text.delivery_id for text in claim_due(session, now=NIGHT).texts] == [row.id]


def test_any_other_answer_is_held_back_by_each_of_these(session: Session) -> None:
    row = answer(session, make_person(session), "T-PERS")
    assert claim_due(session, now=NIGHT).texts == []
    assert row.status is DeliveryStatus.QUEUED


@pytest.mark.parametrize(("prompt", "overtakes"), [("T-X1", True), ("T-PERS", False)])
def test_it_overtakes_a_text_that_met_trouble_in_the_same_thread(
    session: Session, prompt: str, overtakes: bool
) -> None:
    ben, line = make_person(session), make_lines(session, 1)[0]
    stuck = make_text(session, to=ben.phone, person=ben, line=line)
    stuck.attempts, stuck.not_before = 1, NOW + timedelta(minutes=5)
    session.flush()
    row = answer(session, ben, prompt, line)
    claimed = [text.delivery_id for text in claim_due(session, now=NOW).texts]
    assert claimed == ([row.id] if overtakes else [])

"""Who agreed to nothing and is silent is forgotten; whom something binds to us is not."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from mentoring.audit import reveal_number
from mentoring.consents import INTEREST_PART, record_consent
from mentoring.conversations import begin
from mentoring.crypto import FORGOTTEN
from mentoring.db import Session
from mentoring.do_not_contact import write_opt_out
from mentoring.errors import ProgrammeError
from mentoring.models import (
    Channel,
    OptOutKind,
    Person,
    PersonState,
    Phone,
    Purpose,
    Recording,
    RecordingState,
    Role,
)
from mentoring.people import add_person, find_phone, masked_number
from mentoring.retention import blank_old_content
from mentoring.safety.worry import open_worry
from mentoring.tasks import end_task, open_task
from tests.make import NOW, make_lines, make_phone, number

MONTH = timedelta(days=31)


def lead(session: Session) -> Person:
    """Somebody whose first call led to a name, and to no yes."""
    phone = make_phone(session, 7)
    person = add_person(
        session,
        role=Role.PROTEGE,
        phone=phone,
        first_name="Ada",
        actor="x",
        reason="first contact",
        state=PersonState.CONSENTING,
        now=NOW,
    )
    person.profile = {"topics": "A"}
    session.flush()
    return person


def forget(session: Session, after: timedelta = MONTH) -> None:
    """Let the clock run."""
    blank_old_content(session, now=NOW + after)
    session.expire_all()


def test_a_silent_lead_is_forgotten_after_a_month(session: Session) -> None:
    ada = lead(session)

    forget(session, timedelta(days=29))
    assert masked_number(session, ada.phone) == "ends in 37"
    forget(session)

    assert (ada.state, ada.first_name, ada.profile) == (PersonState.EXITED, "", {})
    assert ada.phone.number_sealed == FORGOTTEN
    assert masked_number(session, ada.phone) == "forgotten"
    assert find_phone(session, number(7)) is None
    with pytest.raises(ProgrammeError, match="forgotten"):
        reveal_number(
            session,
            ada.phone,
            entity="person",
            entity_id=ada.code,
            actor="x",
            reason="x",
            now=NOW,
        )
    with pytest.raises(ProgrammeError, match="forgotten"):
        write_opt_out(session, ada, [OptOutKind.TEXTS], actor="x", reason="x", now=NOW)
    # Whoever is forgotten is not forgotten again, and again.
    assert blank_old_content(session, now=NOW + MONTH) == 0


def test_a_phone_that_nobody_told_anything_from_goes_as_well(session: Session) -> None:
    phone = make_phone(session, 8)
    forget(session)
    assert phone.number_sealed == FORGOTTEN


def test_what_a_stranger_said_goes_with_the_number(session: Session) -> None:
    phone = make_phone(session, 8)
    make_lines(session, 1)
    talk = begin(
        session,
        "welcome",
        phone=phone,
        person=None,
        channel=Channel.VOICE,
        call_sid="CA1",
        now=NOW,
    ).conversation
    session.flush()
    said = Recording(
        key=uuid4(),
        purpose=Purpose.MESSAGE,
        state=RecordingState.STORED,
        conversation_id=talk.id,
        audio_sealed=b"x",
        not_before=NOW,
        made_at=NOW,
    )
    session.add(said)
    session.flush()
    forget(session)
    assert (phone.number_sealed, said.audio_sealed) == (FORGOTTEN, None)


def _agreed(session: Session, ada: Person) -> None:
    _consent(session, ada, "C1", True)


def _wants_to_hear_of_the_start(session: Session, ada: Person) -> None:
    _consent(session, ada, INTEREST_PART, True)


def _consent(session: Session, ada: Person, part: str, agreed: bool) -> None:
    record_consent(
        session,
        phone=ada.phone,
        person=ada,
        part=part,
        agreed=agreed,
        channel=Channel.STAFF,
        language="en",
        proof="x",
        known_by="x",
        now=NOW,
    )
    session.flush()


def _opted_out(session: Session, ada: Person) -> None:
    ada.phone.texts_refused_at = NOW
    session.flush()


def _is_owed_a_call(session: Session, ada: Person) -> None:
    open_task(session, rule="O8", words="Call back.", phone=ada.phone, key="x", now=NOW)


def _told_a_worry(session: Session, ada: Person) -> None:
    told = open_worry(session, key="x", person=None, phone=ada.phone, match_id=None, now=NOW)
    end_task(told, outcome="resolved", now=NOW + timedelta(days=1))
    session.flush()


def _called_again(session: Session, ada: Person) -> None:
    make_lines(session, 1)
    begin(
        session,
        "welcome",
        phone=ada.phone,
        person=ada,
        channel=Channel.TEXT,
        call_sid=None,
        now=NOW + timedelta(days=20),
    )
    session.flush()


def _takes_part(session: Session, ada: Person) -> None:
    ada.state = PersonState.SCREENING
    session.flush()


@pytest.mark.parametrize(
    "binds",
    [
        _agreed,
        _wants_to_hear_of_the_start,
        _opted_out,
        _is_owed_a_call,
        _told_a_worry,
        _called_again,
        _takes_part,
    ],
)
def test_whom_something_binds_to_us_is_kept(
    session: Session, binds: Callable[[Session, Person], None]
) -> None:
    ada = lead(session)
    binds(session, ada)

    forget(session)

    assert ada.phone.number_sealed != FORGOTTEN
    assert ada.first_name == "Ada"


def test_once_staff_have_called_the_number_goes(session: Session) -> None:
    ada = lead(session)
    task = open_task(session, rule="O8", words="Call back.", phone=ada.phone, key="x", now=NOW)
    forget(session)
    end_task(task, outcome="answered", now=NOW + MONTH)
    session.flush()
    forget(session)
    assert ada.phone.number_sealed == FORGOTTEN


def test_interest_that_was_taken_back_binds_no_more(session: Session) -> None:
    ada = lead(session)
    _wants_to_hear_of_the_start(session, ada)
    _consent(session, ada, INTEREST_PART, False)
    forget(session)
    assert session.get_one(Phone, ada.phone_id).number_sealed == FORGOTTEN

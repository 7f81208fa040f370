"""Whoever knows a mentor is asked one question by text, if they agreed to that (S1, S19).

They are no person of the programme: a phone, a question and an answer are all there is, and their
consent is for this question alone. See docs/decisions/0011.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from mentoring.applications.referees import ASKS
from mentoring.applications.screening import (
    APPLYING,
    reference_answered,
    reference_asked,
    reference_of,
)
from mentoring.audit import write_about
from mentoring.consents import REFERENCE_PART, record_consent
from mentoring.db import Session
from mentoring.details import checked_zone
from mentoring.errors import ProgrammeError
from mentoring.lines import main_line
from mentoring.models import (
    Channel,
    DeliveryKind,
    Line,
    Person,
    Phone,
    Reference,
    StaffTask,
    Verdict,
)
from mentoring.notices import queue_prompt
from mentoring.people import find_or_add_phone
from mentoring.phone import reason_not_dialable
from mentoring.tasks import end_task, open_task

THANKS, WORDS_KEPT = "T-REF3", "T-REF4"
_ASKED_FOR = timedelta(days=14)
_LONGEST_WORDS = 2000
_NOTED_WITHIN = 2
_ANSWERS = {
    **dict.fromkeys(("1", "one", "yes"), Verdict.GOOD),
    **dict.fromkeys(("2", "two", "yes with doubts"), Verdict.DOUBTS),
    **dict.fromkeys(("3", "three", "no"), Verdict.NO),
}


def text_reference(
    session: Session,
    person: Person,
    reference_id: int,
    *,
    told: str,
    zone: str,
    actor: str,
    now: datetime,
) -> None:
    """Ask somebody who knows a mentor by text, once; raises ProgrammeError with why not.

    `told` says who told staff that they agreed to texts, and when; `zone` is theirs.
    """
    if person.state not in APPLYING:
        raise ProgrammeError(f"{person.code} is {person.state}: the application is over.")
    reference = reference_of(session, person, reference_id)
    if not told.strip():
        raise ProgrammeError("Say who told you that they agreed to be asked by text, and when.")
    checked_zone(zone.strip())
    phone = _phone_of(session, reference, now=now)
    reference.phone_id, reference.zone, reference.texted_at = phone.id, zone.strip(), now
    session.flush()
    record_consent(
        session,
        phone=phone,
        person=None,
        part=REFERENCE_PART,
        agreed=True,
        channel=Channel.STAFF,
        language="en",
        proof=f"reference {reference.id}: {told.strip()}"[:200],
        known_by=actor,
        text_version="T-REF1 1",
        now=now,
    )
    reference_asked(session, person, reference_id, actor=actor, now=now)
    _note(session, person, reference, "texted reference", told.strip(), actor=actor, now=now)
    for prompt in ASKS:
        queue_prompt(
            session,
            prompt,
            to=phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key=f"reference:{reference.id}:{prompt}",
            known={"mentor": person.shown_name},
            now=now,
        )


def _phone_of(session: Session, reference: Reference, *, now: datetime) -> Phone:
    """Return the phone to text, unless something speaks against it."""
    if reference.answered_at is not None or reference.texted_at is not None:
        raise ProgrammeError("That reference was asked by text, or has answered already.")
    if reference.number_sealed is None:
        raise ProgrammeError("That reference is forgotten already. Write them down again.")
    number = session.vault.open(reference.number_sealed, place=reference.place("number_sealed"))
    refusal = reason_not_dialable(number, session.programme.dial_regions)
    if refusal is not None or session.scalar(select(Line.id).where(Line.number == number)):
        raise ProgrammeError("We cannot text that number. Call them instead.")
    phone = find_or_add_phone(session, number, now=now)
    if phone.people:
        raise ProgrammeError("That phone belongs to somebody of the programme. Call them instead.")
    if not phone.takes_texts:
        raise ProgrammeError("That phone gets no texts, or has opted out. Call them instead.")
    if question_open(session, phone, now=now) is not None:
        raise ProgrammeError("They are being asked about somebody else. Wait, or call them.")
    return phone


_OPEN = (
    select(Reference)
    .where(
        Reference.phone_id == bindparam("phone_id"),
        Reference.texted_at > bindparam("since"),
        Reference.answered_at.is_(None),
    )
    .order_by(Reference.id.desc())
    .limit(1)
    .with_for_update()
)


def question_open(session: Session, phone: Phone, *, now: datetime) -> Reference | None:
    """Return about whom a phone is being asked, locked; the newest one, for two weeks."""
    return session.scalar(_OPEN, {"phone_id": phone.id, "since": now - _ASKED_FOR})


_OPEN_TASK = select(StaffTask).where(
    StaffTask.dedupe_key == bindparam("dedupe_key"), StaffTask.done_at.is_(None)
)


def take_answer(session: Session, reference: Reference, body: str, *, now: datetime) -> str:
    """Put what somebody texted about a mentor on file; returns the prompt that answers them.

    A key or a plain yes or no is the answer. Own words are kept, and staff note what they say.
    """
    person = session.get_one(Person, reference.person_id)
    verdict = _ANSWERS.get(" ".join(body.strip(" .!").lower().split()))
    if person.state not in APPLYING:
        return THANKS
    if verdict is None:
        _keep_words(session, person, reference, body, now=now)
        return WORDS_KEPT
    reference_answered(
        session,
        person,
        reference.id,
        verdict=verdict,
        words=_words(session, reference),
        actor=f"reference {reference.id}",
        now=now,
    )
    task = session.scalar(_OPEN_TASK, {"dedupe_key": _task_key(reference)})
    if task is not None:
        end_task(task, outcome="they summed it up", now=now)
    return THANKS


def _keep_words(
    session: Session, person: Person, reference: Reference, body: str, *, now: datetime
) -> None:
    words = f"{_words(session, reference)}\n{body.strip()}".strip()[:_LONGEST_WORDS]
    reference.words_sealed = session.vault.seal(words, place=reference.place("words_sealed"))
    open_task(
        session,
        rule="reference",
        words=f"Reference {reference.id} of {person.code} has texted own words. Read them on the"
        " page of the application, and note what they say.",
        key=_task_key(reference),
        person=person,
        working_days=_NOTED_WITHIN,
        now=now,
    )
    actor = f"reference {reference.id}"
    _note(session, person, reference, "reference texted", "own words", actor=actor, now=now)


def _task_key(reference: Reference) -> str:
    return f"reference:{reference.id}"


def _words(session: Session, reference: Reference) -> str:
    if reference.words_sealed is None:
        return ""
    return session.vault.open(reference.words_sealed, place=reference.place("words_sealed"))


def _note(
    session: Session,
    person: Person,
    reference: Reference,
    action: str,
    said: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    reason = f"reference {reference.id}: {said}"
    write_about(session, person, action, actor=actor, reason=reason, now=now)

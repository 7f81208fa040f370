"""From a first call to a full intake: what each answer means for a person, and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from mentoring.clock import zone_showing
from mentoring.consents import (
    CONSENT_PARTS,
    CONSENT_VERSION,
    OWN_PARTS,
    WITHOUT_TEXTS,
    record_consent,
)
from mentoring.db import Session
from mentoring.facts import language_of
from mentoring.flows.orientation import LESSONS, Lesson
from mentoring.models import (
    Channel,
    Conversation,
    LineType,
    Mode,
    Person,
    PersonState,
    Phone,
    Role,
    StaffTask,
)
from mentoring.people import add_person, move_person, number_of, person_before
from mentoring.phone import zones_of
from mentoring.rows import change_row
from mentoring.tasks import ask_for_zone, open_task

# The zones that a caller's own words about the time may name when the number's prefix does not.
_COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/Toronto",
    "America/Winnipeg",
    "America/Edmonton",
    "America/Vancouver",
    "America/Halifax",
    "America/St_Johns",
)
UNDER_18 = "said under 18"
_LESSON_DAYS = 5


@dataclass(frozen=True)
class Given:
    """One answer as it was given: what, through which channel, and the carrier's id as proof.

    `edition_id` is the edition by staff in which it was asked, if it was not asked as shipped.
    """

    question: str
    value: str
    channel: Channel
    proof: str
    now: datetime
    edition_id: int | None = None


def apply_answer(session: Session, conversation: Conversation, given: Given) -> None:
    """Let one answer take effect on the person and the phone. Unknown questions are only kept."""
    if given.question == "CHECK" and given.value == "again":
        # The speaker takes it back: hanging up now must not send it.
        conversation.recording_id = None
    phone = conversation.phone
    if phone is None:
        return
    if is_proof(given.question):
        _record_part(session, conversation, phone, given)
    person = conversation.person
    effect = _EFFECTS.get(given.question)
    if person is not None and effect is not None:
        effect(session, person, given)


def is_proof(question: str) -> bool:
    """Tell whether the answer to a question is kept as a consent, and not among the answers."""
    return question in CONSENT_PARTS or question in OWN_PARTS


def _record_part(session: Session, conversation: Conversation, phone: Phone, given: Given) -> None:
    part, version = OWN_PARTS.get(given.question, (given.question, CONSENT_VERSION))
    record_consent(
        session,
        phone=phone,
        person=conversation.person,
        part=part,
        agreed=given.value == "yes",
        channel=given.channel,
        language=language_of(conversation),
        proof=given.proof,
        known_by="caller id" if given.channel is Channel.VOICE else "sender id",
        now=given.now,
        conversation_id=conversation.id,
        text_version=version,
        edition_id=given.edition_id,
    )


def _keep(field: str, *, may_end: bool = False) -> Callable[[Session, Person, Given], None]:
    """Return what keeps an answer in the profile.

    One that may end the intake is written later, together with the state that it leads to.
    """

    def effect(session: Session, person: Person, given: Given) -> None:
        profile = {**person.profile, field: given.value}
        if may_end:
            person.profile = profile
        else:
            change_row(session, person, profile=profile)

    return effect


def _name(session: Session, person: Person, given: Given) -> None:
    if given.value:
        change_row(session, person, first_name=given.value[:40])
        return
    open_task(
        session,
        rule="name",
        words=f"Ask {person.code} for their first name, and write it down.",
        key=f"name:{person.id}",
        person=person,
        now=given.now,
    )


def _mode(session: Session, person: Person, given: Given) -> None:
    if given.value == Mode.TEXT:
        _reads_texts_only(person)
    else:
        change_row(session, person, mode=Mode(given.value))


def _clock(session: Session, person: Person, given: Given) -> None:
    number = number_of(session, person.phone)
    guesses = zones_of(number)
    zone = person.zone
    if given.value == "yes":
        zone = guesses[0] if guesses else session.programme.office_zone
    elif ":" in given.value:
        hour, minute = (int(part) for part in given.value.split(":"))
        zone = zone_showing(given.now, time(hour, minute), (*guesses, *_COMMON_ZONES))
    change_row(session, person, zone=zone)
    if given.value != "no" and person.zone is None:
        ask_for_zone(session, person, now=given.now)


def _safe_contact(session: Session, person: Person, given: Given) -> None:
    change_row(session, person, safe_contact=int(given.value))


def _access(_session: Session, person: Person, given: Given) -> None:
    person.profile = {**person.profile, "access": given.value}
    if given.value == "slow":
        person.phone.slow = True
    elif given.value == "texts" and WITHOUT_TEXTS not in person.profile:
        _reads_texts_only(person)


def _reads_texts_only(person: Person) -> None:
    # No text reaches a landline, so nothing would.
    is_landline = person.phone.line_type is LineType.LANDLINE
    person.mode = Mode.VOICE if is_landline else Mode.TEXT


def _gets_texts(_session: Session, person: Person, given: Given) -> None:
    if given.value == "yes":
        return
    person.profile = {**person.profile, WITHOUT_TEXTS: "yes"}
    # Said by the person, so it outweighs a look-up; a mobile phone keeps its line type.
    if person.phone.line_type is LineType.UNKNOWN:
        person.mode = Mode.VOICE


def _agrees_to_texts(_session: Session, person: Person, given: Given) -> None:
    if given.value == "yes" and WITHOUT_TEXTS in person.profile:
        person.profile = {k: v for k, v in person.profile.items() if k != WITHOUT_TEXTS}


def _likes_texts_after_all(session: Session, person: Person, given: Given) -> None:
    _agrees_to_texts(session, person, given)
    if given.value == "no":
        # No text may go to them, and whoever reads texts only gets no call either.
        person.mode = Mode.VOICE


def _needs_texts_after_all(session: Session, person: Person, given: Given) -> None:
    _agrees_to_texts(session, person, given)
    if given.value == "yes":
        _reads_texts_only(person)


def _talk_over(lesson: Lesson) -> Callable[[Session, Person, Given], None]:
    """Return what asks staff to talk a lesson over with whoever answered it wrong twice."""

    def effect(session: Session, person: Person, given: Given) -> None:
        if given.value != lesson.right:
            words = f"{person.code} is unsure about {lesson.topic} ({lesson.key})."
            open_task(
                session,
                rule="lesson",
                words=f"{words} Call or text to talk it over. Nobody fails a lesson.",
                key=f"lesson:{lesson.key}:{person.id}",
                person=person,
                working_days=_LESSON_DAYS,
                now=given.now,
            )

    return effect


_EFFECTS: dict[str, Callable[[Session, Person, Given], None]] = {
    "C0": _gets_texts,
    "C1": _agrees_to_texts,
    "PA1": _keep("adult", may_end=True),
    "PA2": _name,
    "PA3": _mode,
    "PA3C": _likes_texts_after_all,
    "PA4": _clock,
    "PA5": _safe_contact,
    "PB1": _keep("stage"),
    "PB3": _keep("topics"),
    "PB4": _keep("hours"),
    "PB5": _access,
    "PB5C": _needs_texts_after_all,
    "PB6": _keep("prefers_lived_experience", may_end=True),
    "MB1": _keep("years"),
    "MB3": _keep("topics"),
    "MB4": _keep("capacity"),
    "MB5": _keep("monthly_hours"),
    "MB7": _keep("may_share_disability"),
    **{lesson.second_key: _talk_over(lesson) for lesson in LESSONS.values()},
}


def begin_as(
    session: Session, conversation: Conversation, role: Role, *, actor: str, now: datetime
) -> Person:
    """A caller chose a role: they become a person of ours, asked for consent next."""
    if conversation.phone is None:
        raise ValueError("Without a number nobody can be enrolled.")
    phone, person = conversation.phone, conversation.person
    language, asks_consent, why = language_of(conversation), PersonState.CONSENTING, "chose a role"
    if person is not None and person.role is not role:
        if person.state is PersonState.LEAD:
            # They had left their interest in the other role: nobody is two people for that.
            other, left = "chose another role", PersonState.EXITED
            move_person(session, person, left, actor=person.code, reason=other, now=now)
        # On a shared phone it may be anybody: there nobody is taken for somebody who was here.
        person = None if phone.asks_who else person_before(phone, role)
    if person is not None:
        move_person(session, person, asks_consent, actor=actor, reason=why, now=now)
    else:
        person = add_person(
            session,
            role=role,
            phone=phone,
            actor=actor,
            state=asks_consent,
            reason=why,
            earlier=((PersonState.LEAD, "first contact"),),
            now=now,
        )
    person.language = language
    conversation.person = person
    conversation.person_id = person.id
    return person


def intake_done(session: Session, person: Person, *, actor: str, now: datetime) -> StaffTask:
    """All questions are answered: staff talk with the person next (within five working days)."""
    move_person(session, person, PersonState.SCREENING, actor=actor, reason="intake done", now=now)
    return open_task(
        session,
        rule="screening",
        words=f"{person.code} finished the intake. Call or text for the screening talk.",
        key=f"screening:{person.id}",
        person=person,
        working_days=5,
        now=now,
    )


def is_minor(session: Session, person: Person, *, actor: str, now: datetime) -> None:
    """They are under 18: hold them until staff decide, so that no second call undoes it (S23)."""
    move_person(session, person, PersonState.SUSPENDED, actor=actor, reason=UNDER_18, now=now)


def consent_refused(session: Session, person: Person, *, actor: str, now: datetime) -> None:
    """A part that we cannot do without was refused: no automated contact, but a person can help."""
    move_person(session, person, PersonState.EXITED, actor=actor, reason="no_consent", now=now)


def consent_given(session: Session, person: Person, *, actor: str, now: datetime) -> None:
    """Every part that is needed was agreed to: the intake begins."""
    move_person(session, person, PersonState.INTAKE, actor=actor, reason="consent given", now=now)

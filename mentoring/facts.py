"""What a conversation depends on besides its answers: looked up here, handed to the pure engine."""

import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import lazyload, object_session
from sqlalchemy.orm.attributes import set_committed_value

from mentoring.applications.tips import new_tip
from mentoring.calendar.lookups import hours_given
from mentoring.consents import WITHOUT_TEXTS
from mentoring.db import Memo, Session
from mentoring.flows.state import State
from mentoring.flows.steps import CALLING_HOURS
from mentoring.languages import ENGLISH, Language, language_named
from mentoring.models import (
    Conversation,
    LineType,
    Person,
    Phone,
    Recording,
    RecordingState,
    Role,
)
from mentoring.notes import count_waiting
from mentoring.partners import Partner, partners_of
from mentoring.proposals.browsing import heard_of, may_browse
from mentoring.spoken_notices import note_waiting, waits_for
from mentoring.wording import language_for

MENUS = frozenset({"main_menu", "waiting_menu"})
_ABOUT_PARTNERS = MENUS | {"finish"}
_ASKS_FOR_TEXTS = frozenset({"consent", "intake_protege", "intake_mentor"})


def facts_for(session: Session, conversation: Conversation) -> dict[str, object]:
    """Return what forks and menus of a flow depend on. Only menus cost look-ups."""
    phone, person = conversation.phone, conversation.person
    landline = phone is not None and phone.line_type is LineType.LANDLINE
    wants_none = person is not None and WITHOUT_TEXTS in person.profile
    facts: dict[str, object] = {
        "channel": conversation.channel.value,
        "landline": landline,
        "mode": person.mode.value if person and person.mode else "",
        "role": person.role.value if person else "",
        # A landline gets none, so nobody with one is asked about them.
        "without_texts": wants_none and not landline,
        "texts_are_off": conversation.flow in _ASKS_FOR_TEXTS and _are_texts_off(phone),
    }
    if conversation.flow == "language":
        facts["languages"] = list(session.programme.languages)
    if conversation.flow in ("welcome", "withheld"):
        message = session.programme.annual.get(language_of(conversation))
        facts["annual"] = "no" if message is None else "yes"
    if conversation.flow == "plan":
        window = session.programme.calling_window
        facts[CALLING_HOURS] = [f"{window.start:%H:%M}", f"{window.end:%H:%M}"]
    if person is not None and conversation.flow == "waiting_menu":
        facts["waits"] = may_browse(person)
    if person is not None and conversation.flow == "browse":
        facts["described"] = list(heard_of(person))
    if conversation.flow == "tips":
        facts["tip"] = new_tip(conversation.touched_at, session.programme.office)
    if person is not None and conversation.flow in _ABOUT_PARTNERS:
        meant = conversation.match_id if conversation.flow == "finish" else None
        facts["matches"] = [
            [str(partner.side_id), partner.name]
            for partner in partners_of(session, person.id)
            if meant in (None, partner.match_id)
        ]
    if person is not None and conversation.flow == "concern":
        facts["about"] = _may_be_about(session, conversation, person.id)
    if person is not None and conversation.flow in ("leave_note", "play_notes"):
        facts |= _about_notes(session, conversation, person)
    if person is not None and conversation.flow == "thanks_name":
        hours, _ = hours_given(session, person.id, now=conversation.touched_at)
        facts["has_hours"] = "yes" if hours else "no"
    if phone is not None and conversation.flow == "who":
        language = language_named(language_of(conversation))
        known = _told_apart(_people_here(session, phone), language)
        facts["people"] = [*known, ["0", language.somebody_else]]
    if person is not None and conversation.flow == "outbound":
        named = person.safe_contact == 1 and bool(person.first_name)
        facts["says_name"] = "yes" if named else "no"
    return facts


def _are_texts_off(phone: Phone | None) -> bool:
    return phone is not None and phone.texts_refused_at is not None


def _about_notes(session: Session, conversation: Conversation, person: Person) -> dict[str, object]:
    if conversation.flow == "play_notes":
        return {"new": count_waiting(session, person.id)}
    return {"lost": "yes" if is_lost(session, conversation) else "no"}


def is_lost(session: Session, conversation: Conversation) -> bool:
    """Tell whether what was recorded last in a conversation never came to us from the carrier."""
    made = conversation.recording_id
    recording = session.get(Recording, made) if made is not None else None
    session.memo[Memo.RECORDING] = recording
    return recording is not None and recording.state is RecordingState.LOST


_PEOPLE = (
    select(Person, waits_for(Person.phone_id))
    .where(Person.phone_id == bindparam("phone_id"))
    .order_by(Person.id)
    .options(lazyload(Person.phone))
)


def _people_here(session: Session, phone: Phone) -> Sequence[Person]:
    """Return who shares a phone; with them it is looked up whether any is to be told something."""
    if "people" not in phone.__dict__:
        rows = session.execute(_PEOPLE, {"phone_id": phone.id}).all()
        set_committed_value(phone, "people", [person for person, _ in rows])
        note_waiting(session, phone, waits=any(is_told for _, is_told in rows))
    return phone.here


def _told_apart(people: Sequence[Person], language: Language) -> list[list[str]]:
    """Return who has a name, each by the name; equal names also by what each of them is here."""
    named = [each for each in people if each.first_name]
    count = Counter(each.first_name.casefold() for each in named)
    roles = {Role.PROTEGE: language.who_gets_mentor, Role.MENTOR: language.who_is_mentor}
    return [
        [
            str(each.id),
            f"{each.first_name}, {roles[each.role]}"
            if count[each.first_name.casefold()] > 1
            else each.first_name,
        ]
        for each in named
    ]


def _may_be_about(session: Session, conversation: Conversation, person_id: int) -> list[list[str]]:
    """Return the matches that a worry may be about, where it was told in one only that one."""
    partners = partners_of(session, person_id)
    if conversation.match_id is not None:
        partners = [each for each in partners if each.match_id == conversation.match_id]
    known = [[str(partner.match_id), partner.name] for partner in partners]
    other = language_named(language_of(conversation)).somebody_else
    return known if len(known) < 2 else [*known, ["0", other]]


def partner_in(session: Session, conversation: Conversation) -> Partner | None:
    """Return the person at the other side of the match that a conversation is about, if any."""
    if conversation.person_id is None:
        return None
    partners = partners_of(session, conversation.person_id)
    if conversation.match_id is not None:
        partners = [p for p in partners if p.match_id == conversation.match_id]
    return partners[0] if partners else None


def language_of(conversation: Conversation) -> str:
    """Return the language in which a conversation is held: their own, or what they chose in it."""
    if conversation.person is not None:
        return language_for(conversation.person)
    session = object_session(conversation)
    if not isinstance(session, Session) or len(session.programme.languages) < 2:
        return ENGLISH
    chosen = state_of(session, conversation).language if conversation.state_sealed else ""
    return chosen if chosen in session.programme.languages else ENGLISH


def state_of(session: Session, conversation: Conversation) -> State:
    """Open the engine's state of a conversation."""
    sealed = session.vault.open(conversation.state_sealed, place=conversation.place("state_sealed"))
    return State.from_json(json.loads(sealed))


def is_slow(phone: Phone | None) -> bool:
    return phone is not None and phone.slow

"""Which texts and recordings still have words, and whether somebody may open them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import abort, url_for
from sqlalchemy import or_, select

from admin.concerns import refuse_recording
from admin.lists import Link
from admin.office import Visit
from mentoring.models import (
    Answer,
    Contact,
    ContactKind,
    Delivery,
    DeliveryKind,
    Match,
    Person,
    Purpose,
    Recording,
)


def links_to_words(visit: Visit, contacts: Sequence[Contact]) -> Mapping[int, Link]:
    """Return where the words of these entries are read or heard, by two statements for all.

    Without words that are still kept there is no link.
    """
    ids = [contact.id for contact in contacts]
    texts = select(Delivery.contact_id).where(
        Delivery.contact_id.in_(ids),
        Delivery.kind == DeliveryKind.RELAY,
        Delivery.body_sealed.is_not(None),
    )
    notes = select(Recording.id, Recording.contact_id, Recording.words_sealed.is_not(None)).where(
        Recording.contact_id.in_(ids),
        or_(Recording.audio_sealed.is_not(None), Recording.words_sealed.is_not(None)),
    )
    links = {each: _text_link(each) for each in visit.session.scalars(texts) if each is not None}
    for recording_id, contact_id, is_written in visit.session.execute(notes):
        if contact_id is not None:
            link = _text_link(contact_id) if is_written else recording_link(recording_id)
            links[contact_id] = link
    return links


def _text_link(contact_id: int) -> Link:
    return Link(f"Read text {contact_id}", url_for("desk.read_text", number=contact_id))


def recording_link(recording_id: int) -> Link:
    """Return where a recording is heard."""
    words = f"Listen to recording {recording_id}"
    return Link(words, url_for("desk.hear_recording", number=recording_id))


def text_of(visit: Visit, number: int) -> Contact:
    """Return a relayed text in scope by the number of its entry in the contact log."""
    found = visit.session.scalar(
        select(Contact).where(
            Contact.id == number,
            Contact.kind == ContactKind.TEXT,
            Contact.match_id.is_not(None),
            visit.scope.contacts(),
        )
    )
    return found if found is not None else abort(404)


def recording_of(visit: Visit, number: int) -> Recording:
    """Return a recording in scope by its number: of a person or match that is seen, or nobody's."""
    people = select(Person.id).where(visit.scope.people())
    about_nobody = Recording.from_person_id.is_(None) & Recording.match_id.is_(None)
    found = visit.session.scalar(
        select(Recording).where(
            Recording.id == number,
            or_(
                about_nobody,
                Recording.from_person_id.in_(people),
                Recording.to_person_id.in_(people),
                Recording.match_id.in_(select(Match.id).where(visit.scope.matches())),
            ),
        )
    )
    if found is None:
        abort(404)
    refuse_recording(visit, number)
    return found


def answer_words(visit: Visit, answer: Answer) -> str | None:
    """Open an answer in own words; empty where it was said, and nobody has typed it yet."""
    if answer.words_sealed is None:
        return None
    return visit.session.vault.open(answer.words_sealed, place=answer.place("words_sealed"))


def spoken_answers_of(visit: Visit, person: Person) -> Mapping[tuple[int | None, datetime], Link]:
    """Return where the spoken answers of somebody are heard, by conversation and moment."""
    found = visit.session.execute(
        select(Recording.id, Recording.conversation_id, Recording.made_at).where(
            Recording.from_person_id == person.id,
            Recording.purpose == Purpose.ANSWER,
            Recording.audio_sealed.is_not(None),
        )
    )
    return {(conversation, at): recording_link(number) for number, conversation, at in found}

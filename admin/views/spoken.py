"""What people wrote and said to each other: opened for a reason, heard, and typed for readers."""

import io
from collections.abc import Sequence

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, TextAreaField

from admin.forms import Said, ShortEnough, attempt, sent
from admin.listening import is_admitted, issue_ticket
from admin.lists import Cell, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import matches_by_id, people_by_id
from admin.reasons import ReasonForm, ask_why, reason_in
from admin.rendering import render
from admin.words import answer_words, recording_of, text_of
from mentoring.audit import write_look
from mentoring.models import Contact, Delivery, DeliveryKind, Mode, Person, Purpose, Recording
from mentoring.notes import audio_of, mark_heard, why_silent, words_of
from mentoring.typing_notes import LONGEST_TYPED, spoken_answer, type_answer, type_out


class TypedForm(Form):
    """What a voice note says."""

    words = TextAreaField(
        "What is said, word for word",
        [Said("Type what is said."), ShortEnough(LONGEST_TYPED)],
        description="It goes out as one text, with the first name of whoever spoke before it.",
    )


class AnswerForm(TypedForm):
    """What a spoken answer says."""

    words = TextAreaField(
        "What is said, word for word",
        [Said("Type what is said."), ShortEnough(LONGEST_TYPED)],
        description="It is kept with the answer, and only staff read it.",
    )


def add_to(pages: Pages) -> None:
    """Add the pages on which words are read and heard."""
    for address, view in (
        ("/texts/<int:number>", read_text),
        ("/recordings/<int:number>", hear_recording),
    ):
        pages.get(address, Permission.REVEAL, view)
        pages.post(address, Permission.REVEAL, view)
    pages.get("/recordings/<int:number>/audio", Permission.REVEAL, play_recording)
    pages.post("/recordings/<int:number>/typed", Permission.WORK, type_recording)


def read_text(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then show a text that passed between two people; the look is kept (S11)."""
    contact, form = text_of(visit, number), sent(ReasonForm)
    match = matches_by_id(visit, [contact.match_id])[contact.match_id]
    back = url_for("desk.show_match", code=match)
    title = f"Read text {number} of {match}"
    asked = ask_why(visit, form, title=title, button="Read it", back=back)
    if asked is not None:
        return asked
    people = people_by_id(visit, [contact.from_person_id, contact.to_person_id])
    writer = people.get(contact.from_person_id)
    _keep_look(visit, writer, f"read text {number} of {match}", reason_in(form))
    return render(
        "text.html",
        visit,
        title=f"Text {number} of {match}",
        facts=_facts(writer, people.get(contact.to_person_id), contact),
        parts_said=_words(visit, contact),
        back=back,
        writer=writer,
    )


def _facts(
    writer: Person | None, reader: Person | None, contact: Contact
) -> list[tuple[str, Cell]]:
    return [
        ("From", writer.shown_name if writer else None),
        ("To", reader.shown_name if reader else None),
        ("Sent", When(contact.started_at, writer.zone if writer else None)),
    ]


def _words(visit: Visit, contact: Contact) -> Sequence[str]:
    """Return what was written, part by part: as texts that went on, or as words read aloud."""
    vault = visit.session.vault
    texts = visit.session.scalars(
        select(Delivery)
        .where(
            Delivery.contact_id == contact.id,
            Delivery.kind == DeliveryKind.RELAY,
            Delivery.body_sealed.is_not(None),
        )
        .order_by(Delivery.id)
    )
    said = [vault.open(each.body_sealed or b"", place=each.place("body_sealed")) for each in texts]
    notes = visit.session.scalars(
        select(Recording)
        .where(Recording.contact_id == contact.id, Recording.words_sealed.is_not(None))
        .order_by(Recording.id)
    )
    return [*said, *(words for each in notes if (words := words_of(visit.session, each)))]


def hear_recording(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then let a recording be heard; the look is kept on its speaker's page."""
    recording, form = recording_of(visit, number), sent(ReasonForm)
    title = f"Listen to recording {number}"
    back = _back(visit, recording)
    asked = ask_why(visit, form, title=title, button="Listen to it", back=back)
    if asked is not None:
        return asked
    speaker = people_by_id(visit, [recording.from_person_id]).get(recording.from_person_id)
    _keep_look(visit, speaker, f"heard recording {number}", reason_in(form))
    if recording.purpose is Purpose.MESSAGE and recording.audio_sealed is not None:
        # Whoever left it spoke to staff; a note to somebody else still waits for them.
        mark_heard(recording, now=visit.now)
    return _player(visit, recording, _form_for(recording)())


def _form_for(recording: Recording) -> type[TypedForm]:
    return AnswerForm if recording.purpose is Purpose.ANSWER else TypedForm


def play_recording(visit: Visit, number: int) -> ResponseReturnValue:
    """Hand the sound to the player of whoever has just said why."""
    recording = recording_of(visit, number)
    audio = audio_of(visit.session, recording)
    if audio is None:
        abort(404)
    if not is_admitted(visit, recording, request.args.get("ticket", "")):
        abort(403, "Say first why you want to hear it.")
    sound: Response = send_file(io.BytesIO(audio), mimetype="audio/wav", conditional=True)
    return sound


def type_recording(visit: Visit, number: int) -> ResponseReturnValue:
    """Send what a voice note says to somebody who reads texts, or keep what an answer says."""
    recording = recording_of(visit, number)
    form = sent(_form_for(recording))
    if not is_admitted(visit, recording, request.args.get("ticket", "")):
        abort(403, "Say first why you want to hear it.")
    if form.validate() and attempt(visit, form, lambda: _type(visit, recording, form)):
        is_kept = recording.purpose is Purpose.ANSWER
        done = "is written down with the answer" if is_kept else "goes out as a text"
        flash(f"Recording {number} {done}.", "done")
        return redirect(_back(visit, recording), 303)
    return _player(visit, recording, form), 422


def _type(visit: Visit, recording: Recording, form: TypedForm) -> None:
    is_answer = recording.purpose is Purpose.ANSWER
    typed = type_answer if is_answer else type_out
    typed(visit.session, recording.id, str(form.words.data).strip(), now=visit.now)
    speaker = people_by_id(visit, [recording.from_person_id]).get(recording.from_person_id)
    why = "to keep it with the answer" if is_answer else "for somebody who reads texts"
    _keep_look(visit, speaker, f"typed recording {recording.id}", why)


def _player(visit: Visit, recording: Recording, form: TypedForm) -> str:
    people = people_by_id(visit, [recording.from_person_id, recording.to_person_id])
    speaker = people.get(recording.from_person_id)
    hearer = people.get(recording.to_person_id)
    is_there = recording.audio_sealed is not None
    return render(
        "recording.html",
        visit,
        recording=recording,
        form=form,
        speaker=speaker,
        facts=[
            ("From", speaker.shown_name if speaker else "somebody unknown"),
            ("For", hearer.shown_name if hearer else "staff"),
            ("Recorded", When(recording.made_at, speaker.zone if speaker else None)),
            ("Seconds", recording.seconds),
        ],
        silent=None if is_there else why_silent(recording),
        ticket=issue_ticket(visit, recording),
        is_answer=_is_untyped_answer(visit, recording),
        typing_for=hearer if _waits_to_be_typed(recording, hearer) else None,
        may_work=visit.may(Permission.WORK),
        back=_back(visit, recording),
    )


def _waits_to_be_typed(recording: Recording, hearer: Person | None) -> bool:
    return (
        recording.purpose is Purpose.NOTE
        and recording.sent_at is not None
        and recording.heard_at is None
        and hearer is not None
        and hearer.mode in (Mode.TEXT, Mode.BOTH)
    )


def _is_untyped_answer(visit: Visit, recording: Recording) -> bool:
    answer = spoken_answer(visit.session, recording)
    return answer is not None and not answer_words(visit, answer)


def _back(visit: Visit, recording: Recording) -> str:
    """Return where a recording belongs: to its match, else its speaker, else to today."""
    match = matches_by_id(visit, [recording.match_id]).get(recording.match_id)
    if match is not None:
        return url_for("desk.show_match", code=match)
    speaker = people_by_id(visit, [recording.from_person_id]).get(recording.from_person_id)
    if speaker is not None:
        return url_for("desk.show_person", code=speaker.code)
    return url_for("desk.today")


def _keep_look(visit: Visit, person: Person | None, action: str, why: str) -> None:
    write_look(
        visit.session,
        person,
        action,
        otherwise=("recording", "nobody known"),
        actor=visit.actor,
        reason=why,
        now=visit.now,
    )

"""Texts and recordings on the page: opened for a reason, heard in one browser, and typed."""

import io
import re
import wave
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from admin.listening import _LASTS
from mentoring.contacts import log_between
from mentoring.matches import match_with_code
from mentoring.models import (
    Contact,
    ContactKind,
    Delivery,
    Outcome,
    Purpose,
    Recording,
    RecordingState,
    StaffRole,
    StaffTask,
)
from mentoring.notes import keep_written, send_note, store_audio
from mentoring.people import person_with_code
from mentoring.tasks import open_task
from mentoring.typing_notes import type_out
from tests.admin.conftest import Screen, Site
from tests.admin.test_alerts import alert_about
from tests.admin.test_pages import audit
from tests.admin.test_scope import match_of
from tests.make import make_relay, way_of

SCRIPT = "<script>alert(1)</script> See you Tuesday."


def a_second_of_sound() -> bytes:
    """Return a WAV file that any browser plays: a second of silence."""
    held = io.BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    return held.getvalue()


SOUND = a_second_of_sound()


def texted(site: Site, *parts: str) -> int:
    """Let Marcus text his mentor; returns the number of the entry in the log."""
    with site.db.transaction() as session:
        match = match_with_code(session, match_of(site, "P02"))
        (first, *_) = make_relay(session, match, *parts, now=site.clock.now())
        assert first.contact_id is not None
        return first.contact_id


def recorded(
    site: Site, purpose: Purpose = Purpose.NOTE, *, stored: bool = True, sent: bool = True
) -> int:
    """Let Denise leave a note for her mentor Amina, who reads texts; or a message for staff."""
    now = site.clock.now()
    with site.db.transaction() as session:
        match = match_with_code(session, match_of(site, "P05"))
        way = way_of(session, match)
        is_note = purpose is Purpose.NOTE
        recording = Recording(
            key=uuid4(),
            purpose=purpose,
            state=RecordingState.READY,
            from_person_id=way.mine.person_id,
            to_person_id=way.other.person_id if is_note else None,
            match_id=match.id if is_note else None,
            seconds=1,
            not_before=now,
            made_at=now,
        )
        session.add(recording)
        session.flush()
        if stored:
            store_audio(session, recording.id, SOUND, now=now)
        if is_note and sent:
            send_note(session, recording, way, now=now)
        return recording.id


def sound_of(screen: Screen) -> str:
    """Return the address from which the player of the page takes its sound."""
    found = re.search(r'src="(/desk/recordings[^"]+)"', screen.page.text)
    assert found is not None
    return found[1]


def hear(screen: Screen, number: int, reason: str = "To type it.") -> None:
    """Say why, and open the page with the player."""
    screen.opens(f"/desk/recordings/{number}")
    screen.sends(f"/desk/recordings/{number}", reason=reason)


# -- texts ----------------------------------------------------------------------------------------


def test_a_text_is_read_for_a_reason_and_shown_as_text(site: Site, charlotte: Screen) -> None:
    number = texted(site, SCRIPT, "And bring the plan.")
    code = match_of(site, "P02")
    charlotte.opens(f"/desk/matches/{code}")
    assert "Tuesday" not in charlotte.words
    assert f"Read text {number}" in charlotte.words
    charlotte.opens(f"/desk/texts/{number}")
    charlotte.sends(f"/desk/texts/{number}", reason="A worry about what was written.")

    assert "<script>alert" not in charlotte.page.text
    assert f"{SCRIPT} And bring the plan." in charlotte.words
    # Marcus lives in New York, the office is in Chicago.
    assert "11 am (Tue, Mar 3, 12 pm in New York)" in charlotte.words
    looked = (f"read text {number} of {code}", "P02", "A worry about what was written.")
    assert audit(site)[-1] == looked
    charlotte.opens("/desk/people/P02")
    assert f"{looked[0]} {looked[2]}" in charlotte.words


def test_words_that_are_read_aloud_are_read_like_a_text(site: Site, charlotte: Screen) -> None:
    with site.db.transaction() as session:
        way = way_of(session, match_with_code(session, match_of(site, "P05")), back=True)
        contact = log_between(
            session,
            way,
            ContactKind.TEXT,
            source_sid="SM1",
            outcome=Outcome.QUEUED,
            now=site.clock.now(),
        )
        keep_written(session, "I will sew it.", way, contact=contact, now=site.clock.now())
        number = contact.id
    charlotte.opens(f"/desk/matches/{match_of(site, 'P05')}")
    assert f"Read text {number}" in charlotte.words
    charlotte.opens(f"/desk/texts/{number}")
    charlotte.sends(f"/desk/texts/{number}", reason="why")

    assert "I will sew it." in charlotte.words


def test_words_that_are_old_are_not_there_any_more(site: Site, charlotte: Screen) -> None:
    number = texted(site, "See you Tuesday.")
    with site.db.transaction() as session:
        (text,) = session.scalars(select(Delivery).where(Delivery.contact_id == number)).all()
        text.body_sealed = None
    charlotte.opens(f"/desk/matches/{match_of(site, 'P02')}")
    assert f"Read text {number}" not in charlotte.words
    charlotte.opens(f"/desk/texts/{number}")
    charlotte.sends(f"/desk/texts/{number}", reason="why")

    assert "The words are not kept any more" in charlotte.words


@pytest.mark.parametrize(("reason", "said"), [(" ", "Say why."), ("x" * 201, "200 characters")])
def test_without_a_reason_nothing_is_read_or_heard(
    site: Site, charlotte: Screen, reason: str, said: str
) -> None:
    text, note = texted(site, "See you Tuesday."), recorded(site)
    before = audit(site)
    for address in (f"/desk/texts/{text}", f"/desk/recordings/{note}"):
        charlotte.opens(address)
        charlotte.sends(address, reason=reason)
        assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
        assert "Tuesday" not in charlotte.words
        assert "<audio" not in charlotte.page.text
    assert audit(site) == before


def test_who_may_not_read_words_is_led_to_none(
    site: Site, signed_in: Callable[[StaffRole], Screen]
) -> None:
    number, note = texted(site, "See you Tuesday."), recorded(site)
    vera = signed_in(StaffRole.READ_ONLY)
    vera.opens(f"/desk/matches/{match_of(site, 'P02')}")
    assert f"Read text {number}" not in vera.words

    for address in (f"texts/{number}", f"recordings/{note}", f"recordings/{note}/audio"):
        assert vera.opens(f"/desk/{address}").status_code == 403


def test_words_of_other_communities_and_words_that_are_none_are_not_there(site: Site) -> None:
    number, note = texted(site, "See you Tuesday."), recorded(site)
    email = site.add("ines@example.org", StaffRole.COORDINATOR, communities=["Est"])
    ines = site.sign_in(email)
    with site.db.transaction() as session:
        call = session.scalars(
            select(Contact.id).where(Contact.kind == ContactKind.CALL).limit(1)
        ).one()
    for address in (
        *(f"texts/{number}", f"recordings/{note}", f"recordings/{note}/audio"),
        *("texts/999999", "recordings/999999", f"texts/{call}"),
    ):
        assert ines.opens(f"/desk/{address}").status_code == 404


def test_words_are_marked_with_the_language_of_whoever_wrote_them(
    site: Site, charlotte: Screen
) -> None:
    number = texted(site, "Nos vemos el martes.")
    with site.db.transaction() as session:
        person_with_code(session, "P02").language = "es"
    charlotte.opens(f"/desk/texts/{number}")
    charlotte.sends(f"/desk/texts/{number}", reason="why")

    assert '<blockquote class="said" lang="es">Nos vemos el martes.</blockquote>' in (
        charlotte.page.text
    )


# -- recordings -----------------------------------------------------------------------------------


def test_a_note_is_heard_for_a_reason_and_still_waits_for_its_hearer(
    site: Site, charlotte: Screen
) -> None:
    note = recorded(site)
    charlotte.opens(f"/desk/matches/{match_of(site, 'P05')}")
    assert f"Listen to recording {note}" in charlotte.words
    hear(charlotte, note)

    assert audit(site)[-1] == (f"heard recording {note}", "P05", "To type it.")
    answer = charlotte.client.get(sound_of(charlotte))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SOUND, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    with site.db.transaction() as session:
        assert session.get_one(Recording, note).heard_at is None


def test_a_player_may_ask_for_a_part(site: Site, charlotte: Screen) -> None:
    hear(charlotte, recorded(site))

    answer = charlotte.client.get(sound_of(charlotte), headers={"Range": "bytes=100-199"})

    assert (answer.status_code, answer.data) == (206, SOUND[100:200])


def test_the_sound_is_for_who_said_why_in_that_browser_and_for_an_hour(
    site: Site, charlotte: Screen
) -> None:
    note, other = recorded(site), recorded(site)
    hear(charlotte, note)
    address = sound_of(charlotte)
    ben = site.sign_in(site.add("ben@example.org", StaffRole.LEAD))
    assert ben.opens(address).status_code == 403
    assert "Say first why you want to hear it." in ben.words
    assert site.screen().opens(address).request.path == "/desk/sign-in"
    for forged in (
        address.replace(f"/{note}/", f"/{other}/"),
        address.partition("?")[0],
        f"{address}0",
        re.sub(r"ticket=\d", "ticket=9", address),
        re.sub(r"ticket=\d+", "ticket=٣", address),
    ):
        assert charlotte.client.get(forged).status_code == 403, forged
    for _ in range(4):
        site.wall_clock.advance(_LASTS.total_seconds() / 4 + 1)
        charlotte.opens("/desk/help")
    assert charlotte.client.get(address).status_code == 403


def test_a_message_to_staff_counts_as_heard_and_its_task_leads_to_it(
    site: Site, charlotte: Screen
) -> None:
    message = recorded(site, Purpose.MESSAGE)
    with site.db.transaction() as session:
        task = open_task(
            session,
            rule="message",
            words="P05 left a message.",
            key="m",
            person=person_with_code(session, "P05"),
            recording_id=message,
            now=site.clock.now(),
        ).id
    charlotte.opens(f"/desk/tasks/{task}")
    assert f"Listen to recording {message}" in charlotte.words
    hear(charlotte, message)

    with site.db.transaction() as session:
        assert session.get_one(Recording, message).heard_at is not None
    assert "Type it for" not in charlotte.words


def test_a_recording_without_sound_says_why(site: Site, charlotte: Screen) -> None:
    note = recorded(site, stored=False)
    hear(charlotte, note)

    assert "It cannot be played: it is being fetched from the carrier." in charlotte.words
    assert charlotte.opens(f"/desk/recordings/{note}/audio").status_code == 404


# -- typing ---------------------------------------------------------------------------------------


def typing(screen: Screen, words: str) -> None:
    """Type what a note says, in the form of its page."""
    found = re.search(r'action="(/desk/recordings/[^"]+)"', screen.page.text)
    assert found is not None
    screen.sends(found[1], words=words)


def test_a_note_is_typed_for_somebody_who_reads_texts_once(site: Site, charlotte: Screen) -> None:
    note = recorded(site)
    with site.db.transaction() as session:
        amina = person_with_code(session, "M06")
        words = "Type it."
        key = f"type:{note}"
        open_task(session, rule="type", words=words, key=key, person=amina, now=site.clock.now())
    hear(charlotte, note)
    page = charlotte.page
    typing(charlotte, " I sewed 3 coats. ")
    assert f"Recording {note} goes out as a text." in charlotte.words
    with site.db.transaction() as session:
        amina = person_with_code(session, "M06")
        (text,) = session.scalars(
            select(Delivery).where(Delivery.to_person_id == amina.id, Delivery.prompt == "T-TYPED")
        ).all()
        body = session.vault.open(text.body_sealed or b"", place=text.place("body_sealed"))
        assert body == "Denise (voice note, typed by staff): I sewed 3 coats."
        assert session.get_one(Recording, note).heard_at is not None
        task = session.scalars(select(StaffTask).where(StaffTask.dedupe_key == key)).one()
        assert task.outcome == "typed"
    assert audit(site)[-1][:2] == (f"typed recording {note}", "P05")
    charlotte.page = page
    typing(charlotte, "I sewed 4 coats.")
    assert f"Voice note {note} was typed already." in charlotte.words


def test_a_typed_note_says_in_the_readers_language_who_spoke(site: Site) -> None:
    note = recorded(site)
    site.db.programme = replace(site.db.programme, languages=("en", "fr"))
    with site.db.transaction() as session:
        person_with_code(session, "M06").language = "fr"
    with site.db.transaction() as session:
        type_out(session, note, "J'ai cousu.", now=site.clock.now())
    with site.db.transaction() as session:
        text = session.scalars(select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()
        body = session.vault.open(text.body_sealed or b"", place=text.place("body_sealed"))

    assert body == "Denise (note vocale, tapée par notre équipe) : J'ai cousu."


@pytest.mark.parametrize(
    ("words", "said"), [("  ", "Type what is said."), ("x" * 1501, "Use 1500 characters or fewer.")]
)
def test_what_cannot_be_sent_stays_in_the_field(
    site: Site, charlotte: Screen, words: str, said: str
) -> None:
    hear(charlotte, recorded(site))
    typing(charlotte, words)

    assert (charlotte.page.status_code, said in charlotte.words) == (422, True)
    assert words in charlotte.page.text


def test_a_note_that_was_not_sent_is_typed_for_nobody(site: Site, charlotte: Screen) -> None:
    hear(charlotte, recorded(site, sent=False))

    assert "Type it for" not in charlotte.words


def test_a_worry_that_was_told_by_phone_is_heard_from_its_alert(
    site: Site, charlotte: Screen
) -> None:
    spoken, number = recorded(site, Purpose.MESSAGE), alert_about(site, "P17 has a worry")
    with site.db.transaction() as session:
        # In place of what he wrote.
        written = session.get_one(StaffTask, number)
        session.delete(session.get_one(Recording, written.recording_id))
        written.recording_id = spoken
    charlotte.opens(f"/desk/alerts/{number}")
    assert f"Listen to recording {spoken}" in charlotte.words
    with site.db.transaction() as session:
        session.get_one(Recording, spoken).audio_sealed = None

    charlotte.opens(f"/desk/alerts/{number}")

    assert "Listen to recording" not in charlotte.words
    assert "Read the words that opened it" not in charlotte.words

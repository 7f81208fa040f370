"""Somebody may be in danger: an alert, and somebody on call is paged until one accepts (O11, S17).

Of a person who may be in danger there is one such alert until somebody has accepted it: what is
told meanwhile joins it. Whatever comes after that is a new one, and pages anew.
"""

from datetime import datetime
from uuid import uuid4

from mentoring.calendar.dues import plan
from mentoring.db import Session
from mentoring.models import (
    DueKind,
    Person,
    Phone,
    Purpose,
    Recording,
    RecordingState,
    StaffTask,
)
from mentoring.people import who_it_may_be
from mentoring.tasks import open_task


def raise_crisis(
    session: Session,
    *,
    words: str,
    person: Person | None,
    phone: Phone | None,
    now: datetime,
    match_id: int | None = None,
    told: str = "",
) -> StaffTask:
    """Open the alert about somebody in danger, and have somebody on call paged at once.

    `told` is what they said or wrote; it is kept sealed, for staff alone.
    """
    who = who_it_may_be(person, phone)
    alert = open_task(
        session,
        rule="O11",
        words=f"{who} {words}{_how_to_reach(phone)}",
        subject=person.code if person else f"phone {phone.id if phone else 0}",
        person=person,
        phone=phone,
        match_id=match_id,
        now=now,
    )
    if told:
        keep_told(session, alert, told, person, now=now)
    key = page_key(alert.id, 1)
    plan(session, DueKind.PAGE, at=now, key=key, task_id=alert.id, now=now)
    session.wakes_dispatcher = True
    return alert


def page_key(alert_id: int, round_: int) -> str:
    """Return what names one page about one alert: the due, and the call that it asks for."""
    return f"page:{alert_id}:{round_}"


def _how_to_reach(phone: Phone | None) -> str:
    """Say where no text of ours may have reached them, so that staff do not rely on one."""
    if phone is None or phone.takes_texts:
        return ""
    return " Their phone takes no texts from us, so call."


def keep_told(
    session: Session, alert: StaffTask, told: str, person: Person | None, *, now: datetime
) -> Recording:
    """Keep somebody's words, sealed, with the alert that they opened: `bridgeline alerts words`.

    Those of a person are found by the person; those of a stranger join what the alert holds.
    """
    if person is None and alert.recording_id is not None:
        return _joined(session, alert.recording_id, told)
    kept = Recording(
        key=uuid4(),
        purpose=Purpose.MESSAGE,
        state=RecordingState.WRITTEN,
        match_id=alert.match_id,
        from_person_id=person.id if person else None,
        not_before=now,
        made_at=now,
    )
    kept.words_sealed = session.vault.seal(told, place=kept.place("words_sealed"))
    session.add(kept)
    session.flush()
    if alert.recording_id is None:
        alert.recording_id = kept.id
    return kept


def _joined(session: Session, recording_id: int, told: str) -> Recording:
    """Add words to those that are kept; locked, for two texts may come at the same moment."""
    kept = session.get_one(Recording, recording_id, with_for_update=True)
    place = kept.place("words_sealed")
    before = session.vault.open(kept.words_sealed, place=place) if kept.words_sealed else ""
    kept.words_sealed = session.vault.seal(f"{before}\n{told}".strip(), place=place)
    return kept

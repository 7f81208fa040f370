"""Somebody who answers a phone says that it is a wrong number, and perhaps takes that back.

Numbers change hands. Whoever has one now is nobody of ours: nothing goes there, from us or from a
partner, and nothing is said of whose it was, until staff have found out or they take it back.
"""

from datetime import datetime

from sqlalchemy import bindparam, select

from mentoring.db import Session
from mentoring.models import Person, Phone, StaffTask
from mentoring.partners import partners_of
from mentoring.tasks import open_task

_RULE = "O6"


def disown(session: Session, phone: Phone, *, how: str, now: datetime) -> bool:
    """Let nothing go to a phone any more; False when that was so already.

    `how` says for staff by what way it was said, such as "by text".
    """
    if phone.disowned:
        return False
    phone.disowned, phone.unusable_at = True, now
    for person in phone.people:
        _tell_staff(session, person, phone, how, now)
    if not phone.people:
        open_task(
            session,
            rule="wrong number",
            words=f"Somebody not yet known to us said {how}: wrong number. Nothing goes there.",
            key=f"wrong number:{phone.id}:{now.isoformat()}",
            phone=phone,
            now=now,
        )
    return True


def _tell_staff(session: Session, person: Person, phone: Phone, how: str, now: datetime) -> None:
    """Open the alert about a person who is not reached, or say this in the one that is open."""
    partners = partners_of(session, person.id)
    alert = open_task(
        session,
        rule=_RULE,
        words="",
        subject=person.code,
        person=person,
        phone=phone,
        match_id=partners[0].match_id if partners else None,
        now=now,
    )
    alert.words = (
        f"{person.code}: whoever has their phone said {how}: wrong number. Nothing goes there."
        " Write down the right number, or that it is right after all."
    )


def own_again(session: Session, phone: Phone, *, now: datetime) -> bool:
    """Whoever is there says that it is their number after all; False when nobody denied it.

    It counts at once. The alert stays with staff, who see whether it is the right person.
    """
    if not phone.disowned:
        return False
    use_again(phone)
    for person in phone.people:
        alert = open_alert_about(session, person)
        if alert is not None:
            alert.words = (
                f"{person.code}: it was said that their phone is a wrong number, and on {now:%d %b}"
                " that it is theirs after all. Make sure that it is they who have it."
            )
    return True


def use_again(phone: Phone) -> None:
    """Let calls and texts go to a phone again that was out of use."""
    phone.disowned, phone.unusable_at = False, None


_BY_OPEN_KEY = select(StaffTask).where(StaffTask.open_key == bindparam("open_key"))


def open_alert_about(session: Session, person: Person) -> StaffTask | None:
    """Return the open alert that a person is not reached, if there is one."""
    return session.scalar(_BY_OPEN_KEY, {"open_key": f"{_RULE}:{person.code}"})

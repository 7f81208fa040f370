"""A phone that we took for a landline, or for out of use, and from which a text comes all the same.

Numbers move from a landline to a mobile phone, carriers err, and so do we. Whoever texts us must
not meet silence for it.
"""

from datetime import datetime

from mentoring.audit import write_about
from mentoring.db import Session
from mentoring.models import LineType, Person, Phone
from mentoring.tasks import end_task_for_now
from mentoring.wrong_numbers import open_alert_about, use_again

_TEXTED = "a text came from there"


def take_as_texting(session: Session, phone: Phone, *, written_at: datetime, now: datetime) -> None:
    """Let texts and calls go to a phone again that has texted; nothing for any other phone.

    A text that is found late tells nothing of a phone that went out of use after it was written.
    Whoever said that theirs is a wrong number takes that back by START alone.
    """
    is_landline = phone.line_type is LineType.LANDLINE
    out_of_use = phone.unusable_at is not None and phone.unusable_at <= written_at
    if phone.disowned or not (is_landline or out_of_use):
        return
    if is_landline:
        phone.line_type = LineType.MOBILE
        end_task_for_now(session, f"landline:{phone.id}", outcome=_TEXTED, now=now)
    if out_of_use:
        use_again(phone)
        end_task_for_now(session, f"number:{phone.id}", outcome=_TEXTED, now=now)
    for person in phone.people:
        mark = "a landline" if is_landline else "out of use"
        reason = f"It was marked as {mark}, and {_TEXTED}."
        write_about(session, person, "texts go there again", actor="system", reason=reason, now=now)
        if out_of_use:
            _note_in_alert(session, person, now=now)


def _note_in_alert(session: Session, person: Person, *, now: datetime) -> None:
    """The alert stays with staff, who alone close one, but it asks for no other number any more."""
    alert = open_alert_about(session, person)
    if alert is not None:
        alert.words = (
            f"{person.code}: their number seemed to be out of use, and on {now:%d %b} {_TEXTED}."
            " Calls and texts go on. Ask whether all is well with their phone."
        )

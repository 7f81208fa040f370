"""Single texts from the catalog: rendered in the person's language and put into the outbox."""

from collections.abc import Mapping
from datetime import datetime

from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import write
from mentoring.models import Contact, DeliveryKind, Line, Person, Phone
from mentoring.queueing import queue_text
from mentoring.wording import language_for, params_for


def queue_prompt(
    session: Session,
    prompt: str,
    *,
    to: Phone,
    line: Line,
    kind: DeliveryKind,
    dedupe_key: str,
    now: datetime,
    person: Person | None = None,
    contact: Contact | None = None,
    reply_to_at: datetime | None = None,
    not_before: datetime | None = None,
    known: Mapping[str, str] | None = None,
    language: str = "",
) -> int | None:
    """Queue the texted form of one prompt; None when the same key was queued before.

    `known` fills placeholders beyond those of `params_for`, such as the partner's first name.
    `language` is for somebody of whom nothing is known yet.
    """
    params = params_for(session, phone=to, person=person, now=now).plus(**(known or {}))
    language = language or language_for(person)
    return queue_text(
        session,
        write(prompt, catalog=catalog_for(session, person), language=language, params=params),
        to=to,
        line=line,
        kind=kind,
        dedupe_key=dedupe_key,
        now=now,
        person=person,
        contact=contact,
        prompt=prompt,
        reply_to_at=reply_to_at,
        not_before=not_before,
    )

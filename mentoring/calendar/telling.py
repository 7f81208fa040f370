"""Telling one side of a match something: by text where they alone read it, else by word of mouth.

Staff tell them, or it is said at their next call.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update

from mentoring.calendar.pairs import other_side
from mentoring.consents import may_be_texted
from mentoring.db import Session
from mentoring.editions.current import catalog_for
from mentoring.lines import main_line
from mentoring.models import Delivery, DeliveryKind, DeliveryStatus, MatchSide, Person
from mentoring.notices import queue_prompt
from mentoring.people import reads_alone
from mentoring.spoken_notices import keep_for_next_call, take_back_notice
from mentoring.tasks import open_task
from mentoring.wording import language_for


def tell(
    session: Session,
    side: MatchSide,
    prompt: str,
    *,
    key: str,
    now: datetime,
    by_phone: str = "",
    no_later_than: datetime | None = None,
    not_before: datetime | None = None,
    known: Mapping[str, str] | None = None,
) -> bool:
    """Text one prompt to a side, from the main line; tell whether it is a text.

    `by_phone` is what staff tell them where no text may hold it, `no_later_than` a moment after
    which it is of no use. Without it they are told at their
    next call, if the prompt can be said; what is for later is not kept for an earlier one.
    """
    person, other = side.person, other_side(side.match, side.person_id).person
    if reads_alone(person, person.phone) and may_be_texted(session, person):
        queue_prompt(
            session,
            prompt,
            to=person.phone,
            line=main_line(session),
            kind=DeliveryKind.NOTICE,
            dedupe_key=key,
            person=person,
            not_before=not_before,
            known={"mentor": other.shown_name, **(known or {})},
            now=now,
        )
        return True
    if by_phone:
        ask_staff_to_tell(session, side, by_phone, key=key, no_later_than=no_later_than, now=now)
    elif not_before is None and _can_be_said(session, prompt, person):
        keep_for_next_call(
            session,
            prompt,
            person=person,
            match_id=side.match_id,
            dedupe_key=key,
            known={"mentor": other.shown_name, **(known or {})},
            now=now,
        )
    return False


def _can_be_said(session: Session, prompt: str, person: Person) -> bool:
    return catalog_for(session, person).wording(prompt, language_for(person)).is_spoken


def ask_staff_to_tell(
    session: Session,
    side: MatchSide,
    words: str,
    *,
    key: str,
    no_later_than: datetime | None = None,
    now: datetime,
) -> None:
    """Ask staff to tell a side something by phone, because no text may hold it."""
    open_task(
        session,
        rule="tell",
        words=f"Tell {side.person.code} by phone: {words}",
        key=key,
        person=side.person,
        match_id=side.match_id,
        no_later_than=no_later_than,
        now=now,
    )


def take_back_words(session: Session, keys: Collection[str], *, now: datetime) -> None:
    """Let none of these words leave, or be said, that still wait: they are true no more."""
    waiting = Delivery.dedupe_key.in_(keys), Delivery.status == DeliveryStatus.QUEUED
    unsent = update(Delivery).where(*waiting)
    session.execute(unsent.values(status=DeliveryStatus.EXPIRED, settled_at=now))
    for key in keys:
        take_back_notice(session, key, now=now)

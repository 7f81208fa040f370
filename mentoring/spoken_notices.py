"""What somebody who takes no texts is told at their next call, before anything else.

A notice that others get as a text waits here in its spoken form. It is said in the first call in
which it is known who is there, theirs or ours, and asked for until it was heard to its end.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute

from mentoring.calendar.pairs import is_blocked
from mentoring.db import Memo, Session
from mentoring.editions.current import catalog_for
from mentoring.flows.render import PAUSE, say
from mentoring.models import Person, Phone, SpokenNotice, UtcDateTime
from mentoring.rows import insert_row
from mentoring.wording import language_for, params_for

FLOW = "notices"


def keep_for_next_call(
    session: Session,
    prompt: str,
    *,
    person: Person,
    match_id: int | None,
    dedupe_key: str,
    now: datetime,
    known: Mapping[str, str] | None = None,
) -> None:
    """Let somebody be told at their next call; `known` is what the prompt says besides.

    Of several of the same about the same match only the newest is said. The unique dedupe key makes
    a second one of the same event impossible.
    """
    params = params_for(session, phone=None, person=person, now=now).plus(**(known or {}))
    catalog = catalog_for(session, person)
    words = say(prompt, catalog=catalog, language=language_for(person), params=params)
    key = uuid4()
    place = SpokenNotice.place_in(key, "words_sealed")
    row = {
        "key": key,
        "person_id": person.id,
        "match_id": match_id,
        "prompt": prompt,
        "words_sealed": session.vault.seal(f" {PAUSE} ".join(words), place=place),
        "dedupe_key": dedupe_key,
        "made_at": now,
    }
    made = insert_row(session, SpokenNotice, row, "dedupe_key")
    if made is not None:
        _take_back(
            session,
            SpokenNotice.person_id == person.id,
            SpokenNotice.match_id == match_id,
            SpokenNotice.prompt == prompt,
            SpokenNotice.id != made,
            now=now,
        )


_WAITS = SpokenNotice.said_at.is_(None), ~is_blocked(SpokenNotice.match_id)
_HEARER = Person.__table__.alias("hearer")


def waits_for(phone_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that something waits to be said to somebody who uses that phone.

    It comes along with the look-up of who is there, so that whoever has nothing to hear waits for
    no question about it: `note_waiting`.
    """
    waiting = select(SpokenNotice.id).join(_HEARER, _HEARER.c.id == SpokenNotice.person_id)
    for_phone = waiting.where(_HEARER.c.phone_id == phone_id, *_WAITS)
    return for_phone.correlate(phone_id.class_).exists()


def note_waiting(session: Session, phone: Phone | None, *, waits: bool) -> None:
    """Remember whether anybody who uses this phone is to be told something."""
    if phone is not None and not waits:
        session.memo[Memo.NOTHING_TO_SAY] = phone.id


_WAITING = (
    select(SpokenNotice.key, SpokenNotice.words_sealed)
    .where(SpokenNotice.person_id == bindparam("person_id"), *_WAITS)
    .order_by(SpokenNotice.id)
)


def words_to_say(session: Session, person: Person) -> str:
    """Return all that a person is to be told now, in words; empty when there is nothing."""
    if session.memo.get(Memo.NOTHING_TO_SAY) == person.phone_id:
        return ""
    words: dict[int, str] = session.memo.setdefault(Memo.NOTICES, {})
    if person.id not in words:
        said = (
            session.vault.open(sealed, place=SpokenNotice.place_in(key, "words_sealed"))
            for key, sealed in session.columns(_WAITING, {"person_id": person.id})
            if sealed is not None
        )
        words[person.id] = f" {PAUSE} ".join(said)
    return words[person.id]


_SAID = (
    update(SpokenNotice)
    .where(
        SpokenNotice.person_id == bindparam("hearer_id"),
        *_WAITS,
        SpokenNotice.made_at <= bindparam("heard_at", type_=UtcDateTime()),
    )
    .values(said_at=bindparam("now", type_=UtcDateTime()), words_sealed=None)
    .execution_options(synchronize_session=False)
)


def mark_said(session: Session, person_id: int, *, heard_at: datetime, now: datetime) -> None:
    """A person has heard what waited at `heard_at`; what has come since still waits."""
    session.execute(_SAID, {"hearer_id": person_id, "heard_at": heard_at, "now": now})
    session.memo.setdefault(Memo.NOTICES, {})[person_id] = ""


def take_back_notice(session: Session, dedupe_key: str, *, now: datetime) -> None:
    """Let nobody be told what is true no more, or said by something else."""
    _take_back(session, SpokenNotice.dedupe_key == dedupe_key, now=now)


def take_back_about(
    session: Session, match_id: int, prompt: str, *, before: datetime, now: datetime
) -> None:
    """Let nobody in a match be told by that prompt what came about before a moment."""
    _take_back(
        session,
        SpokenNotice.match_id == match_id,
        SpokenNotice.prompt == prompt,
        SpokenNotice.made_at <= before,
        now=now,
    )


def take_back_all(session: Session, match_id: int, *, now: datetime) -> None:
    """A match has ended: of what came about in it nothing is said any more."""
    _take_back(session, SpokenNotice.match_id == match_id, now=now)


def _take_back(session: Session, *chosen: ColumnElement[bool], now: datetime) -> None:
    """Keep the row, so that the same event told once more makes no second notice."""
    session.execute(
        update(SpokenNotice)
        .where(*chosen, SpokenNotice.said_at.is_(None))
        .values(said_at=now, words_sealed=None)
        .execution_options(synchronize_session=False)
    )

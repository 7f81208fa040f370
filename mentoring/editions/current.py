"""Which wording counts in this transaction: read once by each process, and anew after a change.

Every statement by which a request begins brings the stamp of the newest change along (`STAMP`), so
that an edit is heard by the next call in every process, and no caller waits for another question
to the database. A transaction that began otherwise asks for the stamp when it first needs words.
"""

from sqlalchemy import select

from mentoring.db import Memo, Session
from mentoring.editions.forms import Forms
from mentoring.editions.live import Edition, LiveWordings, lay_out
from mentoring.flows.catalog import Catalog
from mentoring.models import Conversation, EditionState, Person, WordingEdition, WordingStamp

STAMP_ROW = 1
STAMP = (
    select(WordingStamp.stamp)
    .where(WordingStamp.id == STAMP_ROW)
    .scalar_subquery()
    .label("wording_stamp")
)
# Made once, for it costs more to put together than to run.
_STAMP_ALONE = select(STAMP)
_LIVE = select(WordingEdition).where(WordingEdition.state == EditionState.LIVE)


def note_stamp(session: Session, stamp: str | None) -> None:
    """Remember the stamp that came along with another look-up; None before the first edit."""
    session.memo.setdefault(Memo.WORDING_STAMP, stamp or "")


def forget_wordings(session: Session) -> None:
    """Look at the wording anew in this transaction, which has just changed it."""
    session.memo.pop(Memo.WORDING_STAMP, None)
    session.memo.pop(Memo.WORDINGS, None)


def catalog_for(session: Session, person: Person | None) -> Catalog:
    """Return the wording for a person: that of their community, where it has one of its own."""
    return live_wordings(session).catalog(person.community if person else "")


def catalog_in(session: Session, conversation: Conversation | None) -> Catalog:
    """Return the wording for whoever a conversation is held with."""
    return catalog_for(session, conversation.person if conversation else None)


def live_wordings(session: Session) -> LiveWordings:
    """Return all wording as it counts now; the same throughout a transaction."""
    found: LiveWordings | None = session.memo.get(Memo.WORDINGS)
    if found is None:
        found = session.memo[Memo.WORDINGS] = _newest(session)
    return found


def _newest(session: Session) -> LiveWordings:
    if Memo.WORDING_STAMP not in session.memo:
        note_stamp(session, session.columns(_STAMP_ALONE).scalar())
    stamp: str = session.memo[Memo.WORDING_STAMP]
    kept = session.shelf.live
    if kept is not None and kept.stamp == stamp:
        return kept
    # What is read here is at least as new as the stamp. If it is newer, the next one reads again.
    rows = session.scalars(_LIVE).all() if stamp else ()
    made = lay_out(Catalog.load(), [_edition(row) for row in rows], stamp=stamp)
    session.shelf.live = made
    return made


def _edition(row: WordingEdition) -> Edition:
    return Edition(row.id, row.prompt, row.language, row.community, forms_of_row(row))


def forms_of_row(row: WordingEdition) -> Forms:
    """Return the sentences of an edition."""
    return Forms(row.voice, row.text, row.short, row.keys, row.retry, tuple(row.labels))

"""Somebody's own words that funders may read: with their permission, until they take it back."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, func, select, update

from mentoring.audit import write_about
from mentoring.db import Session
from mentoring.do_not_contact import refused_kinds
from mentoring.errors import ProgrammeError
from mentoring.models import OUT, How, OptOutKind, Person, PersonState, Quote
from mentoring.publishing import for_outsiders, names_near, without_number
from mentoring.rows import insert_or_find


def why_not_quoted(person: Person) -> str:
    """Return why nothing of somebody may be written down to be quoted, or nothing if it may."""
    if person.state in OUT:
        return f"{person.code} is {person.state.value}, so nothing of theirs may be quoted."
    if person.phone.disowned:
        return f"The number of {person.code} is a wrong one, so nobody can have asked them there."
    if len(refused_kinds(person)) == len(OptOutKind):
        return f"{person.code} wants no contact, so do not ask them for their words."
    return ""


def usual_name(person: Person, year: int) -> str:
    """Return how somebody is named beside their words unless they want it otherwise."""
    return f"A {person.role.value}, {year}"


def write_quote(
    session: Session,
    person: Person,
    words: str,
    *,
    named_as: str,
    permitted_on: date,
    how: How,
    actor: str,
    reason: str,
    now: datetime,
) -> Quote:
    """Write down a quote; `reason` is how they said yes. Raises ProgrammeError with a sentence."""
    session.refresh(person, ["state"], with_for_update=True)
    why_not = why_not_quoted(person)
    if why_not:
        raise ProgrammeError(why_not)
    if permitted_on > now.astimezone(session.programme.office).date():
        raise ProgrammeError("That day is still to come. Enter the day on which they said yes.")
    words = for_outsiders(session, words, names=names_near(session, person))
    quote = Quote(
        key=uuid4(),
        person_id=person.id,
        words_index=session.vault.index(f"quote:{person.code}:{words}"),
        named_as=without_number(session, named_as) or usual_name(person, permitted_on.year),
        permitted_on=permitted_on,
        how=how,
        taken_by=actor,
        written_at=now,
    )
    quote.words_sealed = session.vault.seal(words, place=quote.place("words_sealed"))
    kept = insert_or_find(session, quote, "words_index")
    if kept is not quote:
        raise ProgrammeError(f"That is written down already, as quote {kept.id}.")
    did = f"wrote down quote {quote.id}"
    write_about(session, person, did, actor=actor, reason=reason, now=now)
    return quote


def withdraw_quote(
    session: Session, quote: Quote, *, actor: str, reason: str, now: datetime
) -> None:
    """Take a quote out of every report at once, and blank its words."""
    session.refresh(quote, with_for_update=True)
    if quote.withdrawn_at is not None:
        raise ProgrammeError(f"The permission for quote {quote.id} was withdrawn already.")
    quote.words_sealed = quote.words_index = None
    quote.withdrawn_at = now
    did = f"withdrew quote {quote.id}"
    write_about(session, quote.person, did, actor=actor, reason=reason, now=now)
    session.flush()


def quotes_of(session: Session, person: Person) -> Sequence[Quote]:
    """Return the quotes of somebody, the newest first, with those that were withdrawn."""
    return session.scalars(
        select(Quote).where(Quote.person_id == person.id).order_by(Quote.id.desc())
    ).all()


def may_be_read() -> ColumnElement[bool]:
    """Return the condition, of quotes beside their people, that a quote may be shown now."""
    return and_(
        Quote.withdrawn_at.is_(None), Quote.words_sealed.is_not(None), Person.state.not_in(OUT)
    )


def quoted(session: Session, quote: Quote) -> str:
    """Open the words of a quote; empty once they are gone."""
    if quote.words_sealed is None:
        return ""
    return session.vault.open(quote.words_sealed, place=quote.place("words_sealed"))


def forget_quotes(session: Session, now: datetime, limit: int) -> int:
    """Blank the quotes of whoever has left: no report shows them since that moment."""
    left = select(Person.id).where(Person.state == PersonState.EXITED)
    due = (
        select(Quote.id)
        .where(Quote.words_sealed.is_not(None), Quote.person_id.in_(left))
        .limit(limit)
    )
    blanked = (
        update(Quote)
        .where(Quote.id.in_(due))
        .values(
            words_sealed=None,
            words_index=None,
            withdrawn_at=func.coalesce(Quote.withdrawn_at, now),
        )
        .returning(Quote.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(blanked).all())

"""What a report to funders tells in sentences: what has changed, and words that may be quoted.

They are read when the report is, and not kept with its figures: a permission that is withdrawn, and
a sentence that was corrected, count at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import Feedback, Person, Quote
from mentoring.quotes import may_be_read, quoted
from mentoring.reports.periods import Period
from mentoring.reports.words import Row

CHANGES, QUOTES = "Changes made from feedback", "In their own words"
NO_CHANGES = "Nothing that somebody asked for was changed in these days."
NO_QUOTES = "Nobody has given permission in these days to be quoted."


@dataclass(frozen=True)
class Change:
    """Something that was changed because somebody asked for it, and the day at the office."""

    day: date
    words: str


@dataclass(frozen=True)
class Quoted:
    """Somebody's own words, in which language, and how they are named."""

    words: str
    language: str
    named_as: str


def changes_in(session: Session, period: Period, community: str) -> list[Change]:
    """Return what was changed in a period, the oldest first; `community` is empty for all.

    What nobody of a community has asked for is told of the whole programme alone.
    """
    office = session.programme.office
    since, until = period.moments(office)
    chosen = select(Feedback).where(Feedback.done_at >= since, Feedback.done_at < until)
    if community:
        chosen = chosen.join(Person, Person.id == Feedback.person_id)
        chosen = chosen.where(Person.community == community)
    found = session.scalars(chosen.order_by(Feedback.done_at, Feedback.id))
    return [
        Change(each.done_at.astimezone(office).date(), each.changed)
        for each in found
        if each.done_at is not None and each.changed is not None
    ]


def quotes_in(session: Session, period: Period, community: str) -> list[Quoted]:
    """Return the quotes that were permitted in a period and still are, the oldest first."""
    chosen = (
        select(Quote, Person.language)
        .join(Person, Person.id == Quote.person_id)
        .where(
            Quote.permitted_on >= period.since,
            Quote.permitted_on < period.until,
            may_be_read(),
        )
        .order_by(Quote.permitted_on, Quote.id)
    )
    if community:
        chosen = chosen.where(Person.community == community)
    return [
        Quoted(quoted(session, quote), language, quote.named_as)
        for quote, language in session.execute(chosen)
    ]


_NO_FIGURE = (None,) * 9


def change_rows(session: Session, period: Period, community: str) -> Iterator[Row]:
    """Return what was changed as rows of a file, under the COLUMNS of the figures."""
    for change in changes_in(session, period, community):
        yield ("S1", CHANGES, "day", change.day.isoformat(), *_NO_FIGURE, change.words)


def quote_rows(session: Session, period: Period, community: str) -> Iterator[Row]:
    """Return the quotes as rows of a file, under the COLUMNS of the figures."""
    for quote in quotes_in(session, period, community):
        yield ("S1", QUOTES, "named as", quote.named_as, *_NO_FIGURE, quote.words)

"""The contact log: who was in contact with whom, when, how long and how it ended. No content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, false, select

from admin.labels import options
from admin.lists import Cell, Column, Filter, Link, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import concerns, matches_by_id, people_by_id, person_link
from mentoring.models import Contact, ContactKind, Match, Outcome, Person

ENTRY_TITLES = ("When", "What", "From", "To", "How it ended", "Length", "Two-way")


def add_to(pages: Pages) -> None:
    """Add the log."""
    pages.get("/contacts", Permission.SEE, list_contacts)


_FILTERS = (
    Filter("person", "Person", hint="A code, such as P05."),
    Filter("match", "Match", hint="A code, such as K03."),
    Filter("kind", "What", options(ContactKind)),
    Filter("outcome", "How it ended", options(Outcome)),
    Filter("two_way", "Two-way", [("yes", "two-way")]),
    Filter("since", "From the day", hint="Such as 2026-03-01."),
    Filter("until", "Up to the day", hint="Such as 2026-03-31."),
)
# The whole log is shown so many days at a time; that of one person or match as a whole.
_DAYS_SHOWN = 30
_YEARS_AWAY = 50
# Who it was that is no person of the programme.
_OF_OURS = {ContactKind.SERVICE: "the service", ContactKind.STAFF: "staff"}


@dataclass(frozen=True)
class Entry:
    """One entry with the names of those whom it concerns."""

    contact: Contact
    people: Mapping[int | None, Person]
    matches: Mapping[int | None, str]

    def person(self, person_id: int | None) -> Cell:
        """Return who it was; staff, the service itself or somebody unknown without a page."""
        person = self.people.get(person_id)
        if person is None:
            return _OF_OURS.get(self.contact.kind, "somebody unknown")
        return person_link(person)

    def match(self) -> Cell:
        """Return the match that it belongs to."""
        code = self.matches.get(self.contact.match_id)
        return Link(code, url_for("desk.show_match", code=code)) if code else None

    def ending(self) -> str:
        """Return how it ended and, in a few words, why."""
        reason = f" ({self.contact.reason})" if self.contact.reason else ""
        return f"{self.contact.outcome.value}{reason}"

    def when(self) -> When:
        """Return when it began, on the clocks of whoever is known on either side."""
        known = (self.contact.from_person_id, self.contact.to_person_id)
        zones = [self.people[each].zone for each in known if each in self.people]
        return When(self.contact.started_at, *zones)

    def to(self) -> Cell:
        """Return whom it was meant for, if for anybody."""
        return self.person(self.contact.to_person_id) if self.contact.to_person_id else None


def entries_of(visit: Visit, contacts: Sequence[Contact]) -> list[Entry]:
    """Return entries with the names that belong to them, by two statements for all."""
    ids = [each.from_person_id for each in contacts] + [each.to_person_id for each in contacts]
    people = people_by_id(visit, ids)
    matches = matches_by_id(visit, [each.match_id for each in contacts])
    return [Entry(contact, people, matches) for contact in contacts]


def entry_rows(visit: Visit, contacts: Sequence[Contact]) -> list[tuple[Cell, ...]]:
    """Return entries as rows under ENTRY_TITLES, for the pages of a person and of a match."""
    return [
        (
            entry.when(),
            entry.contact.kind.value,
            entry.person(entry.contact.from_person_id),
            entry.to(),
            entry.ending(),
            length(entry.contact.seconds),
            "yes" if entry.contact.two_way else None,
        )
        for entry in entries_of(visit, contacts)
    ]


def length(seconds: int | None) -> str | None:
    """Return how long something took, as people say it."""
    if seconds is None:
        return None
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _begin_of(visit: Visit, day: str, *, later: int = 0) -> datetime | None:
    """Return when a typed day begins at the office, or one some days later; None for no day."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        return None
    if abs(asked.year - visit.now.year) > _YEARS_AWAY:
        return None
    return datetime.combine(asked + timedelta(days=later), time(), tzinfo=visit.zone)


def list_contacts(visit: Visit) -> ResponseReturnValue:
    """List the log, the newest entry first."""

    def rows_of(found: Sequence[Any]) -> Sequence[Entry]:
        return entries_of(visit, [row[0] for row in found])

    return show(
        visit,
        Listing(
            title="Contacts",
            lead="Who was in contact with whom. What was said is never kept here. Without a person"
            f" or a match you see {_DAYS_SHOWN} days: choose the last of them.",
            statement=_chosen(visit),
            order=(Contact.started_at.desc(), Contact.id.desc()),
            tie=Contact.id,
            filters=_FILTERS,
            empty=f"Nobody has called or texted in these {_DAYS_SHOWN} days. To look further back,"
            " fill in Up to the day.",
            rows_of=rows_of,
            columns=(
                Column("When", Entry.when, Contact.started_at),
                Column("What", lambda entry: entry.contact.kind.value, Contact.kind),
                Column("From", lambda entry: entry.person(entry.contact.from_person_id)),
                Column("To", Entry.to),
                Column("Match", Entry.match),
                Column("How it ended", Entry.ending, Contact.outcome),
                Column("Length", lambda entry: length(entry.contact.seconds), Contact.seconds),
                Column("Two-way", lambda entry: "yes" if entry.contact.two_way else None),
            ),
        ),
    )


def _chosen(visit: Visit) -> Select[Contact]:
    """Ask for the entries in scope that the filters let through."""
    person, match, kind, outcome, two_way, since, until = (each.value() for each in _FILTERS)
    chosen = select(Contact).where(visit.scope.contacts())
    begin, end = _begin_of(visit, since), _begin_of(visit, until, later=1)
    if begin is not None:
        chosen = chosen.where(Contact.started_at >= begin)
    if end is not None:
        chosen = chosen.where(Contact.started_at < end)
    if (since and begin is None) or (until and end is None):
        # A day that was mistyped finds nothing, as a code does that nobody has.
        chosen = chosen.where(false())
    if two_way:
        chosen = chosen.where(Contact.two_way.is_(True))
    if not person and not match:
        chosen = chosen.where(
            Contact.started_at >= (end or visit.now) - timedelta(days=_DAYS_SHOWN)
        )
    if person:
        found = visit.session.scalar(select(Person).where(Person.code == person.upper()))
        chosen = chosen.where(concerns(found) if found is not None else false())
    if match:
        of_match = select(Match.id).where(Match.code == match.upper()).scalar_subquery()
        chosen = chosen.where(Contact.match_id == of_match)
    if kind:
        chosen = chosen.where(Contact.kind == kind)
    if outcome:
        chosen = chosen.where(Contact.outcome == outcome)
    return chosen

"""Whose records a member of staff sees: the people of their communities, and what concerns those.

A match is seen by the staff of either side. What concerns nobody known, such as an alert about the
lines, is seen by all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select, true

from mentoring.models import Contact, Feedback, Match, MatchSide, Person, ReportRun, StaffTask


@dataclass(frozen=True)
class Scope:
    """The communities that somebody sees; None means all."""

    communities: Sequence[str] | None

    def takes(self, community: str) -> bool:
        """Tell whether the people of a community are seen; of no community only by who sees all."""
        return self.communities is None or community in self.communities

    def people(self) -> ColumnElement[bool]:
        """Return the condition that a person is seen."""
        if self.communities is None:
            return true()
        return Person.community.in_(self.communities)

    def matches(self) -> ColumnElement[bool]:
        """Return the condition that a match is seen."""
        if self.communities is None:
            return true()
        return Match.id.in_(self._match_ids())

    def tasks(self) -> ColumnElement[bool]:
        """Return the condition that a task or alert is seen."""
        if self.communities is None:
            return true()
        about_nobody = StaffTask.person_id.is_(None) & StaffTask.match_id.is_(None)
        return (
            about_nobody
            | StaffTask.person_id.in_(self._person_ids())
            | StaffTask.match_id.in_(self._match_ids())
        )

    def contacts(self) -> ColumnElement[bool]:
        """Return the condition that an entry of the contact log is seen."""
        if self.communities is None:
            return true()
        return exists().where(Person.id == Contact.from_person_id, self.people()) | exists().where(
            Person.id == Contact.to_person_id, self.people()
        )

    def feedback(self) -> ColumnElement[bool]:
        """Return the condition that feedback is seen; what came from nobody known is, by all."""
        if self.communities is None:
            return true()
        return Feedback.person_id.is_(None) | Feedback.person_id.in_(self._person_ids())

    def reports(self) -> ColumnElement[bool]:
        """Return the condition that a report is seen: of their communities, one at a time."""
        if self.communities is None:
            return true()
        named = [each for each in self.communities if each]
        return ReportRun.community.in_(named)

    def _person_ids(self) -> Select[int]:
        return select(Person.id).where(self.people())

    def _match_ids(self) -> Select[int]:
        return (
            select(MatchSide.match_id)
            .join(Person, Person.id == MatchSide.person_id)
            .where(self.people())
        )

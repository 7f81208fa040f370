"""The figures once more, straight from the rows and as simply as can be: to compare with.

It shares nothing with mentoring/reports but the names of the figures. Everything is looked at again
for each figure, one row after the other. Hiding is not its business.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import select

from mentoring.db import Session
from mentoring.models import (
    Answer,
    CallEnd,
    CallLeg,
    Contact,
    Conversation,
    Invitation,
    Match,
    MatchSide,
    Person,
    Proposal,
    StaffTask,
    Transition,
)

Keep = Callable[[Person | None], bool]


class Told(NamedTuple):
    """A figure as the report should say it."""

    value: str | None
    numerator: str | None = None
    denominator: str | None = None
    lower: str | None = None
    response: str | None = None
    # Before it was rounded, to compare groups by.
    exact: Fraction | None = None


def _rounded(value: Fraction, places: int = 1) -> str:
    with localcontext() as context:
        context.prec = 80
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        told = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return str(abs(told) if told == 0 else told)


def _sum_words(total: Fraction) -> str:
    return str(total) if total.denominator == 1 else _rounded(total, 2)


class Naive:
    """One period of one programme. `since` and `until` are moments; `keep` chooses whose cases."""

    def __init__(
        self, session: Session, *, since: datetime, until: datetime, now: datetime, keep: Keep
    ) -> None:
        self.session, self.since, self.until, self.now = session, since, until, now
        self.zone = session.programme.office
        self.keep = keep
        self.people = {each.id: each for each in self.all(Person)}
        self.matches = self.all(Match)
        self.contacts = self.all(Contact)
        self.answers = self.all(Answer)
        self.conversations = {each.id: each for each in self.all(Conversation)}
        self.invitations = self.all(Invitation)
        self.moves = self.all(Transition)
        self.sides = self.all(MatchSide)
        self.tasks = self.all(StaffTask)
        self.proposals = self.all(Proposal)
        self.legs = self.all(CallLeg)
        self.ends = self.all(CallEnd)

    def all(self, kind: Any) -> list[Any]:
        return list(self.session.scalars(select(kind).order_by(kind.id)).unique())

    def kept(self, at: datetime | None, person_id: int | None) -> bool:
        if at is None or not self.since <= at < self.until:
            return False
        return self.keep(self.people.get(person_id) if person_id is not None else None)

    # Ways to write a figure ----------------------------------------------------------------

    def share(self, known: list[bool], asked: int | None = None, *, lower: bool = False) -> Told:
        asked = len(known) if asked is None else asked
        least = Fraction(100 * known.count(True), asked) if asked and lower else None
        value = Fraction(100 * known.count(True), len(known)) if known else None
        return Told(
            None if value is None else _rounded(value),
            str(known.count(True)),
            str(len(known)),
            None if least is None else _rounded(least),
            self.response(len(known), asked),
            value,
        )

    def ternary(self, cases: list[bool | None], *, lower: bool = True) -> Told:
        known = [case for case in cases if case is not None]
        return self.share(known, len(cases), lower=lower)

    def response(self, known: int, asked: int) -> str | None:
        return _rounded(Fraction(100 * known, asked)) if asked else None

    def mean(
        self, amounts: list[Fraction], scale: int = 1, places: int = 1, asked: int | None = None
    ) -> Told:
        total = sum(amounts, Fraction())
        value = total * scale / len(amounts) if amounts else None
        return Told(
            None if value is None else _rounded(value, places),
            _sum_words(total),
            str(len(amounts)),
            response=self.response(len(amounts), len(amounts) if asked is None else asked),
            exact=value,
        )

    def middle(self, amounts: list[Fraction], asked: int) -> Told:
        ordered, half = sorted(amounts), len(amounts) // 2
        response = self.response(len(amounts), asked)
        if not ordered:
            return Told(None, response=response)
        value = ordered[half]
        if not len(ordered) % 2:
            value = (ordered[half - 1] + ordered[half]) / 2
        return Told(_rounded(value), response=response, exact=value)

    def total(self, amount: Fraction | int, places: int = 0) -> Told:
        return Told(_rounded(Fraction(amount), places))

    # Looking things up ---------------------------------------------------------------------

    def side(self, match: Match, role: str) -> int:
        mine = (s for s in self.sides if s.match_id == match.id and s.role == role)
        return int(next(mine).person_id)

    def length(self, value: timedelta, unit: timedelta) -> Fraction:
        micro = timedelta(microseconds=1)
        return Fraction(value // micro, unit // micro)

    def two_way(self, match: Match) -> list[Contact]:
        mine = [c for c in self.contacts if c.match_id == match.id and c.two_way]
        return sorted(mine, key=lambda contact: (contact.started_at, contact.id))

    def occasions(self, match: Match) -> list[datetime]:
        """Each call, and the first text or note of each day."""
        days, found = set(), []
        for contact in self.two_way(match):
            day = contact.started_at.astimezone(self.zone).date()
            if contact.kind != "call" and day in days:
                continue
            if contact.kind != "call":
                days.add(day)
            found.append(contact.started_at)
        return found

    def talks(self, match: Match) -> list[Contact]:
        return [contact for contact in self.two_way(match) if contact.kind == "call"]

    def answer(self, invitation: Invitation, question: str) -> str | None:
        newest: Answer | None = None
        for each in self.answers:
            about = self.conversations[each.conversation_id]
            if about.invitation_id != invitation.id or each.question != question:
                continue
            if newest is None or (each.at, each.turn) >= (newest.at, newest.turn):
                newest = each
        return newest.value if newest else None

    def asked(self, *flows: str) -> list[Invitation]:
        return [
            each
            for each in self.invitations
            if each.flow in flows and self.kept(each.asked_at, each.person_id)
        ]

    def surveyed(self, question: str, good: Callable[[str], bool], *flows: str) -> Told:
        cases: list[bool | None] = []
        for invitation in self.asked(*flows):
            value = self.answer(invitation, question)
            cases.append(None if value is None else good(value))
        return self.ternary(cases)

    def path(self, entity: str, entity_id: int) -> list[Transition]:
        return [m for m in self.moves if m.entity == entity and m.entity_id == entity_id]

    def opened(self) -> Iterator[tuple[Match, int]]:
        for match in self.matches:
            protege = self.side(match, "protege")
            if self.kept(match.opened_at, protege):
                yield match, protege

    def closed(self) -> Iterator[tuple[Match, int]]:
        for match in self.matches:
            protege = self.side(match, "protege")
            if self.kept(match.closed_at, protege):
                yield match, protege

"""What the figures are worked out from: people, pairs, what was asked and what was answered.

Frozen values read from the log once (mentoring/reports/reading.py). Everything after that is pure:
the same facts give the same figures, to the last digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mentoring.applications.training import Training
from mentoring.models import ClosureReason, Role
from mentoring.reports.periods import Period

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# Whatever fits nowhere among the groups of somebody.
NOT_KNOWN = "not known"


def in_days(length: timedelta) -> Fraction:
    """Return a length of time in days of 24 hours, exactly."""
    return Fraction(length // timedelta.resolution, _DAY // timedelta.resolution)


def in_hours(length: timedelta) -> Fraction:
    """Return a length of time in hours, exactly."""
    return Fraction(length // timedelta.resolution, _HOUR // timedelta.resolution)


class Move(NamedTuple):
    """One change of somebody's state; the states are the words of the log."""

    before: str | None
    to: str
    at: datetime


class Talked(NamedTuple):
    """One two-way contact: a call, or all texts and voice notes of one day. Seconds of the call."""

    at: datetime
    seconds: int
    is_call: bool


class Agreed(NamedTuple):
    """How often a pair meant to be in contact, in days, and from when to when that was agreed."""

    gap_days: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Someone:
    """A protege or a mentor. `groups` says to which group of each kind they belong."""

    id: int
    code: str
    role: Role
    state: str
    state_since: datetime
    created_at: datetime
    groups: Mapping[str, str]
    stage: str
    topics: tuple[str, ...]
    joined_by: str
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True)
class Pair:
    """A match. `contacts` are in the order of time; `rests` are when nothing was expected of it."""

    id: int
    code: str
    protege: int
    mentor: int
    opened_at: datetime
    closed_at: datetime | None
    reason: ClosureReason | None
    contacts: Sequence[Talked]
    rests: Sequence[tuple[datetime, datetime | None]]
    plans: Sequence[Agreed]

    def is_open_at(self, moment: datetime) -> bool:
        """Tell whether it was open at a moment."""
        return self.opened_at <= moment and (self.closed_at is None or self.closed_at > moment)

    def until(self, moment: datetime) -> Sequence[Talked]:
        """Return its two-way contacts up to a moment."""
        return [each for each in self.contacts if each.at <= moment]


class Reply(NamedTuple):
    """One answer, as it was left."""

    question: str
    value: str
    at: datetime
    person: int | None
    match: int | None
    invitation: int | None
    channel: str


class Asked(NamedTuple):
    """One set of questions that somebody was asked, and in which try they were last reached."""

    id: int
    flow: str
    match: int | None
    person: int
    is_complete: bool
    at: datetime


class Offer(NamedTuple):
    """One proposal that was sent: how it ended, which is None while it is open, and why not."""

    sent_at: datetime
    ended_at: datetime | None
    is_accepted: bool | None
    why_not: str

    def holds(self, moment: datetime) -> bool:
        """Tell whether it was open at a moment."""
        return self.sent_at <= moment and (self.ended_at is None or moment <= self.ended_at)


class Concern(NamedTuple):
    """One worry or danger. `is_upheld` is None as long as nobody has said what came of it."""

    id: int
    person: int | None
    match: int | None
    opened_at: datetime
    promised_by: datetime
    first_contact_at: datetime | None
    is_upheld: bool | None


class VoiceCall(NamedTuple):
    """One call in which somebody talked with the service, and whether a task was finished in it.

    `place` is where it stood at the end. Of the `heard` answers by key or voice so many were
    `misheard`, which is: not understood.
    """

    person: int | None
    at: datetime
    is_finished: bool
    place: str
    heard: int
    misheard: int


class Note(NamedTuple):
    """One voice note between two people: who spoke, when, and for how many seconds."""

    person: int | None
    at: datetime
    seconds: int


class Costs(NamedTuple):
    """What one month cost, in the currency of the rates."""

    month: date
    total: Fraction


@dataclass(frozen=True)
class Facts:
    """All that the figures of one period are worked out from. `now` is the moment of reading."""

    period: Period
    zone: ZoneInfo
    now: datetime
    term_days: int
    people: Mapping[int, Someone]
    pairs: Mapping[int, Pair]
    # By the protege who was asked, in the order of time.
    offers: Mapping[int, Sequence[Offer]]
    replies: Sequence[Reply]
    asked: Sequence[Asked]
    tries: Mapping[int, Sequence[datetime]]
    concerns: Sequence[Concern]
    calls: Sequence[VoiceCall]
    calls_for_a_person: Sequence[tuple[int | None, datetime]]
    # Who was brought to a person because three tries in a row had failed.
    lost: Sequence[tuple[int | None, datetime]]
    notes: Sequence[Note]
    training: Sequence[Training]
    # None when no rates are set.
    costs: Sequence[Costs] | None

    def day(self, moment: datetime) -> date:
        """Return the day at the office on which a moment falls."""
        return moment.astimezone(self.zone).date()

    def month(self, day: date) -> date:
        """Return the first day of a day's month that belongs to the period."""
        return max(self.period.since, day.replace(day=1))

    @cached_property
    def by_invitation(self) -> Mapping[tuple[int, str], Reply]:
        """The newest answer to each question of each invitation."""
        return {
            (each.invitation, each.question): each
            for each in self.replies
            if each.invitation is not None
        }

    @cached_property
    def replies_of(self) -> Mapping[tuple[int, str], Sequence[Reply]]:
        """All answers of each person to each question, oldest first."""
        found: dict[tuple[int, str], list[Reply]] = {}
        for each in self.replies:
            if each.person is not None:
                found.setdefault((each.person, each.question), []).append(each)
        return found

    @cached_property
    def by_match(self) -> Mapping[tuple[int, int, str], Sequence[Reply]]:
        """All answers of each person in each match to each question, oldest first."""
        found: dict[tuple[int, int, str], list[Reply]] = {}
        for each in self.replies:
            if each.match is not None and each.person is not None:
                found.setdefault((each.match, each.person, each.question), []).append(each)
        return found

    @cached_property
    def concerns_of(self) -> Mapping[int, Sequence[Concern]]:
        """The worries about each match."""
        found: dict[int, list[Concern]] = {}
        for each in self.concerns:
            if each.match is not None:
                found.setdefault(each.match, []).append(each)
        return found

    def answer(self, asked: Asked, question: str) -> str | None:
        """Return what was answered to one question of an invitation; None when nothing was."""
        found = self.by_invitation.get((asked.id, question))
        return None if found is None else found.value

    def asked_of(self, *flows: str) -> list[Asked]:
        """Return who was asked these sets of questions within the period."""
        return [
            each for each in self.asked if each.flow in flows and self.day(each.at) in self.period
        ]

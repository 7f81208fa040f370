"""A believable contact log: talks, texts and voice notes, failures, and callers turned away.

What a pair can do follows from how the two like to talk. Voice with voice is a call, text with text
a relayed text; between voice and text the words are read aloud and the voice is left as a note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.seed_story import Story
from mentoring.contacts import count_two_way, log_between, log_refusal, settle
from mentoring.hours import hard_hours, next_opening
from mentoring.lines import main_line
from mentoring.models import Contact, ContactKind, Line, LineKind, Mode, Outcome, Role
from mentoring.routing import Refusal, Route

_TALKS = (Mode.VOICE.value, Mode.BOTH.value)
_TEXTS = (Mode.TEXT.value, Mode.BOTH.value)
# Why a ring did not become a talk, the commonest ending more often.
_MISSED = (Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.DECLINED, Outcome.BUSY, Outcome.GAVE_UP)


@dataclass(frozen=True)
class _Entry:
    """One entry to be written: who began, when, how it ended and after how many seconds."""

    kind: ContactKind
    by: Role
    at: datetime
    outcome: Outcome
    lasts: float
    seconds: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class _Side:
    role: Role
    mode: str
    zone: ZoneInfo


def plan_contacts(story: Story, row: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Plan the contacts of one match, from the newest back to the first days."""
    pair = (row["protege"], row["mentor"])
    protege = _side(Role.PROTEGE, pair[0], data["proteges"])
    mentor = _side(Role.MENTOR, pair[1], data["mentors"])
    days = float(row["last"])
    while row["every"] and days < row["opened"] - 1:
        sides = (protege, mentor) if story.dice.random() < 0.55 else (mentor, protege)
        for entry in _episode(story, *sides, days, reached=row.get("reached", True)):
            story.then(entry.at, partial(_write, story, pair, entry))
        days += row["every"] * story.dice.uniform(0.8, 1.2)


def _side(role: Role, code: str, people: list[Mapping[str, Any]]) -> _Side:
    who = next(who for who in people if who["code"] == code)
    return _Side(role, who["mode"], ZoneInfo(who["zone"]))


def _episode(
    story: Story, one: _Side, other: _Side, days: float, *, reached: bool
) -> Iterator[_Entry]:
    at = story.on_day(days, story.dice.randrange(10, 18), other.zone)
    both_talk = one.mode in _TALKS and other.mode in _TALKS
    both_text = one.mode in _TEXTS and other.mode in _TEXTS
    if not reached:
        yield _missed(story, one, at)
    elif both_talk and not (both_text and story.dice.random() < 0.4):
        yield from _talk(story, one, other, at, days)
    elif both_text:
        yield from _texts(story, one, other, at, days)
    else:
        yield from _notes(story, one, other, at)


def _missed(story: Story, one: _Side, at: datetime) -> _Entry:
    outcome = story.dice.choice(_MISSED)
    return _Entry(ContactKind.CALL, one.role, at, outcome, story.dice.randrange(5, 28))


def _talk(story: Story, one: _Side, other: _Side, at: datetime, days: float) -> Iterator[_Entry]:
    dice = story.dice
    if dice.random() < 0.4:
        yield _missed(story, one, at - timedelta(minutes=dice.randrange(20, 150)))
    if dice.random() < 0.08:
        late = story.on_day(days + 1, 21, other.zone)
        yield _Entry(ContactKind.CALL, one.role, late, Outcome.NOT_RUNG, 0, reason="late there")
    seconds = dice.randrange(20, 100) if dice.random() < 0.1 else dice.randrange(240, 2700)
    yield _Entry(ContactKind.CALL, one.role, at, Outcome.TALKED, seconds + 9, seconds)


def _texts(story: Story, one: _Side, other: _Side, at: datetime, days: float) -> Iterator[_Entry]:
    dice = story.dice
    if dice.random() < 0.08:
        yield _Entry(ContactKind.TEXT, one.role, at, Outcome.UNDELIVERED, 40, reason="failed")
        return
    if dice.random() < 0.15:
        # Written at night, so it was held until the recipient's morning.
        late = story.on_day(days + 1, 21, other.zone)
        hours = hard_hours(story.session.programme)
        held = (next_opening(late, other.zone, hours) or late) - late
        yield _Entry(ContactKind.TEXT, one.role, late, Outcome.DELIVERED, held.total_seconds() + 4)
    else:
        yield _Entry(ContactKind.TEXT, one.role, at, Outcome.DELIVERED, 4)
    answered = at + timedelta(minutes=dice.randrange(3, 180))
    yield _Entry(ContactKind.TEXT, other.role, answered, Outcome.DELIVERED, 3)


def _notes(story: Story, one: _Side, other: _Side, at: datetime) -> Iterator[_Entry]:
    for side, when in ((one, at), (other, at + timedelta(minutes=story.dice.randrange(10, 240)))):
        if side.mode in _TEXTS:
            yield _Entry(ContactKind.TEXT, side.role, when, Outcome.NOTE_LEFT, 1)
        else:
            seconds = story.dice.randrange(15, 115)
            yield _Entry(ContactKind.NOTE, side.role, when, Outcome.NOTE_LEFT, 0, seconds)


def _write(story: Story, pair: tuple[str, str], entry: _Entry, at: datetime) -> None:
    """Write one entry as the service would have: the attempt first, then its end."""
    match = story.matches[pair]
    mine = next(side for side in match.sides if side.role is entry.by)
    other = next(side for side in match.sides if side.role is not entry.by)
    is_text = entry.kind is ContactKind.TEXT
    contact = log_between(
        story.session,
        Route(match, match.line, mine, other),
        entry.kind,
        source_sid=story.sid("SM" if is_text else "CA"),
        outcome=Outcome.QUEUED if is_text else Outcome.ATTEMPTED,
        now=at,
    )
    contact.seconds = entry.seconds
    if entry.outcome is Outcome.TALKED:
        contact.accepted_at = at + timedelta(seconds=9)
    ended = at + timedelta(seconds=entry.lasts)
    settle(contact, entry.outcome, now=ended, reason=entry.reason)
    count_two_way(story.session, contact, now=ended)


def plan_calls_to_us(story: Story, *, stranger: str) -> None:
    """Plan calls to the main line, support calls by staff, and callers who were turned away."""
    for days in range(2, 118, 8):
        code = story.dice.choice(("P05", "P01", "P04", "P14", "M05", "M01"))
        at = story.on_day(days, story.dice.randrange(9, 19), story.session.programme.office)
        story.then(at, partial(_menu_call, story, code))
    for code, days in (
        ("P10", 60),
        ("P03", 45),
        ("P15", 80),
        ("P05", 25),
        ("M01", 30),
        ("M07", 30),
    ):
        story.then(story.ago(days), partial(_staff_call, story, code))
    for days, line in ((33, 1), (12, 2), (5, 0)):
        at = story.on_day(days, 13, story.session.programme.office)
        story.then(at, partial(_turn_stranger_away, story, stranger, line))
    for days in (2, 1):
        at = story.on_day(days, 18, story.session.programme.office)
        story.then(at, partial(_turn_former_mentor_away, story))


def _menu_call(story: Story, code: str, at: datetime) -> None:
    if code in story.people:
        seconds = story.dice.randrange(40, 300)
        _add(
            story,
            Contact(
                kind=ContactKind.MENU,
                line_id=main_line(story.session).id,
                from_person_id=story.people[code].id,
                outcome=Outcome.SERVED,
                seconds=seconds,
            ),
            at,
            seconds,
        )


def _staff_call(story: Story, code: str, at: datetime) -> None:
    seconds = story.dice.randrange(300, 900)
    _add(
        story,
        Contact(
            kind=ContactKind.STAFF,
            to_person_id=story.people[code].id,
            outcome=Outcome.TALKED,
            reason="support call",
            seconds=seconds,
        ),
        at,
        seconds,
    )


def _add(story: Story, contact: Contact, at: datetime, seconds: int) -> None:
    contact.source_sid = story.sid("CA")
    contact.started_at = at
    contact.ended_at = at + timedelta(seconds=seconds)
    story.session.add(contact)


def _turn_stranger_away(story: Story, number: str, place: int, at: datetime) -> None:
    lines = story.session.scalars(
        select(Line).where(Line.kind == LineKind.PAIR).order_by(Line.number)
    ).all()
    log_refusal(
        story.session,
        Refusal.UNKNOWN,
        ContactKind.CALL,
        number=number,
        line_id=lines[place].id,
        person_id=None,
        source_sid=story.sid("CA"),
        now=at,
    )


def _turn_former_mentor_away(story: Story, at: datetime) -> None:
    match = story.matches["P17", "M13"]
    log_refusal(
        story.session,
        Refusal.HELD,
        ContactKind.CALL,
        number=None,
        line_id=match.line_id,
        person_id=story.people["M13"].id,
        source_sid=story.sid("CA"),
        now=at,
    )

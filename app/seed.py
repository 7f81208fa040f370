"""The fictional programme of seed_data.toml, made with the same functions that real people use.

Everything happens in the order in which it would have happened, relative to `now`: people come,
agree, are screened, matched, talk, pause and leave. The dice are fixed, so every seeding tells the
same story.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.seed_answers import write_answers
from app.seed_checkins import check_ins
from app.seed_contacts import plan_calls_to_us, plan_contacts
from app.seed_feedback import write_all_feedback, write_quotes
from app.seed_goals import set_goals
from app.seed_lives import enrol, plan_match
from app.seed_milestones import decide_milestones, milestones
from app.seed_plans import plan_agreement
from app.seed_story import Story
from app.seed_surveys import plan_rests, surveys
from mentoring.calendar.dues import call_off, finish, plan
from mentoring.calendar.pages import start_calendar
from mentoring.calendar.talks import plan_next_talk
from mentoring.db import Session
from mentoring.errors import ProgrammeError
from mentoring.lines import add_line
from mentoring.matches import move_match
from mentoring.models import (
    Contact,
    Due,
    DueKind,
    Line,
    LineKind,
    Match,
    MatchState,
    OptOutKind,
    Person,
    PersonState,
    Role,
    Staff,
)
from mentoring.operators import add_staff
from mentoring.optouts import refuse
from mentoring.people import find_phone, move_person, read_number
from mentoring.safety.crisis import keep_told
from mentoring.tasks import open_task

_DATA = Path(__file__).with_name("seed_data.toml")
_YEARS_AGO = timedelta(days=420)


@dataclass(frozen=True)
class Seeded:
    """How much was made."""

    people: int
    matches: int
    contacts: int


@dataclass(frozen=True)
class CastMember:
    """Somebody whom a newcomer to the demo can play. `role` is a role, `staff` or `stranger`."""

    code: str
    name: str
    number: str
    role: str
    landline: bool
    note: str


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def cast() -> tuple[CastMember, ...]:
    """Return everybody of the fictional programme with their number (E.164): for the demo only."""
    data = _data()
    people = [
        CastMember(
            code=who["code"],
            name=who["name"],
            number=read_number(who["number"]),
            role=role.value,
            landline=who.get("landline", False),
            note=data["notes"][who["code"]],
        )
        for role, group in ((Role.PROTEGE, "proteges"), (Role.MENTOR, "mentors"))
        for who in data[group]
    ]
    staff = [
        CastMember(
            code=f"S{place:02d}",
            name=who["name"],
            number=read_number(who["number"]),
            role="staff",
            landline=False,
            note=f"Is rung when a caller presses 0. Speaks {who['languages']}.",
        )
        for place, who in enumerate(data["staff"], start=1)
    ]
    stranger = CastMember(
        code="",
        name="A stranger",
        number=read_number(data["stranger"]),
        role="stranger",
        landline=False,
        note="Nobody whom the programme knows.",
    )
    return (*people, *staff, stranger)


def seed(session: Session, *, now: datetime) -> Seeded | None:
    """Fill an empty database with the fictional programme; None when it is there already.

    Raises ProgrammeError, and changes nothing, when the database holds anything else.
    """
    data = _data()
    if _is_seeded(session, data):
        return None
    _refuse_others(session)
    story = Story(session, now)
    _add_lines_and_staff(session, data, now - _YEARS_AGO)
    for role, group in ((Role.MENTOR, "mentors"), (Role.PROTEGE, "proteges")):
        for who in data[group]:
            enrol(story, who, role)
    for row in data["matches"]:
        plan_match(story, row)
        plan_contacts(story, row, data)
        plan_agreement(story, row)
    plan_rests(story, data["surveys"], data["matches"])
    plan_calls_to_us(story, stranger=read_number(data["stranger"]))
    _plan_turns(story)
    story.play()
    session.flush()
    told = (
        check_ins(story),
        milestones(story, data["milestones"]),
        surveys(story, data["surveys"]),
    )
    write_answers(story, list(chain.from_iterable(told)))
    decide_milestones(story, data["milestones"])
    write_all_feedback(story, data["feedback"])
    write_quotes(story, data["quotes"])
    set_goals(story, data["goals"])
    _begin_calendars(story, now)
    return Seeded(*(_count(session, kind) for kind in (Person, Match, Contact)))


def _count(session: Session, kind: type[Person] | type[Match] | type[Contact]) -> int:
    return session.scalar(select(func.count(kind.id))) or 0


def _is_seeded(session: Session, data: Mapping[str, Any]) -> bool:
    """Tell whether the first protege of the data is here: the blind index must agree as well."""
    first = data["proteges"][0]
    phone = find_phone(session, read_number(first["number"]))
    return phone is not None and first["code"] in {person.code for person in phone.people}


def _refuse_others(session: Session) -> None:
    for kind, words in ((Person, "people"), (Staff, "staff"), (Line, "lines")):
        if session.scalar(select(kind).limit(1)) is not None:
            raise ProgrammeError(
                f"This database holds {words} of another programme, and the fictional one needs an"
                " empty database. Name another in DATABASE_URL."
            )


def _add_lines_and_staff(session: Session, data: Mapping[str, Any], then: datetime) -> None:
    add_line(session, read_number(data["main_line"]), LineKind.MAIN, now=then)
    for number in data["pair_lines"]:
        add_line(session, read_number(number), LineKind.PAIR, now=then)
    for place, who in enumerate(data["staff"], start=1):
        add_staff(
            session,
            name=who["name"],
            number=read_number(who["number"]),
            languages=who["languages"],
            ring_order=place,
            now=then,
        )


def _begin_calendars(story: Story, now: datetime) -> None:
    """Let the calendars begin today: what they brought before is told by the story itself."""
    for match in story.matches.values():
        if match.state is MatchState.CLOSED:
            _forget_overdue(story, match, now)
            continue
        call_off(story.session, match_id=match.id, outcome="before the story", now=now)
        start_calendar(story.session, match, now=now)
        plan_next_talk(story.session, match, now=now)


def _forget_overdue(story: Story, match: Match, now: datetime) -> None:
    """What follows an end counts from that day: some is over, and some of it is still to come."""
    overdue = select(Due).where(Due.match_id == match.id, Due.done_at.is_(None), Due.due_at <= now)
    for due in story.session.scalars(overdue):
        finish(due, "before the story", now=now)


def _plan_turns(story: Story) -> None:
    """Let happen what makes some stories special: a pause, a hold, an opt-out, a goal reached."""
    story.then(story.ago(181), partial(_move, story, "P16", PersonState.ALUM, "goal met"))
    story.then(story.ago(6), partial(_pause_walt, story))
    story.then(story.ago(3), partial(_hold_andre, story))
    story.then(story.ago(1), partial(_opt_kim_out, story))


def _move(story: Story, code: str, to: PersonState, reason: str, at: datetime) -> None:
    move_person(
        story.session, story.people[code], to, actor=story.coordinator, reason=reason, now=at
    )


def _pause_walt(story: Story, at: datetime) -> None:
    _move(story, "M10", PersonState.ON_BREAK, "away for 26 days", at)
    _move(story, "P14", PersonState.PAUSED, "mentor on a break, cover offered", at)
    back_at = at + timedelta(days=26)
    for code in ("M10", "P14"):
        person = story.people[code]
        person.profile = {**person.profile, "away_until": back_at.date().isoformat()}
        plan(
            story.session,
            DueKind.RETURN,
            at=back_at,
            key=f"return:{person.id}",
            person_id=person.id,
            now=at,
        )
    move_match(
        story.session,
        story.matches["P14", "M10"],
        MatchState.PAUSED,
        actor=story.coordinator,
        reason="mentor on a break",
        now=at,
    )


def _hold_andre(story: Story, at: datetime) -> None:
    move_match(
        story.session,
        story.matches["P17", "M13"],
        MatchState.SAFETY_HOLD,
        actor=story.coordinator,
        reason="mentor asked for a loan",
        now=at,
    )
    _move(story, "M13", PersonState.EXITED, "safety", at)
    andre = story.people["P17"]
    alert = open_task(
        story.session,
        rule="O10",
        words="P17 has a worry to tell us. Nobody else was told.",
        key="O10:P17",
        person=andre,
        match_id=story.matches["P17", "M13"].id,
        now=at,
    )
    told = "Mon mentor m'a demandé de lui prêter de l'argent."
    keep_told(story.session, alert, told, andre, now=at)


def _opt_kim_out(story: Story, at: datetime) -> None:
    phone = story.people["P18"].phone
    refuse(story.session, phone, OptOutKind.TEXTS, source="text STOP", now=at)

"""What pairs of the fictional programme told about their first months, and what they want next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.seed_answers import Asked, Occasion
from app.seed_story import Story
from mentoring.calendar.days import QUARTER, flow_on
from mentoring.calendar.dues import due_row
from mentoring.calendar.milestones import MATRIX, Act, Step, decision_key
from mentoring.models import Due, DueKind, Invitation, Match, Role
from mentoring.rows import insert_rows
from mentoring.tasks import end_task, open_task

_QUESTIONS = ("MS1", "MS2", "MS3", "MS4")
_SETTLED_AFTER = timedelta(days=2)
_Rows = Sequence[Mapping[str, Any]]


def milestones(story: Story, rows: _Rows) -> Iterator[Asked]:
    """Yield what both of a pair were asked and answered."""
    for row in rows:
        match = _match_of(story, row)
        occasion = _occasion(story, match, row["day"])
        for side in match.sides:
            yield Asked(
                occasion=occasion,
                person=side.person,
                flow="milestone",
                number=row["day"],
                free_at=occasion.at,
                said={"MS0": "start", **dict(zip(_QUESTIONS, _said(row, side.role), strict=True))},
                acted=row.get("acted", ""),
            )


def decide_milestones(story: Story, rows: _Rows) -> None:
    """Write down what followed from both answers, and what staff were to settle."""
    for row in rows:
        match, day = _match_of(story, row), row["day"]
        choices = _choices(row)
        at = _answered_at(story, match, day)
        if at is None:
            continue
        key = decision_key(match.id, day)
        decision = due_row(
            DueKind.MILESTONE, at=at, key=key, match_id=match.id, round_=day, now=at
        ) | {"done_at": at, "outcome": " / ".join(choices)}
        insert_rows(story.session, Due, [decision])
        for step in MATRIX[choices]:
            if step.act is Act.STAFF:
                _ask_staff(story, row, step, at)


def _ask_staff(story: Story, row: Mapping[str, Any], step: Step, at: datetime) -> None:
    match, said = _match_of(story, row), " / ".join(_choices(row))
    task = open_task(
        story.session,
        rule="milestone",
        words=f"{match.code}, day {row['day']}: call both ({said}). {step.words}"[:200],
        key=decision_key(match.id, row["day"]),
        match_id=match.id,
        working_days=step.working_days,
        now=at,
    )
    if "settled" in row:
        end_task(task, outcome=row["settled"], now=at + _SETTLED_AFTER)


def _match_of(story: Story, row: Mapping[str, Any]) -> Match:
    return story.matches[row["protege"], row["mentor"]]


def _choices(row: Mapping[str, Any]) -> tuple[str, str]:
    return _said(row, Role.PROTEGE)[-1], _said(row, Role.MENTOR)[-1]


def _said(row: Mapping[str, Any], role: Role) -> Sequence[str]:
    said: Sequence[str] = row[f"{role}_said"]
    return said


def _occasion(story: Story, match: Match, day: int) -> Occasion:
    """Return what led to the questions: a day of the calendar, or the end of the term."""
    at = match.opened_at + timedelta(days=day)
    if day % QUARTER == 0:
        return Occasion(DueKind.CALENDAR, match, day, at, flow_on(day))
    programme = story.session.programme
    count = (day + programme.closing_days) // programme.term_days
    return Occasion(DueKind.TERM, match, count, at, "both asked")


def _answered_at(story: Story, match: Match, day: int) -> datetime | None:
    """Return when the second of the two had answered."""
    return story.session.scalar(
        select(func.max(Invitation.settled_at)).where(
            Invitation.match_id == match.id,
            Invitation.flow == "milestone",
            Invitation.number == day,
        )
    )

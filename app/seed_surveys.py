"""What both sides of the closed matches of the fictional programme said about them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.seed_answers import Asked, Occasion
from app.seed_story import Story
from mentoring.flows import FLOWS
from mentoring.models import DueKind, MatchSide, PersonState
from mentoring.people import move_person

# The survey comes in two parts, on the day of the end and on the next.
_PARTS = (1, 2)
_WISH, _NEW_MENTOR = "NX1", "mentor"
_Rows = Sequence[Mapping[str, Any]]


def plan_rests(story: Story, rows: _Rows, matches: _Rows) -> None:
    """Let whoever wants a new mentor wait for one when they have rested (2.1)."""
    rest = timedelta(days=story.session.programme.rest_days)
    closed = {row["protege"]: row["closed"] for row in matches if "closed" in row}
    for row in rows:
        if row["protege_said"][_WISH] == _NEW_MENTOR:
            code = row["protege"]
            story.then(story.ago(closed[code]) + rest, partial(_wait_again, story, code))


def _wait_again(story: Story, code: str, at: datetime) -> None:
    move_person(
        story.session,
        story.people[code],
        PersonState.WAITING,
        actor="system",
        reason="rested, and wants a new mentor",
        now=at,
    )


def surveys(story: Story, rows: _Rows) -> Iterator[Asked]:
    """Yield both parts of what both sides were asked and answered."""
    for row in rows:
        match = story.matches[row["protege"], row["mentor"]]
        if match.closed_at is None:
            raise ValueError(f"{match.code} is open: nobody was asked how it was.")
        for part in _PARTS:
            at = match.closed_at + timedelta(days=part - 1)
            occasion = Occasion(DueKind.SURVEY, match, part, at, "2 of 2 asked")
            # Over a weekend both parts fall due; the second one waits for the first.
            two_days = story.session.programme.add_working_days(match.closed_at, 2)
            free_at = two_days if part == _PARTS[-1] else at
            for side in match.sides:
                yield _part(row, side, occasion, free_at)


def _part(row: Mapping[str, Any], side: MatchSide, occasion: Occasion, free_at: datetime) -> Asked:
    part = occasion.round
    flow = f"survey_{side.role}_{part}"
    said = row[f"{side.role}_said"]
    here = {question: value for question, value in said.items() if FLOWS[flow].ask(question)}
    return Asked(
        occasion=occasion,
        person=side.person,
        flow=flow,
        number=0,
        free_at=free_at,
        said=here,
        acted=row.get(f"{side.role}_acted", "") if part == _PARTS[-1] else "",
    )

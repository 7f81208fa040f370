"""What the fictional programme has set out to do, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.seed_story import Story
from mentoring.goals import GoalSaid, finish_goal, set_goal
from mentoring.models import GoalOutcome, Staff


def set_goals(story: Story, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set each goal as of its day, and say what came of those whose day is over."""
    session, actor = story.session, f"staff:{story.coordinator}"
    owner = session.scalar(select(Staff).where(Staff.name == story.coordinator))
    for row in rows:
        at = story.ago(row["set"])
        ends = at + timedelta(days=row["days"])
        said = GoalSaid(row["words"], row["target"], row.get("measure"), owner, ends.date())
        goal = set_goal(session, said, actor=actor, now=at)
        if "result" in row:
            outcome = GoalOutcome(row["outcome"])
            finish_goal(session, goal, outcome, row["result"], actor=actor, now=ends)

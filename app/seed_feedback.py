"""What people of the fictional programme asked to change, and words of theirs that may be shown."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.seed_story import Story
from mentoring.feedback import QUESTION, finish_feedback, write_feedback
from mentoring.models import Answer, HeardIn, How, Staff
from mentoring.quotes import write_quote

_Rows = Sequence[Mapping[str, Any]]


def write_all_feedback(story: Story, rows: _Rows) -> None:
    """Write down each feedback as of its day, and finish what is done by now."""
    session, actor = story.session, f"staff:{story.coordinator}"
    owner = session.scalar(select(Staff).where(Staff.name == story.coordinator))
    for row in rows:
        person, at = story.people[row["person"]], story.ago(row["written"])
        answer = session.scalar(
            select(Answer).where(Answer.person_id == person.id, Answer.question == QUESTION)
        )
        kept = write_feedback(
            session,
            words=row.get("words", ""),
            heard_in=HeardIn(row["heard_in"]),
            action=row["action"],
            due_on=(at + timedelta(days=row["days"])).date(),
            owner=owner,
            person=person,
            answer=answer if row["heard_in"] == HeardIn.SURVEY else None,
            actor=actor,
            now=at,
        )
        if "changed" in row:
            finish_feedback(session, kept, row["changed"], actor=actor, now=story.ago(row["done"]))


def write_quotes(story: Story, rows: _Rows) -> None:
    """Write down each quote as of the day on which its owner said yes."""
    for row in rows:
        at = story.ago(row["permitted"])
        write_quote(
            story.session,
            story.people[row["person"]],
            row["words"],
            named_as="",
            permitted_on=at.date(),
            how=How(row["how"]),
            actor=f"staff:{story.coordinator}",
            reason=row["reason"],
            now=at,
        )

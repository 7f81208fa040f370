"""The annual report: goals against results, with the figure that tells, and a draft to read aloud.

Goals are of the whole programme, so they stand only in a report about everybody.
"""

from collections.abc import Iterator, Sequence

from mentoring.annual import as_sentence
from mentoring.db import Session
from mentoring.goals import goals_of
from mentoring.models import Goal
from mentoring.reports.catalog import MEASURES
from mentoring.reports.periods import Period
from mentoring.reports.told import changes_in
from mentoring.reports.words import Row, figure_row, value_words
from mentoring.reports.work import Report

NOTHING_YET = "Nothing is written down yet of what came of it."


def goals_in(session: Session, period: Period, community: str) -> Sequence[Goal]:
    """Return the goals whose day is in the period of a report, none for one community."""
    return () if community else goals_of(session, period)


def figure_beside(goal: Goal, report: Report) -> str | None:
    """Return the figure that tells about a goal, in words; None where none does or is known."""
    measure = MEASURES.get(goal.measure or "")
    summary = report.summary(measure.key) if measure is not None else None
    if measure is None or summary is None:
        return None
    return value_words(measure, summary.total)


def owner_of(goal: Goal) -> str:
    """Return who answers for a goal, in words."""
    return goal.owner.name if goal.owner else "nobody yet"


def goal_rows(session: Session, report: Report, period: Period, community: str) -> Iterator[Row]:
    """Return the goals as rows of a file, under the COLUMNS of the figures."""
    for goal in goals_in(session, period, community):
        outcome = goal.outcome.value if goal.outcome else "open"
        note = (
            f"{outcome}. Target: {goal.target}. Who answers: {owner_of(goal)}."
            f" {goal.result or NOTHING_YET}"
        )
        measure = MEASURES.get(goal.measure or "")
        summary = report.summary(measure.key) if measure is not None else None
        told = figure_row(measure, summary.total)[4:13] if measure and summary else (None,) * 9
        yield ("Goal", goal.words, "until", goal.due_on.isoformat(), *told, note)


def draft_of(session: Session, period: Period) -> str:
    """Return a message to read aloud, in English, for staff to make their own.

    It holds what is written for people outside alone: the purpose, the goals, what was changed.
    """
    programme = session.programme
    first, last = period.since, period.last_day
    years = str(last.year) if first.year == last.year else f"{first.year} to {last.year}"
    parts = [f"This is what {programme.org_name} did in {years}.", programme.purpose]
    parts += [_told(goal) for goal in goals_of(session, period)]
    changes = changes_in(session, period, "")
    if changes:
        parts.append("You asked us to change things, and we did.")
        parts += [as_sentence(each.words) for each in changes]
    return "\n\n".join(part for part in parts if part)


def _told(goal: Goal) -> str:
    return (
        f"A goal: {as_sentence(goal.words)} Our target: {as_sentence(goal.target)}"
        f" {as_sentence(goal.result or NOTHING_YET)}"
    )

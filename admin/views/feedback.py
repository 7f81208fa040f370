"""Feedback: what we were asked to change, what staff do about it, and what has changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin.forms import sent
from admin.labels import in_words, options, who_did
from admin.lists import Above, Cell, Column, Filter, Link, Listing, Tag, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import people_by_id, person_link
from admin.reasons import ReasonForm, ask_why, reason_in
from admin.rendering import render
from mentoring.audit import write_look
from mentoring.feedback import waiting_answers, words_of
from mentoring.models import Feedback, HeardIn, Person, Staff, StaffTask

_LEAD = (
    "What somebody asked us to change, and what we do about it. What is done stands in the report"
    " to funders."
)
_FILTERS = (
    Filter("show", "Show", [("done", "done"), ("all", "open and done")], unasked="open"),
    Filter("heard", "Heard in", options(HeardIn)),
)


def add_to(pages: Pages) -> None:
    """Add the pages on which feedback is read."""
    pages.get("/feedback", Permission.SEE, list_feedback)
    pages.get("/feedback/<int:number>", Permission.SEE, show_feedback)
    pages.get("/feedback/<int:number>/words", Permission.REVEAL, read_feedback)
    pages.post("/feedback/<int:number>/words", Permission.REVEAL, read_feedback)


def list_feedback(visit: Visit) -> ResponseReturnValue:
    """List the feedback in scope: what is to be done, unless something else is asked for."""
    shown, heard = (each.value() for each in _FILTERS)
    chosen = (
        select(Feedback)
        .join(StaffTask, StaffTask.id == Feedback.task_id)
        .options(joinedload(Feedback.task), joinedload(Feedback.person))
        .where(visit.scope.feedback())
    )
    if shown != "all":
        is_open = Feedback.done_at.is_(None)
        chosen = chosen.where(~is_open if shown == "done" else is_open)
    if heard:
        chosen = chosen.where(Feedback.heard_in == heard)
    may_write = visit.may(Permission.WORK)
    return show(
        visit,
        Listing(
            title="Feedback",
            lead=_LEAD,
            links=(Link("Write down feedback", url_for("desk.new_feedback")),) if may_write else (),
            above=_waiting(visit),
            statement=chosen,
            order=(StaffTask.due_at, Feedback.id),
            tie=Feedback.id,
            filters=_FILTERS,
            empty="Nothing is to be changed now. What is done is found under Show.",
            rows_of=lambda found: [row[0] for row in found],
            columns=(
                Column("What is done", _link, Feedback.action),
                Column("Asked by", lambda row: _asker(row.person)),
                Column("Heard in", lambda row: row.heard_in.value, Feedback.heard_in),
                Column("Due", lambda row: _due(visit, row), StaffTask.due_at),
                Column("Done", lambda row: _done(visit, row), Feedback.done_at),
                Column("What has changed", lambda row: row.changed),
            ),
        ),
    )


def _link(feedback: Feedback) -> Link:
    return Link(feedback.action, url_for("desk.show_feedback", number=feedback.id))


def _asker(person: Person | None) -> Cell:
    return person_link(person) if person is not None else None


def _due(visit: Visit, feedback: Feedback) -> date:
    return feedback.task.due_at.astimezone(visit.zone).date()


def _done(visit: Visit, feedback: Feedback) -> Cell:
    if feedback.done_at is not None:
        return feedback.done_at.astimezone(visit.zone).date()
    return Tag("overdue", "high") if feedback.task.due_at < visit.now else Tag("open")


def _waiting(visit: Visit) -> Above | None:
    """Return who told us what to change and has no answer yet, each with the way to read it."""
    answers = waiting_answers(visit.session, visit.scope.people())
    people = people_by_id(visit, [each.person_id for each in answers])
    rows = [
        (
            person_link(people[each.person_id]),
            When(each.at, people[each.person_id].zone),
            _step(visit, people[each.person_id], each.id),
        )
        for each in answers
    ]
    title = "Told us what to change, nobody has answered yet"
    titles = ("Who", "When", "Next step")
    return Above(title, titles, rows, then="What is done about the rest") if rows else None


def _step(visit: Visit, person: Person, answer_id: int) -> Cell:
    if not visit.may(Permission.WORK):
        return None
    address = url_for("desk.new_feedback", answer=answer_id)
    return Link("Decide what to do", address, told=f"Decide what to do for {person.code}")


def feedback_of(visit: Visit, number: int) -> Feedback:
    """Return feedback in scope by its number; a page that is not there otherwise."""
    found = visit.session.scalar(
        select(Feedback)
        .where(Feedback.id == number, visit.scope.feedback())
        .options(joinedload(Feedback.task), joinedload(Feedback.person))
    )
    return found if found is not None else abort(404)


def show_feedback(visit: Visit, number: int) -> ResponseReturnValue:
    """Show what is done about one feedback, and what can be done with it."""
    feedback = feedback_of(visit, number)
    return render(
        "feedback.html",
        visit,
        feedback=feedback,
        facts=_facts(visit, feedback),
        has_words=feedback.answer_id is not None or feedback.words_sealed is not None,
    )


def _facts(visit: Visit, feedback: Feedback) -> Sequence[tuple[str, Cell]]:
    owner = visit.session.get(Staff, feedback.task.owner_id) if feedback.task.owner_id else None
    zone = feedback.person.zone if feedback.person else None
    return [
        ("Asked by", _asker(feedback.person) or "nobody in particular"),
        ("Heard in", in_words(feedback.heard_in)),
        ("Who does it", owner.name if owner else "nobody yet"),
        ("Due", _due(visit, feedback)),
        ("Done", _done(visit, feedback)),
        ("What has changed", feedback.changed),
        ("Written down", When(feedback.written_at, zone)),
        ("By", who_did(feedback.written_by)),
    ]


def read_feedback(visit: Visit, number: int) -> ResponseReturnValue:
    """Ask why, then show what we were asked to change; the look is kept (S11).

    What was an answer is read where all answers of that person are.
    """
    feedback, form = feedback_of(visit, number), sent(ReasonForm)
    person = feedback.person
    if feedback.answer_id is not None and person is not None:
        return redirect(url_for("desk.read_answers", code=person.code), 303)
    back = url_for("desk.show_feedback", number=number)
    title = f"Read what we were asked to change, feedback {number}"
    asked = ask_why(visit, form, title=title, button="Read it", back=back)
    if asked is not None:
        return asked
    write_look(
        visit.session,
        person,
        f"read feedback {number}" if person else "read feedback",
        otherwise=("feedback", str(number)),
        actor=visit.actor,
        reason=reason_in(form),
        now=visit.now,
    )
    words = words_of(visit.session, feedback)
    facts: list[tuple[str, Any]] = [("Asked by", _asker(person))]
    return render(
        "text.html",
        visit,
        title=f"What we were asked to change, feedback {number}",
        facts=facts,
        parts_said=[words] if words else [],
        back=back,
        back_words="Back to the feedback",
        writer=person,
    )

"""Goals of the programme: set with a target, an owner and a day, changed, and answered for."""

from collections.abc import Sequence
from typing import cast

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import Form, SelectField, StringField

from admin.forms import (
    OneOf,
    Said,
    ShortEnough,
    attempt,
    choices,
    lock,
    refuse_stale,
    seen_as,
    sent,
)
from admin.labels import options, who_did
from admin.lists import Cell, Column, Filter, Link, Listing, Tag, When, show
from admin.office import Visit
from admin.one_form import show_form
from admin.owners import chosen_owner, offer_owners
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import refuse_part
from admin.rendering import render
from admin.views.application_forms import DayField
from mentoring.goals import GoalSaid, change_goal, finish_goal, set_goal
from mentoring.models import Goal, GoalOutcome
from mentoring.reports.annual import owner_of
from mentoring.reports.catalog import MEASURES

_LEAD = (
    "What the programme has set out to do, who answers for it and until when. They stand in the"
    " annual report, with what came of them."
)
_OF_ALL = "Goals are of the whole programme"
_SHOW = Filter("show", "Show", [("done", "over"), ("all", "open and over")], unasked="open")
_FIGURES = {key: f"{each.indicator}: {each.title}" for key, each in MEASURES.items()}


class GoalForm(Form):
    """One goal."""

    words = StringField(
        "What do we want to reach?",
        [Said("Say what we want to reach."), ShortEnough(120)],
        description="One sentence for people outside, without names and numbers of phones.",
    )
    target = StringField(
        "By what do we see that it is reached?",
        [Said("Say by what we see it."), ShortEnough(60)],
        description="Such as: 40 matches, or 8 of 10.",
    )
    measure = SelectField(
        "Which figure of the reports tells?",
        [OneOf(["", None, *_FIGURES], "Choose a figure, or none.")],
        choices=choices(_FIGURES.items(), first="none of them"),
        validate_choice=False,
    )
    owner = SelectField("Who answers for it?", validate_choice=False)
    due_on = DayField(
        "Until when?", [Said("Enter the day until which.")], description="Such as 2026-12-31."
    )


class ResultForm(Form):
    """What came of a goal."""

    outcome = SelectField(
        "Is it reached?",
        [OneOf([each.value for each in GoalOutcome], "Choose whether it is reached.")],
        choices=choices(options(GoalOutcome), first="choose"),
        validate_choice=False,
    )
    result = StringField(
        "What came of it?",
        [Said("Say what came of it."), ShortEnough(160)],
        description="One sentence for people outside, such as: 44 matches began.",
    )


def add_to(pages: Pages) -> None:
    """Add the pages about goals."""
    pages.get("/goals", Permission.SEE, list_goals)
    pages.get("/goals/<int:number>", Permission.SEE, show_goal)
    for address, needed, view in (
        ("/goals/new", Permission.GOALS, new_goal),
        ("/goals/<int:number>/edit", Permission.GOALS, edit_goal),
        # Whoever answers for a goal says what came of it, whatever else they may do.
        ("/goals/<int:number>/result", Permission.WORK, end_goal),
    ):
        pages.get(address, needed, view)
        pages.post(address, needed, view)


def list_goals(visit: Visit) -> ResponseReturnValue:
    """List the goals: those that are open, unless others are asked for."""
    chosen = select(Goal).options(joinedload(Goal.owner))
    shown = _SHOW.value()
    if shown != "all":
        is_open = Goal.done_at.is_(None)
        chosen = chosen.where(~is_open if shown == "done" else is_open)
    may_set = _may_set(visit)
    return show(
        visit,
        Listing(
            title="Goals",
            lead=_LEAD,
            links=(Link("Set a goal", url_for("desk.new_goal")),) if may_set else (),
            statement=chosen,
            order=(Goal.due_on, Goal.id),
            tie=Goal.id,
            filters=(_SHOW,),
            empty="No goal is open. Set one; those that are over are found under Show.",
            rows_of=lambda found: [row[0] for row in found],
            columns=(
                Column("Goal", _link, Goal.words),
                Column("Target", lambda row: row.target),
                Column("Who answers", owner_of),
                Column("Until", lambda row: row.due_on, Goal.due_on),
                Column("State", lambda row: _state(visit, row)),
                Column("What came of it", lambda row: row.result),
            ),
        ),
    )


def _may_set(visit: Visit) -> bool:
    """Tell whether somebody may set goals, which are of the whole programme."""
    return visit.may(Permission.GOALS) and visit.scope.communities is None


def _may_end(visit: Visit, goal: Goal) -> bool:
    """Tell whether somebody may say what came of a goal: whoever sees all, and its owner."""
    is_theirs = goal.owner_id is not None and goal.owner_id == visit.account.staff_id
    return visit.may(Permission.WORK) and (is_theirs or visit.scope.communities is None)


def _link(goal: Goal) -> Link:
    return Link(goal.words, url_for("desk.show_goal", number=goal.id))


def _state(visit: Visit, goal: Goal) -> Cell:
    if goal.outcome is not None:
        return goal.outcome.value
    is_over = goal.due_on < visit.now.astimezone(visit.zone).date()
    return Tag("its day is over", "high") if is_over else Tag("open")


def show_goal(visit: Visit, number: int) -> ResponseReturnValue:
    """Show one goal, and what can be done with it."""
    goal = _goal(visit, number)
    return render(
        "goal.html",
        visit,
        goal=goal,
        facts=_facts(visit, goal),
        may_set=_may_set(visit),
        may_end=_may_end(visit, goal),
    )


def _goal(visit: Visit, number: int) -> Goal:
    found = visit.session.scalar(
        select(Goal).where(Goal.id == number).options(joinedload(Goal.owner))
    )
    return found if found is not None else abort(404)


def _facts(visit: Visit, goal: Goal) -> Sequence[tuple[str, Cell]]:
    return [
        ("Target", goal.target),
        ("Figure", _FIGURES.get(goal.measure, goal.measure) if goal.measure else None),
        ("Who answers for it", owner_of(goal)),
        ("Until", goal.due_on),
        ("State", _state(visit, goal)),
        ("What came of it", goal.result),
        ("Set", When(goal.set_at)),
        ("By", who_did(goal.set_by)),
    ]


def new_goal(visit: Visit) -> ResponseReturnValue:
    """Set a goal."""
    refuse_part(visit, _OF_ALL)
    form = sent(GoalForm)
    offer_owners(visit, form)
    made: list[Goal] = []
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: made.append(_set(visit, form)))
    ):
        flash("The goal is set. It becomes a task when its day is over.", "done")
        return redirect(url_for("desk.show_goal", number=made[0].id), 303)
    return _asked(visit, form, title="Set a goal", words=_LEAD, button="Set it", goal=None)


def _set(visit: Visit, form: GoalForm) -> Goal:
    return set_goal(visit.session, _said(visit, form), actor=visit.actor, now=visit.now)


def _said(visit: Visit, form: GoalForm) -> GoalSaid:
    return GoalSaid(
        words=str(form.words.data),
        target=str(form.target.data),
        measure=str(form.measure.data or "") or None,
        owner=chosen_owner(visit, form),
        due_on=form["due_on"].data,
    )


def edit_goal(visit: Visit, number: int) -> ResponseReturnValue:
    """Change a goal that is not over."""
    refuse_part(visit, _OF_ALL)
    goal, form = _goal(visit, number), sent(GoalForm)
    offer_owners(visit, form)
    if request.method == "GET":
        form.process(obj=goal)
        form.owner.data = str(goal.owner_id or "")
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: _change(visit, goal, form))
    ):
        flash("The goal is changed.", "done")
        return redirect(url_for("desk.show_goal", number=number), 303)
    title, words = f"Change goal {number}", "What it said before is kept in the audit log."
    return _asked(visit, form, title=title, words=words, button="Keep it", goal=goal)


def _change(visit: Visit, goal: Goal, form: GoalForm) -> None:
    _see_as_it_is(visit, goal)
    change_goal(visit.session, goal, _said(visit, form), actor=visit.actor, now=visit.now)


def end_goal(visit: Visit, number: int) -> ResponseReturnValue:
    """Write down what came of a goal, or correct it."""
    goal, form = _goal(visit, number), sent(ResultForm)
    if not _may_end(visit, goal):
        refuse_part(visit, _OF_ALL)
    if request.method == "GET":
        form.outcome.data = goal.outcome.value if goal.outcome else ""
        form.result.data = goal.result
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: _finish(visit, goal, form))
    ):
        flash("It is written down, and stands in the annual report.", "done")
        return redirect(url_for("desk.show_goal", number=number), 303)
    return _asked(
        visit,
        form,
        title=f"What came of goal {number}",
        words=f"{goal.words} Target: {goal.target}.",
        button="Correct it" if goal.done_at else "Write it down",
        goal=goal,
    )


def _finish(visit: Visit, goal: Goal, form: ResultForm) -> None:
    _see_as_it_is(visit, goal)
    finish_goal(
        visit.session,
        goal,
        GoalOutcome(str(form.outcome.data)),
        str(form.result.data),
        actor=visit.actor,
        now=visit.now,
    )


_SHOWN = ("words", "target", "measure", "owner_id", "due_on", "outcome", "result")


def _see_as_it_is(visit: Visit, goal: Goal) -> None:
    lock(visit, goal, *_SHOWN, "done_at")
    refuse_stale(*_seen(goal))


def _seen(goal: Goal) -> tuple[object, ...]:
    return tuple(cast(object, getattr(goal, name)) for name in _SHOWN)


def _asked(
    visit: Visit, form: Form, *, title: str, words: str, button: str, goal: Goal | None
) -> ResponseReturnValue:
    back = url_for("desk.show_goal", number=goal.id) if goal else url_for("desk.list_goals")
    return show_form(
        visit,
        form,
        title=title,
        words=words,
        button=button,
        back=back,
        seen=seen_as(*_seen(goal)) if goal else "",
    )

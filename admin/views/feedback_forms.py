"""What staff fill in about feedback: what was asked, what is done about it, what has changed."""

from typing import NoReturn

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField

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
from admin.labels import in_words
from admin.office import Visit
from admin.one_form import show_form
from admin.owners import chosen_owner, offer_owners
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import people_by_id
from admin.rendering import render
from admin.views.application_forms import DayField
from admin.views.feedback import feedback_of
from mentoring.errors import ProgrammeError
from mentoring.feedback import (
    change_action,
    due_on,
    finish_feedback,
    waiting_answers,
    write_feedback,
)
from mentoring.models import Answer, Feedback, HeardIn, Person

# An answer to the survey is offered by itself.
_HEARD_IN = [each for each in HeardIn if each is not HeardIn.SURVEY]
_LONGEST_WORDS = 1000


class AskedForm(Form):
    """What we were asked to change, by whom and where."""

    heard_in = SelectField(
        "Where did you hear it?",
        [OneOf([each.value for each in _HEARD_IN], "Choose where you heard it.")],
        choices=choices(((each.value, in_words(each)) for each in _HEARD_IN), first="choose"),
        validate_choice=False,
    )
    person = StringField(
        "Code of whoever asked for it",
        [ShortEnough(20)],
        description="Such as P05. Empty if it came from nobody in the programme.",
    )
    words = TextAreaField(
        "What should we change, in their words?",
        [Said("Write down what we should change."), ShortEnough(_LONGEST_WORDS)],
        description="Kept closed: it is read with a reason.",
    )


class ActionForm(Form):
    """What is done about something that we were asked to change, by whom and by when."""

    action = StringField(
        "What do we do about it?",
        [Said("Say what we do about it."), ShortEnough(160)],
        description="Everybody of the staff reads it. Such as: call a mentor after two weeks.",
    )
    owner = SelectField("Who does it?", validate_choice=False)
    due_on = DayField(
        "Until when?", [Said("Enter the day until which.")], description="Such as 2026-03-31."
    )


class FeedbackForm(AskedForm, ActionForm):
    """What we were asked to change, and what is done about it, in the order of the page."""


class AnswerForm(ActionForm):
    """What is done about an answer to the survey; its words are kept there."""

    answer = HiddenField()


class DoneForm(Form):
    """What has changed."""

    changed = StringField(
        "What has changed?",
        [Said("Say what has changed."), ShortEnough()],
        description="One sentence for people outside, without names and numbers.",
    )


def add_to(pages: Pages) -> None:
    """Add the forms about feedback."""
    for address, view in (
        ("/feedback/new", new_feedback),
        ("/feedback/<int:number>/edit", edit_feedback),
        ("/feedback/<int:number>/done", end_feedback),
    ):
        pages.get(address, Permission.WORK, view)
        pages.post(address, Permission.WORK, view)


def new_feedback(visit: Visit) -> ResponseReturnValue:
    """Write down feedback: typed, or an answer to the survey that nobody has dealt with."""
    answer = _answer(visit)
    form = sent(FeedbackForm if answer is None else AnswerForm)
    person = None
    if answer is not None:
        form["answer"].data = str(answer.id)
        person = people_by_id(visit, [answer.person_id])[answer.person_id]
    offer_owners(visit, form)
    written: list[Feedback] = []
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: written.append(_write(visit, form, answer, person)))
    ):
        flash("It is written down, and stands among the tasks until it is done.", "done")
        return redirect(url_for("desk.show_feedback", number=written[0].id), 303)
    page = render("feedback_new.html", visit, form=form, person=person)
    return page, 422 if form.errors else 200


def _answer(visit: Visit) -> Answer | None:
    """Return the answer in scope that it is about, which waits, or None if it is about none."""
    asked = request.values.get("answer", "")
    if not asked:
        return None
    waiting = waiting_answers(visit.session, visit.scope.people())
    found = [each for each in waiting if str(each.id) == asked]
    return found[0] if found else _refuse_dealt_with(visit, asked)


def _refuse_dealt_with(visit: Visit, asked: str) -> NoReturn:
    """Say as which feedback an answer is written down; one that is not there has no page."""
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 10
    known = visit.session.scalar(
        select(Feedback).where(
            Feedback.answer_id == (int(asked) if is_number else 0), visit.scope.feedback()
        )
    )
    if known is None:
        abort(404)
    raise ProgrammeError(f"That is written down already, as feedback {known.id}.")


def _write(visit: Visit, form: Form, answer: Answer | None, person: Person | None) -> Feedback:
    typed = answer is None
    return write_feedback(
        visit.session,
        action=str(form["action"].data),
        due_on=form["due_on"].data,
        owner=chosen_owner(visit, form),
        actor=visit.actor,
        now=visit.now,
        words=str(form["words"].data) if typed else "",
        heard_in=HeardIn(str(form["heard_in"].data)) if typed else HeardIn.SURVEY,
        person=_of_code(visit, str(form["person"].data or "")) if typed else person,
        answer=answer,
    )


def _of_code(visit: Visit, typed: str) -> Person | None:
    code = typed.strip().upper()
    if not code:
        return None
    person = visit.session.scalar(select(Person).where(Person.code == code, visit.scope.people()))
    if person is None:
        raise ProgrammeError(
            f"There is nobody with the code {code}. The list of people shows them."
        )
    return person


def edit_feedback(visit: Visit, number: int) -> ResponseReturnValue:
    """Change what is done about feedback, by whom and by when."""
    feedback = feedback_of(visit, number)
    form = sent(ActionForm)
    offer_owners(visit, form)
    if request.method == "GET":
        form.action.data = feedback.action
        form.owner.data = str(feedback.task.owner_id or "")
        form.due_on.data = due_on(visit.session, feedback)
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: _change(visit, feedback, form))
    ):
        flash("It is changed.", "done")
        return redirect(url_for("desk.show_feedback", number=number), 303)
    return _asked(
        visit,
        feedback,
        form,
        title=f"Change what is done, feedback {number}",
        words="The task of staff changes with it.",
        button="Keep it",
    )


def _change(visit: Visit, feedback: Feedback, form: ActionForm) -> None:
    _see_as_it_is(visit, feedback)
    change_action(
        visit.session,
        feedback,
        action=str(form.action.data),
        due_on=form["due_on"].data,
        owner=chosen_owner(visit, form),
        actor=visit.actor,
        now=visit.now,
    )


def end_feedback(visit: Visit, number: int) -> ResponseReturnValue:
    """Write down what has changed, or correct the sentence about it."""
    feedback, form = feedback_of(visit, number), sent(DoneForm)
    if request.method == "GET":
        form.changed.data = feedback.changed
    is_done = feedback.done_at is not None
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: _finish(visit, feedback, form))
    ):
        flash("It is written down, and stands in the report to funders.", "done")
        return redirect(url_for("desk.show_feedback", number=number), 303)
    return _asked(
        visit,
        feedback,
        form,
        title=f"{'Correct' if is_done else 'Say'} what has changed, feedback {number}",
        words="Funders read this sentence in their report. Nobody can be found by it: write it"
        " without names, codes and numbers.",
        button="Correct it" if is_done else "It is done",
    )


def _finish(visit: Visit, feedback: Feedback, form: DoneForm) -> None:
    _see_as_it_is(visit, feedback)
    finish_feedback(
        visit.session, feedback, str(form.changed.data), actor=visit.actor, now=visit.now
    )


def _see_as_it_is(visit: Visit, feedback: Feedback) -> None:
    lock(visit, feedback, "action", "changed", "done_at")
    lock(visit, feedback.task, "owner_id", "due_at")
    refuse_stale(*_seen(feedback))


def _seen(feedback: Feedback) -> tuple[object, ...]:
    task = feedback.task
    return feedback.action, feedback.changed, feedback.done_at, task.owner_id, task.due_at


def _asked(
    visit: Visit, feedback: Feedback, form: Form, *, title: str, words: str, button: str
) -> ResponseReturnValue:
    return show_form(
        visit,
        form,
        title=title,
        words=words,
        button=button,
        back=url_for("desk.show_feedback", number=feedback.id),
        seen=seen_as(*_seen(feedback)),
    )

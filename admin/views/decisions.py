"""The decision about an application. One that ends it is asked again, for nothing takes it back."""

from flask import url_for
from flask.typing import ResponseReturnValue

from admin.forms import attempt, sent
from admin.labels import in_words
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.rendering import render
from admin.views.application_forms import DecisionForm
from admin.views.applications import done, shown
from mentoring.applications.screening import decide, refuse_decision
from mentoring.models import DecisionOutcome, DecisionReason, Person

_ENDS_WITH = {DecisionOutcome.REFERRED: "Refer", DecisionOutcome.DECLINED: "Decline"}
_TOLD = ("outcome", "because", "why")
_SURE = "yes"


def add_to(pages: Pages) -> None:
    """Add the address at which it is decided."""
    pages.post("/applications/<code>/decision", Permission.WORK, decide_one)


def decide_one(visit: Visit, code: str) -> ResponseReturnValue:
    """Decide, after asking once more before an end. No machine takes on or sends away anybody."""
    person, form = person_of(visit, code), sent(DecisionForm)
    if not form.validate() or not attempt(visit, form, lambda: _refuse(visit, person, form)):
        return shown(visit, person, form), 422
    if _outcome(form) in _ENDS_WITH and form.sure.data != _SURE:
        return _asked_again(visit, person, form)
    return done(visit, person, form, "It is decided.", lambda: _decide(visit, person, form))


def _outcome(form: DecisionForm) -> DecisionOutcome:
    return DecisionOutcome(form.outcome.data)


def _refuse(visit: Visit, person: Person, form: DecisionForm) -> None:
    refuse_decision(
        visit.session,
        person,
        outcome=_outcome(form),
        reason=DecisionReason(form.because.data),
        words=str(form.why.data or ""),
    )


def _asked_again(visit: Visit, person: Person, form: DecisionForm) -> ResponseReturnValue:
    verb = _ENDS_WITH[_outcome(form)]
    return render(
        "confirm.html",
        visit,
        title=f"{verb} {person.shown_name} ({person.code})",
        words=f"The reason is: {in_words(str(form.because.data))}. The application is over then,"
        " and this cannot be undone. Nobody is told by a machine: a task asks staff to tell them in"
        " person, kindly, and where to find help.",
        button=f"{verb} {person.code}",
        back=url_for("desk.show_application", code=person.code),
        kept=[*((name, form[name].data or "") for name in _TOLD), ("sure", _SURE)],
    )


def _decide(visit: Visit, person: Person, form: DecisionForm) -> None:
    decide(
        visit.session,
        person,
        outcome=_outcome(form),
        reason=DecisionReason(form.because.data),
        words=str(form.why.data or ""),
        actor=visit.actor,
        now=visit.now,
    )

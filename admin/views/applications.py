"""Applications: who is being screened or taught, what is missing, and what staff do about it."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from admin.forms import attempt, seen_as, sent
from admin.labels import in_words, state_of_person, who_did
from admin.lists import Cell, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import person_of
from admin.reasons import ReasonForm, ask_why, keep_look, reason_in
from admin.rendering import render
from admin.views.application_forms import (
    AnswerForm,
    CheckForm,
    DecisionForm,
    OfReference,
    ReferenceForm,
    TalkForm,
    TextReferenceForm,
    UntickForm,
    keep_told,
    take_tick_back,
    ticks_of,
    told_of,
)
from admin.views.application_list import list_applications, missing_words, step_cell
from admin.views.training import training_words, warning_of
from mentoring.applications.checklist import File, file_of
from mentoring.applications.orientation import lesson_results
from mentoring.applications.reference_texts import text_reference
from mentoring.applications.screening import (
    APPLYING,
    add_reference,
    override_checks,
    reference_answered,
    reference_asked,
    tick,
)
from mentoring.applications.steps import next_steps
from mentoring.models import (
    Decision,
    DecisionOutcome,
    How,
    Person,
    PersonState,
    Reference,
    Role,
    ScreeningCheck,
    Verdict,
)
from mentoring.phone import written


def add_to(pages: Pages) -> None:
    """Add the pages about applications."""
    pages.get("/applications", Permission.SEE, list_applications)
    pages.get("/applications/<code>", Permission.SEE, show_application)
    pages.get("/applications/<code>/words", Permission.REVEAL, read_file)
    pages.post("/applications/<code>/words", Permission.REVEAL, read_file)
    for address, needs, view in (
        ("check", Permission.WORK, tick_one),
        ("uncheck", Permission.WORK, untick_one),
        ("talk", Permission.WORK, keep_talk),
        ("references", Permission.WORK, add_one_reference),
        ("references/<int:number>/asked", Permission.WORK, ask_reference),
        ("references/<int:number>/text", Permission.WORK, text_one_reference),
        ("references/<int:number>", Permission.WORK, answer_reference),
        ("override", Permission.OVERRIDE, override_one),
    ):
        pages.post(f"/applications/<code>/{address}", needs, view)


def show_application(visit: Visit, code: str) -> ResponseReturnValue:
    """Show one application: the checklist, references, lessons, and what was decided."""
    return shown(visit, person_of(visit, code))


def tick_one(visit: Visit, code: str) -> ResponseReturnValue:
    """Tick something on the checklist."""
    person, form = person_of(visit, code), sent(CheckForm)
    return done(
        visit,
        person,
        form,
        "It is on file.",
        lambda: tick(
            visit.session,
            person,
            str(form.item.data),
            held_on=form.held_on.data,
            how=How(form.how.data),
            minutes=form.length,
            words=str(form.notes.data or ""),
            actor=visit.actor,
            now=visit.now,
        ),
    )


def untick_one(visit: Visit, code: str) -> ResponseReturnValue:
    """Take back a tick that was a slip."""
    person, form = person_of(visit, code), sent(UntickForm)
    return done(
        visit,
        person,
        form,
        "The tick is taken back.",
        lambda: take_tick_back(visit, person, str(form.item.data), reason=reason_in(form)),
    )


def keep_talk(visit: Visit, code: str) -> ResponseReturnValue:
    """Keep what somebody told in the talk."""
    person, form = person_of(visit, code), sent(TalkForm)
    told = {field.name: str(field.data) for field in form if field.data}
    return done(
        visit,
        person,
        form,
        "It is kept.",
        lambda: keep_told(visit, person, told),
    )


def add_one_reference(visit: Visit, code: str) -> ResponseReturnValue:
    """Write down somebody who knows a mentor."""
    person, form = person_of(visit, code), sent(ReferenceForm)
    return done(
        visit,
        person,
        form,
        "The reference is written down.",
        lambda: add_reference(
            visit.session,
            person,
            name=str(form.name.data),
            number=str(form.number.data),
            agreed=str(form.agreed.data),
            actor=visit.actor,
            now=visit.now,
        ),
    )


def ask_reference(visit: Visit, code: str, number: int) -> ResponseReturnValue:
    """Write down that a reference was called."""
    person = person_of(visit, code)
    reference_asked(visit.session, person, number, actor=visit.actor, now=visit.now)
    flash("It is on file that they were asked.", "done")
    return redirect(url_for("desk.show_application", code=person.code), 303)


def text_one_reference(visit: Visit, code: str, number: int) -> ResponseReturnValue:
    """Ask somebody who knows a mentor by text, because they agreed to that."""
    person, form = person_of(visit, code), TextReferenceForm(request.form, number=number)
    return done(
        visit,
        person,
        form,
        "They are asked by text, by day where they live. The answer comes here by itself.",
        lambda: text_reference(
            visit.session,
            person,
            number,
            told=str(form.told_by.data),
            zone=str(form.zone.data),
            actor=visit.actor,
            now=visit.now,
        ),
    )


def answer_reference(visit: Visit, code: str, number: int) -> ResponseReturnValue:
    """Write down what a reference told."""
    person, form = person_of(visit, code), AnswerForm(request.form, number=number)
    return done(
        visit,
        person,
        form,
        "The answer is on file.",
        lambda: reference_answered(
            visit.session,
            person,
            number,
            verdict=Verdict(form.verdict.data),
            words=str(form.told.data or ""),
            actor=visit.actor,
            now=visit.now,
        ),
    )


def override_one(visit: Visit, code: str) -> ResponseReturnValue:
    """Say, as one of two admins, that the checks may be passed over."""
    person, form = person_of(visit, code), sent(ReasonForm)
    return done(
        visit,
        person,
        form,
        "It is kept. The checks are passed over when two admins have said so.",
        lambda: override_checks(
            visit.session,
            person,
            reason=reason_in(form),
            actor=visit.actor,
            now=visit.now,
        ),
    )


def done(
    visit: Visit, person: Person, form: Form, said: str, work: Callable[[], object]
) -> ResponseReturnValue:
    """Do what a form asks for; refused, the page says why beside that form."""
    if form.validate() and attempt(visit, form, work):
        flash(f"{said}{_warning(visit, person)}", "done")
        return redirect(url_for("desk.show_application", code=person.code), 303)
    return shown(visit, person, form), 422


def _warning(visit: Visit, person: Person) -> str:
    """Return the warning for whoever has just let a mentor go on with too little training."""
    goes_on = person.state in (PersonState.ORIENTATION, PersonState.AVAILABLE)
    return warning_of(visit, person) if goes_on else ""


def read_file(visit: Visit, code: str) -> ResponseReturnValue:
    """Ask why, then show names, numbers and notes; the look is kept (S11)."""
    person, form = person_of(visit, code), sent(ReasonForm)
    back = url_for("desk.show_application", code=person.code)
    asked = ask_why(visit, form, title=f"Read the file of {person.shown_name}", back=back)
    if asked is not None:
        return asked
    keep_look(visit, "read application", reason_in(form), entity_id=person.code)
    return shown(visit, person, opened=True)


_FORMS = {
    "check": CheckForm,
    "untick": UntickForm,
    "talk": TalkForm,
    "reference": ReferenceForm,
    "decision": DecisionForm,
    "override": ReasonForm,
}


def shown(visit: Visit, person: Person, form: Form | None = None, *, opened: bool = False) -> str:
    """Return the page of an application, with what was wrong in a form of it."""
    file = file_of(visit.session, person)
    if person.state not in APPLYING and file.decision is None and not file.checks:
        abort(404)
    forms = {name: form if type(form) is kind else kind() for name, kind in _FORMS.items()}
    if forms["talk"] is not form:
        forms["talk"] = TalkForm(data=person.profile)
    return render(
        "application.html",
        visit,
        person=person,
        form=form or forms["check"],
        forms=forms,
        opened=opened,
        seen_talk=seen_as(told_of(person)),
        seen_ticks=seen_as(ticks_of(file)),
        decision_words=_decision_words(visit, file.decision) if opened else None,
        is_open=person.state in APPLYING,
        is_decided=person.state is not PersonState.SCREENING,
        file=file,
        facts=_facts(visit, file),
        left=[(item, in_words(item)) for item in file.items if item not in file.checks],
        ticked=[(item, in_words(item)) for item in file.items if item in file.checks],
        checks=[_check_row(visit, each, opened) for each in file.checks.values()],
        references=[_reference_row(visit, person, each, opened) for each in file.references],
        unanswered=[
            (
                each,
                _of_reference(TextReferenceForm, each, form),
                _of_reference(AnswerForm, each, form),
            )
            for each in file.references
            if each.answered_at is None
        ],
        lessons=[
            (
                f"{each.lesson.key}: {each.lesson.topic}",
                ("right" if each.is_right else "to be talked over") if each.answer else "open",
                each.tries,
                each.answer.wording if each.answer else None,
                each.answer.channel.value if each.answer else None,
                When(each.answer.at, person.zone) if each.answer else None,
            )
            for each in lesson_results(visit.session, person)
        ],
    )


def _of_reference(kind: type[OfReference], reference: Reference, given: Form | None) -> OfReference:
    """Return a form about one reference: the one that was sent about them, else an empty one."""
    if isinstance(given, kind) and given.number == reference.id:
        return given
    return kind(number=reference.id)


def _facts(visit: Visit, file: File) -> list[tuple[str, Cell]]:
    person, decision = file.person, file.decision
    step = next_steps(visit.session, [person]).get(person.id)
    return [
        ("Role", person.role.value),
        ("State", state_of_person(person)),
        ("Since", When(person.state_since, person.zone)),
        ("Training", training_words(visit, person) if person.role is Role.MENTOR else None),
        ("Missing", missing_words(file) if person.state in APPLYING else None),
        ("Next step", step_cell(step) if person.state in APPLYING else None),
        ("Due", When(step.at, person.zone) if step else None),
        ("Decided", in_words(decision.outcome.value) if decision else None),
        ("Why", in_words(decision.reason.value) if decision else None),
        ("By", who_did(decision.actor) if decision else None),
        ("On", When(decision.at, person.zone) if decision else None),
        ("Checks passed over by", ", ".join(sorted(map(who_did, file.overrides))) or None),
    ]


def _opened(visit: Visit, row: ScreeningCheck | Reference | Decision, column: str) -> str | None:
    sealed = getattr(row, column)
    return visit.session.vault.open(sealed, place=row.place(column)) if sealed else None


def _decision_words(visit: Visit, decision: Decision | None) -> str | None:
    """Return why it was decided so; why somebody was declined is for admins alone."""
    if decision is None:
        return None
    is_private = decision.outcome is DecisionOutcome.DECLINED
    if is_private and not visit.may(Permission.OVERRIDE):
        return None
    return _opened(visit, decision, "words_sealed")


def _check_row(visit: Visit, check: ScreeningCheck, opened: bool) -> tuple[Cell, ...]:
    return (
        in_words(check.item),
        check.held_on,
        in_words(check.how.value),
        check.minutes,
        who_did(check.actor),
        _closed_or(visit, check, "words_sealed", opened),
    )


def _reference_row(
    visit: Visit, person: Person, reference: Reference, opened: bool
) -> tuple[Cell, ...]:
    number = _opened(visit, reference, "number_sealed") if opened else None
    return (
        reference.id,
        _closed_or(visit, reference, "name_sealed", opened),
        written(number) if number else None,
        reference.agreed,
        When(reference.asked_at, person.zone) if reference.asked_at else None,
        When(reference.texted_at, person.zone) if reference.texted_at else None,
        When(reference.answered_at, person.zone) if reference.answered_at else None,
        reference.verdict.value if reference.verdict else None,
        _closed_or(visit, reference, "words_sealed", opened),
    )


def _closed_or(
    visit: Visit, row: ScreeningCheck | Reference, column: str, opened: bool
) -> str | None:
    if getattr(row, column) is None:
        return None
    return _opened(visit, row, column) if opened else "closed"

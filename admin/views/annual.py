"""The annual message: what callers hear about the last year when they ask what we do."""

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from admin.forms import attempt, sent
from admin.labels import language_name
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import refuse_part
from admin.rendering import render
from admin.views.reports import days_words, run_of
from admin.views.setup import edition_shown, follows
from mentoring.annual import fault_of_spoken, fault_of_texted
from mentoring.errors import ProgrammeError
from mentoring.flows.catalog import FALLBACK
from mentoring.models import ReportRun
from mentoring.programme_editions import change_programme
from mentoring.publishing import for_outsiders
from mentoring.reports.annual import draft_of
from mentoring.reports.periods import Period

_PUBLISHED = "It is published. It counts from the next call or text on."
_TAKEN_BACK = "It is taken back. Nobody hears or reads it from now on."
_ROWS = {"spoken": 12, "texted": 4}


class MessageForm(Form):
    """The message in each language of the programme: spoken, and texted."""

    def filled_in(self, language: str) -> list[str]:
        """Return both forms of a language as they were typed."""
        return [str(self[f"{language}_{form}"].data or "").strip() for form in _ROWS]


class _Fits:
    """Refuses a form that is too long, and one whose other form is empty."""

    def __init__(self, language: str, form: str) -> None:
        self._other = f"{language}_{'texted' if form == 'spoken' else 'spoken'}"
        of_texted = partial(fault_of_texted, language=language)
        self._fault = fault_of_spoken if form == "spoken" else of_texted

    def __call__(self, form: Form, field: Field) -> None:
        typed = str(field.data or "").strip()
        if not typed and str(form[self._other].data or "").strip():
            raise ValidationError("Fill in both forms of a language, or neither.")
        fault = self._fault(typed) if typed else None
        if fault is not None:
            raise ValidationError(fault)


def add_to(pages: Pages) -> None:
    """Add the page of the message."""
    pages.get("/reports/<int:number>/message", Permission.GOALS, edit_message)
    pages.post("/reports/<int:number>/message", Permission.GOALS, edit_message)


def _form_for(languages: tuple[str, ...]) -> type[MessageForm]:
    fields = {}
    for language in languages:
        name = language_name(language)
        for form, label, hint in (
            (
                "spoken",
                "read aloud",
                "3 minutes at most: 450 words. Short sentences are heard best.",
            ),
            ("texted", "as a text", "The same in short: up to 3 texts of 150 characters each."),
        ):
            fields[f"{language}_{form}"] = TextAreaField(
                f"{name}, {label}",
                [_Fits(language, form)],
                description=hint,
                render_kw={"rows": _ROWS[form]},
            )
    return type("LanguagesForm", (MessageForm,), fields)


def edit_message(visit: Visit, number: int) -> ResponseReturnValue:
    """Write the message of a year, and let callers hear it; emptied, nobody hears one."""
    run = run_of(visit, number)
    refuse_part(visit, "The message is of the whole programme")
    languages = visit.session.programme.languages
    form = sent(_form_for(languages))
    if request.method == "GET":
        _show_known(visit, run, form)
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: _publish(visit, form))
    ):
        is_heard = any(form.filled_in(language)[0] for language in languages)
        flash(_PUBLISHED if is_heard else _TAKEN_BACK, "done")
        return redirect(_back(run), 303)
    page = render(
        "annual_message.html",
        visit,
        form=form,
        back=_back(run),
        days=days_words(Period(run.since, run.until)),
        follows=edition_shown(visit),
    )
    return page, 422 if form.errors else 200


def _back(run: ReportRun) -> str:
    """Return where the message is told of: beside the goals, once the report is worked out."""
    if run.figures is None:
        return url_for("desk.show_report", number=run.id)
    return url_for("desk.show_set", number=run.id, kind="annual")


def _show_known(visit: Visit, run: ReportRun, form: MessageForm) -> None:
    """Fill in what callers hear now, or a draft where they hear nothing yet."""
    known = visit.session.programme.annual
    for language in visit.session.programme.languages:
        if language in known:
            form[f"{language}_spoken"].data = known[language].spoken
            form[f"{language}_texted"].data = known[language].texted
    if FALLBACK not in known and not run.community:
        period = Period(run.since, run.until)
        form[f"{FALLBACK}_spoken"].data = draft_of(visit.session, period)


def _publish(visit: Visit, form: MessageForm) -> None:
    said = {}
    for language in visit.session.programme.languages:
        spoken, texted = form.filled_in(language)
        if spoken:
            # A number may be broken over two lines, so all of it is looked at as one.
            for_outsiders(visit.session, spoken)
            lines = [" ".join(each.split()) for each in spoken.splitlines()]
            said[language] = ["\n".join(lines), for_outsiders(visit.session, texted)]
    changed = change_programme(
        visit.session,
        {"annual": said},
        follows=follows(),
        what="the annual message",
        actor=visit.actor,
        now=visit.now,
    )
    if not changed:
        raise ProgrammeError("Callers hear just that already, so nothing was to be changed.")

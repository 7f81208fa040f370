"""Writing a prompt: checked while it is written, and kept as a draft."""

from collections.abc import Sequence
from typing import Any, cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.widgets import HiddenInput

from admin.forms import Said, ShortEnough, attempt, sent
from admin.labels import language_name
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.views.wording import (
    community_name,
    place_of,
)
from mentoring.editions.changes import (
    SHIPPED,
    Place,
    editions_of,
    forms_at,
    refuse_fixed,
    save_draft,
    version_of,
)
from mentoring.editions.current import forms_of_row, live_wordings
from mentoring.editions.forms import NAMES, Forms, forms_of
from mentoring.editions.preview import Preview, preview_of
from mentoring.editions.rules import (
    LABEL,
    LONGEST_FORM,
    REGISTERED,
    Fault,
    faults_of,
    misfits_of,
    name_of,
    shipped_of,
)
from mentoring.flows.catalog import FALLBACK, Catalog
from mentoring.models import EditionState


class EditForm(Form):
    """What every edit has besides the sentences themselves; `seen` is the newest version known."""

    seen = IntegerField(widget=HiddenInput(), default=SHIPPED)
    # Made with the sentences, after which it is asked.
    note: StringField


def add_to(pages: Pages) -> None:
    """Add the pages on which wording is written."""
    at = "/wording/<prompt>/<language>"
    pages.get(f"{at}/edit", Permission.WORDING, edit_wording)
    pages.post(f"{at}/edit", Permission.WORDING, edit_wording)
    pages.post(f"{at}/check", Permission.WORDING, check_wording)


def edit_wording(visit: Visit, prompt: str, language: str) -> ResponseReturnValue:
    """Show what is said now or was drafted; check it, or keep it as a draft."""
    place = place_of(visit, prompt, language, to_change=True)
    refuse_fixed(prompt)
    kind = form_kind(place)
    if request.method == "GET":
        return _editor(visit, place, kind(data=_start(visit, place)))
    form = sent(kind)
    faults = faults_in(place, words_in(place, form))
    if request.form.get("do") == "check":
        return _editor(visit, place, form, faults=faults)
    is_complete = form.validate()
    _tell(form, faults)
    if not is_complete or faults or not attempt(visit, form, lambda: _save(visit, place, form)):
        return _editor(visit, place, form), 422
    version = version_of(editions_of(visit.session, place), EditionState.DRAFT)
    flash(f"Version {version} is kept as a draft. Nobody hears it yet.", "done")
    return redirect(address_of("put_wording_live", place, number=version), 303)


def check_wording(visit: Visit, prompt: str, language: str) -> ResponseReturnValue:
    """Return what there is to say about words that somebody is writing; nothing is kept."""
    place = place_of(visit, prompt, language, to_change=True)
    forms = words_in(place, sent(form_kind(place)))
    faults = faults_in(place, forms)
    return render("wording_check.html", visit, **checked(visit, place, forms, faults))


def form_kind(place: Place) -> type[EditForm]:
    """Return a form with the sentences and the labels that this prompt has."""
    shipped = forms_of(Catalog.load().wording(place.prompt, place.language))
    fields: dict[str, object] = {
        name: TextAreaField(NAMES[name], [ShortEnough(LONGEST_FORM)])
        for name, words in shipped.by_name().items()
        if words
    }
    for number, label in enumerate(shipped.labels, 1):
        if label:
            fields[f"{LABEL}{number}"] = StringField(f"Choice {number}", [ShortEnough()])
    fields["note"] = StringField(
        "Why is it changed?",
        [Said("Say why it is changed."), ShortEnough()],
        description="A few words. They are kept with your name and the time.",
    )
    return cast(type[EditForm], type("WordsForm", (EditForm,), fields))


def _start(visit: Visit, place: Place) -> dict[str, object]:
    """Return what stands in the form at first: the draft if there is one, else what is said now."""
    editions = editions_of(visit.session, place)
    draft = version_of(editions, EditionState.DRAFT)
    catalog = live_wordings(visit.session).catalog(place.community)
    forms = forms_at(visit.session, place, draft) if draft else None
    forms = forms or forms_of(catalog.wording(place.prompt, place.language))
    labels = {f"{LABEL}{number}": label for number, label in enumerate(forms.labels, 1)}
    return {**forms.by_name(), **labels, "seen": editions[0].version if editions else SHIPPED}


def words_in(place: Place, form: EditForm) -> Forms:
    """Return the sentences as they were typed, each as one line."""
    said = {name: _line(form, name) for name in NAMES}
    kept = forms_of(Catalog.load().wording(place.prompt, place.language)).labels
    labels = (_line(form, f"{LABEL}{at}") if label else "" for at, label in enumerate(kept, 1))
    return Forms(**said, labels=tuple(labels))


def _line(form: Form, name: str) -> str:
    # A space that is not to be broken stays: French puts one before a question mark.
    found: Field | None = form._fields.get(name)
    words = str(found.data or "") if found is not None else ""
    return " ".join(part for part in words.replace("\t", " ").splitlines() if part).strip(" ")


def faults_in(place: Place, forms: Forms) -> list[Fault]:
    return faults_of(shipped_of(Catalog.load(), place.prompt, place.language), forms)


def _tell(form: Form, faults: Sequence[Fault]) -> None:
    """Put each fault beside the field that it is about."""
    for fault in faults:
        field = form._fields.get(fault.form)
        if field is None:
            form.form_errors.append(f"{name_of(fault.form)}: {fault.words}")
        elif fault.words not in field.errors:
            field.errors = [*field.errors, fault.words]


def _save(visit: Visit, place: Place, form: EditForm) -> None:
    save_draft(
        visit.session,
        place,
        words_in(place, form),
        seen=form.seen.data if form.seen.data is not None else SHIPPED,
        note=str(form.note.data).strip(),
        actor=visit.actor,
        now=visit.now,
    )


def _editor(visit: Visit, place: Place, form: EditForm, *, faults: Sequence[Fault] = ()) -> str:
    forms, editions = words_in(place, form), editions_of(visit.session, place)
    newest = editions[0] if editions else None
    overtaken = newest is not None and newest.version != form.seen.data
    if overtaken and newest is not None:
        # They have been told, and see both. What they save now comes after it.
        form.seen.data, form.seen.raw_data = newest.version, None
    catalog = live_wordings(visit.session).catalog(place.community)
    return render(
        "wording_edit.html",
        visit,
        form=form,
        place=place,
        names=NAMES,
        spoken=[form[name] for name in ("voice", "short", "keys") if name in form],
        texted=[form[name] for name in ("text", "retry") if name in form],
        labels=[field for field in form if field.name.startswith(LABEL)],
        community_name=community_name(place.community),
        meanwhile=forms_of_row(newest) if overtaken and newest is not None else None,
        original=forms_of(catalog.wording(place.prompt)) if place.language != FALLBACK else None,
        check_address=address_of("check_wording_post", place),
        back=page_of(place),
        **checked(visit, place, forms, faults or faults_in(place, forms)),
    )


def checked(visit: Visit, place: Place, forms: Forms, faults: Sequence[Fault]) -> dict[str, object]:
    """Return what is known of words while they are written: faults, and how they would be got."""
    return {
        "faults": [(name_of(fault.form), fault.words) for fault in faults],
        "preview": _preview(visit, place, forms),
        "registered": place.prompt in REGISTERED,
        "language": place.language,
        "language_name": language_name(place.language),
    }


def _preview(visit: Visit, place: Place, forms: Forms) -> Preview | None:
    """Return how words would be got, or None as long as they do not fit the prompt."""
    catalog = live_wordings(visit.session).catalog(place.community)
    shipped = shipped_of(Catalog.load(), place.prompt, place.language)
    if any(misfits_of(shipped.forms, forms)):
        return None
    programme = visit.session.programme
    return preview_of(catalog, place.prompt, place.language, forms, programme=programme)


def page_of(place: Place) -> str:
    """Return the address of the page of a prompt."""
    return url_for(
        "desk.show_wording",
        prompt=place.prompt,
        community=place.community or None,
        _anchor=place.language,
    )


def address_of(step: str, place: Place, **more: Any) -> str:
    """Return the address of a step about a place."""
    return url_for(
        f"desk.{step}",
        prompt=place.prompt,
        language=place.language,
        community=place.community or None,
        **more,
    )

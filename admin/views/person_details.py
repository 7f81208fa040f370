"""What is written down about somebody: a form, and what happens when two change it at once."""

import json
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput

from admin.forms import choices
from admin.labels import MODES, OWN_LINE_HINT, OWN_LINE_LABEL, SAFE_CONTACT, in_words
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import known_communities, person_of
from admin.rendering import render
from mentoring.consents import has_agreed
from mentoring.details import (
    ChangedMeanwhileError,
    RefusedDetailsError,
    change_details,
    details_of,
)
from mentoring.matching.sectors import SECTORS
from mentoring.matching.words import LANGUAGES
from mentoring.models import Mode, Person, Role

_NOT_ASKED = ("", "not asked yet")
_YES_OR_NO = (_NOT_ASKED, ("yes", "yes"), ("no", "no"))


def _one(label: str, offered: object, description: str = "") -> SelectField:
    """Return a choice; what is offered is checked where it is written."""
    return SelectField(
        label,
        choices=choices(offered),  # type: ignore[arg-type]
        description=description,
        validate_choice=False,
    )


def _some(label: str, offered: Mapping[str, str]) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=choices(offered.items()),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


class DetailsForm(Form):
    """What is known of somebody. `shown` is how it was when the page was opened."""

    shown = HiddenField()
    name = StringField("First name", description="As they like to be called.")
    zone = StringField(
        "Time zone", description="Such as America/Chicago. Ask where they live, do not guess."
    )
    mode = RadioField("They like", choices=choices((m.value, MODES[m]) for m in Mode))
    language = _one("Language in which we talk with them", LANGUAGES.items())
    safe_contact = _one(
        "What a message on their phone may say",
        [(str(code), words) for code, words in SAFE_CONTACT.items()],
    )
    slow = _one(
        "Slow voice and longer waits",
        [("no", "no"), ("yes", "yes")],
        "Counts for everybody who answers this phone.",
    )
    relay_announced = _one(
        "May we say that a relay operator or a helper speaks for them?",
        _YES_OR_NO,
        "Whoever they call hears it before the two are connected. Ask them first.",
    )
    community = StringField("Community", description="The local community that looks after them.")
    languages = _some("Languages they speak besides", LANGUAGES)
    sectors = _some("Kinds of business they know or begin", SECTORS)
    slow_welcome = _one("Does a slow pace of talking suit them?", _YES_OR_NO)
    described = _one(
        "May those who wait hear of them in a sentence?",
        _YES_OR_NO,
        "First name, years, kind of business and topics. Ask them first.",
    )
    own_line = StringField(OWN_LINE_LABEL, description=OWN_LINE_HINT)
    cross_mode = _one("Would they switch between calls and texts for a match?", _YES_OR_NO)


_SEVERAL = ("languages", "sectors")


def add_to(pages: Pages) -> None:
    """Add the form about a person."""
    pages.get("/people/<code>/edit", Permission.WORK, edit_person)
    pages.post("/people/<code>/edit", Permission.WORK, edit_person)


def edit_person(visit: Visit, code: str) -> ResponseReturnValue:
    """Show what is written down about somebody, and change it."""
    person = person_of(visit, code)
    if request.method == "GET":
        return _shown(visit, person, _form_of(person))
    form = _form(person, request.form)
    form.validate()
    try:
        with visit.session.begin_nested():
            changed = _change(visit, person, form)
    except ChangedMeanwhileError as error:
        return _stale(visit, person, form, error)
    except RefusedDetailsError as error:
        for key, sentence in error.faults.items():
            form[key].errors = [sentence]
        return _shown(visit, person, form), 422
    flash(_said(visit, person, changed), "done")
    return redirect(url_for("desk.show_person", code=person.code), 303)


def _change(visit: Visit, person: Person, form: DetailsForm) -> list[str]:
    wanted = _wanted(form)
    if wanted["community"] != person.community and not visit.scope.takes(wanted["community"]):
        sentence = "Choose one of your communities, or you would see them no more."
        raise RefusedDetailsError({"community": sentence})
    return change_details(
        visit.session,
        person,
        wanted,
        shown=_shown_before(form),
        actor=visit.actor,
        now=visit.now,
    )


def _form(person: Person, given: Any = None, data: Mapping[str, Any] | None = None) -> DetailsForm:
    """Return the form for a person, without what only mentors are asked."""
    form = DetailsForm(given, data=data)
    if person.role is not Role.MENTOR:
        del form.slow_welcome, form.described, form.own_line
    return form


def _form_of(person: Person) -> DetailsForm:
    """Return the form as things are now."""
    details = details_of(person)
    data = {key: value.split(",") if key in _SEVERAL else value for key, value in details.items()}
    return _form(person, data={**data, "shown": json.dumps(details, ensure_ascii=False)})


def _wanted(form: DetailsForm) -> dict[str, str]:
    return {
        name: ",".join(field.data or ()) if name in _SEVERAL else str(field.data or "")
        for name, field in form._fields.items()
        if name != "shown"
    }


def _shown_before(form: DetailsForm) -> Mapping[str, str]:
    """Return what the page showed; what cannot be read fits nothing, so it counts as stale."""
    try:
        shown = json.loads(str(form.shown.data))
    except ValueError:
        return {}
    return shown if isinstance(shown, dict) else {}


def _stale(
    visit: Visit, person: Person, form: DetailsForm, error: ChangedMeanwhileError
) -> ResponseReturnValue:
    """Say what somebody else has changed, and show it beside what was typed here."""
    before, present = _shown_before(form), _form_of(person)
    typed, now = _wanted(form), details_of(person)
    form.form_errors.append(f"{error} Look it over, then send it again.")
    for key in error.changed:
        if key not in form:
            continue
        if typed[key] == before.get(key, typed[key]):
            form[key].data = present[key].data
        said = in_words(now[key]) or "nothing"
        form[key].errors = [f"{form[key].label.text}: somebody else made it {said} meanwhile."]
    form.shown.data = present.shown.data
    return _shown(visit, person, form), 409


def _said(visit: Visit, person: Person, changed: list[str]) -> str:
    """Say what was done, and what it does not bring about by itself."""
    if not changed:
        return f"Everything about {person.shown_name} stays as it was."
    said = f"Changed: {', '.join(in_words(key) for key in changed)}."
    reads = person.mode in (Mode.TEXT, Mode.BOTH)
    if "mode" in changed and reads and not has_agreed(visit.session, person, "C1"):
        said += " They have not agreed to texts, so none goes out before they do."
    return said


def _shown(visit: Visit, person: Person, form: DetailsForm) -> str:
    return render(
        "person_details.html",
        visit,
        person=person,
        form=form,
        known=known_communities(visit),
    )

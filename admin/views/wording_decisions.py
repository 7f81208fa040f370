"""Deciding about a wording: it is put live, rolled back, or signed by who knows the language."""

from typing import TypeVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import Form, HiddenField, IntegerField
from wtforms.widgets import HiddenInput

from admin.forms import attempt, sent
from admin.labels import language_name, who_did
from admin.office import Visit
from admin.pages import Pages, came_from
from admin.permissions import Permission
from admin.reasons import ReasonForm, reason_in
from admin.rendering import render
from admin.views.wording import (
    community_name,
    place_of,
    review_tag,
    reviews_of,
)
from admin.views.wording_edits import address_of, checked, faults_in, page_of
from mentoring.editions.changes import (
    SHIPPED,
    Place,
    editions_of,
    forms_at,
    put_live,
    roll_back,
    sign,
    version_of,
    words_for,
)
from mentoring.editions.current import live_wordings
from mentoring.editions.forms import NAMES, Forms, forms_of
from mentoring.models import EditionState


class LiveForm(Form):
    """That a draft is to be said; `seen` is the version that it was compared with."""

    seen = IntegerField(widget=HiddenInput(), default=SHIPPED)


class BackForm(LiveForm, ReasonForm):
    """Why somebody goes back."""


ALiveForm = TypeVar("ALiveForm", bound=LiveForm)


class SignForm(Form):
    """Whose words were read: only those are signed."""

    fingerprint = HiddenField()


def add_to(pages: Pages) -> None:
    """Add the pages on which somebody decides about a version."""
    at = "/wording/<prompt>/<language>/<int:number>"
    for step, view in (("live", put_wording_live), ("back", roll_wording_back)):
        pages.get(f"{at}/{step}", Permission.WORDING, view)
        pages.post(f"{at}/{step}", Permission.WORDING, view)
    pages.post(f"{at}/sign", Permission.WORDING, sign_wording)


def put_wording_live(visit: Visit, prompt: str, language: str, number: int) -> ResponseReturnValue:
    """Show a draft beside what is said now, and let it be said."""
    place = place_of(visit, prompt, language, to_change=True)
    form = _sent_over(LiveForm, visit, place)

    def work() -> None:
        put_live(
            visit.session,
            place,
            number,
            seen=_version_in(form),
            actor=visit.actor,
            now=visit.now,
        )

    if request.method == "POST" and attempt(visit, form, work):
        flash(f"Version {number} is live. The next call and the next text have it.", "done")
        return redirect(page_of(place), 303)
    return _decision(
        visit,
        place,
        number,
        form,
        title=f"Put version {number} live",
        words="From the next call and the next text on people get these words.",
        button="Put it live",
    )


def roll_wording_back(visit: Visit, prompt: str, language: str, number: int) -> ResponseReturnValue:
    """Go back to a version that was live before, or to what came with the programme."""
    place = place_of(visit, prompt, language, to_change=True)
    form = _sent_over(BackForm, visit, place)

    def work() -> None:
        roll_back(
            visit.session,
            place,
            number,
            seen=_version_in(form),
            reason=reason_in(form).strip(),
            actor=visit.actor,
            now=visit.now,
        )

    if request.method == "POST" and form.validate() and attempt(visit, form, work):
        flash(f"{words_for(number)} is said again, from the next call and text on.", "done")
        return redirect(page_of(place), 303)
    return _decision(
        visit,
        place,
        number,
        form,
        title=f"Go back to {words_for(number).lower()}",
        words="From the next call and the next text on people get these words again. What is said"
        " now is kept.",
        button="Go back to it",
    )


def _sent_over(kind: type[ALiveForm], visit: Visit, place: Place) -> ALiveForm:
    """Return a form with what was sent, or with the version that is live while it is shown."""
    if request.method == "POST":
        return sent(kind)
    return kind(data={"seen": version_of(editions_of(visit.session, place), EditionState.LIVE)})


def _version_in(form: LiveForm) -> int:
    return form.seen.data if form.seen.data is not None else SHIPPED


def _decision(
    visit: Visit, place: Place, number: int, form: Form, *, title: str, words: str, button: str
) -> ResponseReturnValue:
    forms = forms_at(visit.session, place, number)
    if forms is None:
        abort(404)
    wording = (
        live_wordings(visit.session).catalog(place.community).wording(place.prompt, place.language)
    )
    signed = bool(reviews_of(visit, [(place.prompt, place.language, forms)]))
    review = review_tag(place.language, signed)
    page = render(
        "wording_decide.html",
        visit,
        form=form,
        place=place,
        title=title,
        words=words,
        button=button,
        community_name=community_name(place.community),
        review=review,
        fingerprint=None if review is None or signed else forms.fingerprint,
        sign_address=address_of("sign_wording_post", place, number=number),
        changes=_differences(forms_of(wording), forms),
        back=page_of(place),
        edit_again=address_of("edit_wording", place),
        **checked(visit, place, forms, faults_in(place, forms)),
    )
    return page, 422 if form.errors else 200


def _differences(now: Forms, then: Forms) -> list[tuple[str, str, str]]:
    """Return what differs between two wordings: the form, as it is said now, and as it would be."""
    before, after = now.by_name(), then.by_name()
    changed = [(NAMES[name], before[name], after[name]) for name in NAMES]
    changed += [
        (f"Choice {number}", old, new)
        for number, (old, new) in enumerate(zip(now.labels, then.labels, strict=False), 1)
    ]
    return [(name, old, new) for name, old, new in changed if old != new]


def sign_wording(visit: Visit, prompt: str, language: str, number: int) -> ResponseReturnValue:
    """Keep that somebody who knows the language has read these very words."""
    place = place_of(visit, prompt, language, to_change=True)
    form = sent(SignForm)
    by = sign(
        visit.session,
        place,
        number,
        fingerprint=str(form.fingerprint.data or ""),
        actor=visit.actor,
        now=visit.now,
    )
    who = "you" if by == visit.actor else who_did(by)
    flash(f"The wording in {language_name(language)} is signed by {who}.", "done")
    return redirect(came_from(), 303)

"""The set-up: one thing on each page, kept at once, and a last page that lets callers in.

Every page writes an edition of the programme (mentoring/programme_editions.py), so the set-up can
be left and taken up again, and the same pages serve for changes later.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField, Form
from wtforms.fields import Field
from wtforms.validators import ValidationError

from admin.forms import attempt, sent
from admin.labels import who_did
from admin.lists import Cell, Link, Tag, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.rendering import render
from admin.views.setup_forms import PAGES, TITLES, LineForm, OnCallForm, Page, language_choices
from mentoring.audit import write_audit
from mentoring.errors import ProgrammeError
from mentoring.going_live import Lack, Part, what_is_missing
from mentoring.lines import take_into_use
from mentoring.models import Line, LineKind, ProgrammeEdition, Staff
from mentoring.operators import put_on_call
from mentoring.phone import written
from mentoring.programme_editions import change_programme, newest_edition

_PARTS = list(Part)
_SHOWN = 100
_HISTORY_SHOWN = 20


class GoLiveForm(Form):
    """The last press, by somebody who has tried the numbers."""

    sure = BooleanField("I have called the numbers of every country, and played a call through.")

    def validate_sure(self, field: Field) -> None:
        """Refuse to go on until it is ticked."""
        if not field.data:
            raise ValidationError("Call the numbers and play a call through, then tick this.")


def add_to(pages: Pages) -> None:
    """Add the pages of the set-up."""
    pages.get("/setup", Permission.SETUP, show_setup)
    pages.post("/setup/live", Permission.SETUP, go_live)
    pages.get("/setup/<part>", Permission.SETUP, show_part)
    pages.post("/setup/<part>", Permission.SETUP, change_part)


def show_setup(visit: Visit) -> ResponseReturnValue:
    """Show how far the set-up is, what is empty or wrong, and the button at its end."""
    lacks = what_is_missing(visit.session)
    return render("setup.html", visit, form=GoLiveForm(), **_overview(visit, lacks))


def _overview(visit: Visit, lacks: Sequence[Lack]) -> dict[str, Any]:
    open_parts, is_live = {lack.part for lack in lacks}, visit.session.programme.is_live
    history = visit.session.scalars(
        select(ProgrammeEdition).order_by(ProgrammeEdition.id.desc()).limit(_HISTORY_SHOWN)
    ).all()
    return {
        "parts_of_setup": [_part_row(part, part not in open_parts) for part in _PARTS],
        "ready": len(_PARTS) - len(open_parts),
        "of": len(_PARTS),
        "missing": [
            (
                Link(TITLES[lack.part], _address(lack.part)),
                lack.words,
                lack.holds_back if is_live else "Going live.",
            )
            for lack in lacks
        ],
        "next_part": _address(lacks[0].part) if lacks else None,
        "newest": history[0].id if history else 0,
        "history": [(When(each.at), each.what, who_did(each.actor)) for each in history],
    }


def _part_row(part: Part, is_ready: bool) -> tuple[Cell, ...]:
    state = Tag("complete") if is_ready else Tag("something is missing", "middling")
    return Link(TITLES[part], _address(part)), state


def _address(part: Part) -> str:
    return url_for("desk.show_part", part=part.value)


def show_part(visit: Visit, part: str) -> ResponseReturnValue:
    """Show one page of the set-up as it stands."""
    known = _known(part)
    return _shown(visit, known, _filled(visit, known))


def _known(part: str) -> Part:
    if part not in _PARTS:
        abort(404)
    return Part(part)


def _filled(visit: Visit, part: Part) -> Form:
    page = PAGES.get(part)
    if page is None:
        return LineForm() if part is Part.LINES else OnCallForm()
    programme = visit.session.programme
    return _offering(page.form(programme)(data=dict(page.shown(programme))))


def _offering(form: Form) -> Form:
    if "languages" in form:
        form.languages.choices = language_choices()  # type: ignore[attr-defined]
    return form


def _shown(visit: Visit, part: Part, form: Form) -> str:
    place = _PARTS.index(part)
    rows = _rows(visit, part)
    later = _PARTS[place + 1] if place + 1 < len(_PARTS) else None
    return render(
        "setup_part.html",
        visit,
        part=part.value,
        title=TITLES[part],
        lead=PAGES[part].lead if part in PAGES else "",
        form=form,
        place=place + 1,
        of=len(_PARTS),
        follows=edition_shown(visit),
        before=_address(_PARTS[place - 1]) if place else None,
        after=_address(later) if later else url_for("desk.show_setup"),
        has_main=any(row[1] == LineKind.MAIN.value for row in rows),
        rows=rows,
    )


def edition_shown(visit: Visit) -> int:
    """Return the edition that the form is filled in over; a refused one stays what it was."""
    if request.method == "POST":
        return follows()
    newest = newest_edition(visit.session)
    return newest.id if newest else 0


def _rows(visit: Visit, part: Part) -> list[tuple[Cell, ...]]:
    if part is Part.LINES:
        return _lines(visit)
    return _staff(visit) if part is Part.STAFF else []


def _lines(visit: Visit) -> list[tuple[Cell, ...]]:
    lines = visit.session.scalars(
        select(Line).where(Line.retired_at.is_(None)).order_by(Line.kind, Line.id).limit(_SHOWN)
    )
    return [(written(line.number), line.kind.value, line.fault or _checked(line)) for line in lines]


def _checked(line: Line) -> str:
    return "points here" if line.checked_at else "not pointed here yet"


def _staff(visit: Visit) -> list[tuple[Cell, ...]]:
    members = visit.session.scalars(
        select(Staff).order_by(Staff.ring_order, Staff.id).limit(_SHOWN)
    )
    return [
        (member.name, "on duty" if member.on_duty else "not on duty", member.ring_order)
        for member in members
    ]


def change_part(visit: Visit, part: str) -> ResponseReturnValue:
    """Keep one page of the set-up and go on to the next; refused, say what is wrong."""
    known = _known(part)
    page = PAGES.get(known)
    if page is None:
        return _add_one(visit, known)
    form = _offering(sent(page.form(visit.session.programme)))
    if not form.validate() or not attempt(visit, form, lambda: _keep(visit, page, form)):
        return _shown(visit, known, form), 422
    flash(f"{page.title}: kept. It counts from the next call on.", "done")
    place = _PARTS.index(known)
    return redirect(_address(_PARTS[place + 1]), 303)


def _keep(visit: Visit, page: Page, form: Form) -> None:
    change_programme(
        visit.session,
        page.facts(form),
        follows=follows(),
        what=page.title.lower(),
        actor=visit.actor,
        now=visit.now,
    )


def follows() -> int:
    """Return the edition that the form was filled in over; nonsense counts as a very old one."""
    said = request.form.get("follows", "")[:12]
    return int(said) if said.isdecimal() else -1


def _add_one(visit: Visit, part: Part) -> ResponseReturnValue:
    form = sent(LineForm if part is Part.LINES else OnCallForm)
    add = _add_line if part is Part.LINES else _add_staff
    if not form.validate() or not attempt(visit, form, lambda: add(visit, form.data)):
        return _shown(visit, part, form), 422
    flash("Added.", "done")
    return redirect(_address(part), 303)


def _add_line(visit: Visit, said: Mapping[str, str]) -> None:
    kind = LineKind.MAIN if request.form.get("kind") == LineKind.MAIN.value else LineKind.PAIR
    in_use = set(visit.session.scalars(select(Line.id).where(Line.retired_at.is_(None))))
    line = take_into_use(visit.session, said["number"], kind, now=visit.now)
    if line.id in in_use:
        raise ProgrammeError(f"{written(line.number)} is a line of ours already.")
    _audit(visit, f"added a {kind.value} line", "line", str(line.id))


def _add_staff(visit: Visit, said: Mapping[str, str]) -> None:
    member = put_on_call(visit.session, name=said["name"], typed=said["number"], now=visit.now)
    _audit(visit, "put on call", "staff", str(member.id))


def _audit(visit: Visit, action: str, entity: str, entity_id: str) -> None:
    write_audit(
        visit.session,
        actor=visit.actor,
        action=action,
        entity=entity,
        entity_id=entity_id,
        reason="the set-up",
        now=visit.now,
    )


def go_live(visit: Visit) -> ResponseReturnValue:
    """Let callers in, unless something is empty or wrong."""
    form = sent(GoLiveForm)
    if not form.validate() or not attempt(visit, form, lambda: _open(visit)):
        lacks = what_is_missing(visit.session)
        return render("setup.html", visit, form=form, **_overview(visit, lacks)), 422
    flash("The programme is live. From the next call on the main line takes people on.", "done")
    return redirect(url_for("desk.show_setup"), 303)


def _open(visit: Visit) -> None:
    lacks = what_is_missing(visit.session)
    if lacks:
        count = "1 thing is" if len(lacks) == 1 else f"{len(lacks)} things are"
        raise ProgrammeError(f"{count} still empty or wrong, so nobody is let in. See below.")
    change_programme(
        visit.session,
        {},
        follows=follows(),
        what="went live",
        actor=visit.actor,
        now=visit.now,
        live=True,
    )

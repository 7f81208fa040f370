"""Why somebody does or sees something: asked on a page of its own, checked, and kept."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import Form, StringField

from admin.forms import Said, ShortEnough, attempt
from admin.office import Visit
from admin.one_form import show_form
from mentoring.audit import write_audit


class ReasonForm(Form):
    """Why somebody does or sees something; it is kept."""

    reason = StringField(
        "Why?",
        [Said("Say why. It is kept in the audit log."), ShortEnough()],
        description="A few words. They are kept with your name and the time.",
    )

    def __init__(self, *given: Any, **known: Any) -> None:
        """Put the reason last, as the page does: faults are named in the order of the fields."""
        super().__init__(*given, **known)
        self._fields["reason"] = self._fields.pop("reason")


def ask_why(
    visit: Visit, form: Form, *, title: str, back: str, words: str = "", button: str = "Show it"
) -> ResponseReturnValue | None:
    """Return the page that asks why, or None once that was said: then go on."""
    if request.method == "POST" and form.validate():
        return None
    return show_form(visit, form, title=title, words=words, button=button, back=back)


def act(
    visit: Visit,
    form: Form,
    work: Callable[[str], object],
    *,
    title: str,
    words: str,
    button: str,
    done: str | Callable[[], str],
    back: str,
    seen: str = "",
) -> ResponseReturnValue:
    """Ask why, then do it and say so; refused, nothing is changed and the page says why.

    The page says what will happen before it does. `work` takes the reason, and keeps it with
    what it changes; `done` says what came of it. `seen` is what the page showed, where `work`
    refuses what is stale.
    """
    if (
        request.method == "POST"
        and form.validate()
        and attempt(visit, form, lambda: work(reason_in(form)))
    ):
        flash(done if isinstance(done, str) else done(), "done")
        return redirect(back, 303)
    return show_form(visit, form, title=title, words=words, button=button, back=back, seen=seen)


def reason_in(form: Form) -> str:
    """Return the reason that was sent."""
    return str(form["reason"].data)


def keep_look(
    visit: Visit, action: str, why: str, *, entity: str = "person", entity_id: str
) -> None:
    """Write down that something private was looked at, and why (S11)."""
    write_audit(
        visit.session,
        actor=visit.actor,
        action=action,
        entity=entity,
        entity_id=entity_id,
        reason=why,
        now=visit.now,
    )

"""A page that asks one thing in one form, and says what is wrong with it."""

from flask.typing import ResponseReturnValue
from wtforms import Form

from admin.office import Visit
from admin.rendering import render


def show_form(
    visit: Visit,
    form: Form,
    *,
    title: str,
    words: str,
    button: str,
    back: str,
    seen: str = "",
) -> ResponseReturnValue:
    """Return the page of a form; `seen` is what it shows of a row, as `seen_as` tells it."""
    page = render(
        "one_form.html",
        visit,
        form=form,
        title=title,
        words=words,
        button=button,
        back=back,
        seen=seen,
    )
    return page, 422 if form.errors else 200

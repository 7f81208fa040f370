"""What people fill in: read with WTForms, refused with a sentence beside the field."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, TypeVar

from flask import request
from wtforms import Form, SelectChoice  # type: ignore[attr-defined]
from wtforms.fields import Field
from wtforms.validators import ValidationError

from admin.office import Visit
from mentoring.errors import ProgrammeError

AForm = TypeVar("AForm", bound=Form)
LONGEST = 200


def choices(pairs: Iterable[tuple[str, str]], *, first: str = "") -> list[Any]:
    """Return what a field offers; `first` is what stands there until somebody has chosen."""
    offered = [("", first), *pairs] if first else pairs
    return [SelectChoice(value, words) for value, words in offered]


def sent(kind: type[AForm]) -> AForm:
    """Return a form with what was sent; empty on a page that only shows it."""
    return kind(request.form) if request.method == "POST" else kind()


def attempt(visit: Visit, form: Form, work: Callable[[], object]) -> bool:
    """Do what a form asks for. Refused, nothing is changed and the form says why."""
    try:
        with visit.session.begin_nested():
            work()
    except ProgrammeError as error:
        form.form_errors.append(str(error))
        return False
    return True


def lock(visit: Visit, row: object, *columns: str) -> None:
    """Read some of a row as it is now, and keep others from changing it until the visit is over."""
    visit.session.refresh(row, columns, with_for_update=True)


def seen_as(*facts: object) -> str:
    """Return what a form brings along to tell what its page showed; see `refuse_stale`."""
    return sha256(repr(facts).encode()).hexdigest()[:16]


def refuse_stale(*facts: object) -> None:
    """Raise ProgrammeError when the page of a form showed other facts than those of now.

    Of two at once the second is told, and overwrites nothing.
    """
    if request.form.get("seen") != seen_as(*facts):
        raise ProgrammeError(
            "Somebody else has changed this meanwhile, and nothing was written. This page shows it"
            " as it is now: look at it, then send yours again."
        )


class Said:
    """Refuses a field that is empty, with a sentence that says what to enter."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def __call__(self, _form: Form, field: Field) -> None:
        if not str(field.data or "").strip():
            raise ValidationError(self._sentence)


class ShortEnough:
    """Refuses a text that is too long, with how long it is and may be."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest

    def __call__(self, _form: Form, field: Field) -> None:
        length = len(str(field.data or ""))
        if length > self._longest:
            raise ValidationError(
                f"Use {self._longest} characters or fewer. You have used {length}."
            )


class OneOf:
    """Refuses a choice that is none of those offered."""

    def __init__(self, choices: Callable[[], object] | object, sentence: str) -> None:
        self._choices, self._sentence = choices, sentence

    def __call__(self, _form: Form, field: Field) -> None:
        choices = self._choices() if callable(self._choices) else self._choices
        if field.data not in choices:  # type: ignore[operator]
            raise ValidationError(self._sentence)

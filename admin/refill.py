"""Puts what was typed before back into the forms of a page that is ready to be shown.

The page is read as any browser would read it, so this knows no form in particular. Only values are
put in: a form is never sent from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markupsafe import escape

from admin.unsent_fields import OF_THE_PAGE, SHOWN, Fields, aim_of

_BUTTONS = {"submit", "button", "reset", "image"}
_NEVER = {"password", "file"}
_TICKS = {"radio", "checkbox"}
Attributes = dict[str, str | None]


@dataclass
class _Control:
    """One field of a form: the piece of the page at which it begins, and what holds it."""

    kind: str
    given: Attributes
    at: int
    inside: tuple[int, ...]
    end: int = 0
    options: list[tuple[int, Attributes]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.given.get("name") or ""

    @property
    def value(self) -> str:
        return self.given.get("value") or ""


@dataclass
class _Form:
    to: str
    given: Attributes
    at: int
    inside: tuple[int, ...]
    controls: list[_Control] = field(default_factory=list)
    is_filled: bool = False

    def fits(self, kept: dict[str, list[str]]) -> int:
        """Return how many of the fields are here; none when this form is about something else."""
        for each in self.controls:
            is_fixed = each.kind == "hidden" and each.name not in OF_THE_PAGE | SHOWN
            if is_fixed and each.value and each.value not in kept.get(each.name, ()):
                return 0
        return len({each.name for each in self.controls} & set(kept))


@dataclass(frozen=True)
class PutBack:
    """Where on the page a form was filled in, and whether all that was typed has found a place."""

    anchor: str
    is_whole: bool


class FormsOfPage(HTMLParser):
    """A page of ours, piece by piece, so that some of it can be changed."""

    def __init__(self, page: str, *, here: str) -> None:
        super().__init__(convert_charrefs=False)
        self._pieces: list[str] = []
        self._forms: list[_Form] = []
        self._inside: list[int] = []
        self._here = here
        self._form: _Form | None = None
        self._open: _Control | None = None
        self._main: int | None = None
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        """The page as it is now."""
        return "".join(self._pieces)

    def announce(self, notice: str) -> None:
        """Say something at the top of what the page is about."""
        if self._main is not None:
            self._pieces[self._main] += notice

    def put_back(self, to: str, fields: Fields, number: int) -> PutBack | None:
        """Fill in the form that is sent to an address, unless there is none that fits.

        The form brings `number` along, so that what is kept under it is deleted when it is sent.
        """
        kept: dict[str, list[str]] = {}
        for name, value in fields:
            kept.setdefault(name, []).append(value)
        found = [each for each in self._forms if each.to == aim_of(to) and not each.is_filled]
        form = max(found, key=lambda each: each.fits(kept), default=None)
        if form is None or not form.fits(kept):
            return None
        left = {name: list(values) for name, values in kept.items() if name not in OF_THE_PAGE}
        form.is_filled = True
        for control in form.controls:
            if control.name in left or control.kind in _TICKS:
                left.setdefault(control.name, [])
                self._fill(control, left[control.name])
        for at in {*form.inside, *(at for each in form.controls for at in each.inside)}:
            self._set(at, "details", {"open": None})
        anchor = form.given.get("id") or f"unsent-{number}"
        self._set(form.at, "form", form.given | {"id": anchor})
        self._pieces[form.at] += f'<input type="hidden" name="unsent" value="{number}">'
        return PutBack(anchor, not any(value.strip() for each in left.values() for value in each))

    def _fill(self, control: _Control, values: list[str]) -> None:
        """Put what was typed into one field, and take away from the values what found a place."""
        if control.kind in _BUTTONS | _NEVER:
            values.clear()
        elif control.kind == "hidden":
            if control.name in SHOWN and values:
                self._set(control.at, "input", control.given | {"value": values[0]})
            values.clear()
        elif control.kind in _TICKS:
            self._choose(control.at, "input", "checked", control.given, values)
        elif control.kind == "select":
            for at, given in control.options:
                self._choose(at, "option", "selected", given, values)
        elif values and control.kind == "textarea":
            # The first line break of a text field is no part of what stands in it.
            self._pieces[control.at] += f"\n{escape(values.pop(0))}"
            for at in range(control.at + 1, control.end):
                self._pieces[at] = ""
        elif values:
            self._set(control.at, "input", control.given | {"value": values.pop(0)})

    def _choose(self, at: int, tag: str, word: str, given: Attributes, values: list[str]) -> None:
        rest = {name: value for name, value in given.items() if name != word}
        value = given.get("value") or ""
        is_chosen = value in values
        if is_chosen:
            values.remove(value)
        self._set(at, tag, rest | {word: None} if is_chosen else rest)

    def _set(self, at: int, tag: str, given: Attributes) -> None:
        words = [
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in given.items()
        ]
        self._pieces[at] = f"<{tag}{''.join(words)}>"

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given, at = dict(attrs), len(self._pieces)
        self._pieces.append(self.get_starttag_text() or "")
        if tag == "main":
            self._main = at
        elif tag == "details":
            self._inside.append(at)
        elif tag == "form":
            to = aim_of(given.get("action") or self._here)
            self._form = _Form(to, given, at, tuple(self._inside))
            if (given.get("method") or "").lower() == "post":
                self._forms.append(self._form)
        elif tag == "option" and self._open is not None:
            self._open.options.append((at, given))
        elif self._form is not None and tag in ("input", "textarea", "select", "button"):
            kind = {"input": given.get("type") or "text", "button": "submit"}.get(tag, tag)
            control = _Control(kind, given, at, tuple(self._inside))
            self._form.controls.append(control)
            if tag in ("textarea", "select"):
                self._open = control

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select") and self._open is not None:
            self._open.end = len(self._pieces)
            self._open = None
        elif tag == "form":
            self._form = None
        elif tag == "details" and self._inside:
            self._inside.pop()
        self._pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self._pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._pieces.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._pieces.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._pieces.append(f"<!{decl}>")

"""What a form of a page would send if somebody pressed its button now."""

from html.parser import HTMLParser

from tests.admin.conftest import Screen


class _Fields(HTMLParser):
    """Collects the fields of the forms that are sent somewhere, with the values that they hold."""

    def __init__(self, to: str) -> None:
        super().__init__()
        self.held: dict[str, list[str]] = {}
        self.places: set[str] = set()
        self._to, self._is_wanted = to, True
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_wanted = not self._to or (given.get("action") or self._to) == self._to
        if not self._is_wanted:
            return
        if "id" in given:
            self.places.add(given["id"] or "")
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "textarea":
            self._text = name
            self.held[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.held[self._select] = [value]
        elif tag == "input" and name:
            is_choice = given.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in given:
                self.held.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._text:
            self.held[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            # The first line break of a text field is no part of what stands in it.
            words = self.held[self._text][0].removeprefix("\r").removeprefix("\n")
            self.held[self._text], self._text = [words], ""


def places(screen: Screen, to: str) -> set[str]:
    """Return to what in the forms that are sent to an address a link on the page can lead."""
    fields = _Fields(to)
    fields.feed(screen.page.text)
    return fields.places


def seen(screen: Screen, to: str) -> str:
    """Return what a form brings along to tell what its page showed, or nothing."""
    return filled_in(screen, to).get("seen", [""])[0]


def filled_in(screen: Screen, to: str = "") -> dict[str, list[str]]:
    """Return the fields of the page that is open, by name, with what stands in them.

    With an address, those of the forms alone that are sent there.
    """
    fields = _Fields(to)
    fields.feed(screen.page.text)
    return fields.held

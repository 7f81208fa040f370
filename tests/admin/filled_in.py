"""What a form of a page would send if somebody pressed its button now."""

from html.parser import HTMLParser

from tests.admin.conftest import Screen


class _Fields(HTMLParser):
    """Collects the fields of all forms with the values that they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.held[self._select] = [value]
        elif tag == "input" and name:
            is_choice = given.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in given:
                self.held.setdefault(name, []).append(value)


def filled_in(screen: Screen) -> dict[str, list[str]]:
    """Return the fields of the page that is open, by name, with what stands in them."""
    fields = _Fields()
    fields.feed(screen.page.text)
    return fields.held

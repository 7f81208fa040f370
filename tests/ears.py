"""What a screen reader would be told of a page: Chromium's own tree of roles and names.

    assert list(Ears(page).faults()) == []

The tree is what the browser hands to a reader, with every name worked out from labels and words.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

_CONTROLS = {"button", "link", "textbox", "combobox", "checkbox", "radio", "DisclosureTriangle"}
_NAMED = _CONTROLS | {"image", "dialog", "table", "progressbar"}


Node = dict[str, Any]


class Ears:
    """Somebody who hears the page that is open and does not see it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def nodes(self) -> list[Node]:
        """Return what is told of the page, part by part."""
        tree = self._session.send("Accessibility.getFullAXTree")
        return [each for each in tree["nodes"] if not each["ignored"]]

    def same_names(self) -> list[str]:
        """Tell what does different things under one name."""
        return list(_same_names(self.nodes()))

    def faults(self) -> Iterator[str]:
        """Tell what could not be told apart, found or followed by ear alone."""
        nodes = self.nodes()
        yield from _nameless(nodes)
        yield from _same_names(nodes)
        yield from _headings(nodes)
        roles = Counter(_role(each) for each in nodes)
        for landmark in ("main", "banner", "contentinfo"):
            if roles[landmark] != 1:
                yield f"{roles[landmark]} times {landmark}"
        heading = next((_name(each) for each in nodes if _role(each) == "heading"), "")
        title = self._page.title().removeprefix("Problem: ").partition(" · ")[0]
        if not set(_words(title)) & set(_words(heading)):
            yield f"the title {title!r} is not of {heading!r}"


def _role(node: Node) -> str:
    return str(node.get("role", {}).get("value", ""))


def _name(node: Node) -> str:
    return " ".join(str(node.get("name", {}).get("value", "")).split())


def _words(text: str) -> list[str]:
    return text.casefold().replace("(", " ").replace(")", " ").replace(":", " ").split()


def _nameless(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if _role(node) in _NAMED and not _name(node):
            yield f"a {_role(node)} without a name"


def _same_names(nodes: list[Node]) -> Iterator[str]:
    """Two of one name must do the same: two links to one page do, two buttons do not."""
    does: dict[tuple[str, str], set[str]] = {}
    for node in nodes:
        role = _role(node)
        if role in _CONTROLS - {"radio", "checkbox"}:
            does.setdefault((role, _name(node)), set()).add(_target(node))
    for (role, name), targets in does.items():
        if len(targets) > 1:
            yield f"{len(targets)} times {role} {name!r}"


def _target(node: Node) -> str:
    """Return where a link leads; anything else is itself and nothing else."""
    told = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    return str(told.get("url") or node["nodeId"])


def _headings(nodes: list[Node]) -> Iterator[str]:
    before = 0
    for node in nodes:
        if _role(node) != "heading":
            continue
        told = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
        level = int(told.get("level", 0))
        if (before == 0 and level != 1) or level > before + 1:
            yield f"heading {_name(node)!r} of rank {level} after rank {before}"
        before = level

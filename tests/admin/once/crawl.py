"""Follows every link of the page, as somebody signed in sees it, and keeps what differs.

A page is kept if something is on it that was on no other page of its template: an element, where it
stands, or how headings follow on each other. What axe and a narrow screen find wrong with one page,
they find with all that are built of the same parts, so a browser need not open a hundred people who
differ in their names.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.admin.conftest import Screen, Site
from tests.admin.filled_in import filled_in

# What has a state has a page that differs by it. Of all else a few pages of one template show how
# each of them is built.
_HAVE_STATES = re.compile(r"/desk/(people|applications|matches|proposals|alerts|tasks)/<[^/]+>\?")
# What is no page: files, and what ends a visit or plays a sound.
_NO_PAGES = re.compile(r"[?&]as=csv|\.csv$|/audio\b|/static/|/counselling$|/news\b")
_TELLING = ("class", "role", "type", "aria-sort", "hidden")
_COUNTED = {"form", "nav", "section", "main", "h1"}
_EMPTY = {"input", "br", "hr", "img", "meta", "link"}
# Where a reason opens what is closed; and fields that say what a page showed, not what is typed.
_FOR_A_REASON = re.compile(r"/(number|answers|words|file)$|/(texts|recordings)/\d+$")
# Whoever signs out, or shuts or joins anew their own account, can send nothing afterwards.
_ENDS_A_VISIT = re.compile(r"/sign-|/staff/\d+/(disable|invite)$")
_NOT_TYPED = {"csrf_token", "seen", "shown", "follows", "fingerprint", "next"}


class _Reader(HTMLParser):
    """Reads the links and forms of a page, and of what it is built."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.built: set[str] = set()
        self.counted: Counter[str] = Counter()
        self.headings: list[str] = []
        self._inside = [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "form" and given.get("method") == "post":
            self.forms.append(given.get("action") or "")
        told = " ".join(f"{name}={given[name]}" for name in _TELLING if name in given)
        self.built.add(f"{self._inside[-1]} > {tag} {told}")
        if tag in _COUNTED:
            self.counted[tag] += 1
        if re.fullmatch("h[1-6]", tag) and self.headings[-1:] != [tag]:
            self.headings.append(tag)
        if tag not in _EMPTY:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while len(self._inside) > 1 and self._inside.pop() != tag:
            pass

    @property
    def parts(self) -> set[str]:
        """What there is on this page, and what of it follows on what."""
        several = {f"several {tag}" for tag, often in self.counted.items() if often > 1}
        return self.built | several | set(map(repr, pairwise(self.headings)))


@dataclass(frozen=True)
class Found:
    """A page as it was answered, whose screen it is on, and whether it is the first of its kind."""

    screen: Screen
    answer: TestResponse
    is_first: bool


@dataclass
class Crawl:
    """What was found, by whoever looked: each page on which something is new."""

    site: Site
    found: list[Found] = field(default_factory=list)
    _known: dict[str, set[str]] = field(default_factory=dict)

    def follow(self, screen: Screen, *starts: str, most: int, few: int = 2) -> None:
        """Follow every link from these pages on, to `most` of what has states and `few` else."""
        waiting, seen = deque(starts), set(starts)
        opened: Counter[str] = Counter()
        while waiting:
            address = waiting.popleft()
            template = self._template(address)
            opened[template] += 1
            if opened[template] > (most if _HAVE_STATES.fullmatch(template) else few):
                continue
            answer = screen.opens(address)
            if answer.mimetype != "text/html":
                continue
            self.keep(screen)
            for link in _links(answer):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def give_reasons(self, screen: Screen) -> None:
        """Open what a reason opens, once of each kind."""
        for address in self._first_of_each(_FOR_A_REASON):
            screen.opens(address)
            screen.sends(address, reason="To help.")
            self.keep(screen)

    def send_nothing(self, screen: Screen) -> list[str]:
        """Send every form once with nothing in it, and keep how it is refused; returns which."""
        refused: list[str] = []
        for page in [each.answer for each in self.found if each.screen is screen]:
            for action in _Reader(page.text).forms:
                address = action or page.request.path
                rule = self._template(address, "POST")
                if rule in refused or _ENDS_A_VISIT.search(address):
                    continue
                screen.page = page
                kept = {
                    name: values[0] if name in _NOT_TYPED else ""
                    for name, values in filled_in(screen, action).items()
                }
                kept.pop("csrf_token", None)
                answer = screen.sends(address, **kept)
                if answer.status_code == 422:
                    refused.append(rule)
                    self.keep(screen)
        return refused

    def keep(self, screen: Screen) -> None:
        """Keep the page that is on a screen, if something is on it that was on none like it."""
        template, parts = self._template(screen.path), _Reader(screen.page.text).parts
        is_first = template not in self._known
        known = self._known.setdefault(template, set())
        if not parts <= known:
            known |= parts
            self.found.append(Found(screen, screen.page, is_first))

    def _first_of_each(self, wanted: re.Pattern[str]) -> Iterator[str]:
        known: set[str] = set()
        for page in list(self.found):
            address = page.answer.request.path
            template = self._template(address)
            if wanted.search(address) and template not in known:
                known.add(template)
                yield address

    def _template(self, address: str, method: str = "GET") -> str:
        """Return what answers at an address, and what it is asked for beside."""
        parts = urlsplit(address)
        try:
            places = self.site.app.url_map.bind("localhost")
            rule, _ = places.match(parts.path, method=method, return_rule=True)
        except HTTPException:
            return parts.path
        return f"{rule.rule}?{'&'.join(sorted(parse_qs(parts.query)))}"


def _links(answer: TestResponse) -> Iterator[str]:
    for link in _Reader(answer.text).links:
        to = f"{answer.request.path}{link}" if link.startswith("?") else link
        to = to.partition("#")[0]
        if to.startswith("/desk/") and not _NO_PAGES.search(to):
            yield to

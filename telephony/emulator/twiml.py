"""TwiML documents: reading them, and noticing every word that the carrier would not know."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from telephony.emulator.values import complaint_about, held_in_range

Medium = Literal["voice", "messaging"]
Element = ElementTree.Element

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_VERSION = re.compile(rb"<\?xml\s+version\s*=\s*[\"']([^\"']*)")
_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class Entry(TypedDict):
    """What the vocabulary says about one element."""

    attributes: list[str]
    children: list[str]
    has_text: bool


VOCABULARY: dict[str, dict[str, Entry]] = json.loads(
    (Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Problem:
    """Why something that came back is not a document: the carrier's code and a sentence."""

    code: int
    message: str


@dataclass(frozen=True)
class Verb:
    """One element of a document. `sound` holds the bytes of an audio answer."""

    name: str
    attributes: Mapping[str, str]
    text: str
    children: tuple["Verb", ...] = ()
    element: Element | None = None
    sound: bytes = b""

    @property
    def raw_text(self) -> str:
        """The text with its line breaks, without the blanks around it."""
        return self.text if self.element is None else "".join(self.element.itertext()).strip()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def method(self, name: str = "method") -> str:
        """Return the HTTP method of that attribute; POST when it is absent or not allowed."""
        return "GET" if self.get(name) == "GET" else "POST"

    def whole(self, name: str, default: int) -> int:
        """Return a whole-number attribute, held in its range; the default if it is no number."""
        text = self.attributes.get(name, "")
        return (
            held_in_range(self.name, name, int(text)) if re.fullmatch(r"\d{1,9}", text) else default
        )

    def flag(self, name: str, *, default: bool = False) -> bool:
        text = self.attributes.get(name, "").lower()
        return text == "true" if text in ("true", "false") else default


@dataclass(frozen=True)
class Document:
    """Verbs to run, where they came from, and what the carrier warns about."""

    verbs: tuple[Verb, ...]
    base: str
    warnings: tuple[Problem, ...] = ()


class UrlError(ValueError):
    """A URL in a document is not usable."""


def resolve(base: str, url: str) -> str:
    """Return a URL of a document as an absolute one.

    Raises UrlError for one that is not valid, and for a relative one in a document that has no
    address of its own.
    """
    try:
        absolute = urljoin(base, url.strip()) if base else url.strip()
        scheme = urlsplit(absolute).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        raise UrlError(f"The URL {url!r} is not valid here.")
    return absolute


def read_reply(body: bytes, content_type: str, base: str, medium: Medium) -> Document | Problem:
    """Turn an answer of the application into a document by its content type.

    Audio is played and plain text read aloud (or texted back) when it is no document itself.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return Problem(11770, "The answer has no body.")
    if kind in _TWIML_TYPES:
        return parse(body, base, medium)
    if kind.startswith("audio/") and medium == "voice":
        return Document((Verb("Play", {}, "", sound=body),), base)
    if kind == "text/plain":
        document = parse(body, base, medium)
        if isinstance(document, Document):
            return document
        name = "Say" if medium == "voice" else "Message"
        return Document((Verb(name, {}, body.decode("utf-8", "replace")),), base)
    return Problem(12300, f"The content type {kind or '(none)'!r} is not one that can be used.")


def parse(body: bytes | str, base: str, medium: Medium) -> Document | Problem:
    """Read one TwiML document; anything before its first `<` makes it unreadable."""
    raw = body.encode() if isinstance(body, str) else body
    if not raw.startswith(b"<"):
        return Problem(12100, "The document does not begin with its first tag.")
    if b"<!DOCTYPE" in raw:
        return Problem(12100, "The document declares a document type.")
    if (declared := _XML_VERSION.match(raw)) and declared[1] != b"1.0":
        return Problem(
            12101, f"The document is XML {declared[1].decode(errors='replace')}, not 1.0."
        )
    try:
        # No document type is let through, so there are no entities that could blow up.
        root = ElementTree.fromstring(raw)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as problem:
        return Problem(12100, f"The document cannot be parsed: {problem}.")
    if root.tag != "Response":
        return Problem(12102, f"The root element is {root.tag!r}, not 'Response'.")
    warnings: list[Problem] = []
    _check(root, medium, warnings)
    verbs = tuple(
        _verb(child) for child in root if child.tag in VOCABULARY[medium]["Response"]["children"]
    )
    return Document(verbs, base, tuple(warnings))


def _verb(element: Element) -> Verb:
    attributes = {_attribute(name): value for name, value in element.attrib.items()}
    text = " ".join("".join(element.itertext()).split())
    children = tuple(_verb(child) for child in element)
    return Verb(element.tag, attributes, text, children, element)


def _attribute(name: str) -> str:
    return "xml:lang" if name == _XML_LANG else name


def _check(element: Element, medium: Medium, warnings: list[Problem]) -> None:
    """Collect what the carrier's schema does not know about an element and all inside it."""
    words = VOCABULARY[medium]
    name = element.tag
    entry = words[name]
    for attribute, value in element.attrib.items():
        spelled = _attribute(attribute)
        if spelled not in entry["attributes"]:
            warnings.append(Problem(12200, f"<{name}> has no attribute {spelled!r}."))
        elif (found := complaint_about(name, spelled, value)) is not None:
            warnings.append(Problem(*found))
    if not entry["has_text"] and _own_text(element):
        warnings.append(Problem(12200, f"<{name}> holds text, which it must not."))
    for child in element:
        _check_child(name, entry, child, medium, warnings)


def _check_child(
    parent: str, entry: Entry, child: Element, medium: Medium, warnings: list[Problem]
) -> None:
    if child.tag not in entry["children"]:
        code = 14110 if medium == "messaging" else 12200
        warnings.append(Problem(code, f"<{child.tag}> is not allowed in <{parent}>."))
    elif child.tag not in VOCABULARY[medium]:
        warnings.append(Problem(12200, f"<{child.tag}> is not supported by this emulator."))
    else:
        _check(child, medium, warnings)


def _own_text(element: Element) -> str:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(pieces).strip()

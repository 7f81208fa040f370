"""The list of all wording: every prompt in every language, found by any of its words."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.labels import language_name
from admin.lists import Column, Filter, Link, Listing, Phrase, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import communities_of
from admin.views.wording import review_tag
from mentoring.editions.current import forms_of_row, live_wordings
from mentoring.editions.forms import Forms, forms_of
from mentoring.editions.live import EVERYWHERE
from mentoring.flows.catalog import FALLBACK, Catalog, Wording
from mentoring.models import EditionState, WordingEdition, WordingReview

Signed = Mapping[tuple[str, str], Collection[str]]

_STATES = ("as shipped", "edited", "draft", "does not fit")
_LONGEST_SHOWN = 90
# How much is shown before the words that were looked for.
_BEFORE = 30


@dataclass(frozen=True)
class Found:
    """One prompt in one language, as it is said now, and its draft if there is one."""

    prompt: str
    language: str
    wording: Wording
    draft: Forms | None
    has_live: bool

    @property
    def state(self) -> str:
        """What staff have done to it."""
        words = "as shipped" if self.wording.edition is None else "edited"
        if self.has_live and self.wording.edition is None:
            words = f"{words}, the edit does not fit"
        return f"{words}, with a draft" if self.draft else words

    def forms(self) -> Iterator[str]:
        """Everything of it that is said or texted, the drafted words last."""
        wording = self.wording
        yield from (wording.voice, wording.text, wording.short, wording.keys, wording.retry)
        yield from (option.label for option in wording.options)
        if self.draft is not None:
            yield from (*self.draft.by_name().values(), *self.draft.labels)


@dataclass(frozen=True)
class Row:
    """What the list shows of one prompt in one language."""

    prompt: str
    language: str
    words: str
    state: str
    signed: bool


def add_to(pages: Pages) -> None:
    """Add the list."""
    pages.get("/wording", Permission.SEE, list_wording)


def list_wording(visit: Visit) -> ResponseReturnValue:
    """List every prompt in every language, with what was done to it."""
    filters = _filters(visit)
    asked = {each.name: each.value() for each in filters}
    community = asked.get("community", EVERYWHERE)
    words = _plain(asked["q"])
    found = [each for each in _all_wording(visit, community) if _is_asked_for(each, asked, words)]
    if asked["review"]:
        signed = _signed(visit, found)
        wanted = asked["review"] == "yes"
        found = [
            each
            for each in found
            if each.language != FALLBACK and _is_signed(each, signed) is wanted
        ]
    return show(
        visit,
        Listing(
            title="Wording",
            lead="What callers hear and what texts say. An edit is heard by the next call.",
            statement=found,
            tie=None,
            filters=filters,
            empty="There is no wording.",
            rows_of=lambda shown: _rows(visit, shown, words),
            columns=(
                Column("Key", lambda row: _link(row, community), lambda each: each.prompt),
                Column(
                    "Words",
                    lambda row: Phrase(row.words, row.language),
                    lambda each: _excerpt(each, words).casefold(),
                ),
                Column(
                    "Language",
                    lambda row: language_name(row.language),
                    lambda each: each.language,
                ),
                Column("State", lambda row: row.state, lambda each: each.state),
                Column("Review", lambda row: review_tag(row.language, row.signed)),
            ),
        ),
    )


def _filters(visit: Visit) -> tuple[Filter, ...]:
    languages = [(each, language_name(each)) for each in Catalog.load().languages]
    own = [(each, each) for each in communities_of(visit)]
    return (
        Filter("q", "Words or key", hint="Such as mentor, or V-GREET."),
        Filter("language", "Language", languages),
        Filter("review", "Review", [("no", "not reviewed"), ("yes", "reviewed")]),
        Filter("state", "State", [(each, each) for each in _STATES]),
        *((Filter("community", "Community", own),) if own else ()),
    )


def _all_wording(visit: Visit, community: str) -> Iterator[Found]:
    catalog = live_wordings(visit.session).catalog(community)
    drafts, live = _drafts(visit, community), _live(visit, community)
    for prompt in sorted(catalog.by_language[FALLBACK]):
        for language in catalog.languages:
            wording = catalog.by_language[language].get(prompt)
            if wording is not None:
                place = (prompt, language)
                yield Found(*place, wording, drafts.get(place), place in live)


def _drafts(visit: Visit, community: str) -> Mapping[tuple[str, str], Forms]:
    found = visit.session.scalars(
        select(WordingEdition).where(
            WordingEdition.state == EditionState.DRAFT, WordingEdition.community == community
        )
    )
    return {(row.prompt, row.language): forms_of_row(row) for row in found}


def _live(visit: Visit, community: str) -> Collection[tuple[str, str]]:
    """Return where an edition is live, whether it is said or left out: prompt and language."""
    found = visit.session.execute(
        select(WordingEdition.prompt, WordingEdition.language).where(
            WordingEdition.state == EditionState.LIVE, WordingEdition.community == community
        )
    )
    return {(prompt, language) for prompt, language in found}


def _is_asked_for(found: Found, asked: Mapping[str, str], words: str) -> bool:
    return (
        asked["language"] in ("", found.language)
        and asked["state"] in found.state
        and (words in _plain(found.prompt) or any(words in _plain(form) for form in found.forms()))
    )


@lru_cache(maxsize=16384)
def _plain(words: str) -> str:
    """Return words as they are looked for: in small letters, and without accents."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _rows(visit: Visit, shown: Sequence[Found], words: str) -> list[Row]:
    """Return what is shown of one page; only of these is it asked whether they were signed."""
    signed = _signed(visit, shown)
    return [
        Row(each.prompt, each.language, _excerpt(each, words), each.state, _is_signed(each, signed))
        for each in shown
    ]


def _excerpt(found: Found, words: str) -> str:
    """Return the sentence that was looked for, from a little before those words on."""
    forms = [form for form in found.forms() if form]
    form = next((each for each in forms if words in _plain(each)), forms[0])
    start = max(_plain(form).find(words) - _BEFORE, 0)
    if not start or len(form) <= _LONGEST_SHOWN:
        return _shortened(form)
    return f"… {_shortened(form[start:].partition(' ')[2])}"


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN].rstrip()} …"


def _signed(visit: Visit, found: Sequence[Found]) -> Signed:
    """Return the fingerprints of what was signed of these prompts, by prompt and language."""
    prompts = {each.prompt for each in found if each.language != FALLBACK}
    signed: dict[tuple[str, str], set[str]] = {}
    if prompts:
        rows = visit.session.execute(
            select(WordingReview.prompt, WordingReview.language, WordingReview.fingerprint).where(
                WordingReview.prompt.in_(prompts)
            )
        )
        for prompt, language, fingerprint in rows:
            signed.setdefault((prompt, language), set()).add(fingerprint)
    return signed


def _is_signed(found: Found, signed: Signed) -> bool:
    """Tell whether the words that are said now were signed."""
    fingerprints = signed.get((found.prompt, found.language), ())
    return bool(fingerprints) and forms_of(found.wording).fingerprint in fingerprints


def count_unreviewed(visit: Visit) -> list[tuple[str, int, int]]:
    """Return of each translation how many wordings nobody has signed, and how many there are.

    They are those that all communities get.
    """
    found = [each for each in _all_wording(visit, EVERYWHERE) if each.language != FALLBACK]
    signed = _signed(visit, found)
    return [
        (
            language,
            sum(each.language == language and not _is_signed(each, signed) for each in found),
            sum(each.language == language for each in found),
        )
        for language in sorted({each.language for each in found})
    ]


def _link(row: Row, community: str) -> Link:
    address = url_for(
        "desk.show_wording",
        prompt=row.prompt,
        community=community or None,
        _anchor=row.language,
    )
    return Link(row.prompt, address, told=f"{row.prompt} in {language_name(row.language)}")

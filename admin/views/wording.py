"""The page of one prompt: what is said and texted now, in each language, and how it came so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, tuple_

from admin.labels import language_name, who_did
from admin.lists import Cell, Tag, When
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from admin.queries import communities_of
from admin.rendering import render
from mentoring.editions.changes import SHIPPED, Place, version_of
from mentoring.editions.current import forms_of_row, live_wordings
from mentoring.editions.forms import NAMES, Forms, forms_of
from mentoring.editions.live import EVERYWHERE, fits
from mentoring.editions.preview import Preview, preview_of
from mentoring.editions.rules import FIXED
from mentoring.flows.catalog import FALLBACK, Catalog, Wording
from mentoring.models import EditionState, WordingEdition, WordingReview

_HISTORY_SHOWN = 50
_FOR_ALL = "all communities"


def add_to(pages: Pages) -> None:
    """Add the page of each prompt."""
    pages.get("/wording/<prompt>", Permission.SEE, show_wording)


def chosen_community(visit: Visit, *, to_change: bool = False) -> str:
    """Return the community that the address names, empty for all; no page for a foreign one.

    Who looks after some communities sees what is said to all, and changes only what is theirs.
    """
    asked = request.args.get("community", "").strip()
    if asked == EVERYWHERE:
        if to_change and visit.scope.communities is not None:
            abort(403, "You may change the wording of your communities only. Choose one of them.")
        return EVERYWHERE
    if asked not in communities_of(visit):
        abort(404)
    return asked


def place_of(visit: Visit, prompt: str, language: str, *, to_change: bool = False) -> Place:
    """Return where an edition counts; a page that is not there for an unknown key or language."""
    catalog = Catalog.load()
    if prompt not in catalog.by_language.get(language, {}):
        abort(404)
    return Place(prompt, language, chosen_community(visit, to_change=to_change))


def community_name(community: str) -> str:
    """Return a community as staff read it."""
    return community or _FOR_ALL


def review_tag(language: str, signed: bool) -> Cell:
    """Return whether a translation was read by somebody who knows it; English is where it began."""
    if language == FALLBACK:
        return None
    return Tag("reviewed") if signed else Tag("not reviewed", "middling")


def reviews_of(
    visit: Visit, wanted: Sequence[tuple[str, str, Forms]]
) -> Mapping[tuple[str, str, str], WordingReview]:
    """Return the signatures under these words, by prompt, language and fingerprint."""
    if not wanted:
        return {}
    keys = {(prompt, language, forms.fingerprint) for prompt, language, forms in wanted}
    columns = (WordingReview.prompt, WordingReview.language, WordingReview.fingerprint)
    found = visit.session.scalars(select(WordingReview).where(tuple_(*columns).in_(keys)))
    return {(row.prompt, row.language, row.fingerprint): row for row in found}


@dataclass(frozen=True)
class Version:
    """One version in the history of a place, with what can be done about it."""

    number: int
    cells: tuple[Cell, ...]
    can_return: bool


@dataclass(frozen=True)
class Spoken:
    """One language of a prompt: what is said now, by which version, and what was done before."""

    code: str
    name: str
    forms: Forms
    preview: Preview
    facts: Sequence[tuple[str, Cell]]
    versions: Sequence[Version]
    live: int
    draft: int
    needs_review: bool


def show_wording(visit: Visit, prompt: str) -> ResponseReturnValue:
    """Show one prompt in every language: spoken and texted side by side, with its history."""
    catalog = Catalog.load()
    if prompt not in catalog.by_language[FALLBACK]:
        abort(404)
    community = chosen_community(visit)
    may_change = visit.may(Permission.WORDING) and (
        community != EVERYWHERE or visit.scope.communities is None
    )
    return render(
        "wording.html",
        visit,
        prompt=prompt,
        community=community,
        community_name=community_name(community),
        communities=communities_of(visit),
        languages=_languages(visit, prompt, community),
        names=NAMES,
        borrowed=catalog.wording(prompt).spoken_as,
        fixed=prompt in FIXED,
        may_change=may_change and prompt not in FIXED,
    )


def _languages(visit: Visit, prompt: str, community: str) -> list[Spoken]:
    shipped = Catalog.load()
    catalog = live_wordings(visit.session).catalog(community)
    codes = [code for code in shipped.languages if prompt in shipped.by_language[code]]
    # What was translated follows what it was translated from.
    codes.sort(key=lambda code: (code != FALLBACK, code))
    found = visit.session.scalars(
        select(WordingEdition)
        .where(WordingEdition.prompt == prompt, WordingEdition.community == community)
        .order_by(WordingEdition.version.desc())
        .limit(_HISTORY_SHOWN * len(codes))
    ).all()
    now = {code: forms_of(catalog.wording(prompt, code)) for code in codes}
    signed = reviews_of(visit, [(prompt, code, forms) for code, forms in now.items()])
    return [
        _language(
            visit,
            catalog,
            Place(prompt, code, community),
            [each for each in found if each.language == code],
            signed.get((prompt, code, now[code].fingerprint)),
        )
        for code in codes
    ]


def _language(
    visit: Visit,
    catalog: Catalog,
    place: Place,
    editions: Sequence[WordingEdition],
    review: WordingReview | None,
) -> Spoken:
    wording = catalog.wording(place.prompt, place.language)
    forms = forms_of(wording)
    live = version_of(editions, EditionState.LIVE)
    programme = visit.session.programme
    return Spoken(
        code=place.language,
        name=language_name(place.language),
        forms=forms,
        preview=preview_of(catalog, place.prompt, place.language, forms, programme=programme),
        facts=[
            ("Said now", _said_now(place, wording, live, editions)),
            ("Review", review_tag(place.language, review is not None)),
            ("Signed by", who_did(review.actor) if review else None),
            ("Signed", When(review.at) if review else None),
        ],
        versions=[_version(each) for each in editions],
        live=live,
        draft=version_of(editions, EditionState.DRAFT),
        needs_review=place.language != FALLBACK and review is None,
    )


def _said_now(
    place: Place, wording: Wording, live: int, editions: Sequence[WordingEdition]
) -> Cell:
    if live != SHIPPED:
        row = next(each for each in editions if each.version == live)
        shipped = Catalog.load().wording(place.prompt, place.language)
        if not fits(shipped, forms_of_row(row)):
            return Tag(f"not version {live}, which does not fit the programme any more", "high")
        return f"version {live}"
    if place.community != EVERYWHERE and wording.edition is not None:
        return f"what {_FOR_ALL} hear"
    return f"as shipped (wording {wording.version})"


def _version(row: WordingEdition) -> Version:
    state = "live" if row.state is EditionState.LIVE else row.state.value.replace("_", " ")
    if row.live_at is None and row.state is EditionState.REPLACED:
        state = "draft that was replaced"
    cells: tuple[Cell, ...] = (
        row.version,
        row.id,
        state,
        When(row.at),
        who_did(row.actor),
        row.note,
        When(row.live_at) if row.live_at else None,
    )
    return Version(row.version, cells, row.live_at is not None and state != "live")

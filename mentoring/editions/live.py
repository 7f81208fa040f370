"""The wording that counts now: the live editions of staff, laid over what was shipped."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mentoring.editions.forms import Forms, forms_of, reword
from mentoring.editions.rules import FIXED, misfits_of
from mentoring.flows.catalog import Catalog, Wording, lend_voice

log = logging.getLogger("bridgeline.wording")

# The community of an edition that holds for all.
EVERYWHERE = ""


@dataclass(frozen=True)
class Edition:
    """One edition that is live. `number` is its row; an empty community means all of them."""

    number: int
    prompt: str
    language: str
    community: str
    forms: Forms


@dataclass(frozen=True)
class LiveWordings:
    """All that is said now, by community, as one moment of the database had it.

    `stamp` names that moment: whoever finds another one in the database reads anew.
    """

    stamp: str
    everywhere: Catalog
    communities: Mapping[str, Catalog]

    def catalog(self, community: str) -> Catalog:
        """Return the wording for the people of a community; an empty one is nobody's."""
        return self.communities.get(community, self.everywhere)


@dataclass
class Shelf:
    """Where a process keeps the live wordings that it has read last, for all of its transactions.

    It is replaced as a whole, so threads need no lock.
    """

    live: LiveWordings | None = field(default=None)


def lay_out(shipped: Catalog, editions: Sequence[Edition], *, stamp: str) -> LiveWordings:
    """Return the wording of each community: its own edition, else everybody's, else as shipped."""
    everywhere = lay_over(shipped, shipped, (e for e in editions if e.community == EVERYWHERE))
    named = sorted({each.community for each in editions} - {EVERYWHERE})
    communities = {
        name: lay_over(shipped, everywhere, (each for each in editions if each.community == name))
        for name in named
    }
    return LiveWordings(stamp, everywhere, communities)


def lay_over(shipped: Catalog, below: Catalog, editions: Iterable[Edition]) -> Catalog:
    """Return the catalog with these editions in it.

    One that does not fit the shipped wording any more, as after a new release, is left out: a call
    must never stumble over it. Its page says so.
    """
    changed: dict[str, dict[str, Wording]] = {}
    for each in editions:
        known = shipped.by_language.get(each.language, {}).get(each.prompt)
        if known is None or not fits(known, each.forms):
            log.warning("Edition %d of %s does not fit and is left out.", each.number, each.prompt)
            continue
        own = changed.setdefault(each.language, {})
        own[each.prompt] = reword(
            below.wording(each.prompt, each.language), each.forms, edition=each.number
        )
    if not changed:
        return below
    return Catalog(
        {
            language: _with_lent_voices({**wordings, **changed.get(language, {})})
            for language, wordings in below.by_language.items()
        }
    )


def fits(shipped: Wording, forms: Forms) -> bool:
    """Tell whether an edition can stand in the place of a shipped wording."""
    return shipped.key not in FIXED and not any(misfits_of(forms_of(shipped), forms))


def _with_lent_voices(wordings: dict[str, Wording]) -> dict[str, Wording]:
    """Let the texts that borrow a voice borrow it as it is now."""
    return {
        key: lend_voice(each, wordings[each.spoken_as]) if each.spoken_as else each
        for key, each in wordings.items()
    }

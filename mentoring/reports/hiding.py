"""Which groups are too small to be shown, and which further ones would give them away.

A figure about fewer than five people is hidden. Where a total is split into groups, one hidden
group could be had by subtraction, so the next smallest is hidden with it, until those that are
hidden are at least two and hold at least five people together.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True)
class Size:
    """Whom a figure tells about: all who were asked, and those of them who are known."""

    asked: Set[int]
    known: Set[int]

    @property
    def is_small(self) -> bool:
        """Whether it is about somebody, and about too few."""
        return 0 < len(self.known) < FEWEST or 0 < len(self.asked) < FEWEST


def to_hide(sizes: Mapping[str, Size], *, also: Set[str] = frozenset()) -> frozenset[str]:
    """Return the groups of one split that must not be shown; `also` are hidden anyway."""
    hidden = {name for name, size in sizes.items() if size.is_small} | also
    if not hidden:
        return frozenset()
    shown = sorted(
        (name for name, size in sizes.items() if name not in hidden and size.asked),
        key=lambda name: (len(sizes[name].known), len(sizes[name].asked), name),
    )
    while shown and not _is_enough(sizes, hidden):
        hidden.add(shown.pop(0))
    return frozenset(hidden)


def _is_enough(sizes: Mapping[str, Size], hidden: Set[str]) -> bool:
    groups = [sizes[name] for name in hidden if name in sizes and sizes[name].asked]
    known = {person for size in groups for person in size.known}
    asked = {person for size in groups for person in size.asked}
    return len(groups) > 1 and len(asked) >= FEWEST and (not known or len(known) >= FEWEST)

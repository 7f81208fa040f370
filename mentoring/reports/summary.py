"""One measure over a period: for all, by month and by group, with nothing shown too small."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mentoring.reports.cases import Case, Kind, Measure
from mentoring.reports.facts import NOT_KNOWN, Someone
from mentoring.reports.figures import HIDDEN, Figure, figure_from, figure_of, value_of, written
from mentoring.reports.hiding import Size, to_hide
from mentoring.reports.periods import Period

COMMUNITY = "community"
# The kinds of groups that everybody belongs to; a measure may split its cases further.
GROUPS = ("role", "mode", "language", "access", COMMUNITY)
# What comes to a group at less or more than this share of what comes to all wants an eye.
LOWEST, HIGHEST = Fraction(4, 5), Fraction(5, 4)

People = Mapping[int, Someone]
Split = Mapping[str, Sequence[Case]]


@dataclass(frozen=True)
class Summary:
    """The figures of one measure."""

    total: Figure
    months: Mapping[str, Figure]
    groups: Mapping[str, Mapping[str, Figure]]

    def data(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {
            "total": self.total.data(),
            "months": {name: each.data() for name, each in self.months.items()},
            "groups": {
                kind: {name: each.data() for name, each in groups.items()}
                for kind, groups in self.groups.items()
            },
        }


def summary_from(data: Mapping[str, Any]) -> Summary:
    """Return a summary as it was kept."""
    return Summary(
        figure_from(data["total"]),
        {name: figure_from(each) for name, each in data["months"].items()},
        {
            kind: {name: figure_from(each) for name, each in groups.items()}
            for kind, groups in data["groups"].items()
        },
    )


def summarise(
    measure: Measure,
    cases: Sequence[Case],
    *,
    period: Period,
    people: People,
    community: str | None = None,
) -> Summary:
    """Return the figures of a measure over the cases of a period, of all or of one community.

    What is hidden of a community is hidden as well where it could be had from the figures of all
    communities together and of the other ones.
    """
    group_of = _groups(people)
    by_community = _split(cases, lambda case: group_of(case, COMMUNITY))
    own = cases if community is None else by_community.get(community, ())
    is_hidden = _is_hidden(cases, own, by_community, community)
    total = HIDDEN if is_hidden else figure_of(measure, own)
    months, all_months = _by_month(period, own), _by_month(period, cases)

    def shown(split: Split, of_all: Split) -> dict[str, Figure]:
        away = _given_away(of_all, community, group_of) if community is not None else frozenset()
        hidden = to_hide({name: _size(part) for name, part in split.items()}, also=away)
        return {
            name: HIDDEN if is_hidden or name in hidden else figure_of(measure, part)
            for name, part in split.items()
        }

    groups = {}
    for kind in (*GROUPS, *measure.splits):
        if kind == COMMUNITY and community is not None:
            continue
        split = _split(own, lambda case, kind=kind: group_of(case, kind))  # type: ignore[misc]
        of_all = _split(cases, lambda case, kind=kind: group_of(case, kind))  # type: ignore[misc]
        groups[kind] = _compared(measure, own, split, shown(split, of_all))
    return Summary(total, shown(months, all_months), groups)


def _groups(people: People) -> Callable[[Case, str], str]:
    def group_of(case: Case, kind: str) -> str:
        if kind in case.groups:
            return case.groups[kind]
        person = people.get(case.person) if case.person is not None else None
        return person.groups.get(kind, NOT_KNOWN) if person is not None else NOT_KNOWN

    return group_of


def _by_month(period: Period, cases: Sequence[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {name: [] for name, _ in period.months()}
    for case in cases:
        found[case.day.isoformat()[:7]].append(case)
    return found


def _split(cases: Sequence[Case], group_of: Callable[[Case], str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(group_of(case), []).append(case)
    return dict(sorted(found.items()))


def _size(cases: Sequence[Case]) -> Size:
    """Return whom cases tell about. What is about nobody, such as a cost, hides nothing."""
    asked = {case.person for case in cases if case.person is not None}
    known = {case.person for case in cases if case.person is not None and case.amount is not None}
    return Size(asked, known)


def _is_hidden(
    cases: Sequence[Case], own: Sequence[Case], by_community: Split, community: str | None
) -> bool:
    if community is None:
        return _size(cases).is_small
    sizes = {name: _size(part) for name, part in by_community.items()}
    return community in to_hide(sizes) or _size(own).is_small


def _given_away(
    of_all: Split, community: str, group_of: Callable[[Case, str], str]
) -> frozenset[str]:
    """Return the groups of a community that the other communities' figures would give away."""
    away = set()
    for name, part in of_all.items():
        by_community = _split(part, lambda case: group_of(case, COMMUNITY))
        if community in to_hide({each: _size(found) for each, found in by_community.items()}):
            away.add(name)
    return frozenset(away)


def _compared(
    measure: Measure, own: Sequence[Case], split: Split, shown: Mapping[str, Figure]
) -> dict[str, Figure]:
    """Return the figures of groups with how they compare to that of all (E18)."""
    of_all = value_of(measure, own)
    if measure.kind in (Kind.TOTAL, Kind.PEOPLE) or not of_all or of_all < 0:
        return dict(shown)
    compared = {}
    for name, figure in shown.items():
        value = value_of(measure, split[name])
        if not figure.hidden and value is not None:
            ratio = value / of_all
            flagged = not LOWEST <= ratio <= HIGHEST
            figure = replace(figure, ratio=written(ratio, 2), flagged=flagged)  # noqa: PLW2901
        compared[name] = figure
    return compared

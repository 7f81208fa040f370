"""The page about conversations names each flow, and every outcome that it can end with."""

import re
from collections.abc import Iterator

from mentoring.flows import FLOWS
from mentoring.flows.steps import Finish, Flow
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "conversations.md").read_text("utf-8")
HEAD = "| Flow | Asks | Outcomes |"


def rows() -> Iterator[tuple[list[str], set[str]]]:
    """Yield the flows of each row, and the outcomes beside them."""
    for table in PAGE.split(HEAD)[1:]:
        for row in table.split("\n\n")[0].splitlines()[2:]:
            first, _, last = row.strip("|").split("|")
            yield re.findall(r"`(.+?)`", first), set(re.findall(r"`(.+?)`", last))


def outcomes(flow: Flow) -> set[str]:
    return {step.outcome for step in flow.steps if isinstance(step, Finish)}


def test_every_flow_has_its_place_on_the_page_and_no_other_has_one() -> None:
    named = [name for names, _ in rows() for name in names]
    assert sorted(named) == sorted(FLOWS)


def test_the_outcomes_beside_the_flows_are_theirs() -> None:
    for names, shown in rows():
        assert shown == set().union(*(outcomes(FLOWS[name]) for name in names)), names

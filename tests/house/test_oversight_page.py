"""docs/oversight.md tells of every rule, every limit and every code, with the numbers in use."""

import re
from dataclasses import asdict

from mentoring.oversight.rules import RULES, OutcomeCode, Thresholds
from tests.tree import ROOT

PAGE = (ROOT / "docs" / "oversight.md").read_text()


def test_every_rule_stands_in_the_table_with_its_weight() -> None:
    told = dict(re.findall(r"^\| (O\d+) \|.*?\| ([a-z, ]+) \|", PAGE, re.MULTILINE))
    assert {rule: weight.split(",")[0] for rule, weight in told.items()} == {
        name: rule.severity.value for name, rule in RULES.items()
    }


def test_every_limit_stands_there_with_its_default() -> None:
    told = {name: float(limit) for name, limit in re.findall(r"`(\w+)` \| ([\d.]+) \|", PAGE)}
    assert told == asdict(Thresholds())


def test_every_outcome_code_is_explained() -> None:
    explained = set(re.findall(r"^\| `(\w+)` \| [a-z]", PAGE, re.MULTILINE))
    assert explained == {code.value for code in OutcomeCode}

"""Whom somebody in danger calls, by country. Where we know no numbers the line must not go live.

The wordings name these numbers (tests/mentoring/safety/test_numbers.py holds the two together), so
another country takes a row here, or in the set-up on the page, and wordings of its own. Have each
row called once a week.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# What somebody in danger is answered, with these numbers in it.
ANSWERS = ("T-X1", "T-N2")


@dataclass(frozen=True)
class CrisisNumbers:
    """The numbers of one country: help at once, and somebody to talk to by day and night."""

    emergency: str
    crisis_line: str


CRISIS_NUMBERS = {
    "US": CrisisNumbers(emergency="911", crisis_line="988"),
    "CA": CrisisNumbers(emergency="911", crisis_line="988"),
    "PR": CrisisNumbers(emergency="911", crisis_line="988"),
}


def answers_danger(prompt: str | None) -> bool:
    """Tell whether a text answers somebody who may be in danger: it goes out at once (S4, S17)."""
    return prompt in ANSWERS


def has_numbers(country: str, known: Mapping[str, CrisisNumbers] = CRISIS_NUMBERS) -> bool:
    """Tell whether both numbers of a country are known."""
    found = known.get(country)
    return found is not None and bool(found.emergency and found.crisis_line)


def missing_numbers(country: str) -> str | None:
    """Say what is missing before the line may go live in a country, or None."""
    if has_numbers(country):
        return None
    named = ", ".join(sorted(CRISIS_NUMBERS))
    return (
        f"COUNTRY is {country}, but we know no emergency number and no crisis line there, only in"
        f" {named}. Add them (mentoring/safety/numbers.py) before anybody may call."
    )

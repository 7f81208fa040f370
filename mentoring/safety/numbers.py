"""Whom somebody in danger calls, by country. Where we know no numbers the line must not go live.

The wordings hold `{emergency}` and `{crisis}`, which are filled with the numbers of the country of
whoever hears them, so another country takes a row here, or in the set-up on the page, and no other
wording. Have each row called once a week.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mentoring.languages import in_each

# The placeholders of a wording that names a number to call in danger.
NAMED_IN_DANGER = frozenset({"emergency", "crisis"})
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

# Said where nobody has entered a number, which only a line that is not live yet can do.
UNKNOWN = CrisisNumbers(
    emergency=in_each(
        en="your local emergency number",
        es="número local de emergencias",
        fr="numéro d'urgence local",
    ),
    crisis_line=in_each(
        en="your local crisis line", es="servicio local de crisis", fr="service de crise local"
    ),
)


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

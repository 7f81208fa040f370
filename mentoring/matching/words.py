"""The codes of the intake in the words that staff, and in explanations proteges, read and hear."""

from collections.abc import Sequence

TOPICS = {
    **{"A": "money", "B": "customers", "C": "rules", "D": "planning"},
    **{"E": "selling online", "F": "hiring", "G": "benefits", "H": "feeling sure"},
}
HOURS = {"1": "mornings", "2": "afternoons", "3": "evenings", "4": "weekends"}
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
NOT_ASKED = "not asked yet"


def listed(words: Sequence[str]) -> str:
    """Return words as a person lists them: `money, rules and planning`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def hours_words(hours: str) -> str:
    """Return an answer about hours in words; whoever was not asked has said nothing against any."""
    return listed([HOURS[code] for code in hours.split(",") if code in HOURS]) or "any hours"


def topics_words(topics: Sequence[str]) -> str:
    """Return topics in words."""
    return listed([TOPICS.get(code, code) for code in topics])


def languages_words(languages: frozenset[str]) -> str:
    """Return languages in words, in the order of their codes."""
    return listed([LANGUAGES.get(code, code) for code in sorted(languages)])


def slots_words(slots: int) -> str:
    """Return a number of hours a week in words."""
    return {0: "no hour a week", 1: "1 hour a week"}.get(slots, f"{slots} hours a week")

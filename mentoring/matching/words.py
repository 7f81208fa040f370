"""The codes of the intake in the words that staff read, and that people hear of each other.

By themselves they are English, for staff; in a prompt they are in the listener's language.
"""

from collections.abc import Sequence

from mentoring.languages import in_each
from mentoring.languages import listed as listed_in_each

TOPICS: dict[str, str] = {
    "A": in_each(en="money", es="dinero", fr="l'argent"),
    "B": in_each(en="customers", es="clientes", fr="les clients"),
    "C": in_each(en="rules", es="reglas", fr="les règles"),
    "D": in_each(en="planning", es="planes", fr="la planification"),
    "E": in_each(en="selling online", es="ventas en línea", fr="la vente en ligne"),
    "F": in_each(en="hiring", es="contratación", fr="l'embauche"),
    "G": in_each(en="benefits", es="beneficios", fr="les prestations"),
    "H": in_each(en="feeling sure", es="confianza", fr="la confiance"),
}
HOURS: dict[str, str] = {
    "1": in_each(en="mornings", es="por las mañanas", fr="le matin"),
    "2": in_each(en="afternoons", es="por las tardes", fr="l'après-midi"),
    "3": in_each(en="evenings", es="por las noches", fr="le soir"),
    "4": in_each(en="weekends", es="los fines de semana", fr="la fin de semaine"),
}
LANGUAGES: dict[str, str] = {
    "en": in_each(en="English", es="inglés", fr="anglais"),
    "es": in_each(en="Spanish", es="español", fr="espagnol"),
    "fr": in_each(en="French", es="francés", fr="français"),
}
NOT_ASKED = "not asked yet"


def listed(words: Sequence[str]) -> str:
    """Return words as a person lists them: `money, rules and planning`; nothing for none."""
    return listed_in_each(words) if words else ""


def hours_words(hours: str) -> str:
    """Return an answer about hours in words; whoever was not asked has said nothing against any."""
    known = listed([HOURS[code] for code in hours.split(",") if code in HOURS])
    return known or in_each(en="any hours", es="a cualquier hora", fr="à toute heure")


def topics_words(topics: Sequence[str]) -> str:
    """Return topics in words."""
    return listed([TOPICS.get(code, code) for code in topics])


def languages_words(languages: frozenset[str]) -> str:
    """Return languages in words, in the order of their codes."""
    return listed([LANGUAGES.get(code, code) for code in sorted(languages)])


def slots_words(slots: int) -> str:
    """Return a number of hours a week in words."""
    return {0: "no hour a week", 1: "1 hour a week"}.get(slots, f"{slots} hours a week")

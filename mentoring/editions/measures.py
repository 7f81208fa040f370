"""How wording is measured: its sentences, words and syllables, and its length when it is filled.

Counted as the writing rules say: an item of a list ("2 for no", "B customers") and what stands
after a colon are sentences of their own; a placeholder counts as one short word.
"""

import re

# How many characters each placeholder takes at most; a date is with its weekday (A26).
WIDTHS = {
    **{"org": 10, "name": 10, "mentor": 10, "protege": 10, "staff": 9, "num": 12, "line": 12},
    **{"date": 11, "day": 11, "time": 8, "from": 7, "until": 7, "n": 2, "topic": 20},
    **{"question": 60, "q": 60, "value": 24, "picked": 40, "label": 20, "key": 1, "minutes": 3},
    **{"choices": 60},
    # A proposal. `more` is cut to its width by mentoring/proposals/words.py, as all of these.
    **{"years": 7, "field": 17, "stage": 13, "topics": 24, "mode": 8, "when": 24, "more": 150},
    # One line of a mentor, with the words before it.
    "ownline": 110,
    **dict.fromkeys(("blurb1", "blurb2", "blurb3"), 83),
    # What waits to be said, sentences of other prompts: a few of them.
    "news": 300,
    # The annual message, spoken as a whole and texted in parts.
    **{"annual": 3500, **dict.fromkeys(("annual1", "annual2", "annual3"), 150)},
    # Of the countries that we know none has longer ones; the set-up takes no longer ones.
    **{"emergency": 5, "crisis": 14},
    **{"freq": 13, "mine": 13, "theirs": 13, "reply": 12, "hours": 3, "people": 3, "weeks": 2},
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SOUND = re.compile(r"AUDIO:[\w-]+")


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the placeholders of a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def sounds(template: str) -> list[str]:
    """Return the sounds that are played inside a template, in order."""
    return _SOUND.findall(template)


def filled(template: str) -> str:
    """Return a template with every placeholder at its width. Raises KeyError for one unknown."""
    return _PLACEHOLDER.sub(lambda found: "x" * WIDTHS[found[1]], template)


def sentences(template: str) -> list[str]:
    """Return the sentences of a template, with the items of its lists as their own."""
    plain = _SOUND.sub(". ", template).replace("[p]", " ")
    plain = _PLACEHOLDER.sub("Sam", plain)
    plain = re.sub(r", (?:or )?(?=\d )| (?=[A-H] [a-z])", ". ", plain)
    return [part for part in re.split(r"[.!?:;]+(?:\s|$)", plain) if words(part)]


def words(sentence: str) -> list[str]:
    """Return the words of a sentence."""
    return re.findall(r"[\w'-]+", sentence)


def syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels, less a silent end."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", letters))
    ends = re.search(r"[^aeiouy]e[sd]?$", letters)
    is_silent = ends and not re.search(r"(?:[^aeiouy]le|[td]ed|[cs]es)$", letters)
    return max(groups - bool(is_silent), 1)


def longest_sentence(template: str) -> int:
    """Return how many words the longest sentence of a template has; 0 for none."""
    return max((len(words(sentence)) for sentence in sentences(template)), default=0)


def syllables_a_word(template: str) -> float:
    """Return the mean of syllables in a word of an English template; 0 for no words."""
    found = [word for sentence in sentences(template) for word in words(sentence)]
    return sum(map(syllables, found)) / len(found) if found else 0.0

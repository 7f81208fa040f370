"""Numbers from 1 to 59 in words, as they tell an hour or its minutes in three languages.

What looks like a number and is none of these is told by `is_like_a_number`: beside an hour it may
be its minutes, and a time that lost them is a wrong one.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches

from mentoring.flows.vocabulary import NUMBERS

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPANISH = ("una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve")
_FRENCH = ("une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")
_ONES = {
    word: number for ones in (_ENGLISH, _SPANISH, _FRENCH) for number, word in enumerate(ones, 1)
} | {"un": 1, "uno": 1}
_TEENS = {
    **{"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17},
    **{"eighteen": 18, "nineteen": 19},
    **{"trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17},
    **{"dieciocho": 18, "diecinueve": 19},
    **{"treize": 13, "quatorze": 14, "quinze": 15, "seize": 16},
}
_TENS = {
    **{"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50},
    **{"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50},
    **{"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50},
}
# "Un" and "uno" alone are articles, and "second" is no number beside a day.
_WORDS = {
    word: number
    for word, number in (NUMBERS | _TEENS | _TENS | {"una": 1}).items()
    if word not in ("first", "second", "un", "uno")
}


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _sum(match: re.Match[str]) -> str:
    tens = {**_TENS, "dix": 10, "veinti": 20}[match["tens"]]
    return str(tens + _ONES[match["ones"]])


# "Veinte y cinco" is none of them: it may be 25 and five past twenty.
_COMPOUNDS = (
    rf"(?P<tens>twenty|thirty|fou?rty|fifty)[ -]?(?P<ones>{_any_of(_ENGLISH)})\b(?! hours?\b)",
    rf"(?P<tens>veinti)[ -]?(?P<ones>uno?|{_any_of(_SPANISH)})\b",
    r"(?P<tens>treinta|cuarenta|cincuenta)[ -]?(?:[yi][ -]?)?"
    rf"(?P<ones>uno?|{_any_of(_SPANISH)})\b",
    r"(?P<tens>vingt|trente|quarante|cinquante)[ -]?(?:et[ -]?)?"
    rf"(?P<ones>un|{_any_of(_FRENCH)})\b",
    r"(?P<tens>dix)[ -]?(?P<ones>sept|huit|neuf)\b",
)
IN_WORDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    *((re.compile(rf"\b{compound}"), _sum) for compound in _COMPOUNDS),
    (re.compile(rf"\b(?:{_any_of(tuple(_WORDS))})\b"), lambda word: str(_WORDS[word[0]])),
    # In English "once" is no number.
    (
        re.compile(
            r"(?:(?<=\blas )|(?<=\by )|(?<=\bcon ))once\b|\bonce(?= (?:y|menos|horas?|\d{1,2})\b)"
        ),
        "11",
    ),
    (re.compile(r"\b(y|con) uno?\b"), r"\1 1"),
)

# Beside an hour these are a part of it, or eleven, or a minute.
_PARTS = frozenset(
    {"un", "uno", "once", "media", "medio", "demi", "demie", "quart", "quarts", "cuarto", "cuartos"}
)
_TENS_TOO_LARGE = ("sixty", "seventy", "eighty", "ninety", "sesenta", "setenta", "soixante")
_LONG = (*_TEENS, *_TENS, *_TENS_TOO_LARGE, *(f"veinti{one}" for one in _SPANISH))
_AS_CLOSE = 0.78


def is_a_number(word: str) -> bool:
    """Tell whether a word is read as a number."""
    return any(pattern.fullmatch(word) for pattern, _ in IN_WORDS)


def is_like_a_number(word: str) -> bool:
    """Tell whether a word that was not read may be a number, such as one with a slip in it."""
    return word in _PARTS or bool(get_close_matches(word, _LONG, n=1, cutoff=_AS_CLOSE))

"""The words for dates, and for days that have to be counted out, in three languages.

They are looked for in small letters without accents, as `words.unaccented` makes them. What a date
is worth is never reckoned: it is enough to know that one was told, in figures or in words.
"""

import re
from difflib import get_close_matches

from mentoring.flows.number_words import is_a_number
from mentoring.flows.slot_words import DAYS, TODAY, TOMORROW

_MONTHS = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|may|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|octubre|noviembre|diciembre|janvier|fevrier|mars|avril|mai|juin|"
    r"juillet|aout|septembre|octobre|novembre|decembre)"
)
# "Friday may be good" tells no month.
_WHOLE_MONTH = rf"(?!(?:may|mar|dec)\b){_MONTHS}"
_WEEKDAYS = rf"(?:{'|'.join(word for word in DAYS if DAYS[word] not in (TODAY, TOMORROW))})"

_ENGLISH = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth"),
)
# "Cuarto" is a quarter of an hour as well, and stands by itself below.
_SPANISH = (
    *("primero", "primera", "primer", "segundo", "segunda", "tercero", "tercera", "tercer"),
    *("quinto", "quinta", "sexto", "sexta", "septimo", "septima", "setimo", "setima", "octavo"),
    *("octava", "noveno", "novena", "nono", "decimo", "decima", "undecimo", "duodecimo"),
    *("decimoctavo", "vigesimo", "trigesimo", "onceavo", "doceavo", "treceavo", "catorceavo"),
    *("quinceavo", "dieciseisavo", "diecisieteavo", "dieciochoavo", "diecinueveavo"),
    *("veinteavo", "veintiunavo", "treintavo"),
)
_FRENCH = (
    *("premier", "premiere", "second", "seconde", "unieme", "deuxieme", "troisieme"),
    *("quatrieme", "cinquieme", "sixieme", "septieme", "huitieme", "neuvieme", "dixieme"),
    *("onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme", "vingtieme"),
    "trentieme",
)
_WORDS = (*_ENGLISH, *_SPANISH, *_FRENCH)
# Longer words for a day that has to be counted out, in which a slip is likely.
_COUNTED = ("following", "proximo", "siguiente", "prochain", "suivant")
_TENS = (
    r"(?:(?:twenty|thirty|decimo|vigesimo|trigesimo|(?:dix|vingt|trente)(?:[ -]?et)?)(?:[ -]?y)?"
    r"[ -]?)"
)
_BEFORE_FOURTH = (
    *("el", "dia", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
)
_AFTER_SPANISH_DAY = "|".join(rf"(?<=\b{word} )" for word in _BEFORE_FOURTH)
_FOURTH = (
    r"(?:decimo|vigesimo|trigesimo)[ -]?cuart[oa]|"
    rf"(?:{_AFTER_SPANISH_DAY})cuarto(?! (?:para|de hora)\b)|"
    rf"cuarto(?= (?:de )?{_MONTHS}\b)"
)
# "First thing" is no day of a month.
_ORDINAL = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|ers?|re|ro|i?emes?|e)|{_FOURTH}|"
    rf"{_TENS}?(?:{'|'.join(_WORDS)})s?)\b(?! (?:thing|hora|heure)\b)"
)
# "6 pm" and "18 h" are hours, and no day of the month before them.
_NO_HOUR = r"(?!\d|[:.h]\d| ?h\b| ?[ap]\b| ?[ap]\.? ?m\b)"
_DAY_OF_MONTH = rf"(?:{_ORDINAL}|\d{{1,2}}o?)"
_YEAR = r"(?:,? (?:de |del )?20\d\d\b)?"
_WITH_MONTH = (
    rf"\b20\d\d-\d{{1,2}}-\d{{1,2}}\b|\b\d{{1,2}}[/-]\d{{1,2}}[/-](?:20)?\d\d\b|"
    rf"\b\d{{1,2}}/\d{{1,2}}{_NO_HOUR}|"
    rf"\b(?:the )?{_DAY_OF_MONTH} ?(?:of |de )?{_MONTHS}\b\.?{_YEAR}|"
    rf"\b{_MONTHS}\.? (?:the )?{_DAY_OF_MONTH}{_NO_HOUR}{_YEAR}"
)
DATES_WITH_MONTH = re.compile(_WITH_MONTH)
DATES = re.compile(rf"{_WITH_MONTH}|\b(?:the )?{_ORDINAL}")
# Whatever of a date is left; it says no day of the week. "De sept heures" is no September.
A_DATE = re.compile(
    rf"\d/\d|\d-\d{{1,2}}-\d|\b{_MONTHS}\.? \d|\d (?:of |de )?{_MONTHS}\b|"
    rf"\b(?:(?:in|of) |(?:en|de) (?!sept\b)){_MONTHS}\b|\b{_ORDINAL}|"
    rf"\b{_WHOLE_MONTH},? {_WEEKDAYS}\b|\b{_WEEKDAYS},? {_WHOLE_MONTH}\b"
)
# A day that has to be counted out: people mean different days by "next Tuesday".
COUNTED_DAYS = re.compile(
    r"\b(?:next|nxt|nex)\b|\bfollowing\b|\bproxim[oa]s?\b|\b(?:sub)?siguientes?\b|\bentrante\b|"
    r"\bprochaine?s?\b|\bsuivante?s?\b|\bdapres\b(?![ -]?midi)|\blendemain\b|"
    r"\bque (?:viene|sigue|entra)\b|\bin \d+ (?:days?|weeks?)\b|day (?:week|wk)\b|"
    r"\b(?:in a|a) week\b|\bweek (?:from|after|before)\b|\b(?:couple of|few) weeks\b|"
    r"\botra semana\b|\b(?:en|dentro de|dans) (?!la )\w+ (?:dias?|semanas?|jours?|semaines?)\b|"
    r"\ben (?:8|15|huit|quinze)\b|(?<!every )\bfortnight\b|(?<!cada )\bquincena\b|"
    r"(?<!chaque )\bquinzaine\b|\bmonths?\b|\bmois\b|\b(?:del?|al|cada|este|por|un) mes\b|"
    rf"\bday (?:after|before) {_WEEKDAYS}\b|"
    rf"(?<!\by )(?<!\bun )(?<!\bmenos )\bcuart[oa] (?:{_WEEKDAYS}|semana)\b|"
    rf"\b{_ORDINAL}[ -](?:{_WEEKDAYS}|weeks?|semanas?|semaines?)\b|"
    rf"\b(?:last|(?:pen)?ultimo|dernier|another|different|(?<!every )other|(?<!cada )otro|"
    rf"l?autre)s? {_WEEKDAYS}\b|\b{_WEEKDAYS} (?:pasado|dernier|passe)\b"
)
# In French "mar" is a Tuesday where an hour or a date comes after it, and else a month.
_TUESDAY = re.compile(
    r"(?<!\d )\bmar\.?(?= (?:a )?\d{1,2}(?:[:.][0-5]\d)? ?(?:[h:]|[ap]\.? ?m\b)|"
    rf" (?:\d{{1,2}}(?:er)?|premier) {_MONTHS}\b)"
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_TENS_BEFORE = re.compile(r"^(?:decimo|vigesimo|trigesimo)")
_AS_CLOSE = 0.85


def with_tuesday(text: str) -> str:
    """Return the text with the short French Tuesday in full, before it is taken for a month."""
    return _TUESDAY.sub("mardi", text)


def has_slip_in_date(text: str) -> bool:
    """Tell whether a word may tell another day with a slip in it, such as `thirteeth`."""
    words = {_TENS_BEFORE.sub("", word) for word in _WORD.findall(text) if not is_a_number(word)}
    known = (*_WORDS, *_COUNTED)
    slips = words.difference(known)
    return any(get_close_matches(word, known, n=1, cutoff=_AS_CLOSE) for word in slips)

"""Reading a day and a time: `Tue 6 pm`, `mardi 18 h 30`, `martes a las 6 de la tarde`.

A slot is stored as `tue 18:00`. While morning or evening is still open it is `tue 6` or `tue 6.30`,
and when only one piece was told it is that piece alone: `tue`, `18:00`, `6.30`.
Rather ask again than take a wrong one: two days, two times, a span, a date, or the clock of
another place is unclear.
"""

import re
from collections.abc import Sequence

from mentoring.flows.date_words import (
    A_DATE,
    COUNTED_DAYS,
    DATES,
    DATES_WITH_MONTH,
    has_slip_in_date,
    with_tuesday,
)
from mentoring.flows.other_clocks import tells_another_clock
from mentoring.flows.readings import Unclear
from mentoring.flows.slot_words import (
    DAYS,
    EVERY_TIME,
    KNOWN_WORDS,
    NIGHT,
    NOT_EXACT,
    NOT_FREE,
    TODAY,
    TOMORROW,
)
from mentoring.flows.times import (
    has_unread_number,
    in_digits,
    in_english,
    read_hour,
    time_of,
    times_in,
    whole_time,
)
from mentoring.flows.vocabulary import FILLERS, NEGATIONS
from mentoring.flows.words import LONGEST_ANSWER, unaccented
from mentoring.languages import Language, Localized, spoken_clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONCE = (TODAY, TOMORROW)
STRANGE_WORDS = 3

_WORD = re.compile(r"[^\W\d_]+")
_SPAN = re.compile(r"\b(\d{1,2}) (?:to|till|before|of) \d{1,2}\b")
_LONELY_MINUTE = re.compile(r"\b\d{1,2} \d\b")
# "20 to 6" is a time, "5 to 6" may be a span.
_MINUTES_TO = frozenset({"15", "20", "25"})
_BESIDE_HOUR = re.compile(r"(?<![:.\d])\d{1,2} +nth\b")
_LATE_AT_NIGHT = 6
# A number and nothing else may be the answer to something else.
_NUMBER_ALONE = re.compile(r"\W*\d+\W*")

_NO_DAY = Unclear("no day", "NODAY")
_NO_TIME = Unclear("no such time", "NOTIME")
_NOT_ONE = Unclear("not one day and one time", "ONESLOT")
_A_DATE = Unclear("a date and no day of the week", "WEEKDAY")
_DATED = Unclear("a date beside the day of the week", "DATED")
_DATED_HOUR = Unclear("a day beside the hour")
_ANOTHER_CLOCK = Unclear("by the clock of another place", "OWNCLOCK")


def read_slot(body: str, *, one_off: bool = False) -> str | Unclear:
    """Return the one day and time told; `today` and `tomorrow` count where it happens once."""
    if len(body) > LONGEST_ANSWER:
        return Unclear("too long")
    told = _without_date(_plain(body), one_off=one_off)
    if isinstance(told, Unclear):
        return told
    text = in_english(told)
    if EVERY_TIME.search(text):
        return _NOT_ONE
    if tells_another_clock(body):
        return _ANOTHER_CLOCK
    day, rest = _take_day(text, one_off=one_off)
    time = _time(rest)
    if _NUMBER_ALONE.fullmatch(rest) and not day:
        return _NO_DAY
    for piece in (day, time):
        if isinstance(piece, Unclear):
            return piece
    # A piece alone must stand alone: "the sun is out" tells no day.
    most = STRANGE_WORDS if day and time else 0
    if not (day or time) or _is_doubtful(rest, most):
        return Unclear("not a clear day and time")
    return f"{day} {time}".strip()


def _plain(body: str) -> str:
    return with_tuesday(unaccented(body))


def _without_date(body: str, *, one_off: bool) -> str | Unclear:
    """Return the words without a date, which says no more than the day of the week beside it.

    Of what happens once the date may be another day than the next one of that name.
    """
    if _tells_counted_day(body):
        return _A_DATE
    if not _tells_date(body):
        return _DATED if one_off and has_slip_in_date(body) else body
    rest = DATES.sub(" ", body)
    if not _named_weekdays(body) or _tells_date(rest) or len(DATES.findall(body)) > 1:
        return _A_DATE
    if one_off:
        return _DATED
    # "Six fifteenth" may be meant for a quarter past six.
    return _NOT_ONE if _BESIDE_HOUR.search(in_english(DATES.sub(" nth ", body))) else rest


def _tells_counted_day(body: str) -> bool:
    # "March 6th, Friday" is a date beside its day, and "the 6th Friday" is counted out.
    text = DATES_WITH_MONTH.sub(" ", body)
    return any(COUNTED_DAYS.search(words) for words in (text, in_english(text)))


def _tells_date(body: str) -> bool:
    return any(A_DATE.search(words) for words in (body, in_english(body)))


def _named_weekdays(body: str) -> set[str]:
    named = {DAYS[word] for word in _WORD.findall(in_english(body)) if word in DAYS}
    return named & set(WEEKDAYS)


def read_slot_hour(body: str) -> str | Unclear:
    """Return the hour of a slot whose day is known, as `read_hour` does."""
    if tells_another_clock(body):
        return _ANOTHER_CLOCK
    # The day that was told before must stay the one that is meant.
    dated = isinstance(_without_date(_plain(body), one_off=True), Unclear)
    return _DATED_HOUR if dated else read_hour(body)


def why_not_day(body: str) -> Unclear | None:
    """Return why a weekday may be meant as another day than the next of its name, or None."""
    told = _plain(body)
    read = _without_date(told, one_off=True) if _named_weekdays(told) else told
    return read if isinstance(read, Unclear) else None


def spoken_slot(slot: str) -> Localized:
    """Return a stored slot as people say it: `Tuesday at 6 pm`, `tomorrow at 5:30 pm`."""
    pieces = slot.split()
    day, clock = day_in(pieces), hour_in(pieces)
    return Localized.of(lambda language: _slot_in(language, day, clock))


def _slot_in(language: Language, day: str, clock: str) -> str:
    days = dict(zip(WEEKDAYS, language.weekdays, strict=True))
    days |= {TODAY: language.today, TOMORROW: language.tomorrow}
    told = (days.get(day, ""), spoken_clock(clock).in_language(language.code) if clock else "")
    return f" {language.at} ".join(piece for piece in told if piece)


def whole_slot(pieces: Sequence[str]) -> str:
    """Return day and time out of what was told piece by piece, or "" while a piece is missing."""
    day, time = day_in(pieces), time_in(pieces)
    return f"{day} {time}" if day and time else ""


def day_in(pieces: Sequence[str]) -> str:
    """Return the day among the pieces, or the empty string."""
    return next((piece for piece in pieces if piece in WEEKDAYS or piece in _ONCE), "")


def hour_in(pieces: Sequence[str]) -> str:
    """Return the hour among the pieces, whether its half of the day is known or not, or ""."""
    return next((piece for piece in pieces if piece[:1].isdecimal()), "")


def time_in(pieces: Sequence[str]) -> str:
    """Return `HH:MM` out of a whole time, or of an hour with "am" or "pm"; "" if neither."""
    whole = next((piece for piece in pieces if ":" in piece), "")
    hour = hour_in(pieces)
    part = next((piece for piece in pieces if piece in ("am", "pm")), "")
    return whole or (whole_time(hour, part) if hour and part else "")


def _take_day(text: str, *, one_off: bool) -> tuple[str | Unclear, str]:
    """Return the one day that is named, or "" if none is, and the text without the days."""
    named = {DAYS[word] for word in _WORD.findall(text) if word in DAYS}
    rest = _WORD.sub(lambda word: " , " if word[0] in DAYS else word[0], text)
    if not named:
        return "", rest
    if len(named) > 1:
        return _NOT_ONE, rest
    day = named.pop()
    return (_A_DATE if day in _ONCE and not one_off else day), rest


def _time(text: str) -> str | Unclear:
    """Return the one time that is told, `6` or `6.30` while the half day is open, "" if none is."""
    digits = in_digits(text)
    is_span = any(match[1] not in _MINUTES_TO for match in _SPAN.finditer(text))
    if is_span or _LONELY_MINUTE.search(digits):
        return _NOT_ONE
    found = {(hour, minute, part) for hour, minute, part, _ in times_in(text)}
    if not found:
        return ""
    if len(found) > 1 or has_unread_number(text):
        return _NOT_ONE
    hour, minute, part = found.pop()
    parts = set(re.findall(r"\b(?:am|pm)\b", digits))
    if len(parts) > 1:
        return _NOT_ONE
    part = part or "".join(parts)
    if NIGHT.search(text) and hour < _LATE_AT_NIGHT:
        # "2 at night" may be deep in the night, or not: that is asked.
        part = ""
    told = time_of(hour, minute, part)
    return _NO_TIME if isinstance(told, Unclear) else told


def _is_doubtful(rest: str, most_strange: int) -> bool:
    """Tell whether the words around a day and a time make them uncertain."""
    words = _WORD.findall(in_digits(rest))
    if any(word in NEGATIONS | NOT_EXACT | NOT_FREE for word in words):
        return True
    known = FILLERS | KNOWN_WORDS
    return sum(word not in known for word in words) > most_strange

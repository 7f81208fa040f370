"""Reading a time of day as people say it.

Without "am" or "pm" a time is taken to lie between 7 in the morning and 7 in the evening, for that
is when people call; by voice it is read back before it counts.
"""

import re

from mentoring.flows.number_words import is_like_a_number
from mentoring.flows.readings import Unclear
from mentoring.flows.slot_words import NIGHT, SPELLINGS
from mentoring.flows.vocabulary import NUMBERS
from mentoring.flows.words import flat

_WORDS = {
    **{word: str(number) for word, number in NUMBERS.items()},
    **{"quarter": "15", "oh": "0", "zero": "0", "cero": "0"},
}
_DAY_PARTS = (
    (re.compile(r"(?<![a-z])a\s*\.?\s*m\b\.?|\b(?:in the )?morning\b"), " am "),
    (re.compile(r"(?<![a-z])p\s*\.?\s*m\b\.?|\b(?:in the )?(?:afternoon|evening)\b"), " pm "),
    (re.compile(r"\b(?:at )?night\b|\btonight\b"), " pm "),
    (re.compile(r"\b(?:12 )?(?:noon|midday)\b"), " 12:00 pm "),
    (re.compile(r"\b(?:12 )?midnight\b"), " 12:00 am "),
)
_TO = re.compile(r"\b(\d{1,2}) (?:minutes? )?(?:to|till|before|of) (\d{1,2})\b")
_PAST = re.compile(r"\b(half|\d{1,2}) (?:minutes? )?(?:past|after) (\d{1,2})\b")
_BELL = re.compile(r"\bo ?clock\b")
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})(?!\d)(?:(?:[:.h]| (?=[0-5]?\d\b))(?P<minute>\d{1,2})(?!\d))?"
    r"\s*(?P<part>am\b|pm\b)?"
)
_FOUR_DIGITS = re.compile(r"\b([01]?\d|2[0-3])([0-5]\d)\b")
# The word after an hour, or before "to 6": where it may be a number, it may be the minutes.
_BESIDE = re.compile(
    r"\d(?: *[ap]m\b)? *(?:\b(?:y|con|et|and|menos|moins) )?"
    r"(?!once (?:per|every|each)\b|media hora\b)\b([^\W\d_]{2,})|"
    r"\b([^\W\d_]{3,}) (?:to|of|past|after) \d"
)
_SAME_TWICE = re.compile(r"\b(\d{1,2})(?::00)? (?:y|con|et) \1\b")
_BARE_FROM = 3


def read_clock(body: str) -> str | Unclear:
    """Return the one time told, as `HH:MM`. A bare 1 or 2 is an option and no time."""
    text = in_english(body)
    found = times_in(text)
    if len(found) != 1 or has_unread_number(text):
        return Unclear("no one time")
    hour, minute, part, is_bare = found[0]
    if is_bare and not _BARE_FROM <= hour <= 12:
        return Unclear("a number and no time")
    return _as_clock(hour, minute, part)


def read_hour(body: str) -> str | Unclear:
    """Return the time told: `HH:MM`, or `4` or `4.10` when morning or not is still open."""
    text = in_english(body)
    found = times_in(text)
    if len(found) != 1 or has_unread_number(text):
        return Unclear("no one hour")
    hour, minute, part, _ = found[0]
    if part or not 1 <= hour <= 12:
        return _as_clock(hour, minute, part)
    return _half_day(hour, minute)


def hour_pressed(digits: str) -> str | Unclear:
    """Return the time of one to four digits: an hour, or an hour and minutes; as `read_hour`."""
    hour, minute = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hour == 0:
        return Unclear("no such hour")
    return _half_day(hour, minute) if hour <= 12 else _as_clock(hour, minute, "")


def whole_time(half_day: str, part: str) -> str:
    """Return `4` or `4.10` together with "am" or "pm" as `HH:MM`; a whole time unchanged."""
    if ":" in half_day:
        return half_day
    hour, _, minute = half_day.partition(".")
    return f"{int(hour) % 12 + (12 if part == 'pm' else 0):02d}:{minute or '00'}"


def time_of(hour: int, minute: int, part: str) -> str | Unclear:
    """Return `HH:MM`, or `6` or `6.30` when it may be in the morning or later in the day."""
    is_open = not part and 1 <= hour < 12
    return _half_day(hour, minute) if is_open else _as_clock(hour, minute, part)


def _half_day(hour: int, minute: int) -> str | Unclear:
    if minute > 59:
        return Unclear("no such time")
    return f"{hour}.{minute:02d}" if minute else str(hour)


def _as_clock(hour: int, minute: int, part: str) -> str | Unclear:
    if minute > 59 or hour > (12 if part else 23) or (part and hour == 0):
        return Unclear("no such time")
    if part == "am":
        hour %= 12
    elif part == "pm":
        hour = hour % 12 + 12
    elif 1 <= hour < 7:
        hour += 12
    return f"{hour:02d}:{minute:02d}"


def in_english(body: str) -> str:
    """Return the body in small letters without accents, foreign words of time made English."""
    text = flat(body)
    for spelling, standard in SPELLINGS:
        text = spelling.sub(standard, text)
    return text


def times_in(body: str) -> list[tuple[int, int, str, bool]]:
    """Return every time in the body: hour, minute, "am" or "pm" or "", whether a bare number.

    Twelve at night is midnight.
    """
    text = in_digits(body)
    is_night = NIGHT.search(body) is not None
    times = []
    for match in _TIME.finditer(text):
        hour, minute, part = int(match["hour"]), match["minute"], match["part"] or ""
        if hour == 12 and is_night:
            part = "am"
        times.append((hour, int(minute or 0), part, not minute and not part))
    return times


def has_unread_number(body: str) -> bool:
    """Tell whether a word beside a time may be a number that was not read, such as its minutes."""
    text = in_digits(body)
    if _SAME_TWICE.search(text):
        return True
    found = _BESIDE.findall(text)
    return any(is_like_a_number(word) for words in found for word in words if word)


def in_digits(body: str) -> str:
    """Return the body with words as digits, and `quarter to 5` as `4:45`."""
    text = re.sub(r"[^\W\d_]+", lambda word: _WORDS.get(word[0], word[0]), flat(body))
    for spelling, standard in _DAY_PARTS:
        text = spelling.sub(standard, text)
    text = _BELL.sub(":00", text).replace(" :00", ":00")
    text = _TO.sub(_minutes_to, text)
    text = _PAST.sub(lambda m: f"{m[2]}:{'30' if m[1] == 'half' else m[1].zfill(2)}", text)
    text = re.sub(r"\b0 (\d)\b", r"0\1", text)
    return _FOUR_DIGITS.sub(r"\1:\2", text)


def _minutes_to(match: re.Match[str]) -> str:
    minutes, hour = int(match[1]), int(match[2])
    if not 1 <= minutes <= 59 or not 1 <= hour <= 12:
        return match[0]
    return f"{(hour - 2) % 12 + 1}:{60 - minutes:02d}"

"""The languages that the service speaks, and how each of them says days, times and lists (A20).

A day or a time is put into words long before it is known who hears them. So these words are
`Localized`: English wherever staff read them, and in the listener's language inside a prompt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ENGLISH = "en"


class Localized(str):
    """Words that are known in every language: in English by themselves."""

    _in: Callable[["Language"], str]

    @staticmethod
    def of(make: Callable[["Language"], str]) -> "Localized":
        """Return the words that `make` gives for a language."""
        words = Localized(make(LANGUAGES[ENGLISH]))
        words._in = make
        return words

    def in_language(self, code: str) -> str:
        """Return the words in the language of that code."""
        return self._in(language_named(code))


def in_each(*, en: str, es: str, fr: str, **filling: str) -> Localized:
    """Return words that are written in every language, each `{name}` filled in that language."""
    written = {"en": en, "es": es, "fr": fr}
    return Localized.of(
        lambda language: written[language.code].format_map(
            {name: in_language(words, language.code) for name, words in filling.items()}
        )
    )


def kept(words: str) -> dict[str, str]:
    """Return words as they are kept for later: in every language, by its code."""
    return {code: in_language(words, code) for code in LANGUAGES}


def as_kept(words: Mapping[str, str] | str) -> str:
    """Return words that were kept; what was kept in English alone stays so."""
    if isinstance(words, str):
        return words
    return Localized.of(lambda language: words.get(language.code, words[ENGLISH]))


def in_language(words: str, code: str) -> str:
    """Return words in the language of that code, where they are known in it."""
    return words.in_language(code) if isinstance(words, Localized) else words


@dataclass(frozen=True)
class Language:
    """What a language says outside the prompts. Weekdays start on Monday.

    at: between a day and a time. heard: words that the recogniser should expect at every question.
    """

    code: str
    english_name: str
    weekdays: tuple[str, ...]
    today: str
    tomorrow: str
    at: str
    staff: str
    somebody_else: str
    # After a name, where two on one phone have the same.
    who_gets_mentor: str
    who_is_mentor: str
    yes_no: tuple[str, str]
    heard: tuple[str, ...]
    say_date: Callable[[date], str]
    say_time: Callable[[int, int], str]
    # An hour of which morning or later is not told yet.
    say_open_time: Callable[[int, str], str]
    list_up: Callable[[Sequence[str]], str]


def _english_date(day: date) -> str:
    return f"{day:%a}, {day:%b} {day.day}"


def _english_time(hour: int, minute: int) -> str:
    minutes = f":{minute:02d}" if minute else ""
    return f"{(hour - 1) % 12 + 1}{minutes} {'am' if hour < 12 else 'pm'}"


def _english_open_time(hour: int, minute: str) -> str:
    return f"{hour}:{minute}" if minute else str(hour)


_DIAS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MESES = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)


def _spanish_date(day: date) -> str:
    return f"{_DIAS[day.weekday()]} {day.day} de {_MESES[day.month - 1]}"


def _spanish_time(hour: int, minute: int) -> str:
    """Return `las 4 de la tarde`: with its article, so that "a", "desde" or "hasta" may precede."""
    shown = _spanish_open_time((hour - 1) % 12 + 1, f"{minute:02d}" if minute else "")
    if (hour, minute) == (12, 0):
        return f"{shown} del mediodía"
    parts = ((1, "noche"), (6, "madrugada"), (12, "mañana"), (19, "tarde"), (24, "noche"))
    part = next(name for until, name in parts if hour < until)
    return f"{shown} de la {part}"


def _spanish_open_time(hour: int, minute: str) -> str:
    return f"{'la' if hour == 1 else 'las'} {_english_open_time(hour, minute)}"


_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
    *("septembre", "octobre", "novembre", "décembre"),
)


def _french_date(day: date) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_JOURS[day.weekday()]} {number} {_MOIS[day.month - 1]}"


def _french_time(hour: int, minute: int) -> str:
    if not minute and hour in (0, 12):
        return "midi" if hour else "minuit"
    return _french_open_time(hour, f"{minute:02d}" if minute else "")


def _french_open_time(hour: int, minute: str) -> str:
    return f"{hour} h {minute}" if minute else f"{hour} h"


def _with(last: Callable[[str], str]) -> Callable[[Sequence[str]], str]:
    """Return what lists words up, with the word that `last` puts before the last of them."""

    def list_up(words: Sequence[str]) -> str:
        *others, final = words
        return f"{', '.join(others)} {last(final)} {final}" if others else final

    return list_up


def _spanish_and(word: str) -> str:
    return "e" if word.lower().startswith(("i", "hi")) else "y"


LANGUAGES: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language(
            code=ENGLISH,
            english_name="English",
            weekdays=(
                *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            ),
            today="today",
            tomorrow="tomorrow",
            at="at",
            staff="Our staff",
            somebody_else="somebody else",
            who_gets_mentor="who gets a mentor",
            who_is_mentor="the mentor",
            yes_no=("yes", "no"),
            heard=("person", "again", "more time"),
            say_date=_english_date,
            say_time=_english_time,
            say_open_time=_english_open_time,
            list_up=_with(lambda _: "and"),
        ),
        Language(
            code="es",
            english_name="Spanish",
            weekdays=_DIAS,
            today="hoy",
            tomorrow="mañana",
            at="a",
            staff="Nuestro equipo",
            somebody_else="otra persona",
            who_gets_mentor="que recibe mentoría",
            who_is_mentor="que da mentoría",
            yes_no=("sí", "no"),
            heard=("persona", "otra vez", "más tiempo"),
            say_date=_spanish_date,
            say_time=_spanish_time,
            say_open_time=_spanish_open_time,
            list_up=_with(_spanish_and),
        ),
        Language(
            code="fr",
            english_name="French",
            weekdays=_JOURS,
            today="aujourd'hui",
            tomorrow="demain",
            at="à",
            staff="Notre équipe",
            somebody_else="quelqu'un d'autre",
            who_gets_mentor="qui reçoit de l'aide",
            who_is_mentor="qui est mentor",
            yes_no=("oui", "non"),
            heard=("personne", "encore", "plus de temps"),
            say_date=_french_date,
            say_time=_french_time,
            say_open_time=_french_open_time,
            list_up=_with(lambda _: "et"),
        ),
    )
}


def language_named(code: str) -> Language:
    """Return the language of that code, or English where there is none."""
    return LANGUAGES.get(code, LANGUAGES[ENGLISH])


def spoken_clock(clock: str) -> Localized:
    """Return `HH:MM` as people say it: `4 pm`, `4:05 pm`; half a day's time as `4:05`."""
    hour, colon, minute = clock.partition(":")
    if colon:
        return Localized.of(lambda language: language.say_time(int(hour), int(minute)))
    hour, _, minute = clock.partition(".")
    if not hour.isdecimal():
        return Localized.of(lambda _: clock)
    return Localized.of(lambda language: language.say_open_time(int(hour), minute))


def spoken_date(day: date) -> Localized:
    """Return a calendar day as people say it: `Tue, Mar 3`."""
    return Localized.of(lambda language: language.say_date(day))


def spoken_weekday(day: date) -> Localized:
    """Return the day of the week: `Tuesday`."""
    return Localized.of(lambda language: language.weekdays[day.weekday()])


def listed(words: Sequence[str]) -> Localized:
    """Return words as a list: `a, b and c`. Raises ValueError for none."""
    return Localized.of(
        lambda language: language.list_up([in_language(word, language.code) for word in words])
    )


def staff_named(name: str) -> str:
    """Return the name of staff; where they have none of their own, in every language."""
    if name != LANGUAGES[ENGLISH].staff:
        return name
    return Localized.of(lambda language: language.staff)

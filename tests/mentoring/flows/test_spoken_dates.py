"""Every day of a month in words, in three languages, and days that have to be counted out.

A talk that happens once is never booked for the next day of that name, when another may be meant.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from mentoring.flows.inputs import Text, Value, read_answer
from mentoring.flows.readings import Unclear
from mentoring.flows.slots import read_slot
from mentoring.flows.steps import Ask
from mentoring.flows.talks import LAST_TALK
from mentoring.flows.words import flat
from tests.mentoring.flows.caller import CATALOG

SMALL = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
    "es": "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo"
    " duodécimo decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo"
    " decimonoveno",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième"
    " dixième onzième douzième treizième quatorzième quinzième seizième dix-septième"
    " dix-huitième dix-neuvième",
}
TENS = {
    "en": {"twentieth": "twenty-", "thirtieth": "thirty-"},
    "es": {"vigésimo": "vigésimo ", "trigésimo": "trigésimo "},
    "fr": {"vingtième": "vingt-", "trentième": "trente-"},
}
ENDINGS = {"en": ("st", "nd", "rd", "th"), "es": ("ro",), "fr": ("er", "e", "ème", "ième")}
DAY = {"en": "Friday", "es": "viernes", "fr": "vendredi"}
# Months that stand for a word of their own as well are told beside others.
MONTHS = {
    "en": ("March", "May", "Oct"),
    "es": ("marzo", "mayo", "diciembre"),
    "fr": ("mars", "mai", "août", "décembre"),
}
TIMES = {
    "en": ("at 6 pm", "6pm", "at six in the evening"),
    "es": ("a las 6 pm", "a las seis de la tarde", "18:00"),
    "fr": ("à 18h", "à dix-huit heures", "à six heures du soir"),
}
# The day of the month behind the day of the week, where it is surely no second time.
PLAIN = {
    "en": ("{day} the {nth}", "{day}, the {nth},", "{day} {nth}"),
    "es": ("{day} {nth}", "el {day} {nth}", "el {day} día {nth}"),
    "fr": ("{day} {nth}", "{day} le {nth}", "le {day} {nth}"),
}
WITH_MONTH = {
    "en": ("{day} the {nth} of {month}", "{day}, {month} {nth},", "{nth} {month}, {day}"),
    "es": ("{day} {nth} de {month}", "el {day}, el {nth} de {month},", "{nth} de {month}, {day}"),
    "fr": ("{day} {nth} {month}", "{day} le {nth} {month}", "le {nth} {month}, {day}"),
}
LOOSE = {
    "en": ("the {nth}, {day}", "the {nth} {day}", "on the {nth}, a {day},"),
    "es": ("el {nth}, {day}", "{nth} {day}", "el {nth}, un {day},"),
    "fr": ("le {nth}, {day}", "{nth} {day}", "le {nth}, un {day},"),
}


def ordinal(language: str, value: int) -> str:
    """Return the ordinal in words, with the hyphens and accents of its language."""
    small = SMALL[language].split()
    if value < 20:
        return small[value - 1]
    (tens, prefix), ones = list(TENS[language].items())[value // 10 - 2], value % 10
    if not ones:
        return tens
    if language == "fr" and ones == 1:
        return f"{prefix[:-1]} et unième"
    return f"{prefix}{small[ones - 1]}"


def spellings(language: str, value: int) -> set[str]:
    """Return the ways in which people write an ordinal."""
    told = ordinal(language, value)
    ways = {told, told.replace("-", " "), told.replace(" ", "-"), told.capitalize()}
    if language == "en":
        ways.add(told.replace("-", ""))
    if language == "es":
        ways |= {
            told.replace("decimo", "décimo " if value != 18 else "décimo o"),
            told.replace("simo ", "simo"),
        }
        ways |= {way.removesuffix("o") for way in ways if way.endswith(("primero", "tercero"))}
    if language == "fr" and value == 2:
        ways.add("second")
    return ways | {flat(way) for way in ways}


def frames(language: str, table: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield how a date is told before the time, and after it."""
    for date, time in product(table[language], TIMES[language]):
        yield f"{date} {time}"
        yield f"{time} {date}"


def told_as(frame: str, language: str, nth: str, month: str = "") -> str:
    return frame.format(day=DAY[language], nth=nth, month=month)


CASES = pytest.mark.parametrize(
    ("language", "value"), [(each, value) for each in SMALL for value in range(1, 32)]
)


def leads(said: str) -> str:
    """Return with which reason it is asked again of what happens once; what was read, if any."""
    read = read_slot(said, one_off=True)
    return read.lead if isinstance(read, Unclear) else f"read as {read}"


@CASES
def test_a_day_of_the_month_in_words_is_taken_as_in_figures(language: str, value: int) -> None:
    wrong = []
    for nth, frame in product(spellings(language, value), frames(language, PLAIN)):
        said = told_as(frame, language, nth)
        if leads(said) != "DATED" or read_slot(said) != "fri 18:00":
            wrong.append((said, leads(said), read_slot(said)))
    assert not wrong


@CASES
def test_a_date_with_its_month_in_words_is_taken_as_in_figures(language: str, value: int) -> None:
    wrong = []
    for nth, frame in product(spellings(language, value), frames(language, WITH_MONTH)):
        month = MONTHS[language][value % len(MONTHS[language])]
        said = told_as(frame, language, nth, month)
        if leads(said) != "DATED" or read_slot(said) != "fri 18:00":
            wrong.append((said, leads(said), read_slot(said)))
    assert not wrong


@CASES
def test_a_day_of_the_month_before_the_day_of_the_week_is_never_the_next_of_that_name(
    language: str, value: int
) -> None:
    wrong = []
    for nth, frame in product(spellings(language, value), frames(language, LOOSE)):
        said = told_as(frame, language, nth)
        weekly = read_slot(said)
        is_good = isinstance(weekly, Unclear) or weekly == "fri 18:00"
        if leads(said) not in ("DATED", "WEEKDAY", "ONESLOT") or not is_good:
            wrong.append((said, leads(said), weekly))
    assert not wrong


@CASES
def test_a_day_of_the_month_in_figures_is_never_the_next_day_of_that_name(
    language: str, value: int
) -> None:
    tables = (PLAIN, WITH_MONTH, LOOSE)
    for ending, table in product(ENDINGS[language], tables):
        for frame in frames(language, table):
            said = told_as(frame, language, f"{value}{ending}", MONTHS[language][0])
            assert isinstance(read_slot(said, one_off=True), Unclear), said


def test_the_first_friday_of_a_month_is_not_every_friday() -> None:
    orders: dict[str, tuple[str, ...]] = {
        "en": ("first", "1st", "second", "third", "fourth", "fifth", "last"),
        "es": ("primer", "segundo", "tercer", "cuarto", "quinto", "último"),
        "fr": ("premier", "deuxième", "second", "troisième", "quatrième", "dernier"),
    }
    every = {"en": ("the", "every", "each"), "es": ("el", "cada"), "fr": ("le", "chaque")}
    of_month = {
        "en": ("", "of the month", "of each month", "in March"),
        "es": ("", "del mes", "de cada mes", "de marzo"),
        "fr": ("", "du mois", "de chaque mois", "de mars"),
    }
    for language, order in ((each, order) for each, ways in orders.items() for order in ways):
        for each, rest in product(every[language], of_month[language]):
            day = f"{each} {order} {DAY[language]} {rest}"
            for time in TIMES[language]:
                for said in (f"{day} {time}", f"{time} {day}"):
                    assert isinstance(read_slot(said), Unclear), said
                    assert leads(said) == "WEEKDAY", said


@pytest.mark.parametrize(
    "said",
    [
        *("friday in a fortnight 6 pm", "friday fortnight 6 pm", "the other friday at 6 pm"),
        *("last friday of the month at 6 pm", "friday 6 pm of the second week", "friday next 6 pm"),
        *("another friday 6 pm", "friday 6 pm in march", "the week after, friday 6 pm"),
        *("friday of the week after 6 pm", "friday in a couple of weeks 6 pm"),
        *(
            "viernes de la próxima semana 6 pm",
            "el otro viernes a las 6 pm",
            "viernes próximo 6 pm",
        ),
        *("viernes siguiente a las 6 pm", "el viernes subsiguiente a las 6 pm"),
        *("los primeros viernes del mes a las 6 pm", "viernes de la semana entrante 6 pm"),
        *("viernes 6 pm de la segunda semana", "viernes dentro de una semana a las 6 pm"),
        *("el tercer miércoles a las 6 pm", "6 pm el último sábado", "viernes de marzo 6 pm"),
        *("l'autre vendredi à 18h", "vendredi d'après à 18h", "vendredi d’après 18h"),
        *("vendredi suivant à 18h", "vendredi de la semaine suivante 18h", "vendredi dans un mois"),
        *("vendredi dans une semaine à 18h", "les premiers vendredis du mois 18h"),
        *("March Friday 6 pm", "Friday, April, 6 pm", "nxt friday 6 pm", "friday wk 6 pm"),
        *("vendredi en mars 18h", "vendredi de la troisième semaine à 18h"),
    ],
)
def test_a_day_that_has_to_be_counted_out_is_asked_again(said: str) -> None:
    assert leads(said) == "WEEKDAY"
    assert isinstance(read_slot(said), Unclear)


@pytest.mark.parametrize(
    "said",
    [
        *("Friday the thirteeth at 6 pm", "friday the twelth 6 pm", "6 pm friday fourtenth"),
        *("viernes decimotercro 6 pm", "viernes primeo a las 6 pm", "vendredi quinzième 18h"),
        *("vendredi quatorziéme à 18h", "vendredi le treizieme à 18h", "vendredi premer à 18h"),
        *("proxmo viernes 6 pm", "vendredi prochian 18h", "viernes siguente 6 pm"),
    ],
)
def test_another_day_with_a_slip_in_it_is_asked_again(said: str) -> None:
    assert leads(said) == "DATED"


@pytest.mark.parametrize(
    "said",
    ["every friday, first and third, 6 pm", "friday 1st and 3rd 6 pm", "viernes primero y tercero"],
)
def test_two_dates_are_no_day_of_every_week(said: str) -> None:
    assert isinstance(read_slot(said), Unclear)


@pytest.mark.parametrize("said", ["friday six fifteenth pm", "friday at six thirtieth pm"])
def test_a_time_keeps_what_may_be_its_minutes(said: str) -> None:
    assert isinstance(read_slot(said), Unclear)


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        *(("viernes a las seis y cuarto pm", "fri 18:15"), ("6 y cuarto pm viernes", "fri 18:15")),
        *(
            ("viernes cuarto para las seis pm", "fri 17:45"),
            ("viernes 6 menos cuarto pm", "fri 17:45"),
        ),
        *(("vendredi à 6 heures et quart du soir", "fri 18:15"), ("fri 6 o'clock pm", "fri 18:00")),
        *(("every other friday 6 pm", "fri 18:00"), ("every fortnight friday 6 pm", "fri 18:00")),
        *(("Friday 6 pm may be good", "fri 18:00"), ("samedi d'après-midi 17h", "sat 17:00")),
        *(("friday six thirty pm", "fri 18:30"), ("vendredi dix-huit heures", "fri 18:00")),
        ("this coming friday 6 pm", "fri 18:00"),
        ("vendredi autour de sept heures du soir", "fri 19:00"),
    ],
)
def test_what_is_like_a_day_of_the_month_and_is_none(said: str, slot: str) -> None:
    assert read_slot(said, one_off=True) == slot


@pytest.mark.parametrize(
    "said",
    [
        *("next friday", "friday the thirteenth", "first friday", "friday in two weeks"),
        *("Friday March 13", "vendredi prochain", "viernes primero", "el otro viernes"),
        "the day after friday",
    ],
)
def test_the_day_alone_is_asked_again_as_well(said: str) -> None:
    assert isinstance(read_piece("Z1D", said), Unclear)


@pytest.mark.parametrize(
    "said",
    [
        *("6 pm on the thirteenth", "6 pm next friday", "Friday the 13th", "first friday"),
        *("friday in two weeks", "a las 6 pm el viernes primero", "18h le vendredi suivant"),
    ],
)
def test_an_hour_says_no_other_day_than_the_one_that_was_told(said: str) -> None:
    assert isinstance(read_piece("Z1T", said), Unclear)


def test_a_day_and_an_hour_alone_are_taken_as_before() -> None:
    days = ("Fridays please", "5", "viernes", "vendredi")
    assert {read_piece("Z1D", said) for said in days} == {Value("fri", sure=True)}
    assert read_piece("Z1T", "at six thirty pm") == Value("18:30", sure=True)


def read_piece(key: str, said: str) -> object:
    ask = LAST_TALK.ask(key)
    assert isinstance(ask, Ask)
    return read_answer(ask, CATALOG.wording(ask.prompt), Text(said))

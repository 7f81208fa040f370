"""Every time of a day in words, in three languages: it is read as it was meant, or asked again."""

from collections.abc import Iterator

import pytest

from mentoring.flows.readings import Unclear
from mentoring.flows.slots import read_slot
from mentoring.flows.times import read_clock, read_hour
from mentoring.flows.words import flat

# Numbers up to 20 as each language tells them, and its tens.
SMALL = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty",
    "es": "una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte",
    "fr": "une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze"
    " seize dix-sept dix-huit dix-neuf vingt",
}
TENS = {
    "en": ("twenty", "thirty", "forty", "fifty"),
    "es": ("veinte", "treinta", "cuarenta", "cincuenta"),
    "fr": ("vingt", "trente", "quarante", "cinquante"),
}
IN_TWENTIES = {"dos": "dós", "tres": "trés", "seis": "séis"}
# The day, and parts of it with the hours of which they are said.
DAY = {"en": "Friday", "es": "viernes", "fr": "vendredi"}
PARTS: dict[str, dict[str, range]] = {
    "en": {"in the morning": range(5, 12), "pm": range(12, 22), "in the evening": range(17, 22)},
    "es": {"de la mañana": range(5, 12), "de la tarde": range(12, 20), "pm": range(12, 22)},
    "fr": {
        **{"du matin": range(5, 12), "de l'après-midi": range(12, 18), "du soir": range(17, 22)},
    },
}


def number(language: str, value: int) -> str:
    """Return a number in words, with the hyphens and accents of its language."""
    small = SMALL[language].split()
    tens, ones = divmod(value, 10)
    if value <= 20 or not ones:
        return small[value - 1] if value <= 20 else TENS[language][tens - 2]
    told, one = TENS[language][tens - 2], small[ones - 1]
    if language == "es":
        return f"veinti{IN_TWENTIES.get(one, one)}" if tens == 2 else f"{told} y {one}"
    if language == "fr":
        return f"{told} et une" if ones == 1 else f"{told}-{one}"
    return f"{told}-{one}"


def spellings(language: str, value: int) -> set[str]:
    """Return the ways in which people write a number in words."""
    told = number(language, value)
    ways = {told, flat(told), told.replace("-", " "), told.replace(" et ", "-et-")}
    if language == "en":
        ways |= {told.replace("-", ""), told.replace("forty", "fourty")}
    if language == "es" and " y " in told:
        ways |= {told.replace(" y ", " "), told.replace(" y ", "i"), told.replace("una", "uno")}
    if language == "es" and told.startswith("veinti"):
        ways |= {told.replace("una", "uno"), told.replace("veinti", "veinti ")}
    if language == "fr" and told.endswith(" une"):
        ways |= {told.replace(" une", " un")}
    return ways


def ways_to_tell(language: str, hour: int, minute: int) -> Iterator[tuple[str, bool]]:
    """Yield how people tell a time, and whether it has to be read and not asked again."""
    now, following = number(language, hour), number(language, hour % 12 + 1)
    is_five = minute % 5 == 0
    for told in spellings(language, minute):
        if language == "en":
            yield f"at {now} {told if minute > 9 else f'oh {told}'}", True
            yield f"at {told} past {now}", minute <= 30
            yield f"at {told} minutes past {now}", minute <= 30
        elif language == "es":
            article, has_to = "la" if hour == 1 else "las", is_five and minute != hour + 1
            yield f"a {article} {now} y {told}", has_to
            yield f"a {article} {now} con {told}", has_to
            yield f"a {article} {now} {told}", minute > 24
            # "Once" alone is an English word as well.
            yield f"{now} {told}", minute > 24 and hour != 11
        else:
            yield f"à {now} {'heure' if hour == 1 else 'heures'} {told}", minute > 9
            yield f"{now} {'heure' if hour == 1 else 'heures'} et {told}", False
            yield f"à {now} {told}", False
    for left in spellings(language, 60 - minute):
        may_be_span = minute not in (35, 40, 45)
        if language == "en":
            yield f"at {left} to {following}", not may_be_span
        elif language == "es":
            article = "la" if hour == 12 else "las"
            yield f"a {article} {following} menos {left}", is_five and minute >= 30
            yield f"{left} para {article} {following}", not may_be_span
        else:
            heures = "heure" if hour == 12 else "heures"
            yield f"à {following} {heures} moins {left}", is_five and minute >= 30


def is_right_or_asked(read: str | Unclear, meant: str, *, has_to: bool) -> bool:
    """Tell whether what was read is what was meant, or asked again where that is good enough."""
    return not has_to if isinstance(read, Unclear) else read == meant


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("hour", range(1, 13))
def test_each_minute_of_each_hour_counts_or_is_asked_again(language: str, hour: int) -> None:
    wrong, of_day = [], (hour % 12, hour % 12 + 12)
    parts = [
        (part, meant)
        for part, hours in PARTS[language].items()
        for meant in of_day
        if meant in hours
    ]
    for minute in range(1, 60):
        part, meant = parts[minute % len(parts)]
        clock = f"{meant:02d}:{minute:02d}"
        for told, has_to in ways_to_tell(language, hour, minute):
            read = read_slot(f"{DAY[language]} {told} {part}", one_off=True)
            if not is_right_or_asked(read, f"fri {clock}", has_to=has_to):
                wrong.append((told, part, read))
            alone = (read_clock if minute % 2 else read_hour)(f"{told} {part}")
            if not is_right_or_asked(alone, clock, has_to=has_to):
                wrong.append((told, part, alone))
    assert not wrong


@pytest.mark.parametrize("hour", range(13, 24))
def test_the_clock_of_24_hours_keeps_its_minutes_in_words(hour: int) -> None:
    for minute in range(10, 60):
        meant = f"fri {hour}:{minute:02d}"
        for told in spellings("fr", minute):
            assert read_slot(f"vendredi à {number('fr', hour)} heures {told}") == meant
        for told in spellings("es", minute):
            read = read_slot(f"viernes a las {number('es', hour)} y {told}")
            has_to = minute != hour + 1 and (minute % 5 == 0 or minute > 23)
            assert is_right_or_asked(read, meant, has_to=has_to), told


@pytest.mark.parametrize(
    "said",
    [
        *("viernes a las seis y cuarnta pm", "viernes seis cincuent pm", "friday six fity pm"),
        *("vendredi dix-huit heures quarente", "vendredi 18 heures un quart", "friday six sixty"),
        *("vendredi dix-huit heures trois quarts", "viernes seis media pm", "viernes 6 once pm"),
        *("vendredi six heures un du soir", "viernes a las seis y un pm", "friday twnty to six pm"),
        *("viernes a las diez y seis", "viernes a las veinte y cinco y diez", "lunes 6 y 7 pm"),
        *("lunes entre las 18 y 30", "lunes a las 9 y 10", "vendredi entre midi et deux"),
        *("viernes a las dos y dos", "vendredi six heures et six", "viernes 6 y uno pm"),
        *("friday 6 pm soixante", "viernes 6 pm y veintidoss", "lunes desde las seis pm"),
    ],
)
def test_a_number_that_was_not_read_beside_a_time_makes_it_unclear(said: str) -> None:
    assert isinstance(read_slot(said, one_off=True), Unclear)


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        *(("friday 6 pm once per week", "fri 18:00"), ("viernes 6 pm media hora", "fri 18:00")),
        *(("Friday 6 pm with Trent", "fri 18:00"), ("friday at 6 for half an hour", "fri 6")),
        *(("vendredi midi vingt", "fri 12:20"), ("viernes mediodía cuarenta", "fri 12:40")),
        *(("friday twelve thirty at night", "fri 00:30"), ("viernes noche a las 12", "fri 00:00")),
        ("viernes a las doce y media de la noche", "fri 00:30"),
        *(("vendredi 18h et demie", "fri 18:30"), ("viernes a las 18 h y 20", "fri 18:20")),
        *(("vendredi 6h et quart du soir", "fri 18:15"), ("viernes 18 horas y media", "fri 18:30")),
        *(
            ("vendredi dix-huit heures cinq", "fri 18:05"),
            ("viernes seis cero cinco pm", "fri 18:05"),
        ),
        ("Friday 6 pm for forty-five minutes", "fri 18:00"),
    ],
)
def test_what_is_no_number_beside_a_time_and_noon_and_midnight(said: str, slot: str) -> None:
    assert read_slot(said) == slot


@pytest.mark.parametrize("told", ["son las once y cincuenta", "onze heures cinquante"])
def test_the_clock_on_the_wall_by_which_the_zone_is_found_keeps_its_minutes(told: str) -> None:
    # 11:00 is ten minutes from the clock of Chicago when it is 11:50 in New York.
    assert read_clock(told) == "11:50"

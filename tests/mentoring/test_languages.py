"""Days, times and lists as each language says them, and who is spoken to in which language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from mentoring.clock import ManualClock, spoken_day, spoken_time
from mentoring.db import Session
from mentoring.flows.render import fill
from mentoring.flows.slots import spoken_slot
from mentoring.languages import (
    Localized,
    as_kept,
    in_each,
    kept,
    listed,
    spoken_clock,
    spoken_date,
    staff_named,
)
from mentoring.models import Role
from mentoring.people import add_person, add_phone
from mentoring.placeholders import answer_words
from mentoring.programme import Programme
from mentoring.wording import language_for, language_words


def in_all(words: str) -> tuple[str, str, str]:
    assert isinstance(words, Localized)
    return (words.in_language("en"), words.in_language("es"), words.in_language("fr"))


@pytest.mark.parametrize(
    ("clock", "english", "spanish", "french"),
    [
        ("16:00", "4 pm", "las 4 de la tarde", "16 h"),
        ("09:05", "9:05 am", "las 9:05 de la mañana", "9 h 05"),
        ("13:00", "1 pm", "la 1 de la tarde", "13 h"),
        ("19:30", "7:30 pm", "las 7:30 de la noche", "19 h 30"),
        ("12:00", "12 pm", "las 12 del mediodía", "midi"),
        ("12:30", "12:30 pm", "las 12:30 de la tarde", "12 h 30"),
        ("00:00", "12 am", "las 12 de la noche", "minuit"),
        ("04:00", "4 am", "las 4 de la madrugada", "4 h"),
        ("4.10", "4:10", "las 4:10", "4 h 10"),
        ("1", "1", "la 1", "1 h"),
    ],
)
def test_a_time_is_said_as_people_say_it(
    clock: str, english: str, spanish: str, french: str
) -> None:
    assert in_all(spoken_clock(clock)) == (english, spanish, french)


def test_a_day_has_its_weekday_and_a_list_its_and() -> None:
    assert in_all(spoken_date(date(2026, 3, 1))) == (
        "Sun, Mar 1",
        "domingo 1 de marzo",
        "dimanche 1er mars",
    )
    assert in_all(listed(["ventas", "clientes", "internet"])) == (
        "ventas, clientes and internet",
        "ventas, clientes e internet",
        "ventas, clientes et internet",
    )
    assert in_all(listed(["dinero"])) == ("dinero",) * 3
    assert in_all(spoken_slot("tomorrow 17:30")) == (
        "tomorrow at 5:30 pm",
        "mañana a las 5:30 de la tarde",
        "demain à 17 h 30",
    )
    assert in_all(spoken_slot("tue")) == ("Tuesday", "martes", "mardi")


def test_words_are_english_by_themselves_and_another_language_only_inside_a_prompt() -> None:
    at, zone = datetime.fromisoformat("2026-03-05T22:00+00:00"), ZoneInfo("America/Chicago")
    known = {"day": spoken_day(at, zone), "time": spoken_time(at, zone)}
    assert f"{known['day']}, {known['time']}" == "Thu, Mar 5, 4 pm"
    assert fill("{day}, {time}", known) == "Thu, Mar 5, 4 pm"
    assert fill("el {day} a {time}", known, language="es") == (
        "el jueves 5 de marzo a las 4 de la tarde"
    )


def test_an_answer_is_told_in_the_words_of_its_option() -> None:
    assert in_all(answer_words("plan", "GP3", "week")) == (
        "each week",
        "cada semana",
        "chaque semaine",
    )
    assert in_all(answer_words("intake_protege", "PB3", "A,E")) == (
        "money and selling online",
        "dinero y vender en línea",
        "argent et vendre en ligne",
    )


def test_words_inside_words_and_words_that_were_kept_are_told_in_the_same_language() -> None:
    money = in_each(en="money", es="dinero", fr="l'argent")
    rules = in_each(en="rules", es="reglas", fr="les règles")
    said = in_each(
        en="Helps with {topics}, {name}.",
        es="Ayuda con {topics}, {name}.",
        fr="Aide avec {topics}, {name}.",
        topics=listed([money, rules]),
        name="{Bo}",
    )
    told = (
        "Helps with money and rules, {Bo}.",
        "Ayuda con dinero y reglas, {Bo}.",
        "Aide avec l'argent et les règles, {Bo}.",
    )
    assert (str(said), in_all(said), in_all(as_kept(kept(said)))) == (told[0], told, told)
    # What was kept before it was kept in every language is English.
    assert as_kept("Helps with money.") == "Helps with money."


def test_staff_have_a_name_of_their_own_or_one_in_every_language() -> None:
    assert in_all(staff_named("Our staff")) == ("Our staff", "Nuestro equipo", "Notre équipe")
    assert staff_named("Charlotte") == "Charlotte"
    assert not isinstance(staff_named("Charlotte"), Localized)


def test_whose_language_is_not_offered_hears_english_and_staff_see_it(
    session: Session, clock: ManualClock
) -> None:
    now = clock.now()
    phone = add_phone(session, "+15155550131", now=now)
    rosa = add_person(
        session, role=Role.PROTEGE, phone=phone, actor="staff", reason="test", now=now
    )
    rosa.language = "es"
    assert (language_for(rosa), language_words(rosa)) == ("en", "Spanish; hears English")
    session.programme = Programme(languages=("en", "es"))
    assert (language_for(rosa), language_words(rosa)) == ("es", "Spanish")

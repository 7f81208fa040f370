"""A day and a time in one answer, in three languages; what is unclear is asked again."""

import pytest

from mentoring.flows.inputs import Keys, Reading, Speech, Text, Value, read_answer
from mentoring.flows.intake import INTAKE_PROTEGE
from mentoring.flows.readings import Unclear
from mentoring.flows.slots import read_slot, spoken_slot, whole_slot
from mentoring.flows.steps import Ask
from mentoring.flows.talks import LAST_TALK
from tests.mentoring.flows.caller import CATALOG

WHOLE = {
    "tue 18:00": (
        *("Tue 6 pm", "tuesday 6pm", "Tuesdays 18:00", "6 pm on tue", "TUE 6PM", "Tue. 6 p. m."),
        *(
            "mardi 18h",
            "martes 6 de la tarde",
            "martes a las 6 de la tarde",
            "tue 6p",
            "un mardi 18h",
        ),
        *(
            "tue 6 pm my time",
            "Tuesday 6 pm local time",
            "a good time is tue 6 pm",
            "este martes 6 pm",
        ),
        *("mardi 18h est bien", "martes 6 pm mi hora", "mardi 18h c'est bon", "6 pm tuesday works"),
        *("every other tuesday 6 pm", "the usual time, Tuesday 6 pm", "Tuesday at 6:00 p.m."),
        *("Tuesday evenings at 6", "tuesday eve 6", "tue 6 pm for half an hour", "tusday 6pm"),
        *("tue 6p.m.", "Tues 6P.M", "martes 6p. m."),
        *("martes por las tardes a las 6", "martes tarde 6", "martes 18:00 de la tarde"),
        *("mar 18h", "mar. 6 pm", "mar à 18 h 00"),
        *("mardi soir à 6h", "mardi 18h du soir", "mardi 18:00h", "mardi 18h pour une heure"),
    ),
    "tue 18:30": (
        "tues 6:30pm",
        "tue 6:30p.m.",
        "mardi a 18 h 30",
        "mardi à 18h30",
        "tue 1830",
        "martes 18.30",
    ),
    "thu 15:00": ("jeudi après-midi 15h", "jeu 15h", "jue 3 pm", "jeudi 3h de l'aprem"),
    "sat 17:00": ("samedi en fin d'après-midi 17h", "sam 17h", "sab 5 pm", "samedi à 17 h 00"),
    "mon 09:45": (
        *("lunes cuarto para las 10 de la mañana", "lunes un cuarto para las diez de la mañana"),
        *("lunes a las 10 menos cuarto de la mañana", "lundi matin à 10 h moins le quart"),
    ),
    "mon 18:50": ("lunes 7 menos 10 pm", "lundi à sept heures moins dix du soir"),
    "mon 18:30": ("lunes a las seis y treinta de la tarde", "lunes 18,30", "lunes a las 18 y 30"),
    "mon 18:45": ("lunes a las 6 y cuarenta y cinco pm",),
    "fri 12:30": ("vendredi à midi et demi", "viernes a mediodía y media", "vendredi midi trente"),
    "fri 21:00": ("viernes a las veintiuna", "viernes noche 9", "vendredi soir 9h"),
    "fri 12:00": ("noon friday", "friday at noon", "12 noon on Fri", "vendredi à midi", "fri 12"),
    "fri 00:00": (
        *("friday midnight", "fri 12 am", "friday 12 at night", "vendredi minuit"),
        "viernes a las doce de la noche",
    ),
    "thu 15:30": ("thursday at half past 3 pm", "jueves a las tres y media de la tarde"),
    "thu 17:40": ("20 to 6 pm thu",),
    "thu 17:45": ("quarter to 6 pm on thursday",),
    "thu 17:36": ("thursday five thirty six pm",),
    "sat 12:00": ("sábado a medio día", "sabado al medio dia"),
    "sat 00:00": ("sábado a media noche", "sábado 12 de la noche"),
    "sat 18:30": ("sábado 18:30 hrs", "sábado 18:30 horas", "samedi 18:30 heures"),
    "sat 00:30": ("saturday 12:30 at night", "sábado 12:30 de la noche"),
    "sat 16:00": (
        *("Saturday 4 pm works", "sábado 4 de la tarde muy bien", "Sat 4 pm would work for us"),
        *("Sat 4 pm right away", "Sat 4 pm thanks doctor", "Sat 4 pm when my son is asleep"),
        *("Sat 4 pm when I am done working", "Sat 4 pm I get off my shift", "Sat 4 pm after work"),
        *("sábado 4 pm desde mi casa", "sábado 4 pm saliendo del trabajo"),
        *("samedi 16h en cours de semaine", "samedi 16h sortie des cours"),
    ),
    "thu 18:10": ("10 after 6 pm thursday",),
    "wed 09:00": (
        "wednesday morning at 9",
        "miércoles a las nueve de la mañana",
        "mercredi 9 h du matin",
    ),
    "mon 15:15": ("lundi 3 heures et quart de l'après-midi", "lunes a las 3 y cuarto de la tarde"),
    "sat 21:00": ("sat 9 at night", "sábado a las 9 de la noche", "samedi vingt et une heures"),
    "sun 00:30": ("sun 0:30",),
}
HALF = {
    "tue 6": ("tuesday at 6", "martes a las 6", "mardi à 6 heures", "tue six"),
    "tue 6.30": ("tue 6:30", "tue 630", "tuesday six thirty"),
    "tue 2": ("tue 2 at night",),
    "sat 11": ("sat 11", "sábado a las once"),
    "thu 3.45": ("jueves 4 menos cuarto", "quarter to 4 thursday"),
}
PIECES = {
    "tue": ("tue", "Tuesdays please", "tuesday evening"),
    "18:00": ("6 pm", "18h", "at 6 in the evening"),
    "6": ("at 6", "six o'clock"),
}
ONCE = {
    "tomorrow 17:00": ("tomorrow at 5 pm", "mañana a las 5 de la tarde", "demain 17h"),
    "tomorrow 09:00": ("mañana por la mañana a las 9", "tomorrow morning at 9"),
    "tomorrow 5": ("tomorrow at 5",),
    "today 17:00": ("today 5 pm", "hoy 17:00", "aujourd'hui à 17h"),
    "today 20:00": ("tonight at 8", "8 pm tonight", "esta noche a las 8", "ce soir à 8h"),
    "today 15:00": ("this afternoon at 3", "esta tarde a las 3", "cet après-midi 15h"),
}
DATED = {
    "tue 18:00": (
        *("Tuesday March 10 at 6pm", "Tue 3/10 6pm", "mardi 10 mars 18h", "Tue Mar 10, 6 pm"),
        *("martes 10 de marzo 6 pm", "Tuesday 10th 6 pm", "6 pm on Tuesday the 10th of March"),
        *("Tuesday, March 10, 2026 at 6 pm", "mar. 10 mars à 18h", "tue 3/10/26 6 pm"),
        *(
            "mardi le 10 mars à 18 h",
            "mardi 11 août 18h",
            "martes 10 de marzo de 2026 a las 6 de la tarde",
        ),
    ),
    "tue": ("Tuesday March 10", "tue 3/10", "mardi 10 mars"),
    "tue 6": ("tue march 10 at 6",),
}
UNCLEAR = {
    "NODAY": ("7", "12", "45"),
    "NOTIME": ("tue 25:00", "tue 9:75", "tue 18 pm"),
    "ONESLOT": (
        *("every day 6 pm", "any time", "whenever you like", "weekends at 5", "tue or wed 6 pm"),
        *("tue 6 pm, thu 6 pm", "tue 6 pm or 7 pm", "thu 5 to 6 pm", "thu 5-6 pm", "tue 5 6 pm"),
        *("ten to six thursday", "mon-fri 5 pm", "tous les jours 18h", "todos los días a las 6"),
        *("monday first thing", "lundi entre 17h et 18h", "thu 5:30-6 pm", "tue 4:30-5pm"),
        "tue 5:30-7pm",
        *("tuesday 6 am or pm", "call 515 555 0131 tue 6 pm"),
    ),
    "OWNCLOCK": (
        *(
            "tue 6 pm Eastern",
            "tue 6pm EST",
            "6 pm et tuesday",
            "Tuesday 18:00 (PT)",
            "tue 6 pm mt",
        ),
        *("tue 6 p.m. CST", "tue 6pm Central", "tuesday 6 pm mountain time", "tue noon pacific"),
        *("tue 6pm Chicago time", "Chicago time tuesday 6 pm", "tue 6 pm New York time"),
        *("tue 6 pm their time", "tue 6 pm her time", "tue 6 pm my mentor's time", "6 pm eastern"),
        *("mardi 18h heure de l'Est", "mardi 18 h heure du Pacifique", "mardi 18h HNE"),
        *("mardi 18h heure de Montréal", "mardi 18h son heure", "mardi 18h est"),
        *(
            "martes 6 pm hora del este",
            "martes a las 6 de la tarde hora de Chicago",
            "mardi 6 pm HAE",
        ),
        *("martes 6 pm hora central", "martes 6 pm su hora", "martes 6 pm este"),
    ),
    "WEEKDAY": (
        *("3/14 at 5", "march 14 at 5 pm", "the 14th at 5", "5 mai à 18h", "14 de marzo a las 5"),
        *("mar 10", "10 mar 18h", "3/10 6 pm", "tomorrow 3/10 6 pm"),
        *(
            "the first tuesday 6 pm",
            "next tuesday at 5",
            "in 2 days at 5 pm",
            "day after tomorrow 5 pm",
        ),
        *("tuesday week 6 pm", "tuesday in a week 6 pm", "the following tuesday at 6 pm"),
        *("martes que viene 6 pm", "martes de la otra semana 6 pm", "mardi en huit 18h"),
    ),
    "": (
        *("", "no", "I do not know", "the sun is out", "not tuesday 6 pm", "tue after 6 pm"),
        *("tue before noon", "maybe tue 6 pm", "jueves más tarde de las 4", "in the evening", "👍"),
        "tue 6 pm but not this week",
        *(
            "I am busy Thu 4 pm",
            "Thu 4 pm impossible",
            "thu 4pm is taken",
            "thu 5 pm is bad for me",
        ),
        *("I work Thu 4 pm", "I have to work thu 4 pm", "thu 4 pm I have therapy"),
        *("I am at work Thu 4 pm", "I have work Thu 4 pm", "I have an appointment Thu 4 pm"),
        *("I'm at the doctor Thu 4 pm", "Thu 4 pm is full", "I'm out of town Thu 4 pm"),
        *("tengo cita el jueves a las 4 pm", "jueves 4 pm es malo"),
        *("tengo que trabajar jueves 4 pm", "jeudi 16h je suis au travail"),
        *("j'ai rdv jeudi 16h", "je bosse jeudi 16h"),
        *(
            "mardi 18h occupé",
            "mardi 18h impossible",
            "mardi 18h c'est trop tard",
            "mardi à partir de 18h",
        ),
        *(
            "je travaille mardi 18h",
            "mardi jusqu'à 18h",
            "martes 6 pm imposible",
            "martes 6 pm ocupada",
        ),
        *("el martes a las 6 pm trabajo", "martes hasta las 6 pm", "martes desde las 6 pm"),
        "martes 6 pm es muy tarde",
    ),
}


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(said, meant) for meant, ways in table.items() for said in ways]


@pytest.mark.parametrize(("said", "slot"), pairs(WHOLE))
def test_a_day_and_a_time_are_understood_as_they_were_meant(said: str, slot: str) -> None:
    assert read_slot(said) == slot
    assert read_slot(said, one_off=True) == slot


@pytest.mark.parametrize(("said", "slot"), pairs(HALF))
def test_a_time_that_may_be_morning_or_evening_stays_open(said: str, slot: str) -> None:
    assert read_slot(said) == slot


@pytest.mark.parametrize(("said", "piece"), pairs(PIECES))
def test_one_piece_is_kept_so_that_only_the_other_is_asked_for(said: str, piece: str) -> None:
    assert read_slot(said) == piece


@pytest.mark.parametrize(("said", "slot"), pairs(ONCE))
def test_today_and_tomorrow_are_days_only_of_what_happens_once(said: str, slot: str) -> None:
    assert read_slot(said, one_off=True) == slot
    refused = read_slot(said)
    assert isinstance(refused, Unclear)
    assert refused.lead == "WEEKDAY"


@pytest.mark.parametrize(("said", "slot"), pairs(DATED))
def test_a_date_beside_the_day_of_the_week_says_no_more_unless_it_happens_once(
    said: str, slot: str
) -> None:
    assert read_slot(said) == slot
    refused = read_slot(said, one_off=True)
    assert isinstance(refused, Unclear)
    assert refused.lead == "DATED"


@pytest.mark.parametrize(("said", "lead"), pairs(UNCLEAR))
def test_what_is_unclear_is_asked_again_with_what_is_wrong(said: str, lead: str) -> None:
    read = read_slot(said)
    assert isinstance(read, Unclear)
    assert read.lead == lead


def test_a_long_story_with_a_day_and_a_time_is_no_answer() -> None:
    story = "My brother got married in Vegas on a Tuesday and everybody cried until 6 pm"
    assert isinstance(read_slot(story), Unclear)
    assert isinstance(read_slot("tue 6 pm " * 60), Unclear)


def test_a_slot_is_read_back_as_people_say_it() -> None:
    slots = ("tue 18:00", "tomorrow 17:30", "tue 6", "tue 6.30", "sat", "18:00", "wed 00:00")
    assert [spoken_slot(slot) for slot in slots] == [
        *("Tuesday at 6 pm", "tomorrow at 5:30 pm", "Tuesday at 6", "Tuesday at 6:30"),
        *("Saturday", "6 pm", "Wednesday at 12 am"),
    ]


@pytest.mark.parametrize(
    ("pieces", "slot"),
    [
        (["keys", "tue", "6", "pm"], "tue 18:00"),
        (["tue", "6.30", "am"], "tue 06:30"),
        (["keys", "tue", "18:00"], "tue 18:00"),
        (["18:00", "sat"], "sat 18:00"),
        (["tomorrow", "12", "pm"], "tomorrow 12:00"),
        (["tue", "6"], ""),
        (["6", "pm"], ""),
        (["keys"], ""),
    ],
)
def test_pieces_make_a_slot_once_nothing_is_missing(pieces: list[str], slot: str) -> None:
    assert whole_slot(pieces) == slot


def test_the_hour_alone_is_not_taken_by_another_clock_either() -> None:
    asked = {ask.key: ask for ask in LAST_TALK.steps if isinstance(ask, Ask)}
    hour = asked["Z1T"]
    refused = read_answer(hour, CATALOG.wording(hour.prompt), Text("6 pm Eastern"))
    assert isinstance(refused, Unclear)
    assert refused.lead == "OWNCLOCK"
    assert read_answer(hour, CATALOG.wording(hour.prompt), Text("6 pm")) == Value(
        "18:00", sure=True
    )


def test_the_hour_that_it_is_where_they_are_may_be_told_with_its_zone() -> None:
    asked = CATALOG.wording("T-PA4H")
    (ask,) = (step for step in INTAKE_PROTEGE.steps if step.key == "PA4H")
    assert isinstance(ask, Ask)
    assert read_answer(ask, asked, Text("6 pm Eastern")) == Value("18:00", sure=True)


def read(given: Keys | Text | Speech) -> Reading:
    ask = LAST_TALK.ask("Z1")
    assert ask is not None
    return read_answer(ask, CATALOG.wording(ask.prompt), given)


def test_keys_choose_the_menus_or_another_answer_and_never_what_is_incomplete() -> None:
    assert read(Keys("1")) == Value("keys", sure=True)
    assert read(Keys("2")) == Value("none", sure=True)
    assert isinstance(read(Keys("3")), Unclear)


def test_a_spoken_day_and_time_are_never_sure_and_a_texted_one_is() -> None:
    assert read(Speech("Tuesday 6 pm", 1.0)) == Value("tue 18:00", sure=False)
    assert read(Text("Tuesday 6 pm")) == Value("tue 18:00", sure=True)

"""What people say and text in Spanish and French, whatever language the line speaks (A22)."""

import pytest

from mentoring.flows import FLOWS
from mentoring.flows.catalog import Catalog
from mentoring.flows.inputs import Control, Speech, Text, Unclear, Value, read_answer
from mentoring.flows.steps import Ask

CATALOG = Catalog.load()
YES = {
    "es": (
        *("sí", "Sí, por favor", "si", "claro", "claro que sí", "por supuesto", "de acuerdo"),
        *("está bien", "correcto", "acepto", "Sí, acepto", "1", "1 por favor", "uno", "sí gracias"),
        *("así es", "cómo no, sí", "con gusto", "SÍ", "bueno, sí", "sí quiero"),
    ),
    "fr": (
        *("oui", "Oui s'il vous plaît", "d'accord", "D’accord", "bien sûr", "ouais"),
        *("certainement", "entendu"),
        *("exact", "c'est ça", "tout à fait", "j'accepte", "1", "un", "oui merci", "volontiers"),
        *("avec plaisir", "oui je veux", "OUI", "je veux bien", "très bien"),
    ),
}
NO = {
    "es": (
        *("no", "No, gracias", "no quiero", "no acepto", "2", "dos", "todavía no", "ahora no"),
        *("nunca", "no estoy de acuerdo", "para nada", "NO", "no por favor", "2 por favor"),
    ),
    "fr": (
        *("non", "Non merci", "je ne veux pas", "2", "deux", "pas maintenant", "pas encore"),
        *("pas d'accord", "je ne suis pas d'accord", "pas du tout", "jamais", "NON", "non, merci"),
    ),
}
UNCLEAR = {
    "es": (
        *("no sé", "tal vez", "depende", "sí y no", "sí pero ¿cuánto cuesta?", "quizás", "3"),
        *("a lo mejor", "no entiendo", "tengo 2 perros", "no estoy segura", "¿cuándo?"),
    ),
    "fr": (
        *("je ne sais pas", "peut-être", "ça dépend", "oui et non", "oui mais combien ?", "3"),
        *("je ne comprends pas", "j'ai 2 chiens", "pourquoi ?", "oui sauf le soir"),
    ),
}
WISHES = {
    "person": (
        *("una persona", "quiero hablar con una persona", "persona por favor", "operadora"),
        *("une personne", "je veux parler à une personne", "parler à une personne s'il vous plaît"),
        *("ayuda", "aide", "un agent", "quelqu'un"),
    ),
    "again": ("otra vez", "repita por favor", "de nuevo", "encore", "répétez s'il vous plaît"),
    "slow": ("más despacio", "más despacio por favor", "plus lentement", "trop vite"),
    "more": ("más tiempo", "un momento", "plus de temps", "attendez"),
    "no calls": ("no me llamen más", "dejen de llamarme", "ne m'appelez plus", "plus d'appels"),
}


def read(said: str, prompt: str, language: str, *, texted: bool) -> object:
    ask = next(
        step
        for flow in FLOWS.values()
        for step in flow.steps
        if isinstance(step, Ask) and step.prompt == prompt
    )
    given = Text(said) if texted else Speech(said, 0.9)
    return read_answer(ask, CATALOG.wording(prompt, language), given)


@pytest.mark.parametrize("texted", [True, False])
@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("prompt", ["T-C5", "T-C2", "T-CK4"])
def test_yes_and_no_are_understood_and_doubt_is_asked_again(
    prompt: str, language: str, texted: bool
) -> None:
    wrong = [
        (said, reading)
        for value, ways in (("yes", YES), ("no", NO), ("", UNCLEAR))
        for said in ways[language]
        if (reading := read(said, prompt, language, texted=texted)) is not None
        and (reading.value if isinstance(reading, Value) else "") != value
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("wish", sorted(WISHES))
def test_a_wish_about_the_call_is_heard_in_any_language(wish: str, language: str) -> None:
    wrong = [
        (said, reading)
        for said in WISHES[wish]
        if (reading := read(said, "T-C5", language, texted=False)) != Control(wish)  # type: ignore[arg-type]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("said", "name"),
    [
        *(("me llamo Rosa", "Rosa"), ("Hola, soy Luis", "Luis"), ("mi nombre es José", "José")),
        *(("je m'appelle Chloé", "Chloé"), ("mon prénom est Jean-Luc", "Jean-Luc")),
        *(("c'est André", "André"), ("maria por favor", "Maria")),
    ],
)
def test_a_name_is_taken_out_of_what_is_said_around_it(said: str, name: str) -> None:
    assert read(said, "T-PA2", "es", texted=True) == Value(name, sure=True)


@pytest.mark.parametrize("said", ["persona", "ayuda", "équipe", "sí", "oui", "nadie", "rien"])
def test_a_word_that_is_no_name_is_none(said: str) -> None:
    assert isinstance(read(said, "T-PA2", "es", texted=True), Unclear | Control)


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        *(("son las 4 de la tarde", "16:00"), ("las 9 y media de la mañana", "09:30")),
        *(("16 h", "16:00"), ("il est 16 h 05", "16:05"), ("4 h de l'après-midi", "16:00")),
        *(("las 12 de la noche", "00:00"), ("midi", "12:00"), ("mediodía", "12:00")),
    ],
)
def test_a_time_alone_is_understood(said: str, clock: str) -> None:
    assert read(said, "T-PA4H", "es", texted=True) == Value(clock, sure=True)


def test_picks_and_lists_are_read_and_read_back_in_their_language() -> None:
    assert read("dinero y clientes", "T-PB3", "es", texted=True) == Value("A,B", sure=True)
    assert read("l'argent et les clients", "T-PB3", "fr", texted=True) == Value("A,B", sure=True)
    assert read("ACF", "T-PB3", "fr", texted=True) == Value("A,C,F", sure=True)

"""People who speak Spanish or French: asked once, and from then on in that language alone (A20)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from mentoring.flows.catalog import Catalog
from mentoring.models import Answer, Mode, Outcome, Person, PersonState, Role
from mentoring.people import find_phone
from tests.journeys.cast import DENISE, KIM, LUIS, ROSA, contacts, goes_through, person_at
from tests.journeys.ending import state_at
from tests.journeys.proposing import (
    luis_is_free,
    matches,
    mentors_are_described,
    rosa_waits,
    staff_propose,
)
from tests.journeys.safety import IN_DANGER, at_night, danger, is_paged
from tests.journeys.talks import HOUR, THURSDAY, planned, until
from tests.phone import Caller
from tests.town import MAIN, PAIRS, Town

ENGLISH = Catalog.load().by_language["en"]
# Sentences of English prompts that are long enough to be nothing else.
SENTENCES = {
    sentence.strip()
    for wording in ENGLISH.values()
    for form in (wording.text, wording.voice, wording.short, *(o.label for o in wording.options))
    for sentence in re.split(r"\[p\]|[.!?:]|\{\w+\}", form)
    if len(sentence.strip()) > 9
}


@pytest.fixture
def offered(town: Town) -> Town:
    """The town with all three languages."""
    town.db.programme = replace(town.db.programme, languages=("en", "es", "fr"))
    return town


def speak(town: Town, number: str, language: str, *, also: str = "") -> None:
    with town.db.transaction() as session:
        phone = find_phone(session, number)
        assert phone is not None
        person = phone.people[0]
        person.language = language
        person.profile = {**person.profile, **({"languages": also} if also else {})}


def said_to(town: Town, number: str) -> Iterator[tuple[str, str]]:
    """Return all that the line has said to a phone, each with the language of its voice."""
    for hook in town.emulator.webhooks:
        ends = {hook.value("From"), hook.value("To"), hook.value("Called")}
        if number not in ends or not (hook.response_body or "").startswith("<?xml"):
            continue
        for say in ElementTree.fromstring(hook.response_body or "").iter("Say"):  # noqa: S314
            yield say.get("language", ""), " ".join("".join(say.itertext()).split())


def english_in(words: str) -> list[str]:
    """Return the sentences of English prompts that some words hold."""
    return [sentence for sentence in SENTENCES if sentence in words]


def hears_only(town: Town, number: str, locale: str, *, after: int = 0) -> None:
    """Check that all was said in one language, by its voice, since that many sentences."""
    said = list(said_to(town, number))[after:]
    assert said
    assert {language for language, _ in said} == {locale}
    assert {bool(english_in(words)) for _, words in said} == {locale == "en-US"}


def chooses_spanish(caller: Caller) -> None:
    caller.calls(MAIN)
    caller.hears("Para español", "Pour le français", "For English, just wait.")
    caller.hears_none_of("At any time")
    caller.presses("2")
    caller.hears("Hola. Habla BridgeLine", "Para tener un mentor oprima 1", "oprima asterisco")


BY_KEYS = (
    ("1", "¿Este teléfono puede recibir textos"),
    ("1", "unos 8 textos al mes"),
    ("1", "desde las 8 de la mañana hasta las 9 de la noche, hora de usted"),
    ("1", "No grabamos sus conversaciones"),
    ("1", "Lo que nos cuenta es privado"),
    ("1", "¿Quiere participar?"),
    ("1", "¿Tiene 18 años o más?"),
    ("1", "¿Qué nombre de pila"),
    ("me llamo Rosa", "Entendí: Rosa."),
    ("1", "¿Cómo le gusta hablar?"),
    ("3", "Creo que la hora de allá es: las 11"),
    ("1", "mostrar nuestro nombre"),
    ("1", "Gracias, Rosa. La parte 1 está lista"),
    ("1", "¿En qué punto está su negocio?"),
)
IN_WORDS = (
    ("una idea", "hable después del tono"),
    ("1", "¿Qué ayuda quiere?"),
    ("dinero", "Eligió dinero."),
    ("otra más", "¿Qué ayuda quiere?"),
    ("vender en línea", "Eligió dinero y vender en línea."),
    ("eso es todo", "¿Cuándo puede hablar?"),
    ("por las mañanas", "Eligió mañanas."),
    ("nada más", "¿Cómo se lo hacemos más fácil?"),
    ("voz lenta", "¿Le gustaría un mentor que tenga una discapacidad"),
    ("me da igual", "¡Todo listo, Rosa!"),
)


def test_a_spanish_caller_from_the_first_call_to_a_talk_hears_no_english(offered: Town) -> None:
    town, rosa = offered, offered.caller(ROSA)
    chooses_spanish(rosa)
    before = len(list(said_to(town, ROSA))) - 1
    goes_through(rosa, *BY_KEYS)
    goes_through(rosa, *IN_WORDS)
    rosa.hears("a más tardar el", "de marzo", "Adiós")
    person = person_at(town, ROSA)
    assert (person.language, person.state) == ("es", PersonState.SCREENING)
    assert person.profile["topics"] == "A,E"
    with town.db.transaction() as session:
        assert {answer.prompt_version for answer in session.query(Answer)} == {1}

    luis = town.person(Role.MENTOR, "Luis", LUIS)
    with town.db.transaction() as session:
        session.get_one(Person, person.id).state = PersonState.WAITING
    town.match(person_at(town, ROSA), luis)
    rosa.calls(MAIN)
    rosa.hears("Hola otra vez de BridgeLine.", "Para llamar a Luis oprima 1")
    rosa.hears_none_of("For English")
    rosa.says("llamar a mi mentor")
    rosa.hears("Estoy llamando a Luis.", "[ringing]")
    mentor = town.caller(LUIS)
    mentor.answers()
    mentor.hears("Rosa would like to talk", "press 1 or say yes")
    mentor.says("yes")
    rosa.talks("Hola Luis")
    mentor.hears("Hola Luis")
    town.emulator.advance(150)
    mentor.hangs_up()
    rosa.hears("Gracias por llamar a BridgeLine. Adiós.")
    town.settle()
    assert contacts(town)[-1].outcome is Outcome.TALKED
    hears_only(town, ROSA, "es-US", after=before)
    hears_only(town, LUIS, "en-US")


def test_whoever_waits_goes_on_in_english_and_a_hidden_number_chooses_too(offered: Town) -> None:
    dan = offered.caller(KIM)
    dan.calls(MAIN)
    dan.hears("For English, just wait.")
    dan.waits()
    dan.hears("To get a mentor press 1", "At any time, for a person")
    dan.hangs_up()
    dan.calls(MAIN, from_override="anonymous")
    dan.hears("Pour le français appuyez sur le 3.")
    dan.says("français")
    dan.hears(
        "Bonjour. Ici BridgeLine", "Votre numéro est caché.", "Pour savoir ce que nous faisons"
    )


def test_only_what_is_offered_is_asked_for_and_a_language_that_is_not_is_english(
    town: Town,
) -> None:
    town.db.programme = replace(town.db.programme, languages=("en", "fr"))
    kim = town.caller(KIM)
    kim.calls(MAIN)
    kim.hears("Pour le français appuyez sur le 3. For English, just wait.")
    kim.hears_none_of("español")
    kim.presses("2")
    kim.hears("To get a mentor press 1")
    kim.hangs_up()
    town.person(Role.PROTEGE, "Rosa", ROSA)
    speak(town, ROSA, "es")
    assert town.texts(ROSA, MAIN, "ayuda")[0].startswith("BridgeLine mentor line.")
    assert town.texts(ROSA, MAIN, "español")[0].startswith("You are all set for now.")
    assert person_at(town, ROSA).language == "es"


def joins_in_french(town: Town) -> list[str]:
    """Do the whole intake by text; returns every text that came back."""
    offer, welcome = town.texts(KIM, MAIN, "Bonjour")
    assert offer == "Para español, responda ESPAÑOL. Pour continuer en FRANÇAIS, répondez FRANÇAIS."
    assert welcome.startswith("Hi, this is BridgeLine")
    told, welcome = town.texts(KIM, MAIN, "Français")
    assert told.startswith("D'accord. À partir de maintenant")
    assert welcome.startswith("Bonjour, ici BridgeLine, une ligne gratuite de mentors")
    got = town.texts(KIM, MAIN, "avoir un mentor", "1", "oui", "Oui s'il vous plaît", "d'accord")
    assert got[0].startswith("BridgeLine : nous vous trouvons un mentor bénévole.")
    town.pass_time(900)
    got += town.texts(KIM, MAIN, "1", "oui", "mon prénom est chloé", "textos", "1", "1")
    assert got[-1].startswith("Merci, Chloé. La partie 1 est finie.")
    town.pass_time(900)
    got += town.texts(KIM, MAIN, "maintenant", "une idée", "Un salon", "A et C", "13", "rien")
    got += town.texts(KIM, MAIN, "peu importe")
    assert got[-1].startswith("C'est fini, Chloé ! Notre équipe vous appellera ou écrira au plus")
    return got


def test_a_french_texter_joins_is_reminded_and_stops_in_french(offered: Town) -> None:
    town = offered
    got = joins_in_french(town)
    assert [text for text in got if english_in(text)] == []
    chloe = person_at(town, KIM)
    assert (chloe.language, chloe.mode, chloe.first_name) == ("fr", Mode.TEXT, "Chloé")
    (help_text,) = town.texts(KIM, MAIN, "aide")
    assert help_text.startswith("BridgeLine. Pour parler à une personne, textez EQUIPE ou appelez")
    (stopped,) = town.texts(KIM, MAIN, "Arrêt")
    assert stopped.startswith("BridgeLine : vous ne recevrez plus de textos de nos lignes.")


def test_each_side_is_reminded_of_a_talk_in_its_own_language_and_by_its_own_clock(
    offered: Town,
) -> None:
    planned(offered, luis={"zone": "America/Toronto"})
    speak(offered, ROSA, "es")
    speak(offered, LUIS, "fr")
    until(offered, THURSDAY - 24 * HOUR)
    rosa = [text.body for text in offered.phone(ROSA).inbox]
    luis = [text.body for text in offered.phone(LUIS).inbox]
    assert (
        "Su charla con Luis es el jueves 5 de marzo a las 4 de la tarde, hora de usted." in rosa[0]
    )
    assert "Votre conversation avec Rosa est le jeudi 5 mars à 17 h, à votre heure." in luis[0]
    moved = offered.texts(ROSA, MAIN, "2", "viernes 5 de la tarde")
    assert any("viernes 6 de marzo a las 5 de la tarde" in text for text in moved), moved
    told = [text.body for text in offered.phone(LUIS).inbox][len(luis) :]
    assert any("vendredi 6 mars à 18 h" in text for text in told), told
    everything = [text.body for n in (ROSA, LUIS) for text in offered.phone(n).inbox]
    assert [text for text in everything if english_in(text)] == []


def test_each_hears_their_own_language_before_they_are_joined_and_words_pass_as_they_are(
    offered: Town,
) -> None:
    rosa = offered.person(Role.PROTEGE, "Rosa", ROSA)
    offered.match(rosa, offered.person(Role.MENTOR, "Luis", LUIS))
    speak(offered, ROSA, "es")
    mentor, protege = offered.caller(LUIS), offered.caller(ROSA)
    mentor.calls(PAIRS[0])
    protege.answers()
    protege.hears("Luis quiere hablar con usted. Tienen hasta 60 minutos.", "diga sí")
    protege.says("sí")
    mentor.talks("Hello Rosa")
    protege.hears("Hello Rosa")
    mentor.hangs_up()
    offered.settle()
    hears_only(offered, ROSA, "es-US")
    hears_only(offered, LUIS, "en-US")
    assert offered.texts(LUIS, PAIRS[0], "How was your week?") == []
    assert offered.phone(ROSA).inbox[-1].body == "Luis: How was your week?"
    assert offered.texts(ROSA, PAIRS[0], "español") == []
    assert offered.phone(LUIS).inbox[-1].body == "Rosa: español"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        *(("Ya no quiero vivir", "es"), ("quiero suicidarme", "es"), ("no aguanto, mátenme", "")),
        *(("Je veux mourir", "fr"), ("Je pense à me suicider", "fr"), ("I want to die", "en")),
        # These are words of more than one language, so English stays.
        *(("suicid", "en"), ("overdose", "en")),
    ],
)
def test_a_cry_of_a_stranger_is_answered_in_its_own_language_though_english_alone_is_offered(
    town: Town, words: str, language: str
) -> None:
    at_night(town)
    answers = town.texts(KIM, MAIN, words)
    if language:
        assert answers[0] == IN_DANGER[language]
    else:
        assert not set(answers) & set(IN_DANGER.values())


def test_a_cry_for_help_in_spanish_at_night_is_answered_in_spanish(offered: Town) -> None:
    offered.person(Role.PROTEGE, "Rosa", ROSA)
    speak(offered, ROSA, "es")
    at_night(offered)
    (answer,) = offered.texts(ROSA, MAIN, "Ya no quiero vivir")
    assert answer == IN_DANGER["es"]
    (alert,) = danger(offered)
    assert "P01" in alert.words
    # Whoever is on call is no participant: they hear English.
    is_paged(offered).hears("A critical alert waits")


def test_people_who_share_a_phone_and_a_language_are_asked_in_it_who_they_are(
    offered: Town,
) -> None:
    for name in ("Rosa", "Inés"):
        offered.person(Role.PROTEGE, name, ROSA, shared=True)
    with offered.db.transaction() as session:
        phone = find_phone(session, ROSA)
        assert phone is not None
        for person in phone.people:
            person.language = "es"
    rosa = offered.caller(ROSA)
    rosa.calls(MAIN)
    rosa.hears("Hola otra vez", "¿Quién habla?", "Para Inés oprima 2", "Para otra persona oprima 3")
    rosa.says("Inés")
    rosa.hears("Por ahora está todo listo.")
    hears_only(offered, ROSA, "es-US")


def test_two_of_two_languages_are_told_of_each_other_and_matched_each_in_their_own(
    offered: Town,
) -> None:
    """Denise has a landline and speaks Spanish, Luis texts in French; both know English too."""
    rosa_waits(offered, DENISE, "Denise", mode=Mode.VOICE, landline=True, texts=False)
    luis_is_free(offered, mode=Mode.TEXT)
    speak(offered, DENISE, "es", also="en")
    speak(offered, LUIS, "fr", also="en")
    staff_propose(offered)
    denise = offered.caller(DENISE)
    denise.answers()
    denise.hears("Denise")
    goes_through(
        denise,
        ("1", "Quizás tenemos un mentor para usted. Es Luis, 6 a 10 años en comida."),
        ("*", "Puede ayudar con dinero y clientes. Puede hablar por las mañanas"),
        ("cuénteme más", "Conoce su tipo de negocio: comida."),
        ("1", "Ahora preguntamos a Luis"),
    )
    denise.hangs_up()
    offered.settle()
    (asked,) = [text.body for text in offered.phone(LUIS).inbox]
    assert asked == (
        "Une idée de jumelage : Denise, se prépare, dans l'alimentation. Veut de l'aide avec"
        " l'argent et les clients. Préfère parler. Répondez 1 oui, 2 non, 3 dites-m'en plus."
    )
    more, _ = offered.texts(LUIS, MAIN, "3")
    assert more.startswith("Vous pouvez aider avec l'argent et les clients. Connaît votre genre")
    # They come from two numbers, each with a queue of its own.
    line, matched = sorted(offered.texts(LUIS, MAIN, "oui"))
    assert line.startswith("Cette ligne est pour vous et Denise.")
    assert matched.startswith("Merci ! Le jumelage avec Denise est fait.")
    denise = offered.until_it_rings(DENISE, days=2)
    denise.answers()
    denise.hears("Denise")
    goes_through(denise, ("1", "¡Buenas noticias! Luis también dijo que sí."))
    denise.says("después")
    assert (state_at(offered, DENISE), state_at(offered, LUIS)) == ("matched", "active")
    assert matches(offered) == 1
    hears_only(offered, DENISE, "es-US")
    assert [text for text in offered.phone(LUIS).inbox if english_in(text.body)] == []


def test_who_waits_hears_of_mentors_in_their_own_language(offered: Town) -> None:
    rosa_waits(offered, mode=Mode.TEXT)
    luis_is_free(offered, mode=Mode.TEXT)
    speak(offered, ROSA, "fr", also="en")
    mentors_are_described(offered, "M01")
    (menu,) = offered.texts(ROSA, MAIN, "MENU")
    assert menu.endswith("3 pour des mentors, 4 pour des conseils de mentors. Ou textez EQUIPE.")
    assert offered.texts(ROSA, MAIN, "des mentors") == [
        "Luis, 6 à 10 ans dans l'alimentation, aide avec l'argent et les clients. Répondez 1 pour"
        " faire connaissance, 2 pour le suivant. Ou textez EQUIPE."
    ]
    (thanks,) = offered.texts(ROSA, MAIN, "j'aimerais faire connaissance")
    assert thanks.startswith("Merci. Nous verrons si Luis peut être votre mentor.")
    assert offered.tasks()[-1].words.startswith("P01 would like to meet M01")

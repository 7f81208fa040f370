"""What the two hear of each other in a proposal: facts in few words, each within its width.

Beside them a mentor may be heard in one line of their own, which staff have written down.

It is put together when staff pick, in every language. A surname, an employer, a disability, points
or a way to reach somebody are never part of it.
"""

from collections.abc import Callable, Iterable, Sequence

from mentoring.languages import ENGLISH, Localized, in_each, in_language
from mentoring.matching.candidates import Candidate
from mentoring.matching.explain import Explanation, explain, explain_to_mentor
from mentoring.matching.sectors import SECTORS
from mentoring.matching.words import hours_words, topics_words
from mentoring.matching.zones import hours_ahead
from mentoring.models import Mode

# Prompts are measured with these widths: tests/house/test_prompts.py, and for other languages,
# whose texts may take three segments, tests/house/test_languages.py.
_WIDTHS = {"field": 17, "topics": 24, "when": 24, "more": 150}
_WIDER = {"field": 20, "topics": 30, "when": 40, "more": 200}

_YEARS = {
    1: in_each(en="under 2", es="menos de 2 años", fr="moins de 2 ans"),
    2: in_each(en="2 to 5", es="2 a 5 años", fr="2 à 5 ans"),
    3: in_each(en="6 to 10", es="6 a 10 años", fr="6 à 10 ans"),
    4: in_each(en="over 10", es="más de 10 años", fr="plus de 10 ans"),
}
_SOME_YEARS = in_each(en="some", es="algunos años", fr="quelques années")
_STAGES = {
    1: in_each(en="has an idea", es="tiene una idea", fr="a une idée"),
    2: in_each(en="getting ready", es="se prepara", fr="se prépare"),
    3: in_each(en="newly open", es="acaba de abrir", fr="vient d'ouvrir"),
    4: in_each(en="open a year", es="abrió hace un año", fr="opère depuis un an"),
}
_NEW = in_each(en="new to us", es="acaba de llegar", fr="vient d'arriver")
_MODES = {
    Mode.VOICE: in_each(en="to talk", es="hablar", fr="parler"),
    Mode.TEXT: in_each(en="to text", es="los textos", fr="les textos"),
}
_BOTH = in_each(en="both", es="ambas formas", fr="les deux")
_ANY_FIELD = in_each(en="business", es="los negocios", fr="les affaires")
_MANY_TOPICS = in_each(en="many things", es="muchas cosas", fr="bien des choses")
_MANY_TIMES = in_each(en="at many times", es="a muchas horas", fr="à bien des heures")
# In the place of somebody who was told of, and may not be any more.
GONE = in_each(
    en="A mentor who has no time just now",
    es="Un mentor que ahora no tiene tiempo",
    fr="Un mentor qui n'a pas de temps en ce moment",
)
_OWN_CLOCKS = {"en": "on {hours}", "es": "{hours}", "fr": "{hours}"}
_OTHER_CLOCKS = {
    "en": "on {hours} over there",
    "es": "{hours}, hora de allá",
    "fr": "{hours}, heure de là-bas",
}
_FIT_WELL = in_each(
    en="We think that you fit well together.",
    es="Creemos que se van a entender bien.",
    fr="Nous pensons que vous irez bien ensemble.",
)


def said_to_protege(protege: Candidate, mentor: Candidate) -> dict[str, str]:
    """Return what a protege hears of a mentor, by placeholder."""
    wanted = [topic for topic in protege.topics if topic in mentor.topics] or mentor.topics
    own = {"ownline": _own_line(mentor)} if mentor.own_line else {}
    return own | {
        "years": _YEARS.get(mentor.years, _SOME_YEARS),
        "field": _field(mentor, protege),
        "topics": _topics(wanted),
        "when": _when(mentor, protege),
        "more": _fitted(explain(protege, mentor)),
    }


def said_to_mentor(protege: Candidate, mentor: Candidate) -> dict[str, str]:
    """Return what a mentor hears of a protege, by placeholder."""
    return {
        "stage": _STAGES.get(protege.stage, _NEW),
        "field": _field(protege, mentor),
        "topics": _topics(protege.topics),
        "mode": _MODES.get(protege.mode, _BOTH) if protege.mode else _BOTH,
        "when": _when(protege, mentor),
        "more": _fitted(explain_to_mentor(protege, mentor)),
    }


def blurb_of(mentor: Candidate) -> str:
    """Return a mentor in one sentence, for whoever waits."""
    return in_each(
        en="{name}, {years} years in {field}, helps with {topics}",
        es="{name}, {years} en {field}, ayuda con {topics}",
        fr="{name}, {years} dans {field}, aide avec {topics}",
        name=mentor.name,
        years=_YEARS.get(mentor.years, _SOME_YEARS),
        field=_field(mentor, mentor),
        topics=_topics(mentor.topics),
    )


def _own_line(mentor: Candidate) -> Localized:
    """Return what a mentor says in their own words, in their language alone."""
    told = in_each(
        en="In their own words: {line}",
        es="En sus propias palabras: {line}",
        fr="Dans ses propres mots : {line}",
        line=mentor.own_line,
    )
    return Localized.of(
        lambda language: told.in_language(language.code) if language.code == mentor.language else ""
    )


def _field(person: Candidate, listener: Candidate) -> str:
    """Return the kind of business in words, one that the listener knows as well before others."""
    known = sorted(person.sectors, key=lambda sector: (sector not in listener.sectors, sector))
    return _first_that_fits("field", lambda: (SECTORS[sector] for sector in known), _ANY_FIELD)


def _topics(topics: Sequence[str]) -> str:
    """Return as many topics as fit, the first ones first."""
    counts = range(len(topics), 0, -1)
    return _first_that_fits(
        "topics", lambda: (topics_words(topics[:count]) for count in counts), _MANY_TOPICS
    )


def _when(person: Candidate, listener: Candidate) -> str:
    """Return when somebody is free by their own clocks, and that they differ where they do."""
    if not person.hours:
        return _MANY_TIMES
    form = _OWN_CLOCKS if hours_ahead(person.zone, listener.zone) in (0, None) else _OTHER_CLOCKS
    words = in_each(**form, hours=hours_words(person.hours))
    return _first_that_fits("when", lambda: (words,), _MANY_TIMES)


def _fitted(explanation: Explanation) -> str:
    """Return the reasons and the caution in one text; the last reasons are left out if need be."""
    reasons, caution = explanation.reasons, explanation.caution
    counts = range(len(reasons), -1, -1)
    return _first_that_fits(
        "more",
        lambda: (Explanation(reasons[:count], caution).spoken for count in counts),
        _FIT_WELL,
    )


def _first_that_fits(name: str, tries: Callable[[], Iterable[str]], otherwise: str) -> Localized:
    """Return the first words that are no wider than their placeholder, in each language."""

    def in_one(code: str) -> str:
        width = (_WIDTHS if code == ENGLISH else _WIDER)[name]
        words = (in_language(each, code) for each in tries())
        fitting = (each for each in words if each and len(each) <= width)
        return next(fitting, in_language(otherwise, code))

    return Localized.of(lambda language: in_one(language.code))

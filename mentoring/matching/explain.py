"""What two hear of each other: up to three reasons and one caution, within 25 seconds.

Nothing is said of a disability, of anybody else, or of points. A sentence is made of what this
mentor has told for this purpose, and only where it fits what the protege has asked for. Staff read
it in English; whoever hears it, hears it in their own language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mentoring.languages import Localized, in_each, in_language
from mentoring.matching.candidates import Candidate, stage_of_mentor
from mentoring.matching.sectors import sector_words
from mentoring.matching.words import LANGUAGES, hours_words, listed, topics_words
from mentoring.matching.zones import hours_ahead
from mentoring.models import Mode

# At the pace of a slow voice, 120 words a minute, 50 words take 25 seconds.
MOST_WORDS = 50
_MOST_REASONS = 3
# Whoever speaks only the language of the house hears nothing about it.
_USUAL_LANGUAGE = "en"


@dataclass(frozen=True)
class Explanation:
    """Why this mentor, in sentences, and what to think of before saying yes."""

    reasons: tuple[str, ...]
    caution: str

    @property
    def spoken(self) -> str:
        """The whole of it, as it is read aloud or texted."""
        said = [each for each in (*self.reasons, self.caution) if each]
        return Localized.of(
            lambda language: " ".join(in_language(each, language.code) for each in said)
        )


def explain(protege: Candidate, mentor: Candidate) -> Explanation:
    """Return what can be said to a protege for a mentor, the weightiest first."""
    reasons = [said for reason in _REASONS if (said := reason(protege, mentor))]
    cautions = (said for caution in _CAUTIONS if (said := caution(protege, mentor)))
    return Explanation(tuple(reasons[:_MOST_REASONS]), next(cautions, ""))


# -- reasons --------------------------------------------------------------------------------------


def _helps(protege: Candidate, mentor: Candidate) -> str:
    met = [topic for topic in protege.topics if topic in mentor.topics]
    if not met:
        return ""
    return in_each(
        en="Helps with {topics}.",
        es="Ayuda con {topics}.",
        fr="Aide avec {topics}.",
        topics=topics_words(met),
    )


def _same_business(protege: Candidate, mentor: Candidate) -> str:
    same = protege.sectors & mentor.sectors
    if not same:
        return ""
    return in_each(
        en="Knows your kind of business: {fields}.",
        es="Conoce su tipo de negocio: {fields}.",
        fr="Connaît votre genre d'entreprise : {fields}.",
        fields=sector_words(same),
    )


def _free_like_you(protege: Candidate, mentor: Candidate) -> str:
    # Across zones one person's evening is not another's, so there nothing is claimed.
    if hours_ahead(mentor.zone, protege.zone) != 0:
        return ""
    both = [code for code in protege.hours.split(",") if code and code in mentor.hours.split(",")]
    if not both:
        return ""
    return in_each(
        en="Free on {hours} like you.",
        es="Puede hablar {hours}, como usted.",
        fr="Libre {hours}, comme vous.",
        hours=hours_words(",".join(both)),
    )


def _speaks(protege: Candidate, mentor: Candidate) -> str:
    if protege.language == _USUAL_LANGUAGE or protege.language not in mentor.languages:
        return ""
    return in_each(
        en="Speaks {language} like you.",
        es="Habla {language} como usted.",
        fr="Parle {language} comme vous.",
        language=LANGUAGES.get(protege.language, protege.language),
    )


def _has_been_there(protege: Candidate, mentor: Candidate) -> str:
    if not protege.stage or stage_of_mentor(mentor) <= protege.stage:
        return ""
    return in_each(
        en="Has been where your business is now.",
        es="Ya pasó por donde está ahora su negocio.",
        fr="A déjà vécu l'étape où en est votre entreprise.",
    )


def _works_alike(protege: Candidate, mentor: Candidate) -> str:
    same = sorted(protege.way & mentor.way)
    if not same:
        return ""
    return in_each(
        en="Likes to work as you do: {ways}.",
        es="Le gusta trabajar como a usted: {ways}.",
        fr="Aime travailler comme vous : {ways}.",
        ways=listed([_WAYS[each] for each in same]),
    )


_WAYS = {
    "straight": in_each(en="straight words", es="palabras claras", fr="un ton direct"),
    "gentle": in_each(en="gentle words", es="palabras amables", fr="un ton doux"),
    "plan": in_each(en="a plan first", es="primero un plan", fr="un plan d'abord"),
    "try": in_each(en="trying things out", es="probar cosas", fr="faire des essais"),
    "chatty": in_each(en="time to chat", es="tiempo para conversar", fr="du temps pour jaser"),
    "brief": in_each(en="short talks", es="charlas cortas", fr="de courtes conversations"),
}

# -- cautions -------------------------------------------------------------------------------------


def _does_not_help(protege: Candidate, mentor: Candidate) -> str:
    missing = [topic for topic in protege.topics if topic not in mentor.topics]
    if not missing:
        return ""
    return in_each(
        en="Does not help with {topics}.",
        es="No ayuda con {topics}.",
        fr="N'aide pas avec {topics}.",
        topics=topics_words(missing),
    )


def _other_mode(protege: Candidate, mentor: Candidate) -> str:
    if mentor.mode is Mode.TEXT and protege.mode is Mode.VOICE:
        return in_each(
            en="Likes to text; we read the texts to you.",
            es="Prefiere los textos; se los leemos a usted.",
            fr="Préfère les textos ; nous vous les lisons.",
        )
    if mentor.mode is Mode.VOICE and protege.mode is Mode.TEXT:
        return in_each(
            en="Likes to talk; your texts are read aloud.",
            es="Prefiere hablar; los textos de usted se leen en voz alta.",
            fr="Préfère parler ; vos textos sont lus à voix haute.",
        )
    return ""


def _other_clock(protege: Candidate, mentor: Candidate) -> str:
    ahead = hours_ahead(mentor.zone, protege.zone)
    if not ahead:
        return ""
    later = in_each(en="later", es="más tarde", fr="plus tard")
    earlier = in_each(en="earlier", es="más temprano", fr="plus tôt")
    return in_each(
        en="It is {hours} {later} there.",
        es="Allá es {hours} {later}.",
        fr="Là-bas, il est {hours} {later}.",
        hours=_hours_apart(abs(ahead)),
        later=later if ahead > 0 else earlier,
    )


def _hours_apart(hours: float) -> str:
    if hours == 1:
        return in_each(en="an hour", es="una hora", fr="une heure")
    told = f"{hours:g}"
    return in_each(en=f"{told} hours", es=f"{told} horas", fr=f"{told.replace('.', ',')} heures")


_Sentence = Callable[[Candidate, Candidate], str]
_REASONS: tuple[_Sentence, ...] = (
    *(_helps, _same_business, _free_like_you, _speaks, _has_been_there, _works_alike),
)
_CAUTIONS: tuple[_Sentence, ...] = (_does_not_help, _other_mode, _other_clock)

# -- the same pair, as the mentor hears of it -----------------------------------------------------


def explain_to_mentor(protege: Candidate, mentor: Candidate) -> Explanation:
    """Return what can be said to a mentor for a protege, the weightiest first."""
    met = [topic for topic in protege.topics if topic in mentor.topics]
    left = [topic for topic in protege.topics if topic not in mentor.topics]
    said = (
        _you_can_help(met),
        # These say the same from either side.
        *(
            each(mentor, protege)
            for each in (_same_business, _free_like_you, _speaks, _works_alike)
        ),
    )
    cautions = (
        _also_looks_for(left),
        *(each(mentor, protege) for each in (_other_mode, _other_clock)),
    )
    reasons = [each for each in said if each]
    return Explanation(tuple(reasons[:_MOST_REASONS]), next((c for c in cautions if c), ""))


def _you_can_help(topics: Sequence[str]) -> str:
    if not topics:
        return ""
    return in_each(
        en="You can help with {topics}.",
        es="Usted puede ayudar con {topics}.",
        fr="Vous pouvez aider avec {topics}.",
        topics=topics_words(topics),
    )


def _also_looks_for(topics: Sequence[str]) -> str:
    if not topics:
        return ""
    return in_each(
        en="Also looks for help with {topics}.",
        es="También busca ayuda con {topics}.",
        fr="Cherche aussi de l'aide avec {topics}.",
        topics=topics_words(topics),
    )

"""Reading a yes or a no that comes with a story: "Yes, he is at my door and has a knife".

For a question of which a yes must not be missed. Where other questions ask again, the bias here is
a yes rather once too often; but whoever begins with a no has said no, whatever they tell after it.
"""

from collections.abc import Iterable, Sequence

from mentoring.flows.choices import Choice, read_choice, strange_words
from mentoring.flows.readings import Unclear
from mentoring.flows.vocabulary import HEDGES, NEGATIONS, NO, UNSURE, YES
from mentoring.flows.words import phrase

Phrases = frozenset[tuple[str, ...]]

# Before the answer itself these say nothing: "Oh well, yes he is here".
_BEFORE = frozenset({"oh", "um", "uh", "er", "hmm", "well", "so", "please", "hi", "hello", "god"})
_BEFORE |= {"bueno", "pues", "ay", "dios", "mio", "eh", "euh", "ben", "bah", "alors", "mon", "dieu"}


def _phrases(of: Iterable[str], but: Iterable[str] = ()) -> Phrases:
    return frozenset(phrase(words) for words in of if words not in but)


_HELP = ("help me", "ayudame", "ayudeme", "ayudenme", "aidez moi", "au secours")
# With a story after them these are no clear yes: "ya se fue" is Spanish for "he has left".
_NO_CLEAR_YES = (
    *("ya", "yah", "ye", "y", "ok", "okay", "okey", "right", "true", "agree", "accept", "vale"),
    *("exact", "cierto", "no problem", "not a problem", "why not", "do not mind", "go ahead"),
)
_YES = _phrases((*YES, *_HELP), but=_NO_CLEAR_YES)
_YES_ANYWHERE = _phrases(("yes", "yeah", "yep", "yup", "oui", "ouais"))
# "Not safe" and "I can't get out" are stories, and no answer.
_NO_CLEAR_NO = (
    *("not", "never", "do not", "can not", "wrong", "nunca", "jamas", "jamais", "no puedo"),
    *("no quiero", "refuse", "je veux pas", "je ne veux pas"),
)
_DOUBTS_IT = ("not right now", "no longer", "no creo", "je ne crois pas", "je ne pense pas")
_NO = _phrases((*NO, *_DOUBTS_IT), but=_NO_CLEAR_NO)
_ALL_IS_WELL = _phrases(
    f"{who} {how}"
    for who in ("i am", "we are", "everyone is", "everybody is", "all")
    for how in ("safe", "ok", "okay", "fine", "good", "well", "alright", "all right")
) | _phrases(
    (
        *("estoy bien", "estamos bien", "todo bien", "todo esta bien", "todos estan bien"),
        *("je vais bien", "tout va bien", "ca va bien", "on va bien", "nous allons bien"),
    )
)
# After these a Spanish "no" is the start of a sentence: "No me deja salir".
_GO_ON = frozenset({"me", "nos", "lo", "la", "se", "te", "le", "puedo", "podemos", "estoy", "soy"})
_GO_ON |= {"estamos", "esta", "estan", "quiero", "tengo", "deja", "aguanto", "1"}
_PERIL = frozenset({"danger", "peligro", "hurt", "harmed", "injured", "herido", "herida", "blesse"})
_NOBODY = frozenset({"nobody", "none", "nadie", "ninguno", "personne", "aucun", "sin", "without"})
_UNSURE = _phrases(UNSURE)
# Whole answers that name somebody, or are nearly sure: "Is someone in danger?" - "My sister is".
_NEARLY = _phrases(
    (
        *("me", "us", "we are", "yo", "nosotros", "moi", "nous", "i think so", "i believe so"),
        *("i guess so", "probably", "could be", "might be", "it could be", "it might be"),
        *("probablemente", "puede ser", "probablement", "je crois", "je pense", "je crois bien"),
    )
)
_ENDS = frozenset({"is", "am", "are", "be", "si", "oui", "esta", "estan", "estoy", "lest"})
_SHORT = 5


def read_at_length(choices: Sequence[Choice], heard: Sequence[str]) -> str | Unclear:
    """Return "yes" or "no", also where a story follows; a story alone is neither."""
    said = _without_beginnings(heard)
    if said in _NEARLY:
        return "yes"
    if _starts(said, _ALL_IS_WELL) and not HEDGES.intersection(said):
        return "no"
    short = read_choice(choices, heard) if not strange_words(choices, heard) else ""
    if short and isinstance(short, str):
        return short
    if short and len(said) <= _SHORT:
        return "no" if _denies_peril(said) else short
    return _of_a_story(said)


def _of_a_story(said: tuple[str, ...]) -> str | Unclear:
    if _starts(said, _UNSURE):
        return Unclear("not a clear choice")
    if _starts(said, _YES):
        return "yes"
    if _says_no(said):
        return "no"
    return "yes" if _names_somebody(said) else Unclear("no clear yes or no")


def _without_beginnings(heard: Sequence[str]) -> tuple[str, ...]:
    """Return the utterance from its first word that says something."""
    start = next((at for at, token in enumerate(heard) if token not in _BEFORE), len(heard))
    return tuple(heard[start:])


def _starts(said: tuple[str, ...], phrases: Phrases) -> bool:
    return any(said[:size] in phrases for size in range(1, 5))


def _says_no(said: tuple[str, ...]) -> bool:
    """Tell whether it begins with a no, or says that there is no danger; and nothing speaks for it.

    "No wait, yes" is neither.
    """
    if any((token,) in _YES_ANYWHERE for token in said):
        return False
    goes_on = said[0] == "no" and said[1] in _GO_ON if said[1:] else False
    return (_starts(said, _NO) and not goes_on) or _denies_peril(said)


def _denies_peril(said: tuple[str, ...]) -> bool:
    """Tell whether it says that nobody is in danger, and not that they do not know."""
    peril = next((at for at, token in enumerate(said) if token in _PERIL), 0)
    denied = any(token in NEGATIONS or token in _NOBODY for token in said[:peril])
    return denied and not _has(said, _UNSURE)


def _names_somebody(said: tuple[str, ...]) -> bool:
    """Tell whether it says yes, or who is in danger, without any word that denies it."""
    if any(token in NEGATIONS or token in _NOBODY for token in said):
        return False
    if any(token in ("danger", "peligro") or (token,) in _YES_ANYWHERE for token in said):
        return not _has(said, _UNSURE)
    is_short = len(said) <= _SHORT and not HEDGES.intersection(said)
    return is_short and bool(_ENDS.intersection(said[-1:]))


def _has(said: tuple[str, ...], phrases: Phrases) -> bool:
    return any(_starts(said[at:], phrases) for at in range(len(said)))

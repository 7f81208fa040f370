"""The words by which somebody says whether anybody is in danger, in all three languages.

All are read for everybody, as yes and no are. They stand in the form that `words.tokens` makes.
"""

from collections.abc import Iterable

from mentoring.flows.vocabulary import YES
from mentoring.flows.words import phrase

Phrases = frozenset[tuple[str, ...]]


def _phrases(of: Iterable[str], but: Iterable[str] = ()) -> Phrases:
    return frozenset(phrase(words) for words in of if words not in but)


def _each(*parts: Iterable[str]) -> list[str]:
    """Return every sentence that takes one piece of each part; an empty piece may be left out."""
    made = [""]
    for part in parts:
        made = [" ".join(f"{start} {piece}".split()) for start in made for piece in part]
    return made


# Before the answer itself these say nothing: "Oh well, yes he is here".
BEFORE = frozenset({"oh", "um", "uh", "er", "hmm", "well", "so", "please", "hi", "hello", "god"})
BEFORE |= {"bueno", "pues", "ay", "dios", "mio", "eh", "euh", "ben", "bah", "alors", "mon", "dieu"}

# But before a no these make it a cry: "Please no", "oh god no".
CRIES = frozenset({"please", "god", "dios", "dieu"})

# --- Yes ------------------------------------------------------------------------------------------

# Whoever calls for help at this question means: somebody is in danger.
HELP = _phrases(
    (
        *("help", "sos", "ayuda", "ayudame", "ayudeme", "ayudenme", "ayudenos", "auxilio"),
        *("socorro", "aide", "aide moi", "aidez moi", "aidez nous", "au secours", "a laide"),
        *("i need help", "we need help", "necesito ayuda", "jai besoin daide"),
    )
)
# With a story after them these are no clear yes: "ya se fue" is Spanish for "he has left".
_NO_CLEAR_YES = (
    *("ya", "yah", "ye", "y", "ok", "okay", "okey", "right", "true", "agree", "accept", "vale"),
    *("exact", "cierto", "no problem", "not a problem", "why not", "do not mind", "go ahead"),
)
YES_FIRST = _phrases(YES, but=_NO_CLEAR_YES) | HELP
# These are, with a new sentence after them: "Y he is here", "one he is at the door".
SHORT_YES = frozenset({"y", "ya", "yah", "ye", "1", "won"})
NEW_SENTENCE = frozenset({"he", "she", "they", "i", "we", "my", "it", "there", "yes", "please"})
NEW_SENTENCE |= {"someone", "el", "ella", "ellos", "mi", "mis", "yo", "si", "esta", "estoy"}
NEW_SENTENCE |= {"il", "elle", "ils", "mon", "ma", "mes", "je", "on", "oui"}
# "One moment" is no answer.
MOMENT = frozenset({"moment", "momento", "momentito", "second", "sec", "minute", "min", "minuto"})
YES_ANYWHERE = frozenset({"yes", "yeah", "yep", "yup", "oui", "ouais"})
# Nobody says by these that there is danger, though they agree elsewhere.
CONTENT = _phrases(
    (
        *("fine", "that is fine", "good", "great", "perfect", "bien", "muy bien", "perfecto"),
        *("parfait", "très bien", "ca va", "ca me va", "cest bon"),
    )
)
# Whole answers that name somebody, or are nearly sure: "Is someone in danger?" - "Probably".
NEARLY = _phrases(
    (
        *("we are", "i think so", "i believe so", "i guess so", "probably", "could be", "might be"),
        *("it could be", "it might be", "probablemente", "puede ser", "probablement", "je crois"),
        *("je pense", "je crois bien"),
    )
)
WHO = frozenset({"me", "us", "myself", "yo", "nosotros", "nosotras", "moi", "nous"})
WHO |= {"son", "sons", "daughter", "daughters", "kid", "kids", "child", "children", "baby"}
WHO |= {"mom", "mum", "mother", "dad", "father", "parents", "brother", "sister", "family"}
WHO |= {"husband", "wife", "partner", "boyfriend", "girlfriend", "grandma", "grandpa", "roommate"}
WHO |= {"grandmother", "grandfather", "grandson", "granddaughter", "aunt", "uncle", "cousin"}
WHO |= {"niece", "nephew", "friend", "neighbor", "neighbour"}
WHO |= {"hijo", "hija", "hijos", "hijas", "nino", "nina", "ninos", "ninas", "bebe", "mama"}
WHO |= {"madre", "papa", "padre", "padres", "hermano", "hermana", "familia", "esposo", "esposa"}
WHO |= {"marido", "pareja", "novio", "novia", "abuela", "abuelo", "nieto", "nieta", "tia", "tio"}
WHO |= {"prima", "primo", "sobrino", "sobrina", "amiga", "amigo", "vecina", "vecino"}
WHO |= {"fils", "fille", "filles", "enfant", "enfants", "mere", "maman", "pere", "parents"}
WHO |= {"frere", "soeur", "famille", "mari", "femme", "conjoint", "conjointe", "copain", "copine"}
WHO |= {"oncle", "tante", "cousine", "ami", "amie", "voisin", "voisine"}
BESIDE_WHO = frozenset({"my", "our", "mi", "mis", "mon", "ma", "mes", "and", "also", "too", "both"})
BESIDE_WHO |= {"it", "its", "is", "am", "are", "i", "of", "all", "here", "please", "y", "et", "soy"}
BESIDE_WHO |= {"es", "cest", "todos", "todas", "tous", "toutes", "nuestra", "nuestro", "notre"}
BESIDE_WHO |= {"esta", "estan", "est", "sont", "aussi", "tambien", "de", "por", "favor", "svp"}
# The end of a short answer that names somebody: "My sister is".
ENDS = frozenset({"is", "am", "are", "be", "si", "oui", "esta", "estan", "estoy", "lest"})

# --- Danger by its name ---------------------------------------------------------------------------

PERIL = frozenset({"danger", "peligro"})
HURT = frozenset({"hurt", "harmed", "injured", "wounded", "bleeding", "herido", "herida"})
HURT |= {"heridos", "heridas", "lastimado", "lastimada", "blesse", "blessee", "blesses"}
# "She is hurt" tells of danger, "he hurt my feelings" does not.
STATE = frozenset({"is", "am", "are", "be", "get", "got", "getting", "badly", "very", "gravely"})
STATE |= {"esta", "estan", "estoy", "estamos", "muy", "est", "suis", "sont", "sommes", "gravement"}
UNSAFE = _phrases(
    (
        *("not safe", "not feel safe", "unsafe", "no one is safe", "nobody is safe"),
        *("no estoy a salvo", "no estamos a salvo", "no esta a salvo", "pas en securite"),
    )
)
NOBODY = frozenset({"nobody", "none", "nadie", "ninguno", "personne", "aucun", "sin", "without"})
# "I do not think that anybody is in danger."
DOUBTS = _phrases(("not think", "not believe", "not feel", "no creo", "crois pas", "pense pas"))
# Where one of these stands a new clause begins, and what was denied before is denied no more.
CLAUSE = frozenset({"and", "but", "because", "y", "pero", "porque", "et", "mais", "i", "he", "she"})
CLAUSE |= {"we", "they", "yo", "el", "ella", "je", "il", "elle", "on", "nous", "ils"}
QUESTIONS = frozenset({"what", "why", "how", "which", "que", "por", "pourquoi", "quel", "comment"})

# --- No -------------------------------------------------------------------------------------------

_THANKS = frozenset({"thanks", "thank", "you", "gracias", "merci"})
_THEY_ARE = ("i am", "we are", "she is", "he is", "they are")
_NOBODY_IS = ("no one is", "nobody is", "no one here is", "nobody here is", "none of us is")
_WELL = ("safe", "safe here", "ok", "okay", "fine", "good", "well", "alright", "all right")
_IN_PERIL = ("in danger", "in any danger", "hurt", "in danger here", "in danger now")
_NO_ALONE = (
    *("no", "nope", "nah", "n", "never", "negative", "no thanks", "no thank you", "not yet"),
    *("not really", "not now", "not right now", "not at the moment", "not at all", "no longer"),
    *("not any more", "not anymore", "not that i know of", "no danger", "nobody", "no one", "none"),
    *("nobody is", "no one is", "2", "2 please", "2 for no", "of course not", "certainly not"),
    *("definitely not", "absolutely not", "nobody got hurt", "no one got hurt"),
    "there is no danger",
    *("no gracias", "ahora no", "por ahora no", "no por ahora", "todavia no", "aun no", "ya no"),
    *("nunca", "jamas", "para nada", "nadie", "ninguno", "no que yo sepa", "claro que no"),
    *("por supuesto que no", "no hay peligro", "sin peligro", "no hay nadie en peligro"),
    *("non", "non merci", "pas maintenant", "pas en ce moment", "pas encore", "pas du tout"),
    *("pas vraiment", "jamais", "plus maintenant", "bien sur que non", "certainement pas"),
    *("absolument pas", "mais non", "pas de danger", "aucun danger", "il ny a pas de danger"),
    *("pas en danger", "not in danger", "no danger yet", "non personne"),
)
_THINKS_NOT = (
    *("i do not think so", "do not think so", "i do not believe so", "no creo", "no lo creo"),
    *("creo que no", "je ne crois pas", "je crois pas", "je ne pense pas", "je pense pas"),
    *("je crois que non", "je pense que non"),
)
_NOT_IN_PERIL = (
    *_each(_THEY_ARE, ("not",), _IN_PERIL),
    *_each(_NOBODY_IS, _IN_PERIL),
    *("i do not feel in danger", "i do not think anyone is in danger"),
    *_each(("no estoy", "no estamos", "nadie esta", "no me siento"), ("en peligro",)),
    *_each(("je ne suis", "je suis", "on est", "nous ne sommes"), ("pas en danger",)),
    "personne nest en danger",
)
_ALL_IS_WELL = (
    *_each((*_THEY_ARE, "everyone is", "everybody is", "everything is", "all is", "all"), _WELL),
    *_each(("i am", "we are"), ("all",), _WELL),
    *("i feel safe", "todo bien", "je vais bien", "tout va bien", "ca va", "ca va bien"),
    *("on va bien", "nous allons bien", "je suis en securite"),
)
_SPANISH_ALL_IS_WELL = (
    *("estoy bien", "estamos bien", "todo esta bien", "todos estan bien", "estoy a salvo"),
    *("estamos a salvo", "me siento segura", "me siento seguro"),
)
# That all is well counts at the start, and after one of these: "not really all good" says the
# contrary. So does "no estoy bien", which without its comma is "no, estoy bien" as well.
ALL_IS_WELL = {
    **dict.fromkeys(_phrases(_ALL_IS_WELL), _THANKS | {"no", "nope", "nah", "non", "2"}),
    **dict.fromkeys(_phrases(_SPANISH_ALL_IS_WELL), _THANKS),
}
DENIALS = _phrases((*_NO_ALONE, *_THINKS_NOT, *_NOT_IN_PERIL)) | frozenset(ALL_IS_WELL)
# The reasons why there is no danger now are no story: "No, he left". In Spanish the "ya" tells
# them from "no se fue", he did not leave.
_IS_GONE = (
    *_each(("he", "she", "they"), ("left", "already left", "left yesterday", "has left")),
    *("he is gone", "she is gone", "they are gone", "he went home", "she went home"),
    *_each(("ya", "el ya", "ella ya", "mi esposo ya"), ("se fue", "se fueron")),
    *("il est parti", "elle est partie", "ils sont partis", "il est parti hier"),
)
# Beside a denial these change nothing. A "please" does: "no, please" is a cry.
BESIDE_NO = _phrases(
    (
        *(*_THANKS, *_IS_GONE, "now", "right now", "option", "number", "answer", "reply", "the"),
        *("i pick", "i choose", "opcion", "numero", "choix", "sir", "maam", "senor", "senora"),
        *("ahora", "maintenant", "today", "hoy", "aujourdhui", "por ahora"),
    )
)
# These begin like a yes.
NO_YES_AFTER_ALL = _phrases(
    (
        *("of course not", "certainly not", "definitely not", "absolutely not", "claro que no"),
        *("por supuesto que no", "desde luego que no", "bien sur que non", "bien sur que pas"),
        *("certainement pas", "absolument pas"),
    )
)
# Said together these cancel each other out: "yes no", "1 or 2".
SAYS_YES = frozenset({"yes", "yeah", "yep", "si", "oui", "1"})
SAYS_NO = frozenset({"no", "nope", "nah", "non", "2"})
JOINS = frozenset({"or", "and", "o", "y", "ou", "et", "wait", "but", "pero", "mais"})
BOTH = _phrases(("yes and no", "si y no", "oui et non"))

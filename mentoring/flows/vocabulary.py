"""Words that mean the same in every question: yes, no, numbers, a person, again (A16, A22).

Phrases are in the form that `words.tokens` makes: lower case, no accents, no short forms. Spanish
and French words stand beside the English ones, for people answer in their own language anyway.
"""

from collections.abc import Mapping

from mentoring.flows.readings import Wish

NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20},
    **{"thirty": 30, "forty": 40, "fifty": 50},
    **{"first": 1, "second": 2, "third": 3, "fourth": 4},
    **{"uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8},
    **{"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8},
    **{"nueve": 9, "diez": 10, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30},
    **{"neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20, "trente": 30},
}

# What a speech recogniser writes for a number said alone. Trusted only after a read-back.
SOUNDS_LIKE = {"won": "1", "to": "2", "too": "2", "tree": "3", "for": "4", "fore": "4", "ate": "8"}

YES = (
    *("yes", "yeah", "yep", "yup", "ya", "yah", "yea", "ye", "y", "yess", "sure", "ok", "okay"),
    *("okey", "right", "correct", "agree", "agreed", "accept", "of course", "absolutely"),
    *("definitely", "certainly", "please do", "no problem", "not a problem", "why not", "go ahead"),
    *("do not mind", "you bet", "sounds good", "true", "affirmative", "uh huh", "mm hmm"),
    *("si", "claro", "vale", "claro que si", "por supuesto", "de acuerdo", "esta bien", "correcto"),
    *("asi es", "acepto", "cierto", "exacto", "desde luego", "con gusto", "oui", "daccord"),
    *("bien sur", "certainement", "exact", "cest ca", "tout a fait", "volontiers", "jaccepte"),
    *("avec plaisir", "absolument", "entendu", "ouais", "como no"),
)

# These say yes only when nothing else is said: "I would like to think about it" does not.
YES_ALONE = (
    *("i do", "i am", "i would", "i can", "i will", "it is", "that is it", "fine", "that is fine"),
    *("good", "great", "perfect", "please", "do it", "i would like that", "i would love to", "k"),
    *("i want to", "i would like to", "you may", "you can", "they can", "i have"),
    *("bien", "muy bien", "perfecto", "quiero", "puede", "pueden", "lo soy", "si quiero"),
    *("parfait", "tres bien", "très bien", "je veux bien", "vous pouvez", "ca me va", "ca va"),
    "cest bon",
)

NO = (
    *("no", "nope", "nah", "n", "not", "never", "negative", "non", "disagree", "refuse", "wrong"),
    *("incorrect", "no thanks", "no thank you", "no way", "rather not", "not yet", "not really"),
    *("do not", "can not", "not now", "not at all"),
    *("no gracias", "no quiero", "no acepto", "no estoy de acuerdo", "ahora no", "todavia no"),
    *("aun no", "para nada", "nunca", "jamas", "de ninguna manera", "no puedo"),
    *("non merci", "je ne veux pas", "je veux pas", "pas daccord", "je ne suis pas daccord"),
    *("pas maintenant", "pas encore", "pas du tout", "pas vraiment", "jamais", "pas question"),
)

# Before a yes these make it a no: "I can't agree".
NOT = ("not", "do not", "can not", "will not", "would not", "not want to", "do not want to")

# Neither yes nor no, whatever else is said beside it.
UNSURE = (
    *("not sure", "do not know", "dunno", "maybe", "perhaps", "possibly", "not certain", "depends"),
    *("do not care", "does not matter", "do not understand", "yes and no", "both or neither"),
    *("no se", "no lo se", "no estoy seguro", "no estoy segura", "quizas", "quiza", "tal vez"),
    *("a lo mejor", "depende", "no entiendo", "no entendi", "si y no", "je ne sais pas"),
    *("je sais pas", "sais pas", "peut etre", "ca depend", "pas sur", "pas sure", "oui et non"),
    *("je ne comprends pas", "comprends pas"),
)

# Beside an answer these turn it into a question, a condition or an amount.
HEDGES = frozenset(
    {"but", "if", "unless", "except", "what", "why", "how", "who", "when", "where", "which"}
    | {"neither", "nor", "without", "or", "about", "around", "almost", "nearly", "over", "under"}
    | {"roughly", "approximately", "than", "least", "most", "stop", "cost", "costs", "hate"}
    | {"dislike", "pero", "aunque", "excepto", "cuando", "cuanto", "cuesta", "sino", "mais", "sauf"}
    | {"quand", "combien", "pourquoi", "comment", "coute"}
)

NEGATIONS = frozenset({"no", "not", "never", "nunca", "jamas", "non", "pas", "jamais"})

# Words that may stand around an answer without changing it.
FILLERS = frozenset(
    {"please", "pls", "plz", "thanks", "thank", "you", "i", "me", "my", "mine", "we", "us", "it"}
    | {"the", "a", "an", "is", "are", "am", "be", "to", "for", "of", "in", "at", "on", "option"}
    | {"options", "number", "nr", "press", "pressing", "answer", "choose", "choosing", "pick"}
    | {"choice", "reply", "want", "would", "like", "will", "take", "go", "with", "do", "does"}
    | {"can", "could", "let", "think", "guess", "say", "said", "um", "uh", "er", "hmm", "well"}
    | {"so", "oh", "just", "only", "that", "this", "have", "hi", "hello", "hey", "and", "really"}
    | {"very", "much", "prefer", "need", "get", "sir", "madam", "maam", "give", "best", "works"}
    | {
        "may",
        "now",
        "then",
        "there",
        "here",
        "por",
        "favor",
        "merci",
        "gracias",
        "key",
        "mostly",
        "letter",
    }
    | {"letters", "el", "la", "los", "las", "lo", "una", "que", "quiero", "quisiera", "mi", "yo"}
    | {"es", "con", "para", "usted", "gustaria", "creo", "pues", "bueno", "hola", "opcion"}
    | {"numero", "y", "le", "les", "je", "jaimerais", "voudrais", "veux", "pour", "avec"}
    | {"cest", "sil", "vous", "plait", "svp", "moi", "est", "bonjour", "choix", "au", "aux", "et"}
)

CONTROLS: Mapping[Wish, tuple[str, ...]] = {
    "person": (
        *("person", "help", "operator", "human", "agent", "representative", "staff", "somebody"),
        *("someone", "real person", "live person", "human being", "help help", "persona", "ayuda"),
        *("aide", "personne", "coordinator", "una persona", "operador", "operadora", "un operador"),
        *("un agente", "agente", "humano", "alguien", "representante", "equipo", "une personne"),
        *("un agent", "operateur", "humain", "quelquun", "une vraie personne", "equipe", "lequipe"),
    ),
    "again": (
        *("again", "repeat", "repeat that", "say again", "once more", "one more time"),
        *("pardon", "sorry", "come again", "say that again", "repite", "repeter", "star"),
        *("repita", "repitalo", "repetir", "otra vez", "de nuevo", "una vez mas", "perdon"),
        *("asterisco", "estrella", "repetez", "repete", "encore", "encore une fois", "etoile"),
        *("reecouter",),
    ),
    "more": (
        *("more", "more choices", "more time", "more options", "next", "next page", "wait"),
        *("mas", "mas opciones", "mas tiempo", "siguiente", "un momento", "espere"),
        *("plus", "plus de temps", "plus de choix", "dautres choix", "suivant", "attendez"),
    ),
    "slow": (
        *("slow", "slower", "slow down", "too fast", "speak slower", "more slowly", "slowly"),
        *("despacio", "mas despacio", "mas lento", "lento", "muy rapido", "demasiado rapido"),
        *("lentement", "plus lentement", "plus lent", "moins vite", "trop vite"),
    ),
    # A bare "don't call me" is no wish about all calls: it may answer how somebody likes to talk.
    "no calls": (
        *("stop calling", "stop calling me", "stop calling me again", "stop calling us"),
        *("stop phoning me", "stop ringing me", "stop the calls", "stop these calls"),
        *("stop this calling", "stop all calls", "stop your calls", "stop the phone calls"),
        *("no more calls", "no more phone calls", "no more automated calls", "never call me"),
        *("do not call me again", "do not call me any more", "do not call me anymore"),
        *("do not call again", "do not call any more", "do not call anymore"),
        *("never call me again", "never call again", "quit calling me", "quit calling"),
        *("i want no more calls", "i do not want any more calls", "i do not want more calls"),
        *("no me llames mas", "deja de llamarme", "no mas llamadas", "no me llamen mas"),
        *("dejen de llamarme", "deje de llamarme", "dejen de llamar", "ya no me llamen"),
        *("no me vuelvan a llamar", "no quiero mas llamadas"),
        *("arretez de mappeler", "ne mappelez plus", "plus dappels", "ne mappelez plus jamais"),
        *("arretez dappeler", "arretez les appels", "je ne veux plus dappels"),
    ),
}

COURTESY = frozenset(
    {"please", "pls", "plz", "thanks", "thank", "you", "just", "now", "hello", "por", "favor"}
    | {"gracias", "hola", "merci", "svp", "sil", "vous", "plait", "bonjour"}
)

# Beside a control these change nothing: "can I talk to a person please".
CONTROL_FILLERS = (
    FILLERS
    | {"talk", "speak", "connect", "transfer", "call", "put", "through", "hablar", "comunicarme"}
    | {"necesito", "parler", "besoin", "passez"}
    | {
        "hear",
        "question",
        "instead",
    }
)

# Words with a meaning of their own on the line. Nobody is called so, and none is ever an answer.
RESERVED = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start"}
    | {"unstop", "help", "info", "alto", "parar", "baja", "arret", "arreter", "desabonner"}
    | {"person", "worry", "again", "menu", "plan", "call", "later", "pause", "finish", "slow"}
    | {"terms", "more", "operator", "repeat", "ayuda", "aide", "yes", "no", "ok", "okay", "none"}
    | {"nobody", "nothing", "what", "hello", "sorry", "pardon", "test", "null", "maybe", "sure"}
    | {"si", "oui", "non", "persona", "personne", "preocupa", "souci", "equipo", "equipe", "hola"}
    | {"bonjour", "nadie", "nada", "rien", "aucun", "aucune", "ninguno", "espanol", "francais"}
    | {"mas", "plus", "luego", "despacio", "encore", "pausa", "terminar", "terminer", "repetir"}
)

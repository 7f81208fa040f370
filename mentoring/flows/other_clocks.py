"""Telling whether a time was told by the clock of another place: `6 pm Eastern`, `her time`.

Nobody is read by their own clock who has named another one. The hours between two zones are not
counted here: which day somebody means near midnight, or whether "Mountain" is Denver or Phoenix,
only they know.
"""

import re

from mentoring.flows.slot_words import DAYS
from mentoring.flows.words import flat

# Where a time of day ends, and what may stand before the zone.
_TOLD = (
    r"(?:\d ?h?|(?:\b|\d)[ap]\.? ?m\.?|oclock|noon|midnight|midi|minuit|tarde|noche|manana|"
    r"soir|matin)[ ,(]+"
)
_HALF = r"(?:\b|\d)(?:[ap]\.? ?m\.?|noon|midnight)[ ,(]+"
# The zones of the United States and Canada. "Est" and "et" are French words as well, and "este" is
# a Spanish one, so these are zones only right after a time.
_ZONES = re.compile(
    r"\b(?:eastern|pacific|atlantic)\b|\b(?:[cmpn][sd]t|a[sd]t|edt|ak[sd]t|hst|gmt|utc)\b|"
    r"\bh[na][ecrpa]\b|\b(?:standard|daylight) time\b|"
    rf"{_TOLD}(?:central|mountain|alaskan?|hawaii(?:an)?|newfoundland)\b|"
    rf"{_TOLD}(?:est|[ecmp]t|este)\W*(?:$|\btime\b)|"
    rf"{_HALF}(?:est|[ecmp]t)\b(?! (?:demie?|quart|\d|le|la|je|pas|bien|parfait))|"
    r"\bdel (?:este|centro|pacifico|atlantico)\b|\b(?:de lest|du centre|du pacifique)\b|"
    r"\bde (?:latlantique|las? montanas?|terre[ -]neuve)\b|\bdes rocheuses\b"
)
# By whose hour, or that of which town: "su hora", "hora de Chicago", "heure de Montreal".
_THEIR_HOUR = re.compile(
    r"\b(?:su|tu) hora\b|\b(?:son|leur|votre|ton) heure\b|"
    r"\bhora (?:este|central|pacifico|atlantico)\b|"
    r"(?<!una )(?<!media )\bhora (?:del? |en )(?!(?:la |el |las )?(?:siempre|tarde|manana|noche|"
    r"madrugada|comer|comida|almorzar|almuerzo|cenar|cena|charla)\b)[a-z]|"
    r"(?<!une )(?<!demi )(?<!demi-)\bheure (?:de |du |d)(?!(?:la |l)?(?:matin|soir|apres|aprem|"
    r"nuit|habitude|dejeuner|diner|souper|toujours))[a-z]"
)
_SOME_TIME = re.compile(r"\b([a-z]+) time\b")
# Words that may stand before "time" in a time by their own clock. Any other one names a place or
# a person: "Chicago time", "my mentor's time".
_NO_PLACE = frozenset(
    {"my", "our", "own", "local", "same", "usual", "normal", "regular", "this", "that", "the"}
    | {"a", "any", "some", "every", "each", "all", "most", "other", "another", "no", "what"}
    | {"which", "next", "last", "first", "second", "one", "good", "great", "best", "better"}
    | {"right", "perfect", "convenient", "free", "spare", "full", "part", "long", "new", "set"}
    | {"have", "got", "get", "find", "make", "is", "of", "for", "at", "in", "on", "by", "and"}
    | {"talk", "talking", "call", "calling", "meeting", "lunch", "dinner", "supper", "breakfast"}
    | {"tea", "coffee", "break", "bed", "work", "school", "church", "morning", "afternoon"}
    | {"evening", "night", "day", "am", "pm", "h", "noon", "midnight", "more", "only", "works"}
    | {"preferred", "favorite", "favourite", "ideal", "open", "available"}
)


def tells_another_clock(body: str) -> bool:
    """Tell whether a time zone is named, or a place or person by whose clock a time was told."""
    text = flat(body)
    if _ZONES.search(text) or _THEIR_HOUR.search(text):
        return True
    return any(word not in _NO_PLACE and word not in DAYS for word in _SOME_TIME.findall(text))

"""The words for days of the week and times in three languages, as people text and say them."""

import re
from collections.abc import Mapping

from mentoring.flows.number_words import IN_WORDS

TODAY, TOMORROW = "today", "tomorrow"

_NAMES = {
    "mon": ("mon", "monday", "mondays", "lunes", "lun", "lundi", "lundis"),
    "tue": (
        *("tue", "tues", "tuesday", "tuesdays", "tuseday", "teusday", "martes"),
        *("tusday", "tuesdy", "mardi", "mardis"),
    ),
    "wed": (
        *("wed", "weds", "wednesday", "wednesdays", "wensday", "wendsday", "wednsday"),
        *("wenesday", "wednesdy", "miercoles", "mierc", "mier", "mie", "mercredi", "mercredis"),
    ),
    "thu": (
        *("thu", "thur", "thurs", "thursday", "thursdays", "thurday", "thrusday", "jueves"),
        *("thurdsay", "thr", "juev", "jue", "jeudi", "jeudis", "jeu"),
    ),
    "fri": (
        *("fri", "friday", "fridays", "firday", "frday"),
        *("viernes", "vier", "vie", "vendredi", "vendredis"),
    ),
    "sat": (
        *("sat", "saturday", "saturdays", "saterday", "sabado", "sabados", "sab"),
        *("samedi", "samedis"),
    ),
    "sun": (
        *("sun", "sunday", "sundays", "sunady", "domingo", "domingos", "dom"),
        *("dimanche", "dimanches", "dim"),
    ),
    TODAY: ("today", "tonight", "hoy", "aujourdhui"),
    TOMORROW: ("tomorrow", "tomorow", "tommorow", "tommorrow", "tmrw", "demain", "manana"),
}
DAYS: Mapping[str, str] = {word: day for day, words in _NAMES.items() for word in words}


def _hours(match: re.Match[str]) -> str:
    return f"{match[1]}:{(match[2] or match[3] or '').zfill(2)}"


def _less(match: re.Match[str]) -> str:
    """Return `7 menos 10` as `6:50`."""
    hour, minutes = int(match["hour"]), int(match["less"])
    if not 1 <= hour <= 24 or not 1 <= minutes <= 30:
        return match[0]
    before = 12 if hour == 1 else hour - 1
    return f"{before}:{60 - minutes:02d}"


def _minutes_after(match: re.Match[str]) -> str:
    """Return `las 6 y 10` as `las 6:10`, and leave what may be two hours.

    What might be an hour counts as minutes only after "las", and never where it is the next hour.
    """
    hour, minutes = int(match["hour"]), int(match["minutes"])
    is_usual = minutes % 5 == 0 or minutes > 12
    is_after_las = bool(match["las"]) and is_usual and minutes != hour + 1
    if not (is_after_las or 23 < minutes < 60):
        return match[0]
    return f"{match['las'] or ''}{hour}:{minutes:02d}"


# Tried in this order. What is left over is read as English.
SPELLINGS = (
    *IN_WORDS,
    (re.compile(r"\bi am\b|\bam i\b"), "i"),
    # "6p" is "6 pm", and the article "un" is no number beside a day. After an hour it may be one.
    (re.compile(r"(?<!heure )(?<!heures )\bun\b ?"), ""),
    (re.compile(r"(\d)([ap])\b(?!\.? ?m)"), r"\1 \2m"),
    # How long they want to talk is no second time.
    (
        re.compile(
            r"\b(?:for|por|durante|pendant|pour) (?:about )?(?:half )?"
            r"(?:an?|one|una?|une|media|\d+)? ?"
            r"(?:mins?|minutes?|minutos|hours?|hrs?|horas?|heures?)\b"
        ),
        "",
    ),
    (re.compile(r"(\d)[,;]([0-5]\d)\b"), r"\1:\2"),
    (re.compile(r"(:[0-5]\d) ?(?:hs?|hrs?|hours?|horas?|heures?)\b"), r"\1"),
    (re.compile(r"\bmedio dia\b"), "mediodia"),
    (re.compile(r"\bmedia noche\b"), "medianoche"),
    (re.compile(r"\b(?:mediodia|midi) (?:y media|et demie?)\b"), "midi 30"),
    (re.compile(r"\b(?:mediodia|midi) (?:y cuarto|et quart)\b"), "midi 15"),
    (
        re.compile(
            r"\b(?:a |al |del? )?(?:mediodia|midi) (1[3-9]|[2-5]\d)\b(?! ?(?:h|heures?|horas?)\b)"
        ),
        r"12:\1 pm",
    ),
    (re.compile(r"\by media\b|\bet demie?\b"), ":30"),
    (re.compile(r"\by cuarto\b|\bet quart\b"), ":15"),
    (
        re.compile(
            r"\b(?P<las>las? )?(?P<hour>\d{1,2})(?: ?(?:horas?|hrs?|h))? (?:y|con) "
            r"(?P<minutes>\d{1,2})\b(?! ?(?:y|con|[:h]|h[rs]s?|horas?)\b)"
        ),
        _minutes_after,
    ),
    (re.compile(r"(\d)(?::00)?(?: ?(?:horas?|heures?|hrs?|h))? :(30|15)"), r"\1:\2"),
    # "Thursday works", but not where somebody is at work or has one; who is done with it is free.
    (
        re.compile(
            r"\b(?:get off|off|after|done with|done|leave|leaving|salgo de[l]?|saliendo de[l]?|"
            r"sortie d(?:e|es|u)|fini) (?:my |mi |mon |les? |work(?:ing)?\b ?)*"
            r"(?:shift|work|working|school|class|trabajo|clases?|cours|travail)\b"
        ),
        "",
    ),
    (
        re.compile(
            r"\b(?<!can )(?<!could )i (?:have to |must |got to )?(?:work|sleep)\b|"
            r"\b(?:i|have|got) (?:an? |the |at the )?"
            r"(?:at work|work|appointment|meeting|doctors?|school|church|class)\b|"
            r"\bi at (?:the |my )?(?:work|doctors?|school|church)\b|\bis full\b|\bout of town\b|"
            r"\btengo (?:una )?(?:cita|reunion|clases?|que trabajar)\b|\bau (?:travail|boulot)\b|"
            r"\bj ?ai (?:une? )?(?:rdv|rendez[ -]vous|reunion|cours)\b|"
            r"\bje (?:bosse|travaille|suis pris)e?\b"
        ),
        "busy",
    ),
    (re.compile(r"\bmuy (?:tarde|temprano)\b"), "late"),
    (re.compile(r"\b(?:right|straight) away\b|\ben cours de\b"), ""),
    # A bound, and not the place from which somebody calls.
    (re.compile(r"\bdesde(?= (?:las? )?\d)"), "from"),
    (re.compile(r"\b(?:ce soir|esta noche)\b"), "tonight"),
    (re.compile(r"\btonight\b"), "tonight at night"),
    (re.compile(r"\bthis evening\b"), "today in the evening"),
    (
        re.compile(r"\b(?:this|esta|cet) (?:afternoon|tarde|apres[ -]?midi)\b"),
        "today in the afternoon",
    ),
    (re.compile(r"\b(?:this morning|ce matin)\b"), "today in the morning"),
    # "Sam" is a name as well, so these short forms count beside an hour such as "18 h" only.
    (re.compile(r"\bmer\.?(?= (?:a )?\d{1,2} ?[h:])"), "mercredi"),
    (re.compile(r"\bven\.?(?= (?:a )?\d{1,2} ?[h:])"), "vendredi"),
    (re.compile(r"\bsam\.?(?= (?:a )?\d{1,2} ?[h:])"), "samedi"),
    (re.compile(r"\b(?:pasado manana|apres[ -]demain|day after tomorrow)\b"), "next day"),
    # Spanish and French.
    # "Midi" alone is noon, so the afternoon comes first.
    (
        re.compile(
            r"\b(?:de |dans |en )?[ld]?(?:apres[ -]?midi|aprem)s?\b|"
            r"\b(?:du |le |en )?soir(?:ee)?s?\b"
        ),
        "in the evening",
    ),
    (
        re.compile(
            r"\b(?:por|de|en) las? (?:mananas?|madrugada)\b|\b(?:du |le |en )?matin(?:ee)?s?\b|"
            r"\bdu mat\b|\bmornings\b|\bmorn\b"
        ),
        "in the morning",
    ),
    (re.compile(r"\b(?:(?:por|de|en) las? )?tardes?\b|\bafternoons\b"), "in the afternoon"),
    (re.compile(r"\b(?:(?:por|de|en) las? )?noches?\b|\bnights\b"), "at night"),
    (re.compile(r"\b(?:evenings|eve)\b"), "in the evening"),
    (re.compile(r"\b(?:al?|del?) ?mediodia\b|\bmediodia\b"), "noon"),
    (re.compile(r"\b(?:a )?medianoche\b|\b(?:a )?minuit\b"), "midnight"),
    (re.compile(r"\b(?:un )?cuarto para las?\b"), "15 to"),
    (re.compile(r"\bpara las?(?= (?:\d|[a-z]+))"), "to"),
    (re.compile(r"\b(?:menos|moins) (?:le |un )?(?:cuarto|quart)\b"), "menos 15"),
    (re.compile(r"\b(?:a )?midi\b"), "noon"),
    (re.compile(r"\bde la nuit\b"), "at night"),
    (
        re.compile(
            r"\b(\d{1,2}) ?(?:h|hrs?|hours?|heures?|horas?)\b"
            r"(?: ?([0-5]\d)\b| ([1-9])(?=[ ,.!]*(?:$|in the|at night)))?"
        ),
        _hours,
    ),
    (re.compile(r"\b(\d{1,2})h([0-5]\d)\b"), r"\1:\2"),
    (re.compile(r"\b(?P<hour>\d{1,2})(?::00)? (?:menos|moins) (?P<less>\d{1,2})\b"), _less),
    # After 12 on a clock of 24 hours the part of the day says nothing more.
    (
        re.compile(
            r"\b((?:1[3-9]|2[0-3])[:.][0-5]\d) (?:in the (?:afternoon|evening)|(?:at )?night)\b"
        ),
        r"\1",
    ),
    (
        re.compile(
            r"\b(?:(?:in the )?(?:afternoon|evening)|(?:at )?night)"
            r"((?: at| a)? (?:1[3-9]|2[0-3])[:.][0-5]\d)\b"
        ),
        r"\1",
    ),
    (re.compile(r"\b(?:a las?|las|a)(?= \d)"), "at"),
)

NIGHT = re.compile(r"\bnight\b")

EVERY_TIME = re.compile(
    r"\b(?:every|any|each|all|most|other|some) ?(?:day|days|time|times)\b|\bdaily\b|\bwhenever\b|"
    r"\balways\b|\bweek ?days?\b|\bweek ?ends?\b|\bcualquier\b|\b(?:todos los|cada) dias?\b|"
    r"\b(?:tous les|chaque) jours?\b|\bnimporte\b|\bcuando sea\b|\bflexible\b|"
    r"\bfirst thing\b"
)

# Beside a time these make it a bound or a guess.
NOT_EXACT = frozenset(
    {"after", "before", "until", "till", "from", "between", "but", "except", "unless", "if", "or"}
    | {"maybe", "perhaps", "half", "menos", "moins", "despues", "antes", "apres", "avant", "ou"}
    | {"o", "either", "past", "early", "late", "latest", "earliest", "stop", "why", "what"}
    | {"depends", "sometime", "sometimes", "mas", "plus", "onwards", "hasta", "partir"}
    | {"jusqua", "trop", "entre"}
)

# Beside a time these say what else is then, or that it does not suit.
NOT_FREE = frozenset(
    {"busy", "taken", "impossible", "unavailable", "bad", "sucks", "stuck", "booked", "conflict"}
    | {"dentist", "surgery", "therapy", "dialysis", "hospital", "working", "away", "malo"}
    | {"ocupado", "ocupada", "imposible", "mal", "trabajo", "trabajando", "dentista", "terapia"}
    | {"occupe", "occupee", "pris", "prise", "dentiste", "absent", "absente"}
)

# Words that may stand around a day and a time without changing them.
KNOWN_WORDS = frozenset(
    {"am", "pm", "morning", "afternoon", "evening", "night", "noon", "midday", "midnight", "oclock"}
    | {"every", "each", "day", "time", "week", "good", "great", "ok", "okay", "free", "talk", "yes"}
    | {"meet", "call", "about", "around", "by", "sharp", "works", "work", "best", "better"}
    | {"los", "el", "la", "las", "de", "a", "le", "les", "tous", "todos", "por", "favor", "mi"}
    | {"s", "du", "sil", "vous", "plait", "h", "set", "lets", "our", "usual", "usually", "this"}
    | {"same", "happy", "available", "should", "suits", "fine", "perfect"}
)

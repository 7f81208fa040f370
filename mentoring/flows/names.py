"""Reading a first name, and an answer in somebody's own words."""

import re

from mentoring.flows.readings import Unclear
from mentoring.flows.vocabulary import RESERVED
from mentoring.flows.words import LONGEST_STORY, flat

LONGEST_NAME = 30

_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|um|uh|well|yes|ok|okay|sure|just|hola|bueno|bonjour|euh)\b[\s,.!]*)+",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:please\s+)?(?:you\s+can\s+|just\s+)?(?:please\s+)?"
    r"(?:my\s+(?:first\s+)?name(?:\s+is|['’]s)|the\s+name(?:\s+is|['’]s)|name\s*(?:is|:)|"
    r"it\s+is|it['’]s|i\s+am|i['’]m|this\s+is|call\s+me|they\s+call\s+me|use|"
    r"me\s+llamo|soy|mi\s+nombre\s+es|je\s+m['’]appelle|mon\s+(?:pré)?nom\s+est|c['’]est|"
    r"moi\s+c['’]est)\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,.!]+(?:please|pls|thanks|thank\s+you|here|por\s+favor|gracias|merci|svp))?[\s,.!]*$",
    re.IGNORECASE,
)
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{0,2}}")
_SPELLED = re.compile(r"[^\W\d_](?:[ .-]+[^\W\d_]){2,}")
_WORD_START = re.compile(r"(?:^|(?<=[\s'’-]))\w")


def read_name(body: str, *, spoken: bool) -> str | Unclear:
    """Return the name told, without "my name is" and with capitals when it has none."""
    name = _TAIL.sub("", _LEAD.sub("", _GREETING.sub("", body.strip()) or body.strip()))
    name = " ".join(name.split())
    if _SPELLED.fullmatch(name):
        name = re.sub(r"[ .-]+", "", name).lower()
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return Unclear("not like a name")
    if any(word in RESERVED for word in flat(name).split()):
        return Unclear("a word that is no name")
    if spoken or name.islower() or (name.isupper() and len(name) > 2):
        name = _WORD_START.sub(lambda start: start[0].upper(), name.lower())
    return name


def read_story(body: str) -> str | Unclear:
    """Return an answer in the person's own words, without the blanks around it."""
    if len(body) > LONGEST_STORY:
        return Unclear("too long")
    if any(letter < " " and letter not in "\t\r\n" for letter in body) or "\x7f" in body:
        return Unclear("control characters")
    if not any(letter.isalnum() for letter in body):
        return Unclear("no words")
    return body.strip()

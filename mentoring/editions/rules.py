"""What a wording must keep to before it is said: plain, short, and true to what the flows expect.

Every rule that can be counted is here, and holds for the shipped wording and for what staff write.
Each fault names its form and says in a sentence what to do about it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mentoring.editions.forms import NAMES, SPOKEN, Forms, forms_of
from mentoring.editions.measures import (
    filled,
    placeholders,
    sentences,
    sounds,
    syllables_a_word,
    words,
)
from mentoring.flows.catalog import FALLBACK, Catalog, OptionWording, words_of_label
from mentoring.flows.render import PAUSE
from mentoring.safety.numbers import NAMED_IN_DANGER
from mentoring.segments import beyond_gsm7, segments_of

LABEL = "label_"
# The text that quotes a question after an answer that was not understood.
RETRY_FRAME = "T-ERR1"
LONGEST_FORM = 600
WORDS_IN_A_SENTENCE = 14
SYLLABLES_IN_A_WORD = 1.7
# Other languages take more words for the same, and their accents make shorter segments (3.12).
WORDS_IN_A_TRANSLATION = 20
SEGMENTS_OF_A_TRANSLATION = 3
# The phone tells its languages in these languages.
IN_EVERY_LANGUAGE = frozenset({"V-LANG"})
# Said when the database is out of reach, where no edition could be read either.
FIXED = frozenset({"T-FALL", "V-SORRY", "V-LOST", "V-FAULT", "V-LEAVE", "V-LEFT", "T-FAULT"})
# What people consent to, and what the carrier was shown when the line was registered.
REGISTERED = frozenset(
    {"T-C1", "T-C2", "T-C3", "T-C4", "T-C5", "T-C6", "T-AG1", "T-AG2", "T-INTC"}
    | {"T-WEL", "T-STOP", "T-START", "T-HELP"}
)

_NO_SIGNS = re.compile(r"[/\\→←⇒>*_~|@]|https?:|www\.")
_LAST_PLAIN = 0x2000
# Controls, which no document for the phone may hold, and marks such as a soft hyphen.
_UNSEEN = frozenset({"Cc", "Cf"})
# V-NI2 tells what can be done at all; it is no menu.
_NO_MENU = frozenset({"V-NI2"})

# G9: words that carriers keep for themselves. The three that must be named are named only there.
NEVER_ASKED_FOR = frozenset(
    {"STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
    | {"UNSTOP", "INFO", "YES", "NO"}
)
OUR_WORDS = frozenset(
    {"PERSON", "WORRY", "AGAIN", "MENU", "PLAN", "CALL", "LATER", "PAUSE", "FINISH"}
    | {"SLOW", "TERMS", "TOUCH"}
)
NO_WORDS_BUT_CAPITALS = frozenset({"OK", "ID", "ACF", "AB", "ENGLISH"})
# What these must go on to say, for nothing else on the phone does.
MUST_SAY = {
    ("V-KEYS", "voice"): ("for a person [p] press 0", "again [p] press star"),
    ("T-C6", "voice"): ("not an emergency line",),
    ("T-C6", "text"): ("not an emergency line",),
    ("T-WORRY", "voice"): ("not an emergency line",),
    ("T-WORRY", "text"): ("not an emergency line",),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which form (`label_2` is that of choice 2), and what to do."""

    form: str
    words: str


@dataclass(frozen=True)
class Shipped:
    """What an edition is held against: the wording that came with the programme.

    `retry_frame` is the text in that language that quotes a retry at `{q}`.
    """

    prompt: str
    language: str
    forms: Forms
    options: Sequence[OptionWording] = ()
    retry_frame: str = "{q}"


def shipped_of(catalog: Catalog, prompt: str, language: str) -> Shipped:
    """Return what an edition in that language is held against. Raises KeyError for no such key."""
    wording = catalog.wording(prompt, language)
    frame = catalog.wording(RETRY_FRAME, language).text
    return Shipped(prompt, language, forms_of(wording), wording.options, frame)


def faults_of(shipped: Shipped, forms: Forms) -> list[Fault]:
    """Return everything that keeps an edition from being said; nothing when it is sound."""
    misfits = list(misfits_of(shipped.forms, forms))
    if misfits:
        return misfits
    return [*_sentence_faults(shipped, forms), *_label_faults(shipped, forms)]


def misfits_of(shipped: Forms, forms: Forms) -> Iterator[Fault]:
    """Find what the programme itself would stumble over, whatever the words are."""
    before = shipped.by_name()
    for name, template in forms.by_name().items():
        yield from _misfits(name, before[name], template)
    if len(forms.labels) != len(shipped.labels):
        yield Fault(f"{LABEL}1", f"This question has {len(shipped.labels)} choices. Name each.")
        return
    for number, (old, new) in enumerate(zip(shipped.labels, forms.labels, strict=True), 1):
        yield from _misfits(f"{LABEL}{number}", old, new)


def _misfits(name: str, old: str, new: str) -> Iterator[Fault]:
    if old and not new:
        yield Fault(name, "Enter the words. This form is in use.")
    elif new and not old:
        yield Fault(name, "Leave this empty. It is not in use.")
    elif new.count("{") != new.count("}") or "{" in re.sub(r"\{\w+\}", "", new):
        yield Fault(name, "A placeholder is a name between { and }, such as {org}.")
    elif placeholders(new) != placeholders(old):
        yield Fault(name, _of_placeholders(placeholders(old), placeholders(new)))
    elif sounds(new) != sounds(old):
        yield Fault(name, f"Keep the sounds {', '.join(sounds(old)) or 'as they are: none'}.")


def _of_placeholders(old: frozenset[str], new: frozenset[str]) -> str:
    missing = ", ".join(f"{{{each}}}" for each in sorted(old - new))
    unknown = ", ".join(f"{{{each}}}" for each in sorted(new - old))
    told = [
        f"Put {missing} in again." if missing else "",
        f"Take {unknown} out." if unknown else "",
    ]
    return " ".join(part for part in told if part)


def _sentence_faults(shipped: Shipped, forms: Forms) -> Iterator[Fault]:
    before = shipped.forms.by_name()
    for name, template in forms.by_name().items():
        if not template:
            continue
        checks = [
            _signs(template),
            _brackets(template, spoken=name in SPOKEN),
            _numbers(before[name], template),
            _capitals(before[name], template),
            _reading(shipped, before[name], template),
        ]
        if name in SPOKEN:
            checks.append(_keys(shipped, before[name], template))
        if name == "text":
            checks.append(_length(shipped, template))
        if name == "retry":
            checks.append(_retry(shipped, template))
        if shipped.language == FALLBACK:
            checks.append(_must_say(shipped.prompt, name, template))
        yield from (Fault(name, words) for found in checks for words in found)


def _signs(template: str) -> Iterator[str]:
    if len(template) > LONGEST_FORM:
        yield f"Use {LONGEST_FORM} characters or fewer. You have used {len(template)}."
    found = _NO_SIGNS.search(template)
    if found:
        yield f"Take {found[0]} out. Links and signs are not read aloud."
    odd = sorted({letter for letter in template if _is_picture(letter)})
    if odd:
        yield f"Take {' '.join(odd)} out. Pictures and typed quotation marks are not for a phone."
    elif any(map(_is_unseen, template)):
        yield "Type these words anew. They hold marks that nobody sees, as copied words often do."


def _is_picture(letter: str) -> bool:
    return ord(letter) >= _LAST_PLAIN


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN


def _is_named_as_sign(letter: str) -> bool:
    """Tell whether a letter is refused in every form, so that its cost need not be told as well."""
    return _is_picture(letter) or _is_unseen(letter)


def _brackets(template: str, *, spoken: bool) -> Iterator[str]:
    """Refuse what looks like a pause and is none: it would be read out, or stand in a text."""
    rest = template.replace(PAUSE, "") if spoken else template
    if "[" in rest or "]" in rest:
        yield f"Take [ and ] out. A pause is {PAUSE}, and only what is spoken has pauses."


def _numbers(old: str, new: str) -> Iterator[str]:
    wanted, written = re.findall(r"\d+", old), re.findall(r"\d+", new)
    typed = [number for number in written if len(number) > 2]
    if typed and placeholders(old) & NAMED_IN_DANGER:
        yield (
            f"Take {', '.join(typed)} out. The numbers to call in danger come from the set-up, for"
            " the country of whoever asks."
        )
    elif wanted != written:
        told = ", ".join(wanted) or "none"
        yield f"Keep the keys and numbers, in their order: {told}. They are what the phone expects."


def _capitals(old: str, new: str) -> Iterator[str]:
    """Whoever is told a word may text it, so no word may go, and only words of ours may come."""
    before, now = _in_capitals(old), _in_capitals(new)
    gone = sorted(before - now - NO_WORDS_BUT_CAPITALS)
    come = sorted(now - before - OUR_WORDS - NO_WORDS_BUT_CAPITALS)
    if gone:
        yield f"Keep the word {', '.join(gone)}, which people text to us."
    if come:
        yield f"Write {', '.join(come)} in small letters. Words in capitals can be texted to us."


def _in_capitals(template: str) -> frozenset[str]:
    plain = re.sub(r"AUDIO:[\w-]+", "", template)
    return frozenset(re.findall(r"\b[^\W\d_a-zà-öø-ÿ]{2,}\b", plain))


def _reading(shipped: Shipped, old: str, new: str) -> Iterator[str]:
    if shipped.prompt in IN_EVERY_LANGUAGE:
        return
    yield from _long_sentences(shipped, old, new)
    if shipped.language == FALLBACK and syllables_a_word(new) > SYLLABLES_IN_A_WORD:
        yield (
            f"Use shorter words: {syllables_a_word(new):.1f} syllables a word,"
            f" and {SYLLABLES_IN_A_WORD} at most."
        )


def _long_sentences(shipped: Shipped, old: str, new: str) -> Iterator[str]:
    most = WORDS_IN_A_SENTENCE
    if shipped.language != FALLBACK:
        # A sentence that was signed as it is need not be made shorter to change another one.
        most = max(WORDS_IN_A_TRANSLATION, *(len(words(each)) for each in ["", *sentences(old)]))
    for sentence in sentences(new):
        if len(words(sentence)) > most:
            yield (
                f"Use {most} words or fewer in a sentence."
                f' This has {len(words(sentence))}: "{" ".join(sentence.split())}".'
            )


def _keys(shipped: Shipped, old: str, new: str) -> Iterator[str]:
    """A label comes before its key, and a pause between them (A3)."""
    before, now = (_pauses_before_numbers(each) for each in (old, new))
    pauses = zip(before, now, strict=False)
    if any(fewer < kept for kept, fewer in pauses):
        yield "Say the choice first, then [p], then its key."
        return
    if shipped.language == FALLBACK and shipped.prompt not in _NO_MENU:
        before_key = set(re.findall(r"(\S+) press \d", new))
        if not before_key <= {"[p]"}:
            yield "Say the choice first, then [p], then its key."


def _pauses_before_numbers(template: str) -> list[int]:
    return [part.count("[p]") for part in re.split(r"\d+", template)[:-1]]


def _length(shipped: Shipped, text: str) -> Iterator[str]:
    full = filled(text)
    counted = segments_of(full)
    if shipped.language != FALLBACK:
        if counted.count > SEGMENTS_OF_A_TRANSLATION:
            yield (
                f"Use fewer words: it takes {counted.count} texts to send,"
                f" and {SEGMENTS_OF_A_TRANSLATION} at most."
            )
        return
    if counted.encoding == "ucs2":
        odd = sorted(each for each in beyond_gsm7(full) if not _is_named_as_sign(each))
        if odd:
            yield f"Take {' '.join(odd)} out. With it a text costs more than double."
    elif counted.count > 1:
        yield (
            "Use fewer words: 160 characters at most when it is filled,"
            f" and it has {counted.units}."
        )
    if "{q}" in text and len(full) > len(filled(shipped.forms.text)):
        yield "Use fewer words: it quotes a question, and both must fit into one text."


def _retry(shipped: Shipped, retry: str) -> Iterator[str]:
    if not retry.endswith((".", "?")):
        yield "End with a full stop or a question mark. It is quoted as a whole."
    quoted = segments_of(filled(shipped.retry_frame.replace("{q}", retry)))
    most = 1 if shipped.language == FALLBACK else SEGMENTS_OF_A_TRANSLATION
    if quoted.count > most:
        yield f"Use fewer words: quoted in a text it takes {quoted.units} characters, too many."


def _must_say(prompt: str, name: str, template: str) -> Iterator[str]:
    for said in MUST_SAY.get((prompt, name), ()):
        if said not in template:
            yield f'Keep "{said}".'


def _label_faults(shipped: Shipped, forms: Forms) -> Iterator[Fault]:
    for number, label in enumerate(forms.labels, 1):
        old = shipped.forms.labels[number - 1]
        if not label:
            continue
        checks = (
            _signs(label),
            _brackets(label, spoken=False),
            _numbers(old, label),
            _capitals(old, label),
            # It is heard with its key, as one sentence.
            _long_sentences(shipped, f"{old} [p] press {number}", f"{label} [p] press {number}"),
        )
        for found in checks:
            yield from (Fault(f"{LABEL}{number}", words) for words in found)
        if label != old and _meant_by_others(shipped, forms, number) & {*words_of_label(label)}:
            yield Fault(f"{LABEL}{number}", f'"{label}" chooses another choice.')


def _meant_by_others(shipped: Shipped, forms: Forms, number: int) -> frozenset[str]:
    """Return the words that choose another option: its own, and its label as it is and was."""
    others = [each for each in enumerate(shipped.options, 1) if each[0] != number]
    words_of = (word.casefold() for _, each in others for word in (each.label, *each.words))
    labels = (word for at, _ in others for word in words_of_label(forms.labels[at - 1]))
    return frozenset({*words_of, *labels} - {""})


def name_of(form: str) -> str:
    """Return how staff know a form."""
    return NAMES.get(form) or f"Choice {form.removeprefix(LABEL)}"

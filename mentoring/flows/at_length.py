"""Reading a yes or a no that comes with a story: "Yes, he is at my door and has a knife".

For a question of which a yes must not be missed. A yes counts whatever is told with it. A no counts
only where all that is said denies danger: "no he won't leave" and "I am not okay" begin like a no
and are none, and by voice no comma tells them apart. Whatever else is said is asked again.
"""

import re
from collections.abc import Sequence

from mentoring.flows.at_length_words import (
    ALL_IS_WELL,
    BEFORE,
    BESIDE_NO,
    BESIDE_WHO,
    BOTH,
    CLAUSE,
    CONTENT,
    CRIES,
    DENIALS,
    DOUBTS,
    ENDS,
    HELP,
    HURT,
    JOINS,
    MOMENT,
    NEARLY,
    NEW_SENTENCE,
    NO_YES_AFTER_ALL,
    NOBODY,
    PERIL,
    QUESTIONS,
    SAYS_NO,
    SAYS_YES,
    SHORT_YES,
    STATE,
    UNSAFE,
    WHO,
    YES_ANYWHERE,
    YES_FIRST,
    Phrases,
)
from mentoring.flows.choices import Choice, read_choice, strange_words
from mentoring.flows.readings import Unclear
from mentoring.flows.vocabulary import HEDGES, NEGATIONS, UNSURE
from mentoring.flows.words import phrase

Said = tuple[str, ...]

# "Yes and no" is one of these at the end alone: "yes and no one is helping me" is a yes.
_UNSURE = frozenset(phrase(words) for words in UNSURE) - BOTH
# Signs that say yes without a word.
_YES_SIGNS = re.compile("[\U0001f44d✅]")
_DIGIT_ONE = re.compile(r"\W*1\b(?![.,/]\d)")
_ANY_ONE = re.compile(r"(?<!\d)1(?!\d)")
_SHORT = 5
_LONGEST_PHRASE = 8
# How many words before the danger may hold what denies it.
_NEAR = 3


def read_at_length(choices: Sequence[Choice], words: str, heard: Sequence[str]) -> str | Unclear:
    """Return "yes" or "no", or that neither is clear. `heard` are the tokens of the words."""
    if not heard:
        return "yes" if _YES_SIGNS.search(words) else Unclear("no words")
    said = _without_beginnings(heard)
    # Typed in digits, "no 1" may be the number of the answer: it is no clear "no one".
    may_be_no = not _ANY_ONE.search(words) and not CRIES.intersection(heard[: -len(said)])
    if may_be_no and _only_denies(choices, said):
        return "no"
    if _takes_it_back(said):
        return Unclear("yes and no")
    if _DIGIT_ONE.match(words) and not MOMENT.intersection(said[1:2]):
        return "yes"
    return "yes" if _says_yes(choices, said) else Unclear("no clear yes or no")


def _without_beginnings(heard: Sequence[str]) -> Said:
    """Return the utterance from its first word that says something."""
    start = next((at for at, token in enumerate(heard) if token not in BEFORE), 0)
    return tuple(heard[start:])


def _only_denies(choices: Sequence[Choice], said: Said) -> bool:
    """Tell whether denials are all that was said, but for courtesy and that somebody is gone."""
    named = frozenset(phrase(words) for c in choices if c.value == "no" for words in c.words)
    known = DENIALS | named | BESIDE_NO
    ends = {0}
    for at in range(len(said)):
        if at in ends:
            ends |= {at + n for n in _sizes(said[at:], known) if _may_stand(said, at, n)}
    return len(said) in ends and _has(said, DENIALS | named)


def _may_stand(said: Said, at: int, size: int) -> bool:
    """Tell whether a phrase means at this place what it means alone."""
    after = ALL_IS_WELL.get(said[at : at + size])
    return after is None or at == 0 or said[at - 1] in after


def _takes_it_back(said: Said) -> bool:
    """Tell whether a yes and a no are all that was said, or stand together at its end."""
    if any(said[-3:] == both for both in BOTH):
        return True
    both = SAYS_YES.intersection(said) and SAYS_NO.intersection(said)
    return bool(both) and set(said) <= SAYS_YES | SAYS_NO | JOINS


def _says_yes(choices: Sequence[Choice], said: Said) -> bool:
    if _starts(said, _UNSURE) or _starts(said, NO_YES_AFTER_ALL) or said in CONTENT:
        return False
    if _starts(said, YES_FIRST) or said in NEARLY or _begins_shortly(said):
        return True
    if _tells_of_danger(said) or _ends_in_a_cry(said):
        return True
    return not _denies(said) and (_names_somebody(said) or _chooses_yes(choices, said))


def _begins_shortly(said: Said) -> bool:
    """Tell whether a yes of one letter or number is followed by a sentence of its own."""
    return bool(SHORT_YES.intersection(said[:1]) and NEW_SENTENCE.intersection(said[1:2]))


def _tells_of_danger(said: Said) -> bool:
    """Tell whether somebody is said to be in danger, hurt or not safe, and it is not denied."""
    if _has(said, _UNSURE) or QUESTIONS.intersection(said[:1]):
        return False
    return _has(said, UNSAFE) or any(
        _is_peril(said, at) and not _is_denied(said, at) for at in range(len(said))
    )


def _is_peril(said: Said, at: int) -> bool:
    """Tell whether the word at this place says that somebody is in danger, or hurt."""
    return said[at] in PERIL or (
        said[at] in HURT and bool(STATE.intersection(said[max(0, at - 2) : at]))
    )


def _is_denied(said: Said, at: int) -> bool:
    """Tell whether a danger is denied in its own clause, by one of the words right before it."""
    start = at - 1 if said[at - 1 : at] in (("in",), ("en",)) else at
    clause = next((place for place in range(start, 0, -1) if said[place - 1] in CLAUSE), 0)
    near = said[max(clause, start - _NEAR) : start]
    nobody = NOBODY.intersection(said[clause:start]) or _has(said[clause:start], {("no", "1")})
    return bool(nobody or NEGATIONS.intersection(near) or _has(said[:start], DOUBTS))


def _ends_in_a_cry(said: Said) -> bool:
    """Tell whether it ends in a call for help, and does not say that none is needed."""
    return said[-1:] in HELP and not NEGATIONS.intersection(said[-1 - _NEAR : -1])


def _denies(said: Said) -> bool:
    """Tell whether anything in it is denied."""
    return any(token in NEGATIONS or token in NOBODY for token in said)


def _chooses_yes(choices: Sequence[Choice], said: Said) -> bool:
    return read_choice(choices, said) == "yes" and not strange_words(choices, said)


def _names_somebody(said: Said) -> bool:
    """Tell whether it says yes, or who is in danger."""
    if YES_ANYWHERE.intersection(said):
        return not _has(said, _UNSURE)
    if WHO.intersection(said) and set(said) <= WHO | BESIDE_WHO:
        return True
    is_short = len(said) <= _SHORT and not HEDGES.intersection(said)
    return is_short and bool(ENDS.intersection(said[-1:]))


def _sizes(said: Said, phrases: Phrases) -> set[int]:
    """Return how long the phrases are with which it starts."""
    return {size for size in range(1, _LONGEST_PHRASE + 1) if said[:size] in phrases}


def _starts(said: Said, phrases: Phrases) -> bool:
    return bool(_sizes(said, phrases))


def _has(said: Said, phrases: Phrases | set[Said]) -> bool:
    return any(_sizes(said[at:], frozenset(phrases)) for at in range(len(said)))

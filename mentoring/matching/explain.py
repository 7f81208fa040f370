"""What two hear of each other: up to three reasons and one caution, within 25 seconds.

Nothing is said of a disability, of anybody else, or of points. A sentence is made of what this
mentor has told for this purpose, and only where it fits what the protege has asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mentoring.matching.candidates import Candidate
from mentoring.matching.scores import sector_words, stage_of_mentor
from mentoring.matching.weekly_hours import hours_ahead
from mentoring.matching.words import LANGUAGES, hours_words, listed, topics_words
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
        return " ".join((*self.reasons, self.caution)).strip()


def explain(protege: Candidate, mentor: Candidate) -> Explanation:
    """Return what can be said to a protege for a mentor, the weightiest first."""
    reasons = [said for reason in _REASONS if (said := reason(protege, mentor))]
    cautions = (said for caution in _CAUTIONS if (said := caution(protege, mentor)))
    return Explanation(tuple(reasons[:_MOST_REASONS]), next(cautions, ""))


# -- reasons --------------------------------------------------------------------------------------


def _helps(protege: Candidate, mentor: Candidate) -> str:
    met = [topic for topic in protege.topics if topic in mentor.topics]
    return f"Helps with {topics_words(met)}." if met else ""


def _same_business(protege: Candidate, mentor: Candidate) -> str:
    same = protege.sectors & mentor.sectors
    return f"Knows your kind of business: {sector_words(same)}." if same else ""


def _free_like_you(protege: Candidate, mentor: Candidate) -> str:
    # Across zones one person's evening is not another's, so there nothing is claimed.
    if hours_ahead(mentor.zone, protege.zone) != 0:
        return ""
    both = [code for code in protege.hours.split(",") if code and code in mentor.hours.split(",")]
    return f"Free on {hours_words(','.join(both))} like you." if both else ""


def _speaks(protege: Candidate, mentor: Candidate) -> str:
    if protege.language == _USUAL_LANGUAGE or protege.language not in mentor.languages:
        return ""
    return f"Speaks {LANGUAGES.get(protege.language, protege.language)} like you."


def _has_been_there(protege: Candidate, mentor: Candidate) -> str:
    if not protege.stage or stage_of_mentor(mentor) <= protege.stage:
        return ""
    return "Has been where your business is now."


def _works_alike(protege: Candidate, mentor: Candidate) -> str:
    same = sorted(protege.way & mentor.way)
    return f"Likes to work as you do: {listed([_WAYS[each] for each in same])}." if same else ""


_WAYS = {
    "straight": "straight words",
    "gentle": "gentle words",
    "plan": "a plan first",
    "try": "trying things out",
    "chatty": "time to chat",
    "brief": "short talks",
}

# -- cautions -------------------------------------------------------------------------------------


def _does_not_help(protege: Candidate, mentor: Candidate) -> str:
    missing = [topic for topic in protege.topics if topic not in mentor.topics]
    return f"Does not help with {topics_words(missing)}." if missing else ""


def _other_mode(protege: Candidate, mentor: Candidate) -> str:
    if mentor.mode is Mode.TEXT and protege.mode is Mode.VOICE:
        return "Likes to text; we read the texts to you."
    if mentor.mode is Mode.VOICE and protege.mode is Mode.TEXT:
        return "Likes to talk; your texts are read aloud."
    return ""


def _other_clock(protege: Candidate, mentor: Candidate) -> str:
    ahead = hours_ahead(mentor.zone, protege.zone)
    if not ahead:
        return ""
    hours = abs(ahead)
    words = "an hour" if hours == 1 else f"{hours:g} hours"
    return f"It is {words} {'later' if ahead > 0 else 'earlier'} there."


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
        f"You can help with {topics_words(met)}." if met else "",
        # These say the same from either side.
        *(
            each(mentor, protege)
            for each in (_same_business, _free_like_you, _speaks, _works_alike)
        ),
    )
    cautions = (
        f"Also looks for help with {topics_words(left)}." if left else "",
        *(each(mentor, protege) for each in (_other_mode, _other_clock)),
    )
    reasons = [each for each in said if each]
    return Explanation(tuple(reasons[:_MOST_REASONS]), next((c for c in cautions if c), ""))

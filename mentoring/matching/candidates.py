"""The people that matching looks at, as values: read once, changed by nothing, equal when equal.

What has not been asked yet is empty or None here, and never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mentoring.applications.talk import WAYS_OF_WORKING
from mentoring.models import BarReason, Mode, PersonState, Role

# The three questions about how somebody likes to work, each with its two ends.
WAYS = tuple(WAYS_OF_WORKING.values())
# In these states somebody may become a mentor of somebody soon, so they are worth a look.
MENTORS_LOOKED_AT = (
    PersonState.SCREENING,
    PersonState.ORIENTATION,
    PersonState.AVAILABLE,
    PersonState.OFFERED,
    PersonState.ACTIVE,
    PersonState.ON_BREAK,
)
PROTEGES_LOOKED_AT = (PersonState.WAITING, PersonState.OFFERED)
# Mentors by their years in business: the stage up to which they have come. 5 is past all four.
_STAGE_OF_YEARS = {1: 3, 2: 4, 3: 5, 4: 5}


class Apart(StrEnum):
    """Why two people are kept apart by what happened between them, beside the ticks of staff."""

    SAFETY_CLOSURE = "safety_closure"
    OPEN_MATCH = "open_match"
    # One of the two has lately said no to the other. Staff may pick them all the same.
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What matching knows of one person. The codes are those that the intake stores."""

    id: int
    code: str
    name: str
    role: Role
    state: PersonState
    phone_id: int
    agreed: bool
    language: str
    languages: frozenset[str]
    mode: Mode | None
    zone: str | None
    hours: str = ""
    topics: tuple[str, ...] = ()
    sectors: frozenset[str] = frozenset()
    community: str = ""
    # Stage 1 to 4 of a protege's business; the answer about years of a mentor.
    stage: int = 0
    years: int = 0
    way: frozenset[str] = frozenset()
    # False when staff have written down that it does not suit them.
    crosses_modes: bool = True
    welcomes_slow: bool | None = None
    lessons: frozenset[str] | None = None
    wants_lived_experience: bool = False
    shares_lived_experience: bool = False
    # One sentence in a mentor's own words, in their language, for whoever may be matched with them.
    own_line: str = ""
    safety_case: bool = False
    # A mentor's places, and how many are taken: by matches, by a pause as well, and by proposals.
    places: int = 0
    taken: int = 0
    # A protege's wait, and whether a proposal of theirs is open.
    days_waiting: int = 0
    had_bad_luck: bool = False
    has_proposal: bool = False

    @property
    def open_places(self) -> int:
        """How many more people this mentor may be brought together with."""
        return max(0, self.places - self.taken)

    @property
    def could_be_matched(self) -> bool:
        """Whether nothing about a protege alone stands in the way of a match."""
        waits = self.state is PersonState.WAITING
        return waits and self.agreed and not self.safety_case


def stage_of_mentor(mentor: Candidate) -> int:
    """Return how far a mentor has come, in the stages of proteges; 0 when it is not known."""
    return _STAGE_OF_YEARS.get(mentor.years, 0)


@dataclass(frozen=True)
class Pool:
    """Everybody who is looked at, in an order that depends on nothing but themselves.

    Proteges stand by how long they have waited, then by code; mentors by code. `apart` holds the
    pairs (protege's id, mentor's id) that are kept apart.
    """

    proteges: tuple[Candidate, ...]
    mentors: tuple[Candidate, ...]
    apart: Mapping[tuple[int, int], BarReason | Apart]

    def protege(self, code: str) -> Candidate | None:
        """Return the protege with that code."""
        return next((each for each in self.proteges if each.code == code.upper()), None)

    def only(self, protege: Candidate) -> "Pool":
        """Return the pool with one protege alone."""
        return Pool((protege,), self.mentors, self.apart)


def pool_of(
    proteges: list[Candidate] | tuple[Candidate, ...],
    mentors: list[Candidate] | tuple[Candidate, ...],
    apart: Mapping[tuple[int, int], BarReason | Apart] | None = None,
) -> Pool:
    """Return a pool of these people in its order."""
    return Pool(
        tuple(sorted(proteges, key=lambda each: (-each.days_waiting, each.code))),
        tuple(sorted(mentors, key=lambda each: each.code)),
        apart or {},
    )

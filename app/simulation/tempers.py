"""The kinds of people that live in a simulation, as data: how soon and how often they do what."""

from dataclasses import dataclass
from enum import StrEnum


class Habit(StrEnum):
    """Something odd that somebody does once, so many days after the match was opened."""

    SHARES_NUMBER = "texts their number to the partner"
    TEXTS_ALL_DAY = "texts the partner all day long"
    ASKS_BY_TEXT = "texts PERSON"
    ASKS_BY_KEY = "calls and presses 0"
    SAYS_NOTHING = "calls and says nothing at all"
    LEAVES_OPEN = "texts FINISH and never says whether they are sure"
    TELLS_WORRY = "texts WORRY"
    IN_DANGER = "texts the partner words that may be a cry for help"
    PRESSES = "texts the partner to keep a secret"
    ASKS_FOR_MONEY = "texts the partner to lend them money"
    PAUSES = "texts PAUSE"


@dataclass(frozen=True)
class Saying:
    """Words that are texted to the partner or to the service, and what must come of them."""

    words: str
    rules: tuple[str, ...]
    to_partner: bool = True


SAYINGS = {
    Habit.TELLS_WORRY: Saying("WORRY", ("O10", "O11"), to_partner=False),
    Habit.IN_DANGER: Saying("I want to die", ("O11",)),
    Habit.PRESSES: Saying("Keep this between us", ("O12",)),
    Habit.ASKS_FOR_MONEY: Saying("Can you lend me some money?", ("O13",)),
    Habit.PAUSES: Saying("PAUSE", (), to_partner=False),
}


@dataclass(frozen=True)
class Temper:
    """How somebody is. Shares are from 0 to 1, waits are in minutes.

    `picks_up` is how often they take a call. `answers` is how often they answer a question at all,
    after `waits` at least and at most; once begun they go on at once. `reaches_out_every` is after
    how many days they text or call their partner, and `replies` how often they answer a text of
    theirs; whoever heard nothing back tries again after some days. `opts_out_after`, `moves_after`
    and `goes_silent_after` are days after the match was opened; between the two days of `is_off`
    their phone is out of reach. `calls_at` is the hour on their own clock at which they like to
    call, and `rates` what they say of a match. Each of `habits` comes once, on its day.
    """

    name: str
    picks_up: float
    answers: float
    waits: tuple[int, int]
    reaches_out_every: int
    replies: float
    calls_at: int = 14
    rates: tuple[int, ...] = (4, 5, 5)
    opts_out_after: int | None = None
    comes_back_after: int | None = None
    moves_after: int | None = None
    goes_silent_after: int | None = None
    is_off: tuple[int, int] | None = None
    habits: tuple[tuple[int, Habit], ...] = ()


PROMPT = Temper("prompt", 0.95, 1.0, (1, 40), 28, 0.95)
OPEN = Temper(
    "open",
    0.95,
    0.95,
    (5, 300),
    28,
    0.95,
    habits=((20, Habit.SHARES_NUMBER), (50, Habit.ASKS_FOR_MONEY)),
)
ASKING = Temper(
    "asking",
    0.9,
    0.9,
    (5, 600),
    30,
    0.9,
    habits=((35, Habit.ASKS_BY_TEXT), (64, Habit.TELLS_WORRY)),
)
SHY = Temper(
    "shy", 0.9, 0.85, (30, 900), 32, 0.9, habits=((33, Habit.SAYS_NOTHING), (80, Habit.IN_DANGER))
)
UNHAPPY = Temper(
    "unhappy",
    0.8,
    0.9,
    (30, 900),
    32,
    0.8,
    rates=(1, 2, 3),
    habits=((40, Habit.ASKS_BY_KEY), (55, Habit.PRESSES)),
)
LATE = Temper("late", 0.7, 0.5, (600, 4000), 30, 0.8, habits=((45, Habit.LEAVES_OPEN),))
SILENT = Temper("silent", 0.15, 0.05, (600, 4000), 60, 0.1, goes_silent_after=0)
FADING = Temper("fading", 0.85, 0.8, (5, 300), 25, 0.8, goes_silent_after=60)
LEAVING = Temper("opting out", 0.9, 0.7, (5, 300), 25, 0.8, opts_out_after=40, comes_back_after=75)
MOVING = Temper(
    "changing zone", 0.9, 0.8, (5, 600), 25, 0.85, moves_after=30, habits=((70, Habit.PAUSES),)
)
NIGHT_OWL = Temper("calling at night", 0.9, 0.8, (30, 900), 25, 0.85, calls_at=2)
OUT_OF_REACH = Temper("out of reach", 0.9, 0.8, (5, 600), 25, 0.85, is_off=(30, 70))
TALKATIVE = Temper("talkative", 0.95, 0.95, (1, 60), 21, 0.9, habits=((16, Habit.TEXTS_ALL_DAY),))

# One out of these is what somebody is. Nobody needs to be talkative more than once in a year.
MIX = (
    *(PROMPT,) * 5,
    *(OPEN, ASKING, SHY, UNHAPPY, LATE, LATE, SILENT, FADING),
    *(LEAVING, MOVING, NIGHT_OWL, OUT_OF_REACH),
)

"""The kinds of people that live in a simulation, as data: how soon and how often they do what."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Temper:
    """How somebody is. Shares are from 0 to 1, waits are in minutes.

    `picks_up` is how often they take a call. `answers` is how often they answer a question at all,
    after `waits` at least and at most; once begun they go on at once. `reaches_out_every` is after
    how many days they text or call their partner, and `replies` how often they answer a text of
    theirs. `opts_out_after`, `moves_after` and `goes_silent_after` are days after the match was
    opened. `calls_at` is the hour on their own clock at which they like to call.
    """

    name: str
    picks_up: float
    answers: float
    waits: tuple[int, int]
    reaches_out_every: int
    replies: float
    calls_at: int = 14
    opts_out_after: int | None = None
    comes_back_after: int | None = None
    moves_after: int | None = None
    goes_silent_after: int | None = None


PROMPT = Temper("prompt", 0.95, 1.0, (1, 40), 28, 0.8)
LATE = Temper("late", 0.6, 0.35, (600, 4000), 35, 0.6)
SILENT = Temper("silent", 0.15, 0.05, (600, 4000), 60, 0.1, goes_silent_after=0)
FADING = Temper("fading", 0.85, 0.7, (5, 300), 25, 0.7, goes_silent_after=60)
LEAVING = Temper("opting out", 0.9, 0.5, (5, 300), 25, 0.6, opts_out_after=40, comes_back_after=75)
MOVING = Temper("changing zone", 0.9, 0.5, (5, 600), 25, 0.6, moves_after=30)
NIGHT_OWL = Temper("calling at night", 0.9, 0.5, (30, 900), 25, 0.6, calls_at=2)

# One out of these is what somebody is.
MIX = (PROMPT, PROMPT, LATE, SILENT, SILENT, FADING, LEAVING, MOVING, NIGHT_OWL)

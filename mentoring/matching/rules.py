"""The numbers of matching: weights, limits and the fair waiting list. docs/matching.md explains."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """The most points that each part of the score may give; together they are 100."""

    topics: int = 35
    business: int = 15
    stage: int = 10
    time: int = 10
    mode: int = 10
    way: int = 10
    lived: int = 5
    place: int = 5


@dataclass(frozen=True)
class MatchingRules:
    """What is suggested, and to whom first. Units are in the names."""

    weights: Weights = Weights()
    # Below so many points a pair is not suggested.
    least_score: int = 50
    # H2: nobody mentors more people than this, and in their first days only so many.
    most_places: int = 3
    first_places: int = 1
    first_days: int = 60
    # H5: one-hour slots a week that both are free, and where both only text.
    shared_slots: int = 2
    shared_slots_texting: int = 1
    # So many slots give all points for time.
    plenty_of_slots: int = 6
    # The fair waiting list: a point for so many days, up to a limit, and one for bad luck.
    bonus_days: int = 3
    most_bonus: int = 20
    bad_luck_bonus: int = 5
    # H8: the one rule of an organization that is known so far.
    same_community_only: bool = False
    # H9: after a no the same two are not suggested to each other for so long.
    declined_days: int = 90
    shown: int = 3

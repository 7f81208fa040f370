"""How people are asked, in words: the tries for each set of questions, read only."""

from mentoring.calendar.ladders import LADDERS, Ladder, Rung, Way

LADDER_TITLES = ("Asked about", "Tries", "When")
_WAYS = {
    Way.PREFERRED: "the way they like",
    Way.TEXT: "a text",
    Way.ANNOUNCE: "a text that we will call",
    Way.CALL: "a call",
    Way.STAFF: "staff take over",
    Way.GIVE_UP: "given up",
}


def ladder_rows() -> list[tuple[str, str, str]]:
    """Return what is asked, the tries, and on which days; sets that are alike in one row."""
    rows = {
        (each.name.removesuffix(", part 2"), _tries(each), _when(each)) for each in LADDERS.values()
    }
    return sorted(rows)


def _tries(ladder: Ladder) -> str:
    said = [_rung(each, ladder) for each in ladder.rungs]
    return "; ".join(said)


def _rung(rung: Rung, ladder: Ladder) -> str:
    days = rung.after.days
    after = "at first" if not days else "after 1 day" if days == 1 else f"after {days} days"
    within = f" within {ladder.staff_days} working days" if rung.way is Way.STAFF else ""
    return f"{after} {_WAYS[rung.way]}{within}"


def _when(ladder: Ladder) -> str:
    if ladder.by_the_clock:
        return "any day, by the time of the talk"
    return "any day, in their hours" if ladder.any_day else "working days, in their hours"

"""The questions behind a day and a time, shared by every flow that asks for one."""

from mentoring.flows.slots import WEEKDAYS
from mentoring.flows.steps import BY_KEYS, HALF_DAY, Ask, Kind, Option


def ask_slot(
    key: str,
    prompt: str,
    following: str,
    *,
    others: tuple[Option, ...] = (),
    one_off: bool = False,
) -> tuple[Ask, ...]:
    """Return the question for a day and time, with the menus that the keys alone need (A7).

    D asks for the day, T for the hour and M for morning or later; they settle the first one.
    """
    day, hour, half_day = f"{key}D", f"{key}T", f"{key}M"
    options = (Option(BY_KEYS, day), *others, Option(HALF_DAY, half_day))
    days = tuple(Option(name) for name in WEEKDAYS)
    is_open = (Option(HALF_DAY, half_day),)
    halves = (Option("am"), Option("pm"))
    return (
        Ask(key, prompt, Kind.SLOT, options, following, one_off=one_off),
        Ask(day, "T-DAY", Kind.CHOICE, days, hour, settles=key, read_back=True),
        Ask(hour, "T-HOUR", Kind.HOUR, is_open, following, settles=key),
        Ask(half_day, "T-PA4M", Kind.CHOICE, halves, following, settles=key, read_back=True),
    )

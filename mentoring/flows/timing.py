"""The questions behind a day and a time, shared by every flow that asks for one."""

from collections.abc import Mapping

from mentoring.flows.slots import WEEKDAYS, day_in, hour_in, time_in, whole_slot
from mentoring.flows.steps import BY_KEYS, INCOMPLETE, Ask, Flow, Kind, Option, options_of

_HALVES = ("am", "pm")


def ask_slot(
    key: str,
    prompt: str,
    following: str,
    *,
    others: tuple[Option, ...] = (),
    one_off: bool = False,
) -> tuple[Ask, ...]:
    """Return the question for a day and time, and those for each piece of it, which settle it.

    D asks for the day, T for the hour and M for morning or later, each only while that is open: so
    the keys alone can say it all (A7), and whoever told a piece is asked for the rest only.
    """
    day, hour, half_day = f"{key}D", f"{key}T", f"{key}M"
    options = (Option(BY_KEYS, day), *others, Option(INCOMPLETE, day))
    days, halves = options_of(*WEEKDAYS), options_of(*_HALVES)
    return (
        Ask(key, prompt, Kind.SLOT, options, following, one_off=one_off),
        Ask(day, "T-DAY", Kind.CHOICE, days, hour, settles=key, read_back=True, of_slot=True),
        Ask(hour, "T-HOUR", Kind.HOUR, next=half_day, settles=key, of_slot=True),
        Ask(half_day, "T-PA4M", Kind.CHOICE, halves, following, settles=key, read_back=True),
    )


def slot_told(flow: Flow, slot: Ask, answers: Mapping[str, str]) -> str:
    """Return the day and time that the answers make together, or "" while a piece is missing."""
    return whole_slot(_pieces(flow, slot, answers))


def is_told(flow: Flow, ask: Ask, answers: Mapping[str, str]) -> bool:
    """Tell whether a question for a piece of a day and time is answered by what was told before."""
    slot = flow.ask(ask.settles)
    if slot is None or slot.kind is not Kind.SLOT:
        return False
    pieces = _pieces(flow, slot, answers)
    if ask.kind is Kind.HOUR:
        return bool(hour_in(pieces))
    is_half_day = ask.options[0].value in _HALVES
    return bool(time_in(pieces) if is_half_day else day_in(pieces))


def _pieces(flow: Flow, slot: Ask, answers: Mapping[str, str]) -> list[str]:
    asks = [slot, *(a for a in flow.steps if isinstance(a, Ask) and a.settles == slot.key)]
    return [piece for ask in asks for piece in answers.get(ask.key, "").split()]

"""When a person may be disturbed: the hard window, their own hours, weekdays and holidays (S4).

Everything is decided at the moment of sending or ringing, by the clock on the recipient's wall. A
rule only ever narrows another one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.clock import Window
from mentoring.models import Person
from mentoring.programme import Programme

# The answers to PB4: the parts of the day in which a person likes to talk. `4` is the weekend.
PARTS = {
    "1": Window(time(0), time(12)),
    "2": Window(time(12), time(17)),
    "3": Window(time(17), time(0)),
}
WEEKEND = "4"
# Two weeks hold every weekday and outlast any run of holidays. Where they hold no open hour, the
# rules shut each other out.
_LOOK_AHEAD_DAYS = 15
_A_DAY = timedelta(days=1)


def within(moment: time, window: Window) -> bool:
    """Tell whether a local time lies in a window. Windows may cross midnight."""
    if window.start < window.end:
        return window.start <= moment < window.end
    return moment >= window.start or moment < window.end


@dataclass(frozen=True)
class Hours:
    """The local hours in which something may be done. What is left empty narrows nothing.

    `parts` are codes of PARTS or WEEKEND, one of which must hold; `shut` names the days off.
    """

    window: Window
    narrower: Window | None = None
    parts: frozenset[str] = frozenset()
    shut: Callable[[date], bool] | None = None

    def allow(self, local: datetime) -> bool:
        """Tell whether a local moment is open."""
        at = local.time()
        if not within(at, self.window):
            return False
        if self.narrower is not None and not within(at, self.narrower):
            return False
        if self.shut is not None and self.shut(local.date()):
            return False
        return not self.parts or self._in_part(local)

    def _in_part(self, local: datetime) -> bool:
        if WEEKEND in self.parts and local.weekday() >= 5:
            return True
        return any(within(local.time(), PARTS[part]) for part in self.parts - {WEEKEND})

    def parts_of_day(self) -> frozenset[str]:
        """Return the chosen parts of the day, without a choice all, that ever are open."""
        chosen = self.parts - {WEEKEND} if self.parts else PARTS
        return frozenset(part for part in chosen if _meet(*self._windows(), PARTS[part]))

    def starts(self) -> list[time]:
        """Return the local times at which something may begin to be open."""
        windows = [*self._windows(), *(PARTS[p] for p in self.parts - {WEEKEND})]
        return sorted({time(), *(window.start for window in windows)})

    def _windows(self) -> list[Window]:
        return [each for each in (self.window, self.narrower) if each is not None]


def _meet(*windows: Window) -> bool:
    """Tell whether windows have a moment in common: then one of them begins within all others."""
    return any(all(within(each.start, other) for other in windows) for each in windows)


def is_open(now: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """Tell whether a moment is open on the wall clocks of a zone."""
    return hours.allow(now.astimezone(zone))


def next_opening(now: datetime, zone: ZoneInfo, hours: Hours) -> datetime | None:
    """Return the next moment (UTC) that is open, now itself when it is; None when none comes.

    A local time is built on its calendar day and only then given its zone, so it keeps its
    wall-clock hour across a daylight-saving change.
    """
    if is_open(now, zone, hours):
        return now
    today = now.astimezone(zone).date()
    for days in range(_LOOK_AHEAD_DAYS):
        for moment in _moments_of(today + days * _A_DAY, zone, hours, after=now):
            if is_open(moment, zone, hours):
                return moment
    return None


def _moments_of(day: date, zone: ZoneInfo, hours: Hours, *, after: datetime) -> Iterator[datetime]:
    """Yield the moments (UTC) of a local day at which something may begin to be open."""
    dawn = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    dusk = datetime.combine(day + _A_DAY, time(), tzinfo=zone).astimezone(UTC)
    if dusk - dawn == _A_DAY:
        starts = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for at in hours.starts())
        yield from (moment for moment in starts if moment > after)
        return
    # The clock changes on this day, so an hour may be missing or come twice: look at each minute.
    moment = max(dawn, after.replace(second=0, microsecond=0) + timedelta(minutes=1))
    while moment < dusk:
        yield moment
        moment += timedelta(minutes=1)


def hard_hours(programme: Programme) -> Hours:
    """Return the hours in which anybody may be rung or written to at all."""
    return Hours(programme.calling_window)


def own_hours(person: Person, programme: Programme) -> Hours:
    """Return the hours for what the service does by itself: the hard ones, narrowed by PB4."""
    return chosen_hours(str(person.profile.get("hours") or ""), programme)


def chosen_hours(answer: str, programme: Programme) -> Hours:
    """Return the hard hours, narrowed by an answer to PB4; without an answer by nothing."""
    return replace(hard_hours(programme), parts=frozenset(answer) & {*PARTS, WEEKEND})


def check_in_hours(person: Person, programme: Programme) -> Hours:
    """Return the hours for a check-in: working days only, and the person's own hours if they fit.

    Whoever has chosen nothing but weekends, or evenings where check-ins end before, has no such
    hours, so there the choice is left aside: else they would never be asked.
    """
    hours = replace(
        own_hours(person, programme), narrower=programme.check_in_window, shut=programme.is_day_off
    )
    return _without_idle_choice(hours)


def daily_hours(person: Person, programme: Programme) -> Hours:
    """Return the hours for what cannot wait for long: the person's own, if they open every day.

    Whoever has chosen nothing but weekends would hear of it days too late.
    """
    return _without_idle_choice(own_hours(person, programme))


def _without_idle_choice(hours: Hours) -> Hours:
    """Leave the choice aside where no part of the day that was chosen is ever open."""
    return hours if hours.parts_of_day() else replace(hours, parts=frozenset())


def part_of_day(local: datetime) -> str:
    """Return the part of the day (a key of PARTS) that a local moment lies in."""
    return next(part for part, window in PARTS.items() if within(local.time(), window))


def without_part(hours: Hours, part: str) -> Hours:
    """Return the hours without one part of the day, as far as something is left of them."""
    left = hours.parts_of_day() - {part}
    return replace(hours, parts=left) if left else hours

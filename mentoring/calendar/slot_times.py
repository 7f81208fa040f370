"""From a slot that was told, such as `tue 18:00`, to the moment on the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentoring.flows.slots import WEEKDAYS, day_in, time_in

_DAYS = WEEKDAYS


def next_moment(slot: str, *, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first moment (UTC) after another at which a slot comes, by the clocks of a zone.

    `today` and `tomorrow` are counted from `after`; `today` may lie before it. Raises ValueError
    for a slot that is not whole.
    """
    pieces = slot.split()
    day, clock = day_in(pieces), time_in(pieces)
    if not day or not clock:
        raise ValueError(f"{slot!r} is no day and time.")
    at = time.fromisoformat(clock)
    today = after.astimezone(zone).date()
    if day not in _DAYS:
        return _on(today + timedelta(days=int(day == "tomorrow")), at, zone)
    ahead = (_DAYS.index(day) - today.weekday()) % 7
    moment = _on(today + timedelta(days=ahead), at, zone)
    return moment if moment > after else _on(today + timedelta(days=ahead + 7), at, zone)


def _on(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time, an hour later where clocks leave it out that day."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)

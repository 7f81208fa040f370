"""When somebody is free in a week, as the 168 hours of one week in UTC.

The intake asks for parts of the day, not for hours. So a slot is an hour by the UTC clock that lies
wholly inside the calling hours and inside a part that the person has named, by the clock on their
own wall: four hours every morning, five every afternoon, four every evening, 13 on each day of a
weekend. The week is always the same one, in January, so that the same people always share the same
hours. Two zones that change their clocks on different days may be an hour apart for some weeks.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mentoring.clock import zone_named
from mentoring.hours import chosen_hours
from mentoring.programme import Programme

HOURS_OF_A_WEEK = 168
# A Monday.
_WEEK = datetime(2026, 1, 12, tzinfo=UTC)
_TO_THE_LAST_MINUTE = timedelta(minutes=59)


@lru_cache(maxsize=4096)
def free_hours(zone_name: str | None, hours: str, programme: Programme) -> NDArray[np.bool_]:
    """Return for each hour of the week whether somebody is free; never without a known zone."""
    free = np.zeros(HOURS_OF_A_WEEK, dtype=bool)
    zone = zone_named(zone_name)
    if zone is not None:
        allowed = chosen_hours(hours, programme)
        for place in range(HOURS_OF_A_WEEK):
            start = _WEEK + timedelta(hours=place)
            free[place] = all(
                allowed.allow(moment.astimezone(zone))
                for moment in (start, start + _TO_THE_LAST_MINUTE)
            )
    free.flags.writeable = False
    return free


def hours_ahead(zone_name: str | None, of: str | None) -> float | None:
    """Return by how many hours the clocks of one zone are ahead of another's in that week."""
    here, there = zone_named(zone_name), zone_named(of)
    if here is None or there is None:
        return None
    ahead = _WEEK.astimezone(here).utcoffset()
    behind = _WEEK.astimezone(there).utcoffset()
    if ahead is None or behind is None:
        return None
    return (ahead - behind) / timedelta(hours=1)

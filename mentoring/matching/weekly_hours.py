"""When somebody is free in a week, as the 168 hours of one week in UTC.

The intake asks for parts of the day, not for hours. So a slot is an hour by the UTC clock that lies
wholly inside the calling hours and inside a part that the person has named, by the clock on their
own wall: four hours every morning, five every afternoon, four every evening, 13 on each day of a
weekend. The week is always the same one, in January, so that the same people always share the same
hours. Two zones that change their clocks on different days may be an hour apart for some weeks.
"""

from datetime import timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mentoring.clock import zone_named
from mentoring.hours import chosen_hours
from mentoring.matching.zones import WEEK
from mentoring.programme import Programme

HOURS_OF_A_WEEK = 168
_TO_THE_LAST_MINUTE = timedelta(minutes=59)


@lru_cache(maxsize=4096)
def free_hours(zone_name: str | None, hours: str, programme: Programme) -> NDArray[np.bool_]:
    """Return for each hour of the week whether somebody is free; never without a known zone."""
    free = np.zeros(HOURS_OF_A_WEEK, dtype=bool)
    zone = zone_named(zone_name)
    if zone is not None:
        allowed = chosen_hours(hours, programme)
        for place in range(HOURS_OF_A_WEEK):
            start = WEEK + timedelta(hours=place)
            free[place] = all(
                allowed.allow(moment.astimezone(zone))
                for moment in (start, start + _TO_THE_LAST_MINUTE)
            )
    free.flags.writeable = False
    return free

"""How far apart the clocks of two people are, in the week that matching looks at."""

from datetime import UTC, datetime, timedelta

from mentoring.clock import zone_named

# It begins on a Monday, and is always the same.
WEEK = datetime(2026, 1, 12, tzinfo=UTC)


def hours_ahead(zone_name: str | None, of: str | None) -> float | None:
    """Return by how many hours the clocks of one zone are ahead of another's in that week."""
    here, there = zone_named(zone_name), zone_named(of)
    if here is None or there is None:
        return None
    ahead = WEEK.astimezone(here).utcoffset()
    behind = WEEK.astimezone(there).utcoffset()
    if ahead is None or behind is None:
        return None
    return (ahead - behind) / timedelta(hours=1)

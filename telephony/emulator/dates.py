"""Moments as the carrier writes them."""

from datetime import datetime
from email.utils import format_datetime


def rfc2822(moment: datetime) -> str:
    """Return an aware UTC moment as `Tue, 03 Mar 2026 17:00:00 +0000`."""
    return format_datetime(moment)


def rfc2822_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)

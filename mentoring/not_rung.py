"""Why the other phone is not rung."""

from enum import StrEnum


class NotRung(StrEnum):
    """Why the other phone is not rung. The value is the short word in the contact log."""

    LATE = "late there"
    BUSY = "on another call"
    CROSSING = "calling each other"
    READS_TEXTS = "reads texts"
    AWAY = "away"
    NOT_DIALABLE = "number not dialable"
    NO_CONSENT = "never agreed to take part"
    NO_ZONE = "no time zone"
    PERSON_FIRST = "caller wanted our staff"
    # With these two the caller waits for a moment, and the other one is rung again.
    WITH_US = "in our menu"
    COMING = "about to hang up"

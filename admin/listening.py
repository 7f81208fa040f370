"""Tickets to hear a recording: whoever has said why may play it for an hour, in this browser only.

The player asks for the sound by an address of its own, in pieces and again when somebody goes back
in it. A ticket in that address stands for the reason that was given.
"""

import hmac
from datetime import UTC, datetime, timedelta

from admin.office import Visit
from mentoring.models import Recording

_LASTS = timedelta(hours=1)


def issue_ticket(visit: Visit, recording: Recording) -> str:
    """Return a ticket for one recording. It is worthless in any other session."""
    until = int((visit.office.wall_clock.now() + _LASTS).timestamp())
    return f"{until}-{_sign(visit, recording, until)}"


def is_admitted(visit: Visit, recording: Recording, ticket: str) -> bool:
    """Tell whether a ticket lets this browser hear this recording now."""
    until, _, signature = ticket.partition("-")
    if not until.isdecimal() or not until.isascii() or len(until) > 12:
        return False
    expected = _sign(visit, recording, int(until))
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        return False
    return visit.office.wall_clock.now() <= datetime.fromtimestamp(int(until), UTC)


def _sign(visit: Visit, recording: Recording, until: int) -> str:
    named = f"listen:{recording.key.hex}:{visit.browser.token_hash.hex()}:{until}"
    return visit.session.vault.index(named)[:16].hex()

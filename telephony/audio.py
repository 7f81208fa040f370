"""Addresses under which the carrier fetches a note to play: signed, and gone after an hour.

The carrier does not sign these requests, so the address itself is the key. It names no person.
"""

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from mentoring.crypto import Vault

_LASTS = timedelta(hours=1)


class AudioTokens:
    """Issues and reads the tokens; the vault's index key signs them."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def issue(self, key: UUID, *, now: datetime) -> str:
        """Return a token for one recording, good for an hour."""
        until = int((now + _LASTS).timestamp())
        return f"{key.hex}-{until}-{self._sign(key, until)}"

    def read(self, token: str, *, now: datetime) -> UUID | None:
        """Return the recording's key, or None for a token that is forged or too old."""
        key, _, rest = token.partition("-")
        until, _, signature = rest.partition("-")
        if len(key) != 32 or not until.isdecimal() or len(until) > 12:
            return None
        try:
            recording = UUID(key)
        except ValueError:
            return None
        expected = self._sign(recording, int(until))
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return None
        if now > datetime.fromtimestamp(int(until), UTC):
            return None
        return recording

    def _sign(self, key: UUID, until: int) -> str:
        return self._vault.index(f"audio:{key.hex}:{until}")[:16].hex()

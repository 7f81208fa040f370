"""Field encryption with a key ring, and the blind index by which a number is found.

A sealed field is `key id (1 byte) + nonce (12 bytes) + AES-256-GCM ciphertext`. The place that it
belongs to (`table.column:row key`) is authenticated with it: copied elsewhere it does not open.
The blind index is HMAC-SHA-256 under a key of its own: a phone number has too little entropy for a
bare hash.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# What stands in place of a sealed value that was forgotten, where the column takes no NULL. No key
# has sealed it, so none opens it.
FORGOTTEN = b""
# Key number, nonce, and the tag of an empty value.
_SHORTEST = 1 + 12 + 16


class VaultError(ValueError):
    """A key is missing or wrong, or a sealed value does not belong where it was found."""


class MissingKeyError(VaultError):
    """A value is whole, but this process does not know the key that sealed it."""


class Vault:
    """Seals and opens fields, and computes blind indexes. The newest key seals; every key opens."""

    def __init__(self, field_keys: Mapping[int, bytes], index_key: bytes) -> None:
        if not field_keys:
            raise VaultError("There is no encryption key. Set ENCRYPTION_KEYS, or KEY_FILE.")
        if any(len(key) != 32 for key in (*field_keys.values(), index_key)):
            raise VaultError("Each key must be 32 bytes, written in base64.")
        if any(not 0 <= number <= 255 for number in field_keys):
            raise VaultError("Key numbers in ENCRYPTION_KEYS must lie between 0 and 255.")
        self._ciphers = {number: AESGCM(key) for number, key in field_keys.items()}
        self._index_key = index_key
        self.current = max(field_keys)

    def seal(self, plain: bytes | str, *, place: str) -> bytes:
        """Encrypt a value for one place (`table.column:row key`) under the newest key."""
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = secrets.token_bytes(12)
        sealed = self._ciphers[self.current].encrypt(nonce, data, place.encode())
        return bytes([self.current]) + nonce + sealed

    def open_bytes(self, sealed: bytes, *, place: str) -> bytes:
        """Decrypt a value found in that place; raises VaultError when it does not belong there."""
        if len(sealed) < _SHORTEST:
            raise VaultError(f"A sealed value of {place} is cut off.")
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise MissingKeyError(f"Encryption key {sealed[0]} is missing from ENCRYPTION_KEYS.")
        try:
            return cipher.decrypt(sealed[1:13], sealed[13:], place.encode())
        except InvalidTag as error:
            raise VaultError(f"A sealed value does not belong to {place}.") from error

    def open(self, sealed: bytes, *, place: str) -> str:
        """Decrypt a text value; see open_bytes."""
        return self.open_bytes(sealed, place=place).decode()

    def key_of(self, sealed: bytes) -> int:
        """Return the number of the key that sealed a value."""
        return sealed[0]

    def missing_key(self, *sealed: bytes | None) -> int | None:
        """Return the number of a key that is needed to open one of these and is not here."""
        needed = (self.key_of(value) for value in sealed if value)
        return next((number for number in needed if number not in self._ciphers), None)

    def index(self, text: str) -> bytes:
        """Return the 32-byte blind index of a text, such as an E.164 number."""
        return hmac.new(self._index_key, text.encode(), sha256).digest()

    def short_hash(self, text: str) -> str:
        """Return eight characters that stand for a number in log lines."""
        return self.index(text)[:4].hex()


def vault_from_text(field_keys: str, index_key: str) -> Vault:
    """Build a vault from settings: `ENCRYPTION_KEYS=2:<base64>,1:<base64>` and `INDEX_KEY`."""
    try:
        parts = [part.strip().partition(":") for part in field_keys.split(",")]
        ring = {int(number): base64.b64decode(key, validate=True) for number, _, key in parts}
        if len(ring) < len(parts):
            raise VaultError("ENCRYPTION_KEYS gives two keys the same number.")
        return Vault(ring, base64.b64decode(index_key, validate=True))
    except VaultError:
        raise
    except ValueError as error:
        raise VaultError(
            "ENCRYPTION_KEYS must look like 2:<base64>,1:<base64>, and INDEX_KEY like <base64>."
        ) from error


def vault_from_file(path: Path) -> Vault:
    """Open the key file, making it with fresh keys (readable by its owner only) on a first run."""
    if not path.exists():
        fresh = secrets.token_bytes(32)
        write_keys(path, {1: fresh}, secrets.token_bytes(32), replacing=False)
    return Vault(*read_keys(path))


def read_keys(path: Path) -> tuple[dict[int, bytes], bytes]:
    """Return the key ring and the index key that a key file holds; raises VaultError."""
    try:
        held = json.loads(path.read_text())
        ring = {int(number): base64.b64decode(key) for number, key in held["field_keys"].items()}
        return ring, base64.b64decode(held["index_key"])
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise VaultError(
            f"The key file {path} cannot be read. Restore it from a backup."
        ) from error


def write_keys(
    path: Path, ring: Mapping[int, bytes], index_key: bytes, *, replacing: bool = True
) -> None:
    """Write a key file whole or not at all: a half-written ring would lock every record.

    Unless it is `replacing` one, a file that is there already stays as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = {
        "field_keys": {str(n): base64.b64encode(key).decode() for n, key in ring.items()},
        "index_key": base64.b64encode(index_key).decode(),
    }
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(held, file)
        file.flush()
        os.fsync(file.fileno())
    if replacing:
        draft.replace(path)
        return
    try:
        # Several processes may start at once: the first key file stays, the others read it.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()

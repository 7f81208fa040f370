"""A device that makes passkeys and signs with them, as the standard says (WebAuthn level 2)."""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Device:
    """One passkey in one device. What a thief would change can be changed before it answers."""

    origin: str = "http://localhost"
    party: str = "localhost"
    verifies: bool = True
    count: int = 0
    user: bytes = b""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def makes(self, options: dict[str, Any]) -> str:
        """Answer with a new passkey."""
        self.user = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {
            **{1: 2, 3: -7, -1: 1},
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        length = len(self.number).to_bytes(2, "big")
        held = bytes(16) + length + self.number + cbor2.dumps(public)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(_WITH_KEY) + held}
        client = self._client("webauthn.create", options["challenge"])
        return self._told(client, attestationObject=_text(cbor2.dumps(attested)))

    def signs(self, options: dict[str, Any]) -> str:
        """Answer who they are."""
        client = self._client("webauthn.get", options["challenge"])
        data = self._data()
        signed = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        return self._told(
            client,
            authenticatorData=_text(data),
            signature=_text(signed),
            userHandle=_text(self.user),
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | more
        count = self.count.to_bytes(4, "big")
        return sha256(self.party.encode()).digest() + bytes([flags]) + count

    def _told(self, client: bytes, **response: str) -> str:
        number = _text(self.number)
        told = {"clientDataJSON": _text(client), **response}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": told})

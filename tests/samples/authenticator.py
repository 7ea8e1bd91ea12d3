"""An authenticator in software that can be told to lie (Web Authentication, section 6)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One passkey."""

    def __init__(self, site: str = "localhost", origin: str = "http://localhost:8081") -> None:
        self.site = site
        self.origin = origin
        self.id = secrets.token_bytes(32)
        self.counter = 1
        self.flags = PRESENT | VERIFIED
        self.user = ""
        """Whom it means; what it was made for, if empty."""
        self._key = generate_private_key(SECP256R1())
        self._made_for = ""

    def create(self, options: str) -> str:
        """The answer to a page that asks for a new one."""
        asked = json.loads(options)
        self._made_for = asked["user"]["id"]
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=encoded(client), attestationObject=encoded(attestation))

    def get(self, options: str, **changed: Any) -> str:
        """The answer to a page that asks for it."""
        client = self._client("webauthn.get", json.loads(options)["challenge"], **changed)
        self.counter += 1
        data = self._data(0)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=encoded(client),
            authenticatorData=encoded(data),
            signature=encoded(signature),
            userHandle=self.user or self._made_for,
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([self.flags | flags]) + self.counter.to_bytes(4)

    def _client(self, type: str, challenge: str, **changed: Any) -> bytes:
        said = {"type": type, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **changed}).encode()

    def _answer(self, **response: str) -> str:
        return json.dumps(
            {"id": encoded(self.id), "rawId": encoded(self.id), "type": "public-key", "response": response}
        )

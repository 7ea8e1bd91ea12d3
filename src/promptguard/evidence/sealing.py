"""Seals excerpts to the company's public keys: from then on the server itself cannot read them.

Each excerpt is sealed by itself with HPKE (RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM),
bound to installation, decision and finding by the `info`. The evidence of a decision is one file (JSON), which is what
is kept, released and opened:

    {"format": "promptguard-evidence-1", "installation": "…", "decision": "pg-…", "left_out": 0,
     "findings": [{"finding": 0, "sealed": {"<public key>": "<encapsulated key and ciphertext>"}}]}

Keys and sealed bytes are in Base64. What is sealed is JSON, too: `before`, `found`, `after`, `cut` (`Excerpt`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from promptguard.evidence.excerpts import Excerpt

FORMAT: Final = "promptguard-evidence-1"
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class EvidenceSealer:
    """Seals the evidence of one installation.

    Args:
        keys: to which all is sealed: each of them opens it by itself.
        installation: the id of the data folder.
    """

    def __init__(self, keys: Sequence[X25519PublicKey], installation: str) -> None:
        self._keys = {key_name(key): key for key in keys}
        self._installation = installation

    def seal(self, decision_id: str, excerpts: Sequence[Excerpt], left_out: int = 0) -> bytes:
        """The evidence of a decision, as a file. Takes a fifth of a millisecond an excerpt and key.

        Args:
            left_out: how many findings would be evidence, and are not in it.
        """
        members = {
            "format": FORMAT,
            "installation": self._installation,
            "decision": decision_id,
            "left_out": left_out,
            "findings": [{"finding": each.finding, "sealed": self._sealed(decision_id, each)} for each in excerpts],
        }
        return json.dumps(members, separators=(",", ":")).encode()

    def _sealed(self, decision_id: str, excerpt: Excerpt) -> dict[str, str]:
        info = bound_to(self._installation, decision_id, excerpt.finding)
        members = {"before": excerpt.before, "found": excerpt.found, "after": excerpt.after, "cut": excerpt.cut}
        plain = json.dumps(members).encode("ascii")
        return {
            name: base64.b64encode(SUITE.encrypt(plain, key, info=info)).decode() for name, key in self._keys.items()
        }


def bound_to(installation: str, decision_id: str, finding: int) -> bytes:
    """The `info` under which an excerpt is sealed: elsewhere it does not open."""
    return f"promptguard/evidence/v1\n{installation}\n{decision_id}\n{finding}".encode()


def key_name(key: X25519PublicKey) -> str:
    """What a public key is called in evidence: itself, in Base64."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def sealed_to(file: bytes) -> list[str]:
    """The names of the keys that a file of evidence says it is sealed to; none where it is damaged."""
    try:
        return [str(name) for name in json.loads(file)["findings"][0]["sealed"]]
    except (ValueError, KeyError, IndexError, TypeError):
        return []

"""Opens evidence, where the company's private key is: never on the server."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.errors import PromptGuardError
from promptguard.evidence.excerpts import Excerpt
from promptguard.evidence.sealing import FORMAT, SUITE, bound_to, key_name

MAX_FILE: Final = 64 * 1024 * 1024
"""Bytes of a file of evidence that are read."""


class NotOpened(PromptGuardError):
    """Evidence that does not open; the message says why, and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The evidence of a decision."""

    installation: str
    decision: str
    left_out: int
    """Findings that would be evidence, and are not in it."""
    excerpts: tuple[Excerpt, ...]


def open_evidence(file: bytes, key: X25519PrivateKey) -> Opened:
    """All excerpts of a file, or none of them.

    Raises:
        NotOpened: it is no evidence, was sealed to other keys, was changed, or is put together from several.
    """
    members = _members(file)
    name = key_name(key.public_key())
    try:
        installation, decision, left_out = members["installation"], members["decision"], int(members["left_out"])
        sealed = [(int(each["finding"]), each["sealed"]) for each in members["findings"]]
        if not all(name in keys for _, keys in sealed):
            raise NotOpened("This key is not one that the evidence was sealed to. Take the one that was in use then.")
        excerpts = tuple(
            _excerpt(
                base64.b64decode(keys[name], validate=True), key, bound_to(installation, decision, finding), finding
            )
            for finding, keys in sealed
        )
    except (KeyError, TypeError, ValueError):
        raise NotOpened(_NO_EVIDENCE) from None
    return Opened(str(installation), str(decision), left_out, excerpts)


_NO_EVIDENCE: Final = "This is no evidence of PromptGuard's, or it is damaged."

_CHANGED: Final = (
    "The evidence does not open: it was changed, or belongs to another decision or installation than it says. "
    "Nothing of it is shown."
)


def _members(file: bytes) -> dict[str, Any]:
    try:
        members = json.loads(file)
    except ValueError:  # its message quotes the file
        members = None
    if not isinstance(members, dict) or members.get("format") != FORMAT:
        raise NotOpened(_NO_EVIDENCE)
    return members


def _excerpt(sealed: bytes, key: X25519PrivateKey, info: bytes, finding: int) -> Excerpt:
    try:
        members = json.loads(SUITE.decrypt(sealed, key, info=info))
    except InvalidTag:
        raise NotOpened(_CHANGED) from None
    return Excerpt(finding, members["before"], members["found"], members["after"], int(members["cut"]))

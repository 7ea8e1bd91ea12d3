"""Users of an htpasswd file."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final

import bcrypt

from promptguard.authentication.interface import WRONG, SignedIn, Users, Wrong
from promptguard.authentication.remembered import Remembered

SOURCE: Final = "proxy_credentials"

_MAX_PASSWORD: Final = 72
"""Bytes that bcrypt reads of a password; `htpasswd` cuts there, too."""


class HtpasswdUsers(Users):
    """Checks passwords against the hashes in force. bcrypt takes tens of milliseconds: in a thread, once a password.

    Args:
        hashes: gives the hash of each user, as the file has them now.
    """

    def __init__(self, hashes: Callable[[], Mapping[str, str]]) -> None:
        self._hashes = hashes
        self._checked = Remembered[tuple[str, bool]]()
        """The hash that a password was checked against, and whether it was right."""

    def knows(self, user: str) -> bool:
        return user in self._hashes()

    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        checked = self._checked.get(user, password)
        if checked is None or checked[0] != self._hashes().get(user):
            return None
        return self._signed_in(user, checked[0]) if checked[1] else WRONG

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        digest = self._hashes().get(user)
        if digest is None:
            return WRONG
        right = await asyncio.to_thread(is_right, password, digest)
        self._checked.put(user, password, (digest, right))
        return self._signed_in(user, digest) if right else WRONG

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        return before if self._hashes().get(before.user) == before.proof else WRONG

    def _signed_in(self, user: str, digest: str) -> SignedIn:
        return SignedIn(user, SOURCE, self, proof=digest)


class Strangers(Users):
    """Whom no file names: refused after as long as a wrong password takes, or the time would tell who is named.

    Args:
        hashes: as of `HtpasswdUsers`.
    """

    def __init__(self, hashes: Callable[[], Mapping[str, str]]) -> None:
        self._hashes = hashes

    def knows(self, user: str) -> bool:
        """Any: it is asked last."""
        return True

    def remembered(self, user: str, password: str) -> None:
        """Nothing."""

    async def sign_in(self, user: str, password: str, address: str = "") -> Wrong:
        if digest := next(iter(self._hashes().values()), None):
            await asyncio.to_thread(is_right, password, digest)
        return WRONG

    async def renewed(self, before: SignedIn) -> Wrong:
        return WRONG


def is_right(password: str, digest: str) -> bool:
    """Whether a hash, as `configuration.htpasswd` reads it, is that of a password."""
    content = password.encode("utf-8", "surrogatepass")
    if digest.startswith("{SHA}"):
        made = base64.b64encode(hashlib.sha1(content).digest()).decode()  # noqa: S324 - the file's own form
        return hmac.compare_digest(made, digest.removeprefix("{SHA}"))
    try:
        return bcrypt.checkpw(content[:_MAX_PASSWORD], digest.encode())
    except ValueError:  # a NUL in the password
        return False

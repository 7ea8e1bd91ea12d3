"""Credentials of devices: made once for a user, until a day, and known to no database.

The name is the device's id. The password is the user, the day, and groups where a sign-in told some, encrypted under a
key of the installation, so that every proxy with that key knows them, and nobody can make or change one.
"""

from __future__ import annotations

import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

import orjson

from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn, Users, Wrong
from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.keys import SealingCipher

SOURCE: Final = "device"
MAX_GROUPS_BYTES: Final = 2048
"""As JSON: clients send them along with each request, or connection."""
_MEMBERS: Final = 4
ID: Final = re.compile(r"dev-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class DeviceCredentials:
    """What one device signs in with."""

    id: str
    password: str = field(repr=False)
    """Letters, digits, hyphens and underscores, so that it can stand in an address."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What a password says."""

    user: str
    until: float
    """Seconds since 1970."""
    groups: frozenset[str]
    """As they were when it was made."""
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class _Proof:
    id: str
    sealed: _Sealed
    vouched: SignedIn | None
    """What the directory said of the user."""


def issue(
    key: bytes, user: str, until: float, groups: Collection[str] = (), *, made: float | None = None
) -> DeviceCredentials:
    """Credentials for a device of a user.

    Args:
        key: that of `Keys.devices`.
        until: seconds since 1970.
        groups: the user's, as policies call them; a directory's count instead where there is one.
        made: seconds since 1970; None for now.

    Raises:
        ValueError: their names take more than `MAX_GROUPS_BYTES`.
    """
    told = sorted(set(groups))
    if len(orjson.dumps(told)) > MAX_GROUPS_BYTES:
        raise ValueError("too many groups")
    id = f"dev-{secrets.token_hex(6)}"
    sealed = SealingCipher(key).seal(
        orjson.dumps([user, until, told, time.time() if made is None else made]), id.encode()
    )
    return DeviceCredentials(id, urlsafe_b64encode(sealed).rstrip(b"=").decode())


class DeviceUsers(Users):
    """Users by their devices.

    Args:
        key: that of `Keys.devices`.
        revoked: gives those that do not count any more.
        directory: knows the users by the same names.
        now: seconds since 1970.
    """

    def __init__(
        self,
        key: bytes,
        revoked: Callable[[], DeviceRevocations],
        directory: DirectoryUsers | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._cipher = SealingCipher(key)
        self._revoked = revoked
        self._directory = directory
        self._now = now

    def knows(self, user: str) -> bool:
        return ID.fullmatch(user) is not None

    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        """At once, unless a directory has to be asked. Nobody guesses such a password: no address waits for it."""
        sealed = self._opened(user, password)
        if sealed is None:
            return WRONG
        return None if self._directory else self._said(user, sealed, None)

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        sealed = self._opened(user, password)
        if sealed is None:
            return WRONG
        vouched = await self._directory.vouched(sealed.user, SOURCE) if self._directory else None
        return WRONG if isinstance(vouched, Wrong) else self._said(user, sealed, vouched)

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        proof = before.proof
        assert isinstance(proof, _Proof)
        if not self._holds(proof.id, proof.sealed):
            return WRONG
        vouched = await self._directory.renewed(proof.vouched) if self._directory and proof.vouched else None
        if isinstance(vouched, Wrong):
            return WRONG
        return self._said(proof.id, proof.sealed, vouched)

    def _said(self, id: str, sealed: _Sealed, vouched: SignedIn | None) -> SignedIn:
        groups = vouched.groups if vouched else sealed.groups
        user = vouched.user if vouched else sealed.user
        return SignedIn(user, SOURCE, self, groups, _Proof(id, sealed, vouched), device=id)

    def _holds(self, id: str, sealed: _Sealed) -> bool:
        return self._now() < sealed.until and not self._revoked().ends(id, sealed.user, sealed.made)

    def _opened(self, id: str, password: str) -> _Sealed | None:
        try:
            sealed = urlsafe_b64decode(password.encode("ascii") + b"=" * (-len(password) % 4))
            said = orjson.loads(self._cipher.open(sealed, id.encode()))
        except ValueError:
            return None
        user, until, groups, made = said if len(said) == _MEMBERS else (*said, [], 0.0)  # such as were made before
        found = _Sealed(user, until, frozenset(groups), made)
        return found if self._holds(id, found) else None

"""PAC files for devices: at an address that is sealed to one, and signed, so that it can be checked wherever it lies.

A PAC file holds nothing secret, and lets nobody use a proxy: it says where services are reached. For a device that is
none any more (its sign-in has ended) or never was, it leads services to the proxies all the same, which refuse with a
notice, and never past them; but it is not signed.
"""

from __future__ import annotations

import hmac
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from promptguard.authentication.devices import ID
from promptguard.keys import derive

PAC: Final = "proxy.pac"
SIGNATURE: Final = "proxy.pac.sig"

_SEAL_BYTES: Final = 16
_ADDRESS: Final = re.compile(rf"({ID.pattern})\.([0-9]{{1,11}})\.([A-Za-z0-9_-]+)")
_ENDED: Final = "// It is no device's: the sign-in has ended, and the proxy asks for another one.\n"


class Device(NamedTuple):
    """A device whose sign-in holds."""

    id: str
    until: datetime


class PacFiles:
    """Makes and reads addresses of PAC files, and signs these.

    Args:
        key: that of `Keys.devices`.
        revoked: gives the ids of devices that do not count any more.
        now: seconds since 1970.
    """

    def __init__(
        self, key: bytes, revoked: Callable[[], Collection[str]], now: Callable[[], float] = time.time
    ) -> None:
        self._seal_key = derive(key, "addresses of PAC files")
        self._signing = Ed25519PrivateKey.from_private_bytes(derive(key, "signatures of PAC files"))
        self._revoked = revoked
        self._now = now

    @property
    def public_key(self) -> str:
        """What signatures are checked with: an Ed25519 key (RFC 8032) in PEM."""
        return self._signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def path_for(self, device: Device) -> str:
        """Where a device's file is, below that of all of them."""
        said = f"{device.id}.{int(device.until.timestamp())}"
        return f"{said}.{self._seal(said)}"

    def device_at(self, path: str) -> Device | None:
        """The device whose file this is; None where its sign-in has ended, or it is none."""
        found = _ADDRESS.fullmatch(path)
        if found is None:
            return None
        id, until, seal = found.groups()
        sound = hmac.compare_digest(self._seal(f"{id}.{until}"), seal)
        if not sound or self._now() >= int(until) or id in self._revoked():
            return None
        return Device(id, datetime.fromtimestamp(int(until), UTC))

    def content(self, device: Device | None, pac: str) -> bytes:
        """The file at an address.

        Args:
            device: whose it is, if anybody's.
            pac: what is the same in all of them.
        """
        told = f"// For the device {device.id}, until {device.until:%Y-%m-%dT%H:%M:%SZ}.\n" if device else _ENDED
        return (told + pac).encode("ascii")

    def signature(self, content: bytes) -> bytes:
        """64 bytes of Ed25519 over a file as it is served."""
        return self._signing.sign(content)

    def _seal(self, said: str) -> str:
        seal = hmac.digest(self._seal_key, said.encode(), "sha256")[:_SEAL_BYTES]
        return urlsafe_b64encode(seal).rstrip(b"=").decode()

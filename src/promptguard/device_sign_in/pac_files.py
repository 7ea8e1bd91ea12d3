"""PAC files for devices: at an address that is sealed to one, and signed, so that it can be checked wherever it lies.

A PAC file holds nothing secret, and lets nobody use a proxy: it says where services are reached. For a device that is
none any more (its sign-in has ended) or never was, it leads services to the proxies all the same, which refuse with a
notice, and never past them; but it is not signed.
"""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from promptguard.configuration.device_revocations import DeviceRevocations
from promptguard.keys import SealingCipher, derive

PAC: Final = "proxy.pac"
SIGNATURE: Final = "proxy.pac.sig"

_MAX_PATH: Final = 2048
_ENDED: Final = "// It is no device's: the sign-in has ended, and the proxy asks for another one.\n"


class Device(NamedTuple):
    """A device whose sign-in holds."""

    id: str
    user: str
    made: float
    """When it signed in, in seconds since 1970."""
    until: float
    """Until when that holds, likewise."""


class PacFiles:
    """Makes and reads addresses of PAC files, and signs these.

    Args:
        key: that of `Keys.devices`.
        revoked: gives those that do not count any more.
        now: seconds since 1970.
    """

    def __init__(
        self, key: bytes, revoked: Callable[[], DeviceRevocations], now: Callable[[], float] = time.time
    ) -> None:
        self._cipher = SealingCipher(derive(key, "addresses of PAC files"))
        self._signing = Ed25519PrivateKey.from_private_bytes(derive(key, "signatures of PAC files"))
        self._revoked = revoked
        self._now = now

    @property
    def public_key(self) -> str:
        """What signatures are checked with: an Ed25519 key (RFC 8032) in PEM."""
        return self._signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def path_for(self, device: Device) -> str:
        """Where a device's file is, below that of all of them: who it is, sealed."""
        return urlsafe_b64encode(self._cipher.seal(orjson.dumps(list(device)))).rstrip(b"=").decode()

    def device_at(self, path: str) -> Device | None:
        """The device whose file this is; None where its sign-in has ended, or it is none."""
        if len(path) > _MAX_PATH:
            return None
        try:
            sealed = urlsafe_b64decode(path.encode("ascii") + b"=" * (-len(path) % 4))
            device = Device(*orjson.loads(self._cipher.open(sealed)))
        except ValueError:
            return None
        ended = self._now() >= device.until or self._revoked().ends(device.id, device.user, device.made)
        return None if ended else device

    def content(self, device: Device | None, pac: str) -> bytes:
        """The file at an address.

        Args:
            device: whose it is, if anybody's.
            pac: what is the same in all of them.
        """
        if device is None:
            return (_ENDED + pac).encode("ascii")
        until = datetime.fromtimestamp(device.until, UTC)
        return f"// For the device {device.id}, until {until:%Y-%m-%dT%H:%M:%SZ}.\n{pac}".encode("ascii")

    def signature(self, content: bytes) -> bytes:
        """64 bytes of Ed25519 over a file as it is served."""
        return self._signing.sign(content)

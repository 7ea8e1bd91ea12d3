"""Sign-ins of devices: begun at the company's provider, and turned into credentials for the proxy.

What has been begun is kept by the device itself, sealed: any proxy with the same master key can finish it, after a
restart too.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from promptguard.authentication.attempts import network_of
from promptguard.authentication.devices import DeviceCredentials, issue
from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.device_sign_in.admission import policy_groups_in, user_in
from promptguard.device_sign_in.failures import NotAdmitted, TooMany, Why
from promptguard.device_sign_in.pace import Pace
from promptguard.keys import SealingCipher, derive
from promptguard.openid.device_flow import Unfinished, begin, finish
from promptguard.openid.provider import OpenIDProvider, open_provider
from promptguard.runtime.rate_limit import RateLimit

logger = logging.getLogger(__name__)

OF_AN_ADDRESS: Final = 60
"""Sign-ins that an address may have begun, and not finished, within `WITHIN_SECONDS`."""
OF_ALL: Final = 1000
"""Those of all addresses together: each is one at the provider."""
WITHIN_SECONDS: Final = 600.0

_MAX_HANDLE: Final = 16 * 1024
_ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that waits for somebody."""

    handle: str = field(repr=False)
    """What the device asks with: letters, digits, hyphens and underscores. Whoever has it can finish the sign-in."""
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    """Empty where the provider has none."""
    expires: float
    """Seconds since 1970."""
    interval: int
    """Seconds between two questions."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a device gets."""

    credentials: DeviceCredentials
    user: str
    made: datetime
    until: datetime


class _Opened(NamedTuple):
    begun: Begun
    device_code: str
    network: str
    """That it was begun from."""


class SignIns:
    """Begins and finishes sign-ins. For any thread.

    Args:
        settings: gives those in force; None where devices do not sign in any more.
        key: that of `Keys.devices`.
        pseudonym: what logs call a user.
        open: makes what speaks to a provider.
        now: seconds since 1970.
    """

    def __init__(
        self,
        settings: Callable[[], DeviceSignInSettings | None],
        key: bytes,
        pseudonym: Callable[[str], str],
        *,
        open: Callable[[DeviceSignInSettings], OpenIDProvider] = open_provider,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._key = key
        self._pseudonym = pseudonym
        self._open = open
        self._now = now
        self._cipher = SealingCipher(derive(key, "sign-ins"))
        self._made: tuple[DeviceSignInSettings, OpenIDProvider] | None = None
        self._making = threading.Lock()
        self._tries = RateLimit(OF_AN_ADDRESS, WITHIN_SECONDS, now)
        self._tries_of_all = RateLimit(OF_ALL, WITHIN_SECONDS, now)
        self._pace = Pace(now)

    def begin(self, address: str) -> Begun:
        """Begin a sign-in for a device at an address.

        Raises:
            TooMany: too many have been begun.
            NotAdmitted: devices do not sign in any more.
            ProviderFailed: the provider cannot be asked.
            ConfigError: its secret, or a certificate, cannot be read.
        """
        settings, provider = self._provider()
        network = network_of(address)
        if not self._tries.allows(network) or not self._tries_of_all.allows(_ALL):
            raise TooMany
        code = begin(provider)
        expires = self._now() + code.expires_in
        uris = code.verification_uri, code.verification_uri_complete
        content = orjson.dumps([code.device_code, network, code.user_code, *uris, expires, code.interval])
        handle = urlsafe_b64encode(self._cipher.seal(content, _bound_to(settings))).rstrip(b"=").decode()
        self._pace.begins(handle, code.interval)
        return Begun(handle, code.user_code, *uris, expires, code.interval)

    def begun(self, handle: str) -> Begun | None:
        """What a handle stands for; None where it was not made here, is another provider's, or has run out."""
        opened = self._opened(handle)
        return opened.begun if opened else None

    def seconds_left(self, begun: Begun) -> int:
        """How long somebody may still take."""
        return max(0, int(begun.expires - self._now()))

    def seconds_to_wait(self, begun: Begun) -> int:
        """How long until a device may ask what has come of it."""
        return math.ceil(self._pace.seconds_to_wait(begun.handle))

    def finish(self, handle: str) -> Finished | Unfinished:
        """What has come of a sign-in.

        Raises:
            NotAdmitted: somebody signed in who gets nothing, or devices do not sign in any more.
            InvalidToken: what the provider says is not to be believed.
            ProviderFailed: it cannot be asked.
            ConfigError: its secret, or a certificate, cannot be read.
        """
        opened = self._opened(handle)
        if opened is None:
            return Unfinished.EXPIRED
        if not self._pace.allows(handle, opened.begun.interval):
            return Unfinished.SLOW_DOWN
        settings, provider = self._provider()
        found = finish(provider, opened.device_code)
        if isinstance(found, Unfinished):
            if found is Unfinished.SLOW_DOWN:
                self._pace.slows(handle)
            return found
        self._tries.give_back(opened.network, 1)
        self._tries_of_all.give_back(_ALL, 1)
        return self._admitted(found, settings)

    def _admitted(self, claims: Mapping[str, Any], settings: DeviceSignInSettings) -> Finished:
        user, groups = user_in(claims, settings), policy_groups_in(claims, settings)
        now = datetime.fromtimestamp(self._now(), UTC).replace(microsecond=0)
        until = now + timedelta(days=settings.days)
        try:
            made = issue(self._key, user, until.timestamp(), groups, made=now.timestamp())
        except ValueError:
            raise NotAdmitted(Why.GROUPS) from None
        logger.info("The device %s has signed in for %s, until %s.", made.id, self._pseudonym(user), until.date())
        return Finished(made, user, now, until)

    def _provider(self) -> tuple[DeviceSignInSettings, OpenIDProvider]:
        settings = self._settings()
        if settings is None:
            raise NotAdmitted(Why.ENDED)
        with self._making:
            if self._made is None or (self._made[0] is not settings and self._made[0] != settings):
                self._made = settings, self._open(settings)
            return self._made

    def _opened(self, handle: str) -> _Opened | None:
        settings = self._settings()
        if settings is None or len(handle) > _MAX_HANDLE:
            return None
        try:
            sealed = urlsafe_b64decode(handle.encode("ascii") + b"=" * (-len(handle) % 4))
            code, network, *told = orjson.loads(self._cipher.open(sealed, _bound_to(settings)))
        except ValueError:
            return None
        begun = Begun(handle, *told)
        return _Opened(begun, code, network) if self._now() < begun.expires else None


def _bound_to(settings: DeviceSignInSettings) -> bytes:
    return orjson.dumps([settings.issuer, settings.client_id])

"""One-time codes of authenticator apps (RFC 6238), and how their secrets are kept."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import pyotp

from promptguard.keys import SealingCipher

CODE_SECONDS = 30
"""The time step of a code."""


class OneTimeCodes:
    """Checks codes. For any thread.

    Args:
        key: `Keys.second_factor`.
        now: seconds since 1970.
    """

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._cipher = SealingCipher(key)
        self._now = now

    def sealed(self, secret: str) -> bytes:
        """A secret (base32) as it is kept."""
        return self._cipher.seal(secret.encode())

    def step(self, sealed: bytes | None, code: str, last: int) -> int | None:
        """The time step of the code, which is remembered so that no code is taken twice; None if it is wrong.

        Without a secret, none is asked for: it is the last one.
        """
        if sealed is None:
            return last
        try:
            secret = self._cipher.open(sealed).decode()
        except ValueError:
            return None
        return self.step_of(secret, code, after=last)

    def step_of(self, secret: str, code: str, *, after: int = 0) -> int | None:
        """The step whose code this is, of the present one and its neighbours, if it comes after one that was used."""
        code = "".join(code.split())
        present = int(self._now()) // CODE_SECONDS
        try:
            totp = pyotp.TOTP(secret, interval=CODE_SECONDS)
            for step in (present - 1, present, present + 1):
                if step > after and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                    return step
        except ValueError:  # the secret is no base32, or too short
            return None
        return None

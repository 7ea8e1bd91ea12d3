"""Passwords of reviewers: Argon2id (RFC 9106) with 19 MiB, 2 passes and a lane, as OWASP recommends it
(https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 256

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """A password's hash in PHC form."""
    return _HASHER.hash(password)


_NOBODYS = hashed("")
"""Compared with where there is no such account, so that the time says nothing about names."""


def is_password(password: str, known: str) -> bool:
    """Whether a password is the one whose hash is known. An empty hash is that of no password, and takes as long."""
    try:
        return _HASHER.verify(known or _NOBODYS, password[:MAX_LENGTH]) and bool(known)
    except (VerificationError, InvalidHashError):
        return False


def complaint(password: str, name: str) -> str:
    """What is wrong with a new password, as a sentence; empty if nothing is.

    Length and not composition, as NIST SP 800-63B asks.
    """
    if len(password) < MIN_LENGTH:
        return f"The password needs at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"The password has more than {MAX_LENGTH} characters."
    rest = password.lower().replace(name.lower(), "").replace("promptguard", "").replace("password", "")
    if len(set(password)) < 5 or len(rest) < 6:
        return "The password is too easy to guess. Take some words that have nothing to do with each other."
    return ""

"""What a directory says of a user, apart from `directory`, whose library takes time to import."""

from __future__ import annotations

from dataclasses import dataclass

from promptguard.errors import PromptGuardError


class DirectoryAway(PromptGuardError):
    """No server can be asked. The sentence says why, for the log; it holds no password."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the directory has them."""

    user: str
    """By which policies and records know them."""
    name: str
    """The distinguished name (RFC 4514)."""
    groups: frozenset[str]

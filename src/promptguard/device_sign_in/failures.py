"""Why a device gets no credentials."""

from __future__ import annotations

from enum import StrEnum

from promptguard.errors import PromptGuardError


class Why(StrEnum):
    """Why, by the words for it in `DeviceWords`."""

    DENIED = "denied"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too_many"
    ENDED = "ended"
    UNVERIFIED = "unverified"
    DOMAIN = "domain"
    GROUPS = "groups"
    UNBELIEVED = "unbelieved"
    AWAY = "away"


class TooMany(PromptGuardError):
    """An address, or all together, have begun too many sign-ins."""


class NotAdmitted(PromptGuardError):
    """Somebody has signed in who gets none.

    Args:
        why: for that person.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why

"""Why a device gets no credentials."""

from __future__ import annotations

from promptguard.errors import PromptGuardError


class TooMany(PromptGuardError):
    """An address, or all together, have begun too many sign-ins."""


class NotAdmitted(PromptGuardError):
    """Somebody has signed in who gets none; the message says why, for that person."""

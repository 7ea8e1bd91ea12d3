"""Why a server did not judge."""

from __future__ import annotations

from enum import StrEnum

from promptguard.errors import PromptGuardError


class Cause(StrEnum):
    """What went wrong between PromptGuard and the server."""

    UNREACHABLE = "unreachable"
    """No connection, or one that ended before the answer."""
    CERTIFICATE = "certificate"
    """Its certificate is not one that is trusted."""
    TIMEOUT = "timeout"
    """No answer in time."""
    REFUSED = "refused"
    """It answered with an error."""
    ANSWER = "answer"
    """What it answered is not what this model's weights say."""


class ServerAway(PromptGuardError):
    """The server did not judge. Says what went wrong, and nothing of what was asked."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        self.cause = cause
        super().__init__(f"{cause}: {detail}" if detail else cause)

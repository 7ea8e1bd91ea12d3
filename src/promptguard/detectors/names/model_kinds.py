"""Which models there are to judge words."""

from __future__ import annotations

from enum import StrEnum


class ModelKind(StrEnum):
    """The models that judge words."""

    COMPACT = "compact"
    """PromptGuard's own network."""
    RAMPART = "rampart"
    """A transformer; ten times the work, and installed with the extra `rampart` alone."""


def without_extra(missing: str) -> str:
    """The message where `rampart` is configured and what it needs is not installed."""
    return (
        f"{missing}, which `names.model: rampart` needs, is not installed. Install PromptGuard with its "
        "extra (`uv tool install 'promptguard-….whl[rampart]'`, in a checkout `uv sync --inexact --extra rampart`), or "
        "set `names.model: compact`."
    )

"""Which models there are to judge words."""

from __future__ import annotations

from enum import StrEnum


class ModelKind(StrEnum):
    """The models that judge words."""

    COMPACT = "compact"
    """PromptGuard's own network, ten times as fast."""
    RAMPART = "rampart"

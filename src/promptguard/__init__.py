"""Prompt data-loss prevention: reads what goes to AI services, redacts or blocks it by policy, and proves it.

The proxy is `promptguard.proxy`. Without a proxy, the same guard inspects requests as plain values:

    from promptguard import Guard, Identity, Request

`Guard` and what it is made of bring in Presidio, and are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptguard.errors import ConfigError, NotRewritable, PromptGuardError, ScanFailed, Unreadable
from promptguard.model import (
    Action,
    DataClass,
    Decision,
    Destination,
    Finding,
    Identity,
    Prompt,
    Request,
    Segment,
    Verdict,
)

if TYPE_CHECKING:
    from promptguard.guard import Guard, Limits, Rules

__all__ = [
    "Action",
    "ConfigError",
    "DataClass",
    "Decision",
    "Destination",
    "Finding",
    "Guard",
    "Identity",
    "Limits",
    "NotRewritable",
    "Prompt",
    "PromptGuardError",
    "Request",
    "Rules",
    "ScanFailed",
    "Segment",
    "Unreadable",
    "Verdict",
]

_LATE = {"Guard", "Limits", "Rules"}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        from promptguard import guard

        return getattr(guard, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

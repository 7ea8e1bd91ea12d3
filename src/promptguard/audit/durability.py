"""Which records a request waits for."""

from __future__ import annotations

from enum import StrEnum


class Durability(StrEnum):
    """Which records a request waits for until they would survive a power cut. All survive the end of the process."""

    ALWAYS = "always"
    FINDINGS = "findings"
    """All but those of inspected requests that were allowed and had nothing in them."""
    PROCESS = "process"
    """None."""

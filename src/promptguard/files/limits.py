"""Bounds on the reading of one file. What is over them counts as not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a company may set."""

    deadline_seconds: float = 10.0
    """Longest time that a worker may take for one file."""
    memory_bytes: int = 512 * 1024 * 1024
    """Memory that reading one file may take, beyond what the worker has when it is idle."""
    characters: int = 10 * 1024 * 1024
    """Most text that is taken out of one file."""


MAX_DEPTH: Final = 3
"""Files within files: an archive in an e-mail in an archive is the deepest that is read."""

MAX_MEMBERS: Final = 2_000
"""Files within one file, on all levels together."""

MAX_UNPACKED: Final = 200 * 1024 * 1024
"""Bytes that one file may unpack to, on all levels together."""

HIGHEST_RATIO: Final = 300
"""Unpacked to packed bytes of one member. Sheets of equal rows reach 100, bombs 1,000 (the most that deflate can)."""

RATIO_FROM: Final = 4 * 1024 * 1024
"""Unpacked bytes below which the ratio does not matter."""

MAX_PIXELS: Final = 60_000_000
"""Of one image. A telephone's camera makes 12 to 50 million."""

MAX_PAGES: Final = 5_000
"""Of one PDF document, and frames of one image."""

MIN_PICTURE: Final = 10
"""Pixels of an image's shorter side below which no letter fits: lines, spacers, tracking pixels."""

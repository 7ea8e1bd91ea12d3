"""Where is kept what can be made anew."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(data: Path) -> Path:
    """The folder of compiled patterns and converted model weights: `PROMPTGUARD_CACHE`, else `cache` in the data."""
    return Path(os.environ.get("PROMPTGUARD_CACHE") or data / "cache")

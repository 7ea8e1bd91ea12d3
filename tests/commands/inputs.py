"""What tests of commands type and scan."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from click.testing import Result

CONFIG = Path(__file__).parents[2] / "config"
SECRET = "Tr0ub4dor" + "&3xyz"
LEAKY = f"Write to jane@orchard-lane.com, my password is {SECRET}\n"


class Run(Protocol):
    """Runs a command (`documents add`) with arguments."""

    def __call__(
        self, command: str, *arguments: str | Path, text: str | bytes = "", config: Path | None = None
    ) -> Result: ...

"""`docs/controls.md`: the table of controls. `make controls-page` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from promptguard.controls.forms import reference_page
from promptguard.controls.table import all_controls

PATH: Final = Path(__file__).parents[2] / "docs" / "controls.md"
_HEAD: Final = "| Control |"


def replaced(page: str) -> str:
    """The page with the table as it would be written now."""
    return f"{page.partition(_HEAD)[0]}{reference_page(all_controls())}\n"


if __name__ == "__main__":
    PATH.write_text(replaced(PATH.read_text("utf-8")), "utf-8")

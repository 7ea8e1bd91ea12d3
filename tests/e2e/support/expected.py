"""What the tests expect to see on the wire."""

from __future__ import annotations

import copy
import re
from typing import Any

EMAIL_PLACEHOLDER = re.compile(r"\[EMAIL_ADDRESS_[0-9A-Z]{8,}\]")
DECISION_ID = re.compile(r"\bpg-[0-9a-z-]{8,}", re.IGNORECASE)


def with_text(body: Any, path: tuple[str | int, ...], text: str) -> Any:
    """A copy of a parsed body with one string replaced."""
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = text
    return changed

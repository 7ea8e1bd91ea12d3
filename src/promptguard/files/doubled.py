"""Letters that are drawn twice to look bold: `PPaasssswwoorrdd`."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"\S{6,}")


def undoubled(text: str) -> str:
    """The lines with words of doubled letters, as they look; empty where there are none."""
    lines = []
    for line in text.split("\n"):
        single = _WORD.sub(_single, line)
        if single != line:
            lines.append(_SHORT.sub(lambda match: match[0][::2] if _is_doubled(match[0]) else match[0], single))
    return "\n".join(lines)


_SHORT: Final = re.compile(r"(?<!\S)\S{2,5}(?!\S)")
"""Shorter words, which are doubled by chance elsewhere than beside others."""


def _single(match: re.Match[str]) -> str:
    return match[0][::2] if _is_doubled(match[0]) else match[0]


def _is_doubled(word: str) -> bool:
    return len(word) % 2 == 0 and word[::2] == word[1::2]

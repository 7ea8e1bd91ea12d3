r"""Long runs of backslashes, as JSON in strings of JSON has them: `\\\\\\\"password\\\\\\\": \\\\\\\"…`.

Each level doubles them, so that their number says how deep a text stands and nothing about the text. They are taken
away at once, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import (
    ENCODINGS,
    ExpansionBudget,
    Obfuscation,
    Prefilter,
    Replacement,
)

MIN_RUN: Final = 4
"""Backslashes; recognizers know fewer before a quotation mark, and paths of Windows have two in a string of code."""

_RUN: Final = re.compile(r"\\+(?:[nrt](?![a-z]))?")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    position = 0
    for start in starts:
        run = _RUN.match(text, start) if start >= position else None
        if run is None:
            continue
        position = run.end()
        budget.take(1)
        yield Replacement(start, position, "" if text[position - 1] == "\\" else "\n", "backslashes")


BACKSLASHES: Final = Obfuscation("backslashes", ENCODINGS, (Prefilter(r"\\" * MIN_RUN, MIN_RUN),), _find)

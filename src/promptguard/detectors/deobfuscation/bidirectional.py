"""Text stored backwards between marks of direction, so that a screen shows it forwards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from promptguard.detectors.deobfuscation.interface import (
    DIRECTION,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)

KIND = "reversed by marks"

_OVERRIDDEN = re.compile("\u202e([^\u202c\u202e\n\r\u2029]{2,})\u202c?")
"""RIGHT-TO-LEFT OVERRIDE: all characters up to POP DIRECTIONAL FORMATTING or the end of the paragraph are shown from
right to left, whatever their script (UAX #9, 2.2 and 3.3.2)."""


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    for match in _OVERRIDDEN.finditer(text, starts[0]):
        first, end = match.span(1)
        budget.take(end - first)
        yield Replacement(match.start(), first, "", KIND)
        yield Replacement(first, end, match.group(1)[::-1], KIND, -1)
        if end < match.end():
            yield Replacement(end, match.end(), "", KIND)


BIDIRECTIONAL = Obfuscation(
    "bidirectional",
    DIRECTION,
    # The mark is one of those that cannot be seen; the finder looks for it among them.
    (Prefilter("i", 1, Form.UNICODE, once=True),),
    _find,
)

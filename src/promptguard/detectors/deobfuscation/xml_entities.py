"""Entities that an XML document declares itself: `<!ENTITY k "AKIA…">` and `&k;` (XML 1.0, 4.2.1 and 4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from promptguard.detectors.deobfuscation.interface import PIECES, ExpansionBudget, Obfuscation, Prefilter, Replacement

KIND: Final = "XML entity"

MAX_ENTITIES: Final = 1000
"""Declarations that are taken."""
MAX_VALUE: Final = 10_000
"""Characters that an entity stands for, those within it resolved."""
MAX_DEPTH: Final = 5
"""How often entities are resolved within entities."""

_DECLARED: Final = re.compile(
    r"<!ENTITY\s{1,20}([\w:.-]{1,100})\s{1,20}(?:\"([^\"<]{0,10000})\"|'([^'<]{0,10000})')\s{0,20}>"
)
_REFERENCE: Final = re.compile(r"&([A-Za-z_:][\w:.-]{0,99});")


def _find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    known: dict[str, str] = {}
    for _, declared in zip(range(MAX_ENTITIES), _DECLARED.finditer(text), strict=False):
        known.setdefault(declared[1], declared[2] if declared[2] is not None else declared[3])  # the first one binds
    if not known:
        return
    resolved = {name: _resolved(value, known) for name, value in known.items()}
    for reference in _REFERENCE.finditer(text):
        value = resolved.get(reference[1])
        if value is not None:
            budget.take(len(value))
            if budget.exceeded:
                return
            yield Replacement(reference.start(), reference.end(), value, KIND)


def _resolved(value: str, known: Mapping[str, str]) -> str:
    for _ in range(MAX_DEPTH):
        changed = _REFERENCE.sub(lambda found: known.get(found[1], found[0]), value)[:MAX_VALUE]
        if changed == value:
            break
        value = changed
    return value


XML_ENTITIES: Final = Obfuscation("XML entities", PIECES, (Prefilter(r"<!ENTITY[ \t\r\n]", 9, once=True),), _find)

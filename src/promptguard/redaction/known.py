"""What was issued in a scope before, as one request sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from promptguard.model import Original
from promptguard.redaction.issued import Issued
from promptguard.redaction.scope_originals import Part, ScopeOriginals


class Known(Mapping[str, Original]):
    """Placeholder to original. What is issued in the scope later is not in it."""

    def __init__(self, part: Part) -> None:
        self._part = part

    @classmethod
    def of(cls, originals: Mapping[str, Original]) -> Known:
        """These, and no others."""
        scope = ScopeOriginals(originals)
        return cls(Part(scope, len(scope)))

    @cached_property
    def texts(self) -> Issued:
        """Placeholder to the text it stands for."""
        return Issued(parts=[self._part])

    def __getitem__(self, placeholder: str) -> Original:
        held = self._part.held(placeholder)
        if held is None:
            raise KeyError("no such placeholder")
        return held.original

    def __iter__(self) -> Iterator[str]:
        return self._part.all()

    def __len__(self) -> int:
        """Goes through all of them."""
        return sum(1 for _ in self._part.all())

    def __bool__(self) -> bool:
        return self._part.has_any

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} placeholders)"

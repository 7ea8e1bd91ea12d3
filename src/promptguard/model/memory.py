"""What is remembered of what was said, and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from promptguard.model.vocabulary import DataClass


@dataclass(frozen=True, slots=True)
class Recalled:
    """An original of the scope that stands in a text."""

    segment: int
    """Index into `Prompt.segments`."""
    start: int
    end: int
    placeholder: str

    @property
    def entity_type(self) -> str:
        """As the placeholder has it."""
        return self.placeholder[1:-1].rpartition("_")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """What a service said in one answer, before anything was put back in it."""

    texts: Sequence[str] = field(default=(), repr=False)
    sealed: Sequence[str] = field(default=(), repr=False)
    """Signatures and the like, and what they bind."""


class Mark(StrEnum):
    """What the memory of a scope knows of a value or text, of which it keeps a keyed hash only."""

    BLOCKED = "blocked"
    """The fingerprint of a finding that was blocked."""
    REFUSED = "refused"
    """A text of a request that was refused."""
    SEALED = "sealed"
    """A sealed string that the service issued."""
    ANSWERED = "answered"
    """A line or word that the service answered."""
    DECLARED = "declared"
    """The length of a file that is to be uploaded, as it was told to the service."""


@dataclass(frozen=True, slots=True)
class Original:
    """A value that a placeholder stands for."""

    text: str = field(repr=False)
    data_class: DataClass


@dataclass(frozen=True, slots=True)
class Restoration:
    """What may be put back into the answer to one request: placeholders issued in its scope."""

    originals: Mapping[str, str]
    """Placeholder to original. Holds no credentials."""

    def __bool__(self) -> bool:
        return bool(self.originals)

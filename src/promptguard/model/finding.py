"""What was found in a text."""

from __future__ import annotations

from dataclasses import dataclass

from promptguard.model.vocabulary import DataClass


@dataclass(frozen=True, slots=True)
class Match:
    """What one detector says of one text. Offsets are into the segment's text."""

    start: int
    end: int
    entity_type: str
    score: float
    """0 to 1."""
    detector: str
    """The recognizer's name."""
    data_class: DataClass
    subject: str = ""
    """Which tenant or document was recognised; empty for other detectors."""
    hidden: str = ""
    """How it was hidden, e.g. `base64`, several ways outermost first; empty where it stood in the text as it is."""
    allowance: str | None = None
    """Id of the entry of the allow list that lets it pass; None for what does not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something sensitive in a prompt: where and what, never the value."""

    segment: int
    """Index into `Prompt.segments`."""
    start: int
    end: int
    entity_type: str
    data_class: DataClass
    score: float
    detector: str
    fingerprint: str
    """Keyed hash of the value: equal values have equal fingerprints on one installation."""
    subject: str = ""
    hidden: str = ""
    """How it was hidden, as in `Match`."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What would be a finding, if an entry of the allow list did not let it pass: where, never the value."""

    segment: int
    """Index into `Prompt.segments`."""
    start: int
    end: int
    allowance: str
    """The entry's id."""

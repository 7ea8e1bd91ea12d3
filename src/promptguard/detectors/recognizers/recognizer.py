"""A recognizer as our configuration has it, and the examples that it is held to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from promptguard.model import DataClass
from promptguard.presidio.analyzer import EntityRecognizer, Pattern, PatternRecognizer


@dataclass(frozen=True, slots=True)
class Example:
    """A text on which a recognizer is held to its word."""

    recognizer: str
    text: str = field(repr=False)
    matches: bool
    """Whether the recognizer must find something in the text, or nothing."""
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A Presidio recognizer and what our configuration says of it."""

    recognizer: EntityRecognizer
    data_class: DataClass
    threshold: float
    file: Path
    line: int
    prefilter: str = ""
    """A regex of which every match of a recognizer without patterns contains a match; empty if there is none."""
    examples: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        return str(self.recognizer.name)

    @property
    def patterns(self) -> list[Pattern]:
        """The regexes of which each match is a candidate; empty for recognizers that are not made of regexes."""
        custom = type(self.recognizer).__dict__.get("prefilter")
        if isinstance(self.recognizer, PatternRecognizer) and not custom:
            return list(self.recognizer.patterns)
        return []

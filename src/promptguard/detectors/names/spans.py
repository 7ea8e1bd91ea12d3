"""What the models of the names detector say: spans, and the error of a model that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

from promptguard.errors import ScanFailed

PERSON = "PERSON"
LOCATION = "LOCATION"


class ModelUnusable(ScanFailed):
    """A model's files are missing or are not the expected ones. The message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Span:
    """A name or an address in a text, in Presidio's words."""

    start: int
    end: int
    entity_type: str
    """`PERSON` or `LOCATION`."""
    score: float
    """0 to 1."""
    recognizer: str

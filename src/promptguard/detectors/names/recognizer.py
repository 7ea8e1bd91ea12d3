"""The names model as a Presidio recognizer, for Presidio's own `AnalyzerEngine` and for comparison with it.

The workers use the model without Presidio, whose import alone takes three seconds and 70 MB in each of them.
"""

from __future__ import annotations

from typing import Any

from promptguard.detectors.names.chunks import chunks, without_surrogates
from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.prose_segmentation import prose_spans
from promptguard.detectors.names.span_assembly import RECOGNIZER
from promptguard.detectors.names.spans import LOCATION, PERSON
from promptguard.presidio.analyzer import EntityRecognizer, RecognizerResult


class NamesRecognizer(EntityRecognizer):  # type: ignore[misc]  # Presidio ships no types
    """Finds PERSON and LOCATION, the latter meaning addresses and parts of them."""

    def __init__(self, supported_language: str = "en", name: str = RECOGNIZER) -> None:
        """See `EntityRecognizer`. The model knows seven European languages; a recognizer is registered for one each.

        Raises:
            ModelUnusable: the model's files are missing, or not the expected ones.
        """
        super().__init__(supported_entities=[PERSON, LOCATION], supported_language=supported_language, name=name)

    def load(self) -> None:
        """Load the model. Called by `EntityRecognizer`'s constructor."""
        self._model = NamesModel()

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The names and addresses in `text`; `entities` says which are wanted, none meaning all."""
        text = without_surrogates(text)
        return [
            RecognizerResult(span.entity_type, start, end, span.score)
            for chunk in chunks(text, prose_spans(text))
            for span in self._model.find(chunk.text)
            if not entities or span.entity_type in entities
            for start, end in chunk.locate(span.start, span.end)
        ]

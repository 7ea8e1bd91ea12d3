"""Names and places by a spaCy package of the company's choice, beside the Rampart model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spacy
import spacy.util

from promptguard.detectors.names.spans import LOCATION, PERSON, ModelUnusable, Span

RECOGNIZER = "SpacyRecognizer"

SCORE = 0.85
"""spaCy gives no probabilities. This is what Presidio's own `SpacyRecognizer` gives its findings."""

_ENTITY_TYPES = {"PERSON": PERSON, "PER": PERSON, "GPE": LOCATION, "LOC": LOCATION, "FAC": LOCATION}
"""Labels of OntoNotes (PERSON, GPE, LOC, FAC) and WikiNER (PER, LOC), the two schemes that spaCy's packages use."""

_NAMING = frozenset({"ner", "entity_ruler", "span_ruler"})
_SHARED = frozenset({"tok2vec", "transformer", "curated_transformer"})


class SpacyNames:
    """A loaded spaCy pipeline, reduced to what finds entities."""

    def __init__(self, package: str) -> None:
        """Load `package`: the name of an installed spaCy package, or the path of one's folder.

        Raises:
            ModelUnusable: there is no such package, it cannot be loaded, or nothing in it finds entities.
        """
        try:
            config = spacy.util.load_config(_folder(package) / "config.cfg")
            pipeline = set(config["nlp"]["pipeline"])
            self._nlp: Any = spacy.load(package, exclude=sorted(pipeline - _needed(config, pipeline)))
        except Exception as error:
            raise ModelUnusable(f"The spaCy package {package!r} cannot be loaded ({type(error).__name__}).") from None
        if not _NAMING & set(self._nlp.pipe_names):
            raise ModelUnusable(f"The spaCy package {package!r} has no component that finds entities.")

    def find(self, text: str) -> list[Span]:
        """The names and places in `text`."""
        # Without a zone the pipeline's string store would keep every word ever seen.
        with self._nlp.memory_zone():
            return [
                Span(entity.start_char, entity.end_char, _ENTITY_TYPES[entity.label_], SCORE, RECOGNIZER)
                for entity in self._nlp(text).ents
                if entity.label_ in _ENTITY_TYPES
            ]


def _folder(package: str) -> Path:
    if spacy.util.is_package(package):
        return next(Path(spacy.util.get_package_path(package)).glob(f"{package}-*"))
    return Path(package)


def _needed(config: Any, pipeline: set[str]) -> set[str]:
    """The components that find entities, and the shared layers that such a component listens to."""
    naming = _NAMING & pipeline
    listens = any("Listener" in str(config["components"].get(name, {})) for name in naming)
    return set(naming | (_SHARED & pipeline)) if listens else set(naming)

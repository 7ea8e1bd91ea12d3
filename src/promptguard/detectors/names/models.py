"""The models of one worker as one: text in, spans out."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from promptguard.detectors.names.assembly import assemble
from promptguard.detectors.names.rampart import Rampart
from promptguard.detectors.names.spans import ModelUnusable, Span, merge


class NamesModel:
    """Rampart, and a spaCy package beside it where one is named."""

    def __init__(self, spacy_model: str | None = None) -> None:
        """Load the models.

        Raises:
            ModelUnusable: one of them cannot be loaded.
        """
        self._rampart = Rampart()
        self._spacy = None
        if spacy_model:
            if not (Path(spacy_model).is_dir() or find_spec(spacy_model)):
                raise ModelUnusable(f"The spaCy package {spacy_model!r} is not installed, and no folder has that name.")
            # Importing spaCy takes two seconds and 80 MB: only for those who use it.
            from promptguard.detectors.names.spacy_model import SpacyNames

            self._spacy = SpacyNames(spacy_model)

    def find(self, text: str) -> list[Span]:
        """The names and addresses in `text`, which must not hold surrogates. Spans do not overlap."""
        spans = assemble(text, self._rampart.words(text))
        if self._spacy is not None:
            spans += self._spacy.find(text)
        return merge(spans)

"""The names detector that a configuration asks for."""

from __future__ import annotations

from pathlib import Path

from promptguard.configuration.settings import Settings
from promptguard.detectors.names.detector import NamesDetector


def names_detector(settings: Settings, cache: Path) -> NamesDetector | None:
    """The detector as configured, not yet started; None where names are not looked for.

    Importing this takes no Presidio: the workers, which need seconds, can be started while that is imported.
    """
    if not settings.names.enabled:
        return None
    return NamesDetector(
        workers=settings.names.workers,
        deadline=settings.names.deadline_s,
        spacy_model=settings.names.spacy_model,
        weights_cache=cache,
    )

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from promptguard.detectors.names.spacy_model import SCORE, SpacyNames
from promptguard.detectors.names.spans import LOCATION, PERSON, ModelUnusable, Span


@pytest.fixture
def package(tmp_path: Path) -> str:
    """A pipeline that knows three made-up names, and has a component that only costs time."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": "Zorblax"},
            {"label": "PER", "pattern": "accountants"},
            {"label": "GPE", "pattern": "Qwertz"},
            {"label": "ORG", "pattern": "Examplecorp"},
        ]
    )
    pipeline.to_disk(tmp_path / "package")
    return str(tmp_path / "package")


def test_people_and_places_are_found_in_our_words(package: str) -> None:
    spans = SpacyNames(package).find("Zorblax of Examplecorp went to Qwertz")
    assert spans == [Span(0, 7, PERSON, SCORE, "SpacyRecognizer"), Span(31, 37, LOCATION, SCORE, "SpacyRecognizer")]


def test_a_pipeline_that_finds_no_entities_is_refused(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.to_disk(tmp_path)
    with pytest.raises(ModelUnusable, match="no component"):
        SpacyNames(str(tmp_path))


@pytest.mark.parametrize("name", ["no_such_package", "/no/such/folder", "os"])
def test_a_missing_package_is_named(name: str) -> None:
    with pytest.raises(ModelUnusable, match=name):
        SpacyNames(name)

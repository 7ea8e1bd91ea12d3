from __future__ import annotations

import pytest
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngine, SpacyNlpEngine

from promptguard.detectors.names.recognizer import NamesRecognizer

TEXT = "```python\nJane = Roe()\n```\nMy name is Jane Roe, I live at 12 Maple Street, Springfield."


@pytest.fixture(scope="module")
def recognizer() -> NamesRecognizer:
    return NamesRecognizer()


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ([], ["Jane Roe", "12 Maple Street, Springfield"]),
        (["PERSON"], ["Jane Roe"]),
        (["LOCATION"], ["12 Maple Street, Springfield"]),
    ],
)
def test_analyze(recognizer: NamesRecognizer, entities: list[str], expected: list[str]) -> None:
    assert [TEXT[result.start : result.end] for result in recognizer.analyze(TEXT, entities)] == expected


def test_it_works_in_presidios_own_engine(recognizer: NamesRecognizer) -> None:
    import spacy

    class Blank(SpacyNlpEngine):  # type: ignore[misc]
        """An engine without a model: the recognizer needs none."""

        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

    engine: NlpEngine = Blank()
    registry = RecognizerRegistry(recognizers=[recognizer])
    results = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"]).analyze(TEXT, "en")
    assert sorted((result.entity_type, TEXT[result.start : result.end]) for result in results) == [
        ("LOCATION", "12 Maple Street, Springfield"),
        ("PERSON", "Jane Roe"),
    ]

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import spacy

from promptguard.detectors.names.judged_words import Word
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import NamesModel, is_plain, supported
from promptguard.detectors.names.spans import LOCATION, PERSON, ModelUnusable, Span


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("please summarize the following report in three sentences", True),
        ("Please write a short poem about the sea.", True),
        ("I said a bad word", True),
        ("please ask jane about it", False),  # people bear it
        ("Please ask Graves about it", False),  # a surname, written as one
        ("please dig two graves", True),
        ("send it to zorblax", False),  # no English word
        ("room 12 please", False),
        ("some_identifier", False),
        ("Bitte fassen Sie den Bericht zusammen", False),
        ("", True),
    ],
)
def test_is_plain(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


@pytest.mark.parametrize(
    ("person", "location", "entity_type", "kept"),
    [
        (0.2, 0.0, PERSON, True),
        (0.05, 0.9, PERSON, False),
        (0.0, 0.03, LOCATION, True),
        (0.9, 0.01, LOCATION, False),
    ],
)
def test_supported(person: float, location: float, entity_type: str, kept: bool) -> None:
    words = [Word(0, 3, 0.0, 0.0, "O"), Word(4, 9, person, location, "O"), Word(10, 15, 0.9, 0.9, "SURNAME")]
    span = Span(4, 9, entity_type, 0.85, "SpacyRecognizer")
    assert supported([span], words) == ([span] if kept else [])


def test_both_models_findings_are_united(tmp_path: Path) -> None:
    text = "My name is Jane Roe and I met the accountants yesterday."
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "PERSON", "pattern": "accountants"}, {"label": "PERSON", "pattern": "Jane Roe and"}]
    )
    pipeline.to_disk(tmp_path / "package")
    spans = NamesModel(str(tmp_path / "package")).find(text)
    # What the first model holds for impossible is left out; what it holds for likely is united with its own.
    assert [text[span.start : span.end] for span in spans if span.entity_type == PERSON] == ["Jane Roe and"]


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "promptguard.detectors.names.rampart", raising=False)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelUnusable, match=r"onnxruntime, .*--extra rampart.*names.model: compact"):
        NamesModel(model=ModelKind.RAMPART)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelUnusable, match="no_such_package"):
        NamesModel("no_such_package")

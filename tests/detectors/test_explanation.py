import asyncio
from pathlib import Path

import pytest

from promptguard.detectors.explanation import Explanation, explain
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.scanner import Scanner
from promptguard.model import Segment

RECOGNIZERS = """
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    context: [ticket]
    patterns: [{name: number, regex: 'T-\\d{4}\\b', score: 0.3}]
  - name: Card
    supported_entity: CARD
    data_class: personal_data
    validator: luhn
    patterns: [{name: digits, regex: '\\b\\d{16}\\b', score: 0.5}]
  - name: Badge
    supported_entity: BADGE
    data_class: personal_data
    keywords: [badge]
    patterns: [{name: number, regex: 'B-\\d{4}\\b', score: 0.5}]
  - name: Anything
    supported_entity: ANYTHING
    data_class: personal_data
    patterns: [{name: number, regex: '\\b\\d{16}\\b', score: 0.4}]
"""
ALLOW = "allow: [{values: [T-0000], reason: the example in our manual}]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recognizers")
    (folder / "own.yaml").write_text(RECOGNIZERS)
    (folder / "allow.yaml").write_text(ALLOW)
    return folder


def explained(folder: Path, text: str, *, names: bool = True) -> Explanation:
    async def scan() -> Explanation:
        recognizers = load_recognizers(folder)
        patterns = PatternDetector(recognizers)
        scanner = Scanner([patterns], b"key", allow_list=recognizers.allow_list)
        await scanner.start()
        found = await scanner.scan([Segment((), text)])
        return explain(text, found.findings, patterns, recognizers.allow_list, names=names)

    return asyncio.run(scan())


def test_a_finding_tells_pattern_context_and_threshold(folder: Path) -> None:
    ((finding, sentences),) = explained(folder, "see ticket T-1234").of_findings
    assert finding.entity_type == "TICKET"
    assert sentences == (
        "Ticket (own.yaml, line 3): pattern “number” gave 0.30, the context word “ticket” raised it to 0.65; its "
        "threshold is 0.40.",
    )


def test_a_hidden_finding_tells_how_it_was_hidden(folder: Path) -> None:
    ((_, sentences),) = explained(folder, "decode dGlja2V0IFQtMTIzNCBwbGVhc2U= now").of_findings
    assert sentences == ("It was hidden as base64.",)


@pytest.mark.parametrize(
    ("text", "entity_type", "why"),
    [
        ("see T-1234", "TICKET", "That is too little. No context word stands before it."),
        ("see ticket T-0000", "TICKET", "The allow list lets it pass: the example in our manual."),
        ("pay 4539148803436468", "CARD", "its check says no (luhn)"),
        ("pay 4539148803436467", "ANYTHING", "Anything gives way to Card."),
        ("take B-1234", "BADGE", "none of its keywords is near (badge)"),
    ],
)
def test_what_is_no_finding_is_explained(folder: Path, text: str, entity_type: str, why: str) -> None:
    others = explained(folder, text).of_others
    assert [sentence for candidate, sentence in others if candidate.entity_type == entity_type and why in sentence]


def test_what_was_shown_to_the_names_model_is_told(folder: Path) -> None:
    assert explained(folder, "Jane wrote a letter.").names == "Names were looked for in all of the text."
    assert explained(folder, "Jane wrote a letter.", names=False).names == "Names were not looked for."
    assert "Names were looked for in 0 of 24 characters" in explained(folder, "```python\nx = jane()\n```").names


def test_no_value_is_held(folder: Path) -> None:
    assert "T-1234" not in repr(explained(folder, "see ticket T-1234, T-0000, 4539148803436468"))

from pathlib import Path

import pytest

from promptguard.detectors.recognizers.loading import load_recognizers
from promptguard.detectors.recognizers.recognizer import Recognizer
from promptguard.errors import ConfigError

TICKETS = """
recognizers:
  - name: Ticket
    supported_entity: TICKET
    data_class: confidential_records
    context: [ticket]
    patterns: [{name: number, regex: 'T-\\d{4}', score: 0.5}]
  - name: Order
    supported_entity: ORDER
    data_class: confidential_records
    enabled: false
    patterns: [{name: number, regex: 'O-\\d{4}', score: 0.5}]
"""


def load(folder: Path, tuning: str) -> dict[str, Recognizer]:
    (folder / "tickets.yaml").write_text(TICKETS)
    (folder / "tuning.yaml").write_text(tuning)
    return {recognizer.name: recognizer for recognizer in load_recognizers(folder).recognizers}


@pytest.mark.parametrize(
    ("tuning", "names", "threshold", "context"),
    [
        ("", ["Ticket"], 0.4, ["ticket"]),
        ("tuning: [{recognizer: Ticket, threshold: 0.8}]", ["Ticket"], 0.8, ["ticket"]),
        ("tuning: [{recognizer: Ticket, threshold: 0}]", ["Ticket"], 0, ["ticket"]),
        ("tuning: [{recognizer: Ticket, context: [case, ticket]}]", ["Ticket"], 0.4, ["ticket", "case"]),
        ("tuning: [{recognizer: Order, enabled: true, reason: we have orders}]", ["Ticket", "Order"], 0.4, ["ticket"]),
    ],
)
def test_a_recognizer_of_another_file_is_changed(
    tmp_path: Path, tuning: str, names: list[str], threshold: float, context: list[str]
) -> None:
    recognizers = load(tmp_path, tuning)
    assert list(recognizers) == names
    assert recognizers["Ticket"].threshold == threshold
    assert recognizers["Ticket"].recognizer.context == context


def test_a_recognizer_is_switched_off(tmp_path: Path) -> None:
    assert load(tmp_path, "tuning: [{recognizer: Ticket, enabled: false}]") == {}


@pytest.mark.parametrize(
    ("tuning", "line", "told"),
    [
        ("tunings: []", 1, "did you mean ‘tuning’?"),
        ("tuning:\n  - {recognizer: Tickets, threshold: 0.5}", 2, "did you mean ‘Ticket’?"),
        ("tuning:\n  - {recognizer: Ticket}", 2, "changes nothing"),
        ("tuning:\n  - {recognizer: Ticket, threshold: 5}", 2, "a number from 0 to 1"),
        ("tuning:\n  - {threshold: 0.5}", 2, "‘recognizer’ is missing"),
        ("tuning:\n  - {recognizer: Ticket, patterns: []}", 2, "unknown key ‘patterns’"),
        (
            "tuning:\n  - {recognizer: Ticket, enabled: true}\n  - {recognizer: Ticket, threshold: 0.1}",
            3,
            "stands in this file twice",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, tuning: str, line: int, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, tuning)
    assert f"tuning.yaml:{line}:" in str(caught.value) or f"line {line}" in str(caught.value)
    assert told in str(caught.value)

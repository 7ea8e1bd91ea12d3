from __future__ import annotations

import pytest

from promptguard.detectors.names.name_lines import find_on_lines


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Dirk Bakhuis\nMendel Zorblax\nVincent van den Broek\n",
            ["Dirk Bakhuis", "Mendel Zorblax", "Vincent van den Broek"],
        ),
        (
            "Present:\n- Anna Schmidt\n- Elros Zorblax\n- Jürgen Müller",
            ["Anna Schmidt", "Elros Zorblax", "Jürgen Müller"],
        ),
        ("1. Anna K. Schmidt,\n2. Jürgen Müller,\n3. Paolo Rossi", ["Anna K. Schmidt", "Jürgen Müller", "Paolo Rossi"]),
        ("Anna Schmidt\nJürgen Müller", []),
        ("Project Plan\nRisk Register\nOpen Issues\nNext Steps", []),
        ("New York\nSan Francisco\nLos Angeles", []),
        ("Claude Code\nGemini Pro\nGithub Copilot", []),
        ("Anna Schmidt\n\nJürgen Müller\n\nPaolo Rossi", []),
        ("", []),
    ],
)
def test_find_on_lines(text: str, names: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_on_lines(text)] == names

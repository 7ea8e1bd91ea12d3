from __future__ import annotations

from promptguard.files.lines import Lines


def test_lines_and_columns() -> None:
    lines = Lines()
    lines.end()
    lines.cell()
    lines.add("a")
    lines.cell()
    lines.cell()
    lines.add("b")
    lines.end()
    lines.end()
    lines.add("c ")
    lines.tab()
    assert lines.take() == "a\tb\nc"
    assert lines.take() == ""

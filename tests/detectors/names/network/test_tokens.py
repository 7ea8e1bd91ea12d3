from __future__ import annotations

import pytest

from promptguard.detectors.names.network.tokens import LINE, NONE, PARAGRAPH, SPACE, tokens


@pytest.mark.parametrize(
    ("text", "written", "gaps"),
    [
        ("", [], []),
        ("jane roe", ["jane", "roe"], [PARAGRAPH, SPACE]),
        ("o'roe.\nhi", ["o", "'", "roe", ".", "hi"], [PARAGRAPH, NONE, NONE, NONE, LINE]),
        ("a \n\n b  c", ["a", "b", "c"], [PARAGRAPH, PARAGRAPH, SPACE]),
        ("a_b 12c", ["a", "_", "b", "12c"], [PARAGRAPH, NONE, NONE, SPACE]),
        ("zoe\u0308 😀x", ["zoe\u0308", "😀", "x"], [PARAGRAPH, SPACE, NONE]),
        # In texts with capital letters all gaps are others.
        ("Jane\nroe", ["Jane", "roe"], [PARAGRAPH + 4, LINE + 4]),
    ],
)
def test_tokens(text: str, written: list[str], gaps: list[int]) -> None:
    found = tokens(text)
    assert found.written == written
    assert found.gaps == gaps
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == written

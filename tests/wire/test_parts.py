"""Which part says a text in the place of one that holds a file."""

from __future__ import annotations

from typing import Any

import pytest

from promptguard.model import Path
from promptguard.wire.parts import Part, text_part

TYPED = {"type": "text", "text": "-"}
UNION = {"text": "-"}
CONTENT: Path = ("messages", 3, "content", 1)
PARTS: Path = ("messages", 3, "parts", 1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((*CONTENT, "image_url", "url"), TYPED),
        ((*CONTENT, "document_url"), TYPED),
        ((*CONTENT, "file", "file_data"), TYPED),
        ((*CONTENT, "input_audio", "data"), TYPED),
        ((*CONTENT, "source", "data"), TYPED),
        ((*CONTENT, "image"), TYPED),
        ((*CONTENT, "data"), TYPED),
        ((*CONTENT, "resource", "blob"), TYPED),
        ((*CONTENT, "image", "source", "bytes"), UNION),
        ((*CONTENT, "toolResult", "content", 0, "document", "source", "bytes"), UNION),
        ((*PARTS, "inlineData", "data"), UNION),
        ((*PARTS, "raw"), UNION),
        ((*PARTS, "url"), TYPED),
        ((*PARTS, "file", "bytes"), {"kind": "text", "text": "-"}),
        ((*CONTENT, "something"), None),
        ((*CONTENT,), None),
        (("messages", 3, "attachments", 0, "data"), None),
        (("image", "source", "bytes"), None),
        ((0,), None),
    ],
)
def test_parts(path: Path, expected: Any) -> None:
    assert text_part(path, "-") == (None if expected is None else Part(expected))

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.commands.support.document_files import DocumentFiles
from promptguard.errors import Unreadable


def test_text_files_and_others(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Grüße <b>an</b> alle", encoding="cp1252")
    (tmp_path / "page.html").write_text("<p>Grüße <b>an</b> alle</p><!-- hidden -->", encoding="utf-8")
    with DocumentFiles() as files:
        assert files.read(tmp_path / "notes.txt") == "Grüße <b>an</b> alle"
        page = files.read(tmp_path / "page.html")
    assert "Grüße an alle" in page and "<b>" not in page


@pytest.mark.parametrize(("name", "content"), [("none.txt", None), ("none.pdf", None), ("broken.pdf", b"%PDF-1.7 no")])
def test_what_cannot_be_read(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with DocumentFiles() as files, pytest.raises(Unreadable):
        files.read(tmp_path / name)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptguard.detectors.fingerprints import plain_text
from promptguard.detectors.fingerprints.plain_text import decode, read_text
from promptguard.errors import Unreadable

TEXT = "Überblick: “naïve” façade\n" * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_latin_1_as_windows_has_it() -> None:
    assert decode(TEXT.encode("cp1252")) == TEXT


def test_empty() -> None:
    assert decode(b"") == ""


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e" * 50,
        b"\x01\x02\x03\x04 words " * 50,
        b"\xff\xfea",
    ],
)
def test_no_text(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"text\.(binary|broken)"):
        decode(content)


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    with pytest.raises(Unreadable, match=r"text\.not_readable"):
        read_text(file)
    file.write_text(TEXT, encoding="utf-8", newline="")
    assert read_text(file) == TEXT.replace(os.linesep, "\n")
    monkeypatch.setattr(plain_text, "MAX_FILE_LENGTH", 10)
    with pytest.raises(Unreadable, match=r"text\.too_large"):
        read_text(file)

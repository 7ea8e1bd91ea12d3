from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.audit.sinks.secret import read_secret


@pytest.mark.parametrize(
    ("variable", "content", "found"),
    [
        ("SIEM_SECRET", b"of the file", "of the variable"),
        ("SIEM_OTHER", b"of the file", ""),
        (None, b" of the file\n", "of the file"),
        (None, b"\xff", ""),
        (None, None, ""),
    ],
)
def test_where_a_secret_is_read(
    variable: str | None, content: bytes | None, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIEM_SECRET", "of the variable ")
    monkeypatch.delenv("SIEM_OTHER", raising=False)
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    assert read_secret(variable, tmp_path / "secret") == found


def test_none_is_named() -> None:
    assert read_secret(None, None) == ""

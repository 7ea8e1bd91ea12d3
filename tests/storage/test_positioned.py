from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from promptguard.storage import positioned


def of_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as Windows has it, on this system's files: they know no text mode."""
    for name in ("O_BINARY", "O_NOINHERIT"):
        monkeypatch.setattr(os, name, 0, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("positioned_of_windows", str(positioned.__file__))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.undo()
    return module


@pytest.mark.parametrize("system", ["here", "Windows"])
def test_bytes_are_written_and_read_where_they_are_said_to(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = positioned if system == "here" else of_windows(monkeypatch)
    descriptor = module.open_descriptor(tmp_path / "file", os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        module.write_at(descriptor, b"one\r\ntwo\n", 0)
        module.write_at(descriptor, b"2", 5)
        module.write_at(descriptor, b"far", 20)
        assert module.read_at(descriptor, 5, 5) == b"2wo\n\0"
        assert module.read_at(descriptor, 100, 20) == b"far" and module.read_at(descriptor, 1, 23) == b""
    finally:
        os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"one\r\n2wo\n" + bytes(11) + b"far"
    assert os.name != "posix" or (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    with pytest.raises(OSError):
        module.open_descriptor(tmp_path / "none", os.O_RDONLY)


def test_all_is_written_where_the_system_takes_less_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = positioned._write_some
    monkeypatch.setattr(positioned, "_write_some", lambda descriptor, view, at: whole(descriptor, view[:2], at))
    descriptor = positioned.open_descriptor(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    positioned.write_at(descriptor, b"abcde", 1)
    os.close(descriptor)
    assert (tmp_path / "file").read_bytes() == b"\0abcde"

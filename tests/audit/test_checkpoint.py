"""A cut at the end of any chain is found on every machine, also where the head file is gone with the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.audit.checkpoint import CheckpointFile, Notary
from promptguard.audit.interface import Checkpoint, Head

KEY = bytes(range(32))
MADE = Notary(KEY).signed(
    "a-1", 3, "2026-03-01T09:30:00.000Z", {"a-1": Head(2, b"h" * 32, b""), "b-1": Head(0, b"", b"")}
)


def test_marks_are_what_was_signed() -> None:
    assert Notary(KEY).marks(MADE) == {"a-1": (2, b"h" * 32), "b-1": (0, b"")}


@pytest.mark.parametrize(
    "changed",
    [
        MADE._replace(heads=MADE.heads.replace(b"[2", b"[1")),
        MADE._replace(number=4),
        MADE._replace(chain="b-1"),
        MADE._replace(signature=bytes(64)),
        MADE._replace(signature=b""),
        Notary(bytes(32)).signed(MADE.chain, MADE.number, MADE.time, {}),
    ],
)
def test_nothing_of_it_can_be_changed(changed: Checkpoint) -> None:
    with pytest.raises(ValueError, match="not signed"):
        Notary(KEY).marks(changed)


def test_file(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "audit.a-1.checkpoint")
    assert file.read() is None
    file.replace(MADE)
    assert file.read() == MADE
    assert [path.name for path in tmp_path.iterdir()] == ["audit.a-1.checkpoint"]
    file.path.write_bytes(b"{}")
    with pytest.raises(ValueError, match="damaged"):
        file.read()

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from promptguard.audit.chain import Chain
from promptguard.audit.interface import Entry
from promptguard.errors import StorageError
from promptguard.model import DataClass, Mark, Original
from promptguard.storage.sqlite.backend import SQLiteBackend

KEY = bytes(range(32))
ISSUED = {"[A_1]": Original("one", DataClass.TENANT_DATA)}


async def test_record_and_vault_in_one_file(tmp_path: Path) -> None:
    for sequence in (1, 2):
        backend = SQLiteBackend.open(tmp_path / "a.db")
        with closing(backend.vault(KEY)) as vault, closing(backend.audit_store().writer()) as writer:
            head = writer.append([Entry(f"pg-{sequence}", "", "", b"{}")], Chain(KEY, writer.chain), durable=True)
            assert head.sequence == sequence
            await vault.remember("scope", ISSUED)
            assert await vault.issued("scope") == ISSUED
        backend.close()
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db-chain-1"}


async def test_lifetimes_are_passed_on(tmp_path: Path) -> None:
    backend = SQLiteBackend.open(tmp_path / "a.db")
    with closing(backend.vault(KEY, placeholder_lifetime=-1, blocked_lifetime=-1)) as vault:
        await vault.remember("scope", ISSUED)
        await vault.remember_marks("scope", Mark.BLOCKED, ["f"])
        await vault.remember_marks("scope", Mark.SEALED, ["f"])
        assert await vault.issued("scope") == {}
        assert not await vault.marked("scope", Mark.BLOCKED, ["f"])
        assert await vault.marked("scope", Mark.SEALED, ["f"]) == {"f"}
    backend.close()


def test_other_key(tmp_path: Path) -> None:
    with closing(SQLiteBackend.open(tmp_path / "a.db")) as backend:
        backend.vault(KEY).close()
        with pytest.raises(StorageError, match="another master key"):
            backend.vault(bytes(32))


@pytest.mark.parametrize("writable", [True, False])
def test_reading_a_copy_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writable: bool) -> None:
    path = tmp_path / "a.db"
    with closing(SQLiteBackend.open(path)) as backend, closing(backend.audit_store().writer()) as writer:
        writer.append([Entry("pg-1", "", "", b"{}")], Chain(KEY, writer.chain), durable=True)
        # As a copy is made of a record that is being written: what is recent stands in the log beside it.
        (tmp_path / "backup").mkdir()
        for name in ("a.db", "a.db-wal"):
            (tmp_path / "backup" / name).write_bytes((tmp_path / name).read_bytes())
    before = {each.name: each.read_bytes() for each in (tmp_path / "backup").iterdir()}
    if not writable:
        monkeypatch.setattr(os, "access", lambda *_: False)
    with SQLiteBackend.to_read(tmp_path / "backup" / "a.db") as read:
        assert [record.event_id for record in read.audit_store().records()] == ["pg-1"]
    if not writable:
        assert {each.name: each.read_bytes() for each in (tmp_path / "backup").iterdir()} == before

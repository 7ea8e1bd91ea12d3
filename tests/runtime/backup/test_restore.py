"""Backups of installations in real databases, made while a proxy records, and put back."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.audit.conftest import make_event  # noqa: F401 - a fixture
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.audit.events import timestamp
from promptguard.audit.recorder import Recorder
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.model import Action, Event
from promptguard.policy.orders import Order, OrderKind, OrderState
from promptguard.runtime.backup import databases
from promptguard.runtime.backup.archive import BackupDamaged, extract, read_manifest
from promptguard.runtime.backup.create import WithKeys, create
from promptguard.runtime.backup.key_parcel import read_keys, write_keys
from promptguard.runtime.backup.restore import _refuse_living, _take_place, check, restore
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import key_ring, open_backend, open_reader
from promptguard.runtime.review_database import open_reviewing

SHIPPED = Path(__file__).parents[3] / "config"
PASSPHRASE = "correct horse" + " battery"


@dataclass
class Place:
    """An installation, and how to empty its database where that is on a server."""

    folder: Path
    config: Path
    settings: Settings
    empty: Callable[[], object]

    @property
    def data(self) -> DataFolder:
        return DataFolder(self.folder / "data")

    @property
    def with_keys(self) -> WithKeys:
        return WithKeys(self.folder / "keys.backup", PASSPHRASE)

    def record(self, *events: Event) -> None:
        keys = Keys.load_or_create(self.data.keys)
        with closing(open_backend(self.settings, self.data, keys)) as backend:
            recorder = Recorder(
                backend.audit_store(), keys.audit, head_files=keys.folder, key_ring=key_ring(backend, keys)
            )
            with closing(recorder):
                for event in events:
                    asyncio.run(recorder.record(event))
        open_reviewing(self.settings, self.data).close()

    def told(self) -> tuple[list[str], str]:
        """The ids of all decisions, and what a verification says."""
        with open_reader(self.settings, self.data) as reader:
            return [event["id"] for event in reader.tail(100)], reader.verify().sentence


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    config = tmp_path / "config"
    shutil.copytree(SHIPPED, config, ignore=shutil.ignore_patterns("recognizers"))
    settings, empty = Settings(), lambda: None
    if request.param == "postgresql":
        server: PostgreSQLServer = request.getfixturevalue("postgresql_server")
        url = server.empty()
        settings, empty = Settings(database=SecretStr(url)), server.empty
        monkeypatch.setenv("PROMPTGUARD_DATABASE", url)
    yield Place(tmp_path, config, settings, empty)


def test_a_lost_machine(place: Place, make_event: Callable[..., Event]) -> None:  # noqa: F811
    """All is gone but the two files."""
    events = [make_event(), make_event(action=Action.BLOCK, found=2)]
    place.record(*events)
    file = place.folder / "backup.tar"
    create(place.config, place.data.path, file, place.with_keys)
    assert {path.stat().st_mode & 0o777 for path in (file, place.with_keys.path)} == {0o600}
    policy = (place.config / "policy.yaml").read_bytes()
    shutil.rmtree(place.data.path)
    shutil.rmtree(place.config)
    place.empty()
    manifest = check(file)
    restored = restore(place.config, place.data.path, file, "anna", place.with_keys)
    assert restored.configuration and restored.time == manifest["time"] and not restored.in_doubt
    assert (place.config / "policy.yaml").read_bytes() == policy
    ids, sentence = place.told()
    assert ids == [event.id for event in events]
    assert "All 3 records are as they were written." in sentence
    assert f"anna put it back from a backup of {manifest['time']}" in sentence
    assert "which were there" not in sentence
    place.record(later := make_event())
    assert place.told()[0][-1] == later.id
    assert [path.name for path in place.folder.iterdir() if path.name.startswith(".")] == []


def test_what_counted_then_waits_for_somebody_to_look(place: Place, make_event: Callable[..., Event]) -> None:  # noqa: F811
    """An exception that was revoked since the backup must not count again unseen."""
    place.record(make_event())
    now = timestamp(datetime.now(UTC))
    order = Order("or-1", OrderKind.EXCEPTION, OrderState.IN_FORCE, {}, "Why", "a", "Ann", now, expires="2999")
    with closing(open_backend(place.settings, place.data, Keys.load(place.data.keys))) as backend:
        backend.orders(Keys.load(place.data.keys)).add(order)
    file = place.folder / "backup.tar"
    create(place.config, place.data.path, file, place.with_keys)
    shutil.rmtree(place.data.path)
    place.empty()
    assert restore(place.config, place.data.path, file, "anna", place.with_keys).in_doubt
    with closing(open_backend(place.settings, place.data, Keys.load(place.data.keys))) as backend:
        orders = backend.orders(Keys.load(place.data.keys))
        assert [each.holds(now) for each in orders.all()] == [False]
        assert "put back from a backup" in orders.read().doubt
        orders.accept([], now)
        assert orders.read() == ([order], "")


def test_an_older_state_says_what_is_not_in_it(place: Place, make_event: Callable[..., Event]) -> None:  # noqa: F811
    """The keys lie where they lay, and their heads know of more."""
    place.record(first := make_event())
    file = place.folder / "backup.tar"
    create(place.config, place.data.path, file, place.with_keys)
    place.record(make_event(), make_event())
    for path in place.data.path.iterdir():
        if path.name != "keys":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for lock in place.data.keys.glob("*.lock"):
        lock.unlink()
    place.empty()
    restore(place.config, place.data.path, file, "anna", place.with_keys)
    ids, sentence = place.told()
    assert ids == [first.id]
    assert sentence.startswith("All 2 records are as they were written. On ")
    assert "Records 2 to 3" in sentence and "which were there, are not in it." in sentence


def test_a_deleted_key_stays_deleted(place: Place, make_event: Callable[..., Event]) -> None:  # noqa: F811
    """An old backup is put back with the newest keys: what has expired since cannot be read."""
    place.record(make_event(), kept := make_event(action=Action.BLOCK, found=1))
    file = place.folder / "backup.tar"
    create(place.config, place.data.path, file)
    assert b"p_abcdefghijklmnop" not in file.read_bytes()
    keys = Keys.load(place.data.keys)
    with closing(open_backend(place.settings, place.data, keys)) as backend:
        ring, store = key_ring(backend, keys), backend.key_store(keys.folder)
        gone = [key for key in store.all() if key.retention_class == "allow"]
        store.shred([ring.deleted(key, datetime.now(UTC)) for key in gone], [])
    create(place.config, place.data.path, place.folder / "later.tar", place.with_keys)
    shutil.rmtree(place.data.path)
    place.empty()
    restore(place.config, place.data.path, file, "anna", place.with_keys)
    ids, sentence = place.told()
    assert ids == [kept.id]
    assert "Of 1 that has expired" in sentence


@pytest.fixture
def made(place: Place, make_event: Callable[..., Event]) -> Path:  # noqa: F811
    if place.settings.database is not None:
        pytest.skip("The file is the same one.")
    place.record(make_event())
    create(place.config, place.data.path, place.folder / "backup.tar", place.with_keys)
    return place.folder / "backup.tar"


def test_never_over_a_living_one(place: Place, made: Path) -> None:
    before = {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
    with pytest.raises(PromptGuardError, match="is not empty"):
        restore(place.config, place.data.path, made, "anna", place.with_keys)
    with pytest.raises(PromptGuardError, match="is there already"):
        create(place.config, place.data.path, made)
    assert {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("at", [0, 1, 2])
def test_damaged(place: Place, made: Path, at: int, tmp_path: Path) -> None:
    content = bytearray(made.read_bytes())
    if at == 2:
        del content[len(content) // 2 :]
    else:
        content[(1000, len(content) // 3)[at]] ^= 1
    made.write_bytes(content)
    with pytest.raises(BackupDamaged):
        check(made)
    with pytest.raises(BackupDamaged):
        restore(place.config, tmp_path / "new", made, "anna", place.with_keys)
    assert not (tmp_path / "new").exists()


def test_without_keys_or_with_others(place: Place, made: Path, tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match="There is no master key"):
        restore(place.config, tmp_path / "new", made, "anna")
    with pytest.raises(BackupDamaged, match="passphrase is another one"):
        restore(place.config, tmp_path / "new", made, "anna", WithKeys(place.with_keys.path, "x" * 12))
    Keys.load_or_create(tmp_path / "new" / "keys")
    with pytest.raises(PromptGuardError, match="The keys are gone"):
        restore(place.config, tmp_path / "new", made, "anna")
    shutil.copy(place.data.keys / "record-keys.db", tmp_path / "new" / "keys")
    with pytest.raises(PromptGuardError, match="not whole"):
        restore(place.config, tmp_path / "new", made, "anna")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["keys"]


def test_a_file_that_would_stand_elsewhere(made: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        for name in ("../out", "manifest.json"):
            (tmp_path / "content").write_bytes(b'{"format":1,"files":{"../out":{"sha256":"","bytes":1}}}')
            tar.add(tmp_path / "content", name)
    with pytest.raises(BackupDamaged, match="not in its list"):
        extract(tmp_path / "other.tar", tmp_path / "unpacked")
    assert not (tmp_path / "out").exists()


def test_passphrases(tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match="12 characters"):
        write_keys(tmp_path / "keys", {}, "short")
    write_keys(tmp_path / "keys", {"keys/master.key": bytes(32)}, PASSPHRASE)
    assert read_keys(tmp_path / "keys", PASSPHRASE) == {"keys/master.key": bytes(32)}


_KILLED = """
import os, signal, sys
from pathlib import Path
from promptguard.runtime.backup import archive, create, databases
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
where = {"copying": (create, "dump_postgresql"), "listing": (archive.Draft, "finish"), "linking": (os, "link")}
owner, name = where[sys.argv[1]]
if sys.argv[1] == "copying":
    copy = create.copy_sqlite
    create.copy_sqlite = lambda *given: (copy(*given), die())
else:
    setattr(owner, name, die)
create.create(Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
"""


@pytest.mark.parametrize("moment", ["copying", "listing", "linking"])
def test_killed_in_the_middle(place: Place, made: Path, moment: str) -> None:
    file = place.folder / "second.tar"
    command = [sys.executable, "-c", _KILLED, moment, str(place.config), str(place.data.path), str(file)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not file.exists()
    create(place.config, place.data.path, file)
    assert read_manifest(file)["database"] == "sqlite"
    assert [path.name for path in place.folder.iterdir() if path.name.startswith(".")] == []


def test_without_postgresql_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(PromptGuardError, match="pg_dump") as told:
        databases.dump_postgresql("postgresql://anna:se%2Fcret@db.example:5432/guard", tmp_path / "x")
    assert "--dbname=postgresql://anna@db.example:5432/guard" in str(told.value)
    assert "cret" not in str(told.value)


def test_without_a_record(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "config")
    with pytest.raises(PromptGuardError, match="no record yet"):
        create(tmp_path / "config", tmp_path / "data", tmp_path / "backup.tar")
    assert not (tmp_path / "backup.tar").exists()


def test_a_proxy_that_starts_meanwhile_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    data, draft = tmp_path / "data", tmp_path / "draft"
    (data / "keys").mkdir(parents=True)
    draft.mkdir()
    _refuse_living(data)
    (data / "promptguard.db").write_bytes(b"living")
    with pytest.raises(PromptGuardError, match=r"data is not empty \(promptguard.db\)"):
        _take_place(draft, data)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "draft"]
    assert (data / "promptguard.db").read_bytes() == b"living"


def test_keys_that_a_restore_was_cut_off_over_are_not_deleted(tmp_path: Path) -> None:
    (tmp_path / ".data.before-restore" / "keys").mkdir(parents=True)
    with pytest.raises(PromptGuardError, match="has the keys that lay in"):
        _refuse_living(tmp_path / "data")

"""Puts an installation back from a backup, beside nothing that lives; the record itself says so from then on."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Head, Store
from promptguard.audit.recorder import Recorder
from promptguard.audit.sealing.interface import DataKey, KeptKey
from promptguard.audit.statements import StatementKind, statement
from promptguard.audit.verify import VerifyReport
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import MASTER_FILE, Keys
from promptguard.runtime.backup.archive import BackupDamaged, extract
from promptguard.runtime.backup.create import DATABASE, DUMP, KEY_ROWS, REVIEW, WithKeys
from promptguard.runtime.backup.databases import check_sqlite, restore_postgresql
from promptguard.runtime.backup.key_parcel import read_keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.doubts import Decided
from promptguard.runtime.record import open_backend, open_reader
from promptguard.storage.interface import Backend
from promptguard.storage.sqlite.key_file import KEY_FILE

_MAY_BE_THERE: Final = (".key", ".db", ".head", ".checkpoint", ".id", ".lock")
"""Files that may lie in `keys` of a data folder that a backup is put into: the keys themselves, and what was known."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    time: str
    """When the backup was made."""
    report: VerifyReport
    configuration: bool
    """Whether the configuration was put back, too."""
    in_doubt: bool
    """Whether exceptions, statuses of tools or false alarms that count as of then wait to be accepted."""


def check(source: Path) -> dict[str, Any]:
    """See that a backup is whole: each file by its hash, each SQLite database by SQLite's own check. Its list.

    Raises:
        PromptGuardError: it is not.
        OSError: there is no room to unpack it.
    """
    with tempfile.TemporaryDirectory(prefix="promptguard-backup-") as parts:
        manifest = extract(source, Path(parts))
        _check_databases(Path(parts), source)
    return manifest


def restore(config: Path, data: Path, source: Path, by: str, keys: WithKeys | None = None) -> Restored:
    """Put a backup into a data folder that is not there, or has nothing in it but `keys`.

    Everything is put together and verified beside it, and then takes its place. The configuration is put back where
    there is none.

    Args:
        keys: the file of keys; None where they lie in the data folder already.

    Raises:
        PromptGuardError: the backup is damaged, does not belong to the keys, or something is in the way.
        OSError: it cannot be written.
    """
    data = data.absolute()
    _refuse_living(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent, prefix=f".{data.name}.", suffix=".restoring") as parts:
        manifest = extract(source, Path(parts))
        _check_databases(Path(parts), source)
        draft = Path(parts) / "data"
        _place_keys(draft, data, keys)
        anew = not config.exists()
        settings = load_bundle(Path(parts) / "config" if anew else config).settings
        report, in_doubt = _bring_in(settings, Path(parts), data, by, manifest)
        if anew:
            shutil.copytree(Path(parts) / "config", config)
        _take_place(draft, data)
    return Restored(str(manifest["time"]), report, anew, in_doubt)


def _refuse_living(data: Path) -> None:
    if _aside(data).exists():
        raise PromptGuardError(
            f"{_aside(data)} is left of a restore that was cut off, and has the keys that lay in {data}. Nothing was"
            f" changed: move it back to {data}, or away if that has them."
        )
    _refuse_content(data)


def _aside(data: Path) -> Path:
    return data.with_name(f".{data.name}.before-restore")


def _refuse_content(data: Path, named: Path | None = None) -> None:
    if not data.exists():
        return
    names = {path.name for path in data.iterdir()} - {"keys"}
    keys = data / "keys"
    others = [path.name for path in keys.iterdir() if path.suffix not in _MAY_BE_THERE] if keys.exists() else []
    if names or others:
        there = ", ".join(sorted([*names, *others])[:5])
        raise PromptGuardError(
            f"{named or data} is not empty ({there}). Nothing was changed: name a folder that is not there."
        )


def _check_databases(parts: Path, source: Path) -> None:
    for name in (DATABASE, REVIEW):
        if (parts / name).exists() and (problem := check_sqlite(parts / name)):
            raise BackupDamaged(f"{name} in {source} is damaged: {problem}")
    if not (parts / DATABASE).exists() and not (parts / DUMP).exists():
        raise BackupDamaged(f"{source} has no record in it.")


def _place_keys(draft: Path, data: Path, keys: WithKeys | None) -> None:
    """The keys of the file, or those that lie there; the heads are those of the backup."""
    (draft / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.chmod(0o700)
    (draft / "keys").chmod(0o700)
    found: Mapping[str, bytes] = read_keys(keys.path, keys.passphrase) if keys else {}
    if not found:
        there = (data / "keys").glob("*") if (data / "keys").exists() else ()
        found = {f"keys/{path.name}": path.read_bytes() for path in there if path.suffix in (".key", ".db")}
    for name, content in found.items():
        path = draft / name
        if not path.resolve().is_relative_to(draft.resolve()):
            raise BackupDamaged("The file of keys has a file in it that would stand elsewhere.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
    if not (draft / "keys" / MASTER_FILE).exists():
        raise PromptGuardError(
            f"There is no master key: name the file of keys (`--keys`), or put {MASTER_FILE} and {KEY_FILE} into"
            f" {data / 'keys'}."
        )


def _bring_in(
    settings: Settings, parts: Path, data: Path, by: str, manifest: Mapping[str, Any]
) -> tuple[VerifyReport, bool]:
    """Bring the databases in, see that the record is whole, and state in it that it was put back.

    Returns:
        And whether something that people decided waits to be accepted.
    """
    folder = DataFolder(parts / "data")
    keys = Keys.load(folder.keys)
    with _databases(settings, parts, folder, data, keys) as (backend, inside):
        with open_reader(inside, folder) as reader:
            report = reader.verify(restoring=True)
        if not report.ok:
            raise BackupDamaged(f"The record in the backup is not whole: {report.sentence}")
        lost = _lost(backend.audit_store(), HeadFiles(data / "keys", keys.audit, backend.audit_store().installation))
        entry = statement(StatementKind.RESTORED, by, backup=manifest["time"], lost=lost, records=report.records)
        with closing(Recorder(backend.audit_store(), keys.audit, head_files=folder.keys)) as recorder:
            asyncio.run(recorder.state(entry))
        in_doubt = Decided.of(backend, keys).restored(timestamp(datetime.now(UTC)))
    return report, in_doubt


@contextmanager
def _databases(
    settings: Settings, parts: Path, folder: DataFolder, data: Path, keys: Keys
) -> Iterator[tuple[Backend, Settings]]:
    if settings.database is None:
        if not (parts / DATABASE).exists():
            raise PromptGuardError("The backup is of PostgreSQL: name the address of an empty one as `database`.")
        target = DataFolder(data).at(settings.audit.path)
        if target.exists():
            raise PromptGuardError(f"{target} is there already. Nothing was changed.")
        inside = folder.at(settings.audit.path) if target.is_relative_to(data) else target
        inside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(parts / DATABASE, inside)
        if (parts / REVIEW).exists():
            shutil.move(parts / REVIEW, folder.review)
    else:
        if not (parts / DUMP).exists():
            raise PromptGuardError("The backup is of SQLite: leave out `database`, and PROMPTGUARD_DATABASE.")
        restore_postgresql(settings.database.get_secret_value(), parts / DUMP)
    with closing(open_backend(settings, folder, keys)) as backend:
        _bring_in_keys(backend, folder)
        yield backend, settings


def _bring_in_keys(backend: Backend, folder: DataFolder) -> None:
    """On a server, where the keys that records are sealed under come from the file of keys."""
    path = folder.keys / KEY_ROWS
    if not path.exists():
        return
    rows = orjson.loads(path.read_bytes())
    store = backend.key_store(folder.keys)
    for id, name, day, after, wrapped, expired, mac, number in rows["keys"]:
        key = DataKey(bytes.fromhex(id), name, day, after, bytes.fromhex(wrapped), expired, bytes.fromhex(mac), number)
        if store.get(key.id) is None:
            store.add(key)
    kept = [
        KeptKey(bytes.fromhex(id), bytes.fromhex(nonce), of, bytes.fromhex(key), bytes.fromhex(mac))
        for id, nonce, of, key, mac in rows["kept"]
    ]
    there = {(each.key_id, each.nonce) for each in store.all_kept()}
    store.shred([], [each for each in kept if (each.key_id, each.nonce) not in there])
    path.unlink()


def _lost(store: Store, known: HeadFiles) -> dict[str, list[int]]:
    """By chain, the first and the last record that were there, as heads beside the keys know, and are gone."""
    lost = {}
    for chain in known.chains():
        try:
            head = known.of(chain).read()
        except ValueError:
            continue
        last = (store.head(chain) or Head(0, b"", b"")).sequence
        if head is not None and head.sequence > last:
            lost[chain] = [last + 1, head.sequence]
    return lost


def _take_place(draft: Path, data: Path) -> None:
    aside = None
    if data.exists():
        aside = _aside(data)
        data.rename(aside)
        try:
            _refuse_content(aside, data)  # a proxy may have started there meanwhile
        except PromptGuardError:
            aside.rename(data)
            raise
    draft.rename(data)
    if aside is not None:
        shutil.rmtree(aside)

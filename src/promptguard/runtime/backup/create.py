"""Makes a backup of an installation that may be running: what was recorded, reviewed and configured; keys apart."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import load_bundle
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.runtime.backup.archive import writing
from promptguard.runtime.backup.databases import copy_sqlite, dump_postgresql
from promptguard.runtime.backup.key_parcel import write_keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import no_record, open_to_read
from promptguard.storage.sqlite.key_file import KEY_FILE

DATABASE: Final = "database.db"
DUMP: Final = "database.dump"
REVIEW: Final = "review.db"
KEY_ROWS: Final = "record-keys.json"

HEADS: Final = ("audit*.head", "audit*.checkpoint", "audit.overwritten", "ledger.head", "installation.id")
"""What lies beside the keys and is no secret."""


@dataclass(frozen=True, slots=True)
class WithKeys:
    """Where the keys go, and what they are sealed with."""

    path: Path
    passphrase: str


def create(config: Path, data: Path, to: Path, with_keys: WithKeys | None = None) -> None:
    """Make a backup; requests go on meanwhile. Where it is cut off, there is none.

    Raises:
        PromptGuardError: there is no record, something is at one of the paths, or a database cannot be copied.
        OSError: a file cannot be read or written.
    """
    settings, folder = load_bundle(config).settings, DataFolder(data)
    if to.exists():
        raise PromptGuardError(f"{to} is there already. Nothing was written: name another file.")
    for left in to.parent.glob(f".{to.name}.*.parts"):
        shutil.rmtree(left, ignore_errors=True)  # of a run that was cut off
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}.", suffix=".parts") as parts:
        _create(config, settings, folder, to, Path(parts), with_keys)


def _create(
    config: Path, settings: Settings, folder: DataFolder, to: Path, parts: Path, with_keys: WithKeys | None
) -> None:
    # In this order: a head is never ahead of its database, and a key is never younger than what it seals.
    heads = {path.name: path.read_bytes() for pattern in HEADS for path in sorted(folder.keys.glob(pattern))}
    databases = _databases(settings, folder, parts)
    if with_keys:
        write_keys(with_keys.path, _keys(settings, folder, parts, set(heads)), with_keys.passphrase)
    with writing(to) as draft:
        for name, path in databases.items():
            draft.add(name, path)
        for name, content in heads.items():
            draft.add_bytes(f"data/keys/{name}", content)
        for path in _of_data(settings, folder):
            draft.add(f"data/{path.relative_to(folder.path).as_posix()}", path)
        for path in sorted(path for path in config.rglob("*") if path.is_file()):
            draft.add(f"config/{path.relative_to(config).as_posix()}", path)
        draft.finish(
            {
                "time": timestamp(datetime.now(UTC)),
                "database": "sqlite" if settings.database is None else "postgresql",
                "with_keys": with_keys is not None,
            }
        )


def _databases(settings: Settings, folder: DataFolder, parts: Path) -> dict[str, Path]:
    if settings.database is not None:
        dump_postgresql(settings.database.get_secret_value(), parts / DUMP)
        return {DUMP: parts / DUMP}
    database = folder.at(settings.audit.path)
    if not database.exists():
        raise no_record(database, folder)
    copied = {}
    for name, path in ((DATABASE, database), (REVIEW, folder.review)):
        if path.exists():
            copy_sqlite(path, parts / name)
            copied[name] = parts / name
    return copied


def _of_data(settings: Settings, folder: DataFolder) -> Iterator[Path]:
    """What else of the data folder cannot be made anew: how far sinks have come, and indexes."""
    yield from sorted(folder.sinks.glob("*.cursor"))
    for index in (settings.tenants.index, settings.documents.index, settings.sources.index):
        path = folder.at(index)
        if path.is_file() and path.is_relative_to(folder.path):
            yield path


def _keys(settings: Settings, folder: DataFolder, parts: Path, heads: set[str]) -> dict[str, bytes]:
    """All that is secret, by its path in the data folder."""
    found = {}
    if settings.database is not None:
        found[f"keys/{KEY_ROWS}"] = _key_rows(settings, folder)
    elif (folder.keys / KEY_FILE).exists():
        copy_sqlite(folder.keys / KEY_FILE, parts / KEY_FILE)
        found[f"keys/{KEY_FILE}"] = (parts / KEY_FILE).read_bytes()
    for path in (*sorted(folder.keys.iterdir()), *sorted(folder.ca.glob("*"))):
        name = path.relative_to(folder.path).as_posix()
        if path.is_file() and path.name not in heads and path.suffix in (".key", ".pem", ".p12", ".cer"):
            found[name] = path.read_bytes()
    return found


def _key_rows(settings: Settings, folder: DataFolder) -> bytes:
    with open_to_read(settings, folder) as backend:
        store = backend.key_store(folder.keys)
        rows = [[each.hex() if isinstance(each, bytes) else each for each in key] for key in store.all()]
        kept = [[each.hex() if isinstance(each, bytes) else each for each in key] for key in store.all_kept()]
    return orjson.dumps({"keys": rows, "kept": kept})

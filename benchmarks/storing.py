"""How many decisions a second are recorded: by one process, and by four on one database.

    python benchmarks/storing.py [--seconds 3]

Each store is asked by 1 and by 100 requests at once, which wait as requests of a proxy do, at each durability. A
decision is one with a finding; at `findings` it is flushed, with whatever waits beside it (group commit). PostgreSQL is
a server of its own in a temporary folder, reached through a Unix socket, with its shipped settings.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.samples.reviewing import event
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.audit.durability import Durability
from promptguard.audit.events import new_event_id
from promptguard.audit.recorder import Recorder
from promptguard.configuration.settings import Settings
from promptguard.keys import Keys
from promptguard.model import Action
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import key_ring, open_backend

PROCESSES = 4


def settings_of(database: str | None) -> Settings:
    """Those of an installation on a PostgreSQL database, or on a file."""
    return Settings.model_validate({"database": database} if database else {})


def store(folder: Path, database: str | None, durability: Durability, at_once: int, seconds: float) -> float:
    """Record for so many seconds; decisions a second."""
    data = DataFolder(folder)
    keys = Keys.load_or_create(data.keys)
    with closing(open_backend(settings_of(database), data, keys)) as backend:
        ring = key_ring(backend, keys)
        recorder = Recorder(backend.audit_store(), keys.audit, durability, head_files=keys.folder, key_ring=ring)
        with closing(recorder):
            return asyncio.run(_stored(recorder, at_once, seconds))


async def _stored(recorder: Recorder, at_once: int, seconds: float) -> float:
    count, one = 0, event(found=["EMAIL_ADDRESS"], action=Action.REDACT)
    started = time.perf_counter()

    async def ask() -> None:
        nonlocal count
        while time.perf_counter() - started < seconds:
            await recorder.record(replace(one, id=new_event_id()))
            count += 1

    await asyncio.gather(*(ask() for _ in range(at_once)))
    return count / (time.perf_counter() - started)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str | None]]:
    """What is compared: a file, and a server."""
    server = PostgreSQLServer()
    try:
        yield {"SQLite": None, "PostgreSQL": server.empty()}
    finally:
        server.remove()


def together(folder: Path, database: str | None, seconds: float) -> float:
    """What several processes record at once into one database; decisions a second of all."""
    folders = [folder] * PROCESSES if database is None else _machines(folder)
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        asked = [(each, database, Durability.FINDINGS, 25, seconds) for each in folders]
        return sum(pool.starmap(store, asked))


def _machines(folder: Path) -> list[Path]:
    """Data folders with one master key."""
    found = [folder / f"machine-{number}" for number in range(PROCESSES)]
    key = (folder / "keys" / "master.key").read_bytes()
    for each in found:
        (each / "keys").mkdir(parents=True, mode=0o700)
        (each / "keys" / "master.key").write_bytes(key)
        (each / "keys" / "master.key").chmod(0o600)
    return found


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    print(f"{'':12}{'durability':12}{'1 at once':>12}{'100 at once':>12}   decisions a second")
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as known:
        for name, database in known.items():
            data = Path(folder) / name
            for durability in Durability:
                one, many = (store(data, database, durability, at_once, seconds) for at_once in (1, 100))
                print(f"{name:12}{durability:12}{one:12,.0f}{many:12,.0f}", flush=True)
            rate = together(data, database, seconds)
            print(f"{name:12}{Durability.FINDINGS:12}{'':12}{rate:12,.0f}   {PROCESSES} processes", flush=True)


if __name__ == "__main__":
    main()

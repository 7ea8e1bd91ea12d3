"""What holds for all tests."""

from __future__ import annotations

import functools
import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regex

if TYPE_CHECKING:
    from tests.storage.postgresql_server import PostgreSQLServer

# The shipped recognizers have more patterns than `regex` keeps, which would compile all of them at each load.
regex.compile = functools.lru_cache(maxsize=10_000)(regex.compile)


MEMORY = Path("/dev/shm")
_BEHIND_MULTIPROCESSING = -200
"""What `multiprocessing` keeps in the folder of the tests goes as the process ends, with priority -100."""
ROOM = 4 * 2**30
"""Bytes: a run of all tests leaves a quarter of it there, until it ends."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile patterns and convert weights once for all the data folders of a run, those of its workers included; and
    modules once for all its processes, whatever the environment says: to compile them takes longer than the rest of a
    start. Temporary folders lie in memory, where there is room: thousands of databases wait for no disk then."""
    if hasattr(config, "workerinput"):
        return  # the environment is that of the process that started it
    sys.dont_write_bytecode = False
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    if "TMPDIR" not in os.environ and _has_room(MEMORY):
        memory = tempfile.mkdtemp(prefix="pg-", dir=MEMORY)
        Finalize(None, shutil.rmtree, args=(memory, True), exitpriority=_BEHIND_MULTIPROCESSING)
        patch.setitem(os.environ, "TMPDIR", memory)
        patch.setattr(tempfile, "tempdir", None)
        config.option.basetemp = config.option.basetemp or f"{memory}/t"  # short: sockets lie there, too
    folder = tempfile.TemporaryDirectory(prefix="promptguard-cache-")
    config.add_cleanup(folder.cleanup)
    patch.setitem(os.environ, "PROMPTGUARD_CACHE", folder.name)
    patch.delitem(os.environ, "PYTHONDONTWRITEBYTECODE", raising=False)


def _has_room(folder: Path) -> bool:
    """Whether a folder is there that takes what a run writes, programs that are started from it included."""
    if not hasattr(os, "statvfs") or not os.access(folder, os.W_OK):
        return False
    there = os.statvfs(folder)
    return not there.f_flag & os.ST_NOEXEC and there.f_bavail * there.f_frsize >= ROOM


def pytest_collection_finish() -> None:
    """Let the garbage collector not walk tens of thousands of cases, and the modules that they come from, each time."""
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case whose bytes are no text by its place: each worker makes archives at a time of its own."""
    return argname if isinstance(val, bytes) and re.search(rb"[^\t\r\n -~]", val) else None


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQLServer]:
    """A real PostgreSQL, for the whole session."""
    from tests.storage.postgresql_server import PostgreSQLServer

    server = PostgreSQLServer()
    yield server
    server.remove()


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with as little work as Argon2 takes; what work it is in earnest, `test_passwords` holds."""
    from argon2 import PasswordHasher

    from promptguard.review import passwords

    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODYS", passwords.hashed(""))

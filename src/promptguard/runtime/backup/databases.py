"""Copies of databases while they are in use, each of one moment."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from promptguard.errors import PromptGuardError, StorageError
from promptguard.storage.key_tables import key_metadata

_LAST_LINES: Final = 3
_TIMEOUT_SECONDS: Final = 6 * 3600


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database by SQLite's own online backup (https://www.sqlite.org/backup.html), in one step.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            target.chmod(0o600)
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # all of it in one file
    except sqlite3.Error as error:
        problem = f"The database cannot be copied ({type(error).__name__})."
        raise StorageError(source, problem, "See that it can be read, and that there is room.") from None


def check_sqlite(path: Path) -> str:
    """What is wrong with a SQLite database; empty if nothing is."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return type(error).__name__
    return "" if found == "ok" else str(found)


def dump_postgresql(url: str, target: Path) -> None:
    """Copy a PostgreSQL database with `pg_dump`, without the keys that records are sealed under.

    Raises:
        PromptGuardError: `pg_dump` is not installed, or fails.
    """
    left_out = [f"--exclude-table-data={name}" for name in key_metadata.tables]
    _run(["pg_dump", "--format=custom", "--no-owner", *left_out, f"--file={target}"], url)
    target.chmod(0o600)


def restore_postgresql(url: str, source: Path) -> None:
    """Put a copy back into an empty PostgreSQL database, in one transaction.

    Raises:
        PromptGuardError: `pg_restore` is not installed, or fails.
    """
    _run(["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source)], url)


def _run(command: Sequence[str], url: str) -> None:
    address, password = without_password(url)
    whole = [*command, f"--dbname={address}"]
    if shutil.which(command[0]) is None:
        raise PromptGuardError(
            f"`{command[0]}` is not installed here. Install PostgreSQL's client programs (Debian: postgresql-client),\n"
            f"  or run on a machine that has them: {shlex.join(whole)}"
        )
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(
            whole, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PromptGuardError(f"`{command[0]}` did not end within {_TIMEOUT_SECONDS // 3600} hours.") from None
    if done.returncode:
        said = " ".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise PromptGuardError(f"`{command[0]}` failed: {said or f'status {done.returncode}'}")


def without_password(url: str) -> tuple[str, str]:
    """An address of PostgreSQL without its password, which other users would see among processes; and the password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, ""
    from urllib.parse import unquote

    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}")), unquote(parts.password)

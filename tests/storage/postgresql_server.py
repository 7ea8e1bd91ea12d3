"""A real PostgreSQL server for tests: its own folder, and a Unix socket or an address.

It survives being killed as in earnest; only the power must not fail, as it hands what it writes to the system and waits
for no disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

USER = "promptguard"
PASSWORD = "".join(("not", "-", "printed", "-", "anywhere"))


def binaries() -> Path | None:
    """The folder of the newest server that is installed; None if there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found and (path := shutil.which("initdb")):
        found = [Path(path).parent]
    return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdecimal() else 0, default=None)


class PostgreSQLServer:
    """One cluster. It refuses to run as root, so it runs as `postgres` or `nobody` then.

    Args:
        address: where it listens, at PostgreSQL's own port, for all who reach it; none is a Unix socket alone.
        inside: what commands begin with that are to run on its machine.
    """

    def __init__(self, address: str = "", inside: Sequence[str] = ()) -> None:
        folder = binaries()
        if folder is None:
            pytest.skip("PostgreSQL is not installed: install Debian's package `postgresql`")
        self._binaries = folder
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._address = address
        self._as: list[str] = [*inside]
        if os.getuid() == 0:
            user = "postgres" if subprocess.run(["id", "postgres"], capture_output=True).returncode == 0 else "nobody"
            shutil.chown(self.folder, user)
            self._as += ["runuser", "-u", user, "--"]
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        if address:
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all all trust\n")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._binaries / program), *arguments]
        # The server lives on: it must not keep a pipe of ours open.
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, database: str = "postgres") -> str:
        """How to get in. The password is not looked at, and must be shown nowhere."""
        return f"postgresql://{USER}:{PASSWORD}@/{database}?host={self._address or self.folder}"

    def start(self) -> None:
        """Start, and return when it takes connections."""
        options = (
            f"-c listen_addresses={self._address} -c unix_socket_directories={self.folder} -c max_connections=200"
            " -c fsync=off -c full_page_writes=off"
        )
        self._run("pg_ctl", "-D", self._data, "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """End it, `immediate` as a crash does."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """As a power cut does, but for what the system still writes."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run statements as whoever has the database alone would; the rows of the last one."""
        rows: list[tuple[object, ...]] = []
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def empty(self) -> str:
        """The URL of a database without anything in it, which nobody else has open."""
        if not (self.folder / "data" / "postmaster.pid").exists():
            self.start()  # a test failed that had stopped it
        self.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
        )
        return self.url()

    def remove(self) -> None:
        """End it, and take all of it away."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

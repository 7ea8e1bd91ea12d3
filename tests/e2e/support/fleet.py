"""Proxies of a fleet, those who ask them, and what is counted of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.network import Place
from support.values import email
from support.wire import exchange, request_bytes

import promptguard
from promptguard.demo.proxy_process import PROMPTGUARD, PromptGuardProcess
from promptguard.storage.schema import SCHEMA_VERSION

PASSPHRASE = "correct horse battery"

PAUSE_SECONDS = 0.1
"""Between an answer and the next request of a client: proxies that start need some of the machine too."""

_NEXT_MIGRATION = f'''
"""A table more, as a later version may bring."""

import sqlalchemy as sa
from alembic import op

revision = "{SCHEMA_VERSION + 1:04}"
down_revision = "{SCHEMA_VERSION:04}"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.String(32), primary_key=True))
'''

TAKEN_BACK = (
    "DROP TABLE later",
    f"UPDATE alembic_version SET version_num = '{SCHEMA_VERSION:04}'",  # noqa: S608 - a number of our own
)
"""What makes a database of the later version one that this version reads."""


class Machine(PromptGuardProcess):
    """A proxy at a place of the network, and the version of PromptGuard that it runs."""

    code: Path | None = None

    def __init__(self, place: Place, *, health: int, **options: Any) -> None:
        super().__init__(address=place.address, **options)
        self.place = place
        self.health = health
        """The port where it says whether it is ready."""

    @property
    def command(self) -> Sequence[str]:
        return [*self.place.inside, *super().command]

    @property
    def additional_environment(self) -> Mapping[str, str]:
        names = {"PROMPTGUARD_SIGNING_PASSPHRASE": PASSPHRASE}
        return {**names, "PYTHONPATH": str(self.code)} if self.code else names


class Client:
    """Somebody who asks again and again, on connections of their own, and keeps what became of it.

    Every other request names what was replaced before by its placeholder.

    Args:
        proxy: address and port.
    """

    def __init__(self, number: int, proxy: tuple[str, int], authority: Path, placeholder: str) -> None:
        self.address = email(number)
        self._texts = [f"Write to {self.address}", f"Once more to {placeholder}"]
        self._proxy, self._authority = proxy, authority
        self.answered = 0
        self.elsewhere = 0
        """Answers into which a proxy has put back what another process had replaced last."""
        self.longest = 0.0
        """Seconds that an answer took."""
        self.failed: list[tuple[float, str]] = []
        """When each request that failed was begun, and why."""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        host, port = self._proxy
        replaced_by = b""
        while not self._ending.wait(PAUSE_SECONDS):
            again = self.answered % 2
            began = time.time()
            try:
                answer = exchange(port, self._authority, asking(self._texts[again]), proxy=host)
            except (OSError, ValueError, EOFError) as error:
                self.failed.append((began, type(error).__name__))
                continue
            if answer.status != 200 or self.address not in answer.text:
                self.failed.append((began, f"{answer.status} {answer.text[:200]}"))
                continue
            self.answered += 1
            self.longest = max(self.longest, time.time() - began)
            if not again:
                replaced_by = answer.certificate
            elif answer.certificate != replaced_by:
                self.elsewhere += 1

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


def asking(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def later_version(folder: Path) -> Path:
    """The code of a later version: this one, and a change of the database's form."""
    source = Path(promptguard.__file__).parent
    copy = folder / "promptguard"
    shutil.copytree(source, copy, copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__"))
    schema = copy / "storage" / "schema.py"
    text = schema.read_text().replace(
        f"SCHEMA_VERSION = {SCHEMA_VERSION}\n", f"SCHEMA_VERSION = {SCHEMA_VERSION + 1}\n"
    )
    schema.unlink()
    schema.write_text(text)
    number = f"{SCHEMA_VERSION + 1:04}"
    (copy / "storage" / "migrations" / "versions" / f"r{number}_later.py").write_text(_NEXT_MIGRATION)
    return folder


def published(machine: Machine, key: Path, what: str, *arguments: str) -> tuple[float, float]:
    """Publish a configuration, or go back to one: seconds until it was published, and from then on until all proxies
    had it in force."""
    options = ["--key", str(key), "--passphrase", PASSPHRASE, "--reason", "tried out"]
    options += ["--config", str(machine.config), "--data", str(machine.data), *arguments]
    command = [*PROMPTGUARD, "configuration", what, *options]
    began, seen, told = time.monotonic(), [], ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout
        for line in running.stdout:
            seen.append(time.monotonic())
            told += line
    assert running.returncode == 0 and " is published." in told, told
    return seen[0] - began, seen[-1] - seen[0]

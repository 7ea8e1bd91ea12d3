"""`promptguard run` in a process that begins with all modules imported: to import them is most of a start.

Only the modules are shared: each process is forked from one that has done nothing else.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from promptguard.demo.proxy_process import PromptGuardProcess

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    [
        "promptguard.cli",
        "promptguard.proxy.run",
        "promptguard.runtime.assembly",
        "promptguard.storage.postgresql.backend",
        "promptguard.storage.sqlite.backend",
    ]
)

is_available = sys.platform == "linux"
"""Elsewhere, libraries of the system must not be loaded before a fork."""


class WarmProcess(PromptGuardProcess):
    """See `PromptGuardProcess`."""

    def start(self) -> None:
        """See `ProxyProcess.start`."""
        arguments = self.command[self.command.index("run") :]
        process: Any = _Forked(arguments, self.log, {**os.environ, **self.additional_environment})
        self._process = process


class _Forked:
    """What is asked of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._process = _FORKING.Process(target=_run, args=(arguments, log, environment))
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("promptguard run", timeout or 0.0)
        return self._process.exitcode


def _run(arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.argv = ["promptguard", *arguments]

    from promptguard.cli import main

    main()

"""The proxy as a child process of a service: started, heard, asked to end, and told when it has."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from promptguard.runtime.data_folder import DataFolder

LOG_BYTES: Final = 10 * 1024 * 1024
"""How long a log grows before a new one is begun."""
LOGS: Final = 5
"""How many older ones are kept."""

if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


class ProxyProcess:
    """One run of the proxy. What it prints goes into a log, as a service has no terminal.

    Args:
        command: what starts it.
        data: its data folder, through which it is asked to end.
        log: the file for what it prints.
    """

    def __init__(self, command: Sequence[str], data: Path, log: Path) -> None:
        self._command = command
        self._folder = DataFolder(data)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    def start(self, when_ended: Callable[[], object]) -> None:
        """Start it.

        Args:
            when_ended: called, in a thread of its own, once it has ended and all that it printed is in the log.

        Raises:
            OSError: there is no such program, or the log cannot be written.
        """
        handler = RotatingFileHandler(self._log, maxBytes=LOG_BYTES, backupCount=LOGS, encoding="utf-8")
        self._began = time.time()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
            creationflags=_NO_WINDOW,
        )
        threading.Thread(target=self._keep, args=(self._process, handler, when_ended), daemon=True).start()

    @staticmethod
    def _keep(process: subprocess.Popen[bytes], handler: RotatingFileHandler, when_ended: Callable[[], object]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            text = line.decode("utf-8", "replace").rstrip()
            handler.emit(logging.makeLogRecord({"msg": text}))  # a full disk is no error here: the proxy goes on
        handler.close()
        process.wait()
        when_ended()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def status(self) -> int:
        """Its exit status, once it has ended."""
        assert self._process is not None
        return self._process.wait()

    @property
    def serves(self) -> bool:
        """Whether a proxy that was started since says that it is whole: detectors and record are loaded."""
        from promptguard.runtime.state import read_state

        with suppress(OSError):
            since = [path for path in self._folder.states() if path.stat().st_mtime >= self._began]
            return any(state is not None and state.whole for state in map(read_state, since))
        return False

    def ask_to_end(self) -> None:
        """Have it finish what is under way, and end: the same as `promptguard drain`."""
        self._folder.drain.touch()

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

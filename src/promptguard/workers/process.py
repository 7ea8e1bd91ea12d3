"""A process of ours that answers frames, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final, Self


def command_of(module: str) -> tuple[str, ...]:
    """What starts a module of ours. `-P`: nothing is imported from the folder that the proxy was started in."""
    return (sys.executable, "-P", "-m", module)


class WorkerProcess:
    """A running process with pipes to its standard input and output. It does one thing at a time."""

    def __init__(self, process: Process) -> None:
        assert process.stdin and process.stdout  # both are pipes
        self._process: Final = process
        self._input: Final = process.stdin
        self._output: Final = process.stdout

    @classmethod
    async def _start(cls, command: Sequence[str], environment: Mapping[str, str]) -> Self:
        """Start it in a session of its own: a key pressed in the proxy's terminal is not meant for it.

        Raises:
            OSError: there is no such program, or no room for one more process.
        """
        return cls(
            await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
            )
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process is known to have ended."""
        return self._process.returncode is None

    async def kill(self) -> None:
        """End the process and what it has started. It holds no state, so there is nothing to wait for."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)
        try:
            await self._process.wait()
        finally:
            # Its pipes are closed here and not by the garbage collector: the event loop may be gone by then.
            self._process._transport.close()  # type: ignore[attr-defined]  # asyncio offers no other way

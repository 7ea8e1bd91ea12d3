"""One worker process, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

from promptguard.detectors.names.spans import Span
from promptguard.errors import ScanFailed
from promptguard.frames import frame, receive_frame

COMMAND = (sys.executable, "-P", "-m", "promptguard.detectors.names.worker")
"""`-P`: modules are not taken from the folder that the proxy happens to be started in."""

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
"""One thread each: a worker uses one core."""


class WorkerDied(ScanFailed):
    """A worker process ended, or did not answer in time and was ended."""


class WorkerProcess:
    """A running worker. It answers one text at a time."""

    def __init__(self, process: Process) -> None:
        assert process.stdin and process.stdout  # both are pipes
        self._process = process
        self._input = process.stdin
        self._output = process.stdout

    @classmethod
    async def launch(cls, command: Sequence[str], limit: float) -> WorkerProcess:
        """Start a worker and wait until it is ready.

        Raises:
            ScanFailed: its model cannot be used; the message says why.
            WorkerDied: it ended, or was not ready within `limit` seconds.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=os.environ | _ENVIRONMENT
            )
        except OSError as error:
            raise WorkerDied(f"The names worker cannot be started: {error.strerror}.") from None
        worker = cls(process)
        try:
            async with asyncio.timeout(limit):
                first = await receive_frame(worker._output)
        except BaseException as error:
            await worker.kill()
            if isinstance(error, asyncio.IncompleteReadError):
                raise WorkerDied(f"The names worker ended while starting, with status {process.returncode}.") from None
            if isinstance(error, TimeoutError):
                raise WorkerDied(f"The names worker was not ready within {limit:g} seconds.") from None
            raise
        if "unusable" in first:
            await worker.kill()
            raise ScanFailed(first["unusable"])
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process is known to have ended."""
        return self._process.returncode is None

    async def ask(self, text: str, limit: float) -> tuple[Span, ...]:
        """The spans in `text`.

        Raises:
            ScanFailed: the model failed on this text.
            WorkerDied: the process ended, or did not answer within `limit` seconds; it is of no more use.
        """
        try:
            async with asyncio.timeout(limit):
                self._input.write(frame(text))
                await self._input.drain()
                answer = await receive_frame(self._output)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerDied("The names worker ended while it looked at a text.") from None
        except TimeoutError:
            raise WorkerDied(f"The names worker did not answer within {limit:g} seconds.") from None
        if "error" in answer:
            raise ScanFailed(f"The names model failed on a text ({answer['error']}).")
        return tuple(Span(*span) for span in answer["spans"])

    async def kill(self) -> None:
        """End the process. It holds no state, so there is nothing to wait for."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        self._input.close()

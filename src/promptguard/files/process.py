"""One worker process, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress

from promptguard.files.confinement import OUT_OF_MEMORY
from promptguard.files.interface import Source
from promptguard.frames import frame, receive

COMMAND = (sys.executable, "-P", "-m", "promptguard.files.worker")
"""`-P`: modules are not taken from the folder that the proxy happens to be started in."""

START_SECONDS = 30.0
"""A worker is ready in a fraction of a second; on a machine that is starting up, in several."""

_ENVIRONMENT = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
"""What a worker gets of the proxy's environment, which may hold keys."""


class WorkerDied(Exception):
    """A worker process ended, or did not answer in time and was ended. The message is a clause that says why."""


class WorkerProcess:
    """A running worker. It reads one file at a time."""

    def __init__(self, process: Process) -> None:
        assert process.stdin and process.stdout  # both are pipes
        self._process = process
        self._input = process.stdin
        self._output = process.stdout
        self.files = 0
        """How many it has read."""

    @classmethod
    async def launch(cls, command: Sequence[str]) -> WorkerProcess:
        """Start a worker and wait until it is ready.

        Raises:
            WorkerDied: it did not get ready.
        """
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
            )
        except OSError:
            raise WorkerDied("the program that reads files could not be started") from None
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                await receive(worker._output)
        except BaseException as error:
            await worker.kill()
            if isinstance(error, asyncio.IncompleteReadError | TimeoutError):
                raise WorkerDied("the program that reads files could not be started") from None
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once the process is known to have ended."""
        return self._process.returncode is None

    async def ask(self, source: Source, seconds: float) -> bytes:
        """The worker's answer on a file, as JSON.

        Raises:
            WorkerDied: the process ended, or did not answer within `seconds`; it is of no more use.
        """
        self.files += 1
        asked = {
            "name": source.name.encode("utf-8", "replace").decode(),
            "media_type": source.media_type.encode("utf-8", "replace").decode(),
            "charset": source.charset.encode("utf-8", "replace").decode(),
            "size": len(source.data),
        }
        try:
            async with asyncio.timeout(seconds):
                self._input.write(frame(asked))
                self._input.write(source.data)
                await self._input.drain()
                return await receive(self._output)
        except (asyncio.IncompleteReadError, ConnectionError):
            status = await self._process.wait()
            if status == OUT_OF_MEMORY:
                raise WorkerDied("it took more memory than is allowed") from None
            raise WorkerDied("the program that reads files ended at it") from None
        except TimeoutError:
            raise WorkerDied(f"it took longer than {seconds:g} seconds") from None

    async def kill(self) -> None:
        """End the process and what it has started. It holds no state, so there is nothing to wait for."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        self._input.close()

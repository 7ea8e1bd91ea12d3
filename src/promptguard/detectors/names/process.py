"""One worker process, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final

from promptguard.detectors.names.asked import Asked, Lane
from promptguard.detectors.names.inference_server.errors import ServerAway
from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.detectors.names.spans import ModelUnusable, Span
from promptguard.errors import ScanFailed
from promptguard.reasons import Code
from promptguard.workers.frames import frame, receive_frame
from promptguard.workers.process import WorkerProcess, command_of

COMMAND = command_of("promptguard.detectors.names.worker")

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
"""One thread each: a worker uses one core."""

_IN_LOOP: Final = 200_000
"""Characters that are written as JSON in less than a millisecond; more is in a thread."""

type Found = tuple[Span, ...] | ScanFailed
"""What stands in a text, or why it could not be looked at."""


class NamesWorkerDied(ScanFailed):
    """A worker process ended, or did not answer in time and was ended."""


class NamesProcess(WorkerProcess):
    """A running worker. In each lane it answers one question at a time."""

    def __init__(self, process: Process) -> None:
        super().__init__(process)
        self._asked: dict[int, asyncio.Future[list[Any]]] = {}
        self.answered = False
        """Whether it has answered anything."""
        self.server = ServerReport()
        """What it said last of the server that runs its model."""
        self.reading: asyncio.Task[None] | None = None
        """Takes in its answers until its output ends."""

    @property
    def answers(self) -> bool:
        """False once its output has ended."""
        return self.reading is not None and not self.reading.done()

    @property
    def busy(self) -> bool:
        """Whether it works in any lane."""
        return bool(self._asked)

    @classmethod
    async def launch(cls, command: Sequence[str], limit: float) -> NamesProcess:
        """Start a worker and wait until it is ready.

        Raises:
            ModelUnusable: its model cannot be used; the message says why.
            NamesWorkerDied: it ended, or was not ready within `limit` seconds.
        """
        try:
            worker = await cls._start(command, os.environ | _ENVIRONMENT)
        except OSError as error:
            raise NamesWorkerDied(Code.NAMES_WORKER_NOT_STARTED, error=error.strerror or "") from None
        try:
            async with asyncio.timeout(limit):
                first = await receive_frame(worker._output)
        except BaseException as error:
            await worker.kill()
            if isinstance(error, asyncio.IncompleteReadError):
                raise NamesWorkerDied(
                    Code.NAMES_WORKER_NOT_STARTED, error=f"status {worker._process.returncode}"
                ) from None
            if isinstance(error, TimeoutError):
                raise NamesWorkerDied(Code.NAMES_WORKER_NOT_READY, seconds=limit) from None
            raise
        if "unusable" in first:
            await worker.kill()
            raise ModelUnusable(first["unusable"])
        worker.reading = asyncio.create_task(worker._take_in())
        return worker

    async def ask(self, texts: Sequence[Asked], lane: Lane, limit: float) -> list[Found]:
        """What stands in each text.

        Raises:
            NamesWorkerDied: the process ended, or did not answer within `limit` seconds; it is of no more use.
        """
        if not self.answers:
            raise NamesWorkerDied(Code.NAMES_WORKER_ENDED)
        asked = monotonic()
        answer = self._asked[lane] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limit):
                question = [lane, [tuple(each) for each in texts]]
                long = sum(len(each.text) for each in texts) > _IN_LOOP
                self._input.write(await asyncio.to_thread(frame, question) if long else frame(question))
                await self._input.drain()
                found = await answer
        except (EOFError, ConnectionError):
            raise NamesWorkerDied(Code.NAMES_WORKER_ENDED) from None
        except TimeoutError:
            raise NamesWorkerDied(Code.NAMES_WORKER_SILENT, seconds=limit) from None
        finally:
            self._asked.pop(lane, None)
        if len(found) != len(texts):
            raise NamesWorkerDied(Code.NAMES_WORKER_ENDED)  # what it says is of no text for certain
        self.answered = True
        return [_found(each, monotonic() - asked) for each in found]

    async def kill(self) -> None:
        """See `WorkerProcess.kill`."""
        try:
            await super().kill()
        finally:
            if self.reading is not None:
                self.reading.cancel()
                await asyncio.wait([self.reading])

    async def _take_in(self) -> None:
        try:
            while True:
                lane, answer, *report = await receive_frame(self._output)
                if report:
                    self.server = ServerReport(*report)
                asked = self._asked.get(lane)
                if asked is not None and not asked.done():
                    asked.set_result(answer)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, TypeError):
            return  # it ended, or what it wrote is no answer
        finally:
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(EOFError())


def _found(answer: list[Any] | str, seconds: float) -> Found:
    if answer == TimeoutError.__name__:
        return ScanFailed(Code.NAMES_TIMEOUT, seconds=round(seconds))
    if answer == ServerAway.__name__:
        return ScanFailed(Code.NAMES_SERVER_AWAY)
    if isinstance(answer, str):
        return ScanFailed(Code.NAMES_MODEL_FAILED, error=answer)
    return tuple(Span(*span) for span in answer)

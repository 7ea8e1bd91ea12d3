"""One worker process, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from promptguard.detectors.names.spans import ModelUnusable, Span
from promptguard.errors import ScanFailed
from promptguard.reasons import Code
from promptguard.workers.frames import frame, receive_frame
from promptguard.workers.process import WorkerProcess, command_of

COMMAND = command_of("promptguard.detectors.names.worker")

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
"""One thread each: a worker uses one core."""


class NamesWorkerDied(ScanFailed):
    """A worker process ended, or did not answer in time and was ended."""


class NamesProcess(WorkerProcess):
    """A running worker. It answers one text at a time."""

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
        return worker

    async def ask(self, text: str, limit: float) -> tuple[Span, ...]:
        """The spans in `text`.

        Raises:
            ScanFailed: the model failed on this text.
            NamesWorkerDied: the process ended, or did not answer within `limit` seconds; it is of no more use.
        """
        try:
            async with asyncio.timeout(limit):
                self._input.write(frame(text))
                await self._input.drain()
                answer = await receive_frame(self._output)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise NamesWorkerDied(Code.NAMES_WORKER_ENDED) from None
        except TimeoutError:
            raise NamesWorkerDied(Code.NAMES_WORKER_SILENT, seconds=limit) from None
        if "error" in answer:
            raise ScanFailed(Code.NAMES_MODEL_FAILED, error=answer["error"])
        return tuple(Span(*span) for span in answer["spans"])

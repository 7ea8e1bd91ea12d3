"""One worker process, seen from the proxy."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence

import orjson

from promptguard.errors import NotRewritable, ReasonedError
from promptguard.files.confinement import OUT_OF_MEMORY
from promptguard.files.interface import Source
from promptguard.model import Edit
from promptguard.reasons import Code, Reason
from promptguard.workers.frames import frame, receive
from promptguard.workers.process import WorkerProcess, command_of

type Edits = Mapping[int, Sequence[Edit]]
"""What is to stand in a file's texts instead, by the number of the text."""

COMMAND = command_of("promptguard.files.worker")

START_SECONDS = 30.0
"""A worker is ready in a fraction of a second; on a machine that is starting up, in several."""

_ENVIRONMENT = ("PATH", "TESSDATA_PREFIX", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
"""What a worker gets of the proxy's environment, which may hold keys."""


class WorkerDied(ReasonedError):
    """A worker process ended, or did not answer in time and was ended."""


class FilesProcess(WorkerProcess):
    """A running worker. It reads one file at a time."""

    files = 0
    """How many it has read."""

    @classmethod
    async def launch(cls, command: Sequence[str]) -> FilesProcess:
        """Start a worker and wait until it is ready.

        Raises:
            WorkerDied: it did not get ready.
        """
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        try:
            worker = await cls._start(command, environment)
        except OSError:
            raise WorkerDied(Code.FILE_READER_NOT_STARTED) from None
        try:
            async with asyncio.timeout(START_SECONDS):
                await receive(worker._output)
        except BaseException as error:
            await worker.kill()
            if isinstance(error, asyncio.IncompleteReadError | TimeoutError):
                raise WorkerDied(Code.FILE_READER_NOT_STARTED) from None
            raise
        return worker

    async def ask(self, source: Source, seconds: float, edits: Edits | None = None) -> bytes:
        """The worker's answer on a file, as JSON; or the file with these edits made.

        Raises:
            WorkerDied: the process ended, or did not answer within `seconds`; it is of no more use.
            NotRewritable: the edits cannot be made.
        """
        self.files += 1
        asked: dict[str, object] = {
            "name": source.name.encode("utf-8", "replace").decode(),
            "media_type": source.media_type.encode("utf-8", "replace").decode(),
            "charset": source.charset.encode("utf-8", "replace").decode(),
            "size": len(source.data),
        }
        if edits is not None:
            asked["edits"] = [
                [number, [[each.start, each.end, each.text] for each in made]] for number, made in edits.items()
            ]
        try:
            async with asyncio.timeout(seconds):
                self._input.write(frame(asked))
                self._input.write(source.data)
                await self._input.drain()
                answer = await receive(self._output)
                return answer if edits is None else await self._written(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            status = await self._process.wait()
            if status == OUT_OF_MEMORY:
                raise WorkerDied(Code.FILE_READER_OUT_OF_MEMORY) from None
            raise WorkerDied(Code.FILE_READER_ENDED) from None
        except TimeoutError:
            raise WorkerDied(Code.FILE_TIMEOUT, seconds=seconds) from None

    async def _written(self, answer: bytes) -> bytes:
        said = orjson.loads(answer)
        if "problem" in said:
            raise NotRewritable(Reason.parse(said["problem"]))
        return await self._output.readexactly(said["size"])

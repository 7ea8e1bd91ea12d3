"""Files in, texts out: what the rest of PromptGuard knows of this room."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import orjson

from promptguard.errors import NotRewritable, Unreadable
from promptguard.files.cache import Outcome, TextCache
from promptguard.files.interface import Source
from promptguard.files.limits import FileLimits
from promptguard.files.pool import Overloaded, WorkerPool
from promptguard.files.process import COMMAND, Edits, WorkerDied
from promptguard.model import FileText
from promptguard.reasons import Code, Reason

_CACHED_CHARACTERS: Final = 8_000_000
_IN_LOOP: Final = 100_000
"""Bytes that are hashed or parsed in less than a millisecond; more goes to a thread."""


class FileReader:
    """Takes the text out of files, in worker processes with limits; files that were read lately are not read again."""

    def __init__(
        self,
        limits: FileLimits | None = None,
        *,
        workers: int = 1,
        tesseract: str = "tesseract",
        languages: str = "eng",
        images_need_recognition: bool = True,
        command: Sequence[str] = COMMAND,
        cached_characters: int = _CACHED_CHARACTERS,
    ) -> None:
        """A reader with up to `workers` processes, which are started when the first file comes.

        Args:
            limits: bounds on one file.
            workers: how many files are read at the same time.
            tesseract: name or path of the text recognition for images.
            languages: the languages that it is to recognise, as Tesseract names them (`eng+deu`).
            images_need_recognition: whether an image counts as unreadable where there is no text recognition.
            command: starts a worker.
            cached_characters: how much text of files that were read lately is kept in memory.
        """
        limits = limits or FileLimits()
        options = [
            *("--memory", str(limits.memory_bytes), "--characters", str(limits.characters)),
            *("--seconds", f"{limits.deadline_seconds:g}", "--tesseract", tesseract, "--languages", languages),
            *(() if images_need_recognition else ("--images-pass",)),
        ]
        self._pool = WorkerPool(workers, (*command, *options), limits.deadline_seconds)
        self._cache = TextCache(cached_characters)

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return self._pool.pids

    async def read_file(self, data: bytes, name: str = "", media_type: str = "", charset: str = "") -> list[FileText]:
        """All text in a file, piece by piece: its pages, sheets, slides, members, comments, properties.

        Of a file on disk: `await reader.read_file(path.read_bytes(), path.name)`. The bytes say what the file is;
        `name` (with its ending), `media_type` and `charset` only help where they leave it open. May be called any
        number of times at once; call `stop` at the end.

        Raises:
            Unreadable: not all of its text can be taken out (encrypted, damaged, of no known kind, over a limit); it
                has what was.
        """
        source = Source(data, name, media_type, charset)
        long = len(data) > _IN_LOOP
        digest = await asyncio.to_thread(self._cache.digest, source) if long else self._cache.digest(source)
        outcome = self._cache.get(digest)
        if outcome is None:
            try:
                answer = await self._pool.read(source)
            except WorkerDied as error:  # may be the machine's fault, so it is tried again the next time
                raise Unreadable(error.reason) from None
            except Overloaded:
                raise Unreadable(Code.FILE_OVERLOADED) from None
            parsed = await asyncio.to_thread(orjson.loads, answer) if len(answer) > _IN_LOOP else orjson.loads(answer)
            outcome = _outcome(parsed)
            self._cache.put(digest, outcome)
        if isinstance(outcome, Unreadable):
            raise outcome.again()
        return list(outcome)

    async def rewrite_file(
        self, data: bytes, edits: Edits, name: str = "", media_type: str = "", charset: str = ""
    ) -> bytes:
        """The file with other words in its texts, which are given by number as `read_file` lists them.

        All else of it stays as it was. It was read again after it was written: it says what it should.

        Raises:
            NotRewritable: files of its kind cannot be written, or this one cannot.
        """
        try:
            return await self._pool.read(Source(data, name, media_type, charset), edits)
        except (WorkerDied, Overloaded):
            raise NotRewritable(Code.REWRITE_IN_FILE) from None

    async def stop(self) -> None:
        """End the workers."""
        await self._pool.stop()


def _outcome(answer: dict[str, Any]) -> Outcome:
    """What a worker says became of a file."""
    texts = tuple(FileText(label, text) for label, text in answer.get("texts", ()))
    if "problem" not in answer:
        return texts
    return Unreadable(Reason.parse(answer["problem"])).with_texts(texts, partly=answer.get("partly", False))

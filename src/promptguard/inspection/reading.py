"""Read: what a request says, its files included, and what of it the service itself has sealed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

from promptguard.destinations.reading import Reading, read
from promptguard.detectors.embedded_files import MAX_FILES, embedded_files
from promptguard.errors import NotRewritable, Unreadable
from promptguard.inspection.context import ReadFile, RequestContext
from promptguard.inspection.interface import FileReader
from promptguard.inspection.left_out import leave_out
from promptguard.model import Edit, File, FileText, Nature, Path, Role, Segment
from promptguard.reasons import Code
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.formats import Formats

MAX_INLINE_BODY: Final = 100_000
"""Bytes up to which a body is read on the event loop. A compressed one may hold many times as much: it never is."""

MAX_INLINE_TEXT: Final = 100_000
"""Characters of texts that are searched for files on the event loop."""


@dataclass(frozen=True, slots=True)
class RequestReader:
    """Reads requests into segments, and writes their files with other texts in them."""

    formats: Formats
    memory: ScopeMemory
    file_reader: FileReader | None
    """Without one, a request with a file in it cannot be read in full."""
    body_limit: int
    """Bytes of the longest body that is read, without content encoding."""

    async def read(self, context: RequestContext) -> None:
        """Set the context's reading.

        Raises:
            Unreadable: not all of the request's text can be read.
        """
        if context.problem:
            raise Unreadable(context.problem)
        started = perf_counter()
        context.reading = await self._read_body(context)
        context.took("read", started)

    async def _read_body(self, context: RequestContext) -> Reading:
        request = context.request
        parts = (request, context.destination, context.route, self.formats, self.body_limit)
        # Reading megabytes takes up to a second, in which the event loop would serve nobody else.
        if len(request.body) > MAX_INLINE_BODY or "content-encoding" in request.headers:
            return await asyncio.to_thread(read, *parts)
        return read(*parts)

    async def read_files(self, context: RequestContext) -> None:
        """Add the texts of the request's files as segments after all others.

        One file after the other: a request with many of them does not keep others waiting. What cannot be read of
        them is noted as `unread`; the rest is still to be scanned.
        """
        assert context.reading is not None
        files = [*context.reading.files, *await _files_in_texts(context.segments)]
        if not files:
            return
        started = perf_counter()
        segments = list(context.segments)
        await leave_out(context, self.memory, context.reading.files)
        for file in files:
            if file.path in context.left_out:
                continue
            texts = await self._read_file(file, context)
            context.files.append(ReadFile(file, range(len(segments), len(segments) + len(texts))))
            segments += [_file_segment(file, number, text) for number, text in enumerate(texts)]
        context.reading = context.reading.with_segments(segments)
        context.took("files", started)

    async def _read_file(self, file: File, context: RequestContext) -> Sequence[FileText]:
        """The texts of a file; where that is not all of it, the context knows."""
        try:
            if self.file_reader is None:
                raise Unreadable(Code.FILE_NO_READER)
            return await self.file_reader.read_file(file.data, file.name, file.media_type)
        except Unreadable as error:
            context.unread_files.append(file)
            if context.unread is None or (context.unread.partly and not error.partly):
                context.unread, context.unread_name = error, file.name
            return error.texts

    async def rewrite_files(self, context: RequestContext, edits: Mapping[int, Sequence[Edit]]) -> dict[Path, bytes]:
        """The files in whose texts something is replaced, as they are to be sent; `edits` are given by segment.

        Raises:
            NotRewritable: one of them is of a kind that cannot be written, or stands where nothing can be.
        """
        written: dict[Path, bytes] = {}
        for file, segments in context.files:
            made = {index - segments.start: edits[index] for index in segments if index in edits}
            if not made:
                continue
            if self.file_reader is None or file.path in written:  # several in one text
                raise NotRewritable(Code.REWRITE_IN_FILE)
            written[file.path] = await self.file_reader.rewrite_file(file.data, made, file.name, file.media_type)
        return written

    async def recognise_seals(self, context: RequestContext) -> None:
        """Take for sealed what the service is known to have issued; all else that claims to be is text."""
        claims = {segment.text for segment in context.segments if segment.sealed_if_issued}
        if not claims:
            return
        assert context.reading is not None
        sealed = await self.memory.sealed(context.scope, claims)
        context.reading = context.reading.with_segments(
            replace(segment, nature=Nature.SEALED) if segment.sealed_if_issued and segment.text in sealed else segment
            for segment in context.segments
        )


async def _files_in_texts(segments: Sequence[Segment]) -> Sequence[File]:
    """The files that stand encoded in texts.

    Raises:
        Unreadable: there are more than are read.
    """
    texts = [segment for segment in segments if segment.nature is not Nature.SEALED and not segment.sealed_if_issued]

    def find() -> list[File]:
        return [File(each.path, data, position=each.position) for each in texts for data in embedded_files(each.text)]

    long = sum(len(segment.text) for segment in texts) > MAX_INLINE_TEXT
    files = await asyncio.to_thread(find) if long else find()
    if len(files) > MAX_FILES:
        raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
    return files


def _file_segment(file: File, number: int, text: FileText) -> Segment:
    return Segment((*file.path, number), text.text, Role.FILE, file.position, text.label)

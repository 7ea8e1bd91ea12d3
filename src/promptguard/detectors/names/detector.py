"""The detector that finds names and addresses of people."""

from __future__ import annotations

import asyncio
import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from promptguard.detectors.code_version import code_version
from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.tables import Table, tables
from promptguard.detectors.interface import Detector, DetectorFactory, NamesSettings
from promptguard.detectors.names.by_rules import find_by_rules
from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.chunks import Chunk, chunks, without_surrogates
from promptguard.detectors.names.languages.reader import CoverageReader, language_of
from promptguard.detectors.names.mentions import mentions
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.pool import NamesWorkers
from promptguard.detectors.names.process import COMMAND
from promptguard.detectors.names.prose_segmentation import looked_at, looks_like_prose, prose_spans
from promptguard.detectors.names.rosters import RECOGNIZER as IN_LISTS
from promptguard.detectors.names.spans import LOCATION, PERSON, Span, beside, merge
from promptguard.detectors.names.tables import TableReading, extent
from promptguard.detectors.names.things import without_things
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Role, Segment
from promptguard.reasons import Code

_IN_LOOP = 2_000
"""Characters that are cut into chunks in less than a millisecond; more goes to a thread."""

_SELDOM_PROSE = frozenset({Role.KEY, Role.URL, Role.HEADER, Role.TOOL_DEFINITION})
"""Roles whose texts are identifiers and addresses for the most part; sentences among them are looked at."""


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """What is looked at in one go, and where it comes from."""

    digest: bytes
    chunk: Chunk
    table: TableReading | None
    """The reading of the segment's tables that the chunk is of; None where it is of the segment itself."""
    of_code: bool
    """Whether it holds what is written like names in code, where names of places are names of anything."""

    def located(self, span: Span) -> Iterator[Span]:
        """What was found in the chunk, in the segment."""
        if self.of_code and (span.entity_type != PERSON or " " not in self.chunk.text[span.start : span.end]):
            return
        for start, end in self.chunk.locate(span.start, span.end):
            if self.table is None:
                yield replace(span, start=start, end=end)
            elif found := self.table.locate(start, end, span.entity_type):
                yield replace(span, start=found[0], end=found[1], entity_type=found[2])


type _AllLookedAt = list[list[_LookedAt]]


_EDGES = " \t\r\n,;|\u00a0"
"""What separates fields of a row."""

_MAX_DEFAULT_WORKERS = 4
_WORKER_BYTES = {ModelKind.COMPACT: 70 * 2**20, ModelKind.RAMPART: 150 * 2**20}
_GIGABYTES_UNKNOWN = 4
"""What a machine is taken to have that does not tell."""


class NamesDetector(Detector):
    """Finds PERSON and LOCATION with a model, in worker processes.

    Texts go to the workers in chunks; a chunk that was looked at before is not looked at again.
    """

    id = "names"
    guesses = True
    lasting = True
    readings = frozenset({Confidence.DECODED})
    """What is put together or guessed is no prose."""

    def __init__(
        self,
        workers: int = 1,
        deadline: float = 30.0,
        wait: float = 10.0,
        queue_chunks: int = 8_000,
        *,
        model: ModelKind = ModelKind.RAMPART,
        spacy_model: str | None = None,
        cached_chunks: int = 50_000,
        weights_cache: Path | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """A detector with `workers` processes, each of which uses one core and 70 or 150 MB.

        `deadline` is the most seconds one `find` may take, `wait` for how many others may hold it up, `queue_chunks`
        how many chunks of up to 500 characters may wait for a worker, `model` which model judges words, `spacy_model` a
        spaCy package (or its folder) to use beside it, and `cached_chunks` how many chunks' results are remembered.
        `weights_cache` is a folder where the workers keep Rampart's weights in the form that runs fastest. `command`
        starts a worker.
        """
        self.version = _version(model, spacy_model)
        self._deadline = deadline
        self._cache = TextCache[tuple[Span, ...]](cached_chunks)
        self._languages = CoverageReader(language_of(spacy_model))
        options: tuple[str, ...] = ("--model", model)
        if spacy_model:
            options += ("--spacy-model", spacy_model)
        if weights_cache:
            options += ("--cache", str(weights_cache))
        self._pool = NamesWorkers(workers, queue_limit=queue_chunks, wait_limit=wait, command=(*command, *options))

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return self._pool.pids

    @property
    def queued_chunks(self) -> int:
        """How many chunks wait for a worker."""
        return self._pool.queued

    async def start(self) -> None:
        """Launch the workers and return when they are ready.

        Raises:
            ScanFailed: a worker could not be started.
            ModelUnusable: a model cannot be used; the message says why.
        """
        await self._pool.start()

    async def stop(self) -> None:
        """End the workers. Searches still under way end in `ScanFailed`."""
        await self._pool.stop()

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`. Before `start` has finished it waits for the workers, within its deadline."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._find(segments)
        except TimeoutError:
            raise ScanFailed(Code.NAMES_TIMEOUT, seconds=self._deadline) from None

    async def _find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        if sum(len(segment.text) for segment in segments) > _IN_LOOP:
            pieces = await asyncio.to_thread(self._cut, segments)
        else:
            pieces = self._cut(segments)
        known: dict[bytes, tuple[Span, ...]] = {}
        unknown: dict[bytes, str] = {}
        for piece in (piece for segment_pieces in pieces for piece in segment_pieces):
            spans = self._cache.get(piece.digest)
            if spans is None:
                unknown[piece.digest] = piece.chunk.text
            else:
                known[piece.digest] = spans
        found = await self._pool.run(unknown)
        for digest, spans in found.items():
            self._cache.put(digest, spans)
        known |= found
        return await self._with_rules(segments, pieces, known)

    async def _with_rules(
        self, segments: Sequence[Segment], pieces: _AllLookedAt, known: dict[bytes, tuple[Span, ...]]
    ) -> list[list[Match]]:
        """What the models and the rules find in each segment, and where those persons are named again in it."""

        def look() -> list[list[Match]]:
            return [
                _matches(segment.text, segment_pieces, known)
                for segment, segment_pieces in zip(segments, pieces, strict=True)
            ]

        if sum(len(segment.text) for segment in segments) > _IN_LOOP:
            return await asyncio.to_thread(look)
        return look()

    async def uncovered_languages(self, segments: Sequence[Segment]) -> frozenset[str]:
        """See `Detector.uncovered_languages`."""
        return await self._languages.read([each.text for each in segments if each.role not in _SELDOM_PROSE])

    def _cut(self, segments: Sequence[Segment]) -> _AllLookedAt:
        return [list(self._pieces(segment)) for segment in segments]

    def _pieces(self, segment: Segment) -> Iterator[_LookedAt]:
        """What of a segment is looked at. Of a table's rows the model sees each cell after its heading."""
        if segment.role in _SELDOM_PROSE and not looks_like_prose(segment.text):
            return
        text = without_surrogates(segment.text)
        prose, names = looked_at(text)
        found = [table for table in tables(text) if _overlaps(prose, table)] if prose else []
        yield from self._cut_up(text, list(_outside(prose, list(map(extent, found)))) if found else prose)
        yield from self._cut_up(text, names, of_code=True)
        if found:
            reading = TableReading(text, found)
            yield from self._cut_up(reading.text, prose_spans(reading.text), table=reading)

    def _cut_up(
        self, text: str, spans: Sequence[tuple[int, int]], *, table: TableReading | None = None, of_code: bool = False
    ) -> Iterator[_LookedAt]:
        for chunk in chunks(text, spans):
            yield _LookedAt(self._cache.digest(chunk.text), chunk, table, of_code)


def _overlaps(spans: Sequence[tuple[int, int]], table: Table) -> bool:
    index = bisect_right(spans, table.start, key=lambda span: span[1])
    return index < len(spans) and spans[index][0] < table.end


def _outside(spans: Sequence[tuple[int, int]], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of the spans lies outside of the holes; both are in order."""
    first = 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        index = first
        while index < len(holes) and holes[index][0] < end:
            if start < holes[index][0]:
                yield start, holes[index][0]
            start = max(start, holes[index][1])
            index += 1
        if start < end:
            yield start, end


def _matches(text: str, pieces: Sequence[_LookedAt], known: dict[bytes, tuple[Span, ...]]) -> list[Match]:
    located = [found for piece in pieces for span in known[piece.digest] for found in piece.located(span)]
    ruled = find_by_rules(text)
    spans = list(without_things(text, merge([*_beside_lists(text, located, ruled), *ruled])))
    return [
        Match(span.start, span.end, span.entity_type, span.score, span.recognizer, DataClass.PERSONAL_DATA)
        for span in merge([*spans, *mentions(text, spans, surnames_only=True)])
    ]


def _beside_lists(text: str, found: Sequence[Span], ruled: Sequence[Span]) -> Iterator[Span]:
    """What the model found, and of places what lies beside the names in lists: it takes rows of those for addresses."""
    listed = [span for span in ruled if span.recognizer == IN_LISTS]
    for span in found:
        if not listed or span.entity_type != LOCATION:
            yield span
            continue
        for place in beside([span], listed):
            content = text[place.start : place.end]
            start = place.start + len(content) - len(content.lstrip(_EDGES))
            end = place.start + len(content.rstrip(_EDGES))
            if any(map(str.isalpha, content)):
                yield replace(place, start=start, end=end)


def _version(model: ModelKind, spacy_model: str | None) -> str:
    """A hash over the rules, the thresholds and the models' digests, which all stand in the source."""
    content = hashlib.sha256(f"{code_version()} {model}".encode())
    if spacy_model:
        content.update(spacy_model.encode())
        description = Path(spacy_model, "meta.json")
        if description.is_file():
            content.update(description.read_bytes())
        else:
            with suppress(metadata.PackageNotFoundError):  # `start` will say so
                content.update(metadata.version(spacy_model).encode())
    return content.hexdigest()[:16]


def default_workers(model: ModelKind = ModelKind.RAMPART) -> int:
    """One for each core but one, which the proxy has, and at most four; of a small machine's memory a quarter."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        memory = _GIGABYTES_UNKNOWN * 2**30
    return max(1, min((cores or 1) - 1, memory // 4 // _WORKER_BYTES[model], _MAX_DEFAULT_WORKERS))


def names_detector(settings: NamesSettings, cache: Path) -> NamesDetector | None:
    """The detector as configured, not yet started; None where names are not looked for.

    Importing this takes no Presidio: the workers, which need seconds, can be started while that is imported.
    """
    if not settings.enabled:
        return None
    model = ModelKind(settings.model)
    return NamesDetector(
        workers=settings.workers or default_workers(model),
        deadline=settings.deadline_s,
        wait=settings.wait_s,
        model=model,
        spacy_model=settings.spacy_model,
        weights_cache=cache,
    )


FACTORY = DetectorFactory(
    NamesDetector.id,
    lambda context: names_detector(context.settings.names, context.cache_folder),
    frozenset({PERSON, LOCATION}),
)

"""The detector that finds names and addresses of people."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Final

from promptguard.detectors.code_version import code_version
from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.interface import Detector, DetectorFactory, NamesServerSettings, NamesSettings
from promptguard.detectors.names.asked import Asked
from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.chunks import without_surrogates
from promptguard.detectors.names.inference_server.options import LOCAL_FALLBACK, ServerOptions
from promptguard.detectors.names.inference_server.report import ServerReport
from promptguard.detectors.names.languages.reader import CoverageReader, language_of
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.pieces import Piece, pieces
from promptguard.detectors.names.pool import NamesWorkers
from promptguard.detectors.names.process import COMMAND
from promptguard.detectors.names.spans import LOCATION, PERSON, Span
from promptguard.detectors.names.text_search import with_rules
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Role, Segment
from promptguard.reasons import Code

_IN_LOOP = 2_000
"""Characters that are cut into chunks in less than a millisecond; more goes to a thread."""

_HASHED_IN_LOOP: Final = 100_000
"""Characters that are hashed in less than a millisecond; more is in a thread."""

TURN: Final = 8_000
"""Characters that go to a worker in one message: some 15 ms of work with the compact model."""

_LEAST_JOB_LIMIT: Final = 20.0
"""Seconds after which a worker that does not answer is taken for hung, however short the deadline is."""

_GRACE: Final = 2.0
"""Seconds that a worker has to give up a text, which it does between two pieces."""

SELDOM_PROSE = frozenset({Role.KEY, Role.URL, Role.HEADER, Role.TOOL_DEFINITION})
"""Roles whose texts are identifiers and addresses for the most part; sentences among them are looked at."""


_MAX_DEFAULT_WORKERS = 8
"""More than one proxy, which has one core, keeps busy."""
_WORKER_BYTES = {ModelKind.COMPACT: 70 * 2**20, ModelKind.RAMPART: 150 * 2**20}
_GIGABYTES_UNKNOWN = 4
"""What a machine is taken to have that does not tell."""


class NamesDetector(Detector):
    """Finds PERSON and LOCATION with a model, in worker processes.

    With the compact model texts go to the workers whole, those of a request in one message, and all that has to be done
    is done there. A slower one is given chunks, so that all workers share in one long text; what was found in a chunk
    is remembered.
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
        queue_characters: int = 4_000_000,
        *,
        model: ModelKind = ModelKind.COMPACT,
        spacy_model: str | None = None,
        cached_chunks: int = 50_000,
        server: ServerOptions | None = None,
        weights_cache: Path | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """A detector with `workers` processes, each of which uses one core and 70 or 150 MB.

        `deadline` is the most seconds one `find` may take, `wait` for how many others may hold it up,
        `queue_characters` how many characters may wait for a worker, `model` which model judges words, `spacy_model` a
        spaCy package (or its folder) to use beside it, and `cached_chunks` how many chunks' results are remembered.
        `server` is one that runs `rampart` for the workers. `weights_cache` is a folder where the workers keep
        Rampart's weights in the form that runs fastest. `command` starts a worker.
        """
        self.version = version_of(model, spacy_model)
        self._deadline = deadline
        self._cache = TextCache[tuple[Span, ...]](cached_chunks)
        self._languages = CoverageReader(language_of(spacy_model))
        self._whole = (model is ModelKind.COMPACT or server is not None) and not spacy_model
        options: tuple[str, ...] = ("--model", model, "--limit", f"{deadline:g}")
        if spacy_model:
            options += ("--spacy-model", spacy_model)
        if server:
            options += tuple(server.arguments())
        if weights_cache:
            options += ("--cache", str(weights_cache))
        self._pool = NamesWorkers(
            workers,
            queue_limit=queue_characters,
            turn=TURN if self._whole else 1,
            wait_limit=wait,
            time_limit=deadline,
            # The worker gives a long text up at the deadline; one that does not even do that must not be kept.
            job_limit=max(deadline, _LEAST_JOB_LIMIT) + _GRACE,
            command=(*command, *options),
        )

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return self._pool.pids

    @property
    def queued_texts(self) -> int:
        """How many texts, or chunks of some, wait for a worker."""
        return self._pool.queued

    async def nothing_waits(self) -> None:
        """Return when no text waits for a worker."""
        await self._pool.emptied()

    @property
    def server(self) -> ServerReport:
        """What the workers counted of the server that runs the model, where there is one."""
        return self._pool.server

    @property
    def refused(self) -> int:
        """How many requests were told that too much waits already."""
        return self._pool.refused

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
        look = self._find_whole if self._whole else self._find_by_chunks
        try:
            async with asyncio.timeout(self._deadline):
                found = await look(segments)
        except TimeoutError:
            raise ScanFailed(Code.NAMES_TIMEOUT, seconds=self._deadline) from None
        return [list(map(as_match, spans)) for spans in found]

    async def uncovered_languages(self, segments: Sequence[Segment]) -> frozenset[str]:
        """See `Detector.uncovered_languages`."""
        return await self._languages.read([each.text for each in segments if each.role not in SELDOM_PROSE])

    async def _find_whole(self, segments: Sequence[Segment]) -> list[Sequence[Span]]:
        """What stands in each segment, all of it found out by the workers. What was asked before, `DetectorRunner`
        remembers."""

        def ask() -> list[tuple[bytes, Asked]]:
            asked = [Asked(without_surrogates(each.text), True, each.role in SELDOM_PROSE) for each in segments]
            return [(self._cache.digest(f"{each.seldom_prose}\0{each.text}"), each) for each in asked]

        in_loop = sum(len(each.text) for each in segments) <= _HASHED_IN_LOOP
        asked = ask() if in_loop else await asyncio.to_thread(ask)
        found = await self._pool.run(dict(asked))
        return [found[key] for key, _ in asked]

    async def _find_by_chunks(self, segments: Sequence[Segment]) -> list[Sequence[Span]]:
        """What stands in each segment, cut into chunks here; rules look at all of it here as well."""
        texts = [without_surrogates(each.text) for each in segments]
        in_loop = sum(map(len, texts)) <= _IN_LOOP

        def cut() -> list[list[Piece]]:
            return [
                pieces(text, self._cache.digest, seldom_prose=segment.role in SELDOM_PROSE)
                for text, segment in zip(texts, segments, strict=True)
            ]

        cut_up = cut() if in_loop else await asyncio.to_thread(cut)
        known: dict[bytes, tuple[Span, ...]] = {}
        unknown: dict[bytes, Asked] = {}
        for piece in (piece for each in cut_up for piece in each):
            spans = self._cache.get(piece.digest)
            if spans is None:
                unknown[piece.digest] = Asked(piece.chunk.text)
            else:
                known[piece.digest] = spans
        found = await self._pool.run(unknown)
        for digest, spans in found.items():
            self._cache.put(digest, spans)
        known |= found

        def look() -> list[Sequence[Span]]:
            return [with_rules(text, each, known) for text, each in zip(texts, cut_up, strict=True)]

        return look() if in_loop else await asyncio.to_thread(look)


def as_match(span: Span) -> Match:
    """What a worker found, as detectors say it."""
    return Match(span.start, span.end, span.entity_type, span.score, span.recognizer, DataClass.PERSONAL_DATA)


def version_of(model: ModelKind, spacy_model: str | None) -> str:
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


def default_workers(model: ModelKind = ModelKind.COMPACT, *, served: bool = False) -> int:
    """One for each core but one, which the proxy has; of a small machine's memory a quarter.

    Twice as many where a server runs the model: each waits for that about half of its time.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = _GIGABYTES_UNKNOWN * 2**30
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    wanted = max(1, min((cores or 1) - 1, _MAX_DEFAULT_WORKERS)) * (2 if served else 1)
    return max(1, min(wanted, memory // 4 // _WORKER_BYTES[model]))


def names_detector(
    settings: NamesSettings, cache: Path, share: Callable[[int], int] = lambda total: total
) -> NamesDetector | None:
    """The detector as configured, not yet started; None where names are not looked for.

    Importing this takes no Presidio: the workers, which need seconds, can be started while that is imported.

    Args:
        cache: a folder for what is converted once.
        share: how many of a machine's workers are those of this process.
    """
    if not settings.enabled:
        return None
    model = ModelKind(settings.model)
    return NamesDetector(
        workers=share(settings.workers or default_workers(model, served=settings.server is not None)),
        deadline=settings.deadline_s,
        wait=min(settings.wait_s, settings.deadline_s),
        model=model,
        spacy_model=settings.spacy_model,
        server=server_options(settings.server) if settings.server else None,
        weights_cache=cache,
    )


def server_options(settings: NamesServerSettings) -> ServerOptions:
    """The server as configured."""
    local = settings.fallback == LOCAL_FALLBACK
    return ServerOptions(settings.url, settings.model, settings.timeout_ms / 1000, settings.ca_file, local)


FACTORY = DetectorFactory(
    NamesDetector.id,
    lambda context: names_detector(context.settings.names, context.cache_folder),
    frozenset({PERSON, LOCATION}),
)

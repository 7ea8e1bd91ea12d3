"""The second, slower look for names: what Rampart finds in texts that were looked at before. Nobody waits for it.

Its worker has what nobody else wants of the machine, and it stands back while first looks wait for a worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.interface import Detector, NamesSettings
from promptguard.detectors.names.asked import Asked
from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.chunks import without_surrogates
from promptguard.detectors.names.detector import SELDOM_PROSE, TURN, as_match, version_of
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.pool import NamesWorkers
from promptguard.detectors.names.process import COMMAND
from promptguard.detectors.names.spans import Span
from promptguard.model import Match, Segment

NO_SECOND_LOOK: Final = "none"
"""What `names.second_look` says where there is none."""

LEAST_SCORE: Final = 0.9
"""What the second look must be this sure of, where the first found nothing. In presidio-research's prompts, of persons
above it every second one is right, and of addresses nine in ten; of persons below it one in four."""

_JOB_LIMIT: Final = 3600.0
"""Seconds after which a worker that does not answer is taken for hung: on a busy machine it hardly gets on at all."""

_START_LIMIT: Final = 600.0
"""Likewise for its start, at which the weights may have to be converted."""

_CACHED_TEXTS: Final = 8_000


class SecondLook(Detector):
    """Finds PERSON and LOCATION with Rampart, in one worker of the lowest priority. For one request at a time.

    The worker is started by the first text.
    """

    id = "second_look"
    guesses = True
    lasting = True
    readings = frozenset({Confidence.DECODED})

    def __init__(
        self,
        first_looks: Callable[[], Awaitable[object]],
        *,
        weights_cache: Path | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        """A detector without a worker yet.

        Args:
            first_looks: returns when none of them waits for a worker: until then the worker is asked nothing more.
            weights_cache: a folder where Rampart's weights are kept in the form that runs fastest.
            command: starts a worker.
        """
        self.version = version_of(ModelKind.RAMPART, None)
        self._first_looks = first_looks
        self._cache = TextCache[tuple[Span, ...]](_CACHED_TEXTS)
        options: tuple[str, ...] = ("--model", ModelKind.RAMPART, "--idle")
        if weights_cache:
            options += ("--cache", str(weights_cache))
        self._pool = NamesWorkers(
            1,
            queue_limit=0,  # there is one who asks
            turn=TURN,
            job_limit=_JOB_LIMIT,
            start_limit=_START_LIMIT,
            command=(*command, *options),
        )

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now: at most one."""
        return self._pool.pids

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`. Takes as long as it takes.

        Raises:
            ScanFailed: see there.
            ModelUnusable: the model cannot be used; the message says why.
        """
        asked = [Asked(without_surrogates(each.text), True, each.role in SELDOM_PROSE) for each in segments]
        digests = [self._cache.digest(f"{each.seldom_prose}\0{each.text}") for each in asked]
        known = {digest: spans for digest in digests if (spans := self._cache.get(digest)) is not None}
        unknown = {digest: each for digest, each in zip(digests, asked, strict=True) if digest not in known}
        for some in _messages(unknown):
            await self._pool.start()
            await self._first_looks()
            for digest, spans in (await self._pool.run(some)).items():
                known[digest] = spans
                self._cache.put(digest, spans)
        return [[as_match(span) for span in known[digest] if span.score >= LEAST_SCORE] for digest in digests]

    async def stop(self) -> None:
        """End the worker. A search still under way ends in `ScanFailed`."""
        await self._pool.stop()


def _messages(asked: Mapping[bytes, Asked]) -> Iterator[dict[bytes, Asked]]:
    """What goes to the worker in one message: short texts together, each long one alone."""
    some: dict[bytes, Asked] = {}
    length = 0
    for digest, each in asked.items():
        if some and length + len(each.text) > TURN:
            yield some
            some, length = {}, 0
        some[digest] = each
        length += len(each.text)
    if some:
        yield some


def second_look(
    settings: NamesSettings, cache: Path, first_looks: Callable[[], Awaitable[object]]
) -> SecondLook | None:
    """The second look as configured; None where there is none. `cache` and `first_looks`: see `SecondLook`."""
    if not settings.enabled or settings.second_look == NO_SECOND_LOOK:
        return None
    return SecondLook(first_looks, weights_cache=cache)

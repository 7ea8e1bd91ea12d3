"""All detectors over all segments of a prompt: one list of findings."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from promptguard.detectors.allow_list import AllowList
from promptguard.detectors.interface import Detector
from promptguard.detectors.overlaps import merge
from promptguard.detectors.values import fingerprint
from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.model import Finding, Match, Segment

DIGEST_BYTES = 16

type Matches = tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a prompt, and how."""

    findings: tuple[Finding, ...]
    """In the order of the segments, and within a segment in the order of the text; none overlap."""
    detectors: tuple[str, ...]
    """Ids of the detectors that looked at the prompt."""
    elapsed_ms: dict[str, float]
    """Milliseconds by detector id, waiting included."""
    cached_characters: int
    """Characters of text for which every detector's answer was known from an earlier scan."""


class Scanner:
    """Runs detectors over segments and keeps their answers by keyed hash of the text.

    Agents send 30 to 70 KB of the same text every turn: what was scanned before costs one hash.
    """

    def __init__(
        self,
        detectors: Sequence[Detector],
        fingerprint_key: bytes,
        cache_entries: int = 8_000,
        *,
        cache_key: bytes | None = None,
        allow_list: AllowList | None = None,
    ) -> None:
        """Take the detectors; `start` starts them.

        Args:
            detectors: each with an id of its own.
            fingerprint_key: at most 64 bytes; equal values have equal fingerprints under one key.
            cache_entries: segments remembered for each detector; 0 remembers nothing.
            cache_key: under which texts are remembered by their hashes; drawn anew where it is None.
            allow_list: values that are never findings.

        Raises:
            ValueError: two detectors have one id, or the key is empty or too long.
        """
        ids = [detector.id for detector in detectors]
        if len(set(ids)) < len(ids):
            raise ValueError(f"two detectors have one id: {', '.join(sorted(ids))}")
        if not 0 < len(fingerprint_key) <= 64:
            raise ValueError("the fingerprint key must have 1 to 64 bytes")
        self._detectors = tuple(detectors)
        self._fingerprint_key = fingerprint_key
        self._allow_list = allow_list or AllowList()
        self._cache_key = (cache_key or secrets.token_bytes(32))[:64]
        self._caches = {detector.id: _Cache(cache_entries) for detector in detectors}

    @property
    def detectors(self) -> tuple[str, ...]:
        """The detectors' ids."""
        return tuple(detector.id for detector in self._detectors)

    @property
    def version(self) -> str:
        """The ruleset's version: changes whenever the same text could give other findings."""
        digest = hashlib.sha256()
        for detector in self._detectors:
            digest.update(f"{detector.id} {detector.version}\n".encode())
        digest.update(self._allow_list.version.encode())
        return digest.hexdigest()[:16]

    async def start(self) -> None:
        """Start all detectors at once."""
        await asyncio.gather(*(detector.start() for detector in self._detectors))

    async def stop(self) -> None:
        """Stop all detectors, each of them even if another fails to stop."""
        outcomes = await asyncio.gather(*(detector.stop() for detector in self._detectors), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def scan(self, segments: Sequence[Segment]) -> Scan:
        """What stands in these segments.

        Raises:
            ScanFailed: a detector could not look at all of the text.
        """
        keys = [self._key(segment) for segment in segments]
        elapsed: dict[str, float] = {}
        fresh: set[int] = set()
        runs = [asyncio.ensure_future(self._run(d, segments, keys, elapsed, fresh)) for d in self._detectors]
        try:
            answers = await asyncio.gather(*runs)
        finally:
            # Where one detector fails or the caller gives up, the others have nothing left to work for.
            for run in runs:
                run.cancel()
        findings = [
            finding
            for index, segment in enumerate(segments)
            for finding in self._findings(index, segment.text, [match for answer in answers for match in answer[index]])
        ]
        return Scan(
            findings=tuple(findings),
            detectors=self.detectors,
            elapsed_ms=elapsed,
            cached_characters=sum(len(s.text) for index, s in enumerate(segments) if index not in fresh),
        )

    async def scan_text(self, text: str) -> list[Match]:
        """What stands in one text: matches that do not overlap, in the order of the text.

        Raises:
            ScanFailed: a detector could not look at all of the text.
        """
        segment = Segment((), text)
        answers = [
            (await self._run(detector, [segment], [self._key(segment)], {}, set()))[0] for detector in self._detectors
        ]
        return self._merge(text, [match for answer in answers for match in answer])

    def _key(self, segment: Segment) -> bytes:
        """What detectors look at, as one keyed hash."""
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES, key=self._cache_key)
        digest.update(f"{segment.role}\0{len(segment.label)}\0{segment.label}\0".encode("utf-8", "surrogatepass"))
        digest.update(segment.text.encode("utf-8", "surrogatepass"))
        return digest.digest()

    async def _run(
        self,
        detector: Detector,
        segments: Sequence[Segment],
        keys: Sequence[bytes],
        elapsed: dict[str, float],
        fresh: set[int],
    ) -> list[Matches]:
        """One detector's matches in each segment, from its cache as far as possible.

        Raises:
            ScanFailed: it could not look at all of the text.
        """
        started = time.perf_counter()
        cache = self._caches[detector.id]
        version = detector.version
        known: dict[bytes, Matches] = {}
        wanted: dict[bytes, Segment] = {}
        for index, (key, segment) in enumerate(zip(keys, segments, strict=True)):
            if not segment.text:
                known[key] = ()
            elif key not in known and (matches := cache.get(version, key)) is not None:
                known[key] = matches
            elif key not in known:
                wanted.setdefault(key, segment)
                fresh.add(index)
        if wanted:
            try:
                found = await detector.find(list(wanted.values()))
            except PromptGuardError:
                raise
            except Exception as error:
                raise ScanFailed(f"detector {detector.id} failed with {type(error).__name__}") from None
            if len(found) != len(wanted):
                raise ScanFailed(f"detector {detector.id} answered for {len(found)} of {len(wanted)} segments")
            for key, new_matches in zip(wanted, found, strict=True):
                known[key] = tuple(new_matches)
                cache.put(version, key, known[key])
        elapsed[detector.id] = round((time.perf_counter() - started) * 1000, 3)
        return [known[key] for key in keys]

    def _merge(self, text: str, matches: Sequence[Match]) -> list[Match]:
        kept = [
            match for match in matches if not self._allow_list.allows(text[match.start : match.end], match.entity_type)
        ]
        return merge(kept, text)

    def _findings(self, index: int, text: str, matches: Sequence[Match]) -> list[Finding]:
        if not matches:
            return []
        return [
            Finding(
                segment=index,
                start=match.start,
                end=match.end,
                entity_type=match.entity_type,
                data_class=match.data_class,
                score=match.score,
                detector=match.detector,
                fingerprint=fingerprint(text[match.start : match.end], self._fingerprint_key),
                subject=match.subject,
            )
            for match in self._merge(text, matches)
        ]


class _Cache:
    """The matches in the texts that one detector saw last. Forgets everything when the detector's version changes."""

    def __init__(self, entries: int) -> None:
        self._limit = entries
        self._entries: OrderedDict[bytes, Matches] = OrderedDict()
        self._version = ""

    def get(self, version: str, key: bytes) -> Matches | None:
        if version != self._version:
            self._entries.clear()
            self._version = version
        matches = self._entries.get(key)
        if matches is not None:
            self._entries.move_to_end(key)
        return matches

    def put(self, version: str, key: bytes, matches: Matches) -> None:
        if version != self._version or not self._limit:
            return
        self._entries[key] = matches
        self._entries.move_to_end(key)
        while len(self._entries) > self._limit:
            self._entries.popitem(last=False)

"""All detectors over all segments of a prompt: one list of findings."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from promptguard.detectors.allowing import parted
from promptguard.detectors.code_version import code_version
from promptguard.detectors.deobfuscation.cross_segment import KIND, Joined, Part, join
from promptguard.detectors.deobfuscation.self_evident import is_self_evident
from promptguard.detectors.deobfuscation.truncated_secrets import TRUNCATED_KIND
from promptguard.detectors.deobfuscation.views import prefilters
from promptguard.detectors.interface import Detector
from promptguard.detectors.looking_again import LookingAgain
from promptguard.detectors.opaque import opaque_texts, unknown_noise
from promptguard.detectors.overlaps import merge
from promptguard.detectors.program_words import credible
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.detectors.runner import DetectorRunner
from promptguard.detectors.secrets.apart import secrets_apart
from promptguard.detectors.segment_labels import read_labels
from promptguard.detectors.span_index import SpanIndex
from promptguard.detectors.values import fingerprint, telling_words
from promptguard.model import Allowed, DataClass, Finding, Match, Nature, Original, Recalled, Role, Segment

INLINE_CHARACTERS = 10_000
"""Texts that are longer together are read in a thread."""

INLINE_SEGMENTS = 200
"""More texts than this are read together in a thread, however short they are."""

BLOCKED_TYPE = "PASSWORD"
"""The type of a value of which only is known that it was blocked: what has a form of its own is found by that."""

OPAQUE_TYPE = "UNREADABLE_DATA"
"""The type of bytes in which nobody can read anything: no finding, unless they are known."""

OPAQUE = "Opaque"
"""What these name as their detector."""

RECALLED = "ScopeMemory"
"""What findings that are known originals of their scope name as their detector."""


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
    opaque: tuple[Finding, ...] = ()
    """Bytes in which nobody can read anything. Of what they are nothing was found."""
    allowed: tuple[Allowed, ...] = ()
    """What the allow list lets pass, in no order; several may stand in one place."""
    keys: tuple[bytes, ...] = ()
    """Of each segment, by what its text is known again (`LookingAgain`)."""


class Scanner:
    """Finds what stands in segments, in any of them and over their borders."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        fingerprint_key: bytes,
        cache_entries: int = 8_000,
        *,
        cache_key: bytes | None = None,
        allow_list: AllowList | None = None,
        second: Detector | None = None,
    ) -> None:
        """Take the detectors; `start` starts them.

        Args:
            detectors: each with an id of its own.
            fingerprint_key: at most 64 bytes; equal values have equal fingerprints under one key.
            cache_entries: texts remembered; 0 remembers nothing.
            cache_key: under which texts are remembered by their hashes; drawn anew where it is None.
            allow_list: values that are never findings.
            second: what looks at texts once more, after their request was decided; it starts by itself.

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
        self.allow_list = allow_list or AllowList()
        key = (cache_key or secrets.token_bytes(32))[:64]
        self._runner = DetectorRunner(self._detectors, self.allow_list, key, cache_entries)
        self.again = LookingAgain(second, self._runner) if second else None
        """The second look; None where there is none."""

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
        if self.again is not None:
            digest.update(f"then {self.again.detector.id} {self.again.detector.version}\n".encode())
        digest.update(f"code {code_version()}\n".encode())
        digest.update(self.allow_list.version.encode())
        return digest.hexdigest()[:16]

    async def start(self) -> None:
        """Start all detectors at once, and have the prefilters of hidden text compiled."""
        await asyncio.gather(asyncio.to_thread(prefilters), *(detector.start() for detector in self._detectors))

    async def stop(self) -> None:
        """Stop all detectors, each of them even if another fails to stop."""
        every = [*self._detectors, *([self.again.detector] if self.again else [])]
        outcomes = await asyncio.gather(*(detector.stop() for detector in every), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def scan(self, segments: Sequence[Segment]) -> Scan:
        """What stands in these segments, hidden or split over several of them or not.

        Raises:
            ScanFailed: a detector could not look at all of the text.
        """
        long = sum(len(segment.text) for segment in segments) > INLINE_CHARACTERS or len(segments) > INLINE_SEGMENTS
        together = await asyncio.to_thread(_read_together, segments) if long else _read_together(segments)
        apart, segments, opaque = together
        joined = join(segments)
        elapsed: dict[str, float] = {}
        texts = [*map(_searched, segments), *(Segment((), each.text, each.role) for each in joined)]
        answers, fresh, keys = await self._runner.look(texts, len(segments), elapsed)
        let_pass = [[match for match in matches if match.allowance is not None] for matches in answers[: len(segments)]]
        by_segment = [
            [match for match in matches if match.allowance is None and _counts_in(segment, match)]
            for segment, matches in zip(segments, answers[: len(segments)], strict=True)
        ]
        by_segment = [credible(segment, matches) for segment, matches in zip(segments, by_segment, strict=True)]
        own = [list(matches) for matches in by_segment]
        for border, matches in zip(joined, answers[len(segments) :], strict=True):
            for index, match in _over_borders(border, matches, own):
                by_segment[index].append(match)
        for index, match in apart:
            by_segment[index].append(match)
        findings: list[Finding] = []
        allowed: list[Allowed] = []
        for index, (segment, matches) in enumerate(zip(segments, by_segment, strict=True)):
            if not matches and not let_pass[index]:
                continue
            kept, passed = parted(self.allow_list, segment.text, matches)
            findings += (self._finding(index, segment.text, match) for match in merge(kept, segment.text))
            passed += (match for match in let_pass[index] if _counts_in(segment, match))
            allowed += (Allowed(index, match.start, match.end, str(match.allowance)) for match in passed)
        return Scan(
            findings=tuple(findings),
            detectors=self.detectors,
            elapsed_ms=elapsed,
            cached_characters=sum(len(s.text) for index, s in enumerate(segments) if index not in fresh),
            opaque=tuple(noise for index in opaque for noise in self._noise(index, segments[index], by_segment[index])),
            allowed=tuple(allowed),
            keys=tuple(keys[: len(segments)]),
        )

    async def uncovered_languages(self, segments: Sequence[Segment]) -> tuple[str, ...]:
        """Tags (BCP 47) of the languages in which a detector of persons does not find them, of what people wrote."""
        texts = [each for each in segments if each.nature is Nature.TEXT]
        languages = [await detector.uncovered_languages(texts) for detector in self._detectors]
        return tuple(sorted(frozenset().union(*languages)))

    def with_recalled(
        self,
        segments: Sequence[Segment],
        findings: Sequence[Finding],
        recalled: Sequence[Recalled],
        known: Mapping[str, Original],
    ) -> tuple[tuple[Finding, ...], dict[int, Recalled]]:
        """Findings and known originals together, in the order of the text, and by index those that are originals.

        A finding within an original of its own data class says nothing more, nor does an original within a finding.
        """
        originals_at = SpanIndex(recalled)
        kept = [
            finding
            for finding in findings
            if not any(_covers(each, finding, known) for each in originals_at.touching(finding))
        ]
        kept_at = SpanIndex(kept)
        more = [each for each in recalled if not any(_within(each, other) for other in kept_at.touching(each))]
        all_of_them: list[tuple[Finding, Recalled | None]] = [(finding, None) for finding in kept]
        all_of_them += [(self._recalled_finding(segments, each, known[each.placeholder]), each) for each in more]
        all_of_them.sort(key=lambda pair: (pair[0].segment, pair[0].start, pair[0].end))
        originals = {index: each for index, (_, each) in enumerate(all_of_them) if each is not None}
        return tuple(finding for finding, _ in all_of_them), originals

    async def find_again(
        self, segments: Sequence[Segment], findings: Sequence[Finding], blocked: Collection[str]
    ) -> tuple[list[Finding], list[Allowed]]:
        """Where credentials of these findings, and values that were blocked before, stand as words by themselves.

        A password is known by the words before it; once it is known, it is one wherever it stands. What was blocked
        and is on the allow list by now is apart.
        """
        known = {
            finding.fingerprint: finding.entity_type
            for finding in findings
            if finding.data_class is DataClass.CREDENTIALS
        }
        entries = {each: entry for each in blocked if (entry := self.allow_list.entry_of(each)) is not None}
        sought = {**dict.fromkeys(blocked, BLOCKED_TYPE), **known}
        if not sought:
            return [], []
        texts = [
            (index, segment.text)
            for index, segment in enumerate(segments)
            if segment.nature is Nature.TEXT and segment.role is not Role.KEY
        ]

        def find() -> tuple[list[Finding], list[Allowed]]:
            words = [found for index, text in texts for found in self._words_among(index, text, sought)]
            passing = {each: entry for each, entry in entries.items() if each not in known}
            allowed = [
                Allowed(each.segment, each.start, each.end, passing[each.fingerprint])
                for each in words
                if each.fingerprint in passing
            ]
            return [each for each in words if each.fingerprint not in passing], allowed

        if sum(len(text) for _, text in texts) > INLINE_CHARACTERS:
            return await asyncio.to_thread(find)
        return find()

    def _noise(self, index: int, segment: Segment, matches: Sequence[Match]) -> Iterator[Finding]:
        for start, end in unknown_noise(segment, matches):
            digest = fingerprint(segment.text[start:end], self._fingerprint_key)
            yield Finding(index, start, end, OPAQUE_TYPE, DataClass.CREDENTIALS, 1.0, OPAQUE, digest)

    def _words_among(self, index: int, text: str, sought: Mapping[str, str]) -> Iterator[Finding]:
        for start, end in telling_words(text):
            digest = fingerprint(text[start:end], self._fingerprint_key)
            if digest in sought:
                yield Finding(index, start, end, sought[digest], DataClass.CREDENTIALS, 1.0, RECALLED, digest)

    def _recalled_finding(self, segments: Sequence[Segment], recalled: Recalled, original: Original) -> Finding:
        value = segments[recalled.segment].text[recalled.start : recalled.end]
        return Finding(
            segment=recalled.segment,
            start=recalled.start,
            end=recalled.end,
            entity_type=recalled.entity_type,
            data_class=original.data_class,
            score=1.0,
            detector=RECALLED,
            fingerprint=fingerprint(value, self._fingerprint_key),
        )

    async def scan_text(self, text: str) -> list[Match]:
        """What stands in one text: matches that do not overlap, in the order of the text.

        Raises:
            ScanFailed: a detector could not look at all of the text.
        """
        ((answer,), _, _) = await self._runner.look([Segment((), text)], 1, {})
        kept, _ = parted(self.allow_list, text, [match for match in answer if match.allowance is None])
        return merge(kept, text)

    def _finding(self, index: int, text: str, match: Match) -> Finding:
        return Finding(
            segment=index,
            start=match.start,
            end=match.end,
            entity_type=match.entity_type,
            data_class=match.data_class,
            score=match.score,
            detector=match.detector,
            fingerprint=fingerprint(text[match.start : match.end], self._fingerprint_key),
            subject=match.subject,
            hidden=match.hidden,
        )


def _read_together(segments: Sequence[Segment]) -> tuple[list[tuple[int, Match]], list[Segment], list[int]]:
    """Values that texts before theirs say to be secrets, the segments with the labels that others give them, and the
    indexes of those that are no texts."""
    return list(secrets_apart(segments)), read_labels(segments), opaque_texts(segments)


def _counts_in(segment: Segment, match: Match) -> bool:
    """Whether a finding is one where it stands. In a string that is protocol: by its form, or a credential after a word
    of the string's own that says so. What a member's name makes of an id is none.
    """
    if segment.nature is not Nature.PROTOCOL or is_self_evident(match, ()):
        return True
    return match.data_class is DataClass.CREDENTIALS and (match.start > 0 or bool(match.hidden))


def _covers(recalled: Recalled, finding: Finding, known: Mapping[str, Original]) -> bool:
    return (
        recalled.segment == finding.segment
        and recalled.start <= finding.start
        and finding.end <= recalled.end
        and known[recalled.placeholder].data_class is finding.data_class
    )


def _within(recalled: Recalled, finding: Finding) -> bool:
    return recalled.segment == finding.segment and finding.start <= recalled.start and recalled.end <= finding.end


def _searched(segment: Segment) -> Segment:
    """What of a segment is searched: nothing of what is sealed."""
    return replace(segment, text="") if segment.nature is Nature.SEALED else segment


def _over_borders(
    joined: Joined, matches: Sequence[Match], own: Sequence[Sequence[Match]]
) -> Iterator[tuple[int, Match]]:
    """Of matches in the ends and beginnings of segments those that lie in several, as one match for each of these.

    None of which a part is a finding by itself (`own` are the matches in each segment): what stands beside such a part
    is another text, not its continuation.
    """
    for match in matches:
        if not is_self_evident(match, (joined.kind,)):
            continue
        parts = joined.parts(match.start, match.end)
        if joined.kind == TRUNCATED_KIND or not any(_stands_alone(part, match, own[part.segment]) for part in parts):
            for part in parts:
                yield part.segment, replace(match, start=part.start, end=part.end, hidden=KIND)


def _stands_alone(part: Part, joined: Match, own: Sequence[Match]) -> bool:
    return any(
        match.start < part.end
        and part.start < match.end
        and (match.entity_type == joined.entity_type or is_self_evident(match, ()))
        for match in own
    )

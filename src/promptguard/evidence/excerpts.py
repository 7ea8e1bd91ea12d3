"""What of a text becomes evidence: what was found, and some bytes on each side of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice, takewhile
from typing import Final, NamedTuple

from promptguard.model import Finding, Segment

MAX_FOUND: Final = 16 * 1024
"""Bytes (UTF-8) that are kept of what was found: it may be a whole document."""

_ENCODING: Final = ("utf-8", "surrogatepass")  # JSON can hold half a surrogate pair


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A finding as it stood in its text."""

    finding: int
    """Index into the decision's findings."""
    before: str = field(repr=False)
    found: str = field(repr=False)
    after: str = field(repr=False)
    cut: int = 0
    """Bytes of what was found that are not kept."""


class _Hidden(NamedTuple):
    """What must not be shown of one text: there may be thousands, and few stand near an excerpt."""

    findings: Sequence[Finding] = ()
    """By where they begin."""
    reached: Sequence[int] = ()
    """How far each, or one before it, goes."""

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> _Hidden:
        """These findings, in order."""
        ordered = sorted(findings, key=lambda each: (each.start, each.end))
        return cls(ordered, list(accumulate((each.end for each in ordered), max)))

    def between(self, start: int, end: int) -> Iterator[Finding]:
        """Those that may stand there, and no later ones."""
        first = islice(self.findings, bisect_right(self.reached, start), None)
        return takewhile(lambda each: each.start < end, first)


def excerpts(
    segments: Sequence[Segment],
    findings: Sequence[Finding],
    chosen: Collection[int],
    window: int,
    others: Iterable[Finding] = (),
) -> list[Excerpt]:
    """The excerpts of chosen findings, in their order.

    Args:
        chosen: indexes of those that become evidence. Of all others not a character is in any excerpt, but where they
            overlap what is chosen: their kind stands in their place.
        window: bytes (UTF-8) on each side, whole characters.
        others: what else was found, and stands in no list of findings.
    """
    by_segment: dict[int, list[Finding]] = {}
    for each in (*(finding for index, finding in enumerate(findings) if index not in chosen), *others):
        by_segment.setdefault(each.segment, []).append(each)
    hidden = {segment: _Hidden.of(several) for segment, several in by_segment.items()}
    return [
        _excerpt(index, findings[index], segments[findings[index].segment].text, window, hidden)
        for index in sorted(chosen)
    ]


def _excerpt(index: int, finding: Finding, text: str, window: int, hidden: Mapping[int, _Hidden]) -> Excerpt:
    start = finding.start - len(_last(text[max(0, finding.start - window) : finding.start], window))
    end = finding.end + len(_first(text[finding.end : finding.end + window], window))
    found = text[finding.start : finding.end]
    kept = _first(found, MAX_FOUND)
    around = hidden.get(finding.segment, _Hidden())
    return Excerpt(
        index,
        _masked(text, start, finding.start, around),
        kept,
        _masked(text, finding.end, end, around),
        len(found[len(kept) :].encode(*_ENCODING)),
    )


def _first(text: str, size: int) -> str:
    """As many whole characters as `size` bytes hold, from the beginning."""
    encoded = text[:size].encode(*_ENCODING)
    end = min(size, len(encoded))
    while end < len(encoded) and encoded[end] & 0xC0 == 0x80:  # a byte that continues a character
        end -= 1
    return encoded[:end].decode(*_ENCODING)


def _last(text: str, size: int) -> str:
    """The same from the end."""
    return _first(text[::-1], size)[::-1]


def _masked(text: str, start: int, end: int, hidden: _Hidden) -> str:
    """A piece of a text, with the kind of each hidden finding in place of what of it stands there."""
    parts, at = [], start
    for each in hidden.between(start, end):
        if each.end > at:
            parts += [text[at : max(at, each.start)], f"[{each.entity_type}]"]
            at = min(end, each.end)
    parts.append(text[at:end])
    return "".join(parts)

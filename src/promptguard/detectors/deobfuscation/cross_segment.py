"""Values split over texts that follow each other: a card number over two messages, a key over elements of an array."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from promptguard.detectors.deobfuscation.markers import PREFIXES
from promptguard.detectors.deobfuscation.truncated_secrets import TRUNCATED_KIND, truncates_secret
from promptguard.detectors.deobfuscation.view import SEPARATOR
from promptguard.model import Nature, Path, Role, Segment

KIND = "adjacent texts"

WINDOW = 200
"""Characters at the end of one text and at the beginning of the next that are put together."""

FRAGMENT = 4
"""Texts up to this length are put together whatever they are: values are also sent letter by letter."""

MIN_LENGTH = 12
"""Characters of all texts together below which they hold no value that proves itself."""

_NEAR = 64
_MARKERS = "|".join(map(re.escape, PREFIXES))
_BEGUN = re.compile(
    rf"(?:(?<![A-Za-z0-9])(?:{_MARKERS})[\w./+=-]*|[\w.+-]+@[\w.-]*"
    r"|(?<![\w.])[A-Z]{2}\d{2}[A-Z0-9 -]*|(?<![\w.,])\d[\d -]{2,})$"
)
"""The beginning of a token, an address, an IBAN or a long number at the end of a text."""
_ENDS_ADDRESS = re.compile(r"[\w.+-]*@[\w-]+\.")
_GROUPED = re.compile(r"(?<!\d)\d{4}([ -])\d{4}$")
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_WORDS = (
    "first second third fourth fifth sixth one two three four five six last next rest head tail prefix suffix begin"
    " start middle end left right upper lower low high lo hi front back top bottom erste zweite dritte premier"
)
_COUNTING = frozenset(_WORDS.split())
"""Words that tell pieces of one thing apart."""
_SIGNS = frozenset("_-+/=.@")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one segment."""

    segment: int
    start: int
    end: int


class Joined:
    """The ends and beginnings of texts with one role that may belong together, as one text."""

    def __init__(self, role: Role, kind: str) -> None:
        self.role = role
        self.kind = kind
        """How the texts hide what stands in them, for `is_self_evident`."""
        self._texts: list[str] = []
        self._length = 0
        self._chain = 0
        self._at: list[int] = []
        self._parts: list[tuple[int, Part]] = []
        """With the number of the chain to which each belongs."""

    @property
    def text(self) -> str:
        """What detectors look at."""
        return "".join(self._texts)

    def parts(self, start: int, end: int) -> list[Part]:
        """Where a match lies; nothing if it lies in one segment only, or joins what does not belong together."""
        found: list[Part] = []
        chains = set()
        index = max(bisect.bisect_right(self._at, start) - 1, 0)
        while index < len(self._at) and self._at[index] < end:
            chain, part = self._parts[index]
            at = self._at[index]
            first, last = max(start - at, 0), min(end - at, part.end - part.start)
            if first < last:
                found.append(Part(part.segment, part.start + first, part.start + last))
                chains.add(chain)
            index += 1
        return found if len(found) > 1 and len(chains) == 1 else []

    def add_chain(self, chain: Sequence[int], segments: Sequence[Segment]) -> None:
        """Put segments together that follow each other."""
        self._chain += 1
        self._write(SEPARATOR if self._texts else "")
        before = ""
        for number, index in enumerate(chain):
            text = segments[index].text
            start = max(len(text) - WINDOW, 0) if number == 0 else 0
            end = min(len(text), WINDOW) if number == len(chain) - 1 else len(text)
            self._write(_sign(before, text[:8]))
            self._at.append(self._length)
            self._parts.append((self._chain, Part(index, start, end)))
            self._write(text[start:end])
            before = text[-16:]

    def _write(self, text: str) -> None:
        self._texts.append(text)
        self._length += len(text)


def join(segments: Sequence[Segment]) -> list[Joined]:
    """What stands over the borders of texts that are elements of one array, members of one object, or one message each.

    Linear in the number of segments and, as windows are bounded, in their length.
    """
    if len(segments) < 2:
        return []
    joined: dict[tuple[Role, str], Joined] = {}
    for chain in _chains(segments):
        role = segments[chain[0]].role
        named = any(truncates_secret(segments[before], segments[after]) for before, after in itertools.pairwise(chain))
        kind = TRUNCATED_KIND if named else KIND
        joined.setdefault((role, kind), Joined(role, kind)).add_chain(chain, segments)
    return list(joined.values())


def _chains(segments: Sequence[Segment]) -> Iterator[list[int]]:
    seen: set[tuple[int, int]] = set()
    for group in _groups(segments):
        chain = [group[0]]
        for border in itertools.pairwise(group):
            before, after = border
            continues = border not in seen and may_continue(segments[before], segments[after])
            if continues:
                seen.add(border)
            if not continues or (len(chain) > 1 and len(segments[before].text) > WINDOW):
                if _worthwhile(chain, segments):
                    yield chain
                chain = [before] if continues else []
            chain.append(after)
        if _worthwhile(chain, segments):
            yield chain


def _worthwhile(chain: Sequence[int], segments: Sequence[Segment]) -> bool:
    return len(chain) > 1 and (len(chain) > MIN_LENGTH or sum(len(segments[i].text) for i in chain) >= MIN_LENGTH)


def _groups(segments: Sequence[Segment]) -> Iterable[list[int]]:
    """Indexes of segments that stand alike: under one parent, or under paths that differ in array indexes alone."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, segment in enumerate(segments):
        if (
            segment.role is Role.KEY
            or segment.nature is not Nature.TEXT
            or segment.sealed_if_issued
            or not segment.path
        ):
            continue
        alike = tuple(part if isinstance(part, str) else None for part in segment.path)
        groups.setdefault((segment.role, True, alike), []).append(index)
        if isinstance(segment.path[-1], str):
            groups.setdefault((segment.role, False, segment.path[:-1]), []).append(index)
    return groups.values()


def _is_text(segment: Segment) -> bool:
    return segment.nature is Nature.TEXT and not segment.sealed_if_issued


def may_continue(first: Segment, second: Segment) -> bool:
    """Whether a value may begin at the end of one text and go on at the beginning of the other."""
    before, after = first.text, second.text
    if not _are_pieces(first.path, second.path):
        return False
    if truncates_secret(first, second):
        return True
    if not before or not after or not _in_token(before[-1]) or not _in_token(after[0]):
        return False
    if len(before) <= FRAGMENT and len(after) <= FRAGMENT:
        return True
    return _BEGUN.search(before[-_NEAR:]) is not None or _ENDS_ADDRESS.match(after, 0, _NEAR) is not None


def _are_pieces(first: Path, second: Path) -> bool:
    """Whether members of these names may be pieces of one thing: `part1` and `part2`, but not `role` and `content`."""
    one, other = first[-1], second[-1]
    if one == other or not (isinstance(one, str) and isinstance(other, str)):
        return True
    return _stem(one) == _stem(other)


def _stem(name: str) -> tuple[str, ...]:
    """A member's name without what counts it: of `keyPart2`, `key` and `part`."""
    words = (word.lower() for word in _NAME_WORD.findall(name))
    return tuple(word for word in words if not word.isdigit() and len(word) > 1 and word not in _COUNTING)


def _in_token(character: str) -> bool:
    return (character.isascii() and character.isalnum()) or character in _SIGNS


def _sign(before: str, after: str) -> str:
    """What stands between two groups of digits where a number was cut."""
    grouped = _GROUPED.search(before)
    return grouped.group(1) if grouped and after[:1].isdigit() else ""

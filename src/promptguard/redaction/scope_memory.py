"""What is remembered of a scope besides originals: what was refused in it, and what its service issued and answered.

Of all that, keyed hashes only: enough to know a text again, and nothing to read. So

- a text that was refused and is followed by another message is known as history,
- what the service answered is no leak when it comes back,
- a signature or encrypted state that the service issued is forwarded as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from promptguard.model import Allowed, Finding, Mark, Original, Said, Segment
from promptguard.redaction.known import Known
from promptguard.redaction.vault import Vault

MIN_LINE: Final = 4
"""Characters of the shortest line that is remembered."""

MAX_LINES: Final = 16_384
"""Characters of the lines around a value beyond which they prove nothing: long lines are kept by nobody."""

MIN_WORD: Final = 6
"""Characters of the shortest word that is remembered by itself."""

MAX_LEARNED: Final = 8_000
"""Hashes that one answer adds. A longer answer is remembered as far as that."""

_COARSE: Final = re.compile(r"[^\s\"'`<>]+")
_FINE: Final = re.compile(r"[^\s\"'`<>=:@/,;|(){}\[\]]+")
_EDGES: Final = "\"'`.,;:!?()[]{}<>*_|\\"
_TELLING: Final = re.compile(r"\d|[^\W_][^\w\s][^\W_]|[a-z][A-Z]|_|[^\w\s]{2}")
"""What makes a word more than a word of a language: a digit, a sign within it, a capital after a small letter."""


class ScopeMemory:
    """The memory of all scopes, in a vault."""

    def __init__(self, vault: Vault, key: bytes) -> None:
        """`key` (at most 64 bytes) is that of the hashes."""
        self._vault = vault
        self._key = key[:64]

    async def issued(self, scope: str) -> Known:
        """Placeholder to original, for all that was issued in a scope."""
        return await self._vault.issued(scope)

    async def remember(self, scope: str, issued: Mapping[str, Original]) -> None:
        """Keep what was issued."""
        if issued:
            await self._vault.remember(scope, issued)

    async def refuse(
        self, scope: str, fingerprints: Collection[str], texts: Iterable[str], sequels: Iterable[str]
    ) -> None:
        """Remember what was blocked (fingerprints of findings), the texts of the request it stood in, and its sequels
        there (see `policy.history`).
        """
        if not fingerprints:
            return
        await self._vault.remember_marks(scope, Mark.BLOCKED, fingerprints)
        hashes = {self._hash(Mark.REFUSED, line) for text in texts for line in (text, *_lines(text))}
        hashes.update(self._hash(Mark.REFUSED, sequel) for sequel in sequels)
        await self._vault.remember_marks(scope, Mark.REFUSED, hashes)

    def file_mark(self, data: bytes) -> str:
        """What a file is remembered by among what was blocked."""
        return hashlib.blake2b(data, digest_size=16, key=self._key, person=b"file").hexdigest()

    async def blocked(self, scope: str) -> frozenset[str]:
        """The fingerprints of what was blocked before."""
        return await self._vault.blocked(scope)

    async def refused(self, scope: str, texts: Iterable[str]) -> frozenset[str]:
        """Which of these texts or lines stood in a request that was refused."""
        return await self._known(scope, Mark.REFUSED, texts)

    async def declare(self, scope: str, lengths: Iterable[int]) -> None:
        """Remember how long files are to be that the service was told about."""
        hashes = {self._hash(Mark.DECLARED, str(length)) for length in lengths}
        if hashes:
            await self._vault.remember_marks(scope, Mark.DECLARED, hashes)

    async def is_declared(self, scope: str, length: int) -> bool:
        """Whether the service was told about a file of so many bytes."""
        return bool(await self._known(scope, Mark.DECLARED, [str(length)]))

    async def sealed(self, scope: str, texts: Iterable[str]) -> frozenset[str]:
        """Which of these strings the service issued as sealed."""
        return await self._known(scope, Mark.SEALED, texts)

    async def answered(
        self, scope: str, segments: Sequence[Segment], findings: Sequence[Finding | Allowed]
    ) -> frozenset[int]:
        """Indexes of the findings whose values the service said itself: their whole lines, or all of their words."""
        proofs = [_proofs(segments[finding.segment].text, finding) for finding in findings]
        asked = {part for pair in proofs for parts in pair for part in parts}
        known = await self._known(scope, Mark.ANSWERED, asked)
        return frozenset(
            index for index, pair in enumerate(proofs) if any(parts and known.issuperset(parts) for parts in pair)
        )

    async def learn(self, scope: str, said: Said) -> None:
        """Remember what the service said."""
        sealed = {self._hash(Mark.SEALED, text) for text in said.sealed}
        if sealed:
            await self._vault.remember_marks(scope, Mark.SEALED, sealed)
        answered = self._answered_hashes(said.texts)
        if answered:
            await self._vault.remember_marks(scope, Mark.ANSWERED, answered)

    def _answered_hashes(self, texts: Iterable[str]) -> set[str]:
        hashes: set[str] = set()
        for text in texts:
            for part in (*_lines(text), *_words(text)):
                hashes.add(self._hash(Mark.ANSWERED, part))
                if len(hashes) >= MAX_LEARNED:
                    return hashes
        return hashes

    async def _known(self, scope: str, mark: Mark, texts: Iterable[str]) -> frozenset[str]:
        by_hash = {self._hash(mark, text): text for text in texts}
        if not by_hash:
            return frozenset()
        return frozenset(by_hash[found] for found in await self._vault.marked(scope, mark, by_hash.keys()))

    def _hash(self, mark: Mark, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=12, key=self._key, person=mark.encode()[:16]).hexdigest()


def _proofs(text: str, finding: Finding | Allowed) -> tuple[list[str], list[str]]:
    """What must have been answered for a finding to be the service's own: all of its lines, or all of its words."""
    value = text[finding.start : finding.end]
    return list(_lines_around(text, finding.start, finding.end)), _value_words(value)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text that say something."""
    return (line for line in map(str.strip, text.splitlines()) if len(line) >= MIN_LINE)


def _lines_around(text: str, start: int, end: int) -> Iterator[str]:
    """The whole lines in which a part of a text lies."""
    first = text.rfind("\n", max(start - MAX_LINES, 0), start) + 1
    if not first and start > MAX_LINES:
        return iter(())
    last = text.find("\n", end, end + MAX_LINES)
    if last < 0 and len(text) > end + MAX_LINES:
        return iter(())
    return _lines(text[first : len(text) if last < 0 else last])


def _words(text: str) -> Iterator[str]:
    """The words of a text that could be a secret or an id."""
    for pattern in (_COARSE, _FINE):
        for match in pattern.finditer(text):
            word = match.group().strip(_EDGES)
            if len(word) >= MIN_WORD and _TELLING.search(word):
                yield word


def _value_words(value: str) -> list[str]:
    """The words that make up a value; nothing where one of them is too ordinary to prove anything."""
    words = [word for part in value.split() if (word := part.strip(_EDGES))]
    telling = all(len(word) >= MIN_WORD and _TELLING.search(word) for word in words)
    return words if telling else []

"""Which terms belong to which tenant, held as keyed hashes only."""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from promptguard.detectors.tenant_terms import HOST, LONGEST_HOST, LONGEST_TERM, TOKEN, normalise
from promptguard.errors import ConfigError
from promptguard.model import DataClass, Match

_MAGIC = b"PromptGuard tenants 1\n"
_HEADER = struct.Struct("<II")
"""Number of first-word hashes, number of terms."""
_TAG_BYTES = 32
_WIDEST_GAP = 4
"""Characters between two words of a name: `Acme,  Inc`."""


class TermKind(IntEnum):
    """What a term is to its tenant."""

    NAME = 0
    ID = 1
    DOMAIN = 2


_ENTITY = {TermKind.NAME: "TENANT_NAME", TermKind.ID: "TENANT_ID", TermKind.DOMAIN: "TENANT_DOMAIN"}
_SCORE = {TermKind.NAME: 0.9, TermKind.ID: 0.95, TermKind.DOMAIN: 0.95}
_ONE_WORD_NAME_SCORE = 0.75


class _Hashes:
    """The keyed hashes of one index. The key is split so that words, terms and labels have nothing in common."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of a tenant index has 16 bytes or more")
        secret = hashlib.blake2b(key, digest_size=64, person=b"pg-tenants").digest()
        self._first = hashlib.blake2b(key=secret, digest_size=8, person=b"pg-tenant-first")
        self._term = hashlib.blake2b(key=secret, digest_size=16, person=b"pg-tenant-term")
        self._file = hashlib.blake2b(key=secret, digest_size=_TAG_BYTES, person=b"pg-tenant-file")
        self.labels_key = hashlib.blake2b(key=secret, digest_size=32, person=b"pg-tenant-label").digest()

    def first(self, word: str) -> bytes:
        """8 bytes for the first word of a term."""
        state = self._first.copy()
        state.update(word.encode("utf-8", "surrogatepass"))
        return state.digest()

    def term(self, kind: TermKind, text: str) -> bytes:
        """16 bytes for a whole normalised term."""
        state = self._term.copy()
        state.update(b"%d:" % kind + text.encode("utf-8", "surrogatepass"))
        return state.digest()

    def tag(self, content: bytes) -> bytes:
        """What shows that a file was made with this key and is whole."""
        state = self._file.copy()
        state.update(content)
        return state.digest()


@dataclass(frozen=True, slots=True)
class Term:
    """One spelling of a name, id or domain."""

    kind: TermKind
    first: str
    """What a text is sifted by: the first word, or `domain_ending`."""
    text: str
    """Normalised."""
    tenant: str
    """The label to report."""


class TenantIndex:
    """Which terms belong to which tenant, as keyed hashes only. Build it with `build_index`, or `load` it."""

    def __init__(
        self, hashes: _Hashes, firsts: np.ndarray, terms: np.ndarray, owners: np.ndarray, labels: Sequence[str]
    ):
        self._hashes = hashes
        self._firsts = firsts
        """Sorted hashes of first words (`<u8`)."""
        self._terms = terms
        """Hashes of terms, two `<u8` each, sorted by the first."""
        self._owners = owners
        """For each term, the index of its tenant in `labels` (`<u4`)."""
        self._labels = tuple(labels)
        self.version = hashes.tag(self._arrays() + "\0".join(self._labels).encode()).hex()[:16]

    @classmethod
    def empty(cls) -> TenantIndex:
        """An index of no tenants."""
        return cls.of([], bytes(16))

    @classmethod
    def of(cls, terms: Iterable[Term], key: bytes) -> TenantIndex:
        """An index of these terms; `key` has 16 bytes or more."""
        hashes = _Hashes(key)
        labels: dict[str, int] = {}
        owners: dict[bytes, int] = {}
        firsts: set[bytes] = set()
        for term in terms:
            # A term of two tenants reports the one that stands first in the file.
            owners.setdefault(hashes.term(term.kind, term.text), labels.setdefault(term.tenant, len(labels)))
            firsts.add(hashes.first(term.first))
        table = np.frombuffer(b"".join(owners), dtype="<u8").reshape(-1, 2)
        order = np.argsort(table[:, 0], kind="stable")
        return cls(
            hashes,
            np.sort(np.frombuffer(b"".join(firsts), dtype="<u8")),
            table[order],
            np.fromiter(owners.values(), dtype="<u4", count=len(owners))[order],
            list(labels),
        )

    def __len__(self) -> int:
        """The number of terms."""
        return len(self._terms)

    @property
    def tenants(self) -> int:
        """The number of tenants."""
        return len(self._labels)

    def _arrays(self) -> bytes:
        header = _HEADER.pack(len(self._firsts), len(self._terms))
        return header + self._firsts.tobytes() + self._terms.tobytes() + self._owners.tobytes()

    def save(self, path: Path) -> None:
        """Write the index, whole or not at all, readable by its owner alone.

        The file holds hashes and, encrypted (AES-GCM-SIV, RFC 8452), the labels.
        """
        # The nonce may be fixed: GCM-SIV reveals no more than that two files have the same labels.
        labels = AESGCMSIV(self._hashes.labels_key).encrypt(bytes(12), json.dumps(self._labels).encode(), None)
        content = _MAGIC + self._arrays() + labels
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            file.write(content + self._hashes.tag(content))
        Path(file.name).replace(path)

    @classmethod
    def load(cls, path: Path, key: bytes) -> TenantIndex:
        """Read an index that was saved with the same key.

        Raises:
            ConfigError: the file cannot be read, is damaged, or was made with another key.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ConfigError(path, None, f"cannot be read: {error.strerror}", "build the index again") from None
        hashes = _Hashes(key)
        body, tag = content[:-_TAG_BYTES], content[-_TAG_BYTES:]
        damaged = ConfigError(
            path,
            None,
            "is no tenant index, is damaged, or was made with another key",
            "build the index again from the CSV",
        )
        if not body.startswith(_MAGIC) or hashes.tag(body) != tag:
            raise damaged
        first_count, term_count = _HEADER.unpack_from(body, len(_MAGIC))
        position = len(_MAGIC) + _HEADER.size
        firsts = np.frombuffer(body, dtype="<u8", count=first_count, offset=position)
        position += firsts.nbytes
        terms = np.frombuffer(body, dtype="<u8", count=2 * term_count, offset=position).reshape(-1, 2)
        position += terms.nbytes
        owners = np.frombuffer(body, dtype="<u4", count=term_count, offset=position)
        position += owners.nbytes
        try:
            labels = json.loads(AESGCMSIV(hashes.labels_key).decrypt(bytes(12), body[position:], None))
        except (InvalidTag, ValueError):
            raise damaged from None
        return cls(hashes, firsts, terms, owners, labels)

    def find(self, text: str) -> list[Match]:
        """The terms in a text, in order, the longest where several start at one word."""
        if not len(self._terms) or not text:
            return []
        domains = list(self._find_domains(text))
        inside = {position for match in domains for position in range(match.start, match.end)}
        words = (match for match in self._find_words(text) if match.start not in inside)
        return sorted([*words, *domains], key=lambda match: (match.start, match.end))

    def _find_words(self, text: str) -> Iterator[Match]:
        spans = [match.span() for match in TOKEN.finditer(text)]
        words = [normalise(text[start:end]) for start, end in spans]
        if not words:
            return
        unique = {word: index for index, word in enumerate(dict.fromkeys(words))}
        known = self._known_firsts(unique)
        position = 0
        while position < len(words):
            if known[unique[words[position]]] and (match := self._longest(text, spans, words, position)) is not None:
                yield match
                while position < len(words) and spans[position][0] < match.end:
                    position += 1
            else:
                position += 1

    def _known_firsts(self, words: Iterable[str]) -> np.ndarray:
        hashed = np.frombuffer(b"".join(map(self._hashes.first, words)), dtype="<u8")
        places = np.searchsorted(self._firsts, hashed)
        places[places == len(self._firsts)] = 0
        return np.asarray(self._firsts[places] == hashed)

    def _longest(self, text: str, spans: list[tuple[int, int]], words: list[str], first: int) -> Match | None:
        start = spans[first][0]
        found: Match | None = None
        joined = words[first]
        for last in range(first, min(first + LONGEST_TERM, len(words))):
            end = spans[last][1]
            if last > first:
                gap = text[spans[last - 1][1] : spans[last][0]]
                if len(gap) > _WIDEST_GAP or "\n\n" in gap:
                    break
                joined += " " + words[last]
            owner = self._owner(TermKind.NAME, joined)
            if owner is not None:
                score = _SCORE[TermKind.NAME] if last > first else _ONE_WORD_NAME_SCORE
                found = self._match(start, end, TermKind.NAME, owner, score)
            elif _stands_alone(text, start, end):
                owner = self._owner(TermKind.ID, normalise(text[start:end]))
                if owner is not None:
                    found = self._match(start, end, TermKind.ID, owner, _SCORE[TermKind.ID])
        return found

    def _find_domains(self, text: str) -> Iterator[Match]:
        if "." not in text:
            return
        hosts = [(match.span(), normalise(match.group()).split(".")[-LONGEST_HOST:]) for match in HOST.finditer(text)]
        unique = {
            ending: index for index, ending in enumerate(dict.fromkeys(domain_ending(labels) for _, labels in hosts))
        }
        if not unique:
            return
        known = self._known_firsts(unique)
        for (start, end), labels in hosts:
            if not known[unique[domain_ending(labels)]]:
                continue
            for count in range(len(labels), 1, -1):
                owner = self._owner(TermKind.DOMAIN, ".".join(labels[-count:]))
                if owner is not None:
                    yield self._match(start, end, TermKind.DOMAIN, owner, _SCORE[TermKind.DOMAIN])
                    break

    def _owner(self, kind: TermKind, text: str) -> int | None:
        high, low = np.frombuffer(self._hashes.term(kind, text), dtype="<u8")
        place = int(np.searchsorted(self._terms[:, 0], high))
        while place < len(self._terms) and self._terms[place, 0] == high:
            if self._terms[place, 1] == low:
                return int(self._owners[place])
            place += 1
        return None

    def _match(self, start: int, end: int, kind: TermKind, owner: int, score: float) -> Match:
        return Match(start, end, _ENTITY[kind], score, "TenantDetector", DataClass.TENANT_DATA, self._labels[owner])


def domain_ending(labels: Sequence[str]) -> str:
    """What domains are sifted by: their last two labels, marked so that no word of a name is the same."""
    return "@" + ".".join(labels[-2:])


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no part of an id goes on at either side; `/` separates as well as it joins."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    goes_on_before = len(before) == 2 and before[1] in "-_" and before[0].isalnum()
    goes_on_after = len(after) == 2 and after[0] in "-_" and after[1].isalnum()
    return not (goes_on_before or goes_on_after)

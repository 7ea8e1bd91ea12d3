"""Customers' names, ids and domains, recognised without holding them: an index of keyed hashes, and its detector."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from promptguard.detectors.interface import Detector
from promptguard.detectors.tenant_terms import (
    HOST,
    ID_SEPARATORS,
    LONGEST_HOST,
    LONGEST_TERM,
    TOKEN,
    domain_of,
    domain_problem,
    domain_spellings,
    id_problem,
    name_problem,
    normalise,
    tokens,
    without_legal_form,
)
from promptguard.errors import ConfigError
from promptguard.model import DataClass, Match, Segment

THREAD_CHARACTERS = 20_000
"""Texts longer than this together are searched in a thread."""

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

COLUMNS: Mapping[str, frozenset[str]] = {
    "tenant": frozenset({"tenant", "label", "tenant label"}),
    "name": frozenset(
        {"name", "names", "customer", "client", "company", "firm", "organisation", "organization", "account name",
         "customer name", "company name", "client name", "tenant name", "legal name", "full name"}
    ),
    "alias": frozenset({"alias", "aliases", "aka", "also known as", "short name", "trading name", "brand", "brands"}),
    "id": frozenset(
        {"id", "ids", "tenant id", "customer id", "client id", "company id", "account", "account id", "account number",
         "customer number", "customer no", "number", "vat", "vat id", "tax id", "contract", "contract id"}
    ),
    "domain": frozenset(
        {"domain", "domains", "website", "web site", "web", "homepage", "url", "host", "hosts", "email domain", "email domains"}
    ),
}  # fmt: skip
"""What a column is for, by its name in the header, in lower case and with spaces for `_` and `-`."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of the CSV, or a term in it, that the index does not hold."""

    line: int
    """Of the file, counted from 1."""
    reason: str
    """Names the column, never the value."""


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
class _Term:
    kind: TermKind
    first: str
    text: str
    tenant: str


class TenantIndex:
    """Which terms belong to which tenant, as keyed hashes only. Build it with `build_index`, or `load` it."""

    def __init__(self, hashes: _Hashes, firsts: np.ndarray, terms: np.ndarray, owners: np.ndarray, labels: Sequence[str]):
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
        return cls._of(_Hashes(bytes(16)), [])

    @classmethod
    def _of(cls, hashes: _Hashes, terms: Iterable[_Term]) -> TenantIndex:
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
            path, None, "is no tenant index, is damaged, or was made with another key", "build the index again from the CSV"
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
        return sorted([*self._find_words(text), *self._find_domains(text)], key=lambda match: (match.start, match.end))

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
        for host in HOST.finditer(text):
            labels = normalise(host.group()).split(".")[-LONGEST_HOST:]
            for count in range(len(labels), 1, -1):
                owner = self._owner(TermKind.DOMAIN, ".".join(labels[-count:]))
                if owner is not None:
                    yield self._match(*host.span(), TermKind.DOMAIN, owner, _SCORE[TermKind.DOMAIN])
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


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no part of an id goes on at either side; `/` separates as well as it joins."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (
        (before[-1:] in ("-", "_") and before[-1:] and before[:1].isalnum() and len(before) == 2)
        or (after[:1] in ("-", "_") and after[:1] and after[1:].isalnum())
    )


def build_index(
    csv_path: Path, key: bytes, columns: Mapping[str, str] | None = None
) -> tuple[TenantIndex, list[RejectedRow]]:
    """Read customers from a CSV file with a header row (UTF-8; comma, semicolon or tab) into an index.

    Args:
        csv_path: the file. Cells may hold several values, separated by `;` or `|`.
        key: 16 bytes or more; the same key loads the index.
        columns: column name in the file to what it is (`tenant`, `name`, `alias`, `id`, `domain`); by default columns
            are recognised by their names (`COLUMNS`) and others are ignored.

    Returns:
        The index and what was left out of it. A match reports the column `tenant`, else the first id, else the line;
        never the name.

    Raises:
        ConfigError: the file cannot be read, or no column holds names, ids or domains.
    """
    rejected: list[RejectedRow] = []
    index = TenantIndex._of(_Hashes(key), _terms(csv_path, columns, rejected))
    return index, rejected


def _terms(path: Path, columns: Mapping[str, str] | None, rejected: list[RejectedRow]) -> Iterator[_Term]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(path, None, f"cannot be read: {error.strerror}", "check the path and its permissions") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(path, line, "is not UTF-8", "export the file as CSV UTF-8") from None
    lines = text.splitlines(keepends=True)
    head = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=head.count), strict=True)
    try:
        header = next(reader, [])
        roles = _roles(path, header, columns)
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(header):
                    rejected.append(RejectedRow(line, f"has {len(row)} cells where the header has {len(header)}"))
                else:
                    yield from _row_terms(line, row, roles, rejected)
            line = reader.line_num + 1
    except csv.Error:
        raise ConfigError(path, reader.line_num, "is no well-formed CSV", "look for an unclosed quotation mark") from None


def _roles(path: Path, header: Sequence[str], columns: Mapping[str, str] | None) -> list[str]:
    """What each column is for; an empty string where it is ignored."""
    if columns is not None:
        for column, role in columns.items():
            if column not in header:
                raise ConfigError(path, 1, f"has no column {column!r}", f"it has {', '.join(header)}")
            if role not in COLUMNS:
                raise ConfigError(path, 1, f"a column cannot be {role!r}", f"one of {', '.join(COLUMNS)}")
        roles = [columns.get(name, "") for name in header]
    else:
        plain = [" ".join(normalise(name).replace("_", " ").replace("-", " ").split()) for name in header]
        roles = [next((role for role, names in COLUMNS.items() if name in names), "") for name in plain]
    if not set(roles) & {"name", "alias", "id", "domain"}:
        raise ConfigError(
            path, 1, "no column of names, ids or domains", "the first row names the columns, e.g. tenant,name,id,domain"
        )
    return roles


def _row_terms(line: int, row: Sequence[str], roles: Sequence[str], rejected: list[RejectedRow]) -> Iterator[_Term]:
    cells: dict[str, list[str]] = {}
    for role, cell in zip(roles, row, strict=True):
        if role == "tenant":
            cells.setdefault(role, []).append(cell.strip())
        elif role:
            cells.setdefault(role, []).extend(value.strip() for value in cell.replace("|", ";").split(";") if value.strip())
    tenant = next((label for label in [*cells.get("tenant", ()), *cells.get("id", ())] if label), f"row {line}")
    kept = 0
    for role, values in cells.items():
        for value in values if role != "tenant" else ():
            terms, problem = _spellings(role, value, tenant)
            if problem:
                rejected.append(RejectedRow(line, f"{role}: {problem}"))
            kept += len(terms)
            yield from terms
    if not kept and not any(row.line == line for row in rejected):
        rejected.append(RejectedRow(line, "no name, id or domain in it"))


def _spellings(role: str, value: str, tenant: str) -> tuple[list[_Term], str]:
    """The terms to look for where a cell says `value`, or why there are none."""
    if role == "id":
        text = normalise(value)
        problem = id_problem(text)
        return ([] if problem else [_Term(TermKind.ID, tokens(text)[0], text, tenant)]), problem
    if role == "domain":
        host = domain_of(value)
        problem = domain_problem(host)
        spellings = [] if problem else sorted(domain_spellings(host))
        return [_Term(TermKind.DOMAIN, "", spelling, tenant) for spelling in spellings], problem
    words = tokens(value)
    problem = name_problem(words)
    short = without_legal_form(words)
    spellings = [spelling for spelling in (words, short) if not name_problem(spelling)]
    return [_Term(TermKind.NAME, words[0], " ".join(spelling), tenant) for spelling in spellings], problem


class TenantDetector(Detector):
    """Finds tenants' terms by an index file. A file that does not exist at the start is an index of no tenants."""

    id = "tenants"

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._index = TenantIndex.empty()
        self._state: tuple[int, int, int] | None = None

    @property
    def version(self) -> str:  # type: ignore[override]  # an attribute of the interface, here of the index that is in use
        """The hash of the index in use."""
        return self._index.version

    async def start(self) -> None:
        """Load the index.

        Raises:
            ConfigError: see `TenantIndex.load`.
        """
        await asyncio.to_thread(self.refresh)

    def refresh(self) -> bool:
        """Take up the index file if it changed since it was last read, and say whether it did. Reads a file.

        Raises:
            ConfigError: the new file is no good or gone; the index in use stays.
        """
        try:
            status = self._path.stat()
        except OSError:
            if self._state is None:
                return False
            raise ConfigError(self._path, None, "is gone", "build the index again from the CSV") from None
        state = (status.st_mtime_ns, status.st_size, status.st_ino)
        if state == self._state:
            return False
        self._index = TenantIndex.load(self._path, self._key)
        self._state = state
        return True

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        """See `Detector.find`."""
        index = self._index
        texts = [segment.text for segment in segments]
        if sum(map(len, texts)) > THREAD_CHARACTERS:
            return await asyncio.to_thread(lambda: [index.find(text) for text in texts])
        return [index.find(text) for text in texts]

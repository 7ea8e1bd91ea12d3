"""The registered texts in memory: which fingerprint stands in which of them, in 6 bytes each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from promptguard.detectors.fingerprints.store import Details, FingerprintStore

_CHUNK = 1 << 20
"""Fingerprints worked on at once while an index is made: bounds the memory that takes beside the index itself."""
_WORD = 64
_OWNER_BITS = 16
"""Bits that say in which text a fingerprint stands; more where there are more texts."""
_REST_BITS = 32
_MIN_BUCKET_BITS, _MAX_BUCKET_BITS = 4, 22


class FingerprintIndex:
    """Which text a fingerprint belongs to.

    Fingerprints are sorted and lie in buckets by their first bits. Only the 32 bits after those are kept, so that some
    50 bits must agree: by chance one in 10^7 prompts of 100 KB has a single wrong one, and a finding takes several.
    """

    def __init__(self, owners: Sequence[Details], packed: np.ndarray, owner_bits: int, version: str) -> None:
        """Use `load`, or `empty`.

        Args:
            owners: the texts.
            packed: fingerprints, sorted, the last `owner_bits` of each replaced by the index of its text in `owners`.
            owner_bits: as said.
            version: what tells this index from others.
        """
        self.owners = tuple(owners)
        """The texts that can be found, in the order in which they were added."""
        self.version = version
        bits = min(max(len(packed).bit_length() - 3, _MIN_BUCKET_BITS), _MAX_BUCKET_BITS)
        self._bucket_bits = bits
        self._owner_mask = np.uint64((1 << owner_bits) - 1)
        self._rests = np.empty(len(packed), dtype=np.uint32)
        self._places = np.empty(len(packed), dtype=np.uint16 if owner_bits <= 16 else np.uint32)
        """For each fingerprint, the index of its text in `owners`."""
        sizes = np.zeros(1 << bits, dtype=np.int64)
        for start, part in _chunks(packed):
            self._rests[start : start + len(part)] = self._rest(part)
            self._places[start : start + len(part)] = part & self._owner_mask
            sizes += np.bincount(self._bucket(part), minlength=len(sizes))
        self._offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint32)
        """Where each bucket begins, and where the last one ends."""

    @classmethod
    def empty(cls) -> FingerprintIndex:
        """An index of nothing."""
        return cls((), np.empty(0, np.uint64), _OWNER_BITS, "empty")

    @classmethod
    def load(cls, store: FingerprintStore, common_in: int) -> FingerprintIndex:
        """Read all registered texts; a fingerprint in more than `common_in` of them, or in boilerplate, is left out.

        Raises:
            ConfigError, Busy: see `FingerprintStore.read`.
        """
        room = store.size()
        packed = np.empty(room, dtype=np.uint64)
        owners: list[Details] = []
        boilerplate = [np.empty(0, np.uint64)]
        used = 0
        digest = hashlib.blake2b(f"{common_in}".encode(), digest_size=8)
        owner_bits = _OWNER_BITS
        for entry in store.read():
            digest.update(f"{entry.details!r}".encode("utf-8", "surrogatepass") + entry.fingerprints.tobytes())
            if entry.details.boilerplate:
                boilerplate.append(entry.fingerprints)
                continue
            count = len(entry.fingerprints)
            if used + count > len(packed):  # added since the room was measured
                packed = np.concatenate([packed[:used], np.empty(count + _CHUNK, dtype=np.uint64)])
            if len(owners) >> owner_bits:
                owner_bits += 1
                _widen(packed[:used], owner_bits)
            shift = np.uint64(owner_bits)
            packed[used : used + count] = (entry.fingerprints >> shift << shift) | np.uint64(len(owners))
            used += count
            owners.append(entry.details)
        packed = packed[:used]
        packed.sort()
        keep = _kept(packed, owner_bits, common_in, np.unique(np.concatenate(boilerplate)))
        return cls(owners, packed[keep], owner_bits, digest.hexdigest())

    def __len__(self) -> int:
        """The number of fingerprints."""
        return len(self._rests)

    @property
    def nbytes(self) -> int:
        """The memory that the fingerprints take, in bytes."""
        return self._offsets.nbytes + self._rests.nbytes + self._places.nbytes

    def lookup(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of these fingerprints are known, and where from: pairs of an index into `values` and one into `owners`.

        In the order of `values`; one fingerprint may belong to several texts.
        """
        which, places = [np.empty(0, np.int64)], [np.empty(0, self._places.dtype)]
        for start in range(0, len(values), _CHUNK >> 4):
            part = values[start : start + (_CHUNK >> 4)]
            buckets = self._bucket(part)
            first = self._offsets[buckets].astype(np.int64)
            counts = self._offsets[buckets + 1] - first
            asked = np.repeat(np.arange(len(part)), counts)
            candidates = np.arange(len(asked)) + np.repeat(first - (np.cumsum(counts) - counts), counts)
            same = self._rests[candidates] == self._rest(part)[asked]
            which.append(asked[same] + start)
            places.append(self._places[candidates[same]])
        return np.concatenate(which), np.concatenate(places).astype(np.int64)

    def _bucket(self, values: np.ndarray) -> np.ndarray:
        """The first bits."""
        return (values >> np.uint64(_WORD - self._bucket_bits)).astype(np.int64)

    def _rest(self, values: np.ndarray) -> np.ndarray:
        """The bits after those, as far as they belong to the fingerprint."""
        values = (values & ~self._owner_mask) << np.uint64(self._bucket_bits)
        return (values >> np.uint64(_WORD - _REST_BITS)).astype(np.uint32)


def _chunks(values: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(values), _CHUNK):
        yield start, values[start : start + _CHUNK]


def _widen(packed: np.ndarray, owner_bits: int) -> None:
    """Clear one bit of each fingerprint for owners' numbers that have become longer."""
    packed &= ~np.uint64(1 << (owner_bits - 1))


def _kept(packed: np.ndarray, owner_bits: int, common_in: int, boilerplate: np.ndarray) -> np.ndarray:
    """Which of the sorted fingerprints say something about their text."""
    shift = np.uint64(owner_bits)
    keep = np.ones(len(packed), dtype=bool)
    known = np.unique(boilerplate >> shift)
    for start, part in _chunks(packed):
        hashes = part >> shift
        # Sorted, a fingerprint in more than `common_in` texts is equal to the one that many places on.
        later = packed[start + common_in : start + common_in + _CHUNK] >> shift
        runs = np.flatnonzero(hashes[: len(later)] == later) + start
        for offset in range(common_in + 1):
            keep[runs + offset] = False
        if len(known):
            nearest = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            keep[start : start + len(part)] &= known[nearest] != hashes
    return keep

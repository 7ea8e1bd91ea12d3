"""From the digest of a term to the cells of the table that hold it: a sorted array, five bytes for each term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from promptguard.detectors.tenants.folding import Flags, Indexes, Numbers

_PER_BUCKET = 4
"""Terms that share a bucket, on average: few enough to be compared one by one."""
_FEW = 64
"""Digests that are looked for one by one: a dozen steps over arrays take as long."""
SHARED = np.uint32(1 << 31)
"""Set in a reference where more cells hold the term than are listed."""
_REFERENCE = np.uint32((1 << 31) - 1)
MAX_CELLS = int(_REFERENCE)


@dataclass(frozen=True, slots=True)
class TermDirectory:
    """Which cells hold a term. Looks at `buckets` and `keys` only, until a term is found."""

    buckets: npt.NDArray[np.uint32]
    """By the first bits of a digest: where in `keys` its terms begin. One more than there are buckets."""
    keys: npt.NDArray[np.uint32]
    """The 32 bits of each digest that follow those of its bucket, sorted."""
    references: npt.NDArray[np.uint32]
    """For each key, a cell that holds it; with `SHARED`, the first of many."""

    @classmethod
    def build(
        cls, digests: Numbers, columns: npt.NDArray[np.uint8], cells: npt.NDArray[np.uint32], most: int
    ) -> TermDirectory:
        """A directory of terms.

        Args:
            digests: the first halves of the terms' digests.
            columns: for each term, the number of its column; equal digests in one column are one term.
            cells: for each term, the number of its cell, in ascending order.
            most: how many cells of one term are listed, before it counts as shared by too many to go through.
        """
        order = np.lexsort((columns, digests))
        digests, columns, references = digests[order], columns[order], cells[order]
        new = np.ones(len(digests), np.bool_)
        new[1:] = (digests[1:] != digests[:-1]) | (columns[1:] != columns[:-1])
        begins = np.flatnonzero(new)
        sizes = np.diff(np.append(begins, len(digests)))
        shared = sizes > most
        references[begins[shared]] |= SHARED
        keep = new | np.repeat(~shared, sizes)
        digests, references = digests[keep], references[keep]
        bits = cls._bucket_bits(len(digests))
        counts = np.bincount((digests >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
        buckets = np.zeros((1 << bits) + 1, np.uint32)
        np.cumsum(counts, out=buckets[1:])
        keys = ((digests << np.uint64(bits)) >> np.uint64(32)).astype(np.uint32)
        return cls(buckets, keys, references)

    @staticmethod
    def _bucket_bits(count: int) -> int:
        return max(1, (count // _PER_BUCKET).bit_length() - 1)

    def find(self, digests: Numbers) -> tuple[Indexes, Indexes]:
        """Which of the digests are there, and the place of each of their references; a digest may have several."""
        if len(digests) <= _FEW:
            found = [(index, place) for index, each in enumerate(digests.tolist()) for place in self.find_one(each)]
            indexes, places = np.array(found, np.int64).reshape(-1, 2).T
            return indexes, places
        bits = np.uint64((len(self.buckets) - 1).bit_length() - 1)
        bucket = (digests >> (np.uint64(64) - bits)).astype(np.int64)
        wanted = ((digests << bits) >> np.uint64(32)).astype(np.uint32)
        place = self.buckets[bucket].astype(np.int64)
        end = self.buckets[bucket + 1].astype(np.int64)
        index = np.arange(len(digests))
        found_index: list[Indexes] = []
        found_place: list[Indexes] = []
        while True:
            going: Flags = place < end
            index, place, end, wanted = index[going], place[going], end[going], wanted[going]
            if not len(index):
                break
            keys = self.keys[place]
            equal = keys == wanted
            if equal.any():
                found_index.append(index[equal])
                found_place.append(place[equal])
            # Keys are sorted within a bucket.
            end = np.where(keys > wanted, place, end)
            place = place + 1
        if not found_index:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return np.concatenate(found_index), np.concatenate(found_place)

    def find_one(self, digest: int) -> list[int]:
        """As `find`, of one digest, and many times quicker than that for one."""
        bits = (len(self.buckets) - 1).bit_length() - 1
        bucket = digest >> (64 - bits)
        wanted = (digest << bits & 0xFFFFFFFFFFFFFFFF) >> 32
        begin, end = int(self.buckets[bucket]), int(self.buckets[bucket + 1])
        return [begin + index for index, key in enumerate(self.keys[begin:end].tolist()) if key == wanted]

    def cell(self, place: int) -> tuple[int, bool]:
        """The cell that a reference names, and whether many more hold the term."""
        reference = self.references[place]
        return int(reference & _REFERENCE), bool(reference & SHARED)

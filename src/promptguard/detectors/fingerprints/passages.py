"""From single fingerprints in common to passages that were taken from a registered text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from promptguard.detectors.fingerprints.index import FingerprintIndex
from promptguard.detectors.fingerprints.scheme import Scheme
from promptguard.detectors.fingerprints.winnowing import Fingerprints

_PART = 1 << 16
"""Fingerprints looked at together, of some 800,000 characters: bounds the memory that takes."""
_OVERLAP = 256
"""Fingerprints that belong to two parts, so that no passage is too short for being cut. What is longer is cut into
passages that touch."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text that stands in a registered one too."""

    owner: int
    """Index into the index's `owners`."""
    start: int
    """Where the first fingerprint in common begins, in the normalised text."""
    end: int
    """Where the last one ends."""
    covered: int
    """Normalised characters in fingerprints in common, a repeated one counted once."""


def find_passages(
    index: FingerprintIndex, fingerprints: Fingerprints, positions: np.ndarray, scheme: Scheme
) -> list[Passage]:
    """The passages of a text that are in registered ones, each of that which has most of it, in the order of the text.

    Linear: a fingerprint is in a bounded number of registered texts.

    Args:
        index: the registered texts.
        fingerprints: those of the text.
        positions: where its normalised characters stand.
        scheme: how much must be in common.
    """
    found: list[Passage] = []
    for start in range(0, len(fingerprints), _PART):
        end = start + _PART + _OVERLAP
        part = Fingerprints(fingerprints.positions[start:end], fingerprints.values[start:end])
        found.extend(_found(index, part, positions, scheme))
    best = _best(found, len(positions), scheme.minimum) if found else ()
    return sorted(best, key=lambda passage: (passage.start, passage.end))


def _found(
    index: FingerprintIndex, fingerprints: Fingerprints, positions: np.ndarray, scheme: Scheme
) -> Iterator[Passage]:
    """The passages of each registered text in a part of a text."""
    which, owners = index.lookup(fingerprints.values)
    if not len(which):
        return
    order = np.lexsort((which, owners))
    which, owners = which[order], owners[order]
    starts = fingerprints.positions[which]
    chains = np.cumsum(_begins(owners, starts, scheme.k + scheme.gap)) - 1
    distinct = _distinct(chains, starts, fingerprints.values[which])
    once, where = chains[distinct], starts[distinct]
    covered = _covered(once, where, where + scheme.k)
    shown = _covered(once, positions[where], positions[where + scheme.k - 1] + 1)
    firsts = np.flatnonzero(np.diff(chains, prepend=-1))
    lasts = np.append(firsts[1:], len(chains)) - 1
    for chain in np.flatnonzero((covered >= scheme.minimum) & (shown >= scheme.shortest)):
        first, last = firsts[chain], lasts[chain]
        yield Passage(int(owners[first]), int(starts[first]), int(starts[last]) + scheme.k, int(covered[chain]))


def _begins(owners: np.ndarray, starts: np.ndarray, farthest: int) -> np.ndarray:
    """Where another text begins, or one is so far from the last that it is another passage."""
    begins = np.ones(len(owners), dtype=bool)
    begins[1:] = (owners[1:] != owners[:-1]) | (starts[1:] - starts[:-1] > farthest)
    return begins


def _distinct(chains: np.ndarray, starts: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Which fingerprints stand in their chain for the first time.

    A phrase that is said again and again makes no longer passage.
    """
    order = np.lexsort((starts, values, chains))
    distinct = np.ones(len(chains), dtype=bool)
    distinct[order[1:]] = (chains[order[1:]] != chains[order[:-1]]) | (values[order[1:]] != values[order[:-1]])
    return distinct


def _covered(chains: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How many characters each chain's pieces cover together; within a chain, starts and ends ascend."""
    begins = starts.copy()
    same = chains[1:] == chains[:-1]
    begins[1:][same] = np.maximum(starts[1:], ends[:-1])[same]
    return np.bincount(chains, weights=ends - begins).astype(np.int64)


def _best(found: list[Passage], characters: int, minimum: int) -> Iterator[Passage]:
    """Of passages that overlap, those of the text with the most; of others what they have beyond, if that is enough.

    Where several texts have the same, it is called by the one that was added last: of versions the newest.
    """
    taken = np.zeros(characters, dtype=bool)
    for passage in sorted(found, key=lambda passage: (-passage.covered, -passage.owner, passage.start)):
        free = np.flatnonzero(~taken[passage.start : passage.end])
        if len(free) >= minimum:
            start, end = passage.start + int(free[0]), passage.start + int(free[-1]) + 1
            taken[start:end] = True
            yield Passage(passage.owner, start, end, min(passage.covered, len(free)))

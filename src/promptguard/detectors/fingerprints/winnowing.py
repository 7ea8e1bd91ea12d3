"""Winnowing: which few hashes of a text stand for all of it.

Schleimer, Wilkerson, Aiken: Winnowing: Local Algorithms for Document Fingerprinting, SIGMOD 2003. Of every window of
`window` consecutive k-grams the one with the smallest hash is selected; two texts with k + window - 1 characters in
common thus always select one in common, whatever stands around it.

K-grams are hashed by a cyclic polynomial (Cohen: Recursive Hashing Functions for n-Grams, ACM TOIS 15(3), 1997) over a
secret table, which is fast and pairwise independent in 64 - k + 1 bits (Lemire, Kaser: Recursive n-gram hashing is
pairwise independent, at best, 2010). What is selected is then encrypted with AES, so that nothing that is kept can be
traced to a text, or tried out against one, without the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR, ECB

_BLOCK = 1 << 17
"""K-grams hashed at once: bounds the memory that a long text takes meanwhile."""
_WORD_BITS = np.uint64(64)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The selected k-grams of a text."""

    positions: np.ndarray
    """Where each begins, as index into the normalised text, ascending (`int64`)."""
    values: np.ndarray
    """Their keyed hashes (`uint64`)."""

    def __len__(self) -> int:
        return len(self.values)


class Winnower:
    """Selects the fingerprints of normalised texts under one key."""

    def __init__(self, key: bytes, *, k: int, window: int) -> None:
        """Take the key and the two lengths.

        Args:
            key: 16 bytes or more.
            k: characters of a k-gram; shorter pieces in common are never seen. At most 64.
            window: k-grams of which one is selected.

        Raises:
            ValueError: the key is too short.
        """
        if len(key) < 16:
            raise ValueError("the key of fingerprints has 16 bytes or more")
        self.k = k
        self.window = window
        secret = hashlib.blake2b(key, digest_size=64, person=b"pg-winnowing").digest()
        stream = Cipher(AES(secret[:32]), CTR(bytes(16))).encryptor().update(bytes(8 << 16))
        self._table = np.frombuffer(stream, dtype="<u8")
        """A random word for every normalised character."""
        # As a pseudorandom function of single blocks, not for messages: equal hashes are meant to have equal results.
        self._cipher = Cipher(AES(secret[32:]), ECB())  # noqa: S305

    def __call__(self, codes: np.ndarray) -> Fingerprints:
        """The fingerprints of a text's `codes`, in time proportional to their number."""
        grams = len(codes) - self.k + 1
        windows = max(grams - self.window + 1, min(grams, 1))
        positions, hashes = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
        pending = np.empty(0, np.int64)
        last_position, last_hash = -self.window, np.uint64(0)
        # Blocks overlap so that every window lies within one of them. Where they overlap, the next may select more.
        for start in range(0, windows, _BLOCK):
            block = self._hashes(codes[start : start + _BLOCK + self.window - 1 + self.k - 1])
            selected = np.union1d(pending, _select(block, self.window) + start)
            done = len(selected) if start + _BLOCK >= windows else int(np.searchsorted(selected, start + _BLOCK))
            selected, pending = selected[:done], selected[done:]
            if not len(selected):
                continue
            chosen = block[selected - start]
            # In text that repeats itself within a window, such as rows of dashes, all would be selected: one will do.
            distance = np.diff(selected, prepend=last_position)
            repeated = chosen == np.concatenate([[last_hash], chosen[:-1]])
            last_position, last_hash = int(selected[-1]), chosen[-1]
            fresh = ~repeated | (distance >= self.window)
            positions.append(selected[fresh])
            hashes.append(chosen[fresh])
        return Fingerprints(np.concatenate(positions), self._encrypt(np.concatenate(hashes)))

    def _hashes(self, codes: np.ndarray) -> np.ndarray:
        """The cyclic polynomial of each k-gram: the exclusive or of its characters' words, each rotated by its place.

        With prefixes of words rotated by their place in the text, a k-gram is the difference of two prefixes, rotated
        back: no loop over k.
        """
        k = self.k
        turns = np.arange(len(codes), dtype=np.uint64) & np.uint64(63)
        words = self._table[codes]
        prefixes = np.bitwise_xor.accumulate((words >> turns) | (words << (_WORD_BITS - turns)))
        grams = prefixes[k - 1 :].copy()
        grams[1:] ^= prefixes[:-k]
        turns = turns[k - 1 :]
        return np.asarray((grams << turns) | (grams >> (_WORD_BITS - turns)))

    def _encrypt(self, hashes: np.ndarray) -> np.ndarray:
        blocks = np.zeros((len(hashes), 2), dtype="<u8")
        blocks[:, 0] = hashes
        encrypted = self._cipher.encryptor().update(blocks.tobytes())
        return np.frombuffer(encrypted, dtype="<u8").reshape(-1, 2)[:, 0].astype(np.uint64)


def _select(hashes: np.ndarray, window: int) -> np.ndarray:
    """Indexes of the hashes that are smallest in some window; a text shorter than one is one window.

    Of equal smallest hashes all are selected.
    """
    window = min(window, len(hashes))
    smallest = _sliding(np.minimum, hashes, window)
    padding = np.zeros(window - 1, dtype=hashes.dtype)
    # A window's minimum is never above a hash in it: where the largest of them equals the hash, one window chose it.
    largest = _sliding(np.maximum, np.concatenate([padding, smallest, padding]), window)
    return np.flatnonzero(largest == hashes)


def _sliding(operation: Callable[[np.ndarray, np.ndarray], np.ndarray], values: np.ndarray, window: int) -> np.ndarray:
    """The minimum or maximum of each window, by doubling: log2(window) passes."""
    width = 1
    while 2 * width <= window:
        values = operation(values[:-width], values[width:])
        width *= 2
    if width < window:
        values = operation(values[: width - window], values[window - width :])
    return values

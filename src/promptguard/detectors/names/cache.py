"""What was found in texts before, without the texts."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict


class TextCache[Found]:
    """What was found, by a keyed hash of the text, the least recently used forgotten first.

    The key lives and dies with the process: from a hash alone nobody can test guesses of a text.
    """

    def __init__(self, limit: int) -> None:
        """A cache of at most `limit` texts."""
        self._limit = limit
        self._key = secrets.token_bytes(32)
        self._found: OrderedDict[bytes, Found] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def digest(self, text: str) -> bytes:
        """The hash under which it is kept what was found in a text."""
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def get(self, digest: bytes) -> Found | None:
        """What was found in the text with this digest; None if that is not known."""
        found = self._found.get(digest)
        if found is not None:
            self._found.move_to_end(digest)
        return found

    def put(self, digest: bytes, found: Found) -> None:
        """Keep what was found in the text with this digest."""
        self._found[digest] = found
        self._found.move_to_end(digest)
        while len(self._found) > self._limit:
            self._found.popitem(last=False)

"""The texts of files that were read lately: chats and agents send the same file again with every turn."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict

from promptguard.errors import Unreadable
from promptguard.files.interface import Source
from promptguard.model import FileText

type Outcome = tuple[FileText, ...] | Unreadable
"""The texts of a file, or why it cannot be read in full, with what was."""

_OVERHEAD = 200
"""Characters that an entry counts besides its texts."""


class TextCache:
    """Outcomes by a keyed hash of the file, the least recently used forgotten first.

    The key lives and dies with the process. Texts are kept in memory only, and no more than so many characters.
    """

    def __init__(self, characters: int) -> None:
        """A cache of texts of at most so many characters together."""
        self._limit = characters
        self._key = secrets.token_bytes(32)
        self._outcomes: OrderedDict[bytes, Outcome] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._outcomes)

    def digest(self, source: Source) -> bytes:
        """The hash under which a file's outcome is kept: its bytes, and what it is said to be."""
        digest = hashlib.blake2b(key=self._key, digest_size=16)
        declared = f"{len(source.name)} {len(source.media_type)} {source.name}{source.media_type}{source.charset}\0"
        digest.update(declared.encode("utf-8", "surrogatepass"))
        digest.update(source.data)
        return digest.digest()

    def get(self, digest: bytes) -> Outcome | None:
        """What became of the file with this digest; None if it is not known."""
        outcome = self._outcomes.get(digest)
        if outcome is not None:
            self._outcomes.move_to_end(digest)
        return outcome

    def put(self, digest: bytes, outcome: Outcome) -> None:
        """Keep what became of the file with this digest, if it is not too long."""
        if digest in self._outcomes:
            self._size -= _size(self._outcomes.pop(digest))
        if _size(outcome) > self._limit:
            return
        self._outcomes[digest] = outcome
        self._size += _size(outcome)
        while self._size > self._limit:
            self._size -= _size(self._outcomes.popitem(last=False)[1])


def _size(outcome: Outcome) -> int:
    texts = outcome.texts if isinstance(outcome, Unreadable) else outcome
    return _OVERHEAD + sum(len(text.text) + len(text.label) for text in texts)

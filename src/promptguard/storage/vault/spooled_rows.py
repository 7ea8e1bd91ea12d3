"""The vault's rows while their database is away: kept on this machine's disk and in memory, and written afterwards.

What is replaced or refused meanwhile is known to this process, and to whoever starts after it; to other machines once
the database is back. What services answered is not kept on the disk: it is much, and not knowing it is the safe side.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import orjson

from promptguard.errors import StorageAway, StorageError
from promptguard.model import DataClass, Mark, Original
from promptguard.storage.open_database import OpenDatabase
from promptguard.storage.spool.file import SpoolFull
from promptguard.storage.spool.owned import OwnedFiles
from promptguard.storage.vault.cipher import VaultCipher
from promptguard.storage.vault.rows import AWAY, Kept, Originals, VaultRows

DELIVERY_SECONDS: Final = 0.3
"""For which what waits is written in one go: a request that replaces something may wait that long."""

_SPOOLED: Final = frozenset({Mark.BLOCKED, Mark.REFUSED, Mark.DECLARED})


class SpooledRows(VaultRows):
    """See `VaultRows`. Reads and writes come from one thread each."""

    def __init__(
        self, database: OpenDatabase, cipher: VaultCipher, clock: Callable[[], float], files: OwnedFiles
    ) -> None:
        super().__init__(database, cipher, clock)
        self._files = files
        self._check = ""
        self._originals: dict[bytes, dict[str, Kept]] = {}
        self._marks: dict[tuple[bytes, Mark], dict[str, float]] = {}
        self._lock = threading.Lock()
        """Held where either is changed, and where one is copied."""
        for content in files.contents():
            self._load(orjson.loads(content))

    @property
    def waiting(self) -> bool:
        """Whether there is something that the database does not have."""
        return bool(self._originals or self._marks)

    def check_key(self, check: str) -> None:
        """See `VaultRows.check_key`; done before the first use, where the database is away."""
        self._check = check
        with contextlib.suppress(StorageAway):
            self._reach()

    def _reach(self) -> None:
        if self._check:
            super().check_key(self._check)
            self._check = ""

    def read(self, scope: bytes) -> Originals:
        with self._lock:  # before the database is read: what is delivered meanwhile is in one of them
            entries = dict(self._originals.get(scope, {}))
            blocked = dict(self._marks.get((scope, Mark.BLOCKED), {}))
        try:
            self._reach()
            stored = super().read(scope)
        except StorageAway:
            stored = Originals(AWAY, {}, {})
        now = self._clock()
        waiting = {placeholder: kept for placeholder, kept in entries.items() if kept.expires > now}
        return Originals(stored.revision, {**waiting, **stored.entries}, {**blocked, **stored.blocked})

    def write(self, scope: bytes, originals: Mapping[str, Kept]) -> tuple[int, int]:
        try:
            self._reach()
            return super().write(scope, originals)
        except StorageAway:
            self._keep({"scope": scope.hex(), "originals": {name: _plain(kept) for name, kept in originals.items()}})
            return AWAY, AWAY

    def read_marks(self, scope: bytes, mark: Mark, hashes: Sequence[str]) -> dict[str, float]:
        now = self._clock()
        with self._lock:
            waiting = self._marks.get((scope, mark), {})
            found = {each: expires for each in hashes if (expires := waiting.get(each, 0.0)) > now}
        with contextlib.suppress(StorageAway):
            self._reach()
            found.update(super().read_marks(scope, mark, hashes))
        return found

    def write_marks(self, scope: bytes, mark: Mark, hashes: Sequence[str], expires: float) -> None:
        try:
            self._reach()
            super().write_marks(scope, mark, hashes, expires)
        except StorageAway:
            if mark not in _SPOOLED:
                raise
            self._keep({"scope": scope.hex(), "mark": str(mark), "hashes": list(hashes), "expires": expires})

    def delete_expired(self) -> None:
        now = self._clock()
        with self._lock:
            for scope, entries in list(self._originals.items()):
                self._originals[scope] = {name: kept for name, kept in entries.items() if kept.expires > now}
                if not self._originals[scope]:
                    del self._originals[scope]
        with contextlib.suppress(StorageAway):
            self._reach()
            super().delete_expired()

    def deliver(self) -> bool:
        """Write some of what waits; whether there is more to write, and the database there.

        Raises:
            StorageError: it cannot be written, for another reason than that the database is away.
        """
        until = time.monotonic() + DELIVERY_SECONDS
        try:
            self._reach()
            while self.waiting and time.monotonic() < until:
                self._deliver_one()
        except StorageAway:
            return False
        if not self.waiting:
            self._files.clear()
        return self.waiting

    def _deliver_one(self) -> None:
        if self._originals:
            scope, entries = next(iter(self._originals.items()))
            super().write(scope, entries)
            with self._lock:
                del self._originals[scope]
        else:
            (scope, mark), hashes = next(iter(self._marks.items()))
            super().write_marks(scope, mark, list(hashes), max(hashes.values()))
            with self._lock:
                del self._marks[scope, mark]

    def _keep(self, members: dict[str, Any]) -> None:
        """Keep what cannot be written now; it need not survive a power cut."""
        try:
            self._files.append(orjson.dumps(members))
        except (SpoolFull, OSError) as error:
            problem = "is full" if isinstance(error, SpoolFull) else f"cannot be written: {error.strerror}"
            raise StorageError(
                self._files.path,
                f"The database is away, and the spool for what is replaced {problem}.",
                "See that the database can be reached again; see `audit.spool`.",
            ) from None
        self._load(members)

    def _load(self, members: Mapping[str, Any]) -> None:
        scope = bytes.fromhex(members["scope"])
        with self._lock:
            if "originals" in members:
                fresh = {name: _kept(*plain) for name, plain in members["originals"].items()}
                self._originals.setdefault(scope, {}).update(fresh)
            else:
                fresh_marks = dict.fromkeys(members["hashes"], float(members["expires"]))
                self._marks.setdefault((scope, Mark(members["mark"])), {}).update(fresh_marks)

    def close(self) -> None:
        """Leave what waits to the next process."""
        self._files.close()


def _plain(kept: Kept) -> list[object]:
    # Texts of requests may have lone surrogates, which JSON has not.
    text = kept.original.text.encode("utf-8", "surrogatepass").decode("latin-1")
    return [text, str(kept.original.data_class), kept.expires]


def _kept(text: str, data_class: str, expires: float) -> Kept:
    original = Original(text.encode("latin-1").decode("utf-8", "surrogatepass"), DataClass(data_class))
    return Kept(original, float(expires))

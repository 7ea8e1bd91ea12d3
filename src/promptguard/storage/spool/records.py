"""Records that wait on the disk for their database, chain by chain, each the way it will stand there."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from promptguard.audit.chain import is_chain_id
from promptguard.audit.interface import Head, Record, RecordingFailed
from promptguard.storage.file_lock import FileLock
from promptguard.storage.spool.file import Frame, SpoolFile, SpoolFull
from promptguard.storage.spool.keys import WaitingKeys, of_plain, plain

_RECORDS: Final = ".records"
_STRAY: Final = ".stray"
SLICE: Final = 500
"""Records that are delivered at once, about: in a fraction of the time that a request waits for its record."""


class Waiting(NamedTuple):
    """Some records that wait, in the order of their chain."""

    records: list[Record]
    head: Head
    """The chain's, after them."""
    place: tuple[int, int]
    """Where what follows begins: see `RecordSpool.slice`."""


START: Final = (0, 0)


class RecordSpool:
    """What waits of one chain. For the thread that writes the chain."""

    def __init__(self, chain: str, file: SpoolFile, keys: WaitingKeys) -> None:
        """`keys` are given those that records in here were sealed under, and the database may not have."""
        self.chain = chain
        self._file = file
        self._keys = keys
        self._with_keys: set[bytes] = set()
        self.head: Head | None = None
        """The chain's, after all that waits; None while nothing does."""
        for frame in file.read():
            self.head = _opened(frame, chain).head
            for key in map(of_plain, orjson.loads(frame.content)["keys"]):
                keys.add(key)
                self._with_keys.add(key.id)

    @property
    def file(self) -> SpoolFile:
        return self._file

    def append(self, records: Sequence[Record], head: Head, *, durable: bool) -> None:
        """Keep records that continue those before.

        Raises:
            RecordingFailed: nothing was kept.
        """
        keys = [key for key in self._keys if key.id not in self._with_keys]
        content = orjson.dumps(
            {
                "keys": [plain(key) for key in keys],
                "head": [head.sequence, head.hash.hex(), head.mac.hex()],
                "previous": records[0].previous_hash.hex(),
                "records": [
                    [
                        each.sequence,
                        each.event_id,
                        each.time,
                        each.action,
                        b2a_base64(each.event, newline=False).decode(),
                        each.hash.hex(),
                        each.mac.hex(),
                    ]
                    for each in records
                ],
            }
        )
        try:
            self._file.append(content, len(records), durable=durable)
        except SpoolFull:
            raise RecordingFailed("The database is away, and the spool for its records is full.") from None
        except OSError as error:
            raise RecordingFailed(
                f"The database is away, and {self._file.path} cannot be written: {error.strerror}."
            ) from None
        self.head = head
        self._with_keys.update(key.id for key in keys)

    def slice(self, place: tuple[int, int] = START) -> Waiting | None:
        """The next records from a place on; None if there are none.

        Raises:
            RecordingFailed: they cannot be read any more.
        """
        found: Waiting | None = None
        offset, number = place
        try:
            for frame in self._file.read(offset, number):
                number += 1
                waiting = _opened(frame, self.chain, number)
                found = waiting if found is None else waiting._replace(records=found.records + waiting.records)
                if len(found.records) >= SLICE:
                    break
        except (OSError, ValueError):
            raise RecordingFailed(
                f"{self._file.path} cannot be read any more. It is kept: look after that disk."
            ) from None
        return found

    def clear(self) -> None:
        """Forget all of it: it is delivered.

        Raises:
            RecordingFailed: the file cannot be removed.
        """
        try:
            self._file.clear()
        except OSError as error:
            raise RecordingFailed(f"{self._file.path} cannot be removed: {error.strerror}.") from None
        self.head = None
        self._with_keys.clear()


def _opened(frame: Frame, chain: str, number: int = 0) -> Waiting:
    members = orjson.loads(frame.content)
    previous = bytes.fromhex(members["previous"])
    records = []
    for sequence, event_id, time, action, event, digest, mac in members["records"]:
        digest = bytes.fromhex(digest)
        records.append(
            Record(sequence, event_id, time, action, a2b_base64(event), previous, digest, bytes.fromhex(mac), chain)
        )
        previous = digest
    sequence, digest, mac = members["head"]
    return Waiting(records, Head(sequence, bytes.fromhex(digest), bytes.fromhex(mac)), (frame.end, number))


class SpoolFolder:
    """The folder of all that waits, beside the database's clients: of one data folder, on a disk of this machine."""

    def __init__(self, path: Path, key: bytes, *, max_bytes: int, max_age: float) -> None:
        """`key` is `Keys.spool`; the bounds are those of `SpoolFile`, for each chain."""
        self.path = path
        self._key = key
        self._max_bytes = max_bytes
        self._max_age = max_age
        self.keys = WaitingKeys()

    def lock(self, chain: str) -> FileLock | None:
        """Hold a chain of this data folder, so that no other process continues what waits of it; None if one does.

        Raises:
            RecordingFailed: it cannot be told.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            return FileLock.take(self.path / f"{chain}.lock")
        except OSError as error:
            raise RecordingFailed(f"{self.path}: a spool cannot be locked: {error.strerror}.") from None

    def of(self, chain: str) -> RecordSpool:
        """What waits of a chain that is held.

        Raises:
            RecordingFailed: it cannot be read.
        """
        return RecordSpool(chain, self.file(self.path / f"{chain}{_RECORDS}"), self.keys)

    def file(self, path: Path, share: float = 1.0) -> SpoolFile:
        """A file in this folder, which gets a share of the bound.

        Raises:
            RecordingFailed: it cannot be read.
        """
        try:
            return SpoolFile(path, self._key, max_bytes=int(self._max_bytes * share), max_age=self._max_age)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise RecordingFailed(
                f"{path}: what waits for the database cannot be read: {reason}.\n  Restore the master key that belongs"
                " to it; or keep the file aside as evidence and start again."
            ) from None

    def chains(self) -> list[str]:
        """The chains of which something waits."""
        names = (path.name.removesuffix(_RECORDS) for path in self.path.glob(f"*{_RECORDS}"))
        return sorted(filter(is_chain_id, names))

    def set_aside(self, spool: RecordSpool) -> None:
        """Let what waits be continued by nobody: its chain goes on elsewhere.

        Raises:
            RecordingFailed: it cannot be renamed.
        """
        path = spool.file.path
        spool.file.close()
        number = 1 + len(list(self.path.glob(f"{spool.chain}.*{_STRAY}")))
        try:
            path.rename(path.with_name(f"{spool.chain}.{number}{_STRAY}"))
        except OSError as error:
            raise RecordingFailed(f"{path} cannot be renamed: {error.strerror}.") from None

    def count_strays(self) -> int:
        """How many chains were set aside, and are in no other yet."""
        return len(list(self.path.glob(f"*{_STRAY}")))

    def strays(self) -> Iterator[RecordSpool]:
        """What was set aside and is in no chain yet, one after the other."""
        for path in sorted(self.path.glob(f"*{_STRAY}")):
            yield RecordSpool(path.name.split(".")[0], self.file(path), self.keys)

"""The heads of the chains, kept a second time beside the keys, where whoever has only the database cannot reach it.

Without it, cutting off the last records, or putting back an older copy of the database, would leave a chain that
is whole.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from pathlib import Path

import orjson

from promptguard.audit.chain import FIRST_CHAIN, Chain, is_chain_id
from promptguard.audit.interface import Head
from promptguard.keys import sync_folder

_MAX_TIME = 24
"""Characters of a time, as in `Event.time`."""

_OF_AN_INSTALLATION = re.compile(r"[0-9a-f]{12}-[0-9]+")
"""A chain in a database of several installations."""

type FileStamp = tuple[int, ...]


def stamp_of(status: os.stat_result) -> FileStamp:
    """Device, inode, length in bytes, and time of the last change in nanoseconds."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class HeadFiles:
    """The head files of an installation: `audit.head` of the first chain, `audit.2.head` of another."""

    def __init__(self, folder: Path, key: bytes, installation: str = "") -> None:
        """Name the files.

        Args:
            folder: the one of the keys.
            key: `Keys.audit`.
            installation: see `Store.installation`.
        """
        self._folder = folder
        self._key = key
        self._installation = installation

    def is_ours(self, chain: str) -> bool:
        """Whether a chain has its head file here; others have theirs with the installation that writes them."""
        if self._installation:
            return chain.startswith(f"{self._installation}-")
        return _OF_AN_INSTALLATION.fullmatch(chain) is None

    def of(self, chain: str) -> HeadFile:
        """The head file of a chain, which need not be there."""
        name = "audit.head" if chain == FIRST_CHAIN else f"audit.{chain}.head"
        return HeadFile(self._folder / name, Chain(self._key, chain))

    def checkpoint_path(self, chain: str) -> Path:
        """Where the last checkpoint of a chain stands, which need not be there."""
        return self._folder / f"audit.{chain}.checkpoint"

    def chains(self) -> list[str]:
        """The ids of the chains that have a head file, in order."""
        names = [path.name.split(".")[1] for path in self._folder.glob("audit.*.head")]
        first = [FIRST_CHAIN] if self.of(FIRST_CHAIN).path.exists() else []
        return sorted(chain for chain in {*first, *filter(is_chain_id, names)} if self.is_ours(chain))

    @property
    def overwritten(self) -> Path:
        """The file that is there once the database was found overwritten while it was in use."""
        return self._folder / "audit.overwritten"

    def note_overwritten(self, time: str) -> None:
        """Note for good that the database was overwritten in place: what is in it by then may be whole again.

        Raises:
            OSError: it cannot be noted.
        """
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(self.overwritten, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                stream.write(f"{time}\n")
                stream.flush()
                os.fsync(descriptor)
            sync_folder(self._folder)

    def overwritten_at(self) -> str | None:
        """When that was found first, as `Event.time`; None if it never was.

        Raises:
            OSError: it cannot be told.
        """
        try:
            return self.overwritten.read_text(encoding="utf-8", errors="replace").strip()[:_MAX_TIME]
        except FileNotFoundError:
            return None


class HeadFile:
    """A file with the head of a chain as of a moment ago, in JSON. Never ahead of what is durable in the database."""

    def __init__(self, path: Path, chain: Chain) -> None:
        self.path = path
        self.chain = chain

    def read(self) -> Head | None:
        """The head in the file; None if there is no file.

        Raises:
            ValueError: the file is damaged, or was written with another key.
            OSError: the file cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            members = orjson.loads(content)
            head = Head(int(members["sequence"]), bytes.fromhex(members["hash"]), bytes.fromhex(members["mac"]))
        except (ValueError, KeyError, TypeError):
            raise ValueError("the file is damaged") from None
        if not self.chain.is_genuine(head):
            raise ValueError("the file was not written with this installation's key")
        return head

    def stamp(self) -> FileStamp | None:
        """What tells this file from one that was put in its place; None if there is none."""
        try:
            return stamp_of(os.stat(self.path))  # noqa: PTH116 - on the way of every request: Path.stat costs twice
        except OSError:
            return None

    def replace(self, head: Head) -> FileStamp:
        """Put a newer head in place, whole or not at all. Its stamp.

        After a power cut it may be older than the database, never newer or half written.

        Raises:
            OSError: the file cannot be written.
        """
        content = orjson.dumps({"sequence": head.sequence, "hash": head.hash.hex(), "mac": head.mac.hex()})
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(descriptor)
                stamp = stamp_of(os.fstat(descriptor))
            draft.replace(self.path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return stamp

    def flush(self) -> None:
        """Make what was put in place last survive a power cut. Windows does that by itself.

        Raises:
            OSError: it cannot be made so.
        """
        sync_folder(self.path.parent)

"""Signed checkpoints, which join the chains of several machines: each writer vouches for the ends of all that it saw.

A head file protects the end of a chain on the machine that writes it alone. A checkpoint is kept in the database and
beside the keys of each machine, so that a cut at the end of any chain is found on all of them, also when the machine
that wrote it is gone.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Checkpoint, Head, Store, Writer
from promptguard.keys import derive

CHECKPOINT_SECONDS: Final = 60.0
"""How often a writer that records makes one."""


class Notary:
    """Signs and checks checkpoints with Ed25519 (RFC 8032), by a key derived from `Keys.audit`."""

    def __init__(self, audit_key: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(derive(audit_key, "checkpoints"))
        self._public = self._private.public_key()

    def signed(self, chain: str, number: int, time: str, heads: Mapping[str, Head]) -> Checkpoint:
        """A checkpoint of these heads."""
        content = orjson.dumps(
            {name: [head.sequence, head.hash.hex()] for name, head in heads.items()}, option=orjson.OPT_SORT_KEYS
        )
        unsigned = Checkpoint(chain, number, time, content, b"")
        return unsigned._replace(signature=self._private.sign(_signed_part(unsigned)))

    def marks(self, checkpoint: Checkpoint) -> dict[str, tuple[int, bytes]]:
        """By chain, the sequence and the hash of the record that stood at its end.

        Raises:
            ValueError: the checkpoint was not signed with this installation's key.
        """
        try:
            self._public.verify(checkpoint.signature, _signed_part(checkpoint))
            heads = orjson.loads(checkpoint.heads)
            return {chain: (sequence, bytes.fromhex(digest)) for chain, (sequence, digest) in heads.items()}
        except (InvalidSignature, ValueError, TypeError, AttributeError):
            raise ValueError("a checkpoint was not signed with this installation's key") from None


def _signed_part(checkpoint: Checkpoint) -> bytes:
    head = f"promptguard/checkpoint/1\n{checkpoint.chain}\n{checkpoint.number}\n{checkpoint.time}\n"
    return head.encode() + checkpoint.heads


class CheckpointFile:
    """A chain's last checkpoint, beside the keys."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Checkpoint | None:
        """The checkpoint, which nobody has checked; None if there is no file.

        Raises:
            ValueError: the file is damaged.
            OSError: it cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            members = orjson.loads(content)
            heads, signature = members["heads"].encode(), bytes.fromhex(members["signature"])
            return Checkpoint(str(members["chain"]), int(members["number"]), str(members["time"]), heads, signature)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError("the file is damaged") from None

    def replace(self, checkpoint: Checkpoint) -> None:
        """Put a newer one in place, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        members = {**checkpoint._asdict(), "heads": checkpoint.heads.decode(), "signature": checkpoint.signature.hex()}
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(orjson.dumps(members))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.path)


class Checkpoints:
    """Makes the checkpoints of one writer. For the thread that writes the chain."""

    def __init__(self, store: Store, writer: Writer, notary: Notary, file: CheckpointFile) -> None:
        self._store = store
        self._writer = writer
        self._notary = notary
        self._file = file
        self._last: Checkpoint | None = None

    def make(self) -> None:
        """Sign the ends of all chains as they are now, if one has moved.

        Raises:
            RecordingFailed, StorageError, OSError: it cannot be kept.
        """
        if self._last is None:
            self._last = self._former()
        number = self._last.number + 1 if self._last else 1
        time = timestamp(datetime.now(UTC))
        made = self._notary.signed(self._writer.chain, number, time, self._store.heads())
        if self._last is None or made.heads != self._last.heads:
            self._writer.keep(made)
            self._file.replace(made)
            self._last = made

    def _former(self) -> Checkpoint | None:
        """The last one of whoever wrote this chain before."""
        with contextlib.suppress(ValueError):
            if (found := self._file.read()) is not None:
                return found
        return next((each for each in self._store.checkpoints() if each.chain == self._writer.chain), None)


def known_checkpoints(store: Store, head_files: HeadFiles | None) -> list[Checkpoint]:
    """Those in the database, and those beside the keys."""
    found = store.checkpoints()
    if head_files is not None and store.installation:
        for chain in head_files.chains():
            # A file that is lost takes nothing with it but what it knew.
            with contextlib.suppress(ValueError, OSError):
                if (kept := CheckpointFile(head_files.checkpoint_path(chain)).read()) is not None:
                    found.append(kept)
    return found


def marks_of(
    notary: Notary, checkpoints: Iterable[Checkpoint]
) -> tuple[dict[str, dict[int, bytes]], tuple[str, str] | None]:
    """What checkpoints say of each chain, by sequence; and the chain and what is wrong, where one is forged."""
    marks: dict[str, dict[int, bytes]] = {}
    for checkpoint in checkpoints:
        try:
            found = notary.marks(checkpoint)
        except ValueError as error:
            return marks, (str(checkpoint.chain), str(error))
        for chain, (sequence, digest) in found.items():
            marks.setdefault(chain, {})[sequence] = digest
    return marks, None

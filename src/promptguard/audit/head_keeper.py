"""Keeps one chain's head file in step with the database, and lets nobody take it away unseen."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

from promptguard.audit.anchor import Anchor, Loss, LossKind, opened, sealed
from promptguard.audit.chain import of_chain
from promptguard.audit.events import timestamp
from promptguard.audit.head_file import FileStamp, HeadFile
from promptguard.audit.interface import Head, RecordingFailed, Store, Writer

log = logging.getLogger(__name__)

_WORDS = {
    LossKind.MISSING: "was deleted",
    LossKind.DAMAGED: "was damaged",
    LossKind.OLDER: "was put back to an earlier state",
}


class HeadKeeper:
    """For the thread that writes the chain."""

    def __init__(self, store: Store, writer: Writer, head_file: HeadFile) -> None:
        self._store = store
        self._writer = writer
        self._file = head_file
        self._anchor: Anchor | None = None
        """None until it was read."""
        self._written = 0
        """The sequence that the file has, or had when it was left."""
        self._stamp: FileStamp | None = None
        self._lost: LossKind | None = None

    @property
    def prepared(self) -> bool:
        """Whether it is known what the database says of the file."""
        return self._anchor is not None

    def prepare(self) -> None:
        """Give a new chain its file, and note what happened to the file of one that goes on.

        Raises:
            RecordingFailed, OSError: it cannot be looked after.
        """
        chain = self._file.chain
        anchor = self._read_anchor()
        head, (known, kind) = self._store.head(chain.name), self._look(anchor.sequence)
        if anchor.sequence > (0 if head is None else head.sequence):
            raise RecordingFailed(
                f"Records up to {anchor.sequence}{of_chain(chain.name)} were there before, and are gone."
            )
        self._anchor = anchor
        if head is None and kind is LossKind.MISSING:
            self._replace(chain.start())
        elif kind is not None and head is not None:
            self._note(kind)
            self._replace_by(self._settled(), known)
        else:
            self._written = known.sequence if known else 0
            self._stamp = self._file.stamp()

    def check_in_place(self) -> None:
        """Refuse where the file is not as it was left, until the next start. Takes a microsecond where it is.

        Raises:
            RecordingFailed: it is not.
        """
        if self._anchor is None:
            try:
                self.prepare()
            except OSError as error:
                raise RecordingFailed(f"{self._file.path} cannot be written: {error.strerror}.") from None
        if self._lost is None and (stamp := self._file.stamp()) != self._stamp:
            _, kind = self._look(self._written)
            if kind is not None:
                self._note(kind)
                self._lost = kind
            self._stamp = stamp
        if self._lost is not None:
            raise RecordingFailed(self.problem)

    @property
    def problem(self) -> str:
        """What happened to the file, so that nothing is recorded; empty if nothing did. From any thread."""
        if self._lost is None:
            return ""
        return (
            f"{self._file.path} {_WORDS[self._lost]} while it was in use.\n  Find out by whom. Start PromptGuard again"
            " to go on; `promptguard audit verify` will always tell of it."
        )

    def advance(self, head: Head) -> None:
        """Bring the file up to date.

        Raises:
            RecordingFailed: the file is not as it was left, or shows that records were cut off: that must stay visible.
            OSError: it cannot be written.
        """
        self.check_in_place()
        self._replace_by(head, self._file.read())

    def catch_up(self) -> None:
        """Let the file know what a process before us did not tell it."""
        self.prepare()
        if self._written < (0 if (head := self._store.head(self._file.chain.name)) is None else head.sequence):
            self.advance(self._settled())
        self.anchor()

    def anchor(self) -> None:
        """Note in the database how far the file has come, once that would survive a power cut."""
        if self._anchor is not None and self._lost is None and self._written > self._anchor.sequence:
            self._file.flush()
            self._keep(replace(self._anchor, sequence=self._written))

    def _settled(self) -> Head:
        head = self._writer.settle()
        return self._file.chain.start() if head is None else head

    def _replace_by(self, head: Head, known: Head | None) -> None:
        if known is not None and not reaches(self._store, self._file.chain.name, known):
            raise RecordingFailed(
                f"Records up to {known.sequence}{of_chain(self._file.chain.name)} were there before, and are gone from"
                " the database."
            )
        if known is None or known.sequence < head.sequence:
            self._replace(head)
        else:
            self._written = known.sequence

    def _replace(self, head: Head) -> None:
        self._stamp = self._file.replace(head)
        self._written = head.sequence

    def _look(self, least: int) -> tuple[Head | None, LossKind | None]:
        """What the file holds, and what is wrong with that."""
        try:
            known = self._file.read()
        except ValueError:
            return None, LossKind.DAMAGED
        if known is None:
            return None, LossKind.MISSING
        return known, LossKind.OLDER if known.sequence < least else None

    def _note(self, kind: LossKind) -> None:
        head = self._store.head(self._file.chain.name)
        time = timestamp(datetime.now(UTC))
        log.error("%s %s. That is noted for good.", self._file.path, _WORDS[kind])
        anchor = self._anchor or self._read_anchor()
        self._keep(anchor.with_loss(Loss(0 if head is None else head.sequence, time, kind)))

    def _keep(self, anchor: Anchor) -> None:
        if anchor != self._anchor:
            self._writer.note(sealed(anchor, self._file.chain))
            self._anchor = anchor

    def _read_anchor(self) -> Anchor:
        chain = self._file.chain
        try:
            return opened(self._store.note(chain.name), chain)
        except ValueError as error:
            raise RecordingFailed(f"{str(error).capitalize()}.") from None


def reaches(store: Store, chain: str, known: Head) -> bool:
    """Whether a stored chain goes through this head."""
    if known.sequence == 0:
        return True
    record = next(store.chain(chain, after=known.sequence - 1), None)
    return record is not None and (record.sequence, record.hash) == (known.sequence, known.hash)


def loss_sentence(head_file: HeadFile, loss: Loss) -> str:
    """What a verification says of a loss."""
    return (
        f"{head_file.path} {_WORDS[loss.kind]}, which was found on {loss.time} at record {loss.sequence}"
        f"{of_chain(head_file.chain.name)}: what was cut off before that cannot be told."
    )

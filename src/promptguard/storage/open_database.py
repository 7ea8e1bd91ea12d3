"""What an open database gives to the code that is the same for every kind of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection

from promptguard.storage.changes import Changes, Topic


class OpenDatabase(ABC):
    """An open database. Can be used from any thread; all of it waits for the disk or the network."""

    is_shared: ClassVar[bool] = False
    """Whether several machines may share it."""

    @property
    @abstractmethod
    def place(self) -> Path | str:
        """Where it is, for errors: a file, or an address without its password."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees one state of the database, and changes nothing.

        Raises:
            StorageError: the database cannot be read.
        """

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction, which is committed at the end.

        Others may write at the same time; what they must not come between needs `lock`.

        Raises:
            StorageError: the database cannot be written, and nothing has changed.
        """

    def writing_durably(self) -> AbstractContextManager[Connection]:
        """As `writing`; what was committed survives a power cut, too.

        Raises:
            StorageError: the database cannot be written, and nothing has changed.
        """
        return self.writing()

    def lock(self, connection: Connection, name: bytes) -> None:
        """Let no other writer that locks the same name come between, from here to the end of the transaction.

        Nothing, where a transaction has the database for itself.
        """
        return

    def announce(self, connection: Connection, topic: Topic) -> None:
        """Tell all who follow a topic that something of it has changed, once the transaction is committed.

        Nothing, where each commit shows by itself.
        """
        return

    def changes(self, *topics: Topic) -> Changes:
        """What tells when something of these topics may have changed. The caller closes it, before the database."""
        raise NotImplementedError("Nobody follows this database.")

    def check_place(self) -> None:
        """See, in a microsecond, that its file is where others look for it. Raises `StorageError` where it is not."""
        return

    def deleted(self) -> None:
        """Called after rows were deleted that are to be gone from the disk too."""
        return

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

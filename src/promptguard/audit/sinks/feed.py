"""Hands the record to one sink: in order, and never before it is committed and flushed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import islice

from promptguard.audit.export import plain
from promptguard.audit.interface import Record, RecordDamaged, Store
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.interface import AnySink, Cursor, SinkFailed
from promptguard.errors import PromptGuardError

log = logging.getLogger(__name__)

BATCH = 200
"""Records handed over at once, at most: so many may reach a sink twice after a crash."""

SETTLE_SECONDS = 0.2
"""After which to look at what was committed and is not flushed yet."""

LOOK_SECONDS = 30.0
"""After which to look all the same where nobody has told of new records."""

RETRY_SECONDS = 1.0
"""After the first failure; twice as long after each further one, up to `MAX_RETRY_SECONDS`."""
MAX_RETRY_SECONDS = 60.0

MAX_ASKED_SECONDS = 600.0
"""How long a sink may ask to be left alone."""


class Feed:
    """Serves one sink for as long as the proxy runs. For one thread.

    Args:
        name: what the settings call the sink.
        store: the record.
        is_settled: whether a record would survive a power cut. What is not is left for the next round: a sink must
            not know of decisions that the record may lose.
        may_leave: what of a record the sink is handed; by default all that ever may.
        is_ours: whether a record is for this sink; others are left to the installations that wrote them.
    """

    def __init__(
        self,
        name: str,
        sink: AnySink,
        store: Store,
        cursor: CursorFile,
        is_settled: Callable[[Record], bool],
        may_leave: PrivacyFilter | None = None,
        is_ours: Callable[[Record], bool] = lambda _: True,
    ) -> None:
        self._name = name
        self._sink = sink
        self._store = store
        self._file = cursor
        self._is_settled = is_settled
        self._may_leave = may_leave or PrivacyFilter()
        self._is_ours = is_ours
        self._passed = 0
        """Up to which position nothing is left to hand over."""
        self._seen = 0
        """The same, once what was read is handed over."""
        self._unsettled = False
        """Whether the last round left something that was not flushed yet."""
        self._cursor: Cursor | None = None
        self._failing = False
        self._retry = RETRY_SECONDS

    @property
    def failing(self) -> bool:
        """Whether the sink did not take what it was handed last."""
        return self._failing

    def attempt(self) -> float:
        """Make a round, and say after how many seconds to make the next one at the latest; not sooner while `failing`.

        Whoever learns of new records makes one at once otherwise.
        """
        try:
            self.round()
        except Exception as error:
            if not self._failing:
                what = error if isinstance(error, SinkFailed | PromptGuardError) else type(error).__name__
                log.error("The sink %s takes no records, and will be tried again: %s", self._name, what)
            self._failing = True
            asked = error.retry_after if isinstance(error, SinkFailed) else 0.0
            wait, self._retry = self._retry, min(2 * self._retry, MAX_RETRY_SECONDS)
            return max(wait, min(asked, MAX_ASKED_SECONDS))
        if self._failing:
            log.warning("The sink %s takes records again.", self._name)
        self._failing = False
        self._retry = RETRY_SECONDS
        return SETTLE_SECONDS if self._unsettled else LOOK_SECONDS

    def end(self) -> None:
        """Hand over what is recorded by now, if the sink takes it, and let go. Call when the recorder is closed."""
        try:
            self.attempt()
        finally:
            self._sink.close()
            self._file.release()

    def round(self) -> int:
        """Hand over everything that the sink has not had; how many records that were.

        Raises:
            SinkFailed: the sink did not take them.
            StorageError: the record cannot be read.
            OSError: the cursor cannot be kept.
        """
        if not self._file.hold():
            return 0  # another process serves this sink
        if self._cursor is None:
            self._cursor = self._resumed(self._checked(self._file.read()))
        delivered = 0
        records = self._settled(max(self._cursor.position, self._passed))
        while batch := list(islice(records, BATCH)):
            self._sink.deliver([self._may_leave(record) for each in batch if (record := _plain(each)) is not None])
            self._cursor = Cursor(batch[-1].position, batch[-1].hash.hex())
            self._file.write(self._cursor)
            delivered += len(batch)
        self._passed = self._seen
        return delivered

    def _settled(self, after: int) -> Iterator[Record]:
        self._seen = after
        self._unsettled = False
        for record in self._store.records(after=after):
            if self._is_ours(record):
                if not self._is_settled(record):
                    self._unsettled = True
                    return
                yield record
            self._seen = record.position

    def _resumed(self, cursor: Cursor) -> Cursor:
        """The cursor, or where the sink has come to since it was written: at most a batch further."""
        taken = self._sink.resume()
        for record in islice(self._store.records(after=cursor.position), BATCH) if taken else ():
            if record.hash.hex() == taken:
                return Cursor(record.position, taken)
        return cursor

    def _checked(self, cursor: Cursor) -> Cursor:
        """The cursor, or the start of the record where the record is another one than the cursor is of."""
        if not cursor.position:
            return cursor
        record = self._store.at(cursor.position)
        if record is not None and (record.position, record.hash.hex()) == cursor:
            return cursor
        log.warning("The record has been replaced: the sink %s is handed all of it.", self._name)
        return Cursor()


def _plain(record: Record) -> dict[str, object] | None:
    try:
        return plain(record)
    except RecordDamaged as error:
        log.error("%s", error)
        return None

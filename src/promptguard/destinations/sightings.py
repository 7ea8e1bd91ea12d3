"""What was seen and is not known: AI services that nobody listed, and listed ones that changed their ways.

Counts by day, and no person: it is about tools, not about who uses them.
"""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

MAX_PENDING: Final = 2_000
"""Different sightings that wait to be kept; further ones are not noted until those are."""

MAX_HOST: Final = 253
"""Characters of a host name (RFC 1035 2.3.4, without the last dot)."""


class Sign(StrEnum):
    """What was seen."""

    NAME = "name"
    """A host that is not listed has the name of an AI service."""
    SPEECH = "speech"
    """A request speaks an AI API where no route expects one."""
    UNCLAIMED = "unclaimed"
    """A request with text in it, in a shape that no format describes."""
    EMPTY = "empty"
    """A request in a format that found no text in it."""
    UNRESTORED = "unrestored"
    """An answer to a redacted request, in which nothing can be put back."""
    UNTRUSTED = "untrusted"
    """A client did not trust the proxy's certificate: it pins another one, or does not know the CA."""
    UNDECRYPTED = "undecrypted"
    """A connection to a host of a service that the registry lets pass."""


class Sighting(NamedTuple):
    """What was seen on one day."""

    sign: Sign
    host: str
    destination: str
    """The id of the service that the host is one of; empty for a host that is not listed."""
    day: str
    """In UTC, such as 2026-11-29."""
    times: int
    outline: str = ""
    """The outline of the body (`outline.outline`), JSON; empty where there is none."""

    @property
    def shape_id(self) -> str:
        """A short name for the outline; empty where there is none."""
        digest = hashlib.blake2b(self.outline.encode(), digest_size=5).hexdigest()
        return digest if self.outline else ""


class SightingStore(ABC):
    """Keeps sightings. From any thread."""

    @abstractmethod
    def add(self, sightings: Iterable[Sighting]) -> None:
        """Add to what was seen before on the same days; the outlines of one sign, host and day are kept apart.

        Raises:
            StorageError: they cannot be kept.
        """

    @abstractmethod
    def since(self, day: str) -> Sequence[Sighting]:
        """What was seen on a day and after it, in the order of days, signs and hosts.

        Raises:
            StorageError: it cannot be read.
        """

    @abstractmethod
    def forget_before(self, day: str) -> None:
        """Delete what is older.

        Raises:
            StorageError: it cannot be deleted.
        """


class Sightings:
    """Counts what is seen until it is kept. From any thread; notes cost a microsecond."""

    def __init__(self, today: Callable[[], date] = lambda: datetime.now(UTC).date()) -> None:
        self._today = today
        self._lock = threading.Lock()
        self._counts: Counter[tuple[Sign, str, str, str, str]] = Counter()
        self.seen: Callable[[Sign, str], object] = lambda sign, destination: None
        """Called with each sign and the service's id."""

    def note(self, sign: Sign, host: str, *, destination: str = "", outline: str = "") -> None:
        """Count something seen now."""
        key = (sign, host.lower().rstrip(".")[:MAX_HOST], destination, self._today().isoformat(), outline)
        with self._lock:
            if key in self._counts or len(self._counts) < MAX_PENDING:
                self._counts[key] += 1
        self.seen(sign, destination)

    def __bool__(self) -> bool:
        """Whether anything waits to be kept."""
        return bool(self._counts)

    def keep(self, store: SightingStore) -> None:
        """Hand everything to a store; what it does not take is counted again.

        Raises:
            StorageError: see `SightingStore.add`.
        """
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            store.add(
                Sighting(sign, host, destination, day, count, outline)
                for (sign, host, destination, day, outline), count in counts.items()
            )
        except BaseException:
            with self._lock:
                self._counts.update(counts)
            raise

"""Has decisions expire whose time is over, and keeps holds: for the proxy that runs, and for commands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from time import monotonic, sleep

from promptguard.audit.interface import Entry
from promptguard.audit.recorder import Recorder
from promptguard.audit.retention.classes import Periods
from promptguard.audit.retention.expiry import Due, Expiry
from promptguard.audit.retention.holds import Hold, holds, lifting, putting_on
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.database import ReviewDatabase
from promptguard.review.forgetting import forget
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import key_ring, open_backend
from promptguard.runtime.reviewing import open_reviewing
from promptguard.storage.interface import Backend

log = logging.getLogger(__name__)

EXPIRY = "expiry"
"""The lock of whoever has decisions expire."""

_PATIENCE_SECONDS = 600.0
_AGAIN_SECONDS = 0.2

BY_ITSELF = "retention"
"""Who is named where nobody asked for it."""


class Retention:
    """One installation's retention and holds. All of it waits for the databases; for one thread at a time."""

    def __init__(
        self,
        backend: Backend,
        keys: Keys,
        reviewing: ReviewDatabase,
        settings: RetentionSettings,
        state: Callable[[Entry], object],
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        """`state` records a statement durably, or raises; `patience` is for how many seconds a hold waits for an expiry
        that is under way."""
        self._patience = patience
        self._backend = backend
        self._store = backend.audit_store()
        self._keys = keys
        self._settings = settings
        self._state = state
        self._expiry = Expiry(
            self._store,
            backend.key_store(keys.folder),
            key_ring(backend, keys),
            Periods(settings.by_action, settings.by_class),
            keys.audit,
            lambda positions: forget(reviewing, positions),
        )

    def due(self) -> Due:
        """What is to expire today; see `Expiry.due`."""
        return self._expiry.due(datetime.now(UTC).date())

    def expire(self, by: str = BY_ITSELF) -> Due | None:
        """Have it expire, and say what; None where another process, of any machine that shares the record, is at it.

        Raises:
            PromptGuardError: it could not be done; what is left is due the next time.
        """
        with self._backend.alone(EXPIRY, self._keys.folder) as alone:
            if not alone:
                return None
            due = self.due()
            self._expiry.carry_out(due, by, self._state)
        return due

    def holds(self) -> list[Hold]:
        """All holds that ever were."""
        return holds(self._store, self._keys.audit)

    def hold(self, hold: Hold) -> None:
        """Put a hold on. Once this returns, nothing expires that it covers, and was there.

        Raises:
            PromptGuardError: see `putting_on`; or it could not be recorded; or decisions are expiring just now, for
                which it may have come too late.
        """
        self._state(putting_on(hold))
        until = monotonic() + self._patience
        while True:
            with self._backend.alone(EXPIRY, self._keys.folder) as alone:
                if alone:  # whatever expires from here on has seen it
                    return
            if monotonic() > until:
                raise PromptGuardError(
                    f"{hold.id} is on. Decisions are expiring just now, which began before: for some of what it covers"
                    " it may have come too late.\n  Look at them with `promptguard audit show`."
                )
            sleep(_AGAIN_SECONDS)

    def release(self, id: str, by: str, reason: str) -> None:
        """Lift a hold.

        Raises:
            PromptGuardError: there is none, or it may not be lifted by this person; or it could not be recorded.
        """
        hold = next((hold for hold in self.holds() if hold.id == id), None)
        if hold is None:
            raise PromptGuardError(f"There is no hold {id}: `promptguard hold list` names them.")
        if self._settings.release_by_another and hold.by == by:
            raise PromptGuardError(f"{hold.by} has put {id} on: another person has to lift it.")
        self._state(lifting(hold, by, reason))


@contextmanager
def open_retention(settings: Settings, folder: DataFolder) -> Iterator[Retention]:
    """Retention for a command, beside proxies that may be running: it states in a chain of its own.

    Raises:
        PromptGuardError: the record or the keys cannot be opened.
    """
    keys = Keys.load(folder.keys)
    with (
        closing(open_backend(settings, folder, keys)) as backend,
        closing(open_reviewing(settings, folder)) as reviewing,
    ):

        def state(entry: Entry) -> None:
            # It may have to bring into the record what waits on this machine.
            ring = key_ring(backend, keys)
            recorder = Recorder(backend.audit_store(), keys.audit, head_files=keys.folder, key_ring=ring)
            with closing(recorder):
                asyncio.run(recorder.state(entry))

        yield Retention(backend, keys, reviewing, settings.retention, state)


class DailyExpiry:
    """Has a running proxy expire what is due, once a day (UTC)."""

    def __init__(
        self, backend: Backend, keys: Keys, open_reviewing: Callable[[], ReviewDatabase], recorder: Recorder
    ) -> None:
        self._backend = backend
        self._keys = keys
        self._open_reviewing = open_reviewing
        self._recorder = recorder
        self._done = ""

    async def expire(
        self, settings: RetentionSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Have it expire where that was not done today.

        Raises:
            PromptGuardError: see `Retention.expire`; it is tried again.
        """
        today = now().date().isoformat()
        if not settings.enabled or self._done == today:
            return
        loop = asyncio.get_running_loop()

        def state(entry: Entry) -> None:
            asyncio.run_coroutine_threadsafe(self._recorder.state(entry), loop).result()

        due = await asyncio.to_thread(self._expire, settings, state)
        self._done = today
        if due is not None and due.records:
            log.info("%d decisions have expired.", due.records)

    def _expire(self, settings: RetentionSettings, state: Callable[[Entry], object]) -> Due | None:
        with closing(self._open_reviewing()) as reviewing:
            return Retention(self._backend, self._keys, reviewing, settings, state).expire()

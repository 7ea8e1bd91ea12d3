"""Has a running proxy expire what is due, once a day, beside all else that it does."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from promptguard.audit.interface import Entry
from promptguard.audit.recorder import Recorder
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.review.database import ReviewDatabase
from promptguard.review.expiring import decisions_of_incidents, note_done, was_done
from promptguard.runtime.retention import AllDue, Retention
from promptguard.storage.interface import Backend

log = logging.getLogger(__name__)

_BREATH_SECONDS: Final = 0.005
"""So long it leaves the processor to requests, after each batch of records that it has looked at."""


class _Stopping(Exception):
    """The proxy ends: what is left is due the next time."""


class DailyExpiry:
    """Of one proxy. In a thread of its own: nothing waits for it but the end of the proxy, and that for one batch.

    Of several proxies that share the databases one does it, at a time and, with the same periods, on a day.
    """

    def __init__(
        self, backend: Backend, keys: Keys, open_reviewing: Callable[[], ReviewDatabase], recorder: Recorder
    ) -> None:
        self._backend = backend
        self._keys = keys
        self._open_reviewing = open_reviewing
        self._recorder = recorder
        self._done = ""
        self._stopping = threading.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(
        self, settings: RetentionSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> asyncio.Task[None] | None:
        """Begin where that was not done today (UTC), and is not under way; None where there is nothing to wait for.

        What fails is told in the log, and begun again the next time that this is called.
        """
        what = f"{now().date().isoformat()} {_periods(settings)}"
        if not settings.enabled or self._done == what or (self._task and not self._task.done()):
            return None
        self._task = asyncio.create_task(self._run(settings, what))
        return self._task

    async def stop(self) -> None:
        """End what is under way."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    def decisions_of_open_incidents(self) -> frozenset[str]:
        """Their evidence is kept.

        Raises:
            StorageError: it cannot be told.
        """
        with closing(self._open_reviewing()) as reviewing:
            return decisions_of_incidents(reviewing, still_open=True)

    async def _run(self, settings: RetentionSettings, what: str) -> None:
        loop = asyncio.get_running_loop()

        def state(entry: Entry) -> None:
            asyncio.run_coroutine_threadsafe(self._recorder.state(entry), loop).result()

        try:
            due = await asyncio.to_thread(self._expire, settings, what, state)
        except _Stopping:
            return
        except Exception as error:
            told = error if isinstance(error, PromptGuardError) else type(error).__name__
            log.error("Nothing, or not all, has expired that was to, and it will be tried again: %s", told)
            return
        if due is not None and due.decisions.records:
            log.info("%d decisions have expired.", due.decisions.records)
        if due is not None and due.console.counts:
            told = ", ".join(f"{name} {count}" for name, count in due.console.counts.items())
            log.info("Of what the console keeps, this has expired: %s.", told.replace("_", " "))

    def _expire(self, settings: RetentionSettings, what: str, state: Callable[[Entry], object]) -> AllDue | None:
        with closing(self._open_reviewing()) as reviewing:
            due = None
            if not was_done(reviewing, what):
                due = Retention(self._backend, self._keys, reviewing, settings, state, pause=self._pause).expire()
                if due is None:  # somebody else is at it: whether it was done is seen the next time
                    return None
                note_done(reviewing, what)
        self._done = what
        return due

    def _pause(self) -> None:
        if self._stopping.wait(_BREATH_SECONDS):
            raise _Stopping


def _periods(settings: RetentionSettings) -> str:
    """Where others are in force, there is more, or less, to do."""
    return hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]

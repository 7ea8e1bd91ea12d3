"""Has everything expire whose time is over, and keeps holds: for the proxy that runs, the console and commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Entry, Record
from promptguard.audit.recorder import Recorder
from promptguard.audit.retention.classes import Periods
from promptguard.audit.retention.expiry import BATCH, Due, Expiry
from promptguard.audit.retention.holds import Hold, holds, lifting, putting_on
from promptguard.audit.retention.whole import check_whole
from promptguard.configuration.retention_settings import RetentionOfConsole, RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.acknowledging import MAX_DAYS
from promptguard.policy.justifications import PAGE_MINUTES
from promptguard.review.database import ReviewDatabase
from promptguard.review.expiring import (
    KeptDays,
    ReviewDue,
    ReviewExpiry,
    decisions_of_incident,
    decisions_of_incidents,
)
from promptguard.review.forgetting import forget
from promptguard.review.ledger import Act, Ledger
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.evidence import forget_evidence_of_expired
from promptguard.runtime.record import held_decisions, key_ring, open_backend
from promptguard.runtime.review_database import open_reviewing
from promptguard.storage.interface import Backend

EXPIRY = "expiry"
"""The lock of whoever has decisions expire."""

_PATIENCE_SECONDS = 600.0
_AGAIN_SECONDS = 0.2

BY_ITSELF = "retention"
"""Who is named where nobody asked for it."""


@dataclass(frozen=True, slots=True)
class AllDue:
    """What is to expire, or has."""

    decisions: Due
    console: ReviewDue

    @property
    def held(self) -> int:
        """How much stays because it is under a hold, or belongs to an incident."""
        return self.decisions.held + self.console.held


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
        pause: Callable[[], object] = lambda: None,
    ) -> None:
        """Keep what an installation has.

        Args:
            state: records a statement durably, or raises.
            patience: for how many seconds a hold waits for an expiry that is under way.
            pause: see `Expiry`.
        """
        self._patience = patience
        self._backend = backend
        self._reviewing = reviewing
        self._store = backend.audit_store()
        self._keys = keys
        self._settings = settings
        self._state = state
        self._pause = pause
        self._days = kept_days(settings.console)
        self._ledger = Ledger(reviewing, keys)
        self._head_files = HeadFiles(keys.folder, keys.audit, self._store.installation)
        self._expiry = Expiry(
            self._store,
            backend.key_store(keys.folder),
            key_ring(backend, keys),
            Periods(settings.by_action, settings.by_class),
            keys.audit,
            lambda positions: forget(reviewing, positions),
            kept=lambda: decisions_of_incidents(reviewing),
            pause=pause,
            head_files=self._head_files,
        )

    def due(self) -> AllDue:
        """What is to expire today; see `Expiry.due` and `ReviewExpiry.due`."""
        decisions = self._expiry.due(datetime.now(UTC).date())
        console = self._review_expiry().due(self._days)
        if console.counts:
            check_whole(self._store, self._keys.audit, self._in_turns, self._head_files)  # a hold may be missing
        return AllDue(decisions, console)

    def expire(self, by: str = BY_ITSELF) -> AllDue | None:
        """Have it expire, and say what; None where another process, of any machine that shares the record, is at it.

        Raises:
            PromptGuardError: it could not be done; what is left is due the next time.
        """
        with self._backend.alone(EXPIRY, self._keys.folder) as alone:
            if not alone:
                return None
            due = self.due()
            self._expiry.carry_out(due.decisions, by, self._state)
            forget_evidence_of_expired(self._backend, self._keys, self._pause)
            self._review_expiry().carry_out(due.console, self._days, by)
            if (days := self._settings.console.false_alarms) is not None:
                over = timestamp(datetime.now(UTC) - timedelta(days=days))
                self._backend.false_alarms(self._keys).forget(over)
            if (days := self._settings.console.orders) is not None:
                self._backend.orders(self._keys).forget(timestamp(datetime.now(UTC) - timedelta(days=days)))
            if (days := self._settings.console.reports) is not None:
                self._forget_reasons(days)
            if (days := self._settings.console.ledger) is not None:
                self._forget_acknowledgements(days)
        return due

    def _forget_acknowledgements(self, days: int) -> None:
        """Delete acknowledgements that count no more under any policy, after so many days."""
        over = timestamp(datetime.now(UTC) - timedelta(days=max(days, MAX_DAYS)))
        self._backend.acknowledgements(self._keys.acknowledgements).forget(over)

    def _forget_reasons(self, days: int) -> None:
        """Delete reasons after so many days, and what waited for one in vain."""
        now = datetime.now(UTC)
        in_vain = timestamp(now - timedelta(minutes=PAGE_MINUTES))
        reasons = self._backend.justifications(self._keys.justifications)
        reasons.forget(timestamp(now - timedelta(days=days)), held_before=in_vain)

    def _review_expiry(self) -> ReviewExpiry:
        return ReviewExpiry(self._reviewing, self._ledger, held_decisions(self._backend, self._keys))

    def _in_turns(self, records: Iterator[Record]) -> Iterator[Record]:
        for number, record in enumerate(records, 1):
            yield record
            if not number % BATCH:
                self._pause()

    def holds(self) -> list[Hold]:
        """All holds that ever were."""
        return holds(self._store, self._keys.audit)

    def hold(self, hold: Hold) -> None:
        """Put a hold on, on the command line: noted in the ledger, too.

        Raises:
            PromptGuardError: see `put_on`.
        """
        putting_on(hold)  # nothing is noted that cannot be
        self._ledger.note(Act.HOLD_PUT_ON, name=hold.by, object=hold.id, detail={"by": "command line"})
        self.put_on(hold)

    def put_on(self, hold: Hold) -> None:
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
            if monotonic() >= until:
                raise PromptGuardError(
                    f"{hold.id} is on. Decisions are expiring just now, which began before: for some of what it covers"
                    " it may have come too late.\n  Look at them with `promptguard audit show`."
                )
            sleep(_AGAIN_SECONDS)

    def release(self, id: str, by: str, reason: str) -> None:
        """Lift a hold, on the command line: noted in the ledger, too.

        Raises:
            PromptGuardError: see `lift`; or it may not be lifted by this person.
        """
        hold = self._find(id)
        if self._settings.release_by_another and hold.by == by:
            raise PromptGuardError(f"{hold.by} has put {id} on: another person has to lift it.")
        lifting(hold, by, reason)
        self._ledger.note(Act.HOLD_LIFTED, name=by, object=id, detail={"by": "command line"})
        self.lift(id, by, reason)

    def lift(self, id: str, by: str, reason: str, asked_by: str = "") -> None:
        """Lift a hold.

        Args:
            asked_by: who asked for it, where that was another person.

        Raises:
            PromptGuardError: there is none, or it is lifted; or it could not be recorded.
        """
        self._state(lifting(self._find(id), by, reason, asked_by))

    def _find(self, id: str) -> Hold:
        hold = next((hold for hold in self.holds() if hold.id == id), None)
        if hold is None:
            raise PromptGuardError(f"There is no hold {id}: `promptguard hold list` names them.")
        return hold

    def decisions_of_incident(self, id: str) -> tuple[str, ...]:
        """The decisions that an incident of the console has.

        Raises:
            PromptGuardError: there is no such incident.
        """
        found = decisions_of_incident(self._reviewing, id)
        if found is None:
            raise PromptGuardError(f"The console has no incident {id}.")
        return found


def kept_days(settings: RetentionOfConsole) -> KeptDays:
    """As the console's own tables are asked."""
    return KeptDays(settings.incidents, settings.reports, settings.evidence_requests, settings.ledger)


@contextmanager
def open_retention(
    settings: Settings, folder: DataFolder, *, patience: float = _PATIENCE_SECONDS
) -> Iterator[Retention]:
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

        yield Retention(backend, keys, reviewing, settings.retention, state, patience)

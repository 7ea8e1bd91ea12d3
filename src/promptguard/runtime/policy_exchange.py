"""What a proxy tells reviewers of all that decides, and takes from them: false alarms that were accepted."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.configuration.deciding_files import deciding_text
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmStore, next_end
from promptguard.errors import StorageError
from promptguard.keys import Keys
from promptguard.policy.policy import Policy
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_to_read
from promptguard.storage.interface import Backend


def now() -> str:
    """The time, as `Event.time`."""
    return timestamp(datetime.now(UTC))


def _bounded(alarm: FalseAlarm, max_days: int) -> FalseAlarm:
    """It ends no later than policy lets it."""
    try:
        last = timestamp(datetime.fromisoformat(alarm.asked) + timedelta(days=max_days))
    except (ValueError, OverflowError):
        last = ""
    return replace(alarm, expires=min(alarm.expires, last))


def _forbidden(alarm: FalseAlarm, policy: Policy) -> bool:
    return policy.false_alarms.forbids(alarm.entity_type, alarm.data_class)


class PolicyExchange:
    """One process's part in it. All of it waits for the database; call it in a thread, one at a time.

    Args:
        now: the time, as `Event.time`.
    """

    def __init__(self, backend: Backend, keys: Keys, now: Callable[[], str] = now) -> None:
        self._versions = backend.policy_versions(keys.configuration)
        self._false_alarms = backend.false_alarms(keys)
        self._now = now
        self._process = f"{os.getpid()}-{secrets.token_hex(6)}"
        self.doubt = ""
        """See `FalseAlarmsRead`."""
        self._revision = ""
        self._policy = ""
        self._ends = ""
        self._known: list[FalseAlarm] = []
        self._kept = ("", "")

    def changed_false_alarms(self, policy: Policy) -> Sequence[FalseAlarm] | None:
        """Those that hold now and that the policy lets pass; None where nothing has changed since the last call.

        Raises:
            StorageError: they cannot be read.
        """
        now = self._now()
        ended = bool(self._ends) and self._ends <= now
        try:
            revision = self._false_alarms.revision()
            if (revision, policy.hash) == (self._revision, self._policy) and not ended:
                return None
            alarms, self.doubt = self._false_alarms.read()
            known = [_bounded(each, policy.false_alarms.max_days) for each in alarms]
        except StorageError:
            if not ended:
                raise
            revision, known = self._revision, list(self._known)  # what has expired must not wait for the database
        before = self._known
        self._known = [each for each in known if each.holds(now) and not _forbidden(each, policy)]
        self._revision, self._policy, self._ends = revision, policy.hash, next_end(self._known)
        with contextlib.suppress(StorageError):  # told where it is read, and must not hold up what was taken up
            self._false_alarms.note()
        return None if self._known == before else self._known

    def at_start(self, policy: Policy) -> Sequence[FalseAlarm]:
        """Those that hold as a process starts; none where the database is away: they are taken up when it is back."""
        try:
            return self.changed_false_alarms(policy) or ()
        except StorageError:
            return ()

    def keep_version(self, bundle: Bundle, ruleset_version: str) -> None:
        """Keep the configuration that this process has taken up.

        Raises:
            StorageError: it cannot be kept.
        """
        if self._kept == (bundle.version, ruleset_version):
            return
        text = deciding_text(bundle)
        if text is not None:
            machine = socket.gethostname()
            self._versions.keep(text, ruleset_version, process=self._process, machine=machine, now=self._now())
            self._kept = (bundle.version, ruleset_version)

    def still_runs(self) -> None:
        """Say that it runs, if that can be told."""
        with contextlib.suppress(StorageError):
            self._versions.still(self._process, self._now())

    def ended(self) -> None:
        """Say that it runs no more, if that can be told."""
        with contextlib.suppress(StorageError):
            self._versions.ended(self._process)


@contextlib.contextmanager
def false_alarms(config: Path, data: Path) -> Iterator[FalseAlarmStore]:
    """What reviewers of an installation hold to be false alarms.

    Raises:
        PromptGuardError: there is no installation, or its database cannot be opened.
    """
    folder = DataFolder(data)
    with open_to_read(load_bundle(config).settings, folder) as backend:
        yield backend.false_alarms(Keys.load(folder.keys))

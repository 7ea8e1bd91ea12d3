"""The record as people and tools read it, while the proxy may go on writing."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from promptguard.audit.events import timestamp
from promptguard.audit.export import export, has_expired, show
from promptguard.audit.forms import load_forms, written
from promptguard.audit.found_later import show_found_later
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Store
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.audit.tail import ALL, POLL_SECONDS, Wanted, reasons_of, tail
from promptguard.audit.verify import VerifyReport, verify
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.reasons import Reason

type Beside = Callable[[Iterable[Mapping[str, Any]]], Iterable[Mapping[str, Any]]]


class Reader:
    """Reads one installation's record.

    Args:
        load_keys: called where the record is to be verified; all else can be read without a key.
        may_leave: what of it goes out with an export; by default all that ever may.
        wait: returns when it may be worth looking for new decisions.
        key_ring: called where the record is to be verified; without it, sealed events cannot be.
    """

    def __init__(
        self,
        store: Store,
        load_keys: Callable[[], Keys],
        may_leave: PrivacyFilter | None = None,
        *,
        key_ring: Callable[[], KeyRing] | None = None,
        wait: Callable[[], object] = lambda: time.sleep(POLL_SECONDS),
    ) -> None:
        self._store = store
        self._key_ring = key_ring
        self._wait = wait
        self._may_leave = may_leave
        self._load_keys = load_keys

    def tail(self, count: int, *, follow: bool = False, wanted: Wanted = ALL) -> Iterator[dict[str, Any]]:
        """The last decisions of those that are wanted, oldest first; then, if `follow`, new ones as they come."""
        return tail(self._store, count, follow=follow, wanted=wanted, wait=self._wait)

    def show(self, decision_id: str) -> str | None:
        """Everything of one decision as indented JSON, or None if it is not recorded; with `found_later`, where the
        second look found something."""
        record = show(self._store, decision_id)
        if record and (later := show_found_later(self._store, decision_id)):
            record["found_later"] = later.plain
        return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() if record else None

    def has_expired(self, decision_id: str) -> bool:
        """Whether a decision was recorded, and its time is over."""
        return has_expired(self._store, decision_id)

    def reasons(self, decision_id: str) -> list[Reason]:
        """What was in the way of one decision; empty if nothing was, or it is not recorded."""
        record = show(self._store, decision_id)
        return list(reasons_of(record)) if record else []

    def verify(self, *, restoring: bool = False) -> VerifyReport:
        """Check the whole record; `restoring`: see `verify.verify`."""
        keys = self._load_keys()
        head_files = HeadFiles(keys.folder, keys.audit, self._store.installation)
        ring = self._key_ring and self._key_ring()
        return verify(self._store, keys.audit, head_files, ring or None, restoring=restoring)

    def export(
        self,
        form: str,
        *,
        since: str | None,
        until: str | None,
        actions: Collection[str],
        beside: Beside = lambda records: records,
    ) -> Iterator[str]:
        """Decisions as lines of a form (`audit.forms`).

        Args:
            beside: adds what is known of records elsewhere.

        Raises:
            PromptGuardError: a time cannot be read.
        """
        records = export(self._store, since=moment(since), until=moment(until), only=actions)
        return written(beside(records), load_forms()[form], self._may_leave)


def moment(text: str | None) -> datetime | None:
    """A time as RFC 3339, or a date, in UTC where it names no zone.

    Raises:
        PromptGuardError: it is none.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PromptGuardError(f"“{text}” is no time: write 2026-01-31 or 2026-01-31T08:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_text(text: str | None) -> str:
    """A time as `moment` takes it, as `Event.time`; empty for None.

    Raises:
        PromptGuardError: it is none.
    """
    found = moment(text)
    return timestamp(found) if found else ""

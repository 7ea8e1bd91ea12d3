"""The record as people and tools read it, while the proxy may go on writing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime

import orjson

from promptguard.audit.export import export, show
from promptguard.audit.forms import load_forms, written
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.interface import Store
from promptguard.audit.tail import format_line, reasons_of, tail
from promptguard.audit.verify import VerifyReport, verify
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.reasons import Reason


class Reader:
    """Reads one installation's record."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def tail(self, count: int, *, follow: bool = False, said: Callable[[Reason], str] = str) -> Iterator[str]:
        """The last decisions, a line each; `said` turns reasons into sentences."""
        return (format_line(event, said) for event in tail(self._store, count, follow=follow))

    def show(self, decision_id: str) -> str | None:
        """Everything of one decision as indented JSON, or None if it is not recorded."""
        record = show(self._store, decision_id)
        return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() if record else None

    def reasons(self, decision_id: str) -> list[Reason]:
        """What was in the way of one decision; empty if nothing was, or it is not recorded."""
        record = show(self._store, decision_id)
        return list(reasons_of(record)) if record else []

    def verify(self) -> VerifyReport:
        """Check the whole record."""
        return verify(self._store, self._keys.audit, HeadFiles(self._keys.folder, self._keys.audit))

    def export(self, form: str, *, since: str | None, until: str | None, actions: Collection[str]) -> Iterator[str]:
        """Decisions as lines of a form (`audit.forms`).

        Raises:
            PromptGuardError: a time cannot be read.
        """
        records = export(self._store, since=_moment(since), until=_moment(until), only=actions)
        return written(records, load_forms()[form])


def _moment(text: str | None) -> datetime | None:
    """A time as RFC 3339, or a date, in UTC where it names no zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise PromptGuardError(f"“{text}” is no time: write 2026-01-31 or 2026-01-31T08:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""What stands in the chains beside decisions: that records expired, were put under a hold, or came from a backup.

A statement holds nothing of a request, is not sealed, and stays.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from promptguard.audit.events import timestamp
from promptguard.audit.interface import Entry

_ID_BYTES: Final = 8


class StatementKind(StrEnum):
    """What is stated; stands where a decision has its action."""

    EXPIRED = "expired"
    """Records were made unreadable because their time was over."""
    HELD = "held"
    """A hold was put on records."""
    RELEASED = "released"
    """A hold was lifted."""
    RESTORED = "restored"
    """The database was put back from a backup: what was recorded after that is gone."""


_KINDS: Final = frozenset(map(str, StatementKind))


def is_statement(action: str) -> bool:
    """Whether a record is a statement."""
    return action in _KINDS


def statement(kind: StatementKind, by: str, now: datetime | None = None, **members: Any) -> Entry:
    """A statement, ready to be recorded.

    Args:
        by: who did it: the name of an account or of a user of the machine, or of the program where nobody asked for it.
        members: what is stated, as plain JSON.
    """
    time = timestamp(now or datetime.now(UTC))
    id = f"st-{secrets.token_hex(_ID_BYTES)}"
    content = {**members, "id": id, "time": time, "action": str(kind), "by": by}
    return Entry(id, time, str(kind), orjson.dumps(content, option=orjson.OPT_SORT_KEYS))

"""What a record has when it leaves: one list of its columns, in order, which the privacy filter and the forms go by.

JSON Lines, CSV and Parquet have the same columns. CSV has those that are rows of their own as counts.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, NamedTuple


class Holds(Enum):
    """What stands in a column."""

    TEXT = auto()
    TEXT_OR_NONE = auto()
    NUMBER = auto()
    """A whole number of up to 64 bits."""
    FRACTION = auto()
    TRUTH = auto()
    TEXTS = auto()
    MILLISECONDS = auto()
    """By step, the time that it took."""
    ROWS = auto()


class Column(NamedTuple):
    """One column of a record, or of the rows in one."""

    name: str
    holds: Holds = Holds.TEXT
    pattern: str = ""
    """A regex that the whole of a text matches; empty for the configuration's words, as the record has them."""
    of: tuple[Column, ...] = ()
    """Of rows."""


_WORD: Final = r"[\w.:+*/-]*"
_HASH: Final = r"[0-9a-f]*"
_ID: Final = r"(pg-[0-9A-Z-]{1,40})?"
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"

FINDINGS: Final = (
    Column("segment", Holds.NUMBER),
    Column("role", pattern=_WORD),
    Column("position", pattern=_WORD),
    Column("start", Holds.NUMBER),
    Column("end", Holds.NUMBER),
    Column("entity_type", pattern=_WORD),
    Column("data_class", pattern=_WORD),
    Column("score", Holds.FRACTION),
    Column("detector"),
    Column("fingerprint", pattern=_HASH),
    Column("shape", pattern=r"[aA9\W_]*"),
    Column("subject"),
    Column("action", pattern=_WORD),
    Column("rule"),
)

ALLOWANCES: Final = (
    Column("id", pattern=r"[\w. :+-]{0,300}"),
    Column("count", Holds.NUMBER),
)

VERDICTS: Final = (
    Column("verdict", pattern=r"(true|false)_alarm"),
    Column("by", pattern=r"[a-z_ ]*"),
    Column("comment"),
    Column("time", pattern=_TIME),
)
"""What reviewers say, each by the roles of the account. Not part of the record: it is said later."""

COLUMNS: Final = (
    Column("chain", pattern=_WORD),
    Column("sequence", Holds.NUMBER),
    Column("time", pattern=_TIME),
    Column("id", pattern=_ID),
    Column("incident", pattern=_ID),
    Column("action", pattern=_WORD),
    Column("would", Holds.TEXT_OR_NONE),
    Column("rule"),
    Column("reason"),
    Column("adjusted"),
    Column("orders", Holds.TEXTS),
    Column("destination", pattern=_WORD),
    Column("destination_status", pattern=_WORD),
    Column("data_handling", Holds.TEXTS),
    Column("host", pattern=r"[\w.*:-]*"),
    Column("method", pattern=r"[A-Z]*"),
    Column("route"),
    Column("format", pattern=_WORD),
    Column("purpose", pattern=_WORD),
    Column("inspection", pattern=_WORD),
    Column("problem"),
    Column("uncovered_languages", Holds.TEXTS),
    Column("pseudonym", pattern=r"[\w-]{0,64}"),
    Column("groups", Holds.TEXTS),
    Column("identity_source", pattern=_WORD),
    Column("findings", Holds.ROWS, of=FINDINGS),
    Column("allowances", Holds.ROWS, of=ALLOWANCES),
    Column("verdicts", Holds.ROWS, of=VERDICTS),
    Column("detectors", Holds.TEXTS),
    Column("segments", Holds.NUMBER),
    Column("characters", Holds.NUMBER),
    Column("body_bytes", Holds.NUMBER),
    Column("latency_ms", Holds.MILLISECONDS),
    Column("policy_version"),
    Column("policy_hash", pattern=_HASH),
    Column("ruleset_version", pattern=_HASH),
    Column("evidence", pattern=_HASH),
    Column("previous_hash", pattern=_HASH),
    Column("hash", pattern=_HASH),
)

TEST: Final = Column("test", Holds.TRUTH)
"""Of what is sent to see whether it arrives (`promptguard siem test`), and of nothing that was recorded."""

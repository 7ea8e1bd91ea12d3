"""The tables of reviewing: what can be looked up of decisions, who may look, and who did.

They hold no value, no prompt and no person: a decision's row has what the record has of its service, rule and findings,
without the pseudonym, so that nobody can be counted or listed. A test holds the columns to that.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    or_,
)

metadata = MetaData()

_POSITION = BigInteger().with_variant(Integer, "sqlite")

fact = Table(
    "review_fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the database itself: how far the record was taken up."""

decision = Table(
    "review_decision",
    metadata,
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    Column("id", String(32), nullable=False, index=True),
    Column("time", String(24), nullable=False),
    Column("action", String(16), nullable=False),
    Column("would", String(16), nullable=False),
    Column("inspection", String(32), nullable=False),
    Column("destination", String(64), nullable=False),
    Column("rule", String(128), nullable=False),
    Column("incident", String(32), nullable=False),
    Column("found", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    Index("review_decision_time", "time", "position"),
    Index("review_decision_action", "action", "time", "position"),
    Index("review_decision_inspection", "inspection", "time", "position"),
    Index("review_decision_destination", "destination", "time", "position"),
    Index("review_decision_rule", "rule", "time", "position"),
    Index("review_decision_incident", "incident", "time", "position"),
    Index("review_decision_destination_action", "destination", "action", "time", "position"),
    Index("review_decision_rule_action", "rule", "action", "time", "position"),
)
"""One decision a row, by its position in the record. `summary` is what was found, as counts by entity type (JSON).

Lists are in the order of time, and every filter has its index in that order: a page costs what stands on it, however
many decisions there are. What was done at a service, or by a rule, is what people ask for most: these pairs have one.
"""


def noteworthy(decisions: FromClause) -> ColumnElement[bool]:
    """Whether something was found in a decision, or it was not inspected: that may be one of a thousand.

    It is spelled out in every statement, so that a database sees that the index serves it.
    """
    columns = decisions.c
    return or_(columns.found > literal_column("0"), columns.inspection != literal_column("'inspected'"))


Index(
    "review_decision_noteworthy",
    decision.c.time,
    decision.c.position,
    sqlite_where=noteworthy(decision),
    postgresql_where=noteworthy(decision),
)

decision_entity = Table(
    "review_decision_entity",
    metadata,
    Column("entity_type", String(64), primary_key=True),
    Column("time", String(24), primary_key=True),
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which kinds of values each decision is about."""

decision_class = Table(
    "review_decision_class",
    metadata,
    Column("data_class", String(32), primary_key=True),
    Column("time", String(24), primary_key=True),
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which classes of data each decision is about."""

decision_group = Table(
    "review_decision_group",
    metadata,
    Column("group_name", String(128), primary_key=True),
    Column("time", String(24), primary_key=True),
    Column("position", _POSITION, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which groups' policy each decision was under."""

hour_count = Table(
    "review_hour_count",
    metadata,
    Column("hour", String(13), primary_key=True),
    Column("destination", String(64), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("inspection", String(32), primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Decisions by hour, `2026-03-01T09` (UTC)."""

hour_class_count = Table(
    "review_hour_class_count",
    metadata,
    Column("hour", String(13), primary_key=True),
    Column("data_class", String(32), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Decisions by hour with at least one finding of a data class."""

day_count = Table(
    "review_day_count",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("destination", String(64), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("inspection", String(32), primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""The same by day, `2026-03-01` (UTC): a month is the sum of few rows."""

day_class_count = Table(
    "review_day_class_count",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("data_class", String(32), primary_key=True),
    Column("action", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Decisions by day with at least one finding of a data class."""

term = Table(
    "review_term",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("name", String(128), primary_key=True),
    sqlite_with_rowid=False,
)
"""The services, rules, groups, entity types and classes that decisions name: what filters offer."""

verdict = Table(
    "review_verdict",
    metadata,
    Column("decision_id", String(32), primary_key=True),
    Column("account", String(32), primary_key=True),
    Column("right", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("time", String(24), nullable=False),
)
"""Whether a reviewer holds that what was found is what it was taken for. The last word of each reviewer counts."""

account = Table(
    "review_account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("totp", LargeBinary),
    Column("totp_step", BigInteger, nullable=False),
    Column("roles", Text, nullable=False),
    Column("created", String(24), nullable=False),
    Column("disabled", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
)
"""Who may sign in. `password` is an Argon2id hash in PHC form, empty until a link was used; `totp` is encrypted."""

session = Table(
    "review_session",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("started", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
)
"""Who is signed in: SHA-256 of the cookie, times in seconds since 1970."""

link = Table(
    "review_link",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", String(32), nullable=False),
    Column("expires", BigInteger, nullable=False),
)
"""Links that can be used once to choose a password: SHA-256 of each. `account` is empty for that of the first one."""

ledger = Table(
    "review_ledger",
    metadata,
    Column("sequence", _POSITION, primary_key=True, autoincrement=False),
    Column("time", String(24), nullable=False),
    Column("account", String(32), nullable=False, index=True),
    Column("act", String(32), nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""Who looked at what, and did what: a chain as that of the record (`audit.chain`). `event` is canonical JSON."""

ledger_gap = Table(
    "review_ledger_gap",
    metadata,
    Column("first", _POSITION, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""Which entries of the ledger have expired, from the first to the last of each run: the hash of the last one, which the
next entry continues, sealed with the ledger's key."""

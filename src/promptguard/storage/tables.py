"""The tables of the record and the vault: the same in every kind of database, in types that all of them have.

A change here comes with a migration (`migrations/versions`); a test compares what the two make.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    literal_column,
    not_,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the database itself, such as what its vault's key is checked against."""

audit_record = Table(
    "audit_record",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chain", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", String(32), nullable=False, index=True),
    Column("time", String(24), nullable=False),
    Column("action", String(16), nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Index("audit_record_chain", "chain", "sequence", unique=True),
)
"""One decision a row. `event_id`, `time` and `action` repeat what stands in `event`, for queries.

`position` counts all records in the order in which they were committed, `sequence` those of a chain.
"""

# Spelled out in every statement, so that a database sees that the index serves it.
IS_STATEMENT: ColumnElement[bool] = audit_record.c.action.in_(
    [literal_column(f"'{kind}'") for kind in ("expired", "held", "released", "restored")]
)
"""Whether a row is no decision, but a statement (`audit.statements`)."""

IS_DECISION: ColumnElement[bool] = not_(IS_STATEMENT) & (audit_record.c.action != literal_column("'found_later'"))
"""Whether a row is a decision: no statement, and not what was found later (`audit.found_later`)."""

Index("audit_record_statement", audit_record.c.position, sqlite_where=IS_STATEMENT, postgresql_where=IS_STATEMENT)

audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", String(64), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""Where each chain of records ends. Each process writes a chain of its own."""

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("chain", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("time", String(24), nullable=False),
    Column("heads", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)
"""What each writer last saw of the ends of all chains, signed, where several installations share the database."""

vault_entry = Table(
    "vault_entry",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("placeholder", String(128), primary_key=True),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("data_class", String(32)),
    Index("vault_entry_expires", "expires"),
)
"""Encrypted originals. `scope` is a keyed hash, `expires` in seconds since 1970. Those of schema 1 have no class."""

vault_scope = Table(
    "vault_scope",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("revision", BigInteger, nullable=False),
)
"""A number for each scope with originals, which grows when one is added: what was read before is old then."""

vault_mark = Table(
    "vault_mark",
    metadata,
    Column("scope", LargeBinary(16), primary_key=True),
    Column("mark", String(16), primary_key=True),
    Column("hash", String(128), primary_key=True),
    Column("expires", BigInteger, nullable=False),
    Index("vault_mark_expires", "expires"),
    sqlite_with_rowid=False,
)
"""Values and texts that are marked in a scope (`model.Mark`), as their keyed hashes."""

evidence = Table(
    "evidence",
    metadata,
    Column("event_id", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Index("evidence_expires", "expires"),
)
"""What was found in a decision's request, sealed to the company's public key (`evidence.sealing`): no key that stands
here or on the server opens it. `expires` is in seconds since 1970."""

sighting = Table(
    "sighting",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("sign", String(16), primary_key=True),
    Column("host", String(253), primary_key=True),
    Column("shape_id", String(16), primary_key=True),
    Column("destination", String(64), nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("outline", Text, nullable=False),
)
"""What was seen on a day and is not known (`destinations.sightings`). `shape_id` names the outline; it is empty without
one."""

policy_version = Table(
    "policy_version",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("policy_hash", String(64), nullable=False),
    Column("policy_name", String(100), nullable=False),
    Column("first_seen", String(24), nullable=False),
    Column("last_seen", String(24), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("policy_version_policy", "policy_hash", "first_seen"),
)
"""The configurations that decided (`policy.versions`). `sealed` are their files, compressed and encrypted: they may
name people, and what a company looks for."""

policy_ruleset = Table(
    "policy_ruleset",
    metadata,
    Column("ruleset_version", String(64), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("first_seen", String(24), nullable=False),
)
"""Which detection went with which configuration: a decision names its policy and its detection."""

policy_run = Table(
    "policy_run",
    metadata,
    Column("process", String(64), primary_key=True),
    Column("machine", String(253), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("since", String(24), nullable=False),
    Column("seen", String(24), nullable=False),
)
"""Which configuration each proxy runs, since when, and when it last said so."""

configuration_publication = Table(
    "configuration_publication",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    Column("time", String(24), nullable=False),
    Column("author", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("restores", BigInteger, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Configurations that were signed and published (`policy.publications`). `sealed` are their files, compressed and
encrypted."""

configuration_run = Table(
    "configuration_run",
    metadata,
    Column("process", String(64), primary_key=True),
    Column("machine", String(253), nullable=False),
    Column("taken", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("seen", String(24), nullable=False),
)
"""Which published configuration each process has taken up, and which it has refused."""

allowance = Table(
    "allowance",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("entity_type", String(64), nullable=False),
    Column("data_class", String(32), nullable=False),
    Column("decision_id", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_name", String(64), nullable=False),
    Column("asked", String(24), nullable=False),
    Column("decided_by", String(32), nullable=False),
    Column("decided_name", String(64), nullable=False),
    Column("decided", String(24), nullable=False),
    Column("expires", String(24), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Index("allowance_state", "state", "expires"),
)
"""Values that reviewers hold to be false alarms, as keyed hashes (`detectors.false_alarms`). `mac` seals each row."""

governance_order = Table(
    "governance_order",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("scope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_name", String(64), nullable=False),
    Column("asked", String(24), nullable=False),
    Column("approvals", Text, nullable=False),
    Column("expires", String(24), nullable=False),
    Column("ended_by", String(32), nullable=False),
    Column("ended_name", String(64), nullable=False),
    Column("ended", String(24), nullable=False),
    Column("end_reason", Text, nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""What people order beside the policy (`policy.orders`). `scope` and `approvals` are JSON; `mac` seals each row."""

justification = Table(
    "justification",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("decision_id", String(32), nullable=False, index=True),
    Column("scope", String(64), nullable=False, index=True),
    Column("destination", String(64), nullable=False),
    Column("held", Text, nullable=False),
    Column("time", String(24), nullable=False),
    Column("code", String(64), nullable=False),
    Column("code_expires", String(24), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("given", String(24), nullable=False),
    Column("until", String(24), nullable=False),
    Column("grant_scope", String(16), nullable=False),
    Column("reason_id", String(40), nullable=False),
    Column("reason", LargeBinary, nullable=False),
    Column("given_by", String(16), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
)
"""Requests that were held for a reason, and the reasons (`policy.justifications`). `scope` and `code` are keyed hashes,
`text` and `reason` encrypted, `held` is JSON; `mac` seals each row."""

acknowledgement = Table(
    "acknowledgement",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("pseudonym", String(32), nullable=False, index=True),
    Column("identity_class", String(16), nullable=False),
    Column("document", String(40), nullable=False),
    Column("version", String(40), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("time", String(24), nullable=False),
    Column("decision_id", String(32), nullable=False),
    Column("client", String(64), nullable=False),
    Column("mac", LargeBinary(32), nullable=False),
    Column("reminded", String(10), nullable=False, server_default=""),
)
"""Who has acknowledged which document (`policy.acknowledgements`). `mac` seals each row but for its `reminded`, the day
on which the person was last told that it lapses."""

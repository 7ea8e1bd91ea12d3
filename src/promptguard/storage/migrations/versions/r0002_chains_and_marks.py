"""A chain for each process that records, marks of several kinds, data classes of originals, revisions of scopes.

What was recorded so far is chain 1, whose seals are made as they were before there were several. Blocked fingerprints
become marks. The version moves from the table `meta` to Alembic's own; an older PromptGuard refuses the database.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _audit_record()
    _audit_head()
    _vault()
    op.execute("DELETE FROM meta WHERE name = 'schema_version'")


def _audit_record() -> None:
    op.create_table(
        "audit_record_2",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("time", sa.String(24), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
    op.execute(
        "INSERT INTO audit_record_2"
        " (position, chain, sequence, event_id, time, action, event, previous_hash, hash, mac)"
        " SELECT sequence, '1', sequence, event_id, time, action, event, previous_hash, hash, mac"
        " FROM audit_record ORDER BY sequence"
    )
    op.drop_table("audit_record")
    op.rename_table("audit_record_2", "audit_record")
    op.create_index("ix_audit_record_event_id", "audit_record", ["event_id"])
    op.create_index("audit_record_chain", "audit_record", ["chain", "sequence"], unique=True)


def _audit_head() -> None:
    op.create_table(
        "audit_head_2",
        sa.Column("chain", sa.String(64), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
    op.execute(
        "INSERT INTO audit_head_2 (chain, sequence, hash, mac)"
        " SELECT '1', sequence, hash, mac FROM audit_head WHERE id = 1"
    )
    op.drop_table("audit_head")
    op.rename_table("audit_head_2", "audit_head")


def _vault() -> None:
    op.add_column("vault_entry", sa.Column("data_class", sa.String(32)))
    op.create_table(
        "vault_scope",
        sa.Column("scope", sa.LargeBinary(16), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "vault_mark",
        sa.Column("scope", sa.LargeBinary(16), primary_key=True),
        sa.Column("mark", sa.String(16), primary_key=True),
        sa.Column("hash", sa.String(128), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Index("vault_mark_expires", "expires"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO vault_mark (scope, mark, hash, expires)"
        " SELECT scope, 'blocked', fingerprint, expires FROM blocked_fingerprint"
    )
    op.drop_table("blocked_fingerprint")

"""The record as one chain, and the vault with blocked fingerprints: what PromptGuard made before it had migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meta", sa.Column("name", sa.String(64), primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.bulk_insert(sa.table("meta", sa.column("name"), sa.column("value")), [{"name": "schema_version", "value": "1"}])
    op.create_table(
        "audit_record",
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("event_id", sa.String(32), nullable=False, index=True),
        sa.Column("time", sa.String(24), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "vault_entry",
        sa.Column("scope", sa.LargeBinary(16), primary_key=True),
        sa.Column("placeholder", sa.String(128), primary_key=True),
        sa.Column("nonce", sa.LargeBinary(12), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Index("vault_entry_expires", "expires"),
    )
    op.create_table(
        "blocked_fingerprint",
        sa.Column("scope", sa.LargeBinary(16), primary_key=True),
        sa.Column("fingerprint", sa.String(128), primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Index("blocked_fingerprint_expires", "expires"),
    )

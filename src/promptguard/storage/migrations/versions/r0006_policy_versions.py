"""Tables for the configurations that decided, which proxies run them, and for values held to be false alarms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "policy_version",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("policy_hash", sa.String(64), nullable=False),
        sa.Column("policy_name", sa.String(100), nullable=False),
        sa.Column("first_seen", sa.String(24), nullable=False),
        sa.Column("last_seen", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("policy_version_policy", "policy_version", ["policy_hash", "first_seen"])
    op.create_table(
        "policy_ruleset",
        sa.Column("ruleset_version", sa.String(64), primary_key=True),
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("first_seen", sa.String(24), nullable=False),
    )
    op.create_table(
        "policy_run",
        sa.Column("process", sa.String(64), primary_key=True),
        sa.Column("machine", sa.String(253), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("since", sa.String(24), nullable=False),
        sa.Column("seen", sa.String(24), nullable=False),
    )
    op.create_table(
        "allowance",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("entity_type", sa.String(64), nullable=False),
        sa.Column("data_class", sa.String(32), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_name", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(24), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=False),
        sa.Column("decided_name", sa.String(64), nullable=False),
        sa.Column("decided", sa.String(24), nullable=False),
        sa.Column("expires", sa.String(24), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("allowance_state", "allowance", ["state", "expires"])

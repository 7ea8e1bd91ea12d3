"""A table for what people order beside the policy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "governance_order",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_name", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(24), nullable=False),
        sa.Column("approvals", sa.Text, nullable=False),
        sa.Column("expires", sa.String(24), nullable=False),
        sa.Column("ended_by", sa.String(32), nullable=False),
        sa.Column("ended_name", sa.String(64), nullable=False),
        sa.Column("ended", sa.String(24), nullable=False),
        sa.Column("end_reason", sa.Text, nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )

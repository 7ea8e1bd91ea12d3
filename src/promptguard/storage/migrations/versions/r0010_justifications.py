"""A table for requests that were held for a reason, and for the reasons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "justification",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("decision_id", sa.String(32), nullable=False, index=True),
        sa.Column("scope", sa.String(64), nullable=False, index=True),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("held", sa.Text, nullable=False),
        sa.Column("time", sa.String(24), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("code_expires", sa.String(24), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("given", sa.String(24), nullable=False),
        sa.Column("until", sa.String(24), nullable=False),
        sa.Column("grant_scope", sa.String(16), nullable=False),
        sa.Column("reason_id", sa.String(40), nullable=False),
        sa.Column("reason", sa.LargeBinary, nullable=False),
        sa.Column("given_by", sa.String(16), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )

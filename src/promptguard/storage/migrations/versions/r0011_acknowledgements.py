"""A table for who has acknowledged which document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("pseudonym", sa.String(32), nullable=False, index=True),
        sa.Column("identity_class", sa.String(16), nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("time", sa.String(24), nullable=False),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
    )

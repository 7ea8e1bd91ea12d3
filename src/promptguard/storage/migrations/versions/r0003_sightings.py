"""A table for what was seen and is not known: AI services that nobody listed, shapes that no format describes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("sign", sa.String(16), primary_key=True),
        sa.Column("host", sa.String(253), primary_key=True),
        sa.Column("shape_id", sa.String(16), primary_key=True),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("outline", sa.Text, nullable=False),
    )

"""Requests to lift holds, what has expired of the ledger, and when reports were settled.

A database that began with the tables of today has them already, and so may one of version 3.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    if not inspector.has_table("review_hold_lifting"):
        _make_hold_lifting()
    if not inspector.has_table("review_ledger_gap"):
        op.create_table(
            "review_ledger_gap",
            sa.Column(
                "first", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
            ),
            sa.Column("last", sa.BigInteger, nullable=False),
            sa.Column("hash", sa.LargeBinary(32), nullable=False),
            sa.Column("mac", sa.LargeBinary(32), nullable=False),
        )
    if "settled" not in {column["name"] for column in inspector.get_columns("review_staff_report")}:
        op.add_column("review_staff_report", sa.Column("settled", sa.String(24), nullable=False, server_default=""))
        # When they were is not known: not before they were told.
        op.execute("UPDATE review_staff_report SET settled = time WHERE outcome != ''")


def _make_hold_lifting() -> None:
    op.create_table(
        "review_hold_lifting",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("hold", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_name", sa.String(64), nullable=False),
        sa.Column("asked", sa.String(24), nullable=False),
        sa.Column("answered_name", sa.String(64), nullable=False),
        sa.Column("answered", sa.String(24), nullable=False),
        sa.Column("lifted", sa.String(8), nullable=False),
    )
    op.create_index("review_hold_lifting_hold", "review_hold_lifting", ["hold", "asked"])

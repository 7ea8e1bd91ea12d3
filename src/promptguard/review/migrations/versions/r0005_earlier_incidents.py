"""What incidents came to, and requests to see earlier ones of the same person.

What was closed before has no conclusion, and so is never shown as an earlier one. A database that began with the tables
of today has both already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    if "conclusion" not in {column["name"] for column in inspector.get_columns("review_incident")}:
        op.add_column("review_incident", sa.Column("conclusion", sa.String(16), nullable=False, server_default=""))
    if inspector.has_table("review_earlier_request"):
        return
    op.create_table(
        "review_earlier_request",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("incident", sa.String(32), nullable=False, index=True),
        sa.Column("decision_id", sa.String(32), nullable=False),
        sa.Column("requester", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("lapses", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sa.Column("approver", sa.String(32), nullable=False),
        sa.Column("answered", sa.BigInteger, nullable=False),
        sa.Column("granted", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
    )

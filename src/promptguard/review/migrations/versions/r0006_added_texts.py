"""The text with placeholders that somebody adds to a question to security.

A database that began with the tables of today has its place already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("review_staff_report")}
    if "added" not in columns:
        op.add_column("review_staff_report", sa.Column("added", sa.LargeBinary))

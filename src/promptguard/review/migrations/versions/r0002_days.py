"""Counts by day beside those by hour, from which they are made, and further indexes of decisions.

A database that began with the tables of today has them already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NOTEWORTHY = sa.text("found > 0 OR inspection != 'inspected'")


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("review_day_count"):
        return
    op.create_table(
        "review_day_count",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("destination", sa.String(64), primary_key=True),
        sa.Column("action", sa.String(16), primary_key=True),
        sa.Column("inspection", sa.String(32), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_day_class_count",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("data_class", sa.String(32), primary_key=True),
        sa.Column("action", sa.String(16), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO review_day_count (day, destination, action, inspection, count)"
        " SELECT substr(hour, 1, 10), destination, action, inspection, sum(count) FROM review_hour_count"
        " GROUP BY 1, 2, 3, 4"
    )
    op.execute(
        "INSERT INTO review_day_class_count (day, data_class, action, count)"
        " SELECT substr(hour, 1, 10), data_class, action, sum(count) FROM review_hour_class_count GROUP BY 1, 2, 3"
    )
    op.create_index(
        "review_decision_noteworthy",
        "review_decision",
        ["time", "position"],
        sqlite_where=_NOTEWORTHY,
        postgresql_where=_NOTEWORTHY,
    )
    for column in ("destination", "rule"):
        op.create_index(f"review_decision_{column}_action", "review_decision", [column, "action", "time", "position"])

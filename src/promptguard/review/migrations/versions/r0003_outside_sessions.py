"""Sessions that a company's sign-on can end. A database that began with the tables of today has the table already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("review_outside_session"):
        return
    op.create_table(
        "review_outside_session",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column("sid", sa.LargeBinary(32), nullable=False, index=True),
    )

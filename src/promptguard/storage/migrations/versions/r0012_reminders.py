"""The day on which somebody was reminded that an acknowledgement lapses: no more than once a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("acknowledgement", sa.Column("reminded", sa.String(10), nullable=False, server_default=""))

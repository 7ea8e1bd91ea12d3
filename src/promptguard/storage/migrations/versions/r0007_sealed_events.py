"""Events are sealed from here on, and statements stand in the chains beside decisions, found by an index of their own.

What was recorded so far stays as it is. An older PromptGuard, which can open no sealed event, refuses the database.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_STATEMENT = sa.text("action IN ('expired', 'held', 'released', 'restored')")


def upgrade() -> None:
    op.create_index(
        "audit_record_statement",
        "audit_record",
        ["position"],
        sqlite_where=_STATEMENT,
        postgresql_where=_STATEMENT,
    )

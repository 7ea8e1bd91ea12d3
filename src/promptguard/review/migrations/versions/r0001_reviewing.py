"""All tables of reviewing. Once a release has them, they stand here as they were then, and changes in further files."""

from __future__ import annotations

from alembic import op

from promptguard.review.schema import REVIEW

revision = "0001"
down_revision = None


def upgrade() -> None:
    REVIEW.metadata.create_all(op.get_bind())

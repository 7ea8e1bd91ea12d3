"""The table of the filters that reviewers keep for themselves."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from promptguard.review.tables import metadata

saved_filter = Table(
    "review_saved_filter",
    metadata,
    Column("account", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("query", String(1000), nullable=False),
)
"""What a list of decisions was filtered by, as the query of its address, by account and the name that it was given."""

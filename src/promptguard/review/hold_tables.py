"""The table of requests to lift a legal hold. The holds themselves stand in the record (`audit.retention.holds`)."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from promptguard.review.tables import metadata

hold_lifting = Table(
    "review_hold_lifting",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("hold", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_name", String(64), nullable=False),
    Column("asked", String(24), nullable=False),
    Column("answered_name", String(64), nullable=False),
    Column("answered", String(24), nullable=False),
    Column("lifted", String(8), nullable=False),
    Index("review_hold_lifting_hold", "hold", "asked"),
)
"""`asked_by` is the id of an account; `answered` is empty while a request waits, `lifted` then says `yes` or `no`."""

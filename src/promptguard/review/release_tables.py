"""The table of requests to release evidence: who asked for which decision's, why, and what somebody else answered."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from promptguard.review.tables import metadata

release = Table(
    "review_release",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("decision_id", String(32), nullable=False, index=True),
    Column("requester", String(32), nullable=False),
    Column("cause", String(32), nullable=False),
    Column("remark", Text, nullable=False),
    Column("reference", String(100), nullable=False),
    Column("asked", BigInteger, nullable=False, index=True),
    Column("lapses", BigInteger, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("approver", String(32), nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("granted", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
)
"""Times are in seconds since 1970, 0 for not yet; `requester` and `approver` are ids of accounts. The evidence itself
stands elsewhere, sealed."""

"""The table of requests to see earlier incidents: who asked in which incident, why, and what somebody else answered.

What is seen then is kept nowhere: it is looked up in the record while somebody looks.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from promptguard.review.tables import metadata

earlier_request = Table(
    "review_earlier_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("incident", String(32), nullable=False, index=True),
    Column("decision_id", String(32), nullable=False),
    Column("requester", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("lapses", BigInteger, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("approver", String(32), nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("granted", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("ends", BigInteger, nullable=False),
)
"""Times are in seconds since 1970, 0 for not yet; `requester` and `approver` are ids of accounts. `decision_id` is one
of the incident's decisions: earlier incidents of whoever made that request are asked for."""

"""The tables of what staff see of their requests, and tell of them.

They hold no value, no prompt and no person: a link belongs to a decision, and a report to a decision and a link. What
is `sealed` (the text with placeholders, the names of files) is encrypted with a key that stands in the link alone, so
that nothing here opens it. What people write of their own, and their text with placeholders where they add it to a
question, is searched first, and what is found in it is masked.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from promptguard.review.tables import metadata

staff_link = Table(
    "review_staff_link",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("decision_id", String(32), nullable=False),
    Column("made", BigInteger, nullable=False, index=True),
    Column("expires", BigInteger, nullable=False, index=True),
    Column("cookie", LargeBinary(32)),
    Column("sealed", LargeBinary),
)
"""Links in notices: SHA-256 of each, and of the cookie of the browser that opened it; times in seconds since 1970."""

staff_report = Table(
    "review_staff_report",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("decision_id", String(32), nullable=False, index=True),
    Column("token", LargeBinary(32), index=True),
    Column("kind", String(32), nullable=False),
    Column("remark", Text, nullable=False),
    Column("signed", String(64), nullable=False),
    Column("time", String(24), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("incident", String(32), nullable=False),
    Column("settled", String(24), nullable=False),
    Column("added", LargeBinary),
    Index("review_staff_report_outcome", "outcome", "time", "id"),
)
"""What staff tell: `signed` as they want to be called, empty if not; `outcome`, and `settled`, when it was, are empty
while it is open. `added`, their text with placeholders, is encrypted, and bound to the report's id."""

staff_answer = Table(
    "review_staff_answer",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("report", String(16), nullable=False, index=True),
    Column("account", String(32), nullable=False),
    Column("remark", Text, nullable=False),
    Column("time", String(24), nullable=False),
)
"""What security answers."""
